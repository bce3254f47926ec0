"""The form of one setting in a dialog: fields, save, conflict."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from crmplus.domain.errors import Conflict
from crmplus.services.rows import as_values
from crmplus.ui.conflict import keep_typed
from crmplus.ui.forms import (
    attempt,
    field_problem,
    finish,
    forget_form_id,
    forget_problem,
    problem,
    show_problem,
)
from crmplus.ui.session import _


def code_and_description(form: str, row: Any | None) -> tuple[str, str]:
    code = st.text_input(
        _("Code (required)"),
        row.code if row else "",
        key=f"{form}-code",
        help=_("1 to 20 letters A to Z, digits, hyphens or underscores; it has to be unique."),
        autocomplete="off",
    )
    field_problem(form, "code")
    description = st.text_input(
        _("Description (required)"),
        row.description if row else "",
        key=f"{form}-description",
        autocomplete="off",
    )
    field_problem(form, "description")
    return code, description


def order_number(form: str, row: Any | None, proposal: int) -> int | None:
    number: int | None = st.number_input(
        _("Order"),
        0,
        9999,
        row.order_number if row else min(proposal, 9999),
        step=10,
        key=f"{form}-order_number",
        help=_("Lower numbers come first, 0 to 9999."),
    )
    field_problem(form, "order_number")
    return number


def next_order_number(rows: list[Any]) -> int:
    return max((row.order_number for row in rows), default=0) + 10


def save_button(form: str, version: int, draft: Any, save: Callable[[int], object]) -> None:
    """Save `draft` by `save`, which takes the version the form started from (L6)."""

    def submit(from_version: int) -> bool:
        keep_typed(form, as_values(draft))
        went_through = attempt(form, lambda: save(from_version), _("Saved"))
        if went_through:
            forget(form)
        return went_through

    found = problem(form)
    if isinstance(found, Conflict):
        newest = found.version

        def overwrite() -> None:
            st.session_state[f"{form}-done"] = submit(newest)

        show_problem(form, on_overwrite=overwrite)
        return
    show_problem(form)
    if st.session_state.pop(f"{form}-done", False):
        st.rerun()
    if st.button(_("Save"), type="primary", key=f"{form}-save"):
        finish(submit(version))


def forget(form: str) -> None:
    """The next time the form opens, it is fresh."""
    forget_problem(form)
    forget_form_id(form)
    for key in [k for k in st.session_state if str(k).startswith(f"{form}-") and k != f"{form}-done"]:
        del st.session_state[key]
