"""The leads behind the figures of a forecast: what the URL calls them, and the list."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from crmplus.analytics.choice import Choice
from crmplus.analytics.forecast import last_day_of, list_expected_leads, list_won_leads
from crmplus.analytics.forecast_figures import Expecting
from crmplus.analytics.period import Period
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.leads_behind import show_leads_behind
from crmplus.ui.periods import FIRST_DAY, LAST_DAY
from crmplus.ui.pickers import NOBODY, owner_code, owners_by_code
from crmplus.ui.session import _, language
from crmplus.ui.words import owner_name

OPEN, WON, OUTSIDE, OVERDUE, UNDATED, PAST_DUE = "open", "won", "outside", "overdue", "undated", "past-due"
_MONTH, _OWNER = "in", "of"


def month_code(what: str, month: date) -> str:
    """OPEN or WON of a month."""
    return f"{what}-{_MONTH}-{month:%Y-%m}"


def code_of_owner(what: str, owner_id: UUID | None) -> str:
    """OPEN or WON of an owner in the period."""
    return f"{what}-{_OWNER}-{owner_code(owner_id)}"


def show_forecast_leads(code: str, chosen: Choice, today: date, is_recurring: bool) -> None:
    """The list that `code` asks for; one that says nothing shows nothing."""
    what, _dash, rest = code.partition("-")
    if code in (OUTSIDE, OVERDUE, UNDATED, PAST_DUE):
        title, when = _apart(code, chosen.period, today)
        _show_expected(title, chosen, when, is_recurring)
    elif what in (OPEN, WON) and (found := _narrowed(rest, chosen)):
        about, narrowed, of_nobody = found
        if what == OPEN:
            title = _("To come, {what}", what=about) if about else _("To come")
            _show_expected(title, narrowed, _ahead(narrowed.period, today), is_recurring, of_nobody)
        else:
            title = _("Won, {what}", what=about) if about else _("Won")
            _show_won(title, narrowed, is_recurring, of_nobody)


def _apart(code: str, period: Period, today: date) -> tuple[str, Expecting]:
    """What stands beside the months."""
    month = today.replace(day=1)
    yesterday = today - timedelta(days=1)
    match code:
        case "overdue":
            return _("Overdue"), Expecting(None, month - timedelta(days=1))
        case "undated":
            return _("No date"), Expecting(is_undated=True)
        case "past-due":
            return _("Past due this month"), Expecting(month, yesterday)
    after = period.end + timedelta(days=1) if period.end else date.max
    return _("Later than these months"), Expecting(after)


def _narrowed(rest: str, chosen: Choice) -> tuple[str, Choice, bool] | None:
    """In words, the choice of one month or owner, and whether nobody is meant; None for what is neither."""
    if not rest:
        return "", chosen, False
    how, _dash, which = rest.partition("-")
    if how == _MONTH:
        try:
            first = date.fromisoformat(f"{which}-01")
        except ValueError:
            return None
        if not FIRST_DAY <= first <= LAST_DAY:
            return None
        month = Period(first, last_day_of(first), chosen.period.zone)
        return language().month(first), replace(chosen, period=month), False
    if how == _OWNER and which == NOBODY and chosen.owner_id is None:
        return owner_name(None), chosen, True
    person = owners_by_code().get(which) if how == _OWNER else None
    if person and chosen.owner_id in (None, person.id):
        return person.name, replace(chosen, owner_id=person.id), False
    return None


def _ahead(period: Period, today: date) -> Expecting:
    """The days of the period whose open leads are still to come; earlier months are overdue."""
    month = today.replace(day=1)
    return Expecting(max(month, period.start or month), period.end)


def _show_expected(
    title: str, chosen: Choice, when: Expecting, is_recurring: bool, of_nobody: bool = False
) -> None:
    weighted = _("Weighted recurring") if is_recurring else _("Weighted")
    show_leads_behind(
        title,
        list_expected_leads,
        replace(chosen, period=Period()),
        when,
        is_recurring,
        of_nobody,
        more=[Column("amount", weighted, Kind.MONEY)],
        at=("title", "phase", "owner", "score", *_values(is_recurring), "expected_close_date"),
    )


def _show_won(title: str, chosen: Choice, is_recurring: bool, of_nobody: bool) -> None:
    won = _("Won, recurring") if is_recurring else _("Won")
    show_leads_behind(
        title,
        list_won_leads,
        chosen,
        is_recurring,
        of_nobody,
        more=[Column("amount", won, Kind.MONEY)],
        at=("title", "owner", "closed", "closing_reason"),
    )


def _values(is_recurring: bool) -> tuple[str, ...]:
    return () if is_recurring else ("expected_value",)
