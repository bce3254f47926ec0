"""Changes on screen: the answer, the waterfall and its steps in numbers (M10)."""

from datetime import date, timedelta

import streamlit as st

from crmplus.analytics.bridge import Bridge
from crmplus.analytics.bridge_figures import Business, End, Kind, Measure
from crmplus.analytics.choice import Choice
from crmplus.analytics.figures.waterfall import Tone, WaterfallBar, scale_start, waterfall
from crmplus.ui.cards import Card, Change, change_of, say_against, show_cards
from crmplus.ui.changes_words import (
    amount_of,
    answer,
    in_full,
    in_short,
    lines_of,
    measure_name,
    signed,
    step_name,
)
from crmplus.ui.chosen import chart_clicked, chosen
from crmplus.ui.counted import how_counted
from crmplus.ui.download import picture_of
from crmplus.ui.pickers import set_in_url
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain

_MARKS = {Tone.WON: "✓ ", Tone.LOST: "✗ "}


def choose_measure() -> Measure:
    """What the bridge is measured in, kept in the URL."""
    names = {measure: measure_name(measure) for measure in Measure}
    asked = st.query_params.get("measure", "")
    widget = f"measure-{hash(tuple(names.values()))}"  # other words make another switch
    st.session_state[widget] = Measure(asked) if asked in list(Measure) else Measure.EXPECTED
    found: Measure | None = st.segmented_control(
        _("Measured in"),
        list(Measure),
        format_func=names.__getitem__,
        required=True,
        key=widget,
        on_change=lambda: set_in_url("measure", st.session_state[widget], Measure.EXPECTED),
        label_visibility="collapsed",
    )
    return found or Measure.EXPECTED


def is_empty(bridge: Bridge) -> bool:
    """Whether nothing was open at either end, nor in between."""
    steps = bridge.steps.of(Measure.LEADS)
    return not (bridge.opening.leads or bridge.closing.leads or any(step.change_count for step in steps))


def say_what_is_missing(choice: Choice) -> None:
    """Instead of an empty waterfall."""
    if choice == Choice(period=choice.period) and choice.period.start is None:
        st.info(
            _(
                "No lead was started yet. As soon as one is, this page shows what came into the open "
                "leads, what went out, and why."
            ),
            icon=":material/inbox:",
        )
        st.page_link("pages/customers.py", label=_("To the customers"))
        return
    st.info(
        _("No lead was open in this period with these filters. Choose a longer period or clear the filters."),
        icon=":material/inbox:",
    )


def show_totals(bridge: Bridge, choice: Choice, measure: Measure, today: date) -> None:
    """Both ends, the way between them, and what came in and was won, against the period before."""
    opening, closing = bridge.opening.of(measure), bridge.closing.of(measure)
    new, won = (amount_of(bridge.steps, measure, which) for which in (Business.NEW, Kind.WON))
    earlier = bridge.earlier
    started, taken = (bridge.steps.step(Measure.LEADS, kind) for kind in (Kind.NEW, Kind.WON))
    change = change_of(closing, opening)
    show_cards(
        [
            Card(
                _("Opening"),
                in_short(measure, opening),
                beside=_opening_day(choice),
                behind=End.OPENING if opening else None,
            ),
            Card(
                _("Closing"),
                in_short(measure, closing),
                beside=_closing_day(choice, today),
                series=[amounts.of(measure) for amounts in bridge.course],
                behind=End.CLOSING if closing else None,
                help=_("The line shows the ends of the eleven months before, and the closing."),
            ),
            Card(
                _("Net change"),
                signed(measure, closing - opening),
                Change(change.words, change.sign) if change else None,
                beside=_("of the opening") if change else _("began at nothing"),
            ),
            Card(
                _("New business"),
                in_short(measure, new),
                change_of(new, amount_of(earlier, measure, Business.NEW) if earlier else None),
                beside=_n("{count} lead opened", "{count} leads opened", started.change_count),
                behind=Business.NEW if new else None,
                help=_("What new leads were worth when they were opened, and first values of leads."),
            ),
            Card(
                _("Won"),
                in_short(measure, -won),
                change_of(-won, -amount_of(earlier, measure, Kind.WON) if earlier else None),
                beside=_n("{count} lead", "{count} leads", taken.change_count),
                behind=Kind.WON if taken.change_count else None,
            ),
        ]
    )
    if earlier and choice.before:
        say_against(choice.before.period)
    st.write(plain(answer(bridge, measure)))


