"""Conversion on screen: the answer in words and figures, and the reached funnel (M2)."""

from collections.abc import Iterator
from decimal import Decimal

import streamlit as st

from crmplus.analytics.conversion import Conversion, Step
from crmplus.analytics.conversion_beside import Openings
from crmplus.analytics.conversion_leads import Part
from crmplus.analytics.figures.reached import Fate, Piece, ReachedBar, reached_bars
from crmplus.ui.cards import Card, change_in_points, change_of, show_cards
from crmplus.ui.chosen import chart_clicked
from crmplus.ui.closings_words import reason_names
from crmplus.ui.conversion_leads import code_of
from crmplus.ui.counted import how_counted
from crmplus.ui.download import picture_of
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain, shortened

_LONGEST_IN_CARD = 24
_LONGEST_ON_BAR = 28
_SIGNS = {Fate.OPEN: "○", Fate.LOST: "✗", Fate.NEITHER: "–", Fate.WON: "✓"}
_PARTS = {Fate.OPEN: Part.OPEN, Fate.LOST: Part.LOST, Fate.NEITHER: Part.NEITHER}


def say_where(conversion: Conversion) -> None:
    """The answer in words: where most are lost, why, and how many can still go either way."""
    st.markdown(f"**{plain(' '.join(_answer(conversion)))}**")
    if conversion.still_open:
        st.caption(
            plain(
                _n(
                    "{count} of these leads is still open: it can go on, be won or be lost.",
                    "{count} of these leads are still open: they can go on, be won or be lost.",
                    conversion.still_open,
                )
            )
        )


def show_totals(conversion: Conversion, openings: Openings) -> None:
    """The same in figures, with the change against the leads opened in the period before."""
    months, before = openings.months, openings.before
    words, share = language(), conversion.won_share
    # A younger cohort has won less so far, which is no bad news as long as leads of it are open.
    is_good = None if conversion.still_open else True
    by_month = _("The line shows twelve months of opening, up to the end of the period.")
    young = _("Leads opened lately had less time to be won: as long as some are open, it can grow.")
    show_cards(
        [
            Card(
                _("Leads opened"),
                words.number(conversion.opened),
                change_of(conversion.opened, before.opened if before else None),
                series=[month.opened for month in months],
                behind=code_of(Part.REACHED),
                help=by_month,
            ),
            Card(
                _("Won of these"),
                words.number(conversion.won),
                change_of(conversion.won, before.won if before else None, is_good),
                series=[month.won for month in months],
                behind=code_of(Part.WON),
                help=f"{by_month} {young}",
            ),
            Card(
                _("Opened to won"),
                "–" if share is None else words.percent(share, 1),
                change_in_points(share, before.won_share if before else None, is_good),
                series=[month.won_share for month in months],
                behind=code_of(Part.WON),
                help=f"{by_month} {young}",
            ),
            _leak_card(conversion.biggest_leak),
        ]
    )


def show_chart(conversion: Conversion) -> None:
    """The funnel; a click on a part of a bar lists its leads."""
    title, words = _("How far they got"), language()
    bars = [_bar(conversion, step) for step in conversion.steps]
    won = _("{share} of all", share=_percent(conversion.won_share))
    bars.append(
        ReachedBar(
            _("Won"),
            f"{words.number(conversion.won)} · {won}",
            "",
            {Fate.WON: Piece(conversion.won, _("Won: {count}", count=conversion.won), code_of(Part.WON))},
        )
    )
    st.subheader(title, anchor=False)
    st.plotly_chart(
        reached_bars(bars, _legend(), is_dark=st.context.theme.type == "dark"),
        key="reached-chart",
        on_select=chart_clicked("reached-chart"),
        selection_mode="points",
        config=picture_of(title),
        alt=f"{title}: " + "; ".join(f"{bar.name}: {bar.label}. {bar.note}" for bar in bars),
    )
    how_counted(
        _(
            "Leads opened in the period, by the day they were opened on, each once, wherever they are now. "
            "A lead reached a phase when it was in it or in a later one of the funnel: "
            "skipping a phase passes it, going back loses nothing. A lead that is won reached all; "
            "one that was closed otherwise got no further than it had been. "
            "To the next = reached the next step / reached this one; of all = reached / leads opened."
        ),
        _n("It rests on {count} lead.", "It rests on {count} leads.", conversion.opened),
    )


