"""Conversion on screen: the answer, the funnel, the leads behind each figure."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.account_type import AccountTypeDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.account_types import change_account_type
from crmplus.services.leads import close_lead
from crmplus.store.database import the_database
from tests.pages.visit import Visit, choose, seen
from tests.world import ADMIN, NOW, VALUES, account_type, customer_with_lead, phase, reason

STEPS, REASONS, OPEN_NOW, LEADS = range(4)


def figures(at: AppTest) -> list[str]:
    """Leads opened, won, the share won, the biggest leak."""
    return [metric.value.replace("\\", "") for metric in at.metric]


def table(at: AppTest, place: int) -> list[list[str]]:
    return [list(row) for row in at.dataframe[place].value.itertuples(index=False)]


def chart(at: AppTest) -> dict[str, Any]:
    drawn: dict[str, Any] = json.loads(at.get("plotly_chart")[0].proto.spec)
    return drawn


def test_an_empty_workspace_says_what_is_missing_and_where_to_begin(empty: Visit) -> None:
    at = empty("conversion")
    assert not at.exception
    assert figures(at) == ["0", "0", "–", "none"]
    assert "No lead was opened in these months. Start one on a customer card" in seen(at)
    assert not at.get("plotly_chart")
    assert table(at, 0)[-1] == ["Total", "0", "0"]


def test_the_answer_stands_above_the_chart_in_words(small: Visit) -> None:
    at = small("conversion", opened="all")
    assert not at.exception
    said = (
        "More are lost in Meeting than anywhere else: 1 of the 4 leads that reached it. "
        "The reason there: Competitor."
    )
    words = seen(at)
    assert said in words
    assert "3 of these leads are still open" in words
    assert figures(at) == ["5", "1", "20.0 %", "Meeting"]
    assert at.metric[3].delta.replace("\\", "") == "1 of 4 lost, 25 %"


def test_the_table_has_every_step_won_and_the_totals(small: Visit) -> None:
    assert table(small("conversion", opened="all"), STEPS) == [
        ["Call appointment", "5", "0", "80.0 %", "100.0 %", "1", "1", "0", "0"],
        ["Meeting", "4", "0", "25.0 %", "80.0 %", "3", "2", "1", "0"],
        ["Calculation", "1", "0", "100.0 %", "20.0 %", "0", "0", "0", "0"],
        ["Send quote", "1", "0", "100.0 %", "20.0 %", "0", "0", "0", "0"],
        ["Won", "1", "–", "–", "20.0 %", "–", "–", "–", "–"],
        ["Total", "–", "–", "–", "–", "4", "3", "1", "0"],
    ]


def test_reasons_stand_by_phase_beside_where_open_leads_stand_now(small: Visit) -> None:
    at = small("conversion", opened="all")
    assert table(at, REASONS) == [
        ["Competitor", "lost", "1", "0", "1", "0", "0"],
        ["Total", "–", "1", "0", "1", "0", "0"],
    ]
    assert table(at, OPEN_NOW) == [
        ["Call appointment", "1", "1"],
        ["Meeting", "2", "2"],
        ["Calculation", "0", "0"],
        ["Send quote", "0", "0"],
        ["Closed", "0", "0"],
        ["Total", "3", "3"],
    ]


def test_the_snapshot_has_all_open_leads_the_cohort_only_its_own(small: Visit) -> None:
    at = small("conversion", opened="own", to="2026-01-01")
    assert figures(at)[0] == "0"
    assert "No lead of this account type was opened in this period with these filters." in seen(at)
    assert table(at, 0)[-1] == ["Total", "3", "0"]


def test_the_chart_says_its_numbers_without_colour(small: Visit) -> None:
    at = small("conversion", opened="all")
    words = [each["text"] for each in chart(at)["layout"]["annotations"]]
    assert words[2:4] == ["<b>2. Meeting</b>  4 · 80.0 % of all", "↓ 25.0 % go on · ○ 2 · ✗ 1"]
    assert words[-1] == "<b>5. Won</b>  1 · 20.0 % of all"
    alt = at.get("plotly_chart")[0].proto.alt
    assert "Meeting: 4 · 80.0 % of all. ↓ 25.0 % go on" in alt


@pytest.mark.parametrize(
    ("code", "heading", "customers"),
    [
        ("reached", "Opened in this period: 5 leads", None),
        ("won", "Won: 1 lead", ["Smithy"]),
        ("lost.LEAD-MEETING", "Lost, no further than Meeting: 1 lead", ["Fishery"]),
        ("open.LEAD-MEETING", "Still open, no further than Meeting: 2 leads", ["Bakery", "Dairy"]),
        ("on.LEAD-MEETING", "Went on from Meeting: 1 lead", ["Smithy"]),
        ("dropped", "Opened in this period and not won: 4 leads", None),
        ("closed..COMPETITOR", "Lost or neither, Competitor: 1 lead", ["Fishery"]),
        ("closed.LEAD-MEETING.COMPETITOR", "Lost or neither, no further than Meeting, Comp", ["Fishery"]),
        ("skipped.LEAD-CALL", "Skipped Call appointment: 0 leads", None),
        ("now.LEAD-MEETING", "Open in Meeting now, whenever opened: 2 leads", ["Bakery", "Dairy"]),
        ("now-opened", "Open now, opened in this period: 3 leads", None),
        ("now.LEAD-CLOSED", "Open in Closed now, whenever opened: 0 leads", None),
    ],
)
def test_a_code_in_the_address_lists_the_leads(
    small: Visit, code: str, heading: str, customers: list[str] | None
) -> None:
    at = small("conversion", opened="all", show=code)
    assert not at.exception
    assert heading in seen(at)
    if customers:
        assert sorted(at.dataframe[LEADS].value["customer"]) == customers


@pytest.mark.parametrize(
    "code",
    [
        "",
        "lost.NONE",
        "skipped",
        "on",
        "reached.LEAD-CLOSED",
        "lost.LEAD-CALL.NONE",
        "phase.LEAD-CALL",
        ".....",
    ],
)
def test_an_unknown_code_in_the_address_is_ignored(small: Visit, code: str) -> None:
    at = small("conversion", opened="all", show=code)
    assert not at.exception
    assert len(at.dataframe) == LEADS


def test_a_button_of_a_card_lists_its_leads_and_another_hides_them(small: Visit) -> None:
    at = small("conversion", opened="all")
    at.button(key="figures-behind-3").click().run()
    assert at.query_params["show"] == "lost.LEAD-MEETING"
    assert list(at.dataframe[LEADS].value["customer"]) == ["Fishery"]
    next(button for button in at.button if button.label == "Hide the list").click().run()
    assert len(at.dataframe) == LEADS


def test_an_owner_narrows_all_and_clear_takes_it_back(small: Visit) -> None:
    at = small("conversion", opened="all")
    choose(at, "Owner", "Ann")
    assert figures(at)[:3] == ["3", "1", "33.3 %"]
    assert "None of these leads is lost." in seen(at)
    assert figures(at)[3] == "none"
    assert table(at, 1)[-1] == ["Total", "2", "2"]
    at.button(key="clear-filters").click().run()
    assert "owner" not in at.query_params


def test_the_change_is_against_the_leads_opened_in_the_period_before(small: Visit) -> None:
    with the_database_of(small).transaction(EVERYTHING) as connection:
        for name in ("lead", "lead_stay"):
            connection.execute(
                f"UPDATE {name} SET opened_at_utc = TIMESTAMP '2026-02-10 12:00:00' WHERE owner_id IS NULL"
            )
    at = small("conversion", opened="own", **{"from": "2026-03-01", "to": "2026-03-31"})
    assert figures(at)[:3] == ["3", "1", "33.3 %"]
    assert [str(metric.delta).replace("\\", "") for metric in at.metric][:3] == [
        "+50 %",
        "",
        "+33.3 points",
    ]


def the_database_of(visit: Visit) -> Any:
    """The file that the visit opens."""
    visit("conversion")
    return the_database()


def test_the_page_reads_dutch_and_another_funnel_can_be_chosen(small: Visit) -> None:
    at = small("conversion", language="nl", opened="all", type="PROSPECT")
    assert not at.exception
    assert figures(at)[0] == "0"


def test_a_workspace_without_funnels_says_so(small: Visit) -> None:
    with the_database_of(small).transaction(EVERYTHING) as connection:
        connection.execute("UPDATE account_type SET uses_phases = FALSE")
        connection.execute("DELETE FROM phase")
    at = small("conversion")
    assert not at.exception
    assert "No account type has a funnel yet." in seen(at)
    assert not at.metric


def test_a_funnel_without_phases_says_so(small: Visit) -> None:
    with the_database_of(small).transaction(EVERYTHING) as connection:
        connection.execute("UPDATE account_type SET uses_phases = TRUE WHERE code = 'CUSTOMER'")
    at = small("conversion", type="CUSTOMER")
    assert not at.exception
    assert "This funnel has no phases yet." in seen(at)


def test_names_are_shown_as_typed(small: Visit) -> None:
    with the_database_of(small).transaction(EVERYTHING) as connection:
        connection.execute("UPDATE phase SET description = '*A* $x$ <b>' WHERE code = 'LEAD-MEETING'")
    at = small("conversion", opened="all", show="lost.LEAD-MEETING")
    assert not at.exception
    assert "More are lost in *A* $x$ <b>" in seen(at)
    assert any(r"\*A\* \$x\$ \<b\>" in each.value for each in at.markdown)
    assert "&lt;b&gt;" in chart(at)["layout"]["annotations"][2]["text"]


def test_a_viewer_sees_all_of_it(small: Visit) -> None:
    at = small("conversion", working_as="Vic", opened="all")
    assert not at.exception
    assert figures(at)[0] == "5"


def test_a_funnel_that_was_switched_off_is_still_looked_at(small: Visit) -> None:
    made = account_type(the_database(), "PROSPECT")
    change_account_type(
        the_database(),
        ADMIN,
        made.id,
        made.version,
        AccountTypeDraft(made.code, made.description, made.order_number, False, False),
        NOW,
    )
    assert "Prospect" in small("conversion").main.selectbox[0].options


def test_of_phases_where_as_many_are_lost_none_is_called_worst(small: Visit) -> None:
    database = the_database()
    _customer, lead = customer_with_lead(database, "Tannery")
    closing, lost = phase(database, "LEAD-CLOSED").id, reason(database, "LOST").id
    close_lead(database, ADMIN, lead.id, lead.version, closing, lost, VALUES, NOW)
    words = seen(small("conversion", opened="all"))
    assert "Most are lost in Call appointment, Meeting: 1 in each." in words
    assert "than anywhere else" not in words


def test_changes_say_against_what_they_are(small: Visit) -> None:
    own = {"opened": "own", "from": "2026-03-01", "to": "2026-03-31"}
    assert "Changes are against 1 Feb 2026 to 28 Feb 2026." in seen(small("conversion", **own))
