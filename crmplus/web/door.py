"""The routes of the door: signing in, the first administrator, choosing a password by a link.

They answer to everybody, so each looks for itself: at where a form was sent from, at how much of it there is,
and at how often somebody failed before.
"""

import logging
import math
import os
import secrets
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from crmplus.configuration import Configuration
from crmplus.domain.actor import Role
from crmplus.domain.audit import AuditAction
from crmplus.domain.errors import CrmError, Invalid, Refused
from crmplus.domain.message import Message, say, say_count
from crmplus.domain.person import Person, PersonDraft
from crmplus.domain.session import Way
from crmplus.services.administrators import signs_in_elsewhere
from crmplus.services.audit import record_event
from crmplus.services.invitations import accept_invitation, find_invitation
from crmplus.services.passwords import check_password
from crmplus.services.sessions import find_session, open_session
from crmplus.services.users import awaits_administrator, find_user, has_users, set_up_admin
from crmplus.services.workspace import find_workspace
from crmplus.store.database import the_database
from crmplus.web.arriving import identify
from crmplus.web.asked import SESSION_COOKIE, Asked
from crmplus.web.door_forms import gone_page, invitation_page, nobody_page, set_up_page, sign_in_page
from crmplus.web.door_pages import CSS
from crmplus.web.headers import is_behind_tls
from crmplus.web.patience import Guesses, Turns
from crmplus.web.reader import language_of

log = logging.getLogger(__name__)

_LONGEST_FORM = 10_000
_AT_ONCE, _WAITING = 4, 16
"""So many passwords are checked at a time, as each takes 64 MB of memory, and so many wait for it."""
_guesses = Guesses()
_CROWDED = say("Many people are signing in at this moment. Try again in a few seconds.")
_A_MOMENT = timedelta(seconds=5)
Form = dict[str, str]
Handler = Callable[[Asked, Form], Awaitable[Response]]


async def sign_in(request: Request) -> Response:
    """The page that asks for name and password, and what comes of them."""
    asked = Asked.of(request.scope)
    wanted = own_path(request.query_params.get("next", ""))
    if not await run_in_threadpool(has_users, the_database()):
        return to("/")
    if await run_in_threadpool(is_signed_in, asked):
        return to(wanted)
    arrival = await run_in_threadpool(identify, asked)
    if arrival.person:
        return await run_in_threadpool(let_in, asked, arrival.person, Way.PROXY, wanted)
    if await run_in_threadpool(awaits_administrator, the_database()):
        return to("/set-up")
    if arrival.is_required:
        return nobody_page(language_of(asked))
    if request.method != "POST":
        return sign_in_page(language_of(asked), wanted)
    return await _checked(request, asked, _try_password)


async def _try_password(asked: Asked, form: Form) -> Response:
    language, at = language_of(asked), datetime.now(UTC)
    email, wanted = form.get("email", "").strip(), own_path(form.get("next", ""))
    account = email.casefold()
    if waits := _guesses.wait(at, asked.network, account):
        return sign_in_page(language, wanted, email, _too_often(waits), 429, waits)
    if _turns().is_full:
        return sign_in_page(language, wanted, email, _CROWDED, 429, _A_MOMENT)
    # Counted before it is looked at, so that many at once are no way around the wait.
    _guesses.wrong(at, asked.network, account)
    async with _turns():
        person = await run_in_threadpool(check_password, the_database(), email, form.get("password", ""), at)
    if person is None:
        await run_in_threadpool(note_refusal, asked, email, at)
        wrong = say("Address and password do not belong together. Try again, or ask an administrator.")
        return sign_in_page(language, wanted, email, wrong, 401)
    _guesses.right(asked.network, account)
    return await run_in_threadpool(let_in, asked, person, Way.PASSWORD, wanted)


async def set_up(request: Request) -> Response:
    """The first administrator: from this machine at once, else with the token of the terminal."""
    asked = Asked.of(request.scope)
    if not await run_in_threadpool(awaits_administrator, the_database()):
        return to("/sign-in")
    if not _needs_token(asked) and await run_in_threadpool(find_workspace, the_database()) is None:
        return to("/")
    if _needs_token(asked):
        tell_setup_token()
    if request.method != "POST":
        return _set_up_page(asked, {}, {})
    return await _checked(request, asked, _try_set_up)


async def _try_set_up(asked: Asked, form: Form) -> Response:
    at = datetime.now(UTC)
    if _needs_token(asked):
        if waits := _guesses.wait(at, asked.network):
            return _set_up_page(asked, form, {"token": _too_often(waits)}, 429)
        if not secrets.compare_digest(form.get("token", "").strip().encode(), _setup_token().encode()):
            _guesses.wrong(at, asked.network)
            wrong = say("This is not the token. It stands in the terminal in which CRM+ was started.")
            return _set_up_page(asked, form, {"token": wrong}, 401)
    draft = PersonDraft(
        form.get("name", ""), form.get("initials", ""), Role.ADMIN, form.get("email", "").strip()
    )
    if _turns().is_full:
        return _set_up_page(asked, form, {"password": _CROWDED}, 429)
    try:
        async with _turns():
            person = await run_in_threadpool(
                set_up_admin, the_database(), draft, form.get("password", ""), at, asked.peer
            )
    except Invalid as error:
        return _set_up_page(asked, form, error.fields, 422)
    except Refused:  # somebody else became it at the same moment
        return to("/sign-in")
    return await run_in_threadpool(let_in, asked, person, Way.PASSWORD, "/")


