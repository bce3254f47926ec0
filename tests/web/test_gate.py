"""The gate: every way in without right that we could think of, against a real server."""

import hashlib
import http.client
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from crmplus.domain.actor import Role
from crmplus.domain.person import PersonDraft
from crmplus.domain.sight import EVERYTHING, Reach
from crmplus.services.customers import CustomerQuery, list_customers
from crmplus.services.passwords import set_password
from crmplus.services.people import change_person, list_people
from crmplus.services.setup import default_workspace
from crmplus.services.users import set_up_admin
from crmplus.services.workspace import change_workspace, find_workspace
from crmplus.store.database import Database
from crmplus.web.asked import SESSION_COOKIE
from crmplus.web.gate import OPEN
from tests.browser.driver import ROOT, serve
from tests.small_world import make_small_world
from tests.world import ADMIN, NOW, customer_with_lead, person

PASSWORD = "correct horse battery"
ADA, ANN = "ada@example.com", "ann@example.com"
PAGE = {"Accept": "text/html,*/*"}
MARK = "Zebrafish"
EVE = {"name": "Eve", "initials": "EV", "email": "eve@example.com", "password": PASSWORD}
"""What the first administrator fills in."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def cookie(self) -> str:
        """The session's token that it sets, or nothing."""
        first = self.headers.get("set-cookie", "").partition(";")[0]
        return first.removeprefix(f"{SESSION_COOKIE}=") if first.startswith(SESSION_COOKIE) else ""


