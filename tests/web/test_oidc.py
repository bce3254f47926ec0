"""Signing in with a provider of OpenID Connect: a real one, an untrue one, and somebody who forges."""

import http.client
import json
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from crmplus.domain.actor import Role
from crmplus.domain.audit import AuditLine
from crmplus.domain.person import PersonDraft
from crmplus.services.audit import AuditQuery, list_audit
from crmplus.services.people import add_person, archive_person
from crmplus.store.database import Database
from crmplus.web.asked import SESSION_COOKIE
from tests.browser.driver import serve
from tests.web.provider import CLIENT_ID, COOKIE_SECRET, Claims, Provider, providing
from tests.web.test_gate import ADA, ANN, MARK, PAGE, PASSWORD, Server, end_all_but, make_world
from tests.world import ADMIN, NOW

GONE = "gone@example.com"
PEOPLE: dict[str, Claims] = {
    "ann": {"email": "Ann@Example.com", "email_verified": True},
    "ada": {"email": ADA, "email_verified": True},
    "unverified": {"email": ADA, "email_verified": False},
    "silent": {"email": ADA},
    "truthy": {"email": ADA, "email_verified": "true"},
    "stranger": {"email": "stranger@example.com", "email_verified": True},
    "gone": {"email": GONE, "email_verified": True},
    "nameless": {"email_verified": True},
    "empty": {"email": " ", "email_verified": True},
    "list": {"email": [ADA], "email_verified": True},
    "lookalike": {"email": "su\u017fi@example.com", "email_verified": True},  # folded, it is Susi's
    "long": {"email": ANN, "email_verified": True, "groups": ["a long name of a group"] * 400},
}
SUSI = "susi@example.com"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing(PEOPLE) as made:
        yield made


@pytest.fixture(autouse=True)
def honest(provider: Provider) -> None:
    provider.honest()


@contextmanager
def serving(path: Path, provider: Provider) -> Iterator[Server]:
    """The program with the provider configured."""
    secrets = path.with_suffix(".toml")
    secrets.write_text(provider.secrets_toml())
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMPLUS_OIDC", "yes")
        environment.setenv("CRMPLUS_LOG", "json")  # errors that are looked for are no tracebacks there
        environment.setenv("STREAMLIT_SECRETS_FILES", str(secrets))
        with serve(path) as address:
            yield Server(address)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oidc") / "oidc.duckdb"


@pytest.fixture(scope="module")
def server(starter_file: Path, path: Path, provider: Provider) -> Iterator[Server]:
    make_world(path, starter_file)
    database = Database.open(path)
    gone = add_person(database, ADMIN, PersonDraft("Gone", "GO", Role.ADMIN, GONE), NOW)
    archive_person(database, ADMIN, gone.id, gone.version, NOW)
    add_person(database, ADMIN, PersonDraft("Susi", "SU", Role.ADMIN, SUSI), NOW)
    database.close()
    with serving(path, provider) as made:
        yield made


@pytest.fixture
def visitor() -> Iterator[httpx.Client]:
    """A browser: it keeps cookies, and follows nothing by itself."""
    with httpx.Client(headers=PAGE, trust_env=False, timeout=20) as client:
        yield client


def go(visitor: httpx.Client, address: str) -> httpx.Response:
    return visitor.get(address)


def led(response: httpx.Response) -> str:
    """Where an answer leads on to."""
    assert response.status_code in (302, 303), response.text
    return urljoin(str(response.url), response.headers["location"])


def way_back(visitor: httpx.Client, server: Server, who: str, wanted: str = "/") -> str:
    """Go to the provider and sign in there; the address that it sends the browser back to."""
    begun = led(go(visitor, f"{server.address}/sign-in/provider?{urlencode({'next': wanted})}"))
    page = led(go(visitor, begun))
    assert visitor.get(page).status_code == 200
    return led(go(visitor, page.replace("/authorize?", "/as?") + f"&who={who}"))


def come_in(visitor: httpx.Client, server: Server, who: str, wanted: str = "/") -> httpx.Response:
    return go(visitor, way_back(visitor, server, who, wanted))


