"""The open pipeline by phase (M1): known leads, exact numbers."""

from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from crmplus.analytics.pipeline import (
    PipelineFigures,
    PipelineFilter,
    list_pipeline_leads,
    measure_pipeline,
)
from crmplus.domain.lead import Lead, LeadValues
from crmplus.services.leads import close_lead, move_lead, save_lead, start_lead
from crmplus.services.phases import archive_phase
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, VALUES, account_type, customer, customer_with_lead, person, phase, reason

D = Decimal


def lead_worth(
    database: Database,
    name: str,
    score: int | None,
    expected: str | None,
    recurring: str | None = None,
    **of: object,
) -> Lead:
    _, lead = customer_with_lead(database, name, **of)
    values = LeadValues(score, (expected and D(expected)) or None, (recurring and D(recurring)) or None)
    return save_lead(database, ADMIN, lead.id, 1, values, NOW)


def chosen(database: Database, code: str = "LEAD", **asked: object) -> PipelineFilter:
    return PipelineFilter(account_type(database, code).id, **asked)


def test_m1_phases_show_in_funnel_order_empty_ones_too(database: Database) -> None:
    measured = measure_pipeline(database, ADMIN, chosen(database))
    assert [p.code for p, _ in measured.phases] == [
        "LEAD-CALL",
        "LEAD-MEETING",
        "LEAD-CALC",
        "LEAD-QUOTE",
        "LEAD-CLOSED",
    ]
    assert {figures for _, figures in measured.phases} == {PipelineFigures()}
    assert measured.total == PipelineFigures()


def test_m1_weighted_is_the_sum_of_value_times_score_and_recurring_stays_apart(database: Database) -> None:
    lead_worth(database, "A", 33, "1000.01", "10.10")
    lead_worth(database, "B", 50, "0.01", "0.03")
    lead_worth(database, "C", None, "500", None)
    lead_worth(database, "D", 10, None, "7")
    moved = lead_worth(database, "E", 100, "200", None)
    move_lead(database, ADMIN, moved.id, 2, phase(database, "LEAD-QUOTE").id, LeadValues(100, D(200)), NOW)
    measured = measure_pipeline(database, ADMIN, chosen(database))
    by_code = {p.code: figures for p, figures in measured.phases}
    assert by_code["LEAD-CALL"] == PipelineFigures(
        lead_count=4,
        expected_value=D("1500.02"),
        weighted_value=D("330.0033") + D("0.005"),
        recurring_value=D("17.13"),
        weighted_recurring_value=D("3.333") + D("0.015") + D("0.7"),
        score_missing=1,
        expected_missing=1,
        recurring_missing=1,
    )
    assert by_code["LEAD-QUOTE"] == PipelineFigures(1, D(200), D(200), D(0), D(0), 0, 0, 1)
    assert measured.total == by_code["LEAD-CALL"] + by_code["LEAD-QUOTE"]


def test_the_worked_example_of_the_open_pipeline(database: Database) -> None:
    meeting = phase(database, "LEAD-MEETING").id
    for name, values in (
        ("A", LeadValues(20, D("10000.00"))),
        ("B", LeadValues(40, D("12000.00"))),
        ("C", LeadValues()),
    ):
        _, lead = customer_with_lead(database, name)
        move_lead(database, ADMIN, lead.id, 1, meeting, values, NOW)
    _, figures = measure_pipeline(database, ADMIN, chosen(database)).phases[1]
    assert (figures.lead_count, figures.expected_value, figures.weighted_value) == (3, D(22_000), D(6_800))
    assert (figures.score_missing, figures.expected_missing) == (1, 1)


def test_m1_sums_of_the_largest_values_are_exact(database: Database) -> None:
    for name in "ABC":
        lead_worth(database, name, 99, "9999999999999.99", "9999999999999.99")
    total = measure_pipeline(database, ADMIN, chosen(database)).total
    assert total.expected_value == D("29999999999999.97")
    assert total.weighted_value == total.weighted_recurring_value == D("29699999999999.9703")
    assert all(type(getattr(total, f.name)) in (int, Decimal) for f in fields(total))


