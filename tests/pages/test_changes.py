"""Changes on screen: the bridge between two days, its lists, and what it says where there is none."""

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.sight import EVERYTHING
from crmplus.store.database import the_database
from tests.pages.visit import Visit, choose, labels, seen

MARCH = {"changed": "own", "from": "2026-03-01", "to": "2026-03-31"}
"""The month in which everything happened in the small world."""


def cards(at: AppTest) -> list[str]:
    """Opening, closing, net change, new business, won."""
    return [metric.value.replace("\\", "") for metric in at.metric]


def table(at: AppTest, place: int = 0) -> list[list[str]]:
    return [list(row) for row in at.dataframe[place].value.itertuples(index=False)]


def alt_of_chart(at: AppTest) -> str:
    return str(at.get("plotly_chart")[0].proto.alt)


def test_without_leads_the_page_says_what_is_missing_and_where_to_go(empty: Visit) -> None:
    at = empty("changes", changed="all")
    assert not at.exception
    assert "No lead was started yet." in seen(at)
    assert not at.metric
    assert not at.get("plotly_chart")


def test_the_bridge_of_a_month_adds_up_on_screen(small: Visit) -> None:
    at = small("changes", **MARCH)
    assert not at.exception
    assert cards(at) == ["€0", "€13,000", "+ €13,000", "€37,000", "€1,000"]
    assert table(at) == [
        ["Opening", "–", "€0"],
        ["New", "5", "€0"],
        ["First value", "4", "€37,000"],
        ["Reopened", "1", "€1,000"],
        ["Raised", "0", "€0"],
        ["Lowered", "2", "-€22,000"],
        ["Won", "1", "-€1,000"],
        ["Lost", "2", "-€2,000"],
        ["Neither", "0", "€0"],
        ["Net change", "–", "€13,000"],
        ["Closing", "–", "€13,000"],
    ]
    assert (
        "The expected value of open leads grew by €13,000, from €0 to €13,000. €37,000 new and €1,000 "
        "reopened came in against €22,000 lowered, €1,000 won and €2,000 lost."
    ) in seen(at)


def test_the_chart_says_its_numbers_in_words(small: Visit) -> None:
    at = small("changes", **MARCH)
    assert alt_of_chart(at) == (
        "What changed: Expected value: Opening: €0; New business: + €37,000; Reopened: + €1,000; "
        "Raised: ± €0; Lowered: − €22,000; Won: ✓ − €1,000; Lost: ✗ − €2,000; Closing: €13,000"
    )


@pytest.mark.parametrize(
    ("measure", "shown"),
    [
        ("weighted", ["€0", "€7,600", "+ €7,600", "€22,000", "€400"]),
        ("recurring", ["€0", "€51", "+ €51", "€102", "€26"]),
        ("weighted-recurring", ["€0", "€26", "+ €26", "€56", "€10"]),
        ("leads", ["0", "3", "+ 3", "5", "1"]),
        ("unheard of", ["€0", "€13,000", "+ €13,000", "€37,000", "€1,000"]),
    ],
)
def test_each_measure_has_its_own_bridge(small: Visit, measure: str, shown: list[str]) -> None:
    at = small("changes", measure=measure, **MARCH)
    assert not at.exception
    assert cards(at) == shown


def test_another_measure_is_a_click_away_and_in_the_address(small: Visit) -> None:
    at = small("changes", **MARCH)
    at.segmented_control[0].select("leads").run()
    assert cards(at)[1] == "3"
    assert at.query_params["measure"] == "leads"
    assert [row[0] for row in table(at)] == [
        "Opening",
        "New",
        "Reopened",
        "Won",
        "Lost",
        "Neither",
        "Net change",
        "Closing",
    ]
    assert "The number of open leads grew by 3 leads, from 0 leads to 3 leads." in seen(at)


def test_a_month_in_which_nothing_changed_says_so(small: Visit) -> None:
    at = small("changes", changed="own", **{"from": "2026-05-01", "to": "2026-05-31"})
    assert cards(at)[:3] == ["€13,000", "€13,000", "± €0"]
    words = "The expected value of open leads is what it was: €13,000. Nothing came in and nothing went out."
    assert words in seen(at)


def test_the_month_after_begins_where_this_one_ended(small: Visit) -> None:
    ended = cards(small("changes", **MARCH))[1]
    at = small("changes", changed="own", **{"from": "2026-04-01"})
    assert cards(at)[0] == ended
    assert "end of 31 Mar 2026" in str(at.metric[0].delta).replace("\\", "")


def test_at_any_time_begins_before_the_first_lead(small: Visit) -> None:
    at = small("changes", changed="all")
    assert cards(at) == ["€0", "€13,000", "+ €13,000", "€37,000", "€1,000"]
    assert "before the first lead" in str(at.metric[0].delta)
    assert str(at.metric[1].delta) == "today"