def is_in(visitor: httpx.Client, server: Server) -> bool:
    parts = {"Accept": "*/*"}  # as a page asks for what belongs to it
    status = visitor.get(f"{server.address}/_stcore/host-config", headers=parts).status_code
    assert status in (200, 401)
    return status == 200


def refused(visitor: httpx.Client, server: Server, response: httpx.Response) -> bool:
    return (
        response.status_code in (401, 403)
        and SESSION_COOKIE not in visitor.cookies
        and MARK not in response.text
        and not is_in(visitor, server)
    )


def door_events(path: Path) -> list[AuditLine]:
    """What happened at the door, newest first; of a copy, as the server holds the file."""
    copy = Path(shutil.copy(path, path.with_name("copy.duckdb")))
    if (wal := path.with_name(f"{path.name}.wal")).exists():
        shutil.copy(wal, f"{copy}.wal")
    database = Database.open(copy)
    lines, _ = list_audit(database, ADMIN, AuditQuery(only_door=True), 500)
    database.close()
    return lines


# Who may


def test_somebody_known_comes_in_at_the_page_they_wanted(server: Server, visitor: httpx.Client) -> None:
    door = led(go(visitor, f"{server.address}/customer?customer=C-00001"))
    page = go(visitor, door)
    link = "/sign-in/provider?next=%2Fcustomer%3Fcustomer%3DC-00001"
    assert f'<a href="{link}">Sign in with your company</a>' in page.text
    found = come_in(visitor, server, "ann", "/customer?customer=C-00001")
    assert led(found) == f"{server.address}/customer?customer=C-00001"
    assert is_in(visitor, server)
    again = go(visitor, f"{server.address}{link}")
    assert led(again) == f"{server.address}/customer?customer=C-00001"


def test_the_browser_gets_our_session_and_nothing_of_the_provider(
    server: Server, visitor: httpx.Client
) -> None:
    found = come_in(visitor, server, "ann")
    cookies = found.headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith(SESSION_COOKIE))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert not any("_streamlit_user" in cookie for cookie in cookies)
    assert set(visitor.cookies) == {SESSION_COOKIE}


def test_who_is_let_in_is_who_the_provider_named(server: Server, visitor: httpx.Client, path: Path) -> None:
    come_in(visitor, server, "ann")
    newest = door_events(path)[0]
    assert (newest.action, newest.subject, newest.after) == ("signed_in", "Ann", {"way": "oidc"})
    with server.socket(visitor.cookies[SESSION_COOKIE]):
        pass


def test_many_claims_that_streamlit_splits_over_cookies_are_read_whole(
    server: Server, visitor: httpx.Client
) -> None:
    come_in(visitor, server, "long")
    assert is_in(visitor, server)


def test_the_sign_in_goes_by_code_with_proof_key_state_and_nonce(
    server: Server, visitor: httpx.Client, provider: Provider
) -> None:
    for _ in range(2):
        visitor.cookies.clear()
        come_in(visitor, server, "ann")
    first, second = provider.asked[-2:]
    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 20
        assert first[name] != second[name]


def test_a_password_lets_in_beside_the_provider(server: Server) -> None:
    assert server.ask("/customers", token=server.sign_in(ADA).cookie).status == 200


def test_who_signed_out_does_not_come_in_by_anything_left_over(server: Server, visitor: httpx.Client) -> None:
    come_in(visitor, server, "ann")
    end_all_but(server, visitor.cookies[SESSION_COOKIE])
    assert not is_in(visitor, server)
    for address in ("/", "/sign-in", "/oauth2callback", "/auth/login"):
        go(visitor, f"{server.address}{address}")
        assert not is_in(visitor, server)


# Who may not


@pytest.mark.parametrize("who", ["unverified", "silent", "truthy", "nameless", "empty", "list"])
def test_an_address_that_the_provider_did_not_verify_is_nobodys(
    server: Server, visitor: httpx.Client, who: str
) -> None:
    found = come_in(visitor, server, who)
    assert refused(visitor, server, found)
    assert "does not say that your e-mail address was verified" in found.text


@pytest.mark.parametrize("who", ["stranger", "gone", "lookalike"])
def test_somebody_verified_whom_we_do_not_know_is_told_so(
    server: Server, visitor: httpx.Client, who: str
) -> None:
    found = come_in(visitor, server, who)
    assert found.status_code == 403
    assert refused(visitor, server, found)
    assert "You are not among the people of CRM+" in found.text


