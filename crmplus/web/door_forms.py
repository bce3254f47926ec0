"""What the pages of the door say and ask, in the reader's language."""

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from starlette.responses import Response

from crmplus.configuration import Configuration
from crmplus.domain.message import Message, say, say_count
from crmplus.locale.language import Language
from crmplus.services.invitations import OpenInvitation
from crmplus.services.passwords import SHORTEST
from crmplus.web.door_pages import Field, Page, answer


def sign_in_page(
    language: Language,
    wanted: str,
    email: str = "",
    problem: Message | None = None,
    status: int = 200,
    waits: timedelta = timedelta(0),
) -> Response:
    """`wanted` is where to go on to; `email` what was typed."""
    words = language.message
    fields = (
        _email(language, email, is_first=not email),
        Field("password", words(say("Password")), "password", "current-password", is_first=bool(email)),
        Field("next", "", "hidden", value=wanted),
    )
    page = Page(
        words(say("Sign in")),
        problem=words(problem) if problem else "",
        action="/sign-in",
        fields=fields,
        button=words(say("Sign in")),
        links=_other_ways(language, wanted),
    )
    return answer(page, language, status, math.ceil(waits.total_seconds()))


def nobody_page(language: Language, *, by_provider: bool = False) -> Response:
    """For somebody whom a provider or a proxy knows, and CRM+ does not."""
    sentence = say("You are not among the people of CRM+. Ask an administrator to add your e-mail address.")
    return _refused(language, sentence, has_other_ways=by_provider)


def unverified_page(language: Language) -> Response:
    """For somebody of whom the provider does not know whether the e-mail address is theirs."""
    sentence = say(
        "Your company signed you in, but does not say that your e-mail address was verified. CRM+ can't tell "
        "who you are without that. Ask who looks after signing in at your company."
    )
    return _refused(language, sentence, has_other_ways=True)


def set_up_page(
    language: Language,
    form: Mapping[str, str],
    problems: Mapping[str, Message],
    status: int = 200,
    *,
    needs_token: bool,
) -> Response:
    """`form` is what was typed, the password never among what is shown again."""
    words = language.message
    lines = [
        words(say("You become the administrator who can sign in. From then on everybody needs to, you too."))
    ]
    fields = [
        Field("name", words(say("Your name")), autocomplete="name", value=form.get("name", ""), longest=80),
        Field(
            "initials",
            words(say("Initials")),
            value=form.get("initials", ""),
            hint=words(say("At most four letters, shown where there is little room.")),
            longest=4,
        ),
        _email(language, form.get("email", "")),
        _new_password(language),
    ]
    if needs_token:
        lines.append(words(say("The setup token stands in the terminal in which CRM+ was started.")))
        fields.insert(0, Field("token", words(say("Setup token")), value=form.get("token", "")))
    page = Page(
        words(say("Turn on sign-in")),
        tuple(lines),
        words(say("Nothing was saved yet: look at what is marked.")) if problems else "",
        "/set-up",
        _marked(language, fields, problems),
        words(say("Turn on sign-in")),
    )
    return answer(page, language, status)


def invitation_page(
    language: Language, found: OpenInvitation, token: str, problem: Message | None = None, status: int = 200
) -> Response:
    words = language.message
    greeting = say(
        "Welcome, {name}. You sign in with this address and the password you choose.", name=found.person.name
    )
    fields = [
        Field("token", "", "hidden", value=token),
        _email(language, found.person.email),
        _new_password(language),
    ]
    page = Page(
        words(say("Choose a password")),
        (words(greeting),),
        action="/invitation",
        fields=_marked(language, fields, {"password": problem} if problem else {}),
        button=words(say("Choose and sign in")),
    )
    return answer(page, language, status)


def gone_page(language: Language) -> Response:
    """For a link that is good for nothing, whatever the cause."""
    words = language.message
    sentence = say("This link is used, has ended or was withdrawn. Ask an administrator for another.")
    links = (("/sign-in", words(say("Sign in"))),)
    return answer(Page(words(say("Choose a password")), (words(sentence),), links=links), language, 410)


def _refused(language: Language, sentence: Message, *, has_other_ways: bool) -> Response:
    words = language.message
    links = (("/sign-in", words(say("Sign in in another way"))),) if has_other_ways else ()
    return answer(Page(words(say("Sign in")), (words(sentence),), links=links), language, 403)


def _other_ways(language: Language, wanted: str) -> tuple[tuple[str, str], ...]:
    if not Configuration.of(os.environ).oidc:
        return ()
    address = f"/sign-in/provider?next={quote(wanted, safe='')}"
    return ((address, language.message(say("Sign in with your company"))),)


def _email(language: Language, value: str, *, is_first: bool = False) -> Field:
    label = language.message(say("E-mail"))
    return Field("email", label, "email", "username", value=value, is_first=is_first, longest=254)


def _new_password(language: Language) -> Field:
    hint = say_count(
        "{count} character or more; a few words in a row do well.",
        "{count} characters or more; a few words in a row do well.",
        SHORTEST,
    )
    words = language.message
    return Field("password", words(say("New password")), "password", "new-password", hint=words(hint))


def _marked(language: Language, fields: list[Field], problems: Mapping[str, Message]) -> tuple[Field, ...]:
    """The fields with what is wrong with them; the cursor goes to the first that is, else the first empty."""
    told = [
        replace(field, problem=language.message(problems[field.name])) if field.name in problems else field
        for field in fields
    ]
    first = next((field.name for field in told if field.problem), None) or next(
        (field.name for field in told if not field.value), ""
    )
    return tuple(replace(field, is_first=field.name == first) for field in told)
