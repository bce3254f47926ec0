"""The form of a lead's current phase: what is typed, and what of it was loaded from which version."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from html import escape
from uuid import UUID

import streamlit as st

from crmplus.domain.errors import CrmError, Invalid
from crmplus.domain.lead import LONGEST_NOTE, LeadValues, weighted
from crmplus.domain.message import Message
from crmplus.services.leads import LeadCard
from crmplus.ui.forms import field_problem, forget_field
from crmplus.ui.session import _, language, now, workspace
from crmplus.ui.words import per_period

_LEAST_SCORE, _MOST_SCORE = 1, 100
_UNHEARD = timedelta(seconds=3)
"""How long a browser may take to hear where the slider stands now."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the form was filled with: the values of which version (L6), as the fields show them
    in which language."""

    version: int
    values: LeadValues
    shown: dict[str, object]
    language: str


def form_name(lead_id: UUID) -> str:
    return f"lead-{lead_id}"


def loaded_form(lead_id: UUID) -> Loaded | None:
    """What the form was filled with; None once it was saved."""
    found: Loaded | None = st.session_state.get(f"{form_name(lead_id)}-loaded")
    return found


def rebase(lead_id: UUID, version: int, values: LeadValues | None = None) -> None:
    """Go on from a newer version with what was typed (L6); untouched fields show `values`."""
    name, loaded = form_name(lead_id), loaded_form(lead_id)
    if loaded is None:
        return
    if values:
        shown = _shown(values)
        for field, value in _typed(name).items():
            if value == loaded.shown[field]:
                st.session_state[f"{name}-{field}"] = shown[field]
        _place_slider(name)
        loaded = replace(loaded, values=values, shown=shown)
    st.session_state[f"{name}-loaded"] = replace(loaded, version=version)


def read_form(lead_id: UUID) -> LeadValues:
    """What is typed. Raises: Invalid, for every field at once."""
    state, name = st.session_state, form_name(lead_id)
    wrong: dict[str, Message] = {}
    amounts: dict[str, Decimal | None] = {}
    for field in ("expected_value", "recurring_value"):
        try:
            amounts[field] = language().parse_amount(field, state[f"{name}-{field}"])
        except Invalid as error:
            wrong |= error.fields
    values = LeadValues(
        score=state[f"{name}-score"],
        expected_value=amounts.get("expected_value"),
        recurring_value=amounts.get("recurring_value"),
        expected_close_date=state[f"{name}-expected_close_date"],
        note=state[f"{name}-note"],
    )
    try:
        values = values.checked()
    except Invalid as error:
        wrong |= error.fields
    if wrong:
        raise Invalid(wrong)
    return values


@st.fragment
def lead_form(card: LeadCard) -> None:
    """The fields of the current phase, and the weighted value as they change.

    What is typed outlives a look at another tab or lead of the card. A score that nobody gave is an empty
    field: one that the form proposed would be recorded as somebody's judgement.
    """
    name = form_name(card.lead.id)
    _load(card)
    period = per_period(workspace().recurring_period)
    currency = workspace().currency
    hint = _("Write amounts as {example}.", example=language().amount_example)
    first, second, third, fourth = st.columns(4, gap="medium")
    with first:
        _score(name)
    with second:
        _amount(name, "expected_value", _("Expected value, {currency}", currency=currency), hint)
        _figure(_("weighted"), _weighted(card.lead.id, "expected_value"))
    with third:
        label = _("Recurring, {currency} {period}", currency=currency, period=period)
        _amount(name, "recurring_value", label, hint)
        _figure(_("weighted, {period}", period=period), _weighted(card.lead.id, "recurring_value"))
    with fourth:
        _close_date(name)
    st.text_area(
        _("Note on this phase"),
        key=f"{name}-note",
        height=68,
        max_chars=LONGEST_NOTE,
        persist_state="page",
    )
    field_problem(name, "note")


def _score(name: str) -> None:
    st.number_input(
        _("Score, 1 to 100"),
        value=None,
        step=1,
        key=f"{name}-score",
        persist_state="page",
        placeholder=_("none yet"),
        help=_("How likely the lead is won, in percent: its weight."),
        on_change=_score_typed,
        args=(name,),
    )
    is_given = st.session_state[f"{name}-score"] is not None
    with st.container(key="score-slider" if is_given else "score-slider-without-a-score"):
        st.slider(
            _("Score"),
            _LEAST_SCORE,
            _MOST_SCORE,
            key=f"{name}-slider",
            persist_state="page",
            label_visibility="collapsed",
            on_change=_slider_moved,
            args=(name,),
        )
    field_problem(name, "score")


def _close_date(name: str) -> None:
    st.date_input(
        _("Expected close date"),
        min_value=date(1990, 1, 1),
        max_value=date(2100, 12, 31),
        key=f"{name}-expected_close_date",
        persist_state="page",
        format=language().date_input_format,
    )
    field_problem(name, "expected_close_date")


def _amount(name: str, field: str, label: str, hint: str) -> None:
    st.text_input(
        label,
        key=f"{name}-{field}",
        persist_state="page",
        placeholder=language().amount_example,
        help=hint,
        live="400ms",
        on_change=forget_field,
        args=(name, field),
        max_chars=40,
        autocomplete="off",
    )
    field_problem(name, field)


def _weighted(lead_id: UUID, field: str) -> str:
    """What is typed into an amount's field, weighted by the score that is typed."""
    name, words = form_name(lead_id), language()
    score = st.session_state[f"{name}-score"]
    try:
        amount = words.parse_amount(field, st.session_state[f"{name}-{field}"])
        values = LeadValues(score=score, expected_value=amount).checked()
    except CrmError:
        return "–"
    return words.money(weighted(values.expected_value, values.score))