def test_a_refusal_is_in_the_audit(server: Server, visitor: httpx.Client, path: Path) -> None:
    come_in(visitor, server, "stranger")
    come_in(visitor, server, "unverified")
    second, first = door_events(path)[:2]
    assert first.action == second.action == "sign_in_refused"
    assert (first.subject, first.after) == ("", {"way": "oidc", "email": "stranger@example.com"})
    assert (second.subject, second.after) == ("Ada", {"way": "oidc", "email": ADA})


# What comes back is not what was sent for


def test_a_state_that_is_not_this_browsers_is_refused(server: Server, visitor: httpx.Client) -> None:
    back = way_back(visitor, server, "ann")
    state = parse_qs(urlsplit(back).query)["state"][0]
    found = go(visitor, back.replace(state, "x" * len(state)))
    assert refused(visitor, server, found)
    assert "did not succeed" in found.text


def test_a_way_back_that_somebody_else_began_is_refused(server: Server, visitor: httpx.Client) -> None:
    with httpx.Client(headers=PAGE, trust_env=False) as attacker:
        back = way_back(attacker, server, "ann")
    assert refused(visitor, server, go(visitor, back))
    way_back(visitor, server, "ada")  # a sign-in of one's own has begun, and is not for that code
    assert refused(visitor, server, go(visitor, back))


def test_a_code_lets_in_once(server: Server, visitor: httpx.Client) -> None:
    back = way_back(visitor, server, "ann")
    before = dict(visitor.cookies)
    assert go(visitor, back).status_code == 303
    with httpx.Client(headers=PAGE, trust_env=False, cookies=before) as again:
        assert refused(again, server, go(again, back))
    with httpx.Client(headers=PAGE, trust_env=False) as bare:
        assert refused(bare, server, go(bare, back))


def test_a_code_that_was_made_up_is_refused(server: Server, visitor: httpx.Client) -> None:
    back = way_back(visitor, server, "ann")
    code = parse_qs(urlsplit(back).query)["code"][0]
    assert refused(visitor, server, go(visitor, back.replace(code, "made-up")))


@pytest.mark.parametrize(
    "query",
    ["", "code=x", "state=x", "code=x&state=x", "error=access_denied", "error=%0d%0aSet-Cookie:x&state=%00"],
)
def test_a_way_back_without_a_beginning_leads_to_the_door(
    server: Server, visitor: httpx.Client, query: str
) -> None:
    found = go(visitor, f"{server.address}/oauth2callback?{query}")
    assert refused(visitor, server, found)
    assert "did not succeed" in found.text
    assert 'action="/sign-in"' in found.text


def test_who_says_no_at_the_provider_can_try_again(server: Server, visitor: httpx.Client) -> None:
    back = way_back(visitor, server, "ann", "/leads")
    state = parse_qs(urlsplit(back).query)["state"][0]
    found = go(visitor, f"{server.address}/oauth2callback?error=access_denied&state={state}")
    assert refused(visitor, server, found)
    assert "/sign-in/provider?next=%2Fleads" in found.text
    assert come_in(visitor, server, "ann").status_code == 303


def set_claim(name: str, value: object) -> Callable[[Claims], None]:
    return lambda claims: claims.__setitem__(name, value)


@pytest.mark.parametrize(
    "twist",
    [
        set_claim("iss", "https://evil.example"),
        set_claim("aud", "another client"),
        set_claim("aud", ["another client", "and another"]),
        lambda claims: claims.update(aud="another client", azp=CLIENT_ID),
        lambda claims: claims.update(aud=["another client"], azp=CLIENT_ID),
        set_claim("nonce", "another"),
        lambda claims: claims.pop("nonce"),
        lambda claims: claims.pop("iss"),
        lambda claims: claims.pop("aud"),
        lambda claims: claims.pop("exp"),
        lambda claims: claims.update(exp=int(time.time()) - 3600, iat=int(time.time()) - 7200),
    ],
    ids=["iss", "aud", "auds", "azp", "azp-list", "nonce", "no-nonce", "no-iss", "no-aud", "no-exp", "ended"],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    server: Server, visitor: httpx.Client, provider: Provider, twist: Callable[[Claims], None]
) -> None:
    provider.twist = twist
    found = come_in(visitor, server, "ada")
    assert refused(visitor, server, found)
    assert "did not succeed" in found.text


