"""Removing something: asked first, in words of what will happen."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from crmplus.ui.forms import attempt, finish, forget_problem, open_dialog, show_problem
from crmplus.ui.session import _, actor, database, now
from crmplus.ui.text import plain


def ask_to_remove(form: str, row: Any, name: str, effect: str, remove: Callable[..., object]) -> None:
    """A dialog whose title and button say what goes; `remove` is the service, called with id and version."""
    forget_problem(form)
    verb = _("Remove {name}", name=name)
    open_dialog(verb, _confirm, form, row, verb, effect, remove)


def _confirm(form: str, row: Any, verb: str, effect: str, remove: Callable[..., object]) -> None:
    st.write(plain(effect))
    show_problem(form)
    if st.button(plain(verb), type="primary", key=form):
        finish(attempt(form, lambda: remove(database(), actor(), row.id, row.version, now()), _("Removed")))
