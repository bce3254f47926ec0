"""A line of the history in words: what happened, and the values before and after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from crmplus.domain.message import Message, say
from crmplus.services.history_names import Subject
from crmplus.store.history import LoggedChange
from crmplus.ui.session import _, language
from crmplus.ui.text import shortened
from crmplus.ui.words import field_name, value_words

UNCUT = 100_000


@dataclass(frozen=True, slots=True)
class _Told:
    """What a headline is made of: phases before and after, closing reason, text of a step, its due day."""

    before: str
    phase: str
    reason: str
    text: str
    due: str


_HEADLINES: dict[str, Callable[[_Told], Message]] = {
    "customer_made": lambda told: say("Customer made."),
    "customer_changed": lambda told: say("Details changed."),
    "lead_started": lambda told: say("Lead started in {phase}.", phase=told.phase),
    "lead_saved": lambda told: say("Values recorded."),
    "phase_completed": lambda told: say(
        "{before} completed, on to {phase}.", before=told.before, phase=told.phase
    ),
    "lead_moved": lambda told: say("Moved from {before} to {phase}.", before=told.before, phase=told.phase),
    "lead_closed": lambda told: say("Closed: {reason}.", reason=told.reason),
    "lead_reopened": lambda told: say("Reopened in {phase}.", phase=told.phase),
    "lead_described": lambda told: say("Title or owner changed."),
    "lead_transferred": lambda told: say("Went on in another funnel, in {phase}.", phase=told.phase),
    "customer_erased": lambda told: say("Customer erased."),
    "customer_imported": lambda told: say("Customer imported."),
    "customer_import_undone": lambda told: say("Import undone: details as before."),
    "lead_imported": lambda told: say("Lead imported, in {phase}.", phase=told.phase),
    "lead_import_undone": lambda told: say("Import undone: lead as before."),
    "lead_relocated": lambda told: say(
        "Moved to {phase}, as {before} was archived.", before=told.before, phase=told.phase
    ),
    "next_step_made": lambda told: say("Next step planned: {text}, due {due}", text=told.text, due=told.due),
    "next_step_changed": lambda told: say("Next step changed: {text}", text=told.text),
    "next_step_done": lambda told: say("Next step done: {text}", text=told.text),
    "next_step_reopened": lambda told: say("Next step not done after all: {text}", text=told.text),
    "next_step_deleted": lambda told: say("Next step removed: {text}", text=told.text),
    "note_made": lambda told: say("Note added."),
    "note_changed": lambda told: say("Note changed."),
    "note_deleted": lambda told: say("Note removed."),
    "contact_person_made": lambda told: say("Contact person added: {name}", name=told.text),
    "contact_person_changed": lambda told: say("Contact person changed: {name}", name=told.text),
    "contact_person_deleted": lambda told: say("Contact person removed: {name}", name=told.text),
}
"""What happened, by action. Behind what somebody typed there is no full stop: it may have its own."""

_IN_HEADLINE = {
    "lead": frozenset({"phase_id", "closing_reason_id", "closed_at_utc"}),
    "next_step": frozenset({"done_at_utc"}),
}
_WHOLE = frozenset({"next_step_made", "next_step_deleted"})
"""Of these the headline says everything."""
_NAME_IN_HEADLINE = frozenset({"contact_person_made", "contact_person_deleted"})


def headline(change: LoggedChange, subject: Subject | None = None, longest: int = 80) -> str:
    """What happened, in a few words; a text in it is cut to so many characters."""
    told = _Told(
        before=value_words("phase_id", change.before.get("phase_id")),
        phase=value_words("phase_id", change.after.get("phase_id")),
        reason=value_words("closing_reason_id", change.after.get("closing_reason_id")),
        text=shortened(" ".join(subject.text.split()), longest) if subject else "",
        due=_due(subject.due_date, subject.due_time) if subject and subject.due_date else "",
    )
    return language().message(_HEADLINES[change.action](told))


def details(change: LoggedChange, longest: int = 200) -> list[str]:
    """Each changed field with its value before and after, cut to so many characters."""
    if change.action in _WHOLE:
        return []
    lines = [
        _detail(change, field, longest)
        for field in change.before | change.after
        if field_name(field, change.entity)
        and field not in _IN_HEADLINE.get(change.entity, ())
        and not (field == "name" and change.action in _NAME_IN_HEADLINE)
    ]
    return [line for line in lines if line]


def _detail(change: LoggedChange, field: str, longest: int) -> str:
    """Empty where there is nothing to say."""
    name = field_name(field, change.entity)
    old = shortened(value_words(field, change.before.get(field)), longest)
    new = shortened(value_words(field, change.after.get(field)), longest)
    if change.entity == "note" and not (change.before and change.after):
        return new if change.after else old
    if change.action == "contact_person_deleted":
        return _("{field} {new}", field=name, new=old) if old != "–" else ""
    if old == "–" and new != "–" and field != "skipped":
        return _("{field} {new}", field=name, new=new)
    if change.before and field == "skipped":
        return _("skipped: {phases}", phases=new) if new != "–" else ""
    return _("{field} {old} to {new}", field=name, old=old, new=new) if change.before else ""


def _due(day: date, at: time | None) -> str:
    words = value_words("due_date", day)
    return f"{words} {value_words('due_time', at)}" if at else words
