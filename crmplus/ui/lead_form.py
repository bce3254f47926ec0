"""The form of a lead's current phase: what is typed, and what of it was loaded from which version."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from html import escape
from uuid import UUID

import streamlit as st

from crmplus.domain.errors import CrmError, Invalid
from crmplus.domain.lead import LONGEST_NOTE, LeadValues, weighted
from crmplus.domain.message import Message
from crmplus.services.leads import LeadCard
from crmplus.ui.forms import field_problem
from crmplus.ui.session import _, language, workspace
from crmplus.ui.words import per_period

PROPOSED_SCORE = 50
"""What the form proposes where no score was recorded yet; it counts only once saved."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the form was filled with: the version it starts from (L6), in which language."""

    version: int
    typed: tuple[object, ...]
    language: str


def form_name(lead_id: UUID) -> str:
    return f"lead-{lead_id}"


def chosen_lead_key(customer_id: UUID) -> str:
    """Where the session keeps which lead of a customer is on screen."""
    return f"lead of {customer_id}"


def base_version(lead_id: UUID) -> int | None:
    """The version that the form started from; None once it was saved."""
    loaded: Loaded | None = st.session_state.get(f"{form_name(lead_id)}-loaded")
    return loaded.version if loaded else None


def rebase(lead_id: UUID, version: int) -> None:
    """Go on from a newer version with what was typed (L6)."""
    key = f"{form_name(lead_id)}-loaded"
    st.session_state[key] = replace(st.session_state[key], version=version)


def forget_form(lead_id: UUID) -> None:
    """The next time the form is drawn, it shows what is stored."""
    for key in [k for k in st.session_state if str(k).startswith(form_name(lead_id))]:
        del st.session_state[key]


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
    """The fields of the current phase, and the weighted value as they change."""
    name = form_name(card.lead.id)
    _load(card)
    period = per_period(workspace().recurring_period)
    currency = workspace().currency
    hint = _("Write amounts as {example}.", example=language().amount_example)
    one_off, recurring = _weighted(card.lead.id)
    first, second, third, fourth = st.columns(4, gap="medium")
    with first:
        _score(name)
    with second:
        _amount(name, "expected_value", _("Expected value, {currency}", currency=currency), hint)
        _figure(_("weighted"), one_off)
    with third:
        label = _("Recurring, {currency} {period}", currency=currency, period=period)
        _amount(name, "recurring_value", label, hint)
        _figure(_("weighted, {period}", period=period), recurring)
    with fourth:
        _close_date(name)
    st.text_area(_("Note"), key=f"{name}-note", height=68, max_chars=LONGEST_NOTE)
    field_problem(name, "note")


def _score(name: str) -> None:
    st.number_input(
        _("Score, 1 to 100"),
        1,
        100,
        step=1,
        key=f"{name}-score",
        help=_("How likely the lead is won, in percent: its weight."),
        on_change=_score_typed,
        args=(name,),
    )
    st.slider(
        _("Score"),
        1,
        100,
        key=f"{name}-slider",
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
        format=language().date_input_format,
    )
    field_problem(name, "expected_close_date")


def _amount(name: str, field: str, label: str, hint: str) -> None:
    st.text_input(
        label,
        key=f"{name}-{field}",
        placeholder=language().amount_example,
        help=hint,
        live="400ms",
        max_chars=40,
        autocomplete="off",
    )
    field_problem(name, field)


def _weighted(lead_id: UUID) -> tuple[str, str]:
    """What is typed, weighted: one-off and recurring."""
    words = language()
    try:
        values = read_form(lead_id)
    except CrmError:
        return "–", "–"
    return (
        words.money(weighted(values.expected_value, values.score)),
        words.money(weighted(values.recurring_value, values.score)),
    )


def _figure(label: str, value: str) -> None:
    st.html(
        f'<div class="crm-figure" aria-live="polite"><span class="crm-label">{escape(label)}</span> '
        f'<span class="crm-value">{escape(value)}</span></div>'
    )


def _score_typed(name: str) -> None:
    state = st.session_state
    state[f"{name}-slider-was"] = state[f"{name}-slider"]
    state[f"{name}-slider"] = state[f"{name}-score"]


def _slider_moved(name: str) -> None:
    """Follow the slider; but where the next field is typed in before the browser heard that the slider
    goes with the score, it still sends the slider's old place, and that is no move."""
    state = st.session_state
    if state.pop(f"{name}-slider-was", None) == state[f"{name}-slider"]:
        state[f"{name}-slider"] = state[f"{name}-score"]
    else:
        state[f"{name}-score"] = state[f"{name}-slider"]


def _load(card: LeadCard) -> None:
    """Fill the fields with what is stored, unless something was typed that is not saved yet."""
    name, values = form_name(card.lead.id), card.values
    loaded: Loaded | None = st.session_state.get(f"{name}-loaded")
    is_drawn = f"{name}-score" in st.session_state  # fields are forgotten on another page
    if loaded and is_drawn and loaded.language != language().code:
        loaded = _rewrite_amounts(name, loaded)
    if loaded and is_drawn and (loaded.version == card.lead.version or _typed(name) != loaded.typed):
        return
    words = language()
    score = values.score if values.score is not None else PROPOSED_SCORE
    st.session_state[f"{name}-score"] = st.session_state[f"{name}-slider"] = score
    for field, amount in (
        ("expected_value", values.expected_value),
        ("recurring_value", values.recurring_value),
    ):
        st.session_state[f"{name}-{field}"] = words.amount(amount) if amount is not None else ""
    st.session_state[f"{name}-expected_close_date"] = values.expected_close_date
    st.session_state[f"{name}-note"] = values.note
    st.session_state[f"{name}-loaded"] = Loaded(card.lead.version, _typed(name), words.code)


def _rewrite_amounts(name: str, loaded: Loaded) -> Loaded:
    """Amounts as the language now chosen writes them; what can't be read stays as it was typed."""
    before, is_touched = replace(language(), code=loaded.language), _typed(name) != loaded.typed
    for field in ("expected_value", "recurring_value"):
        with suppress(Invalid):
            amount = before.parse_amount(field, st.session_state[f"{name}-{field}"])
            st.session_state[f"{name}-{field}"] = "" if amount is None else language().amount(amount)
    rewritten = Loaded(loaded.version, loaded.typed if is_touched else _typed(name), language().code)
    st.session_state[f"{name}-loaded"] = rewritten
    return rewritten


def _typed(name: str) -> tuple[object, ...]:
    fields = ("score", "expected_value", "recurring_value", "expected_close_date", "note")
    return tuple(st.session_state.get(f"{name}-{field}") for field in fields)
