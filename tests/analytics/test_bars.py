"""Bars say the numbers they were given, in the order they were given."""

from decimal import Decimal

from crmplus.analytics.figures.bars import Bar, phase_bars
from crmplus.analytics.figures.outcomes import WonAndLost, won_and_lost_bars


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
