"""Cards: the answer in a row of large figures, before any chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import nan
from typing import Literal

import streamlit as st

from crmplus.analytics.period import Period
from crmplus.ui.chosen import choose
from crmplus.ui.session import _, language
from crmplus.ui.text import plain


@dataclass(frozen=True, slots=True)
class Card:
    """One figure: `change` says how it differs from another time, `beside` is any other remark.

    `series` draws a small line, oldest first; `behind` is what `chosen` says once the leads of the
    figure are asked for.
    """

    label: str
    value: str
    change: "Change | None" = None
    beside: str = ""
    series: Sequence[Decimal | int | None] = ()
    behind: str | None = None
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A difference in words, its sign, and whether more of it is good news (None: neither)."""

    words: str
    sign: int
    is_more_better: bool | None = True


def show_cards(cards: Sequence[Card], key: str = "figures") -> None:
    """A row of cards; two in a row on a phone."""
    with st.container(key=key):
        columns = st.columns(len(cards))
    for place, (column, card) in enumerate(zip(columns, cards, strict=True)):
        with column:
            _show(card)
            if card.behind:
                st.button(
                    _("Show the leads"),
                    key=f"{key}-behind-{place}",
                    type="tertiary",
                    icon=":material/list:",
                    on_click=choose,
                    args=(card.behind,),
                )


def say_against(period: Period | None) -> None:
    """Below cards with changes: which period they are against; nothing where there is none."""
    if period and period.start and period.end:
        words = language()
        st.caption(
            plain(_("Changes are against {start} to {end}.", start=period.start, end=period.end))
            if period.start != period.end
            else plain(_("Changes are against {day}.", day=words.day(period.start)))
        )


def change_of(
    now: Decimal | int | None,
    then: Decimal | int | None,
    is_more_better: bool | None = True,
    words: str | None = None,
) -> Change | None:
    """The change from one figure to another, in percent unless `words` say it otherwise.

    None where one of them is missing, or where there is nothing to take a percentage of.
    """
    if now is None or then is None or (words is None and not then):
        return None
    difference = Decimal(now) - Decimal(then)
    sign = (difference > 0) - (difference < 0)
    if words is None:
        share = language().percent(abs(difference / Decimal(then)), 0)
        words = ("+", "±", "−")[1 - sign] + share
    return Change(words, sign, is_more_better)


def change_in_points(
    now: Decimal | None, then: Decimal | None, is_more_better: bool | None = True
) -> Change | None:
    """The change from one share (0 to 1) to another, in points: a percentage of a rate says little."""
    if now is None or then is None:
        return None
    difference = (now - then) * 100
    sign = (difference > 0) - (difference < 0)
    points = ("+", "±", "−")[1 - sign] + language().decimal(abs(difference), 1)
    return Change(_("{points} points", points=points), sign, is_more_better)


def _show(card: Card) -> None:
    arrow: Literal["up", "down", "off"] = "off"
    colour: Literal["green", "red", "off"] = "off"
    if card.change and card.change.sign:
        arrow = "up" if card.change.sign > 0 else "down"
        if card.change.is_more_better is not None:
            colour = "green" if (card.change.sign > 0) == card.change.is_more_better else "red"
    beside = card.change.words if card.change else card.beside
    st.metric(
        plain(card.label),
        plain(card.value),
        plain(beside) if beside else None,
        delta_color=colour,
        delta_arrow=arrow,
        delta_description=plain(card.beside) if card.change and card.beside else None,
        chart_data=[nan if value is None else float(value) for value in card.series] or None,
        border=True,
        height="stretch",
        help=plain(card.help) if card.help else None,
    )
