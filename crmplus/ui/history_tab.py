"""The History tab: what happened to a customer and its leads, in words, newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from uuid import UUID

import streamlit as st

from crmplus.domain.customer import Customer
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.customers import list_changes_of_customer
from crmplus.services.history_names import Subject, list_subjects
from crmplus.services.leads import list_leads_of_customer
from crmplus.store.history import LoggedChange
from crmplus.ui.download import ALL_ROWS, download
from crmplus.ui.history_words import UNCUT, details, headline
from crmplus.ui.session import _, _n, actor, database, read
from crmplus.ui.tables import PAGE_SIZE, page_count, read_page
from crmplus.ui.words import lead_name


@dataclass(frozen=True, slots=True)
class _Names:
    """The leads of a customer by key, and what else its history is about by key and version."""

    leads: Mapping[UUID, str]
    subjects: Mapping[tuple[UUID, int], Subject]

    def subject(self, change: LoggedChange) -> Subject | None:
        """None where it is about the customer or a lead."""
        return self.subjects.get((change.entity_id, change.version))

    def lead(self, change: LoggedChange) -> str | None:
        """The lead that it is about, or whose step or note it is."""
        subject = self.subject(change)
        key = subject.lead_id if subject else change.entity_id
        return self.leads.get(key) if key else None


def history_tab(customer: Customer) -> None:
    leads = {lead.id: lead_name(lead) for lead in read(list_leads_of_customer, customer.id)}
    names = _Names(leads, read(list_subjects, customer.id))
    page = st.session_state.get(f"history-page-{customer.id}", 1)
    changes, total = read_page(page, list_changes_of_customer, customer.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            _n("{count} change, newest first", "{count} changes, newest first", total), width="content"
        )
        _download(customer, names)
    items = "".join(_line(change, names) for change in changes)
    st.html(f'<ul class="crm-history">{items}</ul>')
    if total > PAGE_SIZE:
        st.pagination(page_count(total), key=f"history-page-{customer.id}")


def _download(customer: Customer, names: _Names) -> None:
    columns = [
        Column("at_utc", _("When"), Kind.MOMENT),
        Column("who", _("Who")),
        Column("lead", _("Lead")),
        Column("what", _("What")),
        Column("details", _("Details")),
    ]

    def rows() -> Iterator[dict[str, object]]:
        changes, _total = list_changes_of_customer(database(), actor(), customer.id, ALL_ROWS)
        for change in changes:
            yield {
                "at_utc": change.at_utc,
                "who": _who(change),
                "lead": names.lead(change),
                "what": headline(change, names.subject(change), UNCUT),
                "details": "; ".join(details(change, UNCUT)),
            }

    name = _("History of {number}", number=customer.number)
    download(name, columns, rows, f"history-{customer.id}")


def _who(change: LoggedChange) -> str:
    return change.actor_name if change.actor_id else _("the local administrator")


def _line(change: LoggedChange, names: _Names) -> str:
    when = _("{when}, by {who}", when=change.at_utc, who=_who(change))
    name = names.lead(change)
    about = f" · {name}" if name and len(names.leads) > 1 else ""
    what = headline(change, names.subject(change))
    more = "; ".join(details(change))
    return (
        f'<li><div><span class="crm-what">{escape(what)}</span> {escape(more)}</div>'
        f'<div class="crm-when">{escape(when + about)}</div></li>'
    )
