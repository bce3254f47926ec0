import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from crmplus.analytics.pipeline import PipelineFilter, measure_pipeline
from crmplus.domain.actor import LOCAL_ADMIN, Role
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.lead import Lead, weighted
from crmplus.domain.next_step import Due
from crmplus.domain.phase import PhaseType
from crmplus.domain.sight import EVERYTHING
from crmplus.domain.workspace import LANGUAGES
from crmplus.services.account_types import list_account_types
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.services.demo import SEED, make_demo
from crmplus.services.demo_plan import office_moments, plan_lives
from crmplus.services.demo_words import Words, demo_content
from crmplus.services.people import list_people
from crmplus.services.phases import list_phases
from crmplus.services.saved_views import list_views
from crmplus.services.setup import default_workspace
from crmplus.services.workspace import find_workspace
from crmplus.store.database import Database
from crmplus.store.tables import CONTACT_PERSON, CUSTOMER, LEAD, NEXT_STEP, NOTE, PERSON, PHASE_RECORD

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
DRAFT = default_workspace("nl", "Europe/Amsterdam")
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TABLES = ("workspace", "person", "account_type", "phase", "closing_reason", "customer")
LEAD_TABLES = ("lead", "phase_record", "lead_version", "change_log")
DAY_TABLES = ("next_step", "note", "contact_person", "saved_view")
A_TENTH = 0.1


class Stopped(Exception):
    """Raised by a progress callback: a browser tab was closed, say."""