def _opening_day(choice: Choice) -> str:
    start = choice.period.start
    if start is None:
        return _("before the first lead")
    return _("end of {day}", day=language().day(start - timedelta(days=1)))


def _closing_day(choice: Choice, today: date) -> str:
    end = choice.period.end
    return _("today") if end is None or end >= today else _("end of {day}", day=language().day(end))


def show_waterfall(bridge: Bridge, measure: Measure) -> None:
    """From the opening to the closing, a bar a step; a click on one lists what is behind it."""
    title = _("What changed: {measure}", measure=measure_name(measure))
    bars = _bars(bridge, measure)
    st.subheader(plain(title), anchor=False)
    st.plotly_chart(
        waterfall(bars, selected=chosen(), is_dark=st.context.theme.type == "dark"),
        key="changes-chart",
        on_select=chart_clicked("changes-chart"),
        selection_mode="points",
        config=picture_of(title),
        alt=f"{title}: " + "; ".join(f"{bar.name}: {bar.label}" for bar in bars),
    )
    if start := scale_start(bars):
        st.caption(
            plain(
                _(
                    "The scale begins at {start}, so that the steps can be seen.",
                    start=in_full(measure, start),
                )
            )
        )
    _how_counted(bridge, measure)


def _bars(bridge: Bridge, measure: Measure) -> list[WaterfallBar]:
    bars = []
    for line in lines_of(bridge, measure):
        is_end = isinstance(line.which, End)
        label = in_short(measure, line.amount) if is_end else signed(measure, line.amount)
        name, mark = step_name(line.which), _MARKS.get(line.tone, "")
        hover = f"{name}: {in_full(measure, line.amount)}"
        bars.append(WaterfallBar(line.which, name, line.amount, f"{mark}{label}", hover, line.tone))
    return bars


def _how_counted(bridge: Bridge, measure: Measure) -> None:
    steps = sum(step.change_count for step in bridge.steps.of(measure))
    how_counted(
        _(
            "Closing = opening + all steps, always. Every change of a lead in the period is booked: what "
            "the lead was worth after it, less what it was worth before. A lead that is closed goes out at "
            "the value it was closed with; the difference from before is raised or lowered first. "
            "New business is what new leads were worth when they were opened, and the first value of those "
            "that were worth nothing until then. With a filter, a lead that comes from or goes to "
            "another owner or account type is taken over or handed over."
        ),
        _n("It adds up {count} booking.", "It adds up {count} bookings.", steps),
        *_without(bridge, measure),
    )


def _without(bridge: Bridge, measure: Measure) -> list[str]:
    """How many leads count for nothing at the closing, for want of a score or a value."""
    missing, found = bridge.missing, []
    value = missing.expected if measure in (Measure.EXPECTED, Measure.WEIGHTED) else missing.recurring
    if measure is not Measure.LEADS and value:
        found.append(
            _n(
                "{count} lead open at the closing has no value and counts as zero.",
                "{count} leads open at the closing have no value and count as zero.",
                value,
            )
        )
    if measure in (Measure.WEIGHTED, Measure.WEIGHTED_RECURRING) and missing.score:
        found.append(
            _n(
                "{count} lead open at the closing has no score and weighs nothing.",
                "{count} leads open at the closing have no score and weigh nothing.",
                missing.score,
            )
        )
    return found
