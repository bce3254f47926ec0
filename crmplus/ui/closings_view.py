"""Win and loss on screen: periods, owners, cycles and values (M4, M5)."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from crmplus.analytics.closings import ClosingFigures, Closings
from crmplus.analytics.figures.outcomes import WonAndLost, won_and_lost_bars
from crmplus.analytics.figures.rates import RatePoint, rate_lines
from crmplus.analytics.reasons import Ended
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.chosen import chart_clicked
from crmplus.ui.closings_filters import Grouping
from crmplus.ui.closings_leads import (
    CLOSED,
    WON_WITH_VALUE,
    in_month,
    in_quarter,
    leads_code,
    of_owner,
)
from crmplus.ui.closings_words import neither_counted, rests_on, without_value
from crmplus.ui.counted import how_counted
from crmplus.ui.download import picture_of
from crmplus.ui.figure_table import figure_table
from crmplus.ui.session import _, _n, language, workspace
from crmplus.ui.words import owner_name, per_period

Line = tuple[str, str | None, ClosingFigures]
"""What a line is called, the part of a code that its leads have in common, and its figures."""

_BEHIND: dict[str, str] = {
    "won": Ended.WON,
    "lost": Ended.LOST,
    "neither": Ended.NEITHER,
    "rate": Ended.DECIDED,
    "value_rate": Ended.DECIDED,
    "value": Ended.WON,
    "average": WON_WITH_VALUE,
    "recurring": Ended.WON,
    "days": Ended.DECIDED,
}
"""How the leads behind each column of a table of rates ended."""


def show_over_time(closings: Closings, grouping: Grouping) -> None:
    """The rates, then won against lost, then the same periods in numbers."""
    lines = _newest_first(closings, grouping)
    _show_rates(closings, lines)
    _show_bars(closings, lines)
    total = (_("Total"), None, closings.total)
    _rate_table("periods", _("Win rate over time"), _("Period"), [*lines, total])


def _show_rates(closings: Closings, lines: Sequence[Line]) -> None:
    """M4 in leads and in value, the oldest period at the left."""
    title, points = _("Win rate in leads and in value"), [_point(line) for line in reversed(lines)]
    st.subheader(title, anchor=False)
    st.plotly_chart(
        rate_lines(points, _("in leads"), _("in value"), is_dark=st.context.theme.type == "dark"),
        key="rates-chart",
        on_select=chart_clicked("rates-chart"),
        selection_mode="points",
        config=picture_of(title),
        alt=f"{title}: " + "; ".join(f"{p.leads_hover}, {p.value_hover}" for p in points),
    )
    how_counted(
        _(
            "Win rate = won / (won + lost). In value: the expected value of leads won / "
            "that of leads won and lost."
        ),
        *rests_on(closings.total),
        *without_value(closings.total),
    )


def _point(line: Line) -> RatePoint:
    name, part, figures = line
    words = language()
    none = _("no rate")
    leads, value = figures.win_rate, figures.win_rate_in_value
    count = figures.decided.lead_count
    return RatePoint(
        name,
        leads,
        value,
        _n(
            "{period}: {rate} in leads, of {count} won or lost lead",
            "{period}: {rate} in leads, of {count} won or lost leads",
            count,
            period=name,
            rate=none if leads is None else words.percent(leads, 1),
        ),
        _n(
            "{period}: {rate} in value, of {count} won or lost lead",
            "{period}: {rate} in value, of {count} won or lost leads",
            count,
            period=name,
            rate=none if value is None else words.percent(value, 1),
        ),
        leads_code(Ended.DECIDED, *([part] if part else [])),
    )


def _show_bars(closings: Closings, lines: Sequence[Line]) -> None:
    """Won against lost, the newest period on top."""
    words, title = language(), _("Won and lost leads")
    bars = [
        WonAndLost(
            name,
            figures.won.lead_count,
            figures.lost.lead_count,
            words.number(figures.won.lead_count),
            words.number(figures.lost.lead_count),
            leads_code(Ended.WON, part or ""),
            leads_code(Ended.LOST, part or ""),
        )
        for name, part, figures in lines
    ]
    st.subheader(title, anchor=False)
    spoken = "; ".join(
        _("{period}: {won} won, {lost} lost", period=bar.name, won=bar.won, lost=bar.lost) for bar in bars
    )
    st.plotly_chart(
        won_and_lost_bars(bars, _("won"), _("lost"), is_dark=st.context.theme.type == "dark"),
        key="won-and-lost-chart",
        on_select=chart_clicked("won-and-lost-chart"),
        selection_mode="points",
        config=picture_of(title),
        alt=f"{title}: {spoken}",
    )
    how_counted(
        _(
            "Leads that are closed now, by the day they were closed on, in the workspace's time zone. "
            "A reopened lead is open again and counts nowhere here."
        ),
        *neither_counted(closings.total),
    )


def show_owners(closings: Closings) -> None:
    """Owners side by side, the one who won most first."""
    lines: list[Line] = [
        (owner_name(owner_id), of_owner(owner_id), figures) for owner_id, figures in closings.by_owner
    ]
    _rate_table("owners", _("Won and lost by owner"), _("Owner"), lines)
    how_counted(
        _(
            "Each closed lead counts for the owner it has now; the highest won value is at the top. "
            "The average value is that of leads won; the mean days are those of leads won and lost."
        ),
        *rests_on(closings.total),
        *without_value(closings.total),
    )


def show_cycles_and_values(closings: Closings) -> None:
    """M5 and won value, by outcome: how long it took and what it was worth."""
    total, medians = closings.total, closings.medians
    columns = [
        Column("outcome", _("Outcome")),
        Column("leads", _("Leads"), Kind.NUMBER),
        Column("mean_days", _("Mean days"), Kind.DECIMAL, 2),
        Column("median_days", _("Median days"), Kind.DECIMAL, 1),
        Column("value", _("Expected value"), Kind.MONEY),
        Column("average", _("Average value"), Kind.MONEY, 2),
        Column("median", _("Median value"), Kind.MONEY, 2),
        Column("recurring", _("Recurring {period}", period=_period()), Kind.MONEY),
    ]
    lines = [
        (_("Won"), Ended.WON, total.won, medians.won_days, medians.won_value),
        (_("Lost"), Ended.LOST, total.lost, medians.lost_days, None),
        (_("Won and lost"), Ended.DECIDED, total.decided, medians.decided_days, None),
    ]
    rows: list[dict[str, object]] = [
        {
            "outcome": name,
            "leads": figures.lead_count,
            "mean_days": figures.mean_days,
            "median_days": days,
            "value": figures.value,
            "average": figures.average_value,
            "median": value,
            "recurring": figures.recurring_value,
        }
        for name, _ended, figures, days, value in lines
    ]

    def behind(row: int, column: str) -> str | None:
        with_value_only = row == 0 and column in ("average", "median")
        return WON_WITH_VALUE if with_value_only else leads_code(lines[row][1])

    figure_table("outcomes", _("Days from opening to closing, and value"), columns, rows, behind)
    how_counted(
        _(
            "Whole calendar days from the opening date to the closing date, in the workspace's time zone; "
            "0 where both are one day. The median is the one in the middle when all stand in order; "
            "“Days to win” above is that of leads won. "
            "Value is the expected value that leads had when they were closed; averages and medians are "
            "over those with one. Recurring value is never added to it."
        ),
        *rests_on(total),
        *neither_counted(total),
        _n(
            "Average and median rest on {count} won lead with a value.",
            "Average and median rest on {count} won leads with a value.",
            total.won.lead_count - total.won.value_missing,
        ),
        *without_value(total),
    )


def _rate_table(key: str, title: str, head: str, lines: Sequence[Line]) -> None:
    """A row for each line, all cells of which open their leads."""
    columns = [
        Column("name", head),
        Column("won", _("Won"), Kind.NUMBER),
        Column("lost", _("Lost"), Kind.NUMBER),
        Column("rate", _("Win rate"), Kind.SHARE, 2),
        Column("value_rate", _("In value"), Kind.SHARE, 2),
        Column("value", _("Won value"), Kind.MONEY),
        Column("average", _("Average value"), Kind.MONEY),
        Column("days", _("Mean days"), Kind.DECIMAL, 2),
        Column("neither", _("Neither"), Kind.NUMBER),
        Column("recurring", _("Won recurring value, {period}", period=_period()), Kind.MONEY),
    ]

    def behind(row: int, column: str) -> str | None:
        _name, part, _figures = lines[row]
        return leads_code(_BEHIND.get(column, CLOSED), *([part] if part else []))

    figure_table(key, title, columns, [_rates(name, figures) for name, _part, figures in lines], behind)


def _rates(name: str, figures: ClosingFigures) -> dict[str, object]:
    return {
        "name": name,
        "won": figures.won.lead_count,
        "lost": figures.lost.lead_count,
        "rate": figures.win_rate,
        "value_rate": figures.win_rate_in_value,
        "value": figures.won.value,
        "average": figures.won.average_value,
        "days": figures.decided.mean_days,
        "neither": figures.neither.lead_count,
        "recurring": figures.won.recurring_value,
    }


def _period() -> str:
    return per_period(workspace().recurring_period)


def _newest_first(closings: Closings, grouping: Grouping) -> list[Line]:
    words = language()
    if grouping is Grouping.MONTH:
        return [*_lines(closings.by_month, words.month, in_month)]
    return [*_lines(closings.by_quarter, words.quarter, in_quarter)]


def _lines(
    periods: Sequence[tuple[date, ClosingFigures]], name: Callable[[date], str], part: Callable[[date], str]
) -> list[Line]:
    return [(name(day), part(day), figures) for day, figures in reversed(periods)]
