"""Win and loss on screen, with and without closed leads."""

import shutil
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.lead import LeadValues
from crmplus.domain.sight import EVERYTHING
from crmplus.services.leads import close_lead
from crmplus.store.database import the_database
from tests.pages.conftest import UseFile
from tests.pages.visit import Visit, choose, labels, seen
from tests.world import ADMIN, NOW, customer_with_lead, phase, query, reason


def figures(at: AppTest) -> list[str]:
    """Won, lost, win rate, won value, days to win."""
    return [metric.value.replace("\\", "") for metric in at.metric]


def in_value(at: AppTest) -> str:
    return str(at.metric[2].delta).replace("\\", "")


def table(at: AppTest, place: int) -> list[list[str]]:
    """The rows as shown; the tables of a part of the page are counted from 0."""
    return [list(row) for row in at.dataframe[place].value.itertuples(index=False)]


def listed(at: AppTest) -> list[str]:
    """The customers of the list of leads behind a figure, which is the last table."""
    return list(at.dataframe[-1].value["customer"])


def key(table: str, code: str) -> UUID:
    found: UUID = query(the_database(), f"SELECT id FROM {table} WHERE code = $code", code=code)[0][0]
    return found


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
    at = small("win_loss", part="time")
    assert not at.exception
    assert [row[:6] for row in table(at, 0)] == [quarter, ["Total", *quarter[1:]]]
    assert len(at.get("plotly_chart")) == 2
    at = small("win_loss", part="cycle")
    assert table(at, 0) == [
        ["Won", "1", "5.00", "5.0", "€1,000", "€1,000.00", "€1,000.00", "€26"],
        ["Lost", "1", "5.00", "5.0", "€1,000", "€1,000.00", "–", "€26"],
        ["Won and lost", "2", "5.00", "5.0", "€2,000", "€1,000.00", "–", "€51"],
    ]
    at = small("win_loss", part="owners")
    assert table(at, 0) == [
        ["Ann", "1", "0", "100.00 %", "100.00 %", "€1,000", "€1,000", "5.00", "0", "€26"],
        ["nobody", "0", "1", "0.00 %", "0.00 %", "€0", "–", "5.00", "0", "€0"],
    ]
    assert table(at, 1) == [["Ann", "1", "0"], ["nobody", "0", "1"]]


def test_reasons_stand_with_their_shares_and_the_phases_leads_were_closed_from(small: Visit) -> None:
    at = small("win_loss")
    assert table(at, 0) == [
        ["✓ won", "Won", "1", "100.0 %", "€1,000", "100.0 %", "€26"],
        ["✗ lost", "Competitor", "1", "100.0 %", "€1,000", "100.0 %", "€26"],
    ]
    assert table(at, 1) == [
        ["Call appointment (Lead)", "0", "0", "0"],
        ["Meeting (Lead)", "0", "1", "0"],
        ["Calculation (Lead)", "0", "0", "0"],
        ["Send quote (Lead)", "1", "0", "0"],
    ]
    assert table(at, 2)[1] == ["Meeting (Lead)", "0", "1"]
    assert next(iter(at.dataframe[2].value.columns)) == "phase"
    assert len(at.get("plotly_chart")) == 2


def test_the_answer_stands_in_words_before_the_charts(small: Visit) -> None:
    words = seen(small("win_loss"))
    assert "Most often lost to “Competitor”: 1 of 1 lost lead, €1,000." in words
    assert words.index("Most often lost") < words.index("Leads by closing reason")


def test_what_was_lost_most_often_what_cost_most_and_from_where(small: Visit) -> None:
    database = the_database()
    for number, (code, value) in enumerate((("LOST", 9_000), ("COMPETITOR", 10), ("COMPETITOR", 20))):
        _customer, lead = customer_with_lead(database, f"More {number}")
        end, why = phase(database, "LEAD-CLOSED").id, reason(database, code).id
        values = LeadValues(50, Decimal(value))
        close_lead(database, ADMIN, lead.id, lead.version, end, why, values, NOW + timedelta(days=6))
    words = seen(small("win_loss"))
    assert "Most often lost to “Competitor”: 3 of 4 lost leads, €1,030." in words
    assert "Most value lost to “Lost”: €9,000 of €10,030." in words
    assert "Most often lost from Call appointment (Lead): 3 of 4." in words


def test_reasons_that_leads_were_lost_to_as_often_are_all_named(small: Visit) -> None:
    database = the_database()
    _customer, lead = customer_with_lead(database, "More")
    end, why = phase(database, "LEAD-CLOSED").id, reason(database, "LOST").id
    close_lead(database, ADMIN, lead.id, lead.version, end, why, LeadValues(50, Decimal(1_000)), NOW)
    assert "1 lost lead each, of 2." in seen(small("win_loss"))


def test_velocity_shows_its_four_parts(small: Visit) -> None:
    words = seen(small("win_loss"))
    assert "Velocity: €300 a day" in words
    assert "= 3 open leads × 50.00 % won × €1,000 a won lead / 5.0 days to win" in words


