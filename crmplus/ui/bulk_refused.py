"""What a bulk action refused: kept in view, with links, until it is dismissed."""

import streamlit as st

from crmplus.services.bulk import Effect, Effects, Fate
from crmplus.ui.conflict import change_words
from crmplus.ui.forms import link_to_customer
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain

_REFUSED = "refused by bulk actions"
_TIMES = "bulk actions done"
_FEW, _HIGHEST = 6, 300
"""More than a few are scrolled through, in so many pixels."""


def keep_refused(effects: Effects) -> None:
    """After an action: what it refused takes the place of what the one before refused."""
    st.session_state[_REFUSED] = effects.of(Fate.REFUSED)
    st.session_state[_TIMES] = times_done() + 1


def times_done() -> int:
    """How many bulk actions this session did."""
    return int(st.session_state.get(_TIMES, 0))


def show_refused() -> None:
    """A box with the leads that the last action left as they were, and why."""
    refused: tuple[Effect, ...] = st.session_state.get(_REFUSED, ())
    if not refused:
        return
    with st.container(border=True, key="bulk-refused"):
        said = _n("{count} lead was not changed:", "{count} leads were not changed:", len(refused))
        st.warning(plain(said), icon=":material/warning:")
        with st.container(height=_HIGHEST if len(refused) > _FEW else "content", border=False):
            for effect in refused:
                _show_one(effect)
        st.button(_("Dismiss"), key="dismiss-refused", on_click=_dismiss)


def _show_one(effect: Effect) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if effect.number:
            link_to_customer(effect.number, name_of(effect))
        st.markdown(plain(words_of(effect)))


def name_of(effect: Effect) -> str:
    """The customer, and what the lead is called where it has a title."""
    return f"{effect.customer}: {effect.title}" if effect.title else effect.customer


def words_of(effect: Effect) -> str:
    """What happens to the lead, or why nothing can."""
    return change_words(effect.conflict) if effect.conflict else language().message(effect.says)


def _dismiss() -> None:
    st.session_state.pop(_REFUSED, None)
