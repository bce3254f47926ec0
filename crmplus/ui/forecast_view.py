"""The forecast on screen: the answer, the months in a chart, what is counted beside them (M7)."""

from datetime import date

import streamlit as st

from crmplus.analytics.figures.forecast import MonthBar, forecast_bars
from crmplus.analytics.forecast_figures import Forecast, Outlook
from crmplus.domain.actor import Permission
from crmplus.ui.cards import Card, change_of, show_cards
from crmplus.ui.chosen import chart_clicked, choose
from crmplus.ui.counted import how_counted
from crmplus.ui.download import picture_of
from crmplus.ui.forecast_leads import OPEN, OUTSIDE, OVERDUE, PAST_DUE, UNDATED, WON, month_code
from crmplus.ui.forecast_words import (
    months_counted,
    outside_words,
    overdue_words,
    past_due_words,
    range_counted,
    range_words,
    spoken_month,
    state_of,
    undated_words,
)
from crmplus.ui.session import _, _n, actor, language
from crmplus.ui.text import plain

_DASH = "–"


def say_answer(forecast: Forecast, month: date) -> None:
    """What this month comes to, in a sentence."""
    outlook = dict(forecast.months).get(month)
    if outlook:
        st.write(plain(state_of(language().month(month), outlook)))


def show_totals(forecast: Forecast, month: date, is_recurring: bool) -> None:
    """The period in large figures: what is to come, within which range; what was won, against what."""
    words, total = language(), forecast.total
    this = dict(forecast.months).get(month, Outlook())
    show_cards(
        [
            Card(
                _("To come this month"),
                words.short_money(this.expected.weighted_value),
                beside=_n("{count} open lead", "{count} open leads", this.expected.lead_count),
                behind=month_code(OPEN, month) if this.expected.lead_count else None,
            ),
            Card(
                _("To come, all these months"),
                words.short_money(total.expected.weighted_value),
                beside=_n("{count} open lead", "{count} open leads", total.expected.lead_count),
                behind=OPEN if total.expected.lead_count else None,
            ),
            Card(
                _("Range of what is to come"),
                range_words(total.range),
                beside=_("in 80 of 100 cases"),
                help=_("Below it in 10 of 100 cases, above it in 10 of 100, if scores are true chances."),
            ),
        ]
    )
    second = [_won_card(forecast)]
    if not is_recurring:
        second += [
            Card(
                _("Target"),
                _DASH if total.target is None else words.short_money(total.target),
                beside=_part_of_target(total),
            ),
            Card(_("Gap to the target"), _gap(total), beside=_("target − won − to come")),
        ]
    show_cards(second, key="figures-won")


def _won_card(forecast: Forecast) -> Card:
    words, compared, then = language(), forecast.compared, forecast.won_then
    days = None
    if compared and compared.start and compared.end:
        start, end = words.day(compared.start), words.day(compared.end)
        days = _(
            "Then: won from {start} to {end}. The line: won in each of twelve months.", start=start, end=end
        )
    return Card(
        _("Won so far"),
        words.short_money(forecast.total.won.value),
        change_of(forecast.total.won.value, then),
        beside="" if then is None else _("then {amount}", amount=words.short_money(then)),
        series=forecast.won_lately,
        behind=WON if forecast.total.won.lead_count else None,
        help=days,
    )


def _part_of_target(total: Outlook) -> str:
    if total.target is None:
        return _("no target")
    if not total.target:
        return ""
    return _("{share} of it won", share=language().percent(total.won.value / total.target, 0))


def _gap(total: Outlook) -> str:
    if total.gap is None:
        return _DASH
    if total.gap <= 0:
        return _("{amount} above", amount=language().short_money(-total.gap))
    return _("{amount} short", amount=language().short_money(total.gap))


def say_what_is_missing(has_filter: bool) -> None:
    """Instead of an empty chart."""
    if has_filter:
        sentence = _("No lead is open or won with these filters. Clear them, or choose other months.")
    else:
        sentence = _(
            "No lead is open yet. Give a lead an expected value, a score and an expected close date "
            "on its customer card, and this page shows in which month how much may come in."
        )
    st.info(sentence, icon=":material/inbox:")
    st.page_link("pages/customers.py", label=_("To the customers"), icon=":material/groups:")


def say_targets(forecast: Forecast, has_account_type: bool, is_recurring: bool) -> None:
    """Why there is no target to compare with, and where to set one."""
    if is_recurring:
        st.caption(_("Targets are for one-off value; recurring value has none."))
    elif has_account_type:
        st.caption(
            _("Targets are for all account types together: choose all of them to compare with targets.")
        )
    elif forecast.total.target is None:
        st.caption(_("No owner has a target in these months."))
        if actor().may(Permission.CONFIGURE):
            st.page_link("pages/targets.py", label=_("Set targets"), icon=":material/sports_score:")


def show_beside(forecast: Forecast) -> None:
    """Open leads that no month of the chart holds, or whose day has passed; a click lists them."""
    past_due = sum(outlook.expected.past_due_count for _month, outlook in forecast.months)
    found = [
        (OVERDUE, forecast.overdue.lead_count, overdue_words),
        (PAST_DUE, past_due, past_due_words),
        (UNDATED, forecast.undated.lead_count, undated_words),
        (OUTSIDE, forecast.outside.lead_count, outside_words),
    ]
    with st.container(horizontal=True, key="beside-the-months"):
        for code, count, words in found:
            if count:
                st.button(
                    plain(words(count)),
                    key=f"beside-{code}",
                    type="tertiary",
                    icon=":material/list:",
                    on_click=choose,
                    args=(code,),
                )


def show_chart(forecast: Forecast) -> None:
    """Won and to come by month, against the target."""
    title = _("Won and to come, by month")
    st.subheader(title, anchor=False)
    bars = [_bar(month, outlook) for month, outlook in forecast.months]
    names = (_("won"), _("to come, weighted"), _("target"), _("range, 10 to 90 of 100"))
    st.plotly_chart(
        forecast_bars(bars, *names, is_dark=st.context.theme.type == "dark"),
        key="forecast-chart",
        on_select=chart_clicked("forecast-chart"),
        selection_mode="points",
        config=picture_of(title),
        alt=f"{title}: " + "; ".join(bar.hover for bar in bars),
    )
    how_counted(*months_counted(forecast), range_counted())


def _bar(month: date, outlook: Outlook) -> MonthBar:
    name, found = language().month(month), outlook.range
    return MonthBar(
        name,
        outlook.won.value,
        outlook.expected.weighted_value,
        month_code(WON, month),
        month_code(OPEN, month),
        spoken_month(name, outlook),
        outlook.target,
        found.low if found else None,
        found.middle if found else None,
        found.high if found else None,
    )
