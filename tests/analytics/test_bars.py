"""Bars say the numbers they were given, in the order they were given."""

from decimal import Decimal

from crmplus.analytics.figures.bars import Bar, phase_bars
from crmplus.analytics.figures.outcomes import WonAndLost, won_and_lost_bars
from crmplus.analytics.figures.rates import RatePoint, rate_lines
from crmplus.analytics.figures.reasons import ReasonBar, reason_bars
from crmplus.domain.closing_reason import Outcome


def bars(*values: int) -> list[Bar]:
    return [Bar(f"key {v}", f"Phase {v}", Decimal(v), f"{v} leads", f"hover {v}") for v in values]


def test_bars_keep_funnel_order_first_on_top_and_empty_ones_too() -> None:
    figure = phase_bars(bars(5, 0, 3))
    trace = figure.data[0]
    assert list(trace.x) == [5, 0, 3]
    assert list(trace.y) == ["1. Phase 5", "2. Phase 0", "3. Phase 3"]
    assert figure.layout.yaxis.autorange == "reversed"


def test_bars_start_at_a_common_edge_with_room_for_their_labels() -> None:
    low, high = phase_bars(bars(10, 4)).layout.xaxis.range
    assert low == 0
    assert high > 10


def test_bars_carry_their_labels() -> None:
    assert list(phase_bars(bars(2, 1)).data[0].text) == ["2 leads", "1 leads"]


def test_phases_are_a_ramp_of_one_colour() -> None:
    for is_dark in (False, True):
        colours = phase_bars(bars(1, 2, 3), is_dark=is_dark).data[0].marker.color
        assert len(set(colours)) == 3


def test_the_chosen_bar_alone_has_an_outline() -> None:
    assert list(phase_bars(bars(1, 2, 3), selected=1).data[0].marker.line.width) == [0, 3, 0]


def test_names_are_shown_as_typed_though_plotly_reads_tags() -> None:
    bar = Bar("key", "<b>A & B</b>", Decimal(1), "1", "1")
    assert phase_bars([bar]).data[0].y[0] == "1. &lt;b&gt;A &amp; B&lt;/b&gt;"


def test_no_bars_make_an_empty_figure() -> None:
    assert len(phase_bars([]).data[0].x) == 0


def pairs(*counts: tuple[int, int]) -> list[WonAndLost]:
    return [WonAndLost(f"Q{n}", won, lost, f"{won}", f"{lost}") for n, (won, lost) in enumerate(counts, 1)]


def test_won_goes_to_the_right_and_lost_to_the_left_of_one_edge_in_the_order_given() -> None:
    figure = won_and_lost_bars(pairs((5, 2), (0, 0), (1, 9)), "won", "lost")
    lost, won = figure.data
    assert (list(won.x), list(lost.x)) == ([5, 0, 1], [-2, 0, -9])
    assert list(won.y) == list(lost.y) == ["Q1", "Q2", "Q3"]
    assert figure.layout.yaxis.autorange == "reversed"
    assert figure.layout.barmode == "overlay"


def test_outcomes_differ_by_more_than_their_colour() -> None:
    for is_dark in (False, True):
        lost, won = won_and_lost_bars(pairs((5, 2)), "won", "lost", is_dark=is_dark).data
        assert (won.name, lost.name) == ("won", "lost")
        assert (list(won.text), list(lost.text)) == (["✓ 5"], ["✗ 2"])
        assert won.marker.pattern.shape != lost.marker.pattern.shape
        assert won.marker.color != lost.marker.color


def test_a_period_without_closings_has_room_for_its_labels() -> None:
    low, high = won_and_lost_bars(pairs((0, 0)), "won", "lost").layout.xaxis.range
    assert low < 0 < high
    low, high = won_and_lost_bars(pairs((10, 4), (3, 30)), "won", "lost").layout.xaxis.range
    assert low < -30
    assert high > 10


def test_more_periods_make_a_higher_figure() -> None:
    few, many = (won_and_lost_bars(pairs(*[(1, 1)] * n), "won", "lost").layout.height for n in (2, 60))
    assert many - few == 58 * 32


