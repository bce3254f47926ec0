"""The History tab: what happened to a customer and its leads, in words, newest first."""

from html import escape
from uuid import UUID

import streamlit as st

from crmplus.domain.customer import Customer
from crmplus.domain.lead import Lead
from crmplus.services.customers import list_changes_of_customer
from crmplus.services.leads import list_leads_of_customer
from crmplus.store.history import LoggedChange
from crmplus.ui.overview import lead_name
from crmplus.ui.session import _, _n, read
from crmplus.ui.text import shortened
from crmplus.ui.words import field_name, value_words

PAGE_SIZE = 50


def history_tab(customer: Customer) -> None:
    leads = {lead.id: lead for lead in read(list_leads_of_customer, customer.id)}
    total = read(list_changes_of_customer, customer.id, 1)[1]
    pages = max(1, -(-total // PAGE_SIZE))
    page = st.session_state.get(f"history-page-{customer.id}", 1)
    changes, total = read(list_changes_of_customer, customer.id, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    st.caption(_n("{count} change, newest first", "{count} changes, newest first", total))
    items = "".join(_line(change, leads) for change in changes)
    st.html(f'<ul class="crm-history">{items}</ul>')
    if pages > 1:
        st.pagination(pages, key=f"history-page-{customer.id}")


def _line(change: LoggedChange, leads: dict[UUID, Lead]) -> str:
    who = change.actor_name if change.actor_id else _("the local administrator")
    when = _("{when}, by {who}", when=change.at_utc, who=who)
    lead = leads.get(change.entity_id)
    about = f" · {lead_name(lead)}" if lead and len(leads) > 1 else ""
    details = "; ".join(_details(change))
    return (
        f'<li><div><span class="crm-what">{escape(headline(change))}</span> {escape(details)}</div>'
        f'<div class="crm-when">{escape(when + about)}</div></li>'
    )


def headline(change: LoggedChange) -> str:
    """What happened, in a few words."""
    phase = value_words("phase_id", change.after.get("phase_id"))
    before = value_words("phase_id", change.before.get("phase_id"))
    reason = value_words("closing_reason_id", change.after.get("closing_reason_id"))
    return {
        "customer_made": _("Customer made."),
        "customer_changed": _("Details changed."),
        "lead_started": _("Lead started in {phase}.", phase=phase),
        "lead_saved": _("Values recorded."),
        "phase_completed": _("{before} completed, on to {phase}.", before=before, phase=phase),
        "lead_moved": _("Moved from {before} to {phase}.", before=before, phase=phase),
        "lead_closed": _("Closed: {reason}.", reason=reason),
        "lead_reopened": _("Reopened in {phase}.", phase=phase),
        "lead_described": _("Title or owner changed."),
        "lead_transferred": _("Went on in another funnel, in {phase}.", phase=phase),
        "lead_relocated": _("Moved to {phase}, as {before} was archived.", before=before, phase=phase),
    }.get(change.action, change.action.replace("_", " "))


_IN_HEADLINE = frozenset({"phase_id", "closing_reason_id", "closed_at_utc"})


def _details(change: LoggedChange) -> list[str]:
    """Each changed field with its value before and after."""
    lines = []
    for field in change.before | change.after:
        if not field_name(field) or (field in _IN_HEADLINE and change.entity == "lead"):
            continue
        old = shortened(value_words(field, change.before.get(field)), 200)
        new = shortened(value_words(field, change.after.get(field)), 200)
        if old == "–" and new != "–" and field != "skipped":
            lines.append(_("{field} {new}", field=field_name(field), new=new))
        elif change.before and field == "skipped":
            lines.append(_("skipped: {phases}", phases=new) if new != "–" else "")
        elif change.before:
            lines.append(_("{field} {old} to {new}", field=field_name(field), old=old, new=new))
    return [line for line in lines if line]
