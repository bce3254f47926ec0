"""Many leads changed at once: what is asked, what would happen to each, and the button that does it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from crmplus.domain.errors import CrmError
from crmplus.services.bulk import Choice, Effects, Fate, do_bulk, preview_bulk
from crmplus.services.bulk_plans import BulkAction
from crmplus.ui.bulk_forms import ask_owner, ask_phase, ask_reason, ask_step
from crmplus.ui.bulk_refused import keep_refused, name_of, words_of
from crmplus.ui.forms import attempt, finish, forget, notify, open_dialog, show_problem
from crmplus.ui.sent import key_of, version_of
from crmplus.ui.session import _, _n, actor, database, language, now
from crmplus.ui.text import plain

_FEW = 8
"""Rows of a preview that are shown at their full height."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of bulk action in words, which count; `ask` draws its form."""

    title: Callable[[int], str]
    verb: Callable[[int], str]
    done: Callable[[int], str]
    ask: Callable[[str, Sequence[Choice]], BulkAction | None]


KINDS = {
    "owner": Kind(
        lambda count: _n("New owner for {count} lead", "New owner for {count} leads", count),
        lambda count: _n("Give {count} lead another owner", "Give {count} leads another owner", count),
        lambda count: _n("{count} lead has another owner", "{count} leads have another owner", count),
        ask_owner,
    ),
    "step": Kind(
        lambda count: _n("Next step for {count} lead", "Next step for {count} leads", count),
        lambda count: _n("Plan it for {count} lead", "Plan it for {count} leads", count),
        lambda count: _n("Next step planned for {count} lead", "Next step planned for {count} leads", count),
        ask_step,
    ),
    "move": Kind(
        lambda count: _n("Move {count} lead", "Move {count} leads", count),
        lambda count: _n("Move {count} lead", "Move {count} leads", count),
        lambda count: _n("{count} lead moved", "{count} leads moved", count),
        ask_phase,
    ),
    "close": Kind(
        lambda count: _n("Close {count} lead", "Close {count} leads", count),
        lambda count: _n("Close {count} lead", "Close {count} leads", count),
        lambda count: _n("{count} lead closed", "{count} leads closed", count),
        ask_reason,
    ),
}


def open_bulk(sent: object) -> None:
    """The dialog that the browser asked for; what no bar of ours sends is passed over."""
    name, choices = _read(sent)
    if name and choices:
        form = f"bulk-{name}"
        forget(form)
        forget(f"reason-{form}")
        open_dialog(KINDS[name].title(len(choices)), _body, KINDS[name], form, choices)


def _body(kind: Kind, form: str, choices: Sequence[Choice]) -> None:
    show_problem(form)
    action = kind.ask(form, choices)
    if action is None:
        return
    try:
        effects = preview_bulk(database(), actor(), action, choices, now())
    except CrmError as error:
        st.error(plain(language().message(error.message)), icon=":material/error:")
        return
    _show_effects(effects)
    count = len(effects.of(Fate.CHANGES))
    if st.button(kind.verb(count), type="primary", disabled=not count, key=f"{form}-do"):
        finish(attempt(form, lambda: _do(kind, action, choices)))


def _do(kind: Kind, action: BulkAction, choices: Sequence[Choice]) -> None:
    """A second click finds everything done already, and says so of as many."""
    effects = do_bulk(database(), actor(), action, choices, now())
    keep_refused(effects)
    notify(kind.done(len(effects.of(Fate.CHANGES)) or len(effects.of(Fate.SAME))))


def _show_effects(effects: Effects) -> None:
    """What would happen to each: those first for which nothing can, then those that stay as they are."""
    refused, same = len(effects.of(Fate.REFUSED)), len(effects.of(Fate.SAME))
    if refused:
        said = _n("{count} lead can't be changed so.", "{count} leads can't be changed so.", refused)
        st.warning(plain(said), icon=":material/warning:")
    if same:
        st.caption(_n("{count} lead is so already.", "{count} leads are so already.", same))
    if effects.weighted_leaving:
        value = language().round_money(effects.weighted_leaving)
        st.caption(plain(_("Weighted value that leaves the open leads: {value}", value=value)))
    marks = {Fate.REFUSED: "✕", Fate.SAME: "–", Fate.CHANGES: "✓"}
    lines = [
        {"": marks[fate], _("Lead"): plain(name_of(effect)), _("Effect"): plain(words_of(effect))}
        for fate in marks
        for effect in effects.of(fate)
    ]
    with st.container(height=360 if len(lines) > _FEW else "content", border=False, key="bulk-effects"):
        st.table(pd.DataFrame(lines), hide_index=True, alt=_("What happens to each lead"))


def _read(sent: object) -> tuple[str, list[Choice]]:
    match sent:
        case {"action": str(name), "leads": list(leads)} if name in KINDS:
            return name, [choice for lead in leads if (choice := _choice(lead))]
    return "", []


def _choice(sent: object) -> Choice | None:
    match sent:
        case [lead, version]:
            with suppress(ValueError):
                return Choice(key_of(lead), version_of(version))
    return None
