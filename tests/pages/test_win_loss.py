"""Win and loss on screen, with and without closed leads."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.store.database import the_database
from tests.pages.conftest import UseFile
from tests.pages.visit import Visit, choose, seen


def figures(at: AppTest) -> list[str]:
    """Won, lost, win rate, won value, days to win."""
    return [metric.value.replace("\\", "") for metric in at.metric]


def in_value(at: AppTest) -> str:
    return str(at.metric[2].delta).replace("\\", "")


def table(at: AppTest, place: int) -> list[list[str]]:
    """Periods, cycles, values, owners: the rows as shown."""
    return [list(row) for row in at.dataframe[place].value.itertuples(index=False)]


def test_without_closed_leads_the_page_says_what_is_missing(empty: Visit) -> None:
    at = empty("win_loss")
    assert not at.exception
    assert figures(at) == ["0", "0", "–", "€0", "–"]
    assert in_value(at) == "in value –"
    assert "No lead is closed yet." in seen(at)
    assert not at.dataframe
    assert not at.get("plotly_chart")


def test_closed_leads_are_counted_and_reopened_ones_are_not(small: Visit) -> None:
    # The smithy was won and the fishery lost, each at 1,000; the dairy's lead was reopened.
    at = small("win_loss")
    assert not at.exception
    assert figures(at) == ["1", "1", "50.00 %", "€1,000", "5"]
    assert in_value(at) == "in value 50.00 %"
    quarter = ["Q1 2026", "1", "1", "50.00 %", "50.00 %", "€1,000"]
    assert table(at, 0) == [quarter, ["Total", *quarter[1:]]]
    assert table(at, 1) == [
        ["Won", "1", "5.00", "5"],
        ["Lost", "1", "5.00", "5"],
        ["Won and lost", "2", "5.00", "5"],
    ]
    assert [value for _, value in table(at, 2)] == ["€1,000", "€1,000.00", "€1,000.00", "€26"]
    assert table(at, 3) == [
        ["Ann", "1", "0", "100.00 %", "100.00 %", "€1,000", "€1,000", "5.00", "0"],
        ["nobody", "0", "1", "0.00 %", "0.00 %", "€0", "–", "5.00", "0"],
    ]
    assert len(at.get("plotly_chart")) == 1


def test_the_page_reads_dutch(small: Visit) -> None:
    at = small("win_loss", language="nl")
    assert [value.replace("\xa0", " ") for value in figures(at)][2:4] == ["50,00 %", "€ 1.000"]
    assert table(at, 0)[0][0] == "K1 2026"


def test_an_owner_narrows_all_and_clear_takes_it_back(small: Visit) -> None:
    at = small("win_loss")
    choose(at, "Owner", "Ann")
    assert figures(at)[:3] == ["1", "0", "100.00 %"]
    at.button(key="clear-filters").click().run()
    assert figures(at)[:3] == ["1", "1", "50.00 %"]


def test_filters_in_the_address_hold_in_every_language(small: Visit) -> None:
    for language in ("en", "nl"):
        at = small("win_loss", language=language, owner="AN", type="LEAD", by="month")
        assert figures(at)[:2] == ["1", "0"]
        assert table(at, 0)[0][0].casefold() in ("mar 2026", "mrt 2026")


def test_a_filter_that_nothing_passes_says_so(small: Visit) -> None:
    at = small("win_loss", type="PROSPECT")
    assert figures(at)[:3] == ["0", "0", "–"]
    assert "No lead was closed in this period with these filters." in seen(at)


def test_own_dates_stand_in_the_address_as_days(small: Visit) -> None:
    assert figures(small("win_loss", closed="own", **{"from": "2026-03-07", "to": "2026-03-07"}))[0] == "1"
    assert figures(small("win_loss", closed="own", **{"from": "2026-03-08"}))[0] == "0"
    assert figures(small("win_loss", closed="own", to="2026-03-06"))[0] == "0"


def test_months_can_be_chosen_and_unknown_groupings_are_quarters(small: Visit) -> None:
    at = small("win_loss", by="decade")
    assert table(at, 0)[0][0] == "Q1 2026"
    at.segmented_control[0].select("month").run()
    assert not at.exception
    assert table(at, 0)[0][0] == "Mar 2026"


def test_leads_that_are_neither_are_said_and_in_no_rate(small: Visit) -> None:
    with the_database().transaction() as connection:
        connection.execute("UPDATE closing_reason SET outcome = 'neither' WHERE code = 'COMPETITOR'")
    at = small("win_loss")
    assert figures(at)[:3] == ["1", "0", "100.00 %"]
    assert "1 lead was closed as neither won nor lost" in seen(at)
    with the_database().transaction() as connection:
        connection.execute("UPDATE closing_reason SET outcome = 'neither'")
    at = small("win_loss")
    assert figures(at)[:3] == ["0", "0", "–"]
    assert "Nothing was won or lost, so there is no win rate." in seen(at)


def test_leads_without_a_value_are_said(small: Visit) -> None:
    with the_database().transaction() as connection:
        connection.execute("UPDATE lead SET expected_value = NULL")
    at = small("win_loss")
    assert figures(at)[2:4] == ["50.00 %", "€0"]
    assert in_value(at) == "in value –"
    assert "1 won lead has no expected value and counts as zero." in seen(at)
    assert "1 lost lead has no expected value and counts as zero." in seen(at)
    assert [value for _, value in table(at, 2)] == ["€0", "–", "–", "€26"]


def test_a_rate_in_value_of_leads_lost_without_worth_is_warned_of(small: Visit) -> None:
    sentence = "The lost leads have no expected value above zero"
    assert sentence not in seen(small("win_loss"))
    with the_database().transaction() as connection:
        connection.execute("UPDATE lead SET expected_value = 0 WHERE owner_id IS NULL")
    at = small("win_loss")
    assert in_value(at) == "in value 100.00 %"
    assert sentence in seen(at)


def test_a_viewer_sees_the_figures_and_is_offered_nothing_that_changes(small: Visit) -> None:
    at = small("win_loss", working_as="Vic")
    assert not at.exception
    assert at.title[0].value == "Win and loss"
    assert figures(at)[:2] == ["1", "1"]
    assert not at.button


@pytest.fixture
def maven(use_file: UseFile, maven_file: Path, tmp_path: Path) -> Visit:
    return use_file(Path(shutil.copy(maven_file, tmp_path / "maven.duckdb")))


def test_the_published_figures_of_a_real_file_stand_on_screen(maven: Visit) -> None:
    at = maven("win_loss")
    assert figures(at) == ["4,238", "2,473", "63.15 %", "€10.01M", "57"]
    assert [row[:4] + row[5:] for row in table(at, 0)] == [
        ["Q4 2017", "1,196", "789", "60.25 %", "€2,802,496"],
        ["Q3 2017", "1,257", "790", "61.41 %", "€2,982,255"],
        ["Q2 2017", "1,254", "778", "61.71 %", "€3,086,111"],
        ["Q1 2017", "531", "116", "82.07 %", "€1,134,672"],
        ["Total", "4,238", "2,473", "63.15 %", "€10,005,534"],
    ]
    assert table(at, 1) == [
        ["Won", "4,238", "51.78", "57"],
        ["Lost", "2,473", "41.48", "14"],
        ["Won and lost", "6,711", "47.99", "45"],
    ]
    assert [value for _, value in table(at, 2)][:3] == ["€10,005,534", "€2,360.91", "€1,117.00"]
    assert [row[0] for row in table(at, 3)][:5] == [
        "Darcel Schlecht",
        "Vicki Laflamme",
        "Kary Hendrixson",
        "Cassey Cress",
        "Donn Cantrell",
    ]
    assert table(at, 3)[0][1:4] + table(at, 3)[0][5:6] == ["349", "204", "63.11 %", "€1,153,214"]


def test_its_open_leads_stand_in_the_funnel(maven: Visit) -> None:
    at = maven("funnel")
    assert at.metric[0].value == "2,089"
    shown = at.dataframe[0].value
    assert list(zip(shown["phase"], shown["lead_count"], strict=True)) == [
        ("Call appointment", "500"),
        ("Meeting", "1,589"),
        ("Calculation", "0"),
        ("Send quote", "0"),
        ("Closed", "0"),
        ("Total", "2,089"),
    ]