def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table as text, without the keys, which differ from run to run."""
    with database.read(EVERYTHING) as connection:
        return {
            table: sorted(
                KEY.sub("key", " | ".join(map(str, row)))
                for row in connection.execute(f"SELECT * FROM {table}")
            )
            for table in TABLES + LEAD_TABLES + DAY_TABLES
        }


class Demo:
    """One full demo, with what its database held when a tenth was done."""

    def __init__(self) -> None:
        self.database = Database.open(None)
        self.fractions: list[float] = []
        self.early: dict[str, list[str]] = {}
        make_demo(self.database, LOCAL_ADMIN, DRAFT, NOW, self.note)

    def note(self, fraction: float) -> None:
        self.fractions.append(fraction)
        if fraction >= A_TENTH and not self.early:
            self.early = contents(self.database)

    @property
    def leads(self) -> list[Lead]:
        with self.database.read(EVERYTHING) as connection:
            return LEAD.where(connection)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    made = Demo()
    yield made
    made.database.close()


def test_the_same_seed_and_moment_make_the_same_rows_but_for_their_keys(demo: Demo) -> None:
    database = Database.open(None)
    seen: list[dict[str, list[str]]] = []

    def stop(fraction: float) -> None:
        if fraction >= A_TENTH:
            seen.append(contents(database))
            raise Stopped

    with pytest.raises(Stopped):
        make_demo(database, LOCAL_ADMIN, DRAFT, NOW, stop)

    assert seen == [demo.early]
    assert len(demo.early["lead"]) > 30
    assert len(demo.early["note"]) > 10 and len(demo.early["contact_person"]) > 10
    assert plan_lives(random.Random(SEED)) == plan_lives(random.Random(SEED))
    assert plan_lives(random.Random(SEED)) != plan_lives(random.Random(SEED + 1))


def test_a_progress_callback_that_raises_leaves_an_empty_database() -> None:
    database = Database.open(None)

    def stop(fraction: float) -> None:
        if fraction > 0.02:
            raise Stopped

    with pytest.raises(Stopped):
        make_demo(database, LOCAL_ADMIN, DRAFT, NOW, stop)

    assert find_workspace(database) is None
    assert not any(contents(database).values())


def test_the_demo_has_a_team_customers_and_about_400_leads(demo: Demo) -> None:
    roles = [person.role for person in list_people(demo.database, LOCAL_ADMIN)]
    with demo.database.read(EVERYTHING) as connection:
        customers = CUSTOMER.where(connection)
    workspace = find_workspace(demo.database)

    assert workspace and workspace.is_demo and workspace.company_name
    assert (roles.count(Role.REP), roles.count(Role.MANAGER), roles.count(Role.VIEWER)) == (12, 1, 1)
    assert 320 <= len(customers) <= 340
    assert 390 <= len(demo.leads) <= 410
    assert 65 <= sum(lead.is_open for lead in demo.leads) <= 85
    assert all(customer.email.endswith(".example") for customer in customers if customer.email)
    assert len({customer.name for customer in customers}) == len(customers)


def test_open_leads_stand_in_a_phase_in_use_of_their_own_funnel(demo: Demo) -> None:
    phases = {phase.id: phase for phase in list_phases(demo.database, LOCAL_ADMIN)}
    standing = [phases[lead.phase_id] for lead in demo.leads if lead.is_open]

    assert {phase.id for phase in standing} == phases.keys(), "some in every phase"
    for lead in demo.leads:
        assert phases[lead.phase_id].account_type_id == lead.account_type_id


def test_c2_closed_leads_have_a_reason_and_stand_in_a_closing_phase(demo: Demo) -> None:
    phases = {phase.id: phase for phase in list_phases(demo.database, LOCAL_ADMIN)}
    for lead in demo.leads:
        is_closing = phases[lead.phase_id].phase_type is PhaseType.CLOSING
        assert lead.is_open == (lead.closing_reason_id is None)
        assert lead.is_open or is_closing


def test_between_45_and_60_of_100_leads_are_won_and_every_reason_occurs(demo: Demo) -> None:
    reasons = {reason.id: reason for reason in list_closing_reasons(demo.database, LOCAL_ADMIN)}
    used = [reasons[lead.closing_reason_id] for lead in demo.leads if lead.closing_reason_id]
    outcomes = [reason.outcome for reason in used]
    won, lost = outcomes.count(Outcome.WON), outcomes.count(Outcome.LOST)

    assert 0.45 <= won / (won + lost) <= 0.6
    assert {reason.code for reason in used} == {"WON", "LOST", "COMPETITOR", "DUPLICATE"}


def test_some_open_leads_grew_old_are_past_their_date_or_hold_nothing_yet(demo: Demo) -> None:
    leads = [lead for lead in demo.leads if lead.is_open]
    old = [lead for lead in leads if lead.phase_entered_at_utc < NOW - timedelta(days=60)]
    late = [lead for lead in leads if lead.expected_close_date and lead.expected_close_date < NOW.date()]
    undated = [lead for lead in leads if lead.score and not lead.expected_close_date]
    empty = [lead for lead in leads if lead.score is None]

    assert 10 <= len(old) <= 30
    assert min(len(late), len(undated), len(empty)) >= 5


def test_l7_the_newest_version_of_each_lead_is_the_lead(demo: Demo) -> None:
    with demo.database.read(EVERYTHING) as connection:
        columns = "customer_id, account_type_id, phase_id, owner_id, title, score, expected_value"
        columns += ", recurring_value, expected_close_date, closing_reason_id, opened_at_utc"
        columns += ", phase_entered_at_utc, closed_at_utc, visit_number, version"
        now = connection.execute(f"SELECT id, {columns} FROM lead ORDER BY id")
        newest = connection.execute(
            f"SELECT lead_id, {columns} FROM lead_version WHERE (lead_id, version) IN "
            "(SELECT lead_id, max(version) FROM lead_version GROUP BY lead_id) ORDER BY lead_id"
        )
        counts = connection.execute(
            "SELECT count(*), sum(version) FROM lead UNION ALL "
            "SELECT count(DISTINCT lead_id), count(*) FROM lead_version"
        )

    assert now == newest
    assert counts[0] == counts[1], "a version row for each version"


def test_m1_the_pipeline_equals_a_recount(demo: Demo) -> None:
    for account_type in list_account_types(demo.database, LOCAL_ADMIN):
        found = measure_pipeline(demo.database, LOCAL_ADMIN, PipelineFilter(account_type.id))
        for phase, figures in found.phases:
            leads = [lead for lead in demo.leads if lead.is_open and lead.phase_id == phase.id]
            assert figures.lead_count == len(leads)
            assert figures.expected_value == sum((x.expected_value or Decimal(0) for x in leads), Decimal(0))
            assert figures.weighted_value == sum(
                (weighted(x.expected_value, x.score) for x in leads), Decimal(0)
            )


def test_nothing_is_later_than_now_and_all_is_done_in_order_in_working_hours(demo: Demo) -> None:
    with demo.database.read(EVERYTHING) as connection:
        changes = connection.execute("SELECT entity_id, at_utc FROM change_log ORDER BY entity_id, version")
        records = PHASE_RECORD.where(connection)

    for (key, at), (next_key, next_at) in pairwise(changes):
        assert key != next_key or at <= next_at
    for _, at in changes:
        local = at.astimezone(ZoneInfo("Europe/Amsterdam"))
        assert at < NOW
        assert local.weekday() < 5 and 8 <= local.hour < 18
    assert all(record.left_at_utc is None or record.left_at_utc < NOW for record in records)


def test_each_lead_is_worked_on_by_its_owner(demo: Demo) -> None:
    with demo.database.read(EVERYTHING) as connection:
        people = {person.id for person in PERSON.where(connection) if person.role is Role.REP}
        strangers = connection.execute(
            "SELECT count(*) FROM change_log JOIN lead ON lead.id = change_log.entity_id "
            "WHERE change_log.actor_id IS DISTINCT FROM lead.owner_id"
        )

    assert strangers == [(0,)]
    assert {lead.owner_id for lead in demo.leads} == people


def test_three_of_four_open_leads_have_a_next_step_some_overdue_some_due_today(demo: Demo) -> None:
    today = NOW.date()
    still_open = {lead.id for lead in demo.leads if lead.is_open}
    with demo.database.read(EVERYTHING) as connection:
        steps = NEXT_STEP.where(connection)
    to_do = [step for step in steps if step.is_open]
    found = Counter(Due.of(step.due_date, today) for step in to_do)

    assert {step.lead_id for step in steps} <= still_open
    assert 0.65 <= len({step.lead_id for step in to_do}) / len(still_open) <= 0.85
    assert found[Due.OVERDUE] >= 5 and found[Due.TODAY] >= 5
    assert found[Due.COMING] > len(to_do) / 2
    assert min(step.due_date for step in to_do) >= today - timedelta(days=9)
    assert max(step.due_date for step in to_do) <= today + timedelta(days=16)
    assert 0.1 <= sum(step.due_time is not None for step in to_do) / len(to_do) <= 0.35
    assert len(steps) - len(to_do) >= 10, "and some are done"


def test_no_next_step_was_due_before_it_was_planned_or_is_due_in_a_weekend(demo: Demo) -> None:
    with demo.database.read(EVERYTHING) as connection:
        steps = connection.execute(
            "SELECT at_utc, due_date, opened_at_utc, done_at_utc FROM change_log "
            "JOIN next_step ON next_step.id = entity_id JOIN lead ON lead.id = lead_id "
            "WHERE action = 'next_step_made'"
        )
    for planned, due, opened, done in steps:
        assert opened < planned and planned.date() <= due
        assert done is None or planned < done < NOW
        assert due.weekday() < 5


def test_half_of_the_leads_have_notes_and_half_of_the_customers_contact_persons(demo: Demo) -> None:
    with demo.database.read(EVERYTHING) as connection:
        leads = {lead.id: lead for lead in LEAD.where(connection)}
        customers = CUSTOMER.where(connection)
        notes, people = NOTE.where(connection), CONTACT_PERSON.where(connection)
        authors = {person.id for person in PERSON.where(connection) if person.role is Role.REP}
    per_customer = Counter(person.customer_id for person in people)

    assert 0.4 <= len({note.lead_id for note in notes}) / len(leads) <= 0.6
    assert all(leads[note.lead_id].opened_at_utc < note.written_at_utc < NOW for note in notes)
    assert {note.author_id for note in notes} == authors
    assert 0.4 <= len(per_customer) / len(customers) <= 0.6
    assert set(per_customer.values()) == {1, 2, 3}
    assert all(person.email.endswith(".example") for person in people if person.email)
    assert all(re.match(r"\+\d\d 00 ", person.phone) for person in people if person.phone)
    assert sum(bool(person.phone) and bool(person.email) for person in people) > len(people) / 2


def test_everybody_can_open_the_saved_views_and_they_show_leads(demo: Demo) -> None:
    views = list_views(demo.database, LOCAL_ADMIN, "leads")
    assert len(views) == 2 and all(view.is_shared for view in views)
    with demo.database.read(EVERYTHING) as connection:
        (late,) = connection.execute(
            "SELECT count(*) FROM open_lead WHERE due_date < $day", {"day": NOW.date()}
        )
        (likely,) = connection.execute(
            "SELECT count(*) FROM open_lead WHERE score >= 50 AND expected_value >= 5000"
        )
    assert min(late[0], likely[0]) > 0


def test_the_demo_has_its_words_in_every_language() -> None:
    """Its content is a file: a word that lacks a language would show only in a demo in that language."""
    for language in LANGUAGES:
        words = Words(random.Random(1), language)
        assert all(words.next_step(place) for place in range(5))
        assert words.note("learned")
    assert all(view["name"].keys() == set(LANGUAGES) for view in demo_content()["saved_views"])
    assert all(found.keys() == set(LANGUAGES) for found in demo_content()["next_steps"])


def test_progress_rises_to_one(demo: Demo) -> None:
    assert demo.fractions == sorted(demo.fractions)
    assert demo.fractions[-1] == 1.0
    assert len(demo.fractions) > 100


def test_made_twice_it_is_made_once(demo: Demo) -> None:
    before = contents(demo.database)
    make_demo(demo.database, LOCAL_ADMIN, replace(DRAFT, company_name="Other"), NOW)
    assert contents(demo.database) == before


def test_moments_on_one_day_rise_and_a_weekend_becomes_the_friday_before_it() -> None:
    monday = datetime(2026, 3, 2, 0, 10, tzinfo=UTC)
    moments = office_moments(random.Random(1), [9, 2, 2, 1], monday, ZoneInfo("UTC"))

    assert moments == sorted(set(moments))
    assert [moment.day for moment in moments] == [20, 27, 27, 27]
