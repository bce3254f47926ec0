"""Win and loss to take along: the figures of periods, owners and outcomes as files."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from crmplus.analytics.closings import ClosingFigures, Closings
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.download import download
from crmplus.ui.session import _, workspace
from crmplus.ui.words import per_period

_CENT = Decimal("0.01")


def download_rates(name: str, head: str, lines: Sequence[tuple[str, ClosingFigures]], key: str) -> None:
    """A row for each line: what it is called, and all that is counted of it."""
    period = per_period(workspace().recurring_period)
    columns = [
        Column("name", head),
        Column("won", _("Won"), Kind.NUMBER),
        Column("lost", _("Lost"), Kind.NUMBER),
        Column("neither", _("Neither"), Kind.NUMBER),
        Column("win_rate", _("Win rate, %"), Kind.DECIMAL),
        Column("win_rate_in_value", _("Win rate in value, %"), Kind.DECIMAL),
        Column("won_value", _("Won value"), Kind.MONEY),
        Column("average_value", _("Average value"), Kind.MONEY),
        Column("recurring_value", _("Won recurring value, {period}", period=period), Kind.MONEY),
        Column("mean_days", _("Mean days"), Kind.DECIMAL),
    ]
    download(name, columns, lambda: [{"name": name} | _figures(figures) for name, figures in lines], key)


def download_outcomes(name: str, closings: Closings) -> None:
    """A row for each outcome: how many, how long, and what they were worth."""
    total, medians = closings.total, closings.medians
    columns = [
        Column("outcome", _("Outcome"), Kind.TEXT),
        Column("leads", _("Leads"), Kind.NUMBER),
        Column("mean_days", _("Mean days"), Kind.DECIMAL),
        Column("median_days", _("Median days"), Kind.DECIMAL),
        Column("value", _("Expected value"), Kind.MONEY),
        Column("average_value", _("Average value"), Kind.MONEY),
        Column("median_value", _("Median value"), Kind.MONEY),
    ]
    lines = [
        (_("Won"), total.won, medians.won_days, medians.won_value),
        (_("Lost"), total.lost, medians.lost_days, None),
        (_("Won and lost"), total.decided, medians.decided_days, None),
    ]
    rows = [
        {
            "outcome": outcome,
            "leads": figures.lead_count,
            "mean_days": _rounded(figures.mean_days),
            "median_days": _rounded(days),
            "value": figures.value,
            "average_value": _rounded(figures.average_value),
            "median_value": _rounded(value),
        }
        for outcome, figures, days, value in lines
    ]
    download(name, columns, lambda: rows, "outcomes")


def _figures(figures: ClosingFigures) -> dict[str, object]:
    return {
        "won": figures.won.lead_count,
        "lost": figures.lost.lead_count,
        "neither": figures.neither.lead_count,
        "win_rate": _percent(figures.win_rate),
        "win_rate_in_value": _percent(figures.win_rate_in_value),
        "won_value": figures.won.value,
        "average_value": _rounded(figures.won.average_value),
        "recurring_value": figures.won.recurring_value,
        "mean_days": _rounded(figures.decided.mean_days),
    }


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else _rounded(share * 100)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_CENT, ROUND_HALF_UP)
