"""The form of one setting in a dialog: fields, save, conflict."""

from collections.abc import Callable, Sequence
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
    form_id,
    problem,
    show_problem,
)
from crmplus.ui.session import _, actor, database, now


def setting_form(
    kind: str,
    row: Any,
    fields: Callable[[str, Any], Any],
    add: Callable[..., object],
    change: Callable[..., object],
) -> None:
    """The fields of a row, or of a new one, and the button that saves them.

    A save starts from the version the form was opened with (L6); after a conflict it can go on
    top of the newer one.
    """
    form = f"{kind}-{row.id if row else 'new'}"
    top = st.container()
    draft = fields(form, row)

    def save(version: int) -> bool:
        keep_typed(form, as_values(draft))
        return attempt(
            form,
            lambda: (
                change(database(), actor(), row.id, version, draft, now())
                if row
                else add(database(), actor(), draft, now(), form_id(form))
            ),
            _("Saved"),
        )

    found = problem(form)
    if isinstance(found, Conflict):
        newest = found.version
        with top:
            show_problem(form, on_overwrite=lambda: st.session_state.update({f"{form}-saved": save(newest)}))
        return
    with top:
        show_problem(form)
    if st.session_state.pop(f"{form}-saved", False):
        st.rerun()
    if st.button(_("Save"), type="primary", key=f"{form}-save"):
        finish(save(row.version if row else 0))


def code_and_description(form: str, row: Any | None) -> tuple[str, str]:
    code = text_field(
        form,
        "code",
        _("Code (required)"),
        row,
        help_text=_("1 to 20 letters A to Z, digits, hyphens or underscores; it has to be unique."),
    )
    return code, text_field(form, "description", _("Description (required)"), row)


def text_field(form: str, field: str, label: str, row: Any | None, help_text: str | None = None) -> str:
    typed: str = st.text_input(
        label,
        getattr(row, field) if row else "",
        key=f"{form}-{field}",
        help=help_text,
        autocomplete="off",
    )
    field_problem(form, field)
    return typed


def order_number(form: str, row: Any | None, siblings: Sequence[Any]) -> int | None:
    """The order number; behind all siblings for a new row."""
    highest = max((sibling.order_number for sibling in siblings), default=0)
    number: int | None = st.number_input(
        _("Order"),
        0,
        9999,
        row.order_number if row else min(highest + 10, 9999),
        step=10,
        key=f"{form}-order_number",
        help=_("Lower numbers come first, 0 to 9999."),
    )
    field_problem(form, "order_number")
    return number


def forget(form: str) -> None:
    """The next time the form opens, it is fresh."""
    forget_problem(form)
    forget_form_id(form)
    for key in [k for k in st.session_state if str(k).startswith(f"{form}-")]:
        del st.session_state[key]
