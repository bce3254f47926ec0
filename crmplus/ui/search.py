"""Search from every page: what is typed, and what is found as it is typed."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import streamlit as st

from crmplus.services.search import (
    LONGEST_SEARCH,
    Found,
    FoundContactPerson,
    FoundCustomer,
    FoundLead,
    FoundNote,
    SearchResults,
    search_everything,
    snippet_of,
    words_of,
)
from crmplus.ui.forms import open_dialog
from crmplus.ui.next_step_fields import focus_on
from crmplus.ui.open_card import open_card
from crmplus.ui.session import _, _n, language, read
from crmplus.ui.text import plain, shortened

SEARCH = "search-all"
_KEYS_JS = Path(__file__).with_name("search_keys.js").read_text(encoding="utf-8")
Hit = TypeVar("Hit")


def ask_search() -> None:
    """The box, empty."""
    st.session_state.pop(SEARCH, None)
    open_dialog(_("Search"), _box)


def _box() -> None:
    words = st.text_input(
        _("Search"),
        key=SEARCH,
        type="search",
        placeholder=_("Customer, lead, contact person, phone or a word of a note"),
        max_chars=LONGEST_SEARCH,
        live="250ms",
        label_visibility="collapsed",
        autocomplete="off",
    )
    st.html(f"<script>{_KEYS_JS}</script>", unsafe_allow_javascript=True)
    focus_on(f".st-key-{SEARCH} input")
    words = words or ""
    with st.container(key="found"):
        if words_of(words):
            _show(words, read(search_everything, words))
        else:
            st.caption(_("Enter opens the first result, the arrow keys go through them."))


def _show(words: str, found: SearchResults) -> None:
    st.caption(_n("{count} result", "{count} results", found.total))
    if not found.total:
        st.info(
            _("Nothing holds all of these words. Try fewer, or parts of them."), icon=":material/search_off:"
        )
    group = partial(_group, words)
    group(_("Customers"), ":material/groups:", found.customers, _customer, partial(_all_customers, words))
    group(_("Leads"), ":material/view_kanban:", found.leads, _lead)
    group(_("Contact persons"), ":material/contacts:", found.contact_persons, _contact_person)
    group(_("Notes"), ":material/sticky_note_2:", found.notes, partial(_note, words))


def _results_of(words: str) -> str:
    """What the keys of results begin with: Enter waits for those of the words it was pressed in
    (search_keys.js)."""
    return f"result-{words.encode(errors='replace').hex()}"


def _group(
    words: str,
    title: str,
    icon: str,
    found: Found[Hit],
    show: Callable[[str, Hit], None],
    link_to_all: Callable[[str], bool] = lambda label: False,
) -> None:
    """A head, the first hits, and how many more there are."""
    if not found.hits:
        return
    st.markdown(f"##### {icon} {plain(title)}")
    for place, hit in enumerate(found.hits):
        show(f"{_results_of(words)}-{title}-{place}", hit)
    more = found.total - len(found.hits)
    if more and not link_to_all(_("and {count} more", count=more)):
        st.caption(plain(_("and {count} more: type more to narrow it down", count=more)))


def _customer(key: str, hit: FoundCustomer) -> None:
    inactive = "" if hit.is_active else _("not active")
    facts = (hit.number, hit.city, hit.contact, hit.email, hit.phone, inactive)
    if _result(key, hit.name, facts):
        open_card(hit.number)


def _lead(key: str, hit: FoundLead) -> None:
    words = language()
    state = (
        _(
            "closed {date}: {reason}",
            date=words.local_date(hit.closed_at_utc),
            reason=hit.closing_reason or "",
        )
        if hit.closed_at_utc
        else hit.phase
    )
    title = hit.title or _("Lead of {date}", date=words.local_date(hit.opened_at_utc))
    if _result(key, title, (hit.customer, hit.number, state, hit.city)):
        open_card(hit.number, hit.customer_id, hit.id)


def _contact_person(key: str, hit: FoundContactPerson) -> None:
    if _result(key, hit.name, (hit.job_title, hit.customer, hit.number, hit.phone, hit.email)):
        open_card(hit.number)


def _note(words: str, key: str, hit: FoundNote) -> None:
    facts = (hit.customer, hit.title, language().local_date(hit.written_at_utc))
    if _result(key, snippet_of(hit.text, words), facts):
        open_card(hit.number, hit.customer_id, hit.lead_id)


def _result(key: str, name: str, facts: Sequence[str]) -> bool:
    """One result: what it is called, what else is known; True where it was chosen."""
    beside = " · ".join(fact for fact in facts if fact)
    label = f"**{plain(shortened(name, 200))}** {plain(beside)}"
    return st.button(label, key=key, type="tertiary", width="stretch", wrap=True)


def _all_customers(words: str, label: str) -> bool:
    """All of them in the list, which looks for what was typed as a whole; False where that is another
    question."""
    if len(words_of(words)) != 1:
        return False
    if st.button(plain(label), key="all-found-customers", type="tertiary", icon=":material/arrow_forward:"):
        # Not in the address: the page one is on may have a field that is bound to that name.
        st.session_state["search"] = words.strip()
        st.switch_page("pages/customers.py", query_params={})
    return True