@dataclass(frozen=True)
class Server:
    address: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def ask(
        self,
        path: str,
        method: str = "GET",
        form: dict[str, str] | None = None,
        token: str = "",
        body: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """One request, sent as it stands; underscores in names of headers are hyphens."""
        connection = http.client.HTTPConnection(self.host, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Cookie"] = f"{SESSION_COOKIE}={token}"
        if form is not None:
            body = urlencode(form).encode()
            sent = {"Origin": self.address, "Content-Type": "application/x-www-form-urlencoded"} | sent
        connection.request(method, path, body, sent)
        found = connection.getresponse()
        text = found.read().decode("utf-8", "replace")
        connection.close()
        return Answer(found.status, {k.lower(): v for k, v in found.getheaders()}, text)

    def sign_in(self, email: str, password: str = PASSWORD, **headers: str) -> Answer:
        return self.ask("/sign-in", "POST", {"email": email, "password": password}, **headers)

    def socket(
        self, token: str = "", origin: str | None = None, page: str = "", **headers: str
    ) -> ClientConnection:
        """A socket of a new page, or of the one of this name, as a browser takes one up again."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Cookie"] = f"{SESSION_COOKIE}={token}"
        return connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self.address if origin is None else origin or None,  # type: ignore[arg-type]
            additional_headers=sent,
            subprotocols=["streamlit", "x", page] if page else ["streamlit"],  # type: ignore[list-item]
            max_size=None,
            proxy=None,
        )


def make_world(path: Path, starter: Path) -> None:
    """Ada administers, Ann is a rep who sees her own, and Bob's customer is full of marks."""
    shutil.copy(starter, path)
    make_small_world(path)
    database = Database.open(path)
    set_up_admin(database, PersonDraft("Ada", "AD", Role.ADMIN, ADA), PASSWORD, NOW)
    ann = next(each for each in list_people(database, ADMIN) if each.name == "Ann")
    change_person(database, ADMIN, ann.id, ann.version, PersonDraft("Ann", "AN", Role.REP, ANN), NOW)
    with database.transaction(EVERYTHING) as connection:
        set_password(connection, ann.id, PASSWORD, NOW)
    workspace = find_workspace(database)
    assert workspace
    draft = default_workspace("en", "Europe/Amsterdam")
    change_workspace(database, ADMIN, workspace.version, replace(draft, rep_sees=Reach.OWN), NOW)
    customer_with_lead(database, f"{MARK} Ltd", owner_id=person(database, "Bob", "BO").id, city=MARK)
    assert list_customers(database, ADMIN, CustomerQuery(search=MARK), 1)[0][0].number == "C-00007"
    database.close()


@pytest.fixture(scope="module")
def server(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("gate") / "gate.duckdb"
    make_world(path, starter_file)
    with serve(path) as address:
        yield Server(address)


@pytest.fixture(scope="module")
def ada(server: Server) -> str:
    return server.sign_in(ADA).cookie


@pytest.fixture(scope="module")
def ann(server: Server) -> str:
    return server.sign_in(ANN).cookie


def drawn(socket: ClientConnection, page: str, query: str = "") -> bytes:
    """All that the server sends while it draws a page."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = query
    socket.send(message.SerializeToString())
    sent = b""
    while True:
        part = socket.recv(timeout=20)
        assert isinstance(part, bytes)
        sent += part
        answer = ForwardMsg.FromString(part)
        if answer.WhichOneof("type") == "script_finished" and (
            answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        ):
            return sent


# Without a session


def routes_of_the_application() -> list[str]:
    """Each path that the program answers, Streamlit's own among them, asked of its router."""
    code = (
        "import app\n"
        "for route in app.app._build_starlette_app().routes:\n"
        "    print('ROUTE', getattr(route, 'path', ''))\n"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [line.split(" ", 1)[1] for line in found.stdout.splitlines() if line.startswith("ROUTE ")]
    return [path for path in paths if path]


def test_no_route_of_the_application_answers_without_a_session(server: Server) -> None:
    paths = routes_of_the_application()
    assert len(paths) > 10
    assert any("_stcore/upload_file" in path for path in paths)
    for path in paths:
        concrete = path.replace("{path:path}", "x").replace("{", "").replace("}", "")
        if concrete in OPEN:
            continue
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            found = server.ask(concrete, method)
            assert found.status == 401, (method, concrete)
            assert found.text in ("Sign in first.", "")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/customers",
        "/customer?customer=C-00007",
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/stream",
        "/_stcore/upload_file/x/y",
        "/media/0123456789abcdef.csv",
        "/static/js/index.js",
        "/component/x/index.html",
        "/oauth2callback",
        "/auth/login",
        "/sign-in/",
        "/sign-in/..",
        "/sign-in/../customers",
        "/sign-in%2f..%2fcustomers",
        "/sign-in;x",
        "//sign-in",
        "/./sign-in",
        "/SIGN-IN",
        "/healthz/",
        "/healthz/../_stcore/host-config",
        "/door.css/../media/x",
        "/door.css%00",
    ],
)
def test_nothing_answers_by_a_trick_in_the_path(server: Server, path: str) -> None:
    for headers in ({}, PAGE):
        found = server.ask(path, **headers)
        assert found.status in (303, 400, 401), path
        assert MARK not in found.text
        assert "<script" not in found.text


@pytest.mark.parametrize(
    "token",
    ["x", "0" * 43, "null", "' OR 1=1 --", "é", "a" * 5000, "%00", "../../etc/passwd"],
)
def test_a_made_up_token_is_none(server: Server, token: str) -> None:
    assert server.ask("/customers", token=token.encode().decode("latin-1")).status == 401


def test_what_is_kept_of_a_token_is_no_token(server: Server, ada: str) -> None:
    assert server.ask("/", token=ada).status == 200
    assert server.ask("/", token=hashlib.sha256(ada.encode()).hexdigest()).status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_For": "127.0.0.1"},
        {"X_Forwarded_Email": ADA},
        {"X_Crmplus_Secret": "", "X_Forwarded_Email": ADA},
        {"X_Crmplus_Secret": "x", "X_Forwarded_Email": ADA},
        {"Authorization": "Basic YWRhOmFkYQ=="},
        {"X_Original_Url": "/healthz"},
        {"X_Rewrite_Url": "/healthz"},
        {"Cookie": "_streamlit_user=x; crmplus_session"},
        {"Cookie": f"{SESSION_COOKIE}=; {SESSION_COOKIE}=x"},
    ],
)
def test_no_header_lets_anybody_in(server: Server, headers: dict[str, str]) -> None:
    assert server.ask("/customers", **headers).status == 401
    with pytest.raises(InvalidStatus) as refused:
        server.socket(**headers)
    assert refused.value.response.status_code == 403


