"""A proxy that signs people in: believed with its secret, about each request anew."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from crmplus.domain.actor import Role
from crmplus.domain.person import PersonDraft
from crmplus.services.people import add_person, archive_person
from crmplus.store.database import Database
from crmplus.web.asked import SESSION_COOKIE
from tests.browser.driver import serve
from tests.web.test_gate import ADA, ANN, MARK, PAGE, PASSWORD, Answer, Server, drawn, make_world
from tests.world import ADMIN, NOW

SECRET = "a secret of server and proxy"
GONE = "gone@example.com"


def said_by(secret: str, email: str) -> dict[str, str]:
    return {"X_Crmplus_Secret": secret, "X_Forwarded_Email": email}


BY_ANN, BY_ADA = said_by(SECRET, ANN), said_by(SECRET, ADA)


@contextmanager
def behind_proxy(path: Path, **settings: str) -> Iterator[Server]:
    """The program with the secret configured."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMPLUS_PROXY_SECRET", SECRET)
        for name, value in settings.items():
            environment.setenv(name, value)
        with serve(path) as address:
            yield Server(address)


@pytest.fixture(scope="module")
def server(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("proxy") / "proxy.duckdb"
    make_world(path, starter_file)
    database = Database.open(path)
    gone = add_person(database, ADMIN, PersonDraft("Gone", "GO", Role.ADMIN, GONE), NOW)
    archive_person(database, ADMIN, gone.id, gone.version, NOW)
    database.close()
    with behind_proxy(path) as made:
        yield made


def come(server: Server, headers: dict[str, str], wanted: str = "") -> Answer:
    return server.ask(f"/sign-in?next={wanted}", **PAGE, **headers)


def test_who_the_proxy_names_comes_in_at_the_page_they_wanted(server: Server) -> None:
    led = server.ask("/customer?customer=C-00001", **PAGE, **BY_ANN)
    assert led.headers["location"] == "/sign-in?next=%2Fcustomer%3Fcustomer%3DC-00001"
    found = server.ask(led.headers["location"], **PAGE, **BY_ANN)
    assert (found.status, found.headers["location"]) == (303, "/customer?customer=C-00001")
    assert server.ask("/customers", token=found.cookie, **BY_ANN).status == 200


def test_case_of_the_address_does_not_matter(server: Server) -> None:
    assert come(server, said_by(SECRET, " ANN@Example.COM ")).cookie


def test_who_is_named_sees_what_they_may(server: Server) -> None:
    for headers, sees in ((BY_ADA, True), (BY_ANN, False)):
        with server.socket(come(server, headers).cookie, **headers) as socket:
            assert (MARK.encode() in drawn(socket, "customers")) is sees


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X_Forwarded_Email": ADA},
        {"X_Crmplus_Secret": SECRET},
        said_by("", ADA),
        said_by("x", ADA),
        said_by(SECRET + " x", ADA),
        said_by(SECRET[:-1], ADA),
        said_by(SECRET.upper(), ADA),
        said_by("é" * 20, ADA),
        said_by(SECRET, ""),
        said_by(SECRET, " "),
        said_by(SECRET, "nobody@example.com"),
        said_by(SECRET, GONE),
        said_by(SECRET, f"{ANN}, {ADA}"),
        said_by(SECRET, f"{ADA};"),
        said_by(SECRET, f"Ada <{ADA}>"),
        said_by(SECRET, "Ada"),
        {"X_Crmplus_Secret": SECRET, "X_Forwarded_User": ADA},
    ],
)
def test_without_the_secret_or_somebody_known_nobody_comes_in(
    server: Server, headers: dict[str, str]
) -> None:
    found = come(server, headers)
    assert found.status == 403
    assert not found.cookie
    assert "not among the people" in found.text
    assert server.ask("/customers", **headers).status == 401
    with pytest.raises(InvalidStatus):
        server.socket(**headers)


def test_a_header_that_is_there_twice_names_nobody(server: Server) -> None:
    """As from a proxy that adds its header to one that a visitor made up."""
    twice = {"X-Forwarded-Email": ADA, "x-forwarded-email": ANN, "X-Crmplus-Secret": SECRET}
    found = server.ask("/sign-in", **twice)
    assert found.status == 403
    assert not found.cookie
    again = {"X-Crmplus-Secret": "x", "x-crmplus-secret": SECRET, "X-Forwarded-Email": ANN}
    assert not server.ask("/sign-in", **again).cookie


