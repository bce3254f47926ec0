"""The banner over demo data, and the way out of it: asked twice, with a word to type."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.errors import Refused
from crmplus.services.setup import erase_demo, require_erasable
from crmplus.ui.forms import attempt, finish, forget_problem, open_dialog, show_problem
from crmplus.ui.session import _, actor, database, language
from crmplus.ui.text import plain

FORM = "erase-demo"


def demo_banner() -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="demo-banner"):
        sentence = _("This is demo data: invented customers, leads and people.")
        st.markdown(f":material/science: {sentence}")
        if actor().may(Permission.ADMINISTER) and st.button(
            _("Erase it and start with your own …"), type="tertiary", key="erase-demo"
        ):
            forget_problem(FORM)
            open_dialog(_("Erase the demo data"), _ask)


def _ask() -> None:
    try:
        require_erasable(database())
    except Refused as error:
        st.warning(plain(language().message(error.message)), icon=":material/lock:")
        return
    word = _("ERASE")
    st.write(
        _("Everything here is erased for good: customers, leads, settings and history, your changes too.")
    )
    show_problem(FORM)
    is_sure = st.checkbox(_("Yes, erase everything"), key=f"{FORM}-sure")
    typed = st.text_input(_("Type {word} to confirm", word=word), key=f"{FORM}-word", live=True)
    if st.button(
        _("Erase everything"),
        type="primary",
        disabled=not (is_sure and typed.strip().upper() == word),
        key=f"{FORM}-now",
    ):
        went_through = attempt(FORM, lambda: erase_demo(database(), actor()), _("The demo data is erased"))
        if went_through:
            for key in (f"{FORM}-sure", f"{FORM}-word"):
                st.session_state.pop(key, None)
        finish(went_through)
