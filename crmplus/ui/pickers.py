"""Choices that several screens offer."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from crmplus.domain.account_type import AccountType
from crmplus.domain.person import Person
from crmplus.services.account_types import list_account_types
from crmplus.services.phases import list_phases
from crmplus.ui.session import _, people, read
from crmplus.ui.text import distinct, plain

ALL = "all"
"""The choice that filters nothing."""
NOBODY = "nobody"
"""What a URL calls the owner of what nobody owns."""
_ARCHIVED = "~"


def choose_owner(key: str, kept: UUID | None) -> UUID | None:
    """Somebody in use, or who it is now, or nobody. Who was chosen and is archived meanwhile stays chosen: it
    is for saving to refuse them."""
    stay = (kept, st.session_state.get(key))
    owners = {p.id: p.name for p in people().values() if not p.archived_at_utc or p.id in stay}
    labels = distinct({None: _("nobody"), **owners})
    options = list(labels)
    chosen: UUID | None = st.selectbox(
        _("Owner"),
        options,
        index=options.index(kept) if kept in labels else 0,
        format_func=labels.__getitem__,
        key=key,
        persist_state="page",
    )
    return chosen


def funnel_types() -> list[AccountType]:
    """Account types with a funnel, or with one that was switched off: its history is still looked at.

    Archived ones, and those whose funnel is off, come last.
    """
    with_phases = {phase.account_type_id for phase in read(list_phases, with_archived=True)}
    found = [t for t in read(list_account_types, with_archived=True) if t.uses_phases or t.id in with_phases]
    return sorted(found, key=lambda t: t.archived_at_utc is not None or not t.uses_phases)


def owners_by_code() -> dict[str, Person]:
    """Everybody, by what a URL calls them: initials, marked where archived, as others may have them, and
    numbered in the order of archiving where several archived people had them."""
    everybody = people().values()
    before: Counter[str] = Counter()
    codes = {person.id: person.initials for person in everybody}
    archived = [person for person in everybody if person.archived_at_utc]
    for person in sorted(archived, key=lambda p: (p.archived_at_utc, p.id)):
        before[person.initials] += 1
        number = before[person.initials]
        codes[person.id] += _ARCHIVED + (str(number) if number > 1 else "")
    return {codes[person.id]: person for person in everybody}


def owner_code(owner_id: UUID | None) -> str:
    """What a URL calls an owner; NOBODY for none, or one who is not there any more."""
    return next((code for code, person in owners_by_code().items() if person.id == owner_id), NOBODY)


def filter_by(key: str, label: str, names: Mapping[str, str]) -> str:
    """The chosen key of `names`, kept in the URL as that key: links outlive languages and renamings.

    The first is the choice that leaves no trace there.
    """
    labels = distinct(names)
    unset = next(iter(labels))
    asked = st.query_params.get(key, unset)
    # Other words make another box: the browser would go on showing the old ones.
    widget = f"filter-{key}-{hash(tuple(labels.items()))}"
    st.session_state[widget] = asked if asked in labels else unset
    chosen: str = st.selectbox(
        label,
        list(labels),
        format_func=labels.__getitem__,
        key=widget,
        on_change=lambda: set_in_url(key, st.session_state[widget], unset),
    )
    return chosen


def filter_by_owner(key: str, label: str, names: Mapping[str, str]) -> str:
    """As `filter_by`, for people by their codes; where the URL names nobody who is here, that is said.

    A link from before somebody was archived goes on to name them, unless somebody in use has their initials.
    """
    asked = st.query_params.get(key)
    if asked and asked not in names and asked + _ARCHIVED in names:
        asked = st.query_params[key] = asked + _ARCHIVED
    chosen = filter_by(key, label, names)
    if asked and asked not in names:
        sentence = _("This link filters by somebody who is not here. Shown: {whose}.", whose=names[chosen])
        st.caption(plain(sentence))
    return chosen


def set_in_url(key: str, value: str, unset: str) -> None:
    """What is chosen, in the URL; what filters nothing leaves no trace."""
    if value == unset:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value


def clear_filters(*keys: str) -> None:
    for key in keys:
        st.query_params.pop(key, None)
