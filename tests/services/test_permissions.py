"""Every service asks for a permission first, and gives each role what PERMISSIONS says."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

import crmplus
from crmplus.analytics import (
    ageing,
    bridge,
    calibration,
    closings,
    conversion,
    conversion_beside,
    conversion_leads,
    drift,
    forecast,
    owners,
    pipeline,
    reasons,
    time_in_phase,
    velocity,
)
from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import ClosingFigures
from crmplus.analytics.forecast_figures import Expecting
from crmplus.analytics.pipeline_figures import PipelineFilter
from crmplus.analytics.reasons import ClosedLeads
from crmplus.domain.account_type import AccountType, AccountTypeDraft
from crmplus.domain.actor import PERMISSIONS, Actor, Permission, Role
from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.customer import CustomerDraft
from crmplus.domain.errors import CrmError, NotPermitted
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.person import PersonDraft
from crmplus.domain.phase import PhaseDraft, PhaseType
from crmplus.domain.saved_view import SavedViewDraft
from crmplus.domain.sight import EVERYTHING, Reach
from crmplus.domain.target import TargetChange
from crmplus.domain.team import TeamDraft
from crmplus.exchange import imports, mappings, proposal, undo, workspace_files
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import ImportMapping
from crmplus.exchange.meanings import Settings
from crmplus.exchange.planning import Staged
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import FileKind, Source
from crmplus.exchange.staging import Folder
from crmplus.keeping import backup
from crmplus.keeping.place import Place
from crmplus.services import (
    account,
    account_types,
    audit,
    bulk,
    closing_reasons,
    contact_persons,
    customers,
    deactivation,
    demo,
    demo_days,
    demo_targets,
    doors,
    history_names,
    invitations,
    lead_customer,
    lead_edits,
    leads,
    my_day,
    next_steps,
    notes,
    open_leads,
    people,
    phases,
    privacy,
    quick_add,
    saved_views,
    search,
    seeing,
    sessions,
    setup,
    targets,
    teams,
    workspace,
)
from crmplus.services.bulk_plans import AddStep
from crmplus.services.setup import default_workspace
from crmplus.store.database import Database
from tests.world import NOW, VALUES, everything

ID = UUID(int=123)
VIEW, WORK, CONFIGURE, ADMINISTER = Permission
TYPE = AccountTypeDraft("NEW", "New", 1, uses_phases=True, is_default=False)
PHASE = PhaseDraft(ID, "NEW", "New", PhaseType.REGULAR, 1)
REASON = ClosingReasonDraft("NEW", "New", 1, Outcome.WON)
PERSON = PersonDraft("New", "NW", Role.REP)
TEAM = TeamDraft("New", ())
CUSTOMER = CustomerDraft("New", ID)
QUICK = quick_add.QuickAddDraft("New")
KEYS = quick_add.QuickAddKeys(ID, ID, ID)
WORKSPACE = default_workspace("en", "UTC")
CHOSEN = PipelineFilter(ID)
FIGURES = Choice(ID)
TODAY = NOW.date()
STEP = NextStepDraft("Call", NOW.date())
CONTACT = ContactPersonDraft("New")
SAVED = SavedViewDraft("New", "leads", "")
ZONE = ZoneInfo("UTC")
OPEN = open_leads.LeadQuery(TODAY, ZONE)
PICKED = [bulk.Choice(ID, 1)]

NO_FILE = Source(Path("nowhere.csv"), "nowhere.csv", FileKind.TEXT)
MAPPING = ImportMapping(Kind.CUSTOMERS, {}, "LEAD")
FULL_FOLDER = Path(__file__).parent
NO_PLACE = Place(Path(__file__) / "crmplus.duckdb", Path(__file__) / "backups")
"""In a file, where nothing can be read or written."""
CHECK = imports.Check(
    import_id=ID,
    source=NO_FILE,
    mapping=MAPPING,
    staged=Staged(NO_FILE.path, NO_FILE.path, "", Kind.CUSTOMERS),
    folder=Folder(),
    settings=Settings([AccountType(ID, "GONE", "Gone", 1, False, False, None, 1)], [], [], []),
    shapes=[],
    at=NOW,
    row_count=0,
    refused_count=0,
    problems=[],
    notes=[],
)
"""Of settings that are not there: refused before its files are looked at."""

Service = Callable[..., object]
TABLE: list[tuple[Service, Permission, tuple[object, ...]]] = [
    (account_types.list_account_types, VIEW, ()),
    (account_types.add_account_type, CONFIGURE, (TYPE, NOW)),
    (account_types.change_account_type, CONFIGURE, (ID, 1, TYPE, NOW)),
    (account_types.archive_account_type, CONFIGURE, (ID, 1, NOW)),
    (account_types.restore_account_type, CONFIGURE, (ID, 1, NOW)),
    (account_types.delete_account_type, CONFIGURE, (ID, 1, NOW)),
    (account_types.reorder_account_type, CONFIGURE, (ID, 1, NOW)),
    (phases.list_phases, VIEW, ()),
    (phases.get_funnel, VIEW, (ID,)),
    (phases.count_open_leads, VIEW, ()),
    (phases.add_phase, CONFIGURE, (PHASE, NOW)),
    (phases.change_phase, CONFIGURE, (ID, 1, PHASE, NOW)),
    (phases.preview_archive, CONFIGURE, (ID,)),
    (phases.archive_phase, CONFIGURE, (ID, 1, NOW)),
    (phases.restore_phase, CONFIGURE, (ID, 1, NOW)),
    (phases.delete_phase, CONFIGURE, (ID, 1, NOW)),
    (phases.reorder_phase, CONFIGURE, (ID, 1, NOW)),
    (closing_reasons.list_closing_reasons, VIEW, ()),
    (closing_reasons.add_closing_reason, CONFIGURE, (REASON, NOW)),
    (closing_reasons.change_closing_reason, CONFIGURE, (ID, 1, REASON, NOW)),
    (closing_reasons.archive_closing_reason, CONFIGURE, (ID, 1, NOW)),
    (closing_reasons.restore_closing_reason, CONFIGURE, (ID, 1, NOW)),
    (closing_reasons.delete_closing_reason, CONFIGURE, (ID, 1, NOW)),
    (closing_reasons.reorder_closing_reason, CONFIGURE, (ID, 1, NOW)),
    (closing_reasons.count_closed_with, VIEW, (ID,)),
    (people.list_people, VIEW, ()),
    (people.add_person, ADMINISTER, (PERSON, NOW)),
    (people.change_person, ADMINISTER, (ID, 1, PERSON, NOW)),
    (people.archive_person, ADMINISTER, (ID, 1, NOW)),
    (people.restore_person, ADMINISTER, (ID, 1, NOW)),
    (people.delete_person, ADMINISTER, (ID, 1, NOW)),
    (deactivation.preview_deactivation, ADMINISTER, (ID,)),
    (deactivation.deactivate_person, ADMINISTER, (ID, 1, None, NOW)),
    (doors.list_doors, ADMINISTER, (NOW,)),
    (invitations.invite, ADMINISTER, (ID, NOW)),
    (invitations.reset_link, ADMINISTER, (ID, NOW)),
    (invitations.withdraw_invitation, ADMINISTER, (ID, NOW)),
    (account.change_own_password, VIEW, ("old", "new", None, NOW)),
    (seeing.preview_sight, ADMINISTER, (Reach.ALL, Reach.TEAM, Reach.OWN)),
    (teams.list_teams, ADMINISTER, ()),
    (teams.add_team, ADMINISTER, (TEAM, NOW)),
    (teams.change_team, ADMINISTER, (ID, 1, TEAM, NOW)),
    (teams.delete_team, ADMINISTER, (ID, 1, NOW)),
    (customers.list_customers, VIEW, (customers.CustomerQuery(), 1)),
    (customers.get_customer, VIEW, ("C-1",)),
    (customers.next_number, VIEW, ()),
    (customers.find_look_alikes, VIEW, ("x",)),
    (customers.add_customer, WORK, (CUSTOMER, NOW)),
    (customers.change_customer, WORK, (ID, 1, CUSTOMER, NOW)),
    (customers.list_changes_of_customer, VIEW, (ID, 1)),
    (leads.list_leads_of_customer, VIEW, (ID,)),
    (leads.get_lead_card, VIEW, (ID,)),
    (leads.start_lead, WORK, (ID, NOW)),
    (leads.save_lead, WORK, (ID, 1, VALUES, NOW)),
    (leads.complete_phase, WORK, (ID, 1, VALUES, NOW)),
    (leads.move_lead, WORK, (ID, 1, ID, VALUES, NOW)),
    (leads.close_lead, WORK, (ID, 1, ID, ID, VALUES, NOW)),
    (leads.reopen_lead, WORK, (ID, 1, ID, NOW)),
    (leads.describe_lead, WORK, (ID, 1, "t", None, NOW)),
    (lead_edits.edit_lead, WORK, (ID, 1, lead_edits.LeadEdit(score=1), NOW)),
    (lead_customer.get_customer_of_lead, VIEW, (ID,)),
    (bulk.account_types_of, VIEW, (PICKED,)),
    (bulk.preview_bulk, WORK, (AddStep(STEP), PICKED, NOW)),
    (bulk.do_bulk, WORK, (AddStep(STEP), PICKED, NOW)),
    (open_leads.measure_columns, VIEW, (OPEN,)),
    (open_leads.list_open_leads, VIEW, (OPEN, 1)),
    (open_leads.list_leads_by_phase, VIEW, (OPEN, 1)),
    (my_day.get_my_day, VIEW, (None, TODAY, ZONE)),
    (search.search_everything, VIEW, ("x",)),
    (quick_add.quick_add, WORK, (QUICK, NOW, KEYS)),
    (history_names.list_subjects, VIEW, (ID,)),
    (next_steps.list_next_steps, VIEW, (ID,)),
    (next_steps.add_next_step, WORK, (ID, STEP, NOW)),
    (next_steps.change_next_step, WORK, (ID, 1, STEP, NOW)),
    (next_steps.finish_next_step, WORK, (ID, 1, NOW)),
    (next_steps.reopen_next_step, WORK, (ID, 1, NOW)),
    (next_steps.remove_next_step, WORK, (ID, 1, NOW)),
    (notes.list_notes, VIEW, (ID,)),
    (notes.add_note, WORK, (ID, "New", NOW)),
    (notes.change_note, WORK, (ID, 1, "New", NOW)),
    (notes.remove_note, WORK, (ID, 1, NOW)),
    (contact_persons.list_contact_persons, VIEW, (ID,)),
    (contact_persons.add_contact_person, WORK, (ID, CONTACT, NOW)),
    (contact_persons.change_contact_person, WORK, (ID, 1, CONTACT, NOW)),
    (contact_persons.remove_contact_person, WORK, (ID, 1, NOW)),
    (saved_views.list_views, VIEW, ()),
    (saved_views.get_view, VIEW, (ID,)),
    (saved_views.save_view, VIEW, (SAVED, NOW)),
    (saved_views.change_view, VIEW, (ID, 1, SAVED, NOW)),
    (saved_views.remove_view, VIEW, (ID, 1, NOW)),
    (audit.list_audit, ADMINISTER, (audit.AuditQuery(), 1)),
    (privacy.export_customer, ADMINISTER, (ID, NOW)),
    (privacy.preview_erasure, ADMINISTER, (ID,)),
    (privacy.erase_customer, ADMINISTER, (ID, 1, NOW)),
    (privacy.list_gone_customers, ADMINISTER, ("Acme",)),
    (privacy.erase_gone_customer, ADMINISTER, (ID, NOW)),
    (sessions.list_sessions, ADMINISTER, ()),
    (sessions.end_session, ADMINISTER, (ID, NOW)),
    (sessions.end_sessions_of, ADMINISTER, (ID, NOW)),
    (setup.create_workspace, ADMINISTER, (WORKSPACE, NOW)),
    (setup.erase_demo, ADMINISTER, ()),
    (demo.make_demo, ADMINISTER, (replace(WORKSPACE, time_zone="Nowhere"), NOW)),
    (workspace.change_workspace, ADMINISTER, (1, WORKSPACE, NOW)),
    (targets.list_targets, VIEW, (2026,)),
    (targets.set_targets, CONFIGURE, ([TargetChange(ID, NOW.date(), None, None)], NOW)),
    (imports.check_file, CONFIGURE, (NO_FILE, Reading(), MAPPING, NOW)),
    (imports.run_import, CONFIGURE, (CHECK, NOW)),
    (undo.list_imports, CONFIGURE, ()),
    (undo.undoable_imports, CONFIGURE, ()),
    (undo.preview_undo, CONFIGURE, (ID,)),
    (undo.undo_import, CONFIGURE, (ID, NOW)),
    (mappings.list_mappings, CONFIGURE, ()),
    (mappings.find_mapping, CONFIGURE, ("New",)),
    (mappings.save_mapping, CONFIGURE, ("New", MAPPING, NOW)),
    (mappings.delete_mapping, CONFIGURE, (ID, NOW)),
    (proposal.propose_mapping, CONFIGURE, (NO_FILE, Reading())),
    (workspace_files.export_workspace, ADMINISTER, (FULL_FOLDER, NOW)),
    (workspace_files.import_workspace, ADMINISTER, (FULL_FOLDER,)),
    (backup.back_up, ADMINISTER, (NO_PLACE, NOW)),
    (backup.backups, ADMINISTER, (NO_PLACE,)),
    (backup.find_backup, ADMINISTER, (NO_PLACE, "x.zip")),
    (backup.read_backup, ADMINISTER, (NO_PLACE, "x.zip", NOW)),
    (backup.verify, ADMINISTER, (NO_PLACE, "x.zip")),
    (ageing.measure_ageing, VIEW, (FIGURES, TODAY)),
    (ageing.list_leads_by_age, VIEW, (FIGURES, TODAY, None, False, 1)),
    (bridge.measure_bridge, VIEW, (FIGURES, TODAY)),
    (bridge.measure_parts, VIEW, (FIGURES, bridge.Part.OWNER)),
    (bridge.measure_standing, VIEW, (FIGURES, NOW)),
    (bridge.list_bridge_leads, VIEW, (FIGURES, bridge.Measure.EXPECTED, bridge.End.CLOSING, 1)),
    (calibration.measure_calibration, VIEW, (FIGURES, TODAY)),
    (calibration.list_scored_leads, VIEW, (FIGURES, calibration.ScoredPart(), None, 1)),
    (calibration.list_leads_without_score, VIEW, (FIGURES, None, 1)),
    (closings.measure_closings, VIEW, (FIGURES,)),
    (conversion.measure_conversion, VIEW, (FIGURES,)),
    (conversion_beside.measure_openings, VIEW, (FIGURES, TODAY)),
    (conversion_beside.measure_open_now, VIEW, (FIGURES,)),
    (conversion_beside.list_open_now, VIEW, (FIGURES, None, 1)),
    (
        conversion_leads.list_conversion_leads,
        VIEW,
        (FIGURES, conversion_leads.Which(conversion_leads.Part.REACHED), 1),
    ),
    (drift.measure_drift, VIEW, (FIGURES,)),
    (drift.list_valued_leads, VIEW, (FIGURES, ID, Outcome.WON, 1)),
    (forecast.measure_forecast, VIEW, (FIGURES, TODAY)),
    (forecast.list_expected_leads, VIEW, (FIGURES, Expecting(), False, False, 1)),
    (forecast.list_won_leads, VIEW, (FIGURES, False, False, 1)),
    (owners.measure_owners, VIEW, (FIGURES, TODAY)),
    (owners.list_owner_leads, VIEW, (FIGURES, owners.OwnerLeads.OPEN, False, TODAY, 1)),
    (pipeline.measure_pipeline, VIEW, (CHOSEN,)),
    (pipeline.measure_standing, VIEW, (CHOSEN, TODAY)),
    (pipeline.measure_parts, VIEW, (CHOSEN,)),
    (pipeline.list_pipeline_leads, VIEW, (CHOSEN, ID, 1)),
    (reasons.measure_last_phases, VIEW, (FIGURES,)),
    (reasons.list_closed_leads, VIEW, (FIGURES, ClosedLeads(), 1)),
    (time_in_phase.measure_time_in_phase, VIEW, (FIGURES,)),
    (time_in_phase.measure_months_in_phase, VIEW, (FIGURES, ID, TODAY)),
    (time_in_phase.list_leads_that_left, VIEW, (FIGURES, ID, False, 1)),
    (velocity.measure_velocity, VIEW, (FIGURES, ClosingFigures())),
    (velocity.list_open_leads, VIEW, (FIGURES, 1)),
]
ROOMS = ("services", "analytics", "exchange", "keeping")
NO_SERVICES: dict[Service, str] = {
    audit.record: "an event of what was done already",
    demo_days.tend: "a part of making the demo",
    demo_targets.add_targets: "a part of making the demo",
}


@pytest.fixture(scope="module")
def shared_database() -> Iterator[Database]:
    """One for the whole table: what is refused is compared with what was there."""
    opened = Database.open(None)
    yield opened
    opened.close()


def is_service(function: Service) -> bool:
    """Whether it asks a database, or the place of backups, on behalf of somebody."""
    parameters = inspect.signature(function).parameters.keys()
    return "actor" in parameters and bool(parameters & {"database", "place"}) and function not in NO_SERVICES


def public_services() -> set[Service]:
    modules = [
        import_module(f"crmplus.{room}.{found.name}")
        for room in ROOMS
        for found in iter_modules(import_module(f"crmplus.{room}").__path__)
    ]
    return {
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_") and is_service(function)
    }


def test_every_service_that_has_an_actor_is_in_the_table() -> None:
    missing = public_services() - {service for service, _, _ in TABLE}
    assert not missing, f"add to TABLE: {sorted(service.__name__ for service in missing)}"


def test_services_lie_in_these_rooms_only() -> None:
    """What asks a database with an actor is a service, wherever it lies: none is forgotten here."""
    folder = Path(crmplus.__file__).parent
    signature = re.compile(r"^def [a-z]\w*\(\s*(database: Database,\s*)?actor: Actor,\s*\w", re.MULTILINE)
    found = {
        path.relative_to(folder).parts[0]
        for path in folder.rglob("*.py")
        if signature.search(path.read_text())
    }
    assert found <= set(ROOMS)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("service", "permission", "arguments"), TABLE, ids=[service.__name__ for service, _, _ in TABLE]
)
def test_a_role_gets_what_permissions_say_and_is_refused_the_rest(
    role: Role,
    service: Service,
    permission: Permission,
    arguments: tuple[object, ...],
    shared_database: Database,
) -> None:
    actor = Actor(None, role.value, role, EVERYTHING)
    asked = (shared_database, actor) if "database" in inspect.signature(service).parameters else (actor,)
    if permission in PERMISSIONS[role]:
        try:
            service(*asked, *arguments)
        except CrmError as other:
            assert not isinstance(other, NotPermitted)
    else:
        before = everything(shared_database)
        with pytest.raises(NotPermitted):
            service(*asked, *arguments)
        assert everything(shared_database) == before


WRITING = ("add_", "change_", "archive_", "restore_", "delete_", "reorder_", "start_", "save_", "complete_")
WRITING += (
    "move_",
    "close_",
    "reopen_",
    "describe_",
    "create_",
    "erase_",
    "run_",
    "undo_",
    "import_",
    "set_",
    "finish_",
    "remove_",
    "edit_",
    "do_",
)
ONES_OWN: set[Service] = {
    saved_views.save_view,
    saved_views.change_view,
    saved_views.remove_view,
    account.change_own_password,
}
"""A viewer keeps views of what they look at; they show nobody anything that they don't see anyway. And
everybody changes their own password."""


def test_no_service_that_writes_is_open_to_a_viewer() -> None:
    """The table itself is checked: a service with `at` in its form writes."""
    for service, permission, _ in TABLE:
        writes = "at" in inspect.signature(service).parameters or service.__name__.startswith(WRITING)
        if writes and service not in ONES_OWN:
            assert permission not in PERMISSIONS[Role.VIEWER], service


def test_a_viewer_shares_no_view(shared_database: Database) -> None:
    before = everything(shared_database)
    with pytest.raises(NotPermitted):
        saved_views.save_view(
            shared_database, Actor(None, "v", Role.VIEWER, EVERYTHING), replace(SAVED, is_shared=True), NOW
        )
    assert everything(shared_database) == before
