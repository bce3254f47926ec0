"""The waterfall: bars that stand where the one before ended, told apart without colour."""

from decimal import Decimal

import pytest

from crmplus.analytics.figures.theme import LOST, NEITHER, WON
from crmplus.analytics.figures.waterfall import Tone, WaterfallBar, scale_start, waterfall

D = Decimal


def bar(name: str, amount: int, tone: Tone) -> WaterfallBar:
    return WaterfallBar(name.lower(), name, D(amount), f"{amount}", f"{name}: {amount}", tone)


BARS = [
    bar("Opening", 100, Tone.END),
    bar("New", 50, Tone.MORE),
    bar("Lowered", -30, Tone.LESS),
    bar("Won", -60, Tone.WON),
    bar("Lost", -20, Tone.LOST),
    bar("Closing", 40, Tone.END),
]


def test_each_step_begins_where_the_one_before_ended() -> None:
    (bars,) = waterfall(BARS).data
    spans = [(start, start + length) for start, length in zip(bars.base, bars.x, strict=True)]
    assert spans == [(0, 100), (100, 150), (120, 150), (60, 120), (40, 60), (0, 40)]
    assert list(bars.customdata) == ["opening", "new", "lowered", "won", "lost", "closing"]
    assert list(bars.text) == ["100", "50", "-30", "-60", "-20", "40"]


def test_a_line_leads_from_the_end_of_a_bar_to_the_next() -> None:
    figure = waterfall(BARS)
    assert [line.x0 for line in figure.layout.shapes] == [100, 150, 120, 60, 40]
    assert all(line.x0 == line.x1 for line in figure.layout.shapes)


def test_the_opening_stands_on_top_under_its_name() -> None:
    axis = waterfall(BARS).layout.yaxis
    assert axis.range[0] > axis.range[1]
    assert list(axis.ticktext) == [each.name for each in BARS]


@pytest.mark.parametrize("is_dark", [False, True])
def test_what_takes_is_striped_and_outcomes_have_their_colours(is_dark: bool) -> None:
    marker = waterfall(BARS, is_dark=is_dark).data[0].marker
    assert list(marker.pattern.shape) == ["", "", "/", "/", "/", ""]
    assert list(marker.color[2:5]) == [NEITHER[is_dark], WON[is_dark], LOST[is_dark]]
    assert marker.color[0] == marker.color[5] != marker.color[1]


def test_the_chosen_bar_has_an_outline() -> None:
    assert list(waterfall(BARS, selected="won").data[0].marker.line.width) == [0, 0, 0, 3, 0, 0]
    assert set(waterfall(BARS, selected="nothing of it").data[0].marker.line.width) == {0}


def test_a_name_is_shown_as_typed() -> None:
    figure = waterfall([bar("<b>New</b>", 5, Tone.END)])
    assert list(figure.layout.yaxis.ticktext) == ["&lt;b&gt;New&lt;/b&gt;"]


@pytest.mark.parametrize(
    ("amounts", "start"),
    [
        ((100, 50, -30, 120), 0),
        ((0, 50, -10, 40), 0),
        ((0, 0, 0, 0), 0),
        ((1_000, 0, 0, 1_000), 0),
        ((744_148, 203_749, -70_200, 877_697), 540_000),
        ((1_000_000, 10, -10, 1_000_000), 990_000),
        ((100, 3, -103, 0), 0),
    ],
)
def test_the_scale_begins_higher_only_where_steps_would_be_too_small(
    amounts: tuple[int, int, int, int], start: int
) -> None:
    tones = (Tone.END, Tone.MORE, Tone.LESS, Tone.END)
    bars = [bar(f"{place}", amount, tones[place]) for place, amount in enumerate(amounts)]
    assert scale_start(bars) == D(start)
    shown = waterfall(bars)
    assert shown.layout.xaxis.range[0] == start
    assert all(base >= start for base in shown.data[0].base)


def test_without_bars_there_is_an_empty_figure() -> None:
    assert list(waterfall([]).data[0].x) == []
