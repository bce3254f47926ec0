"""Time in phase on screen, and the age of a lead on its card."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from streamlit.testing.v1 import AppTest

from crmplus.domain.sight import EVERYTHING
from crmplus.services.customers import get_customer
from crmplus.services.leads import list_leads_of_customer, move_lead
from crmplus.store.database import the_database
from tests.pages.visit import Visit, choose, seen
from tests.world import ADMIN, NOW, VALUES, new_account_type, phase, query

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def cards(at: AppTest) -> list[tuple[str, str]]:
    """Ageing leads, value at risk, oldest lead, slowest phase: each with what stands beside it."""
    return [(clean(metric.value), clean(metric.delta)) for metric in at.metric]


def clean(text: str) -> str:
    return str(text).replace("\\", "")


def table(at: AppTest, place: int = 0) -> list[list[str]]:
    """The phases, then the leads behind: the rows as shown."""
    return [list(row) for row in at.dataframe[place].value.itertuples(index=False)]


def headings(at: AppTest) -> list[str]:
    return [clean(heading.value) for heading in at.subheader]


def change(sql: str, **values: object) -> None:
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute(sql, values)


def stand_since(days: int, moment: datetime | None = None) -> None:
    """All open leads came into their phase so many days ago, at noon."""
    noon = (moment or datetime.now(AMSTERDAM)).replace(hour=12, minute=0)
    change("UPDATE lead SET phase_entered_at_utc = $at", at=noon - timedelta(days=days))


def test_with_no_lead_the_page_says_what_is_missing(empty: Visit) -> None:
    at = empty("time_in_phase")
    assert not at.exception
    assert cards(at) == [
        ("0", "of 0 open leads"),
        ("€0", "€0 per month"),
        ("–", "no open lead"),
        ("–", "no lead left a phase"),
    ]
    assert "No lead left a phase in this period" in seen(at)
    assert "No open lead has stood in its phase for longer than the phase's limit." in seen(at)
    assert not at.get("plotly_chart")
    assert table(at)[0] == ["Call appointment", "0", "–", "–", "0", "14", "0", "–", "0"]


def test_without_a_funnel_it_says_where_to_make_one(empty: Visit) -> None:
    empty("home")
    change("UPDATE account_type SET uses_phases = FALSE")
    change("DELETE FROM phase")
    at = empty("time_in_phase")
    assert not at.exception
    assert "No account type has a funnel yet." in seen(at)
    assert not at.metric


def test_a_funnel_without_phases_says_so(small: Visit) -> None:
    small("home")
    new_account_type(the_database(), "PARTNER")
    at = small("time_in_phase", type="PARTNER")
    assert not at.exception
    assert "This funnel has no phases yet." in seen(at)


def test_the_times_of_each_phase_stand_in_the_table(small: Visit) -> None:
    small("home")
    stand_since(20)
    at = small("time_in_phase", left="all")
    assert not at.exception
    # Four leads went on from the first phase after an hour, the dairy's after five days.
    assert table(at)[:3] == [
        ["Call appointment", "4", "0.0", "5.0", "0", "14", "1", "20.0", "1"],
        ["Meeting", "2", "3.0", "5.0", "0", "21", "2", "20.0", "0"],
        ["Calculation", "1", "1.0", "1.0", "0", "21", "0", "–", "0"],
    ]
    assert cards(at)[0] == ("1", "of 3 open leads")
    assert cards(at)[2] == ("20 days", "Call appointment")
    assert "Leads take longest in" in seen(at)
    assert "1 of 3 open leads is ageing, in Call appointment." in seen(at)
    assert len(at.get("plotly_chart")) == 1


def test_the_ageing_leads_are_listed_oldest_first_until_something_is_clicked(small: Visit) -> None:
    small("home")
    stand_since(30)
    at = small("time_in_phase", left="all")
    assert headings(at)[-1] == "Ageing leads, oldest first: 3 leads"
    assert {tuple(row[1:5]) for row in table(at, 1)} == {
        ("30", "14", "16", "Call appointment"),
        ("30", "21", "9", "Meeting"),
    }
    assert not [button for button in at.button if button.label == "Hide the list"]
    at.button(key="figures-behind-2").click().run()
    assert at.query_params["show"] == "open"
    assert headings(at)[-1] == "Open leads, the longest in their phase first: 3 leads"
    next(button for button in at.button if button.label == "Hide the list").click().run()
    assert headings(at)[-1] == "Ageing leads, oldest first: 3 leads"


def test_each_code_in_the_address_lists_the_leads_that_its_figure_counts(small: Visit) -> None:
    small("home")
    stand_since(15)
    for code, heading in {
        "left.LEAD-CALL": "Left Call appointment, longest first: 4 leads",
        "again.LEAD-CALL": "In Call appointment more than once: 0 leads",
        "open.LEAD-MEETING": "Open in Meeting: 2 leads",
        "ageing.LEAD-CALL": "Ageing in Call appointment: 1 lead",
        "ageing.LEAD-MEETING": "Ageing in Meeting: 0 leads",
        "ageing": "Ageing leads, oldest first: 1 lead",
    }.items():
        at = small("time_in_phase", left="all", show=code)
        assert not at.exception
        assert headings(at)[-1] == heading
    for code in ("left", "again", "left.PROSPECT-CALL", "nonsense", "nonsense.LEAD-CALL"):
        assert headings(small("time_in_phase", left="all", show=code))[-1] == (
            "Ageing leads, oldest first: 1 lead"
        )


def test_the_leads_that_left_show_their_days(small: Visit) -> None:
    at = small("time_in_phase", left="all", show="left.LEAD-CALL")
    assert table(at, 1)[0][:2] == ["Dairy", "5.0"]
    assert len(table(at, 1)) == 4


def test_without_limits_it_says_so_and_links_for_those_who_may_set_one(small: Visit) -> None:
    small("home")
    change("UPDATE phase SET limit_days = NULL")
    at = small("time_in_phase", left="all")
    assert cards(at)[:2] == [("–", "no phase has a limit")] * 2
    assert "No phase of this funnel has a limit in days yet" in seen(at)
    assert [link.proto.label for link in at.get("page_link")] == ["To the lead phases"]
    assert not small("time_in_phase", left="all", working_as="Vic").get("page_link")


def test_an_owner_and_a_period_narrow_the_figures(small: Visit) -> None:
    at = small("time_in_phase", left="all")
    choose(at, "Owner", "Ann")
    assert table(at)[0][1] == "2"
    at = small("time_in_phase", left="own", **{"from": "2026-03-07", "to": "2026-03-08"})
    assert table(at)[0][1] == "1"
    at = small("time_in_phase", left="own", to="2026-03-01")
    assert "No lead left a phase in this period" in seen(at)


def test_the_change_is_that_against_the_period_before(small: Visit) -> None:
    small("home")
    change("UPDATE lead_stay SET seconds_spent = 864000, left_at_utc = TIMESTAMP '2026-03-05 12:00:00'")
    at = small("time_in_phase", left="own", **{"from": "2026-03-01", "to": "2026-03-31"})
    assert cards(at)[3] == ("10.0 days", "Call appointment")
    change(
        "UPDATE lead_stay SET seconds_spent = 432000, left_at_utc = TIMESTAMP '2026-02-05 12:00:00' "
        "WHERE lead_id = (SELECT max(lead_id) FROM lead_stay JOIN phase ON phase.id = phase_id "
        "WHERE phase.code = 'LEAD-CALL')"
    )
    at = small("time_in_phase", left="own", **{"from": "2026-03-01", "to": "2026-03-31"})
    assert cards(at)[3] == ("10.0 days", "+100 %")


def test_the_page_reads_dutch(small: Visit) -> None:
    at = small("time_in_phase", language="nl", left="all")
    assert not at.exception
    assert at.title[0].value != "Time in phase"


def test_a_viewer_sees_all_figures(small: Visit) -> None:
    at = small("time_in_phase", working_as="Vic", left="all")
    assert not at.exception
    assert len(table(at)) == 5


def test_the_card_of_a_lead_says_when_it_is_ageing_and_with_a_sign(small: Visit) -> None:
    small("home")
    stand_since(21)
    on_time = seen(small("customer", customer="C-00004"))
    assert "now, 21 days" in on_time
    assert "ageing" not in on_time
    stand_since(22)
    late = seen(small("customer", customer="C-00004"))
    assert "now, 22 days" in late
    assert "⚠\ufe0e ageing: limit 21 days" in late


def test_a_closed_lead_does_not_age_on_its_card(small: Visit) -> None:
    small("home")
    stand_since(400)
    assert "ageing" not in seen(small("customer", customer="C-00002"))
    assert query(the_database(), "SELECT count(*) FROM lead WHERE closed_at_utc IS NULL") == [(3,)]


def test_days_on_the_card_are_those_of_the_workspace_not_of_the_browser(small: Visit) -> None:
    """Midnight in Amsterdam is another day in UTC, where the browser of a test is."""
    small("home")
    midnight = datetime.now(AMSTERDAM).replace(hour=0, minute=5)
    change("UPDATE lead SET phase_entered_at_utc = $at", at=midnight.astimezone(UTC))
    assert "now, 0 days" in seen(small("customer", customer="C-00004"))


def test_of_phases_where_as_many_age_none_is_called_worst(small: Visit) -> None:
    database = the_database()
    dairy = list_leads_of_customer(database, ADMIN, get_customer(database, ADMIN, "C-00004").id)[0]
    move_lead(database, ADMIN, dairy.id, dairy.version, phase(database, "LEAD-CALC").id, VALUES, NOW)
    stand_since(100)
    words = seen(small("time_in_phase"))
    assert "3 of 3 open leads are ageing." in words
    assert "are ageing, most in" not in words