def say_nothing_was_opened(is_narrowed: bool) -> None:
    """Instead of an empty chart."""
    if is_narrowed:
        sentence = _(
            "No lead of this account type was opened in this period with these filters. "
            "Choose a longer period or clear the filters."
        )
    else:
        sentence = _(
            "No lead was opened in these months. Start one on a customer card, or choose a longer period: "
            "this page then shows how far leads get and where they are lost."
        )
    st.info(sentence, icon=":material/inbox:")
    st.page_link("pages/customers.py", label=_("To the customers"))


def _answer(conversion: Conversion) -> Iterator[str]:
    leak = conversion.biggest_leak
    if leak is None:
        yield _("None of these leads is lost.")
        return
    as_bad = [step for step in conversion.steps if step.dropped.lost == leak.dropped.lost]
    if len(as_bad) > 1:
        names = ", ".join(step.phase.description for step in as_bad)
        yield _("Most are lost in {phases}: {count} in each.", phases=names, count=leak.dropped.lost)
        return
    yield _n(
        "More are lost in {phase} than anywhere else: {lost} of the {count} lead that reached it.",
        "More are lost in {phase} than anywhere else: {lost} of the {count} leads that reached it.",
        leak.reached,
        phase=leak.phase.description,
        lost=leak.dropped.lost,
    )
    (reason_id, count), *others = leak.dropped.lost_for
    reason = reason_names()[reason_id]
    if not others:
        yield _("The reason there: {reason}.", reason=reason)
    elif others[0][1] < count:
        yield _("The usual reason there: {reason} ({count}).", reason=reason, count=count)


def _leak_card(leak: Step | None) -> Card:
    if leak is None:
        return Card(_("Biggest leak"), _("none"), beside=_("no lead is lost"))
    words = language()
    return Card(
        _("Biggest leak"),
        shortened(leak.phase.description, _LONGEST_IN_CARD),
        beside=_(
            "{lost} of {reached} lost, {share}",
            lost=leak.dropped.lost,
            reached=leak.reached,
            share=words.percent(Decimal(leak.dropped.lost) / leak.reached, 0),
        ),
        behind=code_of(Part.LOST, leak.phase),
        help=_("The phase with the most lost leads that got no further."),
    )


def _legend() -> dict[Fate, str]:
    return {
        Fate.ON: _("went on"),
        Fate.WON: f"{_SIGNS[Fate.WON]} {_('won')}",
        Fate.OPEN: _SIGNS[Fate.OPEN] + " " + _("still open"),
        Fate.LOST: f"{_SIGNS[Fate.LOST]} {_('lost')}",
        Fate.NEITHER: f"{_SIGNS[Fate.NEITHER]} {_('neither')}",
    }


def _bar(conversion: Conversion, step: Step) -> ReachedBar:
    words, names, dropped = language(), _legend(), step.dropped
    phase = step.phase.description
    counts = {Fate.OPEN: dropped.still_open, Fate.LOST: dropped.lost, Fate.NEITHER: dropped.neither}
    pieces = {
        Fate.ON: Piece(
            step.went_on, f"{phase}: {step.went_on} {names[Fate.ON]}", code_of(Part.WENT_ON, step.phase)
        )
    } | {
        fate: Piece(count, f"{phase}: {count} {names[fate][2:]}", code_of(_PARTS[fate], step.phase))
        for fate, count in counts.items()
    }
    left = [f"{_SIGNS[fate]} {words.number(count)}" for fate, count in counts.items() if count]
    share = _("{share} of all", share=_percent(conversion.from_first(step.reached)))
    note = " · ".join([_("↓ {share} go on", share=_percent(step.to_next)), *left]) if step.reached else ""
    name = shortened(phase, _LONGEST_ON_BAR)
    return ReachedBar(name, f"{words.number(step.reached)} · {share}", note, pieces)


def _percent(share: Decimal | None) -> str:
    return "–" if share is None else language().percent(share, 1)
