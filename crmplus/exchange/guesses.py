"""First proposals for what the names in a file mean; the user changes them in the values step.

What is called the same as something of ours is that; then words that mean the same are tried, in
four languages; what is left will be made. Words that deny an outcome, or speak of two, never make a
lead one that is won.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence, Set
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from crmplus.domain.account_type import AccountType
from crmplus.domain.closing_reason import ClosingReason, Outcome
from crmplus.domain.customer import search_key
from crmplus.domain.funnel import Funnel
from crmplus.domain.person import Person
from crmplus.domain.phase import Phase, PhaseType
from crmplus.exchange.mapping import Action, Choice

_WORDS = Path(__file__).with_name("guess_words.json")
_LONGEST = 200
_EMPTY = Choice(Action.EMPTY)
_MAKE = Choice(Action.MAKE)
_REFUSE = Choice(Action.REFUSE)
_DENIED, _UNCLEAR = "denied", "unclear"
_PARTS = re.compile(r"\s[-–—]+\s|[/:|,;()]")
Named = TypeVar("Named", bound=Any)
"""A setting or a person."""


def guess_phase(text: str, funnel: Funnel, reasons: Sequence[ClosingReason]) -> Choice:
    """The phase that a name means, with the reason where it says that the lead is closed.

    A closing phase without a reason is one for the user to complete. Words that may mean an outcome, or
    another, are refused until the user says what they mean.
    """
    if not _plain(text):
        return _EMPTY
    phase = _same_name(text, funnel.phases, _names_of_phase)
    said = _outcome_said(text, _names_of_phase(phase) if phase else ())
    if phase and (not said or _closes(phase)):
        return _in_phase(text, phase, reasons)
    if phase and said != Outcome.LOST:
        return _REFUSE
    alike = _same_meaning(text, funnel.phases, "phases")
    reason, closing = _reason_meant(text, reasons), funnel.of_type(PhaseType.CLOSING)
    if closing and said and not reason and not _outcome(text):
        if alike and _closes(alike):
            return _in_phase(text, alike, reasons)
        if not _is_lost(text):
            return _REFUSE
        reason = _reason_lost(text, reasons)
    if closing and (reason or said):
        return Choice(Action.USE, closing[0].code, reason.code if reason else "")
    start = funnel.of_type(PhaseType.QUALIFICATION)
    if start and not set(_forms(text)).isdisjoint(_words()["start"]):
        return Choice(Action.USE, start[0].code)
    return _in_phase(text, alike, reasons) if alike else _MAKE


def guess_status(text: str, reasons: Sequence[ClosingReason], *, has_reason: bool = False) -> Choice:
    """The reason that a status says the lead is closed with; empty where it says none: it is open.

    Closed without saying how is refused until the user says which reason that is, unless the file has
    a column for it (`has_reason`); so is what speaks of an outcome in words that may mean another.
    """
    if reason := _reason_meant(text, reasons):
        return Choice(Action.USE, reason=reason.code)
    if outcome := _outcome(text):
        return Choice(Action.MAKE, outcome=outcome)
    if _is_lost(text):
        reason = _reason_lost(text, reasons)
        return Choice(Action.USE, reason=reason.code) if reason else Choice(Action.MAKE, outcome=Outcome.LOST)
    is_closed = _plain(text) in _words()["closed"]
    return _REFUSE if _outcome_said(text) or (is_closed and not has_reason) else _EMPTY


def is_status(text: str) -> bool:
    """Whether a name says that a lead is open, closed, won or lost, rather than where it stands."""
    words = _words()
    return bool(_outcome(text)) or _plain(text) in (*words["open"], *words["closed"])


def guess_reason(text: str, reasons: Sequence[ClosingReason]) -> Choice:
    """The closing reason that a name means; one that is made counts as lost unless it says otherwise."""
    if not _plain(text):
        return _EMPTY
    reason = _reason_meant(text, reasons) or _same_meaning(text, _in_use(reasons), "reasons")
    if reason:
        return Choice(Action.USE, reason.code)
    outcome = _outcome(text) or _outcome_said(text)
    return Choice(Action.MAKE, outcome=outcome if outcome in set(Outcome) else Outcome.LOST)


def guess_account_type(text: str, types: Sequence[AccountType]) -> Choice:
    """The account type that a name means."""
    if not _plain(text):
        return _EMPTY
    found = _same_name(text, _in_use(types), _names_of_setting)
    if not found:
        alike = {name for group in _words()["account_types"] if _plain(text) in group for name in group}
        found = _only(t for t in _in_use(types) if not alike.isdisjoint(_names_of_setting(t)))
    return Choice(Action.USE, found.code) if found else _MAKE


def guess_owner(text: str, people: Sequence[Person]) -> Choice:
    """The person that a name or initials mean, the last name first too."""
    if not _plain(text):
        return _EMPTY
    found = _same_name(text, _in_use(people), lambda p: (_plain(p.name), _plain(p.initials)))
    words = sorted(_plain(text).split())
    found = found or _only(p for p in _in_use(people) if sorted(_plain(p.name).split()) == words)
    return Choice(Action.USE, found.initials) if found else _MAKE


def _closes(phase: Phase) -> bool:
    return phase.phase_type is PhaseType.CLOSING


def _in_phase(text: str, phase: Phase, reasons: Sequence[ClosingReason]) -> Choice:
    reason = (_reason_meant(text, reasons) or _reason_within(text, reasons)) if _closes(phase) else None
    return Choice(Action.USE, phase.code, reason.code if reason else "")


def _reason_meant(text: str, reasons: Sequence[ClosingReason]) -> ClosingReason | None:
    """The reason of this name, or the first of the outcome that the name says."""
    in_use = sorted(_in_use(reasons), key=lambda r: (r.order_number, r.code))
    found = _same_name(text, in_use, _names_of_setting)
    if found and _agree(_outcome_said(text, _names_of_setting(found)), found.outcome):
        return found
    outcome = _outcome(text)
    of_outcome = [reason for reason in in_use if reason.outcome == outcome]
    named_so = [reason for reason in of_outcome if reason.code.casefold() == outcome]
    return next(iter(named_so + of_outcome), None)


def _reason_within(text: str, reasons: Sequence[ClosingReason]) -> ClosingReason | None:
    """The reason, else the first of the outcome, that words of a longer name say: lost to competition."""
    said = _outcome_said(text)
    if reason := _same_meaning(text, _in_use(reasons), "reasons"):
        return reason if _agree(said, reason.outcome) else None
    return _reason_meant(said, reasons)


def _reason_lost(text: str, reasons: Sequence[ClosingReason]) -> ClosingReason | None:
    return _reason_within(text, [reason for reason in reasons if reason.outcome is Outcome.LOST])


def _is_lost(text: str) -> bool:
    """Whether a longer name says that a lead is lost, and not that a step on its way failed.

    Of won there is no such thing: waiting for the order, to be signed.
    """
    steps = set().union(*_words()["phases"]) - set(_words()["closed"])
    return _outcome_said(text) == Outcome.LOST and steps.isdisjoint(_plain(text).split())


def _outcome(text: str) -> str:
    """The outcome that a name, or a part of it, stands for; empty where it stands for none."""
    for form in _forms(text):
        for outcome, names in _words()["outcomes"].items():
            if form in names:
                is_whole = form == _plain(text)
                return str(outcome) if is_whole or _agree(_outcome_said(text), outcome) else ""
    return ""


def _outcome_said(text: str, own: Sequence[str] = ()) -> str:
    """The outcome that words of a name speak of, empty where none do, or that it is unclear which.

    `own` are names of what was found: parts of the text that are called so say nothing beside it.
    """
    if _plain(text) in own:
        return ""
    parts = map(_plain, _PARTS.split(text[:_LONGEST]))
    return _one_of({_said_by(part) for part in parts if part not in own} - {""})


def _said_by(part: str) -> str:
    names, says = _sayings()
    said = [says.get(name, "") for name in names.findall(part)]
    outcome = _one_of(set(said) & set(Outcome))
    is_lost = outcome == Outcome.LOST  # which "no budget" behind it does not deny
    is_denied = (_DENIED, Outcome.LOST) in pairwise(said) if is_lost else _DENIED in said
    return _UNCLEAR if outcome and is_denied else outcome


def _one_of(outcomes: Set[str]) -> str:
    """A duplicate that is lost is lost; whatever else stands beside won makes it unclear."""
    if len(outcomes) < 2:
        return next(iter(outcomes), "")
    return Outcome.LOST if outcomes == {Outcome.LOST, Outcome.NEITHER} else _UNCLEAR


def _agree(said: str, outcome: str) -> bool:
    """Whether words leave it at won, or at not won."""
    return not said or (said != _UNCLEAR and (said == Outcome.WON) == (outcome == Outcome.WON))


def _same_name(text: str, rows: Iterable[Named], names: Callable[[Named], Iterable[str]]) -> Named | None:
    called = {name: row for row in reversed(list(rows)) for name in names(row) if name}
    return next((called[form] for form in _forms(text) if form in called), None)


def _same_meaning(text: str, rows: Iterable[Named], groups: str) -> Named | None:
    """The one row whose description has a word of the same meaning as a word of `text`."""
    words = set(_plain(text).split())
    alike = {word for group in _words()[groups] if not words.isdisjoint(group) for word in group}
    return _only(row for row in rows if not alike.isdisjoint(_plain(row.description).split()))


def _names_of_setting(row: Any) -> tuple[str, ...]:
    return _plain(row.code), _plain(row.description)


def _names_of_phase(phase: Phase) -> tuple[str, ...]:
    """Its code also without the account type's in front: LEAD-MEETING is MEETING."""
    return (*_names_of_setting(phase), _plain(phase.code.partition("-")[2]))


def _forms(text: str) -> list[str]:
    """A name whole, without what stands behind it in brackets, then its parts on either side of a
    dash, stroke or colon."""
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", text[:_LONGEST])
    parts = re.split(r"\s[-–—]+\s|[/:|]", bare)
    return [form for form in map(_plain, (text, bare, *reversed(parts))) if form]


def _plain(text: str) -> str:
    """Words in lower case without accents and signs."""
    return " ".join(re.sub(r"[\W_]+", " ", search_key(text[:_LONGEST])).split())


def _in_use(rows: Iterable[Named]) -> list[Named]:
    return [row for row in rows if row.archived_at_utc is None]


def _only(rows: Iterable[Named]) -> Named | None:
    found = list(rows)
    return found[0] if len(found) == 1 else None


@cache
def _sayings() -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds names of outcomes, denials and other words, the longest first; and what they say."""
    says = {name: outcome for outcome, names in _words()["outcomes"].items() for name in names}
    says |= dict.fromkeys(_words()["denials"], _DENIED)
    longest_first = sorted(says, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest_first)})\b|\w+"), says


@cache
def _words() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_WORDS.read_text(encoding="utf-8"))
    return content
