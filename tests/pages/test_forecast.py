"""The forecast on screen: figures, filters, what is missing, and the leads behind."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.sight import EVERYTHING
from crmplus.domain.target import TargetChange
from crmplus.services.people import list_people
from crmplus.services.targets import set_targets
from crmplus.store.database import the_database
from tests.pages.visit import Visit, choose, seen
from tests.world import ADMIN, query

TODAY = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
MONTH = TODAY.replace(day=1)


def figures(at: AppTest) -> list[str]:
    return [metric.value.replace("\\", "") for metric in at.metric]


def table(at: AppTest, place: int) -> list[list[str]]:
    return [list(row) for row in at.dataframe[place].value.itertuples(index=False)]


def expect(day: date | None) -> None:
    """All open leads are expected to close on one day, at 1,000 and a score of 40."""
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute(
            "UPDATE lead SET expected_close_date = $day, score = 40, expected_value = 1000 "
            "WHERE closed_at_utc IS NULL AND $always",
            {"day": day, "always": True},
        )


def win_now() -> None:
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute(
            "UPDATE lead SET closed_at_utc = $now WHERE closed_at_utc IS NOT NULL", {"now": datetime.now(UTC)}
        )


def aim(amount: str) -> None:
    ann = next(p for p in list_people(the_database(), ADMIN) if p.name == "Ann")
    set_targets(
        the_database(), ADMIN, [TargetChange(ann.id, MONTH, Decimal(amount), None)], datetime.now(UTC)
    )


def test_without_leads_the_page_says_what_is_missing_and_the_next_step(empty: Visit) -> None:
    at = empty("forecast")
    assert not at.exception
    assert "No lead is open yet." in seen(at)
    assert not at.metric and not at.dataframe


def test_open_leads_stand_in_the_month_they_are_expected_to_close_in(small: Visit) -> None:
    small("forecast")
    expect(TODAY)
    win_now()
    aim("5000")
    at = small("forecast")
    assert not at.exception
    assert figures(at) == ["€1,200", "€1,200", "€0 to €2,000", "€1,000", "€5,000", "€2,800 short"]
    assert table(at, 0)[0][1:] == [
        "3",
        "€3,000",
        "€1,200",
        "€1,000",
        "€5,000",
        "€2,800",
        "€0",
        "€1,000",
        "€2,000",
    ]
    assert "€1,000 won and €1,200 weighted to come, €2,800 short of the target of €5,000." in seen(at)
    assert [row[:2] for row in table(at, 0)[-3:]] == [["Total", "3"], ["Overdue", "0"], ["No date", "0"]]
    assert len(at.get("plotly_chart")) == 1


def test_leads_without_a_date_and_overdue_ones_are_said_and_listed(small: Visit) -> None:
    at = small("forecast")
    assert "3 open leads have no expected close date" in seen(at)
    at.button(key="beside-undated").click().run()
    assert "No date: 3 leads" in seen(at)
    expect(MONTH - timedelta(days=1))
    at = small("forecast", show="overdue")
    assert "3 open leads were expected before this month" in seen(at)
    assert "Overdue: 3 leads" in seen(at)


def test_leads_later_than_the_months_are_said(small: Visit) -> None:
    small("forecast")
    expect(TODAY + timedelta(days=800))
    at = small("forecast", show="outside")
    assert "3 open leads are expected later than these months" in seen(at)
    assert "Later than these months: 3 leads" in seen(at)
    assert "later than these months" not in seen(small("forecast", months="all"))


def test_codes_in_the_address_list_the_leads_behind(small: Visit) -> None:
    small("forecast")
    expect(TODAY)
    win_now()
    for code, words in (
        (f"open-in-{MONTH:%Y-%m}", "3 leads"),
        (f"won-in-{MONTH:%Y-%m}", "1 lead"),
        ("open", "To come: 3 leads"),
        ("won", "Won: 1 lead"),
        ("open-of-AN", "To come, Ann: 2 leads"),
        ("open-of-nobody", "To come, nobody: 1 lead"),
        ("past-due", "Past due this month: 0 leads"),
    ):
        at = small("forecast", show=code)
        assert not at.exception
        assert words in seen(at), code


def test_unknown_codes_and_choices_in_the_address_are_ignored(small: Visit) -> None:
    for code in ("x", "open-in-2026-99", "won-of-QQ", "open-", "open-of-nobody-x", "-"):
        at = small("forecast", show=code, months="decade", value="gold")
        assert not at.exception
        assert "Click a row to open the customer." not in seen(at)


def test_recurring_value_has_no_target(small: Visit) -> None:
    small("forecast")
    expect(TODAY)
    at = small("forecast", value="recurring")
    assert len(at.metric) == 4
    assert "Targets are for one-off value" in seen(at)
    assert "Target" not in list(at.dataframe[0].value.columns)


def test_an_account_type_hides_the_targets_and_says_why(small: Visit) -> None:
    small("forecast")
    expect(TODAY)
    aim("5000")
    at = small("forecast", type="LEAD")
    assert figures(at)[4:] == ["–", "–"]
    assert "Targets are for all account types together" in seen(at)


def test_an_owner_narrows_all_and_clear_takes_it_back(small: Visit) -> None:
    small("forecast")
    expect(TODAY)
    at = small("forecast")
    choose(at, "Owner", "Ann")
    assert table(at, 0)[0][1] == "2"
    at.button(key="clear-filters").click().run()
    assert table(at, 0)[0][1] == "3"


def test_months_can_be_chosen(small: Visit) -> None:
    small("forecast")
    expect(TODAY)
    for months, count in (("quarter", 3), ("year", 12), ("next-twelve", 12), ("all", 2)):
        at = small("forecast", months=months)
        assert not at.exception
        assert len(table(at, 0)) == count + 3, months


def test_the_page_reads_dutch_and_a_viewer_may_look(small: Visit) -> None:
    small("forecast")
    expect(TODAY)
    at = small("forecast", language="nl", working_as="Vic")
    assert not at.exception
    assert at.title[0].value == "Prognose"
    assert figures(at)[0].replace("\xa0", " ") == "€ 1.200"


def test_without_targets_the_page_leads_to_where_they_are_set(small: Visit) -> None:
    at = small("forecast")
    assert "No owner has a target in these months." in seen(at)
    assert query(the_database(), "SELECT count(*) FROM target") == [(0,)]


@pytest.mark.parametrize("code", ["won-in-9999-12", "won-in-0001-01", "open-in-9999-12"])
def test_a_month_that_nobody_means_lists_nothing(small: Visit, code: str) -> None:
    assert not small("forecast", show=code).exception
