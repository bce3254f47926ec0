"""What the names in a file mean: settings and people of ours, or such as will be made."""

import pytest

from crmplus.domain.closing_reason import Outcome
from crmplus.domain.errors import Refused
from crmplus.domain.fields import LARGEST_ORDER_NUMBER
from crmplus.domain.phase import Phase, PhaseType
from crmplus.domain.sight import EVERYTHING
from crmplus.exchange.bad_cell import BadCell
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import Action, Choice, ImportMapping
from crmplus.exchange.meanings import Meanings, Settings
from crmplus.services.closing_reasons import archive_closing_reason
from crmplus.services.people import archive_person
from crmplus.services.phases import archive_phase
from crmplus.store.database import Database
from tests.world import ADMIN, NASTY_TEXTS, NOW, everything, new_phase, person, phase, reason

MAKE = Choice(Action.MAKE)


def settings_of(database: Database) -> Settings:
    with database.read(EVERYTHING) as connection:
        return Settings.load(connection)


def meanings(database: Database, **values: dict[str, Choice]) -> Meanings:
    return Meanings(ImportMapping(Kind.LEADS, {}, "LEAD", values=values), settings_of(database))


def test_a_name_is_used_as_it_was_chosen(database: Database) -> None:
    ann = person(database)
    known = meanings(
        database,
        phase={
            "In talks": Choice(Action.USE, "lead-meeting"),
            "Done": Choice(Action.USE, "LEAD-CLOSED", "WON"),
        },
        status={"won": Choice(Action.USE, reason="WON"), "dead": Choice(Action.USE, code="LOST")},
        closing_reason={"Rival": Choice(Action.USE, "COMPETITOR")},
        account_type={"P": Choice(Action.USE, "PROSPECT")},
        lead_owner={"A. Nn": Choice(Action.USE, "AN")},
    )
    assert known.place("phase", "In talks").phase == phase(database, "LEAD-MEETING")
    done = known.place("phase", "Done")
    assert (done.phase, done.closing, done.reason) == (None, phase(database, "LEAD-CLOSED"), reason(database))
    assert known.place("status", "won").reason == reason(database)
    assert known.place("status", "dead").reason == reason(database, "LOST")
    assert known.reason("Rival") == reason(database, "COMPETITOR")
    account_type = known.account_type("P")
    assert account_type
    assert account_type.code == "PROSPECT"
    assert known.person("lead_owner", "A. Nn") == ann
    assert known.settings.made == []


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (None, "Nobody has said yet"),
        (Choice(Action.REFUSE), "are refused, as chosen"),
        (Choice(Action.USE, "NOWHERE"), "There is no lead phase NOWHERE"),
        (Choice(Action.USE, "LEAD-CLOSED", "WHY"), "There is no closing reason WHY"),
    ],
)
def test_a_name_without_a_meaning_is_no_cell(
    database: Database, choice: Choice | None, sentence: str
) -> None:
    known = meanings(database, phase={"Talks": choice} if choice else {})
    known.prepare({"phase": ["Talks"]})
    with pytest.raises(BadCell, match=sentence):
        known.place("phase", "Talks")


def test_an_empty_name_and_one_taken_as_empty_say_nothing(database: Database) -> None:
    known = meanings(database, phase={"-": Choice(Action.EMPTY)}, lead_owner={"none": Choice(Action.EMPTY)})
    for name in ("", "-"):
        place = known.place("phase", name)
        assert (place.phase, place.closing, place.reason) == (None, None, None)
    assert known.person("lead_owner", "none") is None


def test_what_is_archived_is_not_used(database: Database) -> None:
    quote, lost, ann = phase(database, "LEAD-QUOTE"), reason(database, "LOST"), person(database)
    archive_phase(database, ADMIN, quote.id, quote.version, NOW)
    archive_closing_reason(database, ADMIN, lost.id, lost.version, NOW)
    archive_person(database, ADMIN, ann.id, ann.version, NOW)
    known = meanings(
        database,
        phase={"Q": Choice(Action.USE, "LEAD-QUOTE")},
        closing_reason={"L": Choice(Action.USE, "LOST")},
        lead_owner={"Ann": Choice(Action.USE, "AN")},
    )
    for look_up in (
        lambda: known.place("phase", "Q"),
        lambda: known.reason("L"),
        lambda: known.person("lead_owner", "Ann"),
    ):
        with pytest.raises(BadCell, match="There is no"):
            look_up()


# What is made