def test_a_person_is_led_to_the_door_and_back_to_where_they_wanted(server: Server) -> None:
    found = server.ask("/customer?customer=C-00001", **PAGE)
    assert found.status == 303
    assert found.headers["location"] == "/sign-in?next=%2Fcustomer%3Fcustomer%3DC-00001"
    form = {"email": ADA, "password": PASSWORD, "next": "/customer?customer=C-00001"}
    assert server.ask("/sign-in", "POST", form).headers["location"] == "/customer?customer=C-00001"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nSet-Cookie: x=y",
        "evil.example",
        "",
    ],
)
def test_the_door_sends_nobody_elsewhere(server: Server, wanted: str) -> None:
    found = server.ask("/sign-in", "POST", {"email": ADA, "password": PASSWORD, "next": wanted})
    assert (found.status, found.headers["location"]) == (303, "/")
    assert "x=y" not in found.headers["set-cookie"]


# Hosts and headers


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "a b", "[::1", "127.0.0.1@evil", "x:y"]
)
def test_a_name_that_is_not_ours_is_refused(server: Server, ada: str, host: str) -> None:
    assert server.ask("/", token=ada, Host=host).status == 400


@pytest.mark.parametrize("path", ["/", "/sign-in", "/healthz", "/nothing"])
def test_every_answer_says_what_a_browser_may_do_with_it(server: Server, ada: str, path: str) -> None:
    headers = server.ask(path, token=ada).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


def test_the_pages_of_the_door_may_run_no_script(server: Server) -> None:
    found = server.ask("/sign-in")
    assert "script-src" not in found.headers["content-security-policy"]
    assert "default-src 'none'" in found.headers["content-security-policy"]
    assert found.headers["cache-control"] == "no-store"


# Signing in


def test_the_cookie_is_for_the_server_alone(server: Server) -> None:
    cookie = server.sign_in(ADA).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(server: Server) -> None:
    wrong = server.sign_in(ANN, "wrong horse battery")
    unknown = server.sign_in("nobody@example.com", "wrong horse battery")
    assert wrong.status == unknown.status == 401
    assert wrong.text.replace(ANN, "") == unknown.text.replace("nobody@example.com", "")
    assert not wrong.cookie
    assert not unknown.cookie


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil"]
)
@pytest.mark.parametrize("path", ["/sign-in", "/set-up", "/invitation"])
def test_a_form_of_another_site_is_refused(server: Server, origin: str, path: str) -> None:
    found = server.ask(path, "POST", {"email": ADA, "password": PASSWORD}, Origin=origin)
    assert found.status in (303, 403)
    assert not found.cookie


def test_a_form_without_a_sender_is_refused(server: Server) -> None:
    body = urlencode({"email": ADA, "password": PASSWORD}).encode()
    assert server.ask("/sign-in", "POST", body=body).status == 403
    assert server.ask("/sign-in", "POST", body=body, Sec_Fetch_Site="cross-site").status == 403
    assert server.ask("/sign-in", "POST", body=body, Sec_Fetch_Site="same-origin").cookie


@pytest.mark.parametrize("body", [b"\xff\xfe", b"&" * 5000, b"a=" * 4000, b"email=" + b"x" * 9000])
def test_rubbish_in_a_form_is_answered_calmly(server: Server, body: bytes) -> None:
    assert server.ask("/sign-in", "POST", body=body, Origin=server.address).status in (400, 401)


def test_a_form_of_a_megabyte_is_refused(server: Server) -> None:
    assert server.ask("/sign-in", "POST", body=b"a" * 1_000_000, Origin=server.address).status == 413


