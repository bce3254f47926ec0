"""Win and loss on screen: the answer, then periods, owners, cycles and values (M4, M5)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crmplus.analytics.closings import ClosingFigures, Closings, ClosingsFilter
from crmplus.analytics.figures.outcomes import WonAndLost, won_and_lost_bars
from crmplus.ui.closings_download import download_outcomes, download_rates
from crmplus.ui.closings_filters import Grouping
from crmplus.ui.closings_words import lost_without_worth, neither_counted, no_rate, rests_on, without_value
from crmplus.ui.download import picture_of
from crmplus.ui.session import _, _n, language, workspace
from crmplus.ui.tables import PAGE_SIZE
from crmplus.ui.text import plain
from crmplus.ui.words import owner_name, per_period

_NOTHING = "–"


def show_totals(closings: Closings) -> None:
    """The answer before the charts: each figure with what belongs beside it."""
    words, total = language(), closings.total
    in_value = _percent(total.win_rate_in_value)
    facts = [
        (_("Won"), words.number(total.won.lead_count), _("leads")),
        (_("Lost"), words.number(total.lost.lead_count), _("leads")),
        (_("Win rate"), _percent(total.win_rate), _("in value {share}", share=in_value)),
        (_("Won value"), words.short_money(total.won.value), _average(total.won.average_value)),
        (_("Days to win"), _number(closings.medians.won_days), _("median")),
    ]
    with st.container(key="figures"):
        columns = st.columns(len(facts))
    for column, (label, value, beside) in zip(columns, facts, strict=True):
        column.metric(
            plain(label), plain(value), plain(beside), delta_color="off", delta_arrow="off", border=True
        )
    notes = [*neither_counted(total), *no_rate(total), *lost_without_worth(total)]
    if notes:
        st.caption(plain(" ".join(notes)))


def say_what_is_missing(chosen: ClosingsFilter) -> None:
    """Instead of empty charts."""
    if chosen == ClosingsFilter(zone=chosen.zone):
        sentence = _(
            "No lead is closed yet. As soon as one is, on its customer card, this page shows "
            "how many were won, what they were worth and how long they took."
        )
    else:
        sentence = _(
            "No lead was closed in this period with these filters. "
            "Choose a longer period or clear the filters."
        )
    st.info(sentence, icon=":material/inbox:")


def show_chart(closings: Closings, grouping: Grouping) -> None:
    """Won against lost, the newest period on top."""
    words, title = language(), _("Won and lost leads")
    bars = [
        WonAndLost(
            name,
            figures.won.lead_count,
            figures.lost.lead_count,
            words.number(figures.won.lead_count),
            words.number(figures.lost.lead_count),
        )
        for name, figures in _newest_first(closings, grouping)
    ]
    st.subheader(title, anchor=False)
    spoken = "; ".join(
        _("{period}: {won} won, {lost} lost", period=bar.name, won=bar.won, lost=bar.lost) for bar in bars
    )
    st.plotly_chart(
        won_and_lost_bars(bars, _("won"), _("lost"), is_dark=st.context.theme.type == "dark"),
        key="won-and-lost-chart",
        config=picture_of(title),
        alt=f"{title}: {spoken}",
    )
    _how_counted(
        _(
            "Leads that are closed now, by the day they were closed on, in the workspace's time zone. "
            "A reopened lead is open again and counts nowhere here."
        ),
        *neither_counted(closings.total),
    )


def show_periods(closings: Closings, grouping: Grouping) -> None:
    """The same periods in numbers, with their totals."""
    title, total = _("Win rate over time"), closings.total
    lines = [*_newest_first(closings, grouping), (_("Total"), total)]
    with _heading(title):
        download_rates(title, _("Period"), lines, "periods")
    heads = {"period": _("Period"), **_rate_heads()}
    _table("periods-table", title, heads, [{"period": name} | _rates(figures) for name, figures in lines])
    _how_counted(
        _(
            "Win rate = won / (won + lost). In value: the expected value of leads won / "
            "that of leads won and lost."
        ),
        *rests_on(total),
        *without_value(total),
    )


def show_owners(closings: Closings) -> None:
    """Owners side by side, the one who won most first."""
    words, title = language(), _("By owner")
    lines = [(owner_name(owner_id), figures) for owner_id, figures in closings.by_owner]
    with _heading(title):
        download_rates(_("Won and lost by owner"), _("Owner"), lines, "owners")
    heads = {
        "owner": _("Owner"),
        **_rate_heads(),
        "average": _("Average value"),
        "days": _("Mean days"),
        "neither": _("Neither"),
    }
    rows = [
        {"owner": name}
        | _rates(figures)
        | {
            "average": _money(figures.won.average_value),
            "days": _amount(figures.decided.mean_days),
            "neither": words.number(figures.neither.lead_count),
        }
        for name, figures in lines
    ]
    _table("owners-table", title, heads, rows)
    _how_counted(
        _(
            "Each closed lead counts for the owner it has now; the highest won value is at the top. "
            "The average value is that of leads won; the mean days are those of leads won and lost."
        )
    )


def show_cycles(closings: Closings) -> None:
    """M5: how long it took."""
    words, total, medians, title = (
        language(),
        closings.total,
        closings.medians,
        _("Days from opening to closing"),
    )
    with _heading(title):
        download_outcomes(title, closings)
    lines = [
        (_("Won"), total.won, medians.won_days),
        (_("Lost"), total.lost, medians.lost_days),
        (_("Won and lost"), total.decided, medians.decided_days),
    ]
    rows = [
        {
            "outcome": name,
            "leads": words.number(figures.lead_count),
            "mean": _amount(figures.mean_days),
            "median": _number(median),
        }
        for name, figures, median in lines
    ]
    heads = {"outcome": _("Outcome"), "leads": _("Leads"), "mean": _("Mean"), "median": _("Median")}
    _table("cycles-table", title, heads, rows)
    _how_counted(
        _(
            "Whole calendar days from the opening date to the closing date, in the workspace's time zone; "
            "0 where both are one day. The median is the one in the middle when all stand in order; "
            "“Days to win” above is that of leads won."
        ),
        *rests_on(total),
        *neither_counted(total),
    )


def show_values(closings: Closings) -> None:
    """What was won; one-off and recurring apart."""
    words, won, title = language(), closings.total.won, _("Value of leads won")
    period = per_period(workspace().recurring_period)
    st.subheader(title, anchor=False)
    facts = {
        _("Won value"): words.round_money(won.value),
        _("Average"): _NOTHING if won.average_value is None else words.money(won.average_value),
        _("Median"): _NOTHING
        if closings.medians.won_value is None
        else words.money(closings.medians.won_value),
        _("Recurring value, {period}", period=period): words.round_money(won.recurring_value),
    }
    rows = [{"what": what, "value": value} for what, value in facts.items()]
    _table("values-table", title, {"what": _("Leads won"), "value": _("Value")}, rows)
    _how_counted(
        _(
            "The expected value that leads won had when they were closed. "
            "Recurring value is never added to it."
        ),
        _n(
            "Average and median rest on {count} won lead with a value.",
            "Average and median rest on {count} won leads with a value.",
            won.lead_count - won.value_missing,
        ),
        *without_value(closings.total),
    )


def _heading(title: str) -> DeltaGenerator:
    """A heading, and beside it room for a download."""
    place = st.container(horizontal=True, vertical_alignment="center")
    place.subheader(title, anchor=False, width="content")
    return place


def _newest_first(closings: Closings, grouping: Grouping) -> list[tuple[str, ClosingFigures]]:
    words = language()
    if grouping is Grouping.MONTH:
        return [(words.month(day), figures) for day, figures in reversed(closings.by_month)]
    return [(words.quarter(day), figures) for day, figures in reversed(closings.by_quarter)]


def _rate_heads() -> dict[str, str]:
    return {
        "won": _("Won"),
        "lost": _("Lost"),
        "rate": _("Win rate"),
        "value_rate": _("In value"),
        "value": _("Won value"),
    }


def _rates(figures: ClosingFigures) -> dict[str, str]:
    words = language()
    return {
        "won": words.number(figures.won.lead_count),
        "lost": words.number(figures.lost.lead_count),
        "rate": _percent(figures.win_rate),
        "value_rate": _percent(figures.win_rate_in_value),
        "value": words.round_money(figures.won.value),
    }


def _table(key: str, title: str, heads: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> None:
    """Words at the left in the first column, numbers at the right in the others."""
    first = next(iter(heads))
    st.dataframe(
        pd.DataFrame(rows, columns=list(heads)),
        hide_index=True,
        key=key,
        height="content" if len(rows) <= PAGE_SIZE else "auto",
        column_config={
            field: st.column_config.TextColumn(head, alignment="left" if field == first else "right")
            for field, head in heads.items()
        },
        alt=title,
    )


def _how_counted(*sentences: str) -> None:
    with st.popover(_("How is this counted?"), type="tertiary", icon=":material/calculate:"):
        st.write(plain(sentences[0]))
        if sentences[1:]:
            st.write(plain(" ".join(sentences[1:])))


def _percent(share: Decimal | None) -> str:
    return _NOTHING if share is None else language().percent(share, 2)


def _money(value: Decimal | None) -> str:
    return _NOTHING if value is None else language().round_money(value)


def _average(value: Decimal | None) -> str:
    return _("average {amount}", amount=_money(value))


def _amount(value: Decimal | None) -> str:
    return _NOTHING if value is None else language().amount(value)


def _number(value: Decimal | None) -> str:
    return _NOTHING if value is None else language().number(value)
