"""Bands against the diagonal, and the two lines of the drift."""

from dataclasses import replace
from decimal import Decimal

from crmplus.analytics.calibration import Leaning
from crmplus.analytics.figures.calibration import BandPoint, DriftPoint, drift_lines, reliability_diagram

D = Decimal
POINTS = [
    BandPoint("band-1-10", D(6), D(30), 12.5, Leaning.LOW, "20", "1–10: low"),
    BandPoint("band-41-50", D(45), D(46), 20.0, Leaning.RIGHT, "30", "41–50: <right>"),
    BandPoint("band-91-100", D(95), D(40), 9.0, Leaning.HIGH, "40", "91–100: high"),
]
AXES, SIDES = ("Mean score", "Won"), ("too low", "too high")


def test_bands_lie_where_score_and_share_meet_and_honest_ones_on_the_diagonal() -> None:
    diagonal, bands = reliability_diagram(POINTS, AXES, SIDES).data
    assert (list(diagonal.x), list(diagonal.y), diagonal.line.dash) == ([0, 100], [0, 100], "dash")
    assert (list(bands.x), list(bands.y)) == ([6, 45, 95], [30, 46, 40])
    assert list(bands.customdata) == ["band-1-10", "band-41-50", "band-91-100"]


def test_bands_say_how_many_leads_they_rest_on_and_how_far_chance_goes() -> None:
    bands = reliability_diagram(POINTS, AXES, SIDES).data[1]
    assert list(bands.text) == ["20", "30", "40"]
    assert list(bands.error_y.array) == [12.5, 20.0, 9.0]
    assert bands.hovertext[1] == "41–50: &lt;right&gt;"


def test_too_high_too_low_and_right_differ_by_more_than_their_place() -> None:
    for is_dark in (False, True):
        figure = reliability_diagram(POINTS, AXES, SIDES, is_dark=is_dark)
        assert list(figure.data[1].marker.symbol) == ["triangle-up", "circle", "triangle-down"]
        unclear = reliability_diagram([replace(POINTS[1], leaning=Leaning.UNCLEAR)], AXES, SIDES)
        assert list(unclear.data[1].marker.symbol) == ["circle-open"]
        above, below = figure.layout.annotations
        assert (above.text, below.text) == SIDES
        assert above.x < below.x and above.y > below.y


def line(prefix: str, *means: int | None) -> list[DriftPoint]:
    return [
        DriftPoint(
            f"{prefix}-{n}",
            f"Phase {n}",
            None if mean is None else D(mean),
            "" if mean is None else f"{mean}",
            "(12)",
            f"Phase {n}: {mean}",
        )
        for n, mean in enumerate(means, 1)
    ]


def test_lines_go_through_the_phases_in_order_and_break_where_there_are_too_few() -> None:
    won, lost = drift_lines(line("won", 40, 60, 80), line("lost", 30, None, 20), ("won", "lost")).data
    assert list(won.x) == list(lost.x) == ["1. Phase 1", "2. Phase 2", "3. Phase 3"]
    assert (list(won.y), list(lost.y)) == ([40, 60, 80], [30, None, 20])
    assert not lost.connectgaps


def test_lines_are_told_apart_by_dash_sign_and_the_name_at_their_end() -> None:
    for is_dark in (False, True):
        names = ("won", "<lost>")
        won, lost = drift_lines(line("w", 40, 60), line("l", 30, None), names, is_dark=is_dark).data
        assert won.line.dash != lost.line.dash
        assert won.marker.symbol != lost.marker.symbol
        assert list(won.text) == ["40<br>(12)", "<b>won</b><br>60<br>(12)"]
        assert lost.text[0] == "<b>&lt;lost&gt;</b><br>30<br>(12)"


def test_the_label_of_the_lower_point_stands_below_it() -> None:
    won, lost = drift_lines(line("won", 40, 20, 5), line("lost", 30, 50, None), ("won", "lost")).data
    assert list(won.textposition) == ["top center", "bottom center", "top center"]
    assert list(lost.textposition)[:2] == ["bottom center", "top center"]


def test_lines_without_a_point_and_lines_that_are_level_have_room() -> None:
    assert drift_lines(line("won", None), line("lost", None), ("won", "lost")).layout.yaxis.range == (0, 1)
    low, high = drift_lines(line("won", 0, 0), line("lost", 0, 0), ("won", "lost")).layout.yaxis.range
    assert low < 0 < high
    low, high = drift_lines(line("won", 7), line("lost", 7), ("won", "lost")).layout.yaxis.range
    assert low < 7 < high
