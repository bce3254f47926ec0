"""The History tab: what happened to a customer and its leads, in words, newest first."""

from collections.abc import Callable, Iterator
from html import escape
from uuid import UUID

import streamlit as st

from crmplus.domain.customer import Customer
from crmplus.domain.message import Message, say
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.customers import list_changes_of_customer
from crmplus.services.leads import list_leads_of_customer
from crmplus.store.history import LoggedChange
from crmplus.ui.download import ALL_ROWS, download
from crmplus.ui.session import _, _n, actor, database, language, read
from crmplus.ui.tables import PAGE_SIZE, page_count, read_page
from crmplus.ui.text import shortened
from crmplus.ui.words import field_name, lead_name, value_words


def history_tab(customer: Customer) -> None:
    names = {lead.id: lead_name(lead) for lead in read(list_leads_of_customer, customer.id)}
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


def _download(customer: Customer, names: dict[UUID, str]) -> None:
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
                "lead": names.get(change.entity_id),
                "what": headline(change),
                "details": "; ".join(_details(change, _UNCUT)),
            }

    name = _("History of {number}", number=customer.number)
    download(name, columns, rows, f"history-{customer.id}")


def _who(change: LoggedChange) -> str:
    return change.actor_name if change.actor_id else _("the local administrator")


def _line(change: LoggedChange, names: dict[UUID, str]) -> str:
    when = _("{when}, by {who}", when=change.at_utc, who=_who(change))
    name = names.get(change.entity_id)
    about = f" · {name}" if name and len(names) > 1 else ""
    details = "; ".join(_details(change))
    return (
        f'<li><div><span class="crm-what">{escape(headline(change))}</span> {escape(details)}</div>'
        f'<div class="crm-when">{escape(when + about)}</div></li>'
    )


_HEADLINES: dict[str, Callable[[str, str, str], Message]] = {
    "customer_made": lambda before, phase, reason: say("Customer made."),
    "customer_changed": lambda before, phase, reason: say("Details changed."),
    "lead_started": lambda before, phase, reason: say("Lead started in {phase}.", phase=phase),
    "lead_saved": lambda before, phase, reason: say("Values recorded."),
    "phase_completed": lambda before, phase, reason: say(
        "{before} completed, on to {phase}.", before=before, phase=phase
    ),
    "lead_moved": lambda before, phase, reason: say(
        "Moved from {before} to {phase}.", before=before, phase=phase
    ),
    "lead_closed": lambda before, phase, reason: say("Closed: {reason}.", reason=reason),
    "lead_reopened": lambda before, phase, reason: say("Reopened in {phase}.", phase=phase),
    "lead_described": lambda before, phase, reason: say("Title or owner changed."),
    "lead_transferred": lambda before, phase, reason: say(
        "Went on in another funnel, in {phase}.", phase=phase
    ),
    "customer_imported": lambda before, phase, reason: say("Customer imported."),
    "customer_import_undone": lambda before, phase, reason: say("Import undone: details as before."),
    "lead_imported": lambda before, phase, reason: say("Lead imported, in {phase}.", phase=phase),
    "lead_import_undone": lambda before, phase, reason: say("Import undone: lead as before."),
    "lead_relocated": lambda before, phase, reason: say(
        "Moved to {phase}, as {before} was archived.", before=before, phase=phase
    ),
}
"""What happened, by action, out of the phase before, the phase after and the closing reason."""


def headline(change: LoggedChange) -> str:
    """What happened, in a few words."""
    return language().message(
        _HEADLINES[change.action](
            value_words("phase_id", change.before.get("phase_id")),
            value_words("phase_id", change.after.get("phase_id")),
            value_words("closing_reason_id", change.after.get("closing_reason_id")),
        )
    )


_UNCUT = 100_000
_IN_HEADLINE = frozenset({"phase_id", "closing_reason_id", "closed_at_utc"})


def _details(change: LoggedChange, longest: int = 200) -> list[str]:
    """Each changed field with its value before and after, cut to so many characters."""
    lines = []
    for field in change.before | change.after:
        if not field_name(field) or (field in _IN_HEADLINE and change.entity == "lead"):
            continue
        old = shortened(value_words(field, change.before.get(field)), longest)
        new = shortened(value_words(field, change.after.get(field)), longest)
        if old == "–" and new != "–" and field != "skipped":
            lines.append(_("{field} {new}", field=field_name(field), new=new))
        elif change.before and field == "skipped":
            lines.append(_("skipped: {phases}", phases=new) if new != "–" else "")
        elif change.before:
            lines.append(_("{field} {old} to {new}", field=field_name(field), old=old, new=new))
    return [line for line in lines if line]
