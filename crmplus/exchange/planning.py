"""What an import would do to our rows: found out by the same statements that the import itself runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crmplus.domain.errors import CrmError, Refused
from crmplus.domain.message import say
from crmplus.exchange.changes import (
    INACTIVE_CUSTOMER,
    OTHER_FUNNEL,
    ChangedLead,
    CustomerChange,
    change_of_customer,
    change_of_lead,
)
from crmplus.exchange.fields import Kind
from crmplus.exchange.histories import History, HistoryReader
from crmplus.exchange.meanings import Settings
from crmplus.exchange.problems import NAMESAKES, Note, Problem
from crmplus.store.connection import Connection

MOST_CHANGES = 100_000
"""Rows of ours that one import changes: each is played and shown, so all are in memory."""
_REFUSALS = {
    "ambiguous": say("More than one customer has this name. Tell them apart by number, or by another key."),
    "customer_twice": say("An earlier row of this file names the same customer, with other details."),
    "number_twice": say("Another row of this file has this number for another customer."),
    "number_taken": say("Another customer has this number already."),
    "open_leads_inactive": say("This customer has open leads, so it stays active. Close them first."),
    "open_leads_type": say("This customer has open leads, so its account type stays. Change it on its card."),
    "inactive_customer": INACTIVE_CUSTOMER,
    "other_funnel": OTHER_FUNNEL,
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of ours an import would make, change and leave alone."""

    customers_made: int = 0
    customers_changed: int = 0
    customers_kept: int = 0
    leads_made: int = 0
    leads_changed: int = 0
    leads_kept: int = 0
    first_leads: int = 0
    """Of the leads made, those that come with a new customer (U3)."""


@dataclass(slots=True)
class Plan:
    """What an import would do; `changes` are those of rows that we have, `problems` the rows of
    the file that a rule of the whole refuses. Two that are equal do the same."""

    counts: Counts = field(default_factory=Counts)
    customers: list[CustomerChange] = field(default_factory=list)
    leads: list[ChangedLead] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    namesakes: Note | None = None
    histories: list[History] = field(default_factory=list, compare=False)
    """Leads that are made with all that happened to them; known by their counts."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A checked file: its rows on disk, whose keys it has, and what a row describes.

    `broken` are the keys of leads of which a row is bad, so that their history has a gap.
    """

    customers: Path
    leads: Path
    source: str
    kind: Kind
    broken: frozenset[str] = frozenset()


def make_plan(connection: Connection, staged: Staged, settings: Settings, at: datetime) -> Plan:
    """Hold the staged rows against ours; its tables last as long as the connection.

    Raises: Refused where more would change than fits in memory.
    """
    is_history = staged.kind is Kind.HISTORY
    connection.rows("stage_customers", path=str(staged.customers))
    connection.rows("stage_leads", path=str(staged.leads))
    connection.rows(
        "plan_customers",
        key_source=_key_source(staged.kind, staged.source),
        key_sources=[_key_source(kind, staged.source) for kind in Kind],
    )
    connection.rows("plan_leads", source=staged.source, has_histories=is_history)
    plan, kept = Plan(), 0
    plan.problems += _refused(connection)
    if connection.value("planned_changes") > MOST_CHANGES:
        raise Refused(
            say(
                "This file would change more than {most} rows of yours. Split it in parts.", most=MOST_CHANGES
            )
        )
    if is_history:
        kept = _play_histories(connection, staged, settings, at, plan)
    else:
        kept = _change_leads(connection, settings, at, plan)
    if staged.kind is not Kind.CUSTOMERS:
        connection.rows("leave_out_customers")
    plan.customers = [change_of_customer(connection, row) for row in connection.rows("changed_customers")]
    plan.counts = _counts(connection, plan, kept, is_history=is_history)
    found = connection.rows("namesakes")[0]
    if found["customer_count"]:
        plan.namesakes = Note(NAMESAKES, found["customer_count"], found["first_line"])
    return plan


def _key_source(kind: Kind, source: str) -> str:
    """Under what the keys of customers are kept: each kind of file says other things of them."""
    return f"{kind}:{source}"


def _change_leads(connection: Connection, settings: Settings, at: datetime, plan: Plan) -> int:
    """What the file changes in leads of ours. Returns how many of those it names stay as they are."""
    kept, refused = 0, []
    for row in connection.rows("changed_leads"):
        try:
            changed = change_of_lead(connection, settings, row, at)
        except CrmError as error:
            plan.problems.append(Problem(row["line"], "", row["title"], error.message))
            refused.append(row["key"])
            continue
        if changed.steps:
            plan.leads.append(changed)
        else:
            kept += 1
    connection.rows("refuse_leads", keys=refused)
    return kept


def _play_histories(
    connection: Connection, staged: Staged, settings: Settings, at: datetime, plan: Plan
) -> int:
    """As above, for leads whose rows are what happened to them."""
    broken = staged.broken.union(row["key"] for row in connection.rows("refused_keys"))
    found = HistoryReader(connection, settings, at, broken).read()
    plan.histories, plan.leads = found.made, found.changed
    plan.problems += found.problems
    connection.rows("refuse_leads", keys=found.refused)
    return found.kept


def _counts(connection: Connection, plan: Plan, kept: int, *, is_history: bool) -> Counts:
    found = connection.rows("planned_counts")[0]
    return Counts(
        customers_made=found["customers_made"],
        customers_changed=found["customers_changed"],
        customers_kept=found["customers_kept"],
        leads_made=len(plan.histories) if is_history else found["leads_made"],
        leads_changed=len(plan.leads),
        leads_kept=kept if is_history else found["leads_kept"] + kept,
        first_leads=found["first_leads"],
    )


def _refused(connection: Connection) -> Iterator[Problem]:
    """Rows that break a rule of the whole: the lines of leads where there are any, else of customers."""
    rows = connection.rows("refused_leads") or connection.rows("refused_customers")
    for row in rows:
        value = row["number"] if row["refusal"].startswith("number") else row["name"]
        yield Problem(row["line"], "", value, _REFUSALS[row["refusal"]])