def test_what_is_made_is_made_once_and_not_written(database: Database) -> None:
    before = everything(database)
    known = meanings(
        database,
        phase={"Demo": MAKE, "demo": MAKE},
        closing_reason={"Price": Choice(Action.MAKE, outcome="neither"), "Too late": MAKE},
        status={"stalled": MAKE, "won it": Choice(Action.MAKE, outcome="won")},
        lead_owner={"Bo Bos": MAKE},
        customer_owner={"BO BOS": MAKE},
        account_type={"Dealer": MAKE},
    )
    assert known.place("phase", "Demo") == known.place("phase", "demo")
    demo = known.place("phase", "Demo").phase
    assert demo
    assert (demo.code, demo.phase_type, demo.order_number) == ("LEAD-DEMO", PhaseType.REGULAR, 50)
    assert known.person("lead_owner", "Bo Bos") is known.person("customer_owner", "BO BOS")
    outcomes = [known.reason("Price"), known.reason("Too late"), known.place("status", "stalled").reason]
    assert [made and made.outcome for made in outcomes] == [Outcome.NEITHER, Outcome.LOST, Outcome.NEITHER]
    dealer = known.account_type("Dealer")
    assert dealer
    assert (dealer.code, dealer.uses_phases, dealer.is_default) == ("DEALER", False, False)
    won = known.place("status", "won it").reason
    assert won
    assert won.outcome is Outcome.WON
    assert len(known.settings.made) == 7
    assert everything(database) == before


def test_what_is_called_like_one_of_ours_is_that_one(database: Database) -> None:
    known = settings_of(database)
    assert known.make_account_type("prospect").code == "PROSPECT"
    assert known.make_reason("LOST", Outcome.WON) == reason(database, "LOST")
    assert known.make_phase("méeting", known.account_type("LEAD")) == phase(database, "LEAD-MEETING")
    assert known.made == []


@pytest.mark.parametrize("name", [*NASTY_TEXTS, "!!!", "a" * 80, "ß", "x-" * 30])
def test_a_made_code_is_one_whatever_the_name(database: Database, name: str) -> None:
    known = settings_of(database)
    made = [
        known.make_account_type(name),
        known.make_phase(name, known.account_type("LEAD")),
        known.make_reason(name, Outcome.LOST),
    ]
    assert len({row.code for row in made}) == 3
    assert all(0 < len(row.code) <= 20 for row in made)
    known.make_person(name)


def test_codes_go_round_those_that_are_taken_be_it_by_archived_ones(database: Database) -> None:
    quote = new_phase(database, "LEAD-DEMO")
    archive_phase(database, ADMIN, quote.id, quote.version, NOW)
    made = settings_of(database).make_phase("Demo", settings_of(database).account_type("LEAD"))
    assert made.code == "LEAD-DEMO-2"


def test_a_phase_behind_the_last_possible_place_is_still_one(database: Database) -> None:
    new_phase(database, "LAST", order_number=LARGEST_ORDER_NUMBER)
    known = settings_of(database)
    made = known.make_phase("Further", known.account_type("LEAD"))
    assert isinstance(made, Phase)
    assert made.order_number == LARGEST_ORDER_NUMBER


def test_initials_are_free_and_fit(database: Database) -> None:
    person(database, "Dirk Smit", "DS")
    known = settings_of(database)
    names = ["Dora Sol", "Daan Stam", "Jan van der Berg Zoon", "ßß ßß ßß", "...", "d"]
    initials = [known.make_person(name).initials for name in names]
    assert initials == ["DS2", "DS3", "JVD", "SSS", "X", "D"]
    many = [known.make_person(f"Dora Sol {n}").initials for n in range(120)]
    assert len(set(many)) == 120
    assert all(len(each) <= 4 for each in many)


@pytest.mark.parametrize("name", ["n" * 81, "\u200b"])
def test_a_name_that_nothing_can_have_is_no_cell(database: Database, name: str) -> None:
    known = meanings(
        database,
        phase={name: MAKE},
        closing_reason={name: MAKE},
        status={name: MAKE},
        account_type={name: MAKE},
        lead_owner={name: MAKE},
    )
    known.prepare(
        {key: [name] for key in ("phase", "closing_reason", "status", "account_type", "lead_owner")}
    )
    assert known.settings.made == []
    for look_up in (
        lambda: known.place("phase", name),
        lambda: known.place("status", name),
        lambda: known.reason(name),
        lambda: known.account_type(name),
        lambda: known.person("lead_owner", name),
    ):
        with pytest.raises(BadCell):
            look_up()


def test_an_account_type_that_is_not_there_is_refused_at_once(database: Database) -> None:
    with pytest.raises(Refused, match="There is no account type NONE"):
        Meanings(ImportMapping(Kind.LEADS, {}, "NONE"), settings_of(database))


def test_settings_are_those_of_now_until_somebody_changes_one(database: Database) -> None:
    known = settings_of(database)
    known.make_reason("Price", Outcome.LOST)
    known.make_person("Bo")
    assert known.is_based_on(settings_of(database))
    new_phase(database, "DEMO")
    assert not known.is_based_on(settings_of(database))
