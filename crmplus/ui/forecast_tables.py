"""The figures of a forecast in tables: month by month, owner by owner (M7)."""

from collections.abc import Sequence

from crmplus.analytics.forecast_figures import Expected, Forecast, Outlook
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.counted import how_counted
from crmplus.ui.figure_table import figure_table
from crmplus.ui.forecast_leads import OPEN, OUTSIDE, OVERDUE, UNDATED, WON, code_of_owner, month_code
from crmplus.ui.forecast_words import months_counted, range_counted
from crmplus.ui.session import _, language
from crmplus.ui.words import owner_name

_NO_LIST = ("target", "gap", "low", "middle", "high")
"""Figures that no list of leads adds up to."""


def show_months(forecast: Forecast, is_recurring: bool) -> None:
    """Each month in numbers, their total, and below it what no month holds."""
    words = language()
    lines = [(month_code("{}", month), words.month(month), outlook) for month, outlook in forecast.months]
    lines.append(("{}", _("Total"), forecast.total))
    beside = [
        (OUTSIDE, _("Later than these months"), forecast.outside),
        (OVERDUE, _("Overdue"), forecast.overdue),
        (UNDATED, _("No date"), forecast.undated),
    ]
    lines += [(code, name, _alone(expected)) for code, name, expected in beside if _is_shown(code, expected)]
    rows = [{"name": name} | _values(outlook) for _code, name, outlook in lines]
    for place in range(len(forecast.months) + 1, len(lines)):  # nothing is won outside of the months
        rows[place]["won"] = None

    def behind(row: int, column: str) -> str | None:
        code, _name, outlook = lines[row]
        return _behind(code, column, outlook)

    figure_table("forecast", _("By month"), _columns(_("Month"), is_recurring), rows, behind)
    how_counted(*months_counted(forecast), range_counted())


def show_owners(forecast: Forecast, is_recurring: bool) -> None:
    """Who has what to come in these months, most first."""
    lines = [(code_of_owner("{}", owner), owner_name(owner), outlook) for owner, outlook in forecast.by_owner]
    rows = [{"name": name} | _values(outlook) for _code, name, outlook in lines]

    def behind(row: int, column: str) -> str | None:
        code, _name, outlook = lines[row]
        return _behind(code, column, outlook)

    columns = [c for c in _columns(_("Owner"), is_recurring) if c.key not in ("low", "middle", "high")]
    figure_table("forecast-owners", _("By owner, in these months"), columns, rows, behind)
    how_counted(
        _(
            "Each lead counts for the owner it has now, in the months shown above. "
            "Gap = target − won − to come."
        )
    )


def _alone(expected: Expected) -> Outlook:
    return Outlook(expected)


def _is_shown(code: str, expected: Expected) -> bool:
    """Overdue and without a date show though there are none: that is good to know."""
    return code != OUTSIDE or expected.lead_count > 0


def _behind(code: str, column: str, outlook: Outlook) -> str | None:
    """What a click on a cell lists; of figures without leads nothing."""
    if column in _NO_LIST:
        return None
    if "{}" not in code:
        return code
    what, count = (WON, outlook.won.lead_count) if column == "won" else (OPEN, outlook.expected.lead_count)
    return code.format(what) if count else None


def _columns(name: str, is_recurring: bool) -> Sequence[Column]:
    aims = [
        Column("target", _("Target"), Kind.MONEY),
        Column("gap", _("Gap"), Kind.MONEY),
    ]
    return [
        Column("name", name),
        Column("leads", _("Open leads"), Kind.NUMBER),
        Column("expected", _("Recurring") if is_recurring else _("Expected"), Kind.MONEY),
        Column("weighted", _("Weighted"), Kind.MONEY),
        Column("won", _("Won"), Kind.MONEY),
        *([] if is_recurring else aims),
        Column("low", _("10th"), Kind.MONEY),
        Column("middle", _("50th"), Kind.MONEY),
        Column("high", _("90th"), Kind.MONEY),
    ]


def _values(outlook: Outlook) -> dict[str, object]:
    found = outlook.range
    return {
        "leads": outlook.expected.lead_count,
        "expected": outlook.expected.value,
        "weighted": outlook.expected.weighted_value,
        "won": outlook.won.value,
        "target": outlook.target,
        "gap": outlook.gap,
        "low": found.low if found else None,
        "middle": found.middle if found else None,
        "high": found.high if found else None,
    }
