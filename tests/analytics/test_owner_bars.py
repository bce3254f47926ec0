"""The bars of owners: lengths, targets and words."""

from decimal import Decimal

from crmplus.analytics.figures.owners import OwnerBar, owner_bars


def bar(name: str, won: int, weighted: int, target: int | None) -> OwnerBar:
    amount = None if target is None else Decimal(target)
    words = (f"✓ {won}", f"won {won}", "won:A", "open:A")
    return OwnerBar(name, Decimal(won), Decimal(weighted), amount, *words)


def test_won_and_weighted_stand_end_to_end_and_the_target_is_a_mark() -> None:
    won, weighted, target, words = owner_bars(
        [bar("Ann", 10, 5, 20), bar("Ben", 30, 0, None)], "Won", "Weighted", "Target"
    ).data
    assert (list(won.x), list(weighted.x)) == ([10, 30], [5, 0])
    assert (list(target.x), list(target.y)) == ([20], [0])
    assert list(words.x) == [20, 30]


def test_two_owners_of_one_name_are_two_bars() -> None:
    figure = owner_bars([bar("Ann", 1, 0, None), bar("Ann", 2, 0, None)], "Won", "Weighted", "Target")
    assert list(figure.data[0].y) == [0, 1]
    assert list(figure.layout.yaxis.ticktext) == ["Ann", "Ann"]


def test_what_is_open_is_striped_so_that_colour_is_not_alone() -> None:
    figure = owner_bars([bar("Ann", 1, 1, None)], "Won", "Weighted", "Target")
    assert figure.data[1].marker.pattern.shape == "/"


def test_names_are_shown_as_they_were_typed() -> None:
    figure = owner_bars([bar("<b>Ann</b>", 1, 1, 1)], "Won", "Weighted", "Target", is_dark=True)
    assert figure.layout.yaxis.ticktext == ("&lt;b&gt;Ann&lt;/b&gt;",)


def test_without_owners_there_is_an_empty_figure() -> None:
    assert owner_bars([], "Won", "Weighted", "Target").layout.xaxis.range == (0, 1)