def test_a_token_that_was_planted_becomes_no_session(server: Server) -> None:
    planted = "planted-by-somebody"
    found = server.ask(
        "/sign-in", "POST", {"email": ADA, "password": PASSWORD}, Cookie=f"{SESSION_COOKIE}={planted}"
    )
    assert found.cookie not in ("", planted)
    assert server.ask("/customers", token=planted).status == 401


def test_text_that_was_typed_comes_back_as_text(server: Server) -> None:
    found = server.sign_in('"><script>alert(1)</script>@x.nl', "wrong horse battery")
    assert "<script" not in found.text


# WebSockets


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1", "null", ""])
def test_a_page_of_another_site_opens_no_socket(server: Server, ada: str, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        server.socket(ada, origin=origin)
    assert refused.value.response.status_code == 403


def test_a_socket_without_a_session_is_refused_before_it_opens(server: Server) -> None:
    with pytest.raises(InvalidStatus) as refused:
        server.socket()
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("customers", ""),
        ("customer", "customer=C-00007"),
        ("leads", ""),
        ("leads", "view=list&owner=all"),
        ("leads", "owner=all&text=Zebra"),
        ("funnel", ""),
        ("owners", ""),
        ("people", ""),
        ("import_data", ""),
        ("backup", ""),
    ],
)
def test_what_a_rep_may_not_see_does_not_come_over_the_socket(
    server: Server, ada: str, ann: str, page: str, query: str
) -> None:
    with server.socket(ann) as socket:
        assert MARK.encode() not in drawn(socket, page, query)
    if page in ("customers", "customer", "leads"):
        with server.socket(ada) as socket:
            assert MARK.encode() in drawn(socket, page, query)


def page_of(socket: ClientConnection) -> str:
    """What Streamlit calls the page that a socket is of."""
    socket.send(BackMsg(rerun_script={"page_name": "customers"}).SerializeToString())
    found = ""
    while True:
        answer = ForwardMsg.FromString(bytes(socket.recv(timeout=20)))  # type: ignore[arg-type]
        if answer.WhichOneof("type") == "new_session":
            found = answer.new_session.initialize.session_id
        if answer.WhichOneof("type") == "script_finished":
            return found


def test_an_open_page_is_taken_up_by_its_own_session_only(server: Server, ada: str, ann: str) -> None:
    with server.socket(ada) as socket:
        page = page_of(socket)
        for headers in ({}, {"X_Crmplus_Session": "junk"}):
            with server.socket(ann, page=page, **headers) as other:
                assert page_of(other) != page
        assert page_of(socket) == page  # undisturbed
    with server.socket(ann, page=page) as other:
        assert page_of(other) != page
    with server.socket(ada, page=page) as again:
        assert page_of(again) == page
    newly = server.sign_in(ADA).cookie
    with server.socket(newly, page=page) as other:
        assert page_of(other) != page


def test_a_socket_that_says_something_else_than_pages_do_is_closed(server: Server, ann: str) -> None:
    with server.socket(ann) as socket:
        socket.send("text")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)
        assert socket.close_code == 1008


def test_only_those_who_may_import_send_files(server: Server, ada: str, ann: str) -> None:
    refused = server.ask(
        "/_stcore/upload_file/x/y", "PUT", token=ann, body=b"x" * 1000, Origin=server.address
    )
    assert (refused.status, refused.text) == (403, "This is not for your role.")
    asked = server.ask("/_stcore/upload_file/x/y", "PUT", token=ada, body=b"x" * 1000, Origin=server.address)
    assert (asked.status, asked.text) == (403, "XSRF token missing or invalid")  # Streamlit's own refusal


def test_only_an_administrator_reads_the_servers_own_figures(server: Server, ada: str, ann: str) -> None:
    assert server.ask("/_stcore/metrics", token=ann).status == 403
    assert server.ask("/_stcore/metrics", token=ada).status == 200


