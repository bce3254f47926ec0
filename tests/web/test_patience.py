"""Waiting after failures grows, ends, and is bounded."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from crmplus.web import patience as room
from crmplus.web.patience import LONGEST, Guesses, Patience, Turns
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


def test_guesses_of_one_place_make_only_that_place_wait() -> None:
    guesses = Guesses()
    for number in range(30):
        guesses.wrong(NOW + timedelta(minutes=15 * number), "192.0.2.1", "ada")
    assert guesses.wait(NOW + timedelta(hours=7, minutes=16), "192.0.2.1", "ada") > timedelta(0)
    assert guesses.wait(NOW + timedelta(hours=7, minutes=16), "192.0.2.1", "bob") > timedelta(0)
    assert guesses.wait(NOW + timedelta(hours=7, minutes=16), "192.0.2.2", "ada") == timedelta(0)


def test_guesses_from_everywhere_make_everybody_wait_in_the_end() -> None:
    guesses = Guesses()
    for number in range(100):
        assert guesses.wait(NOW, f"192.0.2.{number}", "ada") == timedelta(0)
        guesses.wrong(NOW, f"192.0.2.{number}", "ada")
    assert guesses.wait(NOW, "198.51.100.1", "ada") > timedelta(0)
    assert guesses.wait(NOW, "198.51.100.1", "bob") == timedelta(0)


def test_who_guesses_right_is_as_if_nothing_had_been() -> None:
    guesses = Guesses()
    for _try in range(200):
        guesses.wrong(NOW, "office", "ada")
        guesses.right("office", "ada")
    assert guesses.wait(NOW, "office", "ada") == timedelta(0)


def test_so_many_have_their_turn_so_many_wait_and_the_rest_are_turned_away() -> None:
    async def crowd() -> list[bool]:
        turns, done = Turns(2, 3), asyncio.Event()
        was_full = []

        async def come() -> None:
            was_full.append(turns.is_full)
            if not turns.is_full:
                async with turns:
                    await done.wait()

        people = [asyncio.create_task(come()) for _ in range(7)]
        await asyncio.sleep(0)
        people[4].cancel()  # one of those who wait goes away: the next has a place
        await asyncio.sleep(0)
        assert not turns.is_full
        done.set()
        await asyncio.gather(*people, return_exceptions=True)
        assert not turns.is_full
        return was_full

    with ThreadPoolExecutor(1) as thread:  # a loop of its own, whatever other tests left running here
        assert thread.submit(lambda: asyncio.run(crowd())).result() == [False] * 5 + [True] * 2