async def invitation(request: Request) -> Response:
    """Choosing a password by a link that an administrator made."""
    asked = Asked.of(request.scope)
    token = request.query_params.get("token", "")
    if request.method == "POST":
        return await _checked(request, asked, _try_invitation)
    return await _invitation_page(asked, token)


async def _try_invitation(asked: Asked, form: Form) -> Response:
    token, at = form.get("token", ""), datetime.now(UTC)
    if waits := _guesses.wait(at, asked.network):
        return await _invitation_page(asked, token, _too_often(waits), 429)
    if _turns().is_full:
        return await _invitation_page(asked, token, _CROWDED, 429)
    _guesses.wrong(at, asked.network)
    try:
        async with _turns():
            person = await run_in_threadpool(
                accept_invitation, the_database(), token, form.get("password", ""), at, asked.peer
            )
    except Invalid as error:
        _guesses.right(asked.network)
        return await _invitation_page(asked, token, next(iter(error.fields.values())), 422)
    except CrmError:
        return await _invitation_page(asked, token)
    _guesses.right(asked.network)
    return await run_in_threadpool(let_in, asked, person, Way.PASSWORD, "/")


async def style(_request: Request) -> Response:
    return Response(CSS, media_type="text/css", headers={"cache-control": "max-age=3600"})


ROUTES = [
    Route("/sign-in", sign_in, methods=["GET", "POST"]),
    Route("/set-up", set_up, methods=["GET", "POST"]),
    Route("/invitation", invitation, methods=["GET", "POST"]),
    Route("/door.css", style),
]


def own_path(text: str) -> str:
    """A path of this server to go on to; its first page for anything else."""
    is_own = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_own and "\\" not in text else "/"


def _needs_token(asked: Asked) -> bool:
    """Where a provider or a proxy signs people in, nobody administers for sitting at the machine."""
    return signs_in_elsewhere() or not asked.is_from_here


@cache
def _setup_token() -> str:
    return secrets.token_urlsafe(12)


@cache
def tell_setup_token() -> None:
    """Print it, once, where only who started the program reads."""
    sys.stderr.write(f"\n  Setup token, to make the first administrator of CRM+: {_setup_token()}\n\n")
    sys.stderr.flush()


@cache
def _turns() -> Turns:
    return Turns(_AT_ONCE, _WAITING)


async def _checked(request: Request, asked: Asked, then: Handler) -> Response:
    """What a form says, where a page of ours sent it and it is no longer than a form can be."""
    if not asked.is_from_own_page:
        return PlainTextResponse("This form was not sent by this server.", 403)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return PlainTextResponse("That is more than the form holds.", 413)
    try:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        return PlainTextResponse("This is not a form.", 400)
    return await then(asked, form)


def is_signed_in(asked: Asked) -> bool:
    """Whether the browser has a session that is good here and now."""
    found = find_session(the_database(), asked.token, datetime.now(UTC)) if asked.token else None
    return found is not None and not identify(asked).contradicts(found)


def let_in(asked: Asked, person: Person, way: Way, wanted: str) -> Response:
    """A new session, whatever the browser had: a token that somebody planted there is worth nothing."""
    device = asked.headers.get("user-agent", "")
    token = open_session(the_database(), person, way, asked.peer, device, datetime.now(UTC))
    response = to(wanted)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(timedelta(days=Configuration.of(os.environ).session_days).total_seconds()),
        secure=is_behind_tls(asked),
        httponly=True,
        samesite="lax",
    )
    return response


def note_refusal(asked: Asked, email: str, at: datetime, /, **detail: object) -> None:
    """In the audit, by the name of who it was tried as: what else was typed may be a password."""
    meant = find_user(the_database(), email)
    with the_database().quiet_transaction() as connection:
        record_event(
            connection,
            at,
            AuditAction.SIGN_IN_REFUSED,
            None,
            "",
            meant.id if meant else None,
            meant.name if meant else "",
            asked.peer,
            **detail,
        )


def _too_often(waits: timedelta) -> Message:
    return say_count(
        "Too many tries did not succeed. Wait {count} second before the next.",
        "Too many tries did not succeed. Wait {count} seconds before the next.",
        math.ceil(waits.total_seconds()),
    )


def to(path: str) -> Response:
    """There, and nobody keeps that it was so."""
    return RedirectResponse(path, 303, {"cache-control": "no-store"})


def _set_up_page(asked: Asked, form: Form, problems: Mapping[str, Message], status: int = 200) -> Response:
    return set_up_page(language_of(asked), form, problems, status, needs_token=_needs_token(asked))


async def _invitation_page(
    asked: Asked, token: str, problem: Message | None = None, status: int = 200
) -> Response:
    found = await run_in_threadpool(find_invitation, the_database(), token, datetime.now(UTC))
    if found is None:
        return gone_page(language_of(asked))
    return invitation_page(language_of(asked), found, token, problem, status)
