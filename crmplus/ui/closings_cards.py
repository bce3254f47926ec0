"""The answer of Win and loss before its charts: cards, reasons in words, velocity (M4, M5, M6, M8)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import ClosingFigures, Closings
from crmplus.analytics.period import Period, months_before
from crmplus.analytics.reasons import Ended
from crmplus.analytics.velocity import Velocity
from crmplus.ui.cards import Card, Change, change_in_points, change_of, say_against, show_cards
from crmplus.ui.chosen import choose
from crmplus.ui.closings_leads import OPEN
from crmplus.ui.closings_words import lost_without_worth, neither_counted, no_rate
from crmplus.ui.counted import how_counted
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain

_NOTHING = "–"
_MONTHS = 12


def twelve_months(chosen: Choice, today: date) -> Choice:
    """The same leads closed in the twelve calendar months up to the end of the period, at most today."""
    end = min(chosen.period.end or today, today)
    period = Period(months_before(end, _MONTHS - 1), end, chosen.period.zone)
    return Choice(chosen.account_type_id, chosen.owner_id, period)


def show_totals(
    chosen: Choice, closings: Closings, before: Closings | None, trend: Choice, line: Closings
) -> None:
    """Each figure with what belongs beside it; `line` holds the twelve months of `trend`."""
    words, total, months = language(), closings.total, _months_of(trend, line)
    cards = _cards(closings, before, months)
    show_cards(cards)
    say_against(chosen.period.before if any(card.change for card in cards) else None)
    notes = [*neither_counted(total), *no_rate(total), *lost_without_worth(total)]
    if (
        before and before.closed_count and total.won.lead_count
    ):  # the cards have room for one remark, and that is the change
        rate, average = _percent(total.win_rate_in_value), _money(total.won.average_value)
        notes.insert(
            0, _("Win rate in value {share}, average won value {amount}.", share=rate, amount=average)
        )
    if months and trend.period.start and trend.period.end:
        start, end = words.month(trend.period.start), words.day(trend.period.end)
        notes.append(
            _(
                "The small lines have a point a month, {start} to {end}; that of days to win is the mean.",
                start=start,
                end=end,
            )
        )
    if notes:
        st.caption(plain(" ".join(notes)))


def _cards(closings: Closings, before: Closings | None, months: Sequence[ClosingFigures]) -> list[Card]:
    words, total, then = language(), closings.total, before.total if before else ClosingFigures()
    days, days_then = closings.medians.won_days, before.medians.won_days if before else None
    won = Ended.WON if total.won.lead_count else None
    in_value = _("in value {share}", share=_percent(total.win_rate_in_value))
    average = _("average {amount}", amount=_money(total.won.average_value))
    if then.closed_count:  # then the room is for the changes
        in_value = average = ""
    return [
        Card(
            _("Won"),
            words.number(total.won.lead_count),
            change_of(total.won.lead_count, then.won.lead_count),
            _("leads"),
            [month.won.lead_count for month in months],
            won,
        ),
        Card(
            _("Lost"),
            words.number(total.lost.lead_count),
            change_of(total.lost.lead_count, then.lost.lead_count, is_more_better=False),
            _("leads"),
            [month.lost.lead_count for month in months],
            Ended.LOST if total.lost.lead_count else None,
        ),
        Card(
            _("Win rate"),
            _percent(total.win_rate),
            change_in_points(total.win_rate, then.win_rate),
            in_value,
            [month.win_rate for month in months],
            Ended.DECIDED if total.decided.lead_count else None,
        ),
        Card(
            _("Won value"),
            words.short_money(total.won.value),
            change_of(total.won.value, then.won.value),
            average,
            [month.won.value for month in months],
            won,
        ),
        Card(
            _("Days to win"),
            _NOTHING if days is None else words.number(days),
            _change_in_days(days, days_then),
            _("median"),
            [month.won.mean_days for month in months],
            won,
        ),
    ]


def _months_of(trend: Choice, line: Closings) -> list[ClosingFigures]:
    """Each of the twelve months, empty ones too; none at all where nothing was closed in them."""
    found = dict(line.by_month)
    if not found or trend.period.start is None:
        return []
    return [
        found.get(months_before(trend.period.start, -place), ClosingFigures()) for place in range(_MONTHS)
    ]


def say_what_is_missing(chosen: Choice) -> None:
    """Instead of empty charts."""
    period = chosen.period
    if any((chosen.account_type_id, chosen.owner_id, period.start, period.end)):
        sentence = _(
            "No lead was closed in this period with these filters. "
            "Choose a longer period or clear the filters."
        )
    else:
        sentence = _(
            "No lead is closed yet. As soon as one is, on its customer card, this page shows "
            "how many were won, what they were worth and how long they took."
        )
    st.info(sentence, icon=":material/inbox:")
    st.page_link("pages/customers.py", label=_("To the customers"), icon=":material/group:")


def show_answer(sentences: Sequence[str]) -> None:
    """The first in bold, the others below it."""
    if sentences:
        st.markdown(f"**{plain(sentences[0])}**  \n{plain(' '.join(sentences[1:]))}")


def show_velocity(velocity: Velocity, total: ClosingFigures) -> None:
    """M6 with its four parts, on one line where there is room."""
    words, per_day = language(), velocity.per_day
    with st.container(border=True, key="velocity"):
        if per_day is None:
            show_answer([_("Velocity: –"), *_missing(velocity)])
        else:
            answer = _("Velocity: {amount} a day", amount=words.short_money(per_day))
            parts = _(
                "= {leads} open leads × {rate} won × {value} a won lead / {days} days to win on average",
                leads=velocity.open_count,
                rate=_percent(velocity.win_rate),
                value=_money(velocity.mean_won_value),
                days=words.decimal(velocity.mean_won_days or Decimal(0), 1),
            )
            show_answer([answer, parts])
        with st.container(horizontal=True):
            if velocity.open_count:
                st.button(
                    _("Show the open leads"),
                    key="velocity-behind",
                    type="tertiary",
                    icon=":material/list:",
                    on_click=choose,
                    args=(OPEN,),
                )
            how_counted(
                _(
                    "Velocity = leads open now × win rate × average value of leads won / mean days from "
                    "opening to closing of leads won: what the open leads can be expected to bring in a day "
                    "if they fare like those closed in the period."
                ),
                _n("{count} lead is open now.", "{count} leads are open now.", velocity.open_count),
                _n(
                    "The rate rests on {count} won or lost lead.",
                    "The rate rests on {count} won or lost leads.",
                    total.decided.lead_count,
                ),
                _n(
                    "The average rests on {count} won lead with a value.",
                    "The average rests on {count} won leads with a value.",
                    total.won.lead_count - total.won.value_missing,
                ),
            )


def _missing(velocity: Velocity) -> list[str]:
    """What it would take."""
    if velocity.mean_won_days is None:
        return [_("It needs leads won in the period, and none was.")]
    if velocity.mean_won_value is None:
        return [_("It needs won leads with an expected value, and none has one.")]
    return [_("All leads were won on the day they were opened, so there is no cycle to divide by.")]


def _change_in_days(now: Decimal | None, then: Decimal | None) -> Change | None:
    """Fewer days are good news."""
    if now is None or then is None:
        return None
    sign = ("+", "±", "−")[1 - ((now > then) - (now < then))]
    difference = abs(now - then)
    words = _n(
        "{days} day", "{days} days", 1 if difference == 1 else 2, days=sign + language().number(difference)
    )
    return change_of(now, then, is_more_better=False, words=words)


def _percent(share: Decimal | None) -> str:
    return _NOTHING if share is None else language().percent(share, 2)


def _money(value: Decimal | None) -> str:
    return _NOTHING if value is None else language().round_money(value)