def test_an_owner_has_a_bridge_with_what_changed_hands(small: Visit) -> None:
    at = small("changes", **MARCH)
    choose(at, "Owner", "Ann")
    assert cards(at) == ["€0", "€12,000", "+ €12,000", "€24,000", "€1,000"]
    assert [row[0] for row in table(at) if row[0] in ("Taken over", "Handed over")] == [
        "Taken over",
        "Handed over",
    ]
    at.button(key="clear-filters").click().run()
    assert at.query_params.get("owner") is None


def test_a_filter_that_nothing_passes_says_so(small: Visit) -> None:
    at = small("changes", type="PROSPECT", **MARCH)
    assert "No lead was open in this period with these filters." in seen(at)
    assert not at.metric


def test_dates_in_the_wrong_order_are_said(small: Visit) -> None:
    at = small("changes", changed="own", **{"from": "2026-04-01", "to": "2026-03-01"})
    assert not at.exception
    assert at.warning


@pytest.mark.parametrize(
    ("code", "heading", "rows"),
    [
        (
            "closing",
            "Closing (Expected value): 3 leads",
            [["Bakery", "€12,000"], ["Dairy", "€1,000"], ["Bakery", "€0"]],
        ),
        ("won", "Won (Expected value): 1 change", [["Smithy", "-€1,000"]]),
        (
            "lost",
            "Lost (Expected value): 2 changes, each on a line of its own",
            [["Fishery", "-€1,000"], ["Dairy", "-€1,000"]],
        ),
        ("reopened", "Reopened (Expected value): 1 change", [["Dairy", "€1,000"]]),
        ("lowered", "Lowered (Expected value): 2 changes", [["Smithy", "-€11,000"], ["Fishery", "-€11,000"]]),
        (
            "new-business",
            "New business (Expected value): 4 changes",
            [["Bakery", "€12,000"], ["Smithy", "€12,000"], ["Fishery", "€12,000"], ["Dairy", "€1,000"]],
        ),
        ("opening", "Opening (Expected value): 0 leads", []),
    ],
)
def test_what_is_behind_a_bar_is_listed(small: Visit, code: str, heading: str, rows: list[list[str]]) -> None:
    at = small("changes", show=code, **MARCH)
    assert not at.exception
    assert heading in seen(at)
    found = [row[:2] for row in table(at, 1)] if rows else []
    assert sorted(found) == sorted(rows)


def test_a_change_is_listed_with_what_stood_before_and_after(small: Visit) -> None:
    at = small("changes", show="lowered", measure="weighted", **MARCH)
    shown = at.dataframe[1].value
    assert list(shown.columns)[:7] == [
        "customer",
        "amount",
        "day",
        "score_before",
        "score_after",
        "expected_before",
        "expected_after",
    ]
    assert ["Fishery", "-€6,800", "7 Mar 2026", "60", "40", "€12,000", "€1,000"] in [
        row[:7] for row in table(at, 1)
    ]


def test_an_unknown_code_in_the_address_lists_nothing(small: Visit) -> None:
    at = small("changes", show="everything", **MARCH)
    assert not at.exception
    assert len(at.dataframe) == 1


def test_owners_and_phases_have_both_ends(small: Visit) -> None:
    at = small("changes", by="owner", **MARCH)
    assert table(at, 1) == [["Ann", "€0", "€12,000", "€12,000"], ["nobody", "€0", "€1,000", "€1,000"]]
    at.segmented_control[1].select("phase").run()
    assert table(at, 1) == [
        ["Lead: Call appointment", "€0", "€0", "€0"],
        ["Lead: Meeting", "€0", "€13,000", "€13,000"],
    ]
    assert at.query_params["by"] == "phase"


def test_what_has_no_value_is_said(small: Visit) -> None:
    words = seen(small("changes", measure="weighted", **MARCH))
    assert "1 lead open at the closing has no value and counts as zero." in words
    assert "1 lead open at the closing has no score and weighs nothing." in words


def test_the_page_reads_dutch(small: Visit) -> None:
    at = small("changes", language="nl", **MARCH)
    assert not at.exception
    assert [value.replace("\xa0", " ") for value in cards(at)][1] == "€ 13.000"


def test_a_viewer_sees_the_bridge_and_is_offered_nothing_that_changes(small: Visit) -> None:
    at = small("changes", working_as="Vic", **MARCH)
    assert not at.exception
    assert cards(at)[1] == "€13,000"
    assert labels(at) <= {"Show the leads", "Clear"}


def test_a_change_made_meanwhile_is_in_the_next_bridge(small: Visit) -> None:
    at = small("changes", changed="all")
    assert cards(at)[1] == "€13,000"
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute(
            "UPDATE lead_span SET expected_value = 14000 WHERE is_open AND expected_value = 12000"
        )
    assert cards(at.run())[1] == "€15,000"