def test_no_page_elsewhere_is_listened_to(server: Server, ann: str) -> None:
    told = json.loads(server.ask("/_stcore/host-config", token=ann).text)
    assert told["allowedOrigins"] == []


def test_what_was_downloaded_is_kept_by_no_browser(server: Server, ada: str) -> None:
    assert server.ask("/media/anything.zip", token=ada).headers["cache-control"] == "no-store"


def test_a_session_that_ends_ends_its_open_socket(server: Server) -> None:
    token = server.sign_in(ANN).cookie
    with server.socket(token) as socket:
        drawn(socket, "customers")
        end_all_but(server, token)
        with suppress(ConnectionClosed):
            socket.send(BackMsg(rerun_script={"page_name": "customers"}).SerializeToString())
            while True:
                assert b"Bakery" not in bytes(socket.recv(timeout=10))
        assert socket.close_code == 4401
    assert server.ask("/customers", token=token).status == 401


def end_all_but(server: Server, token: str) -> None:
    """Press Sign out, as the page does, over a socket of its own."""
    with server.socket(token) as socket:
        message = BackMsg()
        message.rerun_script.page_name = "customers"
        socket.send(message.SerializeToString())
        button = ""
        while True:
            answer = ForwardMsg.FromString(bytes(socket.recv(timeout=20)))  # type: ignore[arg-type]
            element = answer.delta.new_element
            if element.WhichOneof("type") == "button" and element.button.label == "Sign out":
                button = element.button.id
            if answer.WhichOneof("type") == "script_finished" and button:
                break
        message.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
        with suppress(ConnectionClosed):
            socket.send(message.SerializeToString())
            while True:
                answer = ForwardMsg.FromString(bytes(socket.recv(timeout=20)))  # type: ignore[arg-type]
                if answer.WhichOneof("type") == "script_finished":
                    break


# Guessing


def tries_until_held(server: Server, email: str, places: list[dict[str, str]]) -> int:
    """How many wrong guesses from these places are looked at before one has to wait: on a slow machine the
    first waits, which are short, may be over before the next guess."""
    for number, place in enumerate(places):
        status = server.sign_in(email, f"wrong horse {number}", **place).status
        if status == 429:
            return number
        assert status == 401
    raise AssertionError("nobody ever had to wait")