def test_velocity_says_what_it_lacks(small: Visit) -> None:
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute("UPDATE lead SET expected_value = NULL WHERE closed_at_utc IS NOT NULL")
    assert "It needs won leads with an expected value, and none has one." in seen(small("win_loss"))
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute("UPDATE closing_reason SET outcome = 'lost'")
    assert "It needs leads won in the period, and none was." in seen(small("win_loss"))


@pytest.mark.parametrize(
    ("code", "title", "customers"),
    [
        ("won", "Won: 1 lead", ["Smithy"]),
        ("lost", "Lost: 1 lead", ["Fishery"]),
        ("decided", "Won and lost: 2 leads", ["Smithy", "Fishery"]),
        ("valued", "Won, with a value: 1 lead", ["Smithy"]),
        ("won.month-2026-03", "Won, Mar 2026: 1 lead", ["Smithy"]),
        ("lost.quarter-2026-01", "Lost, Q1 2026: 1 lead", ["Fishery"]),
        ("lost.owner-none", "Lost, of nobody: 1 lead", ["Fishery"]),
        ("open", "Open leads: 3 leads", ["Bakery", "Dairy", "Bakery"]),
    ],
)
def test_a_code_in_the_address_lists_the_leads(
    small: Visit, code: str, title: str, customers: list[str]
) -> None:
    at = small("win_loss", show=code)
    assert not at.exception
    assert title in seen(at)
    assert sorted(listed(at)) == sorted(customers)


def test_leads_of_a_reason_a_phase_and_an_owner_are_listed(small: Visit) -> None:
    small("win_loss")
    competitor, meeting = key("closing_reason", "COMPETITOR"), key("phase", "LEAD-MEETING")
    at = small("win_loss", show=f"closed.reason-{competitor}.phase-{meeting}")
    assert "Closed, Competitor, last in Meeting: 1 lead" in seen(at)
    assert listed(at) == ["Fishery"]
    (ann,) = query(the_database(), "SELECT id FROM person WHERE name = 'Ann'")[0]
    assert listed(small("win_loss", show=f"won.owner-{ann}", part="owners")) == ["Smithy"]


@pytest.mark.parametrize(
    "code",
    [
        "nothing",
        "won.month-2026-13",
        "won.month-9999-12",
        "won.owner-x",
        "lost.reason-x",
        "won.",
        "x.phase-y",
    ],
)
def test_a_code_that_is_unknown_is_ignored(small: Visit, code: str) -> None:
    at = small("win_loss", show=code)
    assert not at.exception
    assert len(at.dataframe) == 3


def test_a_month_outside_the_period_has_no_leads(small: Visit) -> None:
    days = {"from": "2026-03-01", "to": "2026-03-31"}
    at = small("win_loss", closed="own", show="won.month-2026-01", **days)
    assert "Won, Jan 2026: 0 leads" in seen(at)
    assert "No lead is counted here." in seen(at)


def test_a_card_opens_its_leads(small: Visit) -> None:
    at = small("win_loss")
    at.button(key="figures-behind-1").click().run()
    assert "Lost: 1 lead" in seen(at)
    assert listed(at) == ["Fishery"]


def test_a_period_is_held_against_the_one_before(small: Visit) -> None:
    days = {"from": "2026-03-07", "to": "2026-03-07"}
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute(
            "UPDATE lead SET closed_at_utc = closed_at_utc - INTERVAL 1 DAY, expected_value = 500 "
            "WHERE closing_reason_id = (SELECT id FROM closing_reason WHERE code = 'COMPETITOR')"
        )
        connection.execute("UPDATE closing_reason SET outcome = 'won'")
    at = small("win_loss", closed="own", **days)
    assert [str(metric.delta).replace("\\", "") for metric in at.metric] == [
        "±0 %",
        "leads",
        "±0.0 points",
        "+100 %",
        "+1 day",
    ]
    assert "Changes are against 6 Mar 2026." in seen(at)
    assert "Changes are against" not in seen(small("win_loss"))


def test_small_lines_have_the_twelve_months_up_to_the_end_of_the_period(small: Visit) -> None:
    at = small("win_loss", closed="own", **{"from": "2026-03-01", "to": "2026-03-31"})
    assert "Apr 2025 to 31 Mar 2026" in seen(at)
    at = small("win_loss", closed="own", **{"from": "2026-03-01", "to": "2028-02-29"})
    assert "29 Feb 2028" not in seen(at)


def test_a_part_of_the_page_stands_in_the_address(small: Visit) -> None:
    for part, first in (("owners", "Owner"), ("nonsense", "Closing reasons")):
        at = small("win_loss", part=part)
        assert not at.exception
        assert first in seen(at)