def _figure(label: str, value: str) -> None:
    st.html(
        f'<div class="crm-figure" aria-live="polite"><span class="crm-label">{escape(label)}</span> '
        f'<span class="crm-value">{escape(value)}</span></div>'
    )


def _score_typed(name: str) -> None:
    """The slider follows a score that it can show; what it can't, saving refuses."""
    state = st.session_state
    forget_field(name, "score")
    state[f"{name}-slider-was"] = (state[f"{name}-slider"], now())
    _place_slider(name)


def _slider_moved(name: str) -> None:
    """Follow the slider; but where the next field is typed in before the browser heard that the slider
    goes with the score, it still sends the slider's old place, and that is no move."""
    state = st.session_state
    place, at = state.pop(f"{name}-slider-was", (None, now()))
    if place == state[f"{name}-slider"] and now() - at < _UNHEARD:
        _place_slider(name)
    else:
        state[f"{name}-score"] = state[f"{name}-slider"]


def _place_slider(name: str) -> None:
    """Where the score is; at the beginning where there is none, and as it is where it can't be shown."""
    place = _place_of(st.session_state[f"{name}-score"])
    if _LEAST_SCORE <= place <= _MOST_SCORE:
        st.session_state[f"{name}-slider"] = place


def _place_of(score: int | None) -> int:
    return _LEAST_SCORE if score is None else score


def _load(card: LeadCard) -> None:
    """Fill the fields with what is stored, unless something was typed that is not saved yet."""
    name, loaded = form_name(card.lead.id), loaded_form(card.lead.id)
    is_drawn = f"{name}-score" in st.session_state  # fields are forgotten on another page
    if loaded and is_drawn and loaded.language != language().code:
        loaded = _rewrite_amounts(name, loaded)
    if loaded and is_drawn and (loaded.version == card.lead.version or _typed(name) != loaded.shown):
        return
    shown = _shown(card.values)
    for field, value in shown.items():
        st.session_state[f"{name}-{field}"] = value
    st.session_state[f"{name}-slider"] = _place_of(card.values.score)
    st.session_state[f"{name}-loaded"] = Loaded(card.lead.version, card.values, shown, language().code)


def _shown(values: LeadValues) -> dict[str, object]:
    """Values as the fields show them."""
    words = language()
    expected, recurring = values.expected_value, values.recurring_value
    return {
        "score": values.score,
        "expected_value": "" if expected is None else words.amount(expected),
        "recurring_value": "" if recurring is None else words.amount(recurring),
        "expected_close_date": values.expected_close_date,
        "note": values.note,
    }


def _rewrite_amounts(name: str, loaded: Loaded) -> Loaded:
    """Amounts as the language now chosen writes them; what can't be read stays as it was typed."""
    before = replace(language(), code=loaded.language)
    for field in ("expected_value", "recurring_value"):
        with suppress(Invalid):
            amount = before.parse_amount(field, st.session_state[f"{name}-{field}"])
            st.session_state[f"{name}-{field}"] = "" if amount is None else language().amount(amount)
    rewritten = replace(loaded, shown=_shown(loaded.values), language=language().code)
    st.session_state[f"{name}-loaded"] = rewritten
    return rewritten


def _typed(name: str) -> dict[str, object]:
    """What the fields hold."""
    fields = ("score", "expected_value", "recurring_value", "expected_close_date", "note")
    return {field: st.session_state.get(f"{name}-{field}") for field in fields}
