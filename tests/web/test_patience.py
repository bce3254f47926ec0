"""Waiting after failures grows, ends, and is bounded."""

from datetime import timedelta

from crmplus.web import patience as room
from crmplus.web.patience import LONGEST, Patience
from tests.world import NOW


def test_the_first_failures_cost_nothing_and_then_each_doubles_the_wait() -> None:
    patience = Patience(free=3)
    waits = []
    for _try in range(7):
        waits.append(patience.wait("ann", NOW))
        patience.fail("ann", NOW)
    assert waits == [timedelta(seconds=seconds) for seconds in (0, 0, 0, 1, 2, 4, 8)]


def test_a_wait_passes_with_time_and_is_never_for_ever() -> None:
    patience = Patience(free=1)
    for _try in range(100):
        patience.fail("ann", NOW)
    assert patience.wait("ann", NOW) == LONGEST
    assert patience.wait("ann", NOW + LONGEST) == timedelta(0)
    assert patience.wait("ann", NOW + LONGEST - timedelta(seconds=1)) == timedelta(seconds=1)


def test_one_account_does_not_wait_for_another() -> None:
    patience = Patience(free=0)
    patience.fail("ann", NOW)
    assert patience.wait("bob", NOW) == timedelta(0)


def test_who_came_in_begins_anew_and_so_does_who_left_it_for_an_hour() -> None:
    patience = Patience(free=1)
    for _try in range(9):
        patience.fail("ann", NOW)
        patience.fail("bob", NOW)
    patience.forgive("ann")
    assert patience.wait("ann", NOW) == timedelta(0)
    patience.fail("bob", NOW + timedelta(hours=2))
    assert patience.wait("bob", NOW + timedelta(hours=2)) == timedelta(seconds=1)


def test_a_flood_of_names_takes_no_more_than_so_much_memory() -> None:
    patience = Patience(free=0)
    for number in range(room._MOST_KEPT + 10):
        patience.fail(str(number), NOW)
    assert len(patience._failures) == room._MOST_KEPT
    assert patience.wait(str(room._MOST_KEPT + 9), NOW) > timedelta(0)


def test_what_was_no_failure_is_taken_back_and_those_before_it_stay() -> None:
    patience = Patience(free=2)
    for _try in range(3):
        patience.fail("office", NOW)
    patience.take_back("office")
    assert patience.wait("office", NOW) == timedelta(seconds=1)
    patience.take_back("office")
    assert patience.wait("office", NOW) == timedelta(0)
    patience.take_back("nobody")
    assert patience.wait("nobody", NOW) == timedelta(0)