def test_names_that_look_like_markdown_are_shown_as_typed(small: Visit) -> None:
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute("UPDATE closing_reason SET description = '*x* <b>' WHERE code = 'COMPETITOR'")
    at = small("win_loss")
    assert any("\\*x\\*" in markdown.value for markdown in at.markdown)
    assert "Most often lost to “*x* <b>”" in seen(at)


def test_the_page_reads_dutch(small: Visit) -> None:
    at = small("win_loss", language="nl", part="time")
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
        at = small("win_loss", language=language, owner="AN", type="LEAD", by="month", part="time")
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
    at = small("win_loss", by="decade", part="time")
    assert table(at, 0)[0][0] == "Q1 2026"
    at.segmented_control[0].select("month").run()
    assert not at.exception
    assert table(at, 0)[0][0] == "Mar 2026"


def test_leads_that_are_neither_are_said_and_in_no_rate(small: Visit) -> None:
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute("UPDATE closing_reason SET outcome = 'neither' WHERE code = 'COMPETITOR'")
    at = small("win_loss")
    assert figures(at)[:3] == ["1", "0", "100.00 %"]
    assert "1 lead was closed as neither won nor lost" in seen(at)
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute("UPDATE closing_reason SET outcome = 'neither'")
    at = small("win_loss")
    assert figures(at)[:3] == ["0", "0", "–"]
    assert "Nothing was won or lost, so there is no win rate." in seen(at)


def test_leads_without_a_value_are_said(small: Visit) -> None:
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute("UPDATE lead SET expected_value = NULL")
    at = small("win_loss", part="cycle")
    assert figures(at)[2:4] == ["50.00 %", "€0"]
    assert in_value(at) == "in value –"
    assert "1 won lead has no expected value and counts as zero." in seen(at)
    assert "1 lost lead has no expected value and counts as zero." in seen(at)
    assert table(at, 0)[0][4:] == ["€0", "–", "–", "€26"]


def test_a_rate_in_value_of_leads_lost_without_worth_is_warned_of(small: Visit) -> None:
    sentence = "The lost leads have no expected value above zero"
    assert sentence not in seen(small("win_loss"))
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute("UPDATE lead SET expected_value = 0 WHERE owner_id IS NULL")
    at = small("win_loss")
    assert in_value(at) == "in value 100.00 %"
    assert sentence in seen(at)


def test_a_viewer_sees_the_figures_and_is_offered_only_to_look(small: Visit) -> None:
    at = small("win_loss", working_as="Vic")
    assert not at.exception
    assert at.title[0].value == "Win and loss"
    assert figures(at)[:2] == ["1", "1"]
    assert labels(at) == {"Show the leads", "Show the open leads"}


@pytest.fixture
def maven(use_file: UseFile, maven_file: Path, tmp_path: Path) -> Visit:
    return use_file(Path(shutil.copy(maven_file, tmp_path / "maven.duckdb")))


def test_the_published_figures_of_a_real_file_stand_on_screen(maven: Visit) -> None:
    at = maven("win_loss")
    assert figures(at) == ["4,238", "2,473", "63.15 %", "€10.01M", "57"]
    at = maven("win_loss", part="time")
    assert [row[:4] + row[5:6] for row in table(at, 0)] == [
        ["Q4 2017", "1,196", "789", "60.25 %", "€2,802,496"],
        ["Q3 2017", "1,257", "790", "61.41 %", "€2,982,255"],
        ["Q2 2017", "1,254", "778", "61.71 %", "€3,086,111"],
        ["Q1 2017", "531", "116", "82.07 %", "€1,134,672"],
        ["Total", "4,238", "2,473", "63.15 %", "€10,005,534"],
    ]
    at = maven("win_loss", part="cycle")
    assert [row[:6] for row in table(at, 0)] == [
        ["Won", "4,238", "51.78", "57.0", "€10,005,534", "€2,360.91"],
        ["Lost", "2,473", "41.48", "14.0", "€0", "€0.00"],
        ["Won and lost", "6,711", "47.99", "45.0", "€10,005,534", "€1,490.92"],
    ]
    assert table(at, 0)[0][6] == "€1,117.00"
    at = maven("win_loss", part="owners")
    assert [row[0] for row in table(at, 0)][:5] == [
        "Darcel Schlecht",
        "Vicki Laflamme",
        "Kary Hendrixson",
        "Cassey Cress",
        "Donn Cantrell",
    ]
    assert table(at, 0)[0][1:4] + table(at, 0)[0][5:6] == ["349", "204", "63.11 %", "€1,153,214"]


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


def test_own_dates_reach_back_further_than_ten_years(small: Visit) -> None:
    at = small("win_loss", closed="own", **{"from": "2010-01-01", "to": "2026-12-31"})
    assert str(at.date_input[0].value) == "2010-01-01"


@pytest.mark.parametrize("code", ["won.month-0001-01", "won.month-9999-12", "won.month-1989-12"])
def test_a_month_that_nobody_means_lists_nothing(small: Visit, code: str) -> None:
    assert not small("win_loss", show=code).exception
