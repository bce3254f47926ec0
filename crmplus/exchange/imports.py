"""Imports: what a manager does with a file. A check promises, an import keeps all of it or nothing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Refused
from crmplus.domain.importing import ImportRun
from crmplus.domain.message import say
from crmplus.domain.person import Person
from crmplus.domain.workspace import WORKSPACE_ID, Workspace
from crmplus.exchange.applying import Progress, Writer
from crmplus.exchange.checking import RowChecker
from crmplus.exchange.customer_rows import CustomerRows
from crmplus.exchange.fields import Kind
from crmplus.exchange.lead_rows import LeadRows
from crmplus.exchange.lines import Line, headers, read_lines
from crmplus.exchange.mapping import ImportMapping
from crmplus.exchange.meanings import Made, Meanings, Settings
from crmplus.exchange.names import collect_names
from crmplus.exchange.planning import Counts, Plan, Staged, make_plan
from crmplus.exchange.possible import lacks
from crmplus.exchange.problems import Note, Notes, Problem
from crmplus.exchange.reading import Reading
from crmplus.exchange.row_cells import CellReader
from crmplus.exchange.shapes import Shape
from crmplus.exchange.shares import has_shares
from crmplus.exchange.source import Source
from crmplus.exchange.staging import CUSTOMER_COLUMNS, LEAD_COLUMNS, Folder, RowFile
from crmplus.exchange.worth import Worth, worth_of_plan
from crmplus.services import rows
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import IMPORT_RUN, WORKSPACE

MOST_PROBLEMS = 100_000
LONGEST_HISTORY = 200_000
_ROWS_BETWEEN_PROGRESS = 5_000


@dataclass(slots=True)
class Check:
    """What an import would do, promised: the counts, every row that is refused, what is noted.

    `problems` are in order of line, the first `MOST_PROBLEMS` of them; `refused_count` rows have any.
    `settings` are ours with those that the import makes. `plan` has the changes of rows of ours.
    """

    import_id: UUID
    source: Source
    mapping: ImportMapping
    staged: Staged
    folder: Folder
    settings: Settings
    shapes: list[Shape]
    at: datetime
    row_count: int
    refused_count: int
    problems: list[Problem]
    notes: list[Note]
    plan: Plan = field(default_factory=Plan)
    worth: list[Worth] = field(default_factory=list)

    @property
    def counts(self) -> Counts:
        return self.plan.counts

    @property
    def does_nothing(self) -> bool:
        counts = self.counts
        return not (
            counts.customers_made
            or counts.customers_changed
            or counts.leads_made
            or counts.leads_changed
            or self.settings.made
        )


def check_file(
    database: Database,
    actor: Actor,
    source: Source,
    reading: Reading,
    mapping: ImportMapping,
    at: datetime,
    progress: Callable[[int], None] = lambda row_count: None,
) -> Check:
    """A dry run over the whole file: nothing is written.

    `progress` is called now and then with the number of rows read. Raises: NotPermitted,
    Unreadable, Refused where the mapping does not fit the file or our settings.
    """
    actor.require(Permission.CONFIGURE)
    actor.require_whole_sight()
    names = headers(source, reading)
    with database.read(actor.sight) as connection:
        settings = Settings.load(connection)
        workspace = rows.load(connection, WORKSPACE, WORKSPACE_ID)
    meanings = Meanings(mapping, settings)
    _require_possible(mapping, settings, names)
    meanings.prepare(_names_of(source, reading, names, mapping))
    _require_may_make(actor, settings.made)
    check = _checked_rows(source, reading, mapping, meanings, names, workspace, at, progress)
    with database.read(actor.sight) as connection:
        check.plan = make_plan(connection, check.staged, check.settings, at)
        check.worth = worth_of_plan(connection, check.settings, check.plan.histories)
    check.plan.histories = []  # too many to keep; the import plays them again
    lines = {problem.line for problem in check.plan.problems}
    check.refused_count += len(lines)
    check.problems = sorted([*check.problems, *check.plan.problems], key=lambda problem: problem.line)
    check.problems = check.problems[:MOST_PROBLEMS]
    check.notes += _notes_of(check.plan)
    return check


def _checked_rows(
    source: Source,
    reading: Reading,
    mapping: ImportMapping,
    meanings: Meanings,
    names: list[str],
    workspace: Workspace,
    at: datetime,
    progress: Callable[[int], None],
) -> Check:
    """Every row of the file, on disk where it is good, noted where it is not."""
    folder, notes = Folder(), Notes()
    problems: list[Problem] = []
    customers = RowFile(folder.path / "customers.parquet", CUSTOMER_COLUMNS)
    leads = RowFile(folder.path / "leads.parquet", LEAD_COLUMNS)
    customer_rows = CustomerRows(mapping, meanings, notes, customers)
    lead_rows = LeadRows(mapping, meanings, notes, leads, workspace.zone, at)
    checker = RowChecker(
        mapping,
        CellReader(
            names,
            mapping,
            reading,
            meanings,
            workspace,
            notes,
            has_shares=has_shares(read_lines(source, reading), names, mapping.columns),
        ),
        customer_rows,
        lead_rows,
        lambda problem: problems.append(problem) if len(problems) < MOST_PROBLEMS else None,
    )
    checker.check(_counted(read_lines(source, reading), progress))
    customers.close()
    leads.close()
    meanings.settings.drop_unused(customer_rows.used | lead_rows.used)
    if not checker.row_count:
        raise Refused(say("No rows stand below the header, so there is nothing to import."))
    if mapping.kind is Kind.HISTORY and leads.count > LONGEST_HISTORY:
        raise Refused(
            say("A file of histories has at most {most} rows. Split it in parts.", most=LONGEST_HISTORY)
        )
    staged = Staged(customers.path, leads.path, mapping.source, mapping.kind, frozenset(checker.broken))
    return Check(
        import_id=new_id(),
        source=source,
        mapping=mapping,
        staged=staged,
        folder=folder,
        settings=meanings.settings,
        shapes=lead_rows.shapes.found,
        at=at,
        row_count=checker.row_count,
        refused_count=checker.bad_count,
        problems=problems,
        notes=list(notes.found.values()),
    )


def run_import(
    database: Database,
    actor: Actor,
    check: Check,
    at: datetime,
    progress: Progress = lambda share: None,
) -> ImportRun:
    """Do what the check promised: all of it in one transaction, or nothing where `progress` raises.

    Made twice, it is made once. Raises: NotPermitted, Invalid, Refused where somebody changed
    something since the check, so that its promise would not hold.
    """
    actor.require(Permission.CONFIGURE)
    actor.require_whole_sight()
    with database.transaction(actor.sight) as connection:
        if made := IMPORT_RUN.get(connection, check.import_id):
            return made
        if not check.settings.is_based_on(Settings.load(connection)):
            raise Refused(
                say("Somebody changed settings or people since the check. Check the file again, then import.")
            )
        writer = Writer(connection, actor, at, check.import_id, check.mapping.source, progress)
        writer.make_settings(database, check.settings.made)
        progress(0.05)
        plan = make_plan(connection, check.staged, check.settings, check.at)
        if plan != check.plan:
            raise Refused(
                say("Somebody changed customers or leads since the check. Check the file again, then import.")
            )
        progress(0.2)
        writer.make_customers()
        writer.change_customers(plan.customers)
        if check.mapping.kind is Kind.HISTORY:
            writer.make_histories(plan.histories)
        else:
            writer.make_leads(check.shapes)
        writer.change_leads(plan.leads)
        writer.keep_fingerprints(plan.leads, is_history=check.mapping.kind is Kind.HISTORY)
        run = _run_of(check, actor, at)
        IMPORT_RUN.insert(connection, run)
        progress(1.0)
        return run


def _require_possible(mapping: ImportMapping, settings: Settings, names: Collection[str]) -> None:
    """Raises: Refused where no row of the file could be imported so."""
    for lack in lacks(mapping, settings, names):
        raise Refused(lack)


def _require_may_make(actor: Actor, made: Iterable[Made]) -> None:
    """Raises: Refused where people would be made by somebody who may not add any."""
    if any(isinstance(row, Person) for row in made) and not actor.may(Permission.ADMINISTER):
        raise Refused(say("Only an administrator can add people. Choose an owner for each name, or nobody."))


def _names_of(
    source: Source, reading: Reading, names: list[str], mapping: ImportMapping
) -> Mapping[str, Iterable[str]]:
    """The names that the file uses, account types first: phases may need them."""
    found = collect_names(source, reading, names, mapping.columns)
    return dict(sorted(found.items(), key=lambda item: item[0] != "account_type"))


def _counted(lines: Iterable[Line], progress: Callable[[int], None]) -> Iterator[Line]:
    for count, line in enumerate(lines):
        if count % _ROWS_BETWEEN_PROGRESS == 0:
            progress(count)
        yield line


def _notes_of(plan: Plan) -> Iterator[Note]:
    if plan.namesakes:
        yield plan.namesakes


def _run_of(check: Check, actor: Actor, at: datetime) -> ImportRun:
    return ImportRun(
        id=check.import_id,
        at_utc=at,
        actor_name=actor.name,
        file_name=check.source.name,
        kind=check.mapping.kind,
        source=check.mapping.source,
        row_count=check.row_count,
        refused_count=check.refused_count,
        customers_made=check.counts.customers_made,
        customers_changed=check.counts.customers_changed,
        leads_made=check.counts.leads_made,
        leads_changed=check.counts.leads_changed,
        settings_made=len(check.settings.made),
        undone_at_utc=None,
        version=1,
    )
