"""What an import would do to our rows: found out by the same statements that the import itself runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crmplus.domain.errors import CrmError
from crmplus.domain.message import say
from crmplus.exchange.changes import ChangedLead, CustomerChange, change_of_customer, change_of_lead
from crmplus.exchange.problems import Problem
from crmplus.store.connection import Connection

_REFUSALS = {
    "ambiguous": say("More than one customer has this name. Tell them apart by number, or by another key."),
    "number_twice": say("Another row of this file has this number for another customer."),
    "number_taken": say("Another customer has this number already."),
    "open_leads_inactive": say("This customer has open leads, so it stays active. Close them first."),
    "open_leads_type": say("This customer has open leads, so its account type stays. Change it on its card."),
    "inactive_customer": say("This customer is not active, so it can't have an open lead."),
    "other_funnel": say("This customer has another account type than the lead's funnel."),
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
    the file that a rule of the whole refuses."""

    counts: Counts = field(default_factory=Counts)
    customers: list[CustomerChange] = field(default_factory=list)
    leads: list[ChangedLead] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    namesakes: int = 0


@dataclass(frozen=True, slots=True)
class Staged:
    """A checked file: its rows on disk, and whose keys it has.

    `says_active` and `says_account_type`: whether it has a column for it.
    """

    customers: Path
    leads: Path
    source: str
    says_active: bool
    says_account_type: bool


def make_plan(connection: Connection, staged: Staged, at: datetime, *, has_histories: bool = False) -> Plan:
    """Hold the staged rows against ours; its tables last as long as the connection.

    Where the file has histories, what it says of leads is left to those who read them.
    """
    connection.rows("stage_customers", path=str(staged.customers))
    connection.rows("stage_leads", path=str(staged.leads))
    connection.rows(
        "plan_customers",
        source=staged.source,
        says_active=staged.says_active,
        says_account_type=staged.says_account_type,
    )
    connection.rows("plan_leads", source=staged.source)
    counts = connection.rows("planned_counts")[0]
    plan = Plan()
    plan.customers = [
        change_of_customer(connection, row, staged.says_active, staged.says_account_type)
        for row in connection.rows("changed_customers")
    ]
    leads_kept = counts["leads_kept"]
    for row in [] if has_histories else connection.rows("changed_leads"):
        try:
            changed = change_of_lead(connection, row, at)
        except CrmError as error:
            plan.problems.append(Problem(row["line"], "", "", error.message))
            continue
        if changed.steps:
            plan.leads.append(changed)
        else:
            leads_kept += 1
    plan.problems += _refused(connection)
    plan.namesakes = connection.rows("namesakes")[0]["customer_count"]
    plan.counts = Counts(**counts | {"leads_kept": leads_kept, "leads_changed": len(plan.leads)})
    return plan


def _refused(connection: Connection) -> Iterator[Problem]:
    """Rows that break a rule of the whole: the lines of leads where there are any, else of customers."""
    rows = connection.rows("refused_leads") or connection.rows("refused_customers")
    for row in rows:
        value = row["number"] if row["refusal"].startswith("number") else row["name"]
        yield Problem(row["line"], "", value, _REFUSALS[row["refusal"]])