def test_what_a_pair_carries_is_said_when_pointed_at() -> None:
    lost, won = won_and_lost_bars(pairs((5, 2)), "won", "lost").data
    assert (list(won.hovertext), list(lost.hovertext)) == (["Q1: ✓ 5"], ["Q1: ✗ 2"])


def test_a_click_on_a_bar_of_a_pair_says_which() -> None:
    lost, won = won_and_lost_bars([WonAndLost("Q1", 1, 2, "1", "2", "w", "l")], "won", "lost").data
    assert (list(won.customdata), list(lost.customdata)) == (["w"], ["l"])


# Reasons


def reason_bar(outcome: Outcome, value: int, name: str = "Price") -> ReasonBar:
    return ReasonBar(f"key {value}", name, outcome, Decimal(value), f"{value} leads", f"hover {value}")


NAMES = {Outcome.WON: "won", Outcome.LOST: "lost", Outcome.NEITHER: "neither"}


def test_reasons_are_told_apart_by_outcome_without_colour() -> None:
    bars = [reason_bar(outcome, place) for place, outcome in enumerate(Outcome, 1)]
    for is_dark in (False, True):
        figure = reason_bars(bars, NAMES, is_dark=is_dark)
        assert [trace.name for trace in figure.data] == ["✓ won", "✗ lost", "– neither"]
        assert list(figure.layout.yaxis.ticktext) == ["✓ Price", "✗ Price", "– Price"]
        assert len({trace.marker.pattern.shape for trace in figure.data}) == 3
        assert len({trace.marker.color for trace in figure.data}) == 3


def test_reasons_called_alike_keep_bars_of_their_own_first_on_top() -> None:
    figure = reason_bars([reason_bar(Outcome.LOST, 5), reason_bar(Outcome.LOST, 3)], NAMES)
    (lost,) = figure.data
    assert (list(lost.x), list(lost.y)) == ([5, 3], [0, 1])
    assert list(lost.customdata) == ["key 5", "key 3"]
    assert list(figure.layout.yaxis.range) == [1.5, -0.5]
    assert figure.layout.xaxis.range[1] > 5


def test_no_reasons_make_an_empty_figure() -> None:
    assert len(reason_bars([], NAMES).data) == 0


def test_a_reason_is_shown_as_typed() -> None:
    assert reason_bars([reason_bar(Outcome.WON, 1, "<i>")], NAMES).layout.yaxis.ticktext == ("✓ &lt;i&gt;",)


# Rates


def rates(*pairs_of: tuple[str | None, str | None]) -> list[RatePoint]:
    return [
        RatePoint(
            f"Q{place}",
            Decimal(leads) if leads else None,
            Decimal(value) if value else None,
            f"leads {place}",
            f"value {place}",
            f"key {place}",
        )
        for place, (leads, value) in enumerate(pairs_of, 1)
    ]


def test_rates_are_lines_in_percent_told_apart_by_dash_and_marker() -> None:
    leads, value = rate_lines(rates(("0.5", "0.25"), ("0.75", "1")), "in leads", "in value").data
    assert (list(leads.y), list(value.y)) == ([50, 75], [25, 100])
    assert leads.line.dash != value.line.dash
    assert leads.marker.symbol != value.marker.symbol
    assert list(leads.hovertext) == ["leads 1", "leads 2"]
    assert list(value.customdata) == ["key 1", "key 2"]


def test_a_period_without_a_rate_is_a_gap_and_no_zero() -> None:
    leads, _value = rate_lines(rates(("0.5", None), (None, None), ("0.25", None)), "l", "v").data
    assert list(leads.y) == [50, None, 25]
    assert not leads.connectgaps


def test_each_line_has_its_name_at_its_end_and_neither_covers_the_other() -> None:
    for last in (("0.5", "0.5"), ("0.2", "0.9"), ("0.9", "0.2")):
        first, second = rate_lines(rates(("0.1", "0.1"), last), "leads", "value").layout.annotations
        assert (first.text, second.text) == ("leads", "value")
        assert (first.x, second.x) == (1, 1)
        assert {first.yshift, second.yshift} == {9, -9}
        assert (first.yshift > second.yshift) == (first.y >= second.y)


def test_a_line_without_any_rate_has_no_name() -> None:
    assert [a.text for a in rate_lines(rates(("0.1", None)), "leads", "value").layout.annotations] == [
        "leads"
    ]
