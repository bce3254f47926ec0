"""The grid of targets of one year: what it was filled with, what is typed, and saving it (L6).

What is typed stays until it is saved or dropped, also while another year or page is looked at.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import streamlit as st

from crmplus.domain.errors import Invalid
from crmplus.domain.message import Message
from crmplus.domain.target import Target, TargetChange, target_field
from crmplus.locale.language import Language
from crmplus.services.targets import list_targets, set_targets
from crmplus.ui.conflict import keep_typed
from crmplus.ui.forms import attempt, forget, forget_problem, notify, problem
from crmplus.ui.session import _, _n, actor, database, language, now, people, read

Cell = tuple[UUID, date]
Texts = Mapping[Cell, str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the grid was filled with: the owners in it, their targets then, and each as it was written."""

    owners: tuple[UUID, ...]
    targets: Mapping[Cell, Target]
    texts: Texts
    language: str


def form_name(year: int) -> str:
    return f"targets-{year}"


def months_of(year: int) -> list[date]:
    return [date(year, number, 1) for number in range(1, 13)]


def load(year: int) -> Loaded:
    """What is stored or, while something is typed that is not saved yet, what was stored then."""
    form, state = form_name(year), st.session_state
    found: Loaded | None = state.get(f"{form}-loaded")
    if found and found.language != language().code:
        found = _rewrite(form, found)
    if found and (typed(year) or problem(form)):
        return found
    stored = _stored(year)
    if stored != found:
        state[f"{form}-loaded"] = stored
        show(year, stored.texts)
    return stored


def typed(year: int) -> dict[Cell, str]:
    """The cells that say something else than what they were filled with."""
    form, state = form_name(year), st.session_state
    loaded: Loaded | None = state.get(f"{form}-loaded")
    if loaded is None:
        return {}
    words, current = replace(language(), code=loaded.language), state.get(f"{form}-current", loaded.texts)
    return {
        cell: text for cell, text in current.items() if not _is_same(words, text, loaded.texts.get(cell, ""))
    }


def show(year: int, texts: Texts) -> None:
    """Have the grid drawn anew, with these texts in it."""
    form, state = form_name(year), st.session_state
    state[f"{form}-base"] = state[f"{form}-current"] = dict(texts)
    state[f"turn of {form}"] = state.get(f"turn of {form}", 0) + 1


def grid_key(year: int) -> str:
    """The key of the grid as it is drawn now; one that was left for another page begins anew."""
    form, state = form_name(year), st.session_state
    if f"{form}-grid-{state[f'turn of {form}']}" not in state:
        show(year, state[f"{form}-current"])
    return f"{form}-grid-{state[f'turn of {form}']}"


def note_edits(year: int, key: str, owners: tuple[UUID, ...]) -> None:
    """Keep what the grid says now: what it was drawn with, and all edits since."""
    form, state = form_name(year), st.session_state
    edits = {
        (owners[int(row)], date.fromisoformat(f"{column}-01")): text or ""
        for row, cells in state[key]["edited_rows"].items()
        for column, text in cells.items()
    }
    state[f"{form}-current"] = state[f"{form}-base"] | edits


def save(year: int) -> None:
    """Save all that is typed, or keep it with what is wrong."""
    form = form_name(year)
    loaded: Loaded = st.session_state[f"{form}-loaded"]
    changes, wrong = _changes(loaded, typed(year))
    keep_typed(form, {change.field: change.amount for change in changes})

    def write() -> None:
        if wrong:
            raise Invalid(wrong)
        set_targets(database(), actor(), changes, now())

    if attempt(form, write, _("Saved")):
        forget(form)


def save_on_top(year: int) -> None:
    """What is typed, over what somebody else saved; months that are not typed in are theirs."""
    form = form_name(year)
    mine = typed(year)
    stored = _stored(year)
    st.session_state[f"{form}-loaded"] = stored
    st.session_state[f"{form}-current"] = {**stored.texts, **mine}
    forget_problem(form)
    save(year)


def drop(year: int) -> None:
    """Let go of what is typed."""
    forget(form_name(year))


def fill_from_last_year(year: int) -> None:
    """Propose last year's target for each month that has none yet; nothing is saved by it."""
    loaded = load(year)
    current = dict(st.session_state[f"{form_name(year)}-current"])
    filled = 0
    for target in read(list_targets, year - 1):
        cell = (target.owner_id, target.month.replace(year=year))
        if cell[0] in loaded.owners and not current.get(cell, "").strip():
            current[cell] = written(language(), target.amount)
            filled += 1
    if filled:
        show(year, current)
        notify(
            _n(
                "{count} month filled in. Save to keep it.",
                "{count} months filled in. Save to keep them.",
                filled,
            )
        )
    else:
        notify(_("No month is empty that had a target last year."))


def amounts(year: int) -> dict[Cell, Decimal]:
    """What is typed or stored, as far as it can be read."""
    found = {}
    for cell, text in st.session_state[f"{form_name(year)}-current"].items():
        with suppress(Invalid):
            if (amount := language().parse_amount("amount", text)) is not None:
                found[cell] = amount
    return found


def written(words: Language, amount: Decimal) -> str:
    """An amount as it is typed into a cell; decimals only where there are any."""
    return words.amount(amount) if amount % 1 else words.decimal(amount, 0)


def _changes(loaded: Loaded, texts: Texts) -> tuple[list[TargetChange], dict[str, Message]]:
    """What is typed, as far as it can be read, and what is wrong with the rest."""
    changes: list[TargetChange] = []
    wrong: dict[str, Message] = {}
    for (owner_id, month), text in texts.items():
        stored = loaded.targets.get((owner_id, month))
        try:
            amount = language().parse_amount(target_field(owner_id, month), text)
            change = TargetChange(owner_id, month, amount, stored.version if stored else None)
            changes.append(change.checked())
        except Invalid as error:
            wrong |= error.fields
    return changes, wrong


def _stored(year: int) -> Loaded:
    """Owners in sight and in use, by name, and archived ones with a target in the year."""
    targets = {(t.owner_id, t.month): t for t in read(list_targets, year)}
    aimed = {owner_id for owner_id, _month in targets}
    seen = [p for p in people().values() if actor().sight.takes_in(p.id)]
    owners = tuple(p.id for p in seen if not p.archived_at_utc or p.id in aimed)
    words = language()
    texts = {cell: written(words, target.amount) for cell, target in targets.items()}
    return Loaded(owners, targets, texts, words.code)


def _rewrite(form: str, loaded: Loaded) -> Loaded:
    """Amounts as the language now chosen writes them; what can't be read stays as it was typed."""
    before, words, state = replace(language(), code=loaded.language), language(), st.session_state

    def anew(texts: Texts) -> dict[Cell, str]:
        found = dict(texts)
        for cell, text in texts.items():
            with suppress(Invalid):
                amount = before.parse_amount("amount", text)
                found[cell] = "" if amount is None else written(words, amount)
        return found

    rewritten = replace(loaded, texts=anew(loaded.texts), language=words.code)
    state[f"{form}-loaded"] = rewritten
    state[f"{form}-current"] = anew(state[f"{form}-current"])
    show(int(form.rpartition("-")[2]), state[f"{form}-current"])
    return rewritten


def _is_same(words: Language, text: str, other: str) -> bool:
    """Whether two texts mean one amount."""
    if text.strip() == other.strip():
        return True
    try:
        return words.parse_amount("amount", text) == words.parse_amount("amount", other)
    except Invalid:
        return False
