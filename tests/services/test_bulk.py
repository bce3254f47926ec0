"""Many leads at once: what is previewed is done, what is refused is left alone, all in one transaction."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmplus.domain.actor import Actor, Role
from crmplus.domain.errors import Invalid, NotFound, NotPermitted, Refused
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.phase import PhaseType
from crmplus.domain.sight import EVERYTHING
from crmplus.services import bulk
from crmplus.services.bulk import MOST_LEADS, Choice, Effects, Fate, do_bulk, preview_bulk
from crmplus.services.bulk_plans import AddStep, BulkAction, CloseAs, GiveTo, MoveTo
from crmplus.services.closing_reasons import archive_closing_reason
from crmplus.services.lead_edits import LeadEdit, edit_lead
from crmplus.services.leads import (
    close_lead,
    complete_phase,
    get_lead_card,
    list_leads_of_customer,
    move_lead,
    save_lead,
)
from crmplus.services.next_steps import list_next_steps
from crmplus.services.people import archive_person
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import (
    ADMIN,
    NOW,
    VALUES,
    customer,
    customer_with_lead,
    everything,
    new_phase,
    orphans,
    person,
    phase,
    query,
    reason,
)

LATER = NOW + timedelta(days=2)
STEP = AddStep(NextStepDraft("Call back", date(2026, 4, 1)))


def scored(database: Database, name: str = "Acme", code: str = "LEAD") -> Lead:
    """A lead in the first phase of its funnel, with a score and values."""
    made = customer(database, name, code)
    lead = list_leads_of_customer(database, ADMIN, made.id)[0]
    return save_lead(database, ADMIN, lead.id, lead.version, VALUES, NOW)


def chosen(*leads: Lead) -> list[Choice]:
    return [Choice(lead.id, lead.version) for lead in leads]


def fates(effects: Effects) -> list[Fate]:
    return [effect.fate for effect in effects.all]


def says(effects: Effects) -> list[str]:
    return [str(effect.says) for effect in effects.all]


def stored(database: Database, lead: Lead) -> Lead:
    return get_lead_card(database, ADMIN, lead.id).lead


def closing(database: Database, code: str = "WON") -> CloseAs:
    ends = [phase(database, each).id for each in ("LEAD-CLOSED", "PROSPECT-CLOSED")]
    return CloseAs(reason(database, code).id, tuple(ends))


def do(database: Database, action: BulkAction, choices: list[Choice]) -> Effects:
    """Do it, after the preview has said exactly the same."""
    expected = preview_bulk(database, ADMIN, action, choices, LATER)
    done = do_bulk(database, ADMIN, action, choices, LATER)
    assert says(done) == says(expected)
    assert fates(done) == fates(expected)
    assert orphans(database) == []
    return done


def test_a_preview_writes_nothing(database: Database) -> None:
    leads = [scored(database, name) for name in ("One", "Two")]
    actions = (GiveTo(person(database).id), STEP, MoveTo(None), closing(database))
    before = everything(database)
    for action in actions:
        preview_bulk(database, ADMIN, action, chosen(*leads), LATER)
    assert everything(database) == before


def test_a_new_owner_for_those_that_have_another(database: Database) -> None:
    ann = person(database)
    one, two = scored(database, "One"), scored(database, "Two")
    one = edit_lead(database, ADMIN, one.id, one.version, LeadEdit(owner_id=ann.id), NOW)
    done = do(database, GiveTo(ann.id), chosen(one, two))
    assert fates(done) == [Fate.SAME, Fate.CHANGES]
    assert says(done)[1] == "nobody → Ann"
    assert stored(database, two).owner_id == ann.id
    assert stored(database, one) == one
    assert says(do(database, GiveTo(None), chosen(stored(database, two)))) == ["Ann → nobody"]


def test_a_next_step_for_each_even_where_the_lead_was_changed_since(database: Database) -> None:
    one, two = scored(database, "One"), scored(database, "Two")
    choices = chosen(one, two)
    save_lead(database, ADMIN, one.id, one.version, LeadValues(score=9), NOW)
    done = do(database, STEP, choices)
    assert fates(done) == [Fate.CHANGES, Fate.CHANGES]
    for lead in (one, two):
        assert [step.description for step in list_next_steps(database, ADMIN, lead.id)] == ["Call back"]
    ends = query(database, "SELECT customer_id FROM change_log WHERE action = 'next_step_made'")
    assert {row[0] for row in ends} == {one.customer_id, two.customer_id}


def test_to_the_next_phase_needs_a_score_as_completing_does(database: Database) -> None:
    one = scored(database, "One")
    _, bare = customer_with_lead(database, "Bare")
    done = do(database, MoveTo(None), chosen(one, bare))
    assert fates(done) == [Fate.CHANGES, Fate.REFUSED]
    assert says(done)[0] == "Call appointment → Meeting"
    assert "Record a score" in says(done)[1]
    states = [record.state.value for record in get_lead_card(database, ADMIN, one.id).records]
    assert states == ["completed", "current"]


def test_naming_the_next_phase_completes_and_naming_another_skips_or_goes_back(database: Database) -> None:
    near, far, ahead = (scored(database, name) for name in ("Near", "Far", "Ahead"))
    quote = phase(database, "LEAD-QUOTE").id
    ahead = move_lead(database, ADMIN, ahead.id, ahead.version, quote, VALUES, NOW)
    far = move_lead(database, ADMIN, far.id, far.version, quote, VALUES, NOW)
    done = do(database, MoveTo(phase(database, "LEAD-MEETING").id), chosen(near, ahead))
    assert says(done) == ["Call appointment → Meeting", "back: Send quote → Meeting"]
    done = do(database, MoveTo(quote), chosen(stored(database, near), far))
    assert says(done) == ["Meeting → Send quote, skips Calculation", "is so already"]
    assert fates(done) == [Fate.CHANGES, Fate.SAME]
    actions = query(database, "SELECT action FROM change_log WHERE at_utc = $at ORDER BY id", at=LATER)
    assert [row[0] for row in actions] == ["phase_completed", "lead_moved", "lead_moved"]


def test_a_move_never_ends_in_a_closing_phase_nor_in_another_funnel(database: Database) -> None:
    lead, other = scored(database, "One"), scored(database, "Two", "PROSPECT")
    end, meeting = phase(database, "LEAD-CLOSED").id, phase(database, "LEAD-MEETING").id
    last = move_lead(database, ADMIN, lead.id, lead.version, phase(database, "LEAD-QUOTE").id, VALUES, NOW)
    for target in (end, None):
        done = do(database, MoveTo(target), chosen(last))
        assert fates(done) == [Fate.REFUSED]
        assert "closing phase" in says(done)[0]
    done = do(database, MoveTo(meeting), chosen(last, other))
    assert says(done) == ["back: Send quote → Meeting", "It is in another funnel: Prospect."]
    assert fates(do(database, MoveTo(new_id()), chosen(other))) == [Fate.REFUSED]


def test_l4_a_close_says_what_is_skipped_and_what_leaves_the_open_leads(database: Database) -> None:
    lead, other = scored(database, "One"), scored(database, "Two", "PROSPECT")
    _, bare = customer_with_lead(database, "Bare")
    done = do(database, closing(database), chosen(lead, other, bare))
    assert fates(done) == [Fate.CHANGES] * 3
    assert says(done)[0].endswith("skips Meeting, Calculation, Send quote, closed as Won")
    assert done.weighted_leaving == Decimal(800)
    assert all(stored(database, each).closed_at_utc == LATER for each in (lead, other, bare))


def test_a_funnel_whose_closing_phase_was_not_chosen_is_left_alone(database: Database) -> None:
    lead, other = scored(database, "One"), scored(database, "Two", "PROSPECT")
    action = CloseAs(reason(database).id, (phase(database, "LEAD-CLOSED").id,))
    assert fates(do(database, action, chosen(lead, other))) == [Fate.CHANGES, Fate.REFUSED]
    assert stored(database, other) == other


def test_of_several_closing_phases_the_chosen_one(database: Database) -> None:
    end = new_phase(database, "SHELVED", PhaseType.CLOSING)
    lead = scored(database)
    do(database, CloseAs(reason(database).id, (end.id,)), chosen(lead))
    assert stored(database, lead).phase_id == end.id


def test_one_that_was_changed_or_closed_meanwhile_is_refused_and_the_others_are_done(
    database: Database,
) -> None:
    ann = person(database)
    one, changed, closed = (scored(database, name) for name in ("One", "Changed", "Closed"))
    choices = chosen(one, changed, closed)
    save_lead(database, ann.seeing(EVERYTHING), changed.id, changed.version, LeadValues(score=99), NOW)
    ids = phase(database, "LEAD-CLOSED").id, reason(database, "LOST").id
    close_lead(database, ann.seeing(EVERYTHING), closed.id, closed.version, *ids, VALUES, NOW)
    done = do(database, closing(database), choices)
    assert fates(done) == [Fate.CHANGES, Fate.REFUSED, Fate.REFUSED]
    conflicts = [effect.conflict for effect in done.all[1:]]
    assert all(each and each.actor_name == "Ann" for each in conflicts)
    assert stored(database, changed).score == 99
    assert fates(do(database, STEP, choices)) == [Fate.REFUSED, Fate.CHANGES, Fate.REFUSED]
    assert do(database, closing(database), choices).weighted_leaving == 0


def test_done_twice_it_is_done_once(database: Database) -> None:
    ann = person(database)
    leads = [scored(database, name) for name in ("One", "Two")]
    for action in (
        GiveTo(ann.id),
        STEP,
        MoveTo(None),
        MoveTo(phase(database, "LEAD-QUOTE").id),
        closing(database),
    ):
        choices = chosen(*(stored(database, lead) for lead in leads))
        assert fates(do(database, action, choices)) == [Fate.CHANGES] * 2
        before = everything(database)
        assert fates(do(database, action, choices)) == [Fate.SAME] * 2
        assert everything(database) == before


def test_a_phase_that_somebody_else_completed_is_a_conflict_and_no_second_click(database: Database) -> None:
    ann, lead = person(database), scored(database)
    complete_phase(database, ann.seeing(EVERYTHING), lead.id, lead.version, VALUES, NOW)
    done = do(database, MoveTo(None), chosen(lead))
    assert fates(done) == [Fate.REFUSED]
    assert done.all[0].conflict


def test_a_lead_chosen_twice_is_changed_once_and_one_that_never_was_is_refused(database: Database) -> None:
    lead = scored(database)
    done = do(database, STEP, [*chosen(lead), *chosen(lead), Choice(new_id(), 1)])
    assert fates(done) == [Fate.CHANGES, Fate.REFUSED]
    assert len(list_next_steps(database, ADMIN, lead.id)) == 1


def test_what_can_be_done_to_no_lead_is_refused_as_a_whole(database: Database) -> None:
    ann, why, lead = person(database), reason(database), scored(database)
    archive_person(database, ADMIN, ann.id, ann.version, NOW)
    archive_closing_reason(database, ADMIN, why.id, why.version, NOW)
    end = phase(database, "LEAD-CLOSED").id
    before = everything(database)
    for action, error in (
        (GiveTo(ann.id), Refused),
        (GiveTo(new_id()), NotFound),
        (CloseAs(why.id, (end,)), Refused),
        (CloseAs(None, (end,)), Refused),
        (CloseAs(new_id(), (end,)), NotFound),
        (AddStep(NextStepDraft(" ", date(2026, 4, 1))), Invalid),
    ):
        with pytest.raises(error):
            do_bulk(database, ADMIN, action, chosen(lead), LATER)
        with pytest.raises(error):
            preview_bulk(database, ADMIN, action, chosen(lead), LATER)
    assert everything(database) == before


def test_at_most_500_at_once(database: Database) -> None:
    choices = [Choice(new_id(), 1) for _ in range(MOST_LEADS + 1)]
    with pytest.raises(Refused, match="At most 500 leads at once; you chose 501"):
        preview_bulk(database, ADMIN, STEP, choices, LATER)
    assert fates(preview_bulk(database, ADMIN, STEP, choices[1:], LATER)) == [Fate.REFUSED] * MOST_LEADS
    assert do(database, STEP, []).all == ()


def test_an_unexpected_error_undoes_all_of_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = [scored(database, name) for name in ("One", "Two", "Three")]
    before, version = everything(database), database.data_version
    store, calls = bulk.store_step, []

    def fail_at_the_third(*args: object) -> object:
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("the disk is full")
        return store(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "store_step", fail_at_the_third)
    with pytest.raises(RuntimeError):
        do_bulk(database, ADMIN, MoveTo(None), chosen(*leads), LATER)
    assert everything(database) == before
    assert database.data_version == version


def test_all_of_it_is_one_transaction_at_one_moment(database: Database) -> None:
    leads = [scored(database, name) for name in ("One", "Two", "Three")]
    before = database.data_version
    do_bulk(database, ADMIN, MoveTo(None), chosen(*leads), LATER)
    assert database.data_version == before + 1
    moments = query(database, "SELECT at_utc FROM change_log WHERE action = 'phase_completed'")
    assert moments == [(LATER,)] * 3


def test_a_viewer_may_neither_look_ahead_nor_do_it(database: Database) -> None:
    viewer, lead = Actor(None, "Vic", Role.VIEWER, EVERYTHING), scored(database)
    for verb in (preview_bulk, do_bulk):
        with pytest.raises(NotPermitted):
            verb(database, viewer, STEP, chosen(lead), LATER)


Fiddle = Callable[[Database, Lead], object]


def _save(database: Database, lead: Lead) -> Lead:
    return save_lead(database, ADMIN, lead.id, lead.version, LeadValues(score=77), NOW)


def _complete(database: Database, lead: Lead) -> Lead:
    return complete_phase(database, ADMIN, lead.id, lead.version, VALUES, NOW)


def _finish(database: Database, lead: Lead) -> Lead:
    ids = phase(database, "LEAD-CLOSED").id, reason(database, "LOST").id
    return close_lead(database, ADMIN, lead.id, lead.version, *ids, VALUES, NOW)


def _leave(database: Database, lead: Lead) -> Lead:
    return lead


MEANWHILE: dict[str, Fiddle] = {"nothing": _leave, "saved": _save, "completed": _complete, "closed": _finish}
ACTIONS: dict[str, Callable[[Database], BulkAction]] = {
    "give": lambda database: GiveTo(None),
    "step": lambda database: STEP,
    "next": lambda database: MoveTo(None),
    "meeting": lambda database: MoveTo(phase(database, "LEAD-MEETING").id),
    "quote": lambda database: MoveTo(phase(database, "LEAD-QUOTE").id),
    "lost": lambda database: closing(database, "LOST"),
    "won": closing,
}


def _rows_of(database: Database, lead: Lead) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored about a lead."""
    about = {
        "lead": "FROM lead WHERE id = $id",
        "phase_record": "FROM phase_record WHERE lead_id = $id ORDER BY visit_number",
        "next_step": "FROM next_step WHERE lead_id = $id ORDER BY id",
        "lead_version": "FROM lead_version WHERE lead_id = $id ORDER BY version",
        "change_log": "FROM change_log WHERE entity_id = $id "
        "OR entity_id IN (SELECT id FROM next_step WHERE lead_id = $id) ORDER BY id",
    }
    return {table: query(database, sql, id=lead.id) for table, sql in about.items()}


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    lives=st.lists(
        st.tuples(st.booleans(), st.sampled_from(list(MEANWHILE)), st.sampled_from(list(MEANWHILE))),
        min_size=1,
        max_size=4,
    ),
    names=st.lists(st.sampled_from(list(ACTIONS)), min_size=1, max_size=3),
)
def test_refused_leads_stay_as_they_were_and_changed_ones_are_logged_once(
    database: Database, lives: list[tuple[bool, str, str]], names: list[str]
) -> None:
    leads, choices = [], []
    for is_scored, first, meanwhile in lives:
        lead = scored(database) if is_scored else customer_with_lead(database)[1]
        seen = MEANWHILE[first](database, lead)
        assert isinstance(seen, Lead)
        choices.append(Choice(seen.id, seen.version))
        leads.append(seen)
        if seen.is_open:
            MEANWHILE[meanwhile](database, seen)
    for name in names:
        before = [_rows_of(database, lead) for lead in leads]
        done = do_bulk(database, ADMIN, ACTIONS[name](database), choices, LATER)
        for effect, lead, was in zip(done.all, leads, before, strict=True):
            now = _rows_of(database, lead)
            if effect.fate is Fate.CHANGES:
                assert len(now["change_log"]) == len(was["change_log"]) + 1
            else:
                assert now == was