def test_who_fails_again_and_again_waits_longer_each_time(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "guess.duckdb"
    make_world(path, starter_file)
    with serve(path) as address:
        server = Server(address)
        assert tries_until_held(server, ANN, [{}] * 15) >= 5
        held = server.sign_in(ANN)
        assert held.status == 429
        assert not held.cookie
        assert int(held.headers["retry-after"]) >= 1
        assert "Too many tries" in held.text


def test_who_guesses_makes_nobody_wait_who_comes_from_elsewhere(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.duckdb"
    make_world(path, starter_file)
    with serve(path) as address:
        server = Server(address)
        stranger, ada = {"X_Forwarded_For": "192.0.2.66"}, {"X_Forwarded_For": "198.51.100.7"}
        assert tries_until_held(server, ADA, [stranger] * 15) >= 5
        assert server.sign_in(ADA, **ada).cookie
        neighbours = [{"X_Forwarded_For": f"2001:db8::{n:x}"} for n in range(1, 16)]
        assert tries_until_held(server, ADA, neighbours) >= 5


def test_many_tries_at_once_are_no_way_around_the_wait(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "at_once.duckdb"
    make_world(path, starter_file)
    with serve(path) as address, ThreadPoolExecutor(24) as pool:
        server = Server(address)
        statuses = list(pool.map(lambda n: server.sign_in(ANN, f"wrong horse {n}").status, range(24)))
        assert set(statuses) == {401, 429}
        assert 5 <= statuses.count(401) < 12  # some may come after a first, short wait


def test_who_comes_in_again_and_again_costs_the_others_of_the_address_nothing(server: Server) -> None:
    assert all(server.sign_in(ADA).cookie for _again in range(25))


# Local


def test_before_there_is_a_user_only_this_machine_comes_in(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "local.duckdb"
    shutil.copy(starter_file, path)
    with serve(path) as address:
        server = Server(address)
        assert server.ask("/").status == 200
        for headers in (
            {"X_Forwarded_For": "127.0.0.1"},
            {"X_Forwarded_Host": "localhost"},
            {"Forwarded": "for=127.0.0.1"},
            {"X_Real_Ip": "127.0.0.1"},
            {"Host": "192.0.2.1"},
        ):
            assert server.ask("/", **headers).status == 401
            led = server.ask("/", **PAGE, **headers)
            assert (led.status, led.headers["location"]) == (303, "/set-up")
            with pytest.raises(InvalidStatus):
                server.socket(**{k: v for k, v in headers.items() if k != "Host"} or {"X_Real_Ip": "::1"})


def test_from_elsewhere_the_first_administrator_needs_the_token_of_the_terminal(
    starter_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "far.duckdb"
    shutil.copy(starter_file, path)
    with serve(path) as address:
        server = Server(address)
        far = {"X_Forwarded_For": "192.0.2.7"}
        assert "Setup token" in server.ask("/set-up", **far).text
        assert server.ask("/set-up", "POST", {**EVE, "token": "guess"}, **far).status == 401
        assert server.ask("/set-up", "POST", EVE, **far).status == 401
        told = path.with_suffix(".log").read_text().split("administrator of CRM+: ")[1].split()[0]
        let_in = server.ask("/set-up", "POST", {**EVE, "token": told}, **far)
        assert let_in.status == 303
        assert server.ask("/customers", token=let_in.cookie, **far).status == 200
        assert server.ask("/").status == 401
        again = server.ask("/set-up", "POST", {**EVE, "token": told}, **far)
        assert (again.status, again.headers["location"]) == (303, "/sign-in")


def test_of_many_who_set_up_at_once_one_becomes_the_administrator(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.duckdb"
    shutil.copy(starter_file, path)
    with serve(path) as address, ThreadPoolExecutor(8) as pool:
        server = Server(address)

        def set_up(number: int) -> Answer:
            form = {"name": f"Eve {number}", "initials": f"E{number}", "email": f"eve{number}@example.com"}
            return server.ask("/set-up", "POST", {**form, "password": PASSWORD})

        answers = list(pool.map(set_up, range(8)))
        assert [answer.status for answer in answers] == [303] * 8
        assert sorted(answer.headers["location"] for answer in answers) == ["/", *["/sign-in"] * 7]
        assert len([answer for answer in answers if answer.cookie]) == 1


def test_guesses_at_the_token_of_the_terminal_keep_nobody_else_from_it(
    starter_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "token.duckdb"
    shutil.copy(starter_file, path)
    with serve(path) as address:
        server = Server(address)
        stranger, eve = {"X_Forwarded_For": "192.0.2.66"}, {"X_Forwarded_For": "198.51.100.7"}
        tried = [server.ask("/set-up", "POST", {**EVE, "token": "x"}, **stranger).status for _ in range(30)]
        assert set(tried[:20]) == {401}
        assert tried[-1] == 429
        told = path.with_suffix(".log").read_text().split("administrator of CRM+: ")[1].split()[0]
        assert server.ask("/set-up", "POST", {**EVE, "token": told}, **eve).cookie


def test_a_socket_of_the_time_before_closes_when_the_first_user_is_made(
    starter_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "turn.duckdb"
    shutil.copy(starter_file, path)
    with serve(path) as address:
        server = Server(address)
        with server.socket() as socket:
            drawn(socket, "customers")
            assert server.ask("/set-up", "POST", EVE).status == 303
            with suppress(ConnectionClosed):
                socket.send(BackMsg(rerun_script={"page_name": "customers"}).SerializeToString())
                while True:
                    socket.recv(timeout=10)
            assert socket.close_code == 4401
