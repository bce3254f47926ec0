"""The grid of targets on screen: what is typed is kept until it is saved or dropped."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from streamlit.testing.v1 import AppTest

from crmplus.domain.actor import Role
from crmplus.domain.sight import EVERYTHING
from crmplus.domain.target import TargetChange
from crmplus.services.people import archive_person, list_people
from crmplus.services.targets import list_targets, set_targets
from crmplus.store.database import the_database
from tests.pages.visit import Visit, labels, seen
from tests.world import ADMIN, person

YEAR = datetime.now(ZoneInfo("Europe/Amsterdam")).year
FORM = f"targets-{YEAR}"
JAN, FEB = date(YEAR, 1, 1), date(YEAR, 2, 1)


def ann() -> object:
    return next(p.id for p in list_people(the_database(), ADMIN) if p.name == "Ann")


def store(month: date, amount: str | None, version: int | None = None, actor: object = ADMIN) -> None:
    change = TargetChange(ann(), month, None if amount is None else Decimal(amount), version)
    set_targets(the_database(), actor, [change], datetime.now(UTC))


def stored() -> dict[date, Decimal]:
    return {target.month: target.amount for target in list_targets(the_database(), ADMIN, YEAR)}


def type_in(at: AppTest, month: date, text: str) -> None:
    """As the grid's callback keeps what is typed: AppTest can't edit grids."""
    at.session_state[f"{FORM}-current"] = at.session_state[f"{FORM}-current"] | {(ann(), month): text}
    at.run()


def click(at: AppTest, name: str) -> None:
    at.button(key=f"{FORM}-{name}").click().run()


def test_without_people_the_page_says_what_is_missing(empty: Visit) -> None:
    at = empty("targets")
    assert "Nobody here yet" in seen(at)
    assert not labels(at)


def test_what_is_typed_is_saved_as_the_language_writes_it(small: Visit) -> None:
    for language, text in (("en", "1,500.50"), ("nl", "2.500,50")):
        at = small("targets", language=language)
        type_in(at, JAN, text)
        click(at, "save")
        assert not at.exception
    assert stored() == {JAN: Decimal("2500.50")}


def test_an_emptied_cell_is_no_target(small: Visit) -> None:
    small("targets")
    store(JAN, "10")
    at = small("targets")
    type_in(at, JAN, "")
    click(at, "save")
    assert stored() == {}


def test_what_is_not_saved_yet_is_said_and_can_be_dropped(small: Visit) -> None:
    at = small("targets")
    assert "not saved yet" not in seen(at)
    type_in(at, JAN, "10")
    type_in(at, FEB, "20")
    assert "2 months are not saved yet." in seen(at)
    click(at, "drop")
    assert "not saved yet" not in seen(at)
    assert stored() == {}


def test_the_same_amount_in_other_words_is_no_change(small: Visit) -> None:
    small("targets")
    store(JAN, "1500")
    at = small("targets")
    type_in(at, JAN, "€ 1500.00")
    assert "not saved yet" not in seen(at)


def test_wrong_cells_are_named_and_nothing_is_saved_or_lost(small: Visit) -> None:
    at = small("targets")
    for month, text in ((JAN, "a lot"), (FEB, "-5"), (date(YEAR, 3, 1), "30")):
        type_in(at, month, text)
    click(at, "save")
    assert not at.exception
    assert f"Ann, Jan {YEAR}: This is not an amount." in seen(at)
    assert f"Ann, Feb {YEAR}: Use an amount of 0 or more." in seen(at)
    assert stored() == {}
    assert "3 months are not saved yet." in seen(at)
    type_in(at, JAN, "10")
    type_in(at, FEB, "")
    click(at, "save")
    assert stored() == {JAN: Decimal(10), date(YEAR, 3, 1): Decimal(30)}


def test_l6_a_month_saved_in_between_is_refused_with_both_amounts_and_can_go_on_top(small: Visit) -> None:
    small("targets")
    store(JAN, "10")
    at = small("targets")
    type_in(at, JAN, "12")
    type_in(at, FEB, "20")
    mia = next(p for p in list_people(the_database(), ADMIN) if p.name == "Mia")
    assert mia.role is Role.MANAGER
    store(JAN, "15", 1, mia.seeing(EVERYTHING))
    click(at, "save")
    assert "Mia saved this on" in seen(at)
    (lines,) = at.table
    assert list(lines.value.iloc[0])[1:] == [r"€10\.00", r"€15\.00", r"€12\.00"]
    assert stored() == {JAN: Decimal(15)}
    click(at, "overwrite")
    assert not at.exception
    assert stored() == {JAN: Decimal(12), FEB: Decimal(20)}


def test_l6_theirs_can_be_shown_instead(small: Visit) -> None:
    at = small("targets")
    type_in(at, JAN, "12")
    store(JAN, "15")
    click(at, "save")
    click(at, "theirs")
    assert stored() == {JAN: Decimal(15)}
    assert at.session_state[f"{FORM}-current"] == {(ann(), JAN): "15"}


def test_empty_months_are_filled_from_last_year_and_saved_only_then(small: Visit) -> None:
    small("targets")
    store(date(YEAR - 1, 1, 1), "100")
    store(date(YEAR - 1, 2, 1), "200")
    store(FEB, "7")
    at = small("targets")
    click(at, "fill")
    assert "1 month is not saved yet." in seen(at)
    assert stored() == {FEB: Decimal(7)}
    click(at, "save")
    assert stored() == {JAN: Decimal(100), FEB: Decimal(7)}
    click(at, "fill")
    assert "not saved yet" not in seen(at)


def test_what_somebody_else_saved_shows_while_nothing_is_typed(small: Visit) -> None:
    at = small("targets")
    store(JAN, "15")
    at.run()
    assert at.session_state[f"{FORM}-current"] == {(ann(), JAN): "15"}


def test_another_language_rewrites_what_is_typed(small: Visit) -> None:
    at = small("targets")
    type_in(at, JAN, "1,500.50")
    type_in(at, FEB, "a lot")
    at.sidebar.selectbox(key="language").select("nl").run()
    assert not at.exception
    assert at.session_state[f"{FORM}-current"] == {(ann(), JAN): "1.500,50", (ann(), FEB): "a lot"}


def test_archived_owners_stay_where_they_have_targets_only(small: Visit) -> None:
    small("targets")
    store(JAN, "15")
    bea = person(the_database(), "Bea", "BE")
    for each in (bea, next(p for p in list_people(the_database(), ADMIN) if p.name == "Ann")):
        archive_person(the_database(), ADMIN, each.id, each.version, datetime.now(UTC))
    at = small("targets")
    owners = list(at.dataframe[0].value["owner"])
    assert owners == ["Ann (archived)", "Mia", "Vic"]


def test_totals_are_those_of_what_is_typed(small: Visit) -> None:
    small("targets")
    store(JAN, "15")
    at = small("targets", year=str(YEAR))
    type_in(at, FEB, "20")
    assert list(at.dataframe[1].value["amount"]) == ["€35", "€0", "€0", "€35"]
    assert list(at.dataframe[2].value["amount"])[:3] == ["€15", "€20", "€0"]


def test_years_are_kept_in_the_address_and_unknown_ones_ignored(small: Visit) -> None:
    small("targets")
    store(date(YEAR - 1, 1, 1), "100")
    assert small("targets", year=str(YEAR - 1)).dataframe[1].value["amount"].iloc[0] == "€100"
    assert small("targets", year="soon").dataframe[1].value["amount"].iloc[0] == "€0"
