"""The leads behind the figures of an owner."""

from datetime import date

from crmplus.analytics.choice import Choice
from crmplus.analytics.owners import OwnerLeads, list_owner_leads
from crmplus.analytics.reasons import ClosedLeads, Ended, list_closed_leads
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.chosen import chosen
from crmplus.ui.leads_behind import show_leads_behind
from crmplus.ui.owners_view import NOBODY
from crmplus.ui.pickers import owners_by_code
from crmplus.ui.session import _
from crmplus.ui.words import owner_name

_OPEN_COLUMNS = ("title", "phase", "score", "expected_value", "expected_close_date")
_CLOSED_COLUMNS = ("title", "opened", "closed", "closing_reason")


def show_leads(choice: Choice, today: date) -> None:
    """Those of the cell or the bar that the URL names; nothing where it names none."""
    which, _colon, code = (chosen() or "").partition(":")
    owners = owners_by_code()
    if code != NOBODY and code not in owners:
        return
    owner_id = None if code == NOBODY else owners[code].id
    name = owner_name(owner_id)
    if which in list(OwnerLeads):
        title = (
            _("Open leads of {owner}", owner=name)
            if which == OwnerLeads.OPEN
            else _("Ageing leads of {owner}", owner=name)
        )
        show_leads_behind(
            title,
            list_owner_leads,
            choice,
            OwnerLeads(which),
            owner_id,
            today,
            more=[
                Column("amount", _("Weighted"), Kind.MONEY),
                Column("day", _("In its phase since"), Kind.DATE),
            ],
            at=_OPEN_COLUMNS,
        )
    elif which in (Ended.WON, Ended.LOST):
        title = (
            _("Leads that {owner} won", owner=name)
            if which == Ended.WON
            else _("Leads that {owner} lost", owner=name)
        )
        show_leads_behind(
            title,
            list_closed_leads,
            choice,
            ClosedLeads(Ended(which), of_owner_id=owner_id, is_of_nobody=owner_id is None),
            more=[Column("expected_value", _("Value"), Kind.MONEY)],
            at=_CLOSED_COLUMNS,
        )
