"""The leads behind the figures of an owner."""

from dataclasses import replace
from datetime import date

from crmplus.analytics.choice import Choice
from crmplus.analytics.owners import OwnerLeads, list_owner_leads
from crmplus.analytics.reasons import ClosedLeads, Ended, list_closed_leads
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.chosen import chosen
from crmplus.ui.leads_behind import show_leads_behind
from crmplus.ui.owners_view import EVERYBODY
from crmplus.ui.pickers import NOBODY, owners_by_code
from crmplus.ui.session import _
from crmplus.ui.words import owner_name

_OPEN_COLUMNS = ("title", "phase", "score", "expected_value", "expected_close_date")
_CLOSED_COLUMNS = ("title", "opened", "closed", "closing_reason")


def show_leads(choice: Choice, today: date) -> None:
    """Those of the cell, card or bar that the URL names; nothing where it names none."""
    which, _colon, code = (chosen() or "").partition(":")
    owners = owners_by_code()
    if code not in (NOBODY, EVERYBODY, *owners):
        return
    name = _("all owners") if code == EVERYBODY else owner_name(owners[code].id if code in owners else None)
    title = _title(which, name)
    if title and which in list(OwnerLeads):
        whose = choice if code in (NOBODY, EVERYBODY) else replace(choice, owner_id=owners[code].id)
        show_leads_behind(
            title,
            list_owner_leads,
            whose,
            OwnerLeads(which),
            code == NOBODY,
            today,
            more=[
                Column("amount", _("Weighted"), Kind.MONEY),
                Column("day", _("In its phase since"), Kind.DATE),
            ],
            at=_OPEN_COLUMNS,
        )
    elif title:
        show_leads_behind(
            title,
            list_closed_leads,
            choice,
            ClosedLeads(
                Ended(which),
                of_owner_id=owners[code].id if code in owners else None,
                is_of_nobody=code == NOBODY,
            ),
            more=[Column("expected_value", _("Value"), Kind.MONEY)],
            at=_CLOSED_COLUMNS,
        )


def _title(which: str, name: str) -> str:
    """Empty for what is no figure of an owner."""
    return {
        "open": _("Open leads of {owner}", owner=name),
        "ageing": _("Ageing leads of {owner}", owner=name),
        "won": _("Leads won by {owner}", owner=name),
        "lost": _("Leads lost by {owner}", owner=name),
        "decided": _("Leads won or lost by {owner}", owner=name),
    }.get(which, "")
