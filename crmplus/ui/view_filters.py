"""The filters of a page as text, to be kept and set again: what its address has behind the question mark.

Boxes to type in keep what they hold in the session, all other filters in the address alone.
"""

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from crmplus.domain.actor import Role
from crmplus.ui.periods import FIRST_DAY, LAST_DAY
from crmplus.ui.pickers import ALL
from crmplus.ui.session import actor, people

LEADS = "leads"
MOST_VALUE = 10**15
"""What the box for a value takes at the most, in the workspace's currency: browsers count no further."""
_NO_FILTERS = frozenset({"saved", "page", "embed", "embed_options"})
"""What an address may hold beside filters; the last two are Streamlit's own."""

_OWN_DAYS = "own"
"""Where this is chosen as a period, or as a day, days are typed."""


def present_filters(page: str) -> str:
    """What is set now, in an order of its own, so that equal filters are equal texts."""
    found = {key: text for key, text in st.query_params.items() if key not in _NO_FILTERS}
    for key in _typed(page):
        if key in st.session_state:  # what the last click made of it: the address follows later
            found.pop(key, None)
            found |= {key: str(st.session_state[key])} if _is_set(st.session_state[key]) else {}
    if page == LEADS:
        found.setdefault("owner", _usual_owner())
    return in_order(found, page)


def in_order(filters: Mapping[str, str], page: str) -> str:
    """Filters as one text; days only where they count."""
    unused = () if page == LEADS or _OWN_DAYS in filters.values() else _DAYS
    return urlencode(sorted((key, text) for key, text in filters.items() if key not in unused))


def filters_of(query: str) -> dict[str, str]:
    """What a text that is kept says; it may be anybody's, so it's no more than names and words."""
    return {key: text for key, text in parse_qsl(query) if key and key.lower() not in _NO_FILTERS}


def set_filters(page: str, query: str) -> None:
    """Set those and no others; before the filters are drawn."""
    wanted = filters_of(query)
    if page == LEADS and wanted.get("owner") == _usual_owner():
        del wanted["owner"]
    for key, understand in _typed(page).items():
        is_drawn = key in st.session_state
        st.session_state[key] = value = understand(wanted.get(key, ""))
        if is_drawn or not _is_set(value):  # one that is drawn tells the address by itself
            wanted.pop(key, None)
    st.query_params.from_dict(wanted)


def drop_unreadable(page: str) -> None:
    """Begin anew without what stands in the address but can't in a box: Streamlit fails over a number
    without end."""
    asked = st.query_params
    wrong = [key for key, read in _typed(page).items() if key in asked and read(asked[key]) is None]
    for key in wrong:
        del asked[key]
    if wrong:
        st.rerun()


def _typed(page: str) -> Mapping[str, Callable[[str], object]]:
    """The boxes of a page and what makes of a text what they hold: never what they would refuse."""
    return {LEADS: _LEADS, "customers": _SEARCH}.get(page, _DAYS)


def _usual_owner() -> str:
    """Whose leads the page begins with differs from person to person; a view says it."""
    me = actor()
    return people()[me.person_id].initials if me.role is Role.REP and me.person_id else ALL


def _is_set(value: object) -> bool:
    """Whether a box holds something: 0 is, as it leaves out what has no value."""
    return value is not None and value != ""


def _whole_number(least: int, most: int) -> Callable[[str], int | None]:
    def understand(text: str) -> int | None:
        is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
        return int(text) if is_number and least <= int(text) <= most else None

    return understand


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


_SEARCH: Mapping[str, Callable[[str], object]] = {"search": str}
_LEADS = {**_SEARCH, "value": _whole_number(0, MOST_VALUE), "score": _whole_number(1, 100)}
_DAYS = {"from": _day, "to": _day, "on": _day}
