"""Open leads as the list's component draws them: words only, as the reader's language writes them."""

from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import quote

from crmplus.domain.next_step import Due
from crmplus.services.open_leads import LeadQuery, LeadSort, OpenLead
from crmplus.services.phases import list_phases
from crmplus.ui.open_card import LEAD
from crmplus.ui.session import _, language, people, read, workspace
from crmplus.ui.words import owner_name, per_period

SORTS = {
    "customer": ("customer", LeadSort.CUSTOMER),
    "phase": ("age", LeadSort.AGE),
    "score": ("likely", LeadSort.SCORE),
    "expected_value": ("value", LeadSort.EXPECTED_VALUE),
    "weighted_value": ("weighted", LeadSort.WEIGHTED_VALUE),
    "expected_close_date": ("close", LeadSort.EXPECTED_CLOSE_DATE),
    "step": ("due", LeadSort.DUE),
}
"""Heads that sort: what they put into the URL, and what that sorts by."""


def heads(query: LeadQuery) -> list[dict[str, str]]:
    """The columns in order: what each is called, what it sorts by, and whether the list is sorted so."""
    currency, period = workspace().currency, per_period(workspace().recurring_period)
    words = {
        "customer": _("Customer"),
        "phase": _("Phase"),
        "score": _("Score"),
        "expected_value": _("Expected, {currency}", currency=currency),
        "weighted_value": _("Weighted"),
        "recurring_value": _("Recurring, {currency} {period}", currency=currency, period=period),
        "expected_close_date": _("Expected close"),
        "owner_id": _("Owner"),
        "step": _("Next step"),
    }
    direction = "descending" if query.descending else "ascending"
    return [
        {"field": field, "words": said}
        | ({"sort": SORTS[field][0]} if field in SORTS else {})
        | ({"sorted": direction} if field in SORTS and SORTS[field][1] is query.sort else {})
        for field, said in words.items()
    ]


def owners() -> list[dict[str, str]]:
    """Who can be chosen as an owner, and nobody."""
    in_use = [person for person in people().values() if not person.archived_at_utc]
    return [{"id": "", "name": _("nobody")}, *({"id": str(p.id), "name": p.name} for p in in_use)]


def rows(leads: Sequence[OpenLead], query: LeadQuery) -> list[dict[str, object]]:
    """One entry a lead."""
    phases = {phase.id: phase.description for phase in read(list_phases, with_archived=True)}
    return [_row(lead, phases[lead.phase_id], query) for lead in leads]


def lead_title(lead: OpenLead) -> str:
    """Its title, or when it was opened."""
    return lead.title or _("Lead of {date}", date=language().local_date(lead.opened_at_utc))


def _row(lead: OpenLead, phase: str, query: LeadQuery) -> dict[str, object]:
    words = language()
    close = lead.expected_close_date
    return {
        "id": str(lead.id),
        "version": lead.version,
        "href": f"customer?customer={quote(lead.number, safe='')}&{LEAD}={lead.id}",
        "customer": lead.customer,
        "title": lead_title(lead),
        "phase": phase,
        "days": words.days(lead.days_in_phase),
        "ageing": _("ageing") if lead.is_ageing else "",
        "score": "" if lead.score is None else str(lead.score),
        "expected_value": _amount(lead.expected_value),
        "recurring_value": _amount(lead.recurring_value),
        "weighted_value": words.round_money(lead.weighted_value),
        "expected_close_date": close.isoformat() if close else "",
        "close_words": words.day(close) if close else "–",
        "owner_id": str(lead.owner_id) if lead.owner_id else "",
        "owner": owner_name(lead.owner_id),
        **_step(lead, query),
    }


def _step(lead: OpenLead, query: LeadQuery) -> dict[str, object]:
    """The next step and when it is due, or that there is none."""
    if lead.step is None or lead.due_date is None:
        return {"step": _("no next step"), "due": "", "overdue": ""}
    due = language().day(lead.due_date)
    if lead.due_time:
        due = f"{due} {lead.due_time:%H:%M}"
    state = Due.of(lead.due_date, query.today)
    overdue = _("overdue") if state is Due.OVERDUE else ""
    return {
        "step": lead.step,
        "due": _("today") if state is Due.TODAY and not lead.due_time else due,
        "overdue": overdue,
    }


def _amount(value: Decimal | None) -> str:
    return "" if value is None else language().amount(value)
