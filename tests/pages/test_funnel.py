"""The Funnel page: what stands now and on past days, and the leads behind each figure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.services.phases import archive_phase
from crmplus.store.database import the_database
from tests.pages.visit import Visit, choose, seen
from tests.world import ADMIN, NOW, phase


def figures(at: AppTest) -> list[str]:
    return [metric.value.replace("\\", "") for metric in at.metric]


def test_an_empty_funnel_shows_its_phases_and_says_how_to_begin(empty: Visit) -> None:
    at = empty("funnel")
    assert figures(at)[:2] == ["0", "€0"]
    assert "No open lead matches." in seen(at)
    assert len(at.get("plotly_chart")) == 3


def test_the_totals_count_open_leads_only_and_weigh_by_score(small: Visit) -> None:
    # 12,000 x 60 % of the bakery and 1,000 x 40 % of the dairy; its second lead has no values.
    assert figures(small("funnel"))[:3] == ["3", "€13,000", "€7,600"]


def table(at: AppTest, place: int) -> list[list[str]]:
    """By phase, recurring by phase, by owner, by account type, the leads behind: rows as shown."""
    return [list(row) for row in at.dataframe[place].value.itertuples(index=False)]


def behind(at: AppTest) -> list[str]:
    """The customers whose leads are listed."""
    return list(at.dataframe[4].value["customer"])


def test_a_phase_in_the_address_lists_the_leads_that_stand_in_it(small: Visit) -> None:
    at = small("funnel", show="phase.LEAD-MEETING")
    assert not at.exception
    assert "Meeting: 2 leads" in seen(at)
    assert behind(at) == ["Bakery", "Dairy"]
    heads = list(at.dataframe[4].value)
    assert heads[:5] == ["customer", "weighted_value", "score", "expected_value", "recurring_value"]
    assert table(at, 4)[0][:5] == ["Bakery", "€7,200", "60", "€12,000", "€26"]


def test_links_of_earlier_versions_still_lead_there(small: Visit) -> None:
    at = small("funnel", funnel="LEAD", phase="LEAD-MEETING")
    assert not at.exception
    assert behind(at) == ["Bakery", "Dairy"]
    assert dict(at.query_params) == {"type": "LEAD", "show": "phase.LEAD-MEETING"}


def test_the_tables_have_every_figure_by_phase_beside_a_month_ago_and_the_totals(small: Visit) -> None:
    at = small("funnel")
    assert [row[0] for row in table(at, 0)] == [
        *("Call appointment", "Meeting", "Calculation", "Send quote", "Closed", "Total")
    ]
    # Nothing has happened since March, so a month ago all stood as it does now.
    values = ["3", "3", "0", "€13,000", "€13,000", "€0", "€7,600", "€7,600", "€0"]
    assert table(at, 0)[-1] == ["Total", *values]
    assert table(at, 1)[-1] == ["Total", "€51", "€51", "€0", "€26", "€26", "€0"]


def test_owners_and_account_types_stand_side_by_side_with_their_totals(small: Visit) -> None:
    at = small("funnel")
    assert table(at, 2) == [
        ["Ann", "2", "€12,000", "€7,200", "€26", "€15"],
        ["nobody", "1", "€1,000", "€400", "€26", "€10"],
        ["Total", "3", "€13,000", "€7,600", "€51", "€26"],
    ]
    assert table(at, 3) == [
        ["Lead", "3", "€13,000", "€7,600", "€51", "€26"],
        ["Prospect", "0", "€0", "€0", "€0", "€0"],
        ["Total", "3", "€13,000", "€7,600", "€51", "€26"],
    ]


@pytest.mark.parametrize(
    ("code", "title", "customers"),
    [
        ("all", "All phases: 3 leads", ["Bakery", "Dairy", "Bakery"]),
        ("types", "All account types: 3 leads", ["Bakery", "Dairy", "Bakery"]),
        ("type.LEAD", "Lead: 3 leads", ["Bakery", "Dairy", "Bakery"]),
        ("owner.AN", "Ann: 2 leads", ["Bakery", "Bakery"]),
        ("owner.", "nobody: 1 lead", ["Dairy"]),
        ("phase.LEAD-CALL", "Call appointment: 1 lead", ["Bakery"]),
    ],
)
def test_a_part_in_the_address_lists_its_leads(
    small: Visit, code: str, title: str, customers: list[str]
) -> None:
    at = small("funnel", show=code)
    assert not at.exception
    assert title in seen(at)
    assert behind(at) == customers


def test_a_part_of_another_owner_or_of_nothing_lists_nothing(small: Visit) -> None:
    for code in ("owner.MI", "owner.XX", "phase.NONE", "type.NONE", "weather", "then.", ""):
        at = small("funnel", owner="AN", show=code)
        assert not at.exception
        assert len(at.dataframe) == 4


def test_a_past_day_shows_what_stood_then_and_says_so(small: Visit) -> None:
    at = small("funnel", **{"as-of": "own", "on": "2026-03-07"})
    assert not at.exception
    assert "As the leads stood at the end of 7 Mar 2026" in seen(at)
    # The dairy's lead was lost that day, and reopened on the eleventh.
    assert figures(at)[:3] == ["2", "€12,000", "€7,200"]
    assert figures(small("funnel", **{"as-of": "own", "on": "2026-03-06"}))[0] == "5"
    assert figures(small("funnel", **{"as-of": "own", "on": "2026-03-11"}))[0] == "3"


def test_the_leads_of_a_past_day_have_the_values_of_then_and_what_became_of_them(small: Visit) -> None:
    at = small("funnel", show="phase.LEAD-QUOTE", **{"as-of": "own", "on": "2026-03-05"})
    assert "Send quote, 5 Mar 2026: 0 leads" in seen(at)
    at = small("funnel", show="phase.LEAD-CLOSED", **{"as-of": "own", "on": "2026-03-06"})
    assert "Closed, 6 Mar 2026: 1 lead" in seen(at)
    (row,) = at.dataframe[4].value.to_dict("records")
    assert (row["customer"], row["expected_value"], row["closing_reason"]) == ("Smithy", "€12,000", "Won")
    assert (row["closed"], row["days_in_phase"]) == ("7 Mar 2026", "1")


def test_the_change_and_the_leads_of_a_month_ago(small: Visit) -> None:
    at = small("funnel", show="then.all", **{"as-of": "own", "on": "2026-04-07"})
    assert [metric.delta for metric in at.metric][:2] == [r"\+1", r"\+8 %"]
    assert "Changes are since 7 Mar 2026." in seen(at)
    assert "All phases, 7 Mar 2026: 2 leads" in seen(at)
    assert table(at, 0)[1][:4] == ["Meeting", "2", "1", "1"]


def test_a_day_that_is_not_over_is_today(small: Visit) -> None:
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    for day in (f"{today}", ""):
        at = small("funnel", **{"as-of": "own", "on": day})
        assert not at.exception
        assert "As the leads stood" not in seen(at)
        assert figures(at)[0] == "3"


def test_usual_days_can_be_chosen_and_cleared(small: Visit) -> None:
    at = small("funnel")
    for name in ("same day last month", "end of last month", "end of last quarter", "end of last year"):
        choose(at, "As of", name)
        assert not at.exception
        assert "As the leads stood at the end of" in seen(at)
    assert figures(at)[0] == "0"
    assert "No lead was open then with these filters." in seen(at)
    at.button(key="clear-filters").click().run()
    assert figures(at)[0] == "3"


def test_a_phase_archived_since_is_shown_and_marked_on_the_days_when_leads_were_in_it(small: Visit) -> None:
    call, calculation = phase(the_database(), "LEAD-CALL"), phase(the_database(), "LEAD-CALC").id
    archive_phase(the_database(), ADMIN, call.id, call.version, NOW + timedelta(days=20), calculation)
    assert "(archived)" not in seen(small("funnel"))
    at = small("funnel", **{"as-of": "own", "on": "2026-03-12"})
    assert table(at, 0)[0][:2] == ["Call appointment (archived)", "1"]
    at = small("funnel", **{"as-of": "own", "on": "2026-04-12"})
    assert table(at, 0)[0][:4] == ["Call appointment (archived)", "0", "1", "-1"]


def test_a_filter_in_the_address_holds_in_every_language(small: Visit) -> None:
    for language in ("en", "nl"):
        assert figures(small("funnel", language=language, owner="AN"))[0] == "2"


def test_an_owner_narrows_all_figures(small: Visit) -> None:
    at = small("funnel")
    choose(at, "Owner", "Ann")
    assert figures(at)[:3] == ["2", "€12,000", "€7,200"]
    at.button(key="clear-filters").click().run()
    assert figures(at)[0] == "3"


def test_a_filter_of_the_customers_page_does_not_empty_the_funnel(small: Visit) -> None:
    at = small("customers")
    choose(at, "Active", "active")
    at.switch_page("pages/funnel.py").run()
    assert figures(at)[0] == "3"


def test_a_funnel_without_leads_of_a_second_account_type_can_be_chosen(small: Visit) -> None:
    at = small("funnel")
    choose(at, "Account type", "Prospect")
    assert not at.exception
    assert figures(at)[0] == "0"


def test_the_figures_are_written_in_dutch(small: Visit) -> None:
    at = small("funnel", language="nl")
    assert [value.replace("\xa0", " ") for value in figures(at)[:3]] == ["3", "€ 13.000", "€ 7.600"]
