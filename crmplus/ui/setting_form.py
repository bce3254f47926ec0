"""The form of one setting in a dialog: fields, save, conflict."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from crmplus.domain.errors import Conflict
from crmplus.ui.conflict import keep_typed, on_top, touched
from crmplus.ui.forms import (
    attempt,
    close_dialog,
    field_problem,
    finish,
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
    find: Callable[..., list[Any]],
) -> None:
    """The fields of a row, or of a new one, and the button that saves them.

    A save starts from the version the form was opened with (L6); after a conflict it can go on
    top of the newer one. `find` is the service that lists rows of this kind.
    """
    form = f"{kind}-{row.id if row else 'new'}"
    top = st.container()
    draft = fields(form, row)

    def save(version: int, what: Any) -> bool:
        keep_typed(form, touched(draft, row) if row else {}, row)
        return attempt(
            form,
            lambda: (
                change(database(), actor(), row.id, version, what, now())
                if row
                else add(database(), actor(), what, now(), form_id(form))
            ),
            _("Saved"),
        )

    def overwrite() -> None:
        found = problem(form)
        rows = find(database(), actor(), with_archived=True)
        current = next((other for other in rows if other.id == row.id), row)
        if isinstance(found, Conflict) and save(found.version, on_top(draft, row, current)):
            close_dialog()

    with top:
        show_problem(form, on_overwrite=overwrite, on_drop=close_dialog)
    if not isinstance(problem(form), Conflict) and st.button(_("Save"), type="primary", key=f"{form}-save"):
        finish(save(row.version if row else 0, draft))


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
        value=row.order_number if row else min(highest + 10, 9999),
        step=10,
        key=f"{form}-order_number",
        help=_("Lower numbers come first, 0 to 9999."),
    )
    field_problem(form, "order_number")
    return number