def test_m1_the_pipeline_never_contains_a_closed_lead(database: Database) -> None:
    lead = lead_worth(database, "A", 50, "100")
    end = phase(database, "LEAD-CLOSED")
    move_lead(database, ADMIN, lead.id, 2, end.id, VALUES, NOW)
    assert measure_pipeline(database, ADMIN, chosen(database)).total.lead_count == 1
    close_lead(database, ADMIN, lead.id, 3, end.id, reason(database).id, VALUES, NOW)
    assert measure_pipeline(database, ADMIN, chosen(database)).total == PipelineFigures()
    assert list_pipeline_leads(database, ADMIN, chosen(database), end.id, 9) == ([], 0)


def test_m1_each_funnel_has_its_own(database: Database) -> None:
    customer(database, "A", code="PROSPECT")
    customer(database, "B", code="CUSTOMER")
    assert measure_pipeline(database, ADMIN, chosen(database)).total.lead_count == 0
    assert measure_pipeline(database, ADMIN, chosen(database, "PROSPECT")).total.lead_count == 1
    assert measure_pipeline(database, ADMIN, chosen(database, "CUSTOMER")).phases == ()


def test_m1_after_a_phase_was_archived_its_leads_count_where_they_went(database: Database) -> None:
    lead_worth(database, "A", 50, "100")
    row, target = phase(database, "LEAD-CALL"), phase(database, "LEAD-CALC")
    archive_phase(database, ADMIN, row.id, 1, NOW, move_to=target.id)
    measured = measure_pipeline(database, ADMIN, chosen(database))
    assert [(p.code, f.lead_count) for p, f in measured.phases][:2] == [("LEAD-MEETING", 0), ("LEAD-CALC", 1)]
    assert measured.total.weighted_value == D(50)


def test_m1_can_be_asked_of_one_owner(database: Database) -> None:
    ann = person(database)
    lead_worth(database, "A", 50, "100", owner_id=ann.id)
    lead_worth(database, "B", 50, "900")
    assert measure_pipeline(database, ADMIN, chosen(database, owner_id=ann.id)).total.expected_value == D(100)


def test_m1_opening_days_are_those_of_the_workspace_both_included(database: Database) -> None:
    made, _ = customer_with_lead(database)
    amsterdam = ZoneInfo("Europe/Amsterdam")
    # The clock goes forward on 29 March: that day lasts from 23:00 UTC to 22:00 UTC.
    for hour in (22, 23):
        start_lead(database, ADMIN, made.id, datetime(2026, 3, 28, hour, tzinfo=UTC))
    for hour in (21, 22):
        start_lead(database, ADMIN, made.id, datetime(2026, 3, 29, hour, tzinfo=UTC))

    def opened(first: date | None, last: date | None) -> int:
        asked = chosen(database, opened_from=first, opened_to=last, zone=amsterdam)
        return measure_pipeline(database, ADMIN, asked).total.lead_count

    day = date(2026, 3, 29)
    assert opened(day, day) == 2
    assert opened(day, None) == 3
    assert opened(None, day) == 4
    assert opened(None, None) == 5
    assert opened(date(2026, 4, 1), day) == 0


def test_m1_the_leads_behind_a_figure_add_up_to_it_heaviest_first(database: Database) -> None:
    for name, score, value in (("A", 10, "100"), ("B", 90, "100"), ("C", None, "900"), ("D", 50, "100")):
        lead_worth(database, name, score, value)
    call = phase(database, "LEAD-CALL")
    pages = [
        list_pipeline_leads(database, ADMIN, chosen(database), call.id, 3, offset) for offset in (0, 3, 6)
    ]
    assert [total for _, total in pages] == [4, 4, 4]
    found = [lead for page, _ in pages for lead in page]
    assert [lead.customer for lead in found] == ["B", "D", "A", "C"]
    figures = measure_pipeline(database, ADMIN, chosen(database)).phases[0][1]
    assert sum(lead.amount or 0 for lead in found) == figures.weighted_value
    assert sum(lead.expected_value or 0 for lead in found) == figures.expected_value
