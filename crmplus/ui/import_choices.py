"""What a name in a file can mean: the choices of the values step, and what they are called."""

from collections.abc import Iterable, Mapping

from crmplus.domain.actor import Permission
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.funnel import Funnel
from crmplus.domain.phase import Phase, PhaseType
from crmplus.exchange.mapping import Action, Choice
from crmplus.exchange.meanings import Settings
from crmplus.exchange.names import guess_meaning
from crmplus.services.account_types import list_account_types
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.services.phases import list_phases
from crmplus.ui.import_draft import ImportDraft
from crmplus.ui.session import _, actor, people, read
from crmplus.ui.text import distinct
from crmplus.ui.words import outcome_name

OWNERS = ("customer_owner", "lead_owner")
_EMPTY, _MAKE, _REFUSE = Choice(Action.EMPTY), Choice(Action.MAKE), Choice(Action.REFUSE)


def our_settings() -> Settings:
    """Those in use, as the guesses want them."""
    return Settings(
        account_types=list(read(list_account_types)),
        phases=list(read(list_phases)),
        reasons=list(read(list_closing_reasons)),
        people=[person for person in people().values() if not person.archived_at_utc],
    )


def may_make(field_key: str) -> bool:
    """People are made by administrators only."""
    return field_key not in OWNERS or actor().may(Permission.ADMINISTER)


def settle_values(draft: ImportDraft, named: Mapping[str, Iterable[str]]) -> None:
    """A first proposal for each name that nobody decided about; phases are those of the account type."""
    if draft.values_type != draft.account_type:
        draft.values.pop("phase", None)
        draft.values_type = draft.account_type
    settings = our_settings()
    for field_key, texts in named.items():
        choices = draft.values.setdefault(field_key, {})
        for text in texts:
            if text not in choices:
                choices[text] = guess_meaning(field_key, text, settings, draft.account_type, draft.fields)
                if choices[text] == _REFUSE:
                    draft.asked.setdefault(field_key, set()).add(text)
            if choices[text] == _MAKE and not may_make(field_key):
                choices[text] = _EMPTY


def choices_of(draft: ImportDraft, field_key: str) -> dict[Choice, str]:
    """All that a name in this column can mean, with what it is called; ours first."""
    match field_key:
        case "account_type":
            found = {Choice(Action.USE, row.code): row.description for row in read(list_account_types)}
            rest = {_MAKE: _("+ make this account type"), _EMPTY: _("– leave empty")}
        case "phase":
            found = _phases(draft)
            rest = {_MAKE: _("+ make this phase"), _EMPTY: _("– leave empty: the first phase")}
        case "status":
            found = {
                Choice(Action.USE, reason=row.code): _("closed: {reason}", reason=row.description)
                for row in read(list_closing_reasons)
            }
            rest = {_EMPTY: _("open")} | _made_reasons()
        case "closing_reason":
            found = {Choice(Action.USE, row.code): row.description for row in read(list_closing_reasons)}
            rest = _made_reasons() | {_EMPTY: _("– leave empty")}
        case _owner:
            in_use = [person for person in people().values() if not person.archived_at_utc]
            found = {Choice(Action.USE, person.initials): person.name for person in in_use}
            rest = {_MAKE: _("+ make this person")} if may_make(field_key) else {}
            rest[_EMPTY] = _("– nobody")
    return distinct({**found, **rest, _REFUSE: _("× refuse these rows")})


def _phases(draft: ImportDraft) -> dict[Choice, str]:
    """In funnel order, a closing phase with each reason; other funnels only where rows may be of them."""
    types = {row.id: row for row in read(list_account_types) if row.uses_phases}
    own = [row for row in types.values() if row.code == draft.account_type]
    others = [row for row in types.values() if row not in own and "account_type" in draft.fields]
    found: dict[Choice, str] = {}
    for row in [*own, *others]:
        suffix = "" if row in own else f" ({row.description})"
        for phase in Funnel.of(row.id, read(list_phases)).phases:
            found |= {choice: words + suffix for choice, words in _phase(draft, phase).items()}
    return found


def _phase(draft: ImportDraft, phase: Phase) -> dict[Choice, str]:
    if phase.phase_type is not PhaseType.CLOSING:
        return {Choice(Action.USE, phase.code): phase.description}
    found = {
        Choice(Action.USE, phase.code, row.code): f"{phase.description}: {row.description}"
        for row in read(list_closing_reasons)
    }
    if {"closing_reason", "status"} & set(draft.fields):
        words = _("{phase}: reason as the row says", phase=phase.description)
        return {Choice(Action.USE, phase.code): words, **found}
    return found


def _made_reasons() -> dict[Choice, str]:
    return {
        Choice(Action.MAKE, outcome=outcome): _(
            "+ make this closing reason: {outcome}", outcome=outcome_name(outcome)
        )
        for outcome in Outcome
    }