def test_a_token_that_another_key_signed_is_refused(
    server: Server, visitor: httpx.Client, provider: Provider
) -> None:
    other = RSAKey.generate_key(2048, {"kid": "first"})
    provider.sign = lambda claims: provider.signed(claims, other)
    assert refused(visitor, server, come_in(visitor, server, "ada"))


def test_a_token_that_nobody_signed_is_refused(
    server: Server, visitor: httpx.Client, provider: Provider
) -> None:
    def unsigned(claims: Claims) -> str:
        head = jwt.encode({"alg": "RS256"}, claims, provider.key).split(".")[1]
        return f"eyJhbGciOiJub25lIn0.{head}."

    provider.sign = unsigned
    assert refused(visitor, server, come_in(visitor, server, "ada"))


def test_a_token_signed_with_the_public_key_as_if_it_were_a_secret_is_refused(
    server: Server, visitor: httpx.Client, provider: Provider
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of just this
        secret = OctKey.import_key(provider.key.as_pem(private=False).replace(b"PUBLIC", b"public"))
    provider.sign = lambda claims: jwt.encode({"alg": "HS256", "kid": "first"}, claims, secret)
    assert refused(visitor, server, come_in(visitor, server, "ada"))


# Forged cookies


def identity(server: Server, **changed: object) -> str:
    known = {"origin": server.address, "is_logged_in": True, "provider": "default", "aud": CLIENT_ID}
    return json.dumps({**known, "email": ADA, "email_verified": True, **changed})


@pytest.mark.parametrize("secret", ["guess", "", COOKIE_SECRET])
def test_a_cookie_of_streamlit_lets_nobody_in_whoever_signed_it(
    server: Server, visitor: httpx.Client, secret: str
) -> None:
    """Even signed with the right secret: who they are is read in the answer of the provider's way back."""
    value = create_signed_value(secret, "_streamlit_user", identity(server)).decode()
    for forged in (value, identity(server), value[:-2], "x", ""):
        cookies = httpx.Cookies({"_streamlit_user": forged.replace('"', "'")})
        visitor.cookies = cookies
        for address in (
            "/customers",
            "/oauth2callback",
            "/oauth2callback?code=x&state=x",
            "/sign-in/provider",
        ):
            go(visitor, f"{server.address}{address}")
            assert not is_in(visitor, server)
        assert SESSION_COOKIE not in visitor.cookies


def test_a_forged_state_begins_nothing(server: Server, visitor: httpx.Client) -> None:
    visitor.cookies.set("_streamlit_session", "eyJfc3RhdGVfZGVmYXVsdF94IjogeyJkYXRhIjoge319fQ==.x.y")
    assert refused(visitor, server, go(visitor, f"{server.address}/oauth2callback?code=x&state=x"))


@pytest.mark.parametrize(
    "token", ["", "default", "x.y.z", "eyJhbGciOiJub25lIn0.eyJwcm92aWRlciI6ImRlZmF1bHQifQ."]
)
def test_streamlits_own_way_in_asks_for_a_token_of_ours(
    server: Server, visitor: httpx.Client, token: str
) -> None:
    found = go(visitor, f"{server.address}/auth/login?provider={token}")
    assert led(found) == f"{server.address}/"


# Around it


@pytest.mark.parametrize(
    "trick",
    ["/auth/logout", "/auth/login/", "/auth", "/oauth2callback/", "/oauth2callback/../customers",
     "/sign-in/provider/", "/sign-in/provider/../../customers", "//oauth2callback", "/OAUTH2CALLBACK"],
)  # fmt: skip
def test_nothing_else_opens_with_it(server: Server, trick: str) -> None:
    assert server.ask(trick).status in (400, 401)


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/" + "x" * 5000],
)
def test_the_way_back_leads_nowhere_else(server: Server, visitor: httpx.Client, wanted: str) -> None:
    assert led(come_in(visitor, server, "ann", wanted)) == f"{server.address}/"


