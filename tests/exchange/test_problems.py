"""Problems quote a cell, and no more of it than a person needs to find it."""

from crmplus.domain.message import say
from crmplus.exchange.problems import LONGEST_VALUE, Problem


def test_a_long_cell_is_quoted_by_its_beginning() -> None:
    quoted = Problem(2, "name", "x" * 1_000_000, say("Too long.")).value
    assert quoted == "x" * (LONGEST_VALUE - 1) + "…"


def test_a_short_cell_is_quoted_whole() -> None:
    whole = "x" * LONGEST_VALUE
    assert Problem(2, "name", whole, say("Too long.")).value == whole
