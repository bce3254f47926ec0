"""Signing in with a company's provider of OpenID Connect: to it, and back with whom it says it was.

Streamlit speaks with the provider, and puts what it learned into a cookie of its answer. That cookie is read
here, in the answer, and goes no further: no browser ever holds one, and one that a browser sends lets
nobody in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmplus.domain.message import say
from crmplus.domain.session import Way
from crmplus.services.users import find_user
from crmplus.store.database import the_database
from crmplus.web.asked import Asked
from crmplus.web.door import is_signed_in, let_in, note_refusal, own_path, to
from crmplus.web.door_forms import nobody_page, sign_in_page, unverified_page
from crmplus.web.headers import is_behind_tls
from crmplus.web.reader import language_of

_TO, _FROM = "/sign-in/provider", "/oauth2callback"
PROVIDER_PATHS = frozenset({_TO, "/auth/login", _FROM})
_NEXT_COOKIE = "crmplus_next"
_NEXT_SECONDS, _NEXT_LONGEST = 900, 1000


@dataclass(frozen=True, slots=True)
class Provider:
    """What Streamlit knows of the provider.

    `login_address` begins a sign-in. `claims` is what the provider says of who came back, given the cookies
    of Streamlit's answer; None where it vouches for nobody. `state_cookie` is what Streamlit keeps in the
    browser between the two.
    """

    login_address: Callable[[], str]
    claims: Callable[[Sequence[str]], Mapping[str, object] | None]
    state_cookie: str


class ByProvider:
    """ASGI middleware behind the gate; all but its own paths it leaves alone."""

    def __init__(self, app: ASGIApp, provider: Provider) -> None:
        self._app = app
        self._provider = provider

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in (_TO, _FROM):
            await self._app(scope, receive, send)
            return
        asked = Asked.of(scope)
        answer = await (self._begin(asked, scope) if asked.path == _TO else self._end(asked, scope, receive))
        await answer(scope, receive, send)

    async def _begin(self, asked: Asked, scope: Scope) -> Response:
        wanted = own_path(Request(scope).query_params.get("next", ""))
        if await run_in_threadpool(is_signed_in, asked):
            return to(wanted)
        response = to(self._provider.login_address())
        response.set_cookie(
            _NEXT_COOKIE,
            quote(wanted if len(wanted) <= _NEXT_LONGEST else "/", safe=""),
            max_age=_NEXT_SECONDS,
            path=_FROM,
            secure=is_behind_tls(asked),
            httponly=True,
            samesite="lax",
        )
        return response

    async def _end(self, asked: Asked, scope: Scope, receive: Receive) -> Response:
        cookies: list[str] = []

        async def keep_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookies.extend(Headers(scope=message).getlist("set-cookie"))

        await self._app(scope, receive, keep_cookies)
        response = await run_in_threadpool(_come_in, asked, self._provider.claims(cookies))
        for cookie in cookies:  # the state is used up, and the browser has to hear of it
            if cookie.startswith(f"{self._provider.state_cookie}="):
                response.headers.append("set-cookie", cookie)
        response.delete_cookie(_NEXT_COOKIE, path=_FROM)
        return response


def _come_in(asked: Asked, claims: Mapping[str, object] | None) -> Response:
    language, at = language_of(asked), datetime.now(UTC)
    wanted = own_path(unquote(asked.cookie(_NEXT_COOKIE)))
    if claims is None:
        failed = say("Signing in with your company did not succeed. Try again.")
        return sign_in_page(language, wanted, problem=failed, status=401)
    told = claims.get("email")
    email = told.strip() if isinstance(told, str) else ""
    if claims.get("email_verified") is not True or not email:
        note_refusal(asked, email, at, way=Way.OIDC, email=email)
        return unverified_page(language)
    person = find_user(the_database(), email)
    if person is None:
        note_refusal(asked, email, at, way=Way.OIDC, email=email)
        return nobody_page(language, by_provider=True)
    return let_in(asked, person, Way.OIDC, wanted)