def test_a_password_is_no_way_around_the_proxy(server: Server) -> None:
    assert server.sign_in(ADA).status == 403
    assert not server.sign_in(ADA).cookie
    through = server.sign_in(ADA, **BY_ANN)
    assert through.status == 303
    assert server.ask("/customers", token=through.cookie, **BY_ADA).status == 401


def test_a_session_holds_only_while_the_proxy_names_the_same_person(server: Server) -> None:
    token = come(server, BY_ANN).cookie
    assert server.ask("/customers", token=token, **BY_ANN).status == 200
    for headers in ({}, BY_ADA, said_by("x", ANN), said_by(SECRET, "nobody@example.com")):
        assert server.ask("/customers", token=token, **headers).status == 401
        with pytest.raises(InvalidStatus) as refused:
            server.socket(token, **headers)
        assert refused.value.response.status_code == 403
    with server.socket(token, **BY_ANN):
        pass


def test_another_person_at_the_same_browser_becomes_themselves(server: Server) -> None:
    token = come(server, BY_ANN).cookie
    found = server.ask("/sign-in?next=/leads", token=token, **PAGE, **BY_ADA)
    assert found.cookie not in ("", token)
    assert server.ask("/customers", token=found.cookie, **BY_ADA).status == 200


def test_the_cookie_is_for_the_server_alone(server: Server) -> None:
    cookie = come(server, BY_ANN).headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_who_is_archived_is_out_though_the_proxy_names_them(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "archived.duckdb"
    make_world(path, starter_file)
    with behind_proxy(path) as server:
        token = come(server, BY_ANN).cookie
        assert server.ask("/customers", token=token, **BY_ANN).status == 200
    database = Database.open(path)
    with database.read(ADMIN.sight) as connection:
        ann = next(row for row in connection.rows("people_with_a_password"))
    assert ann
    from crmplus.services.people import list_people

    found = next(each for each in list_people(database, ADMIN) if each.email == ANN)
    archive_person(database, ADMIN, found.id, found.version, NOW)
    database.close()
    with behind_proxy(path) as server:
        assert server.ask("/customers", token=token, **BY_ANN).status == 401
        assert come(server, BY_ANN).status == 403


def test_sessions_by_the_proxy_end_when_its_secret_is_taken_away(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "away.duckdb"
    make_world(path, starter_file)
    with behind_proxy(path) as server:
        token = come(server, BY_ANN).cookie
        assert server.ask("/customers", token=token, **BY_ANN).status == 200
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("CRMPLUS_PROXY_SECRET", raising=False)
        with serve(path) as address:
            server = Server(address)
            for headers in ({}, BY_ANN):
                assert server.ask("/customers", token=token, **headers).status == 401
            found = come(server, BY_ANN)
            assert (found.status, found.cookie) == (200, "")
            with pytest.raises(InvalidStatus):
                server.socket(token, **BY_ANN)


def test_the_header_can_have_another_name(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "named.duckdb"
    make_world(path, starter_file)
    with behind_proxy(path, CRMPLUS_PROXY_HEADER="X-Auth-Request-Email") as server:
        assert not come(server, BY_ANN).cookie
        assert come(server, {"X_Crmplus_Secret": SECRET, "X_Auth_Request_Email": ANN}).cookie


def test_the_first_administrator_comes_by_the_setup_token_even_with_a_proxy(
    starter_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "first.duckdb"
    shutil.copy(starter_file, path)
    with behind_proxy(path) as server:
        for headers in ({}, BY_ADA):
            assert come(server, headers).headers["location"] == "/set-up"
        form = {"name": "Ada", "initials": "AD", "email": ADA, "password": PASSWORD}
        assert "Setup token" in server.ask("/set-up", **BY_ADA).text
        assert server.ask("/set-up", "POST", form, **BY_ADA).status == 401
        told = path.with_suffix(".log").read_text().split("administrator of CRM+: ")[1].split()[0]
        let_in = server.ask("/set-up", "POST", {**form, "token": told}, **BY_ADA)
        assert server.ask("/customers", token=let_in.cookie, **BY_ADA).status == 200
        assert server.ask("/customers", token=let_in.cookie).status == 401


def test_an_open_socket_ends_with_its_session(server: Server) -> None:
    from tests.web.test_gate import end_all_but

    assert end_all_but and suppress and ConnectionClosed and BackMsg
