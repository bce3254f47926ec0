"""The fields of a next step: by when, at what time, and what."""

import json
from collections.abc import Callable
from datetime import date, time
from functools import partial
from pathlib import Path
from typing import Literal

import streamlit as st

from crmplus.domain.errors import Invalid
from crmplus.domain.message import say
from crmplus.domain.next_step import NextStepDraft
from crmplus.ui.forms import field_problem, forget_field
from crmplus.ui.next_step_words import quick_day_names, quick_days, today
from crmplus.ui.periods import FIRST_DAY, LAST_DAY
from crmplus.ui.session import _, language

_FOCUS_JS = Path(__file__).with_name("focus.js").read_text(encoding="utf-8")


def fill(form: str, description: str, due_date: date, due_time: time | None) -> None:
    """What the fields show when the form opens."""
    st.session_state[f"{form}-description"] = description
    st.session_state[f"{form}-due_date"] = due_date
    st.session_state[f"{form}-due_time"] = due_time
    _follow_date(form)


def due_fields(form: str) -> None:
    """The day, chosen quickly or in the calendar, and the time of day if there is one."""
    names = quick_day_names()
    st.pills(
        _("Due"),
        list(names),
        format_func=names.__getitem__,
        key=f"{form}-quick",
        on_change=_follow_quick,
        args=(form,),
    )
    left, right = st.columns(2)
    with left:
        day_field(form, _("Day (required)"), partial(_follow_date, form))
    with right:
        st.time_input(_("Time, if it matters"), value=None, key=f"{form}-due_time")


def day_field(
    form: str, label: str, on_change: Callable[[], None] | Literal["rerun"] = "rerun"
) -> date | None:
    day: date | None = st.date_input(
        label,
        value=None,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        key=f"{form}-due_date",
        format=language().date_input_format,
        on_change=on_change,
    )
    field_problem(form, "due_date")
    return day


def description_field(form: str) -> None:
    st.text_input(
        _("Next step (required)"),
        key=f"{form}-description",
        placeholder=_("Call about the quote"),
        autocomplete="off",
    )
    field_problem(form, "description")


def focus_on(selector: str) -> None:
    """Into this once it is drawn. `selector` is ours, and made of keys: never of what a user typed."""
    script = _FOCUS_JS.replace("SELECTOR", json.dumps(selector))
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def read_draft(form: str) -> NextStepDraft:
    """What is typed. Raises: Invalid, without a day."""
    state = st.session_state
    day: date | None = state[f"{form}-due_date"]
    if day is None:
        raise Invalid({"due_date": say("Choose a day.")})
    return NextStepDraft(state[f"{form}-description"], day, state[f"{form}-due_time"])


def _follow_quick(form: str) -> None:
    chosen = st.session_state[f"{form}-quick"]
    if chosen:
        st.session_state[f"{form}-due_date"] = quick_days(today())[chosen]
        forget_field(form, "due_date")


def _follow_date(form: str) -> None:
    """The quick choice that means the day, if one does."""
    day = st.session_state[f"{form}-due_date"]
    quick = (name for name, quick_day in quick_days(today()).items() if quick_day == day)
    st.session_state[f"{form}-quick"] = next(quick, None)
    forget_field(form, "due_date")