def test_a_next_that_was_planted_leads_nowhere_else(server: Server, visitor: httpx.Client) -> None:
    back = way_back(visitor, server, "ann")
    sent = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items() if name != "crmplus_next")
    planted = f"{sent}; crmplus_next=https%3A%2F%2Fevil.example"
    connection = http.client.HTTPConnection(server.host, timeout=20)
    parts = urlsplit(back)
    connection.request("GET", f"{parts.path}?{parts.query}", headers={"Cookie": planted, **PAGE})
    found = connection.getresponse()
    assert (found.status, found.getheader("location")) == (303, "/")
    connection.close()


def test_what_is_logged_of_it_names_nobody(server: Server, visitor: httpx.Client, path: Path) -> None:
    back = way_back(visitor, server, "ann")
    go(visitor, back)
    visitor.cookies.clear()
    go(visitor, back)
    come_in(visitor, server, "stranger")
    log = path.with_suffix(".log").read_text()
    assert "request" in log
    for told in ("example.com", parse_qs(urlsplit(back).query)["code"][0], "eyJ"):
        assert told not in log


# Configured or not


def test_sessions_by_a_provider_end_when_it_is_taken_away(
    starter_file: Path, tmp_path: Path, provider: Provider, visitor: httpx.Client
) -> None:
    path = tmp_path / "away.duckdb"
    make_world(path, starter_file)
    with serving(path, provider) as server:
        come_in(visitor, server, "ann")
        password = server.sign_in(ADA).cookie
        assert is_in(visitor, server)
    token = visitor.cookies[SESSION_COOKIE]
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("CRMPLUS_OIDC", raising=False)
        with serve(path) as address:
            server = Server(address)
            assert server.ask("/customers", token=token).status == 401
            assert server.ask("/customers", token=password).status == 200
            assert "with your company" not in server.ask("/sign-in").text
            for closed in ("/sign-in/provider", "/oauth2callback", "/auth/login"):
                assert server.ask(closed).status == 401


@pytest.mark.parametrize("has_workspace", [True, False])
def test_the_first_administrator_comes_by_the_setup_token_even_with_a_provider(
    starter_file: Path, tmp_path: Path, provider: Provider, visitor: httpx.Client, has_workspace: bool
) -> None:
    path = tmp_path / "first.duckdb"
    if has_workspace:
        shutil.copy(starter_file, path)
    with serving(path, provider) as server:
        assert server.ask("/customers").status == 401
        assert led(go(visitor, led(go(visitor, f"{server.address}/customers")))) == f"{server.address}/set-up"
        assert refused(visitor, server, come_in(visitor, server, "ada"))
        assert "Setup token" in server.ask("/set-up").text
        form = {"name": "Ada", "initials": "AD", "email": ADA, "password": PASSWORD}
        assert server.ask("/set-up", "POST", form).status == 401
        assert server.ask("/set-up", "POST", {**form, "token": "guess"}).status == 401
        told = path.with_suffix(".log").read_text().split("administrator of CRM+: ")[1].split()[0]
        let_in = server.ask("/set-up", "POST", {**form, "token": told})
        assert let_in.status == 303
        assert server.ask("/", token=let_in.cookie).status == 200
        again = server.ask("/set-up", "POST", {**form, "token": told})
        assert (again.status, again.headers["location"]) == (303, "/sign-in")
        assert come_in(visitor, server, "ada").status_code == 303
        assert is_in(visitor, server)


def test_with_an_administrator_of_that_address_nobody_is_asked_to_set_up(
    starter_file: Path, tmp_path: Path, provider: Provider, visitor: httpx.Client
) -> None:
    path = tmp_path / "second.duckdb"
    shutil.copy(starter_file, path)
    database = Database.open(path)
    add_person(database, ADMIN, PersonDraft("Ada", "AD", Role.ADMIN, ADA), NOW)
    database.close()
    with serving(path, provider) as server:
        found = server.ask("/set-up")
        assert (found.status, found.headers["location"]) == (303, "/sign-in")
        assert "with your company" in server.ask("/sign-in").text
        assert come_in(visitor, server, "ada").status_code == 303
