"""Quick add: a lead, and where it is needed its customer, its value and its next step, in one go."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.customer import BESIDE_A_NAME, Customer, CustomerDraft, name_key, whole_name_key
from crmplus.domain.errors import Invalid, Refused
from crmplus.domain.fields import Check
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.message import say
from crmplus.domain.next_step import NextStepDraft
from crmplus.services import rows
from crmplus.services.account_types import list_account_types
from crmplus.services.customers import add_customer
from crmplus.services.lead_rows import funnel_of
from crmplus.services.leads import list_leads_of_customer, save_lead, start_lead
from crmplus.services.next_steps import add_next_step
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import CUSTOMER, LEAD

MOST_MATCHES = 5
_FIELD_OF = {"description": "next_step", "name": "customer"}
"""Where the box asks for what other forms call otherwise."""


@dataclass(frozen=True, slots=True)
class QuickAddDraft:
    """What the box says; `customer` is a name or a number.

    After a question the answer goes along: `customer_id` is the one that was meant, `is_new` says that
    none of them was, `is_further` that an open lead is no reason to stop.
    """

    customer: str
    expected_value: Decimal | None = None
    next_step: NextStepDraft | None = None
    customer_id: UUID | None = None
    is_new: bool = False
    is_further: bool = False


@dataclass(frozen=True, slots=True)
class QuickAddKeys:
    """The keys of what the box is about to make, chosen when it opened: added twice, it is added once."""

    customer: UUID
    lead: UUID
    next_step: UUID


@dataclass(frozen=True, slots=True)
class Added:
    customer: Customer
    lead: Lead
    is_new_customer: bool


class Doubt(StrEnum):
    SEVERAL = "several"
    """More than one customer has this name or number."""
    SIMILAR = "similar"
    """None has, but there are some whose name is that but for a legal form, holds it, or is held by it."""
    OPEN_LEAD = "open_lead"
    """The customer that is meant has an open lead already."""


@dataclass(frozen=True, slots=True)
class Match:
    """A customer that may be meant; its open leads are those in sight, `open_lead_id` the newest of them."""

    id: UUID
    number: str
    name: str
    city: str
    open_lead_count: int
    open_lead_id: UUID | None


@dataclass(frozen=True, slots=True)
class Question:
    """Nothing was written yet: it has to be said first which of these is meant.

    `more_count` is how many others there are, that are not among `matches`.
    """

    doubt: Doubt
    matches: tuple[Match, ...]
    more_count: int = 0


def quick_add(
    database: Database, actor: Actor, draft: QuickAddDraft, at: datetime, new: QuickAddKeys
) -> Added | Question:
    """A lead with its value and its next step; or the question that has to be answered before.

    Raises: NotPermitted, Invalid, NotFound, Refused where the customer is not active or no funnel is
    ready (P3).
    """
    actor.require(Permission.WORK)
    clean = _checked(draft)
    with database.transaction(actor.sight) as connection:
        if made := _made_already(connection, new):
            return made
        customer = _meant(database, connection, actor, clean)
        if isinstance(customer, Question):
            return customer
        if customer is None:
            added = _with_new_customer(database, connection, actor, clean, at, new.customer)
        else:
            added = _with_known_customer(database, actor, customer, at, new.lead)
        return replace(added, lead=_fill(database, actor, added.lead, clean, at, new.next_step))


def _checked(draft: QuickAddDraft) -> QuickAddDraft:
    """The draft, cleaned. Raises: Invalid, for all fields at once."""
    check = Check()
    customer = check.text("customer", draft.customer, 200, required=True)
    value = check.amount("expected_value", draft.expected_value)
    step = draft.next_step
    if step:
        try:
            step = step.checked()
        except Invalid as error:
            for field, message in error.fields.items():
                check.refuse(_FIELD_OF.get(field, field), message)
    check.done()
    return replace(draft, customer=customer, expected_value=value, next_step=step)


def _made_already(connection: Connection, new: QuickAddKeys) -> Added | None:
    """What these keys made before, in a second click of the same box.

    Raises: NotFound where that is out of sight.
    """
    if lead := rows.made_before(connection, LEAD, new.lead):
        return Added(rows.load(connection, CUSTOMER, lead.customer_id), lead, False)
    if customer := rows.made_before(connection, CUSTOMER, new.customer):
        leads = LEAD.where(connection, customer_id=customer.id)
        first = min(leads, key=lambda lead: (lead.opened_at_utc, lead.id))
        return Added(customer, rows.load(connection, LEAD, first.id), True)
    return None


def _meant(
    database: Database, connection: Connection, actor: Actor, draft: QuickAddDraft
) -> Customer | Question | None:
    """The customer that is meant, None for a new one, or what has to be asked.

    Raises: NotFound where the one chosen is gone.
    """
    if draft.is_new:
        return None
    if draft.customer_id:
        rows.load(connection, CUSTOMER, draft.customer_id)
    found = _candidates(database, actor, draft)
    exact = tuple(_match(row) for row in found if row["is_exact"])
    if not exact:
        return _question(Doubt.SIMILAR, found) if found else None
    if len(exact) > 1:
        return _question(Doubt.SEVERAL, [row for row in found if row["is_exact"]])
    if exact[0].open_lead_count and not draft.is_further:
        return Question(Doubt.OPEN_LEAD, exact)
    return rows.load(connection, CUSTOMER, exact[0].id)


def _candidates(database: Database, actor: Actor, draft: QuickAddDraft) -> list[dict[str, Any]]:
    """The customers in sight that may be meant, and of each whether name or number is just what was typed.

    They are read beside the transaction, in which nothing is cut down to what somebody sees. Nothing was
    written in it yet and nobody else writes meanwhile, so it is the same state.
    """
    with database.read_committed(actor.sight) as connection:
        return connection.rows(
            "quick_add_customers",
            customer_id=draft.customer_id,
            number=draft.customer.lower(),
            whole_name=whole_name_key(draft.customer),
            beside_a_name=BESIDE_A_NAME,
            name_key=name_key(draft.customer),
            limit=MOST_MATCHES,
        )


def _match(row: dict[str, Any]) -> Match:
    return Match(**{field.name: row[field.name] for field in fields(Match)})


def _question(doubt: Doubt, found: list[dict[str, Any]]) -> Question:
    return Question(doubt, tuple(_match(row) for row in found), found[0]["alike_count"] - len(found))


def _with_new_customer(
    database: Database, connection: Connection, actor: Actor, draft: QuickAddDraft, at: datetime, new: UUID
) -> Added:
    """A customer of the actor, and the lead that starts with it (U3). Raises: Invalid, Refused (P3)."""
    account_type_id = _type_with_funnel(database, connection, actor)
    about = CustomerDraft(draft.customer, account_type_id, owner_id=actor.person_id)
    try:
        customer = add_customer(database, actor, about, at, new)
    except Invalid as error:
        raise Invalid({_FIELD_OF.get(field, field): why for field, why in error.fields.items()}) from error
    return Added(customer, list_leads_of_customer(database, actor, customer.id)[0], True)


def _type_with_funnel(database: Database, connection: Connection, actor: Actor) -> UUID:
    """The default account type, or the first whose funnel is ready. Raises: Refused (P3)."""
    types = [t for t in list_account_types(database, actor) if t.uses_phases]
    if not types:
        raise Refused(say("No account type has a funnel yet. Switch lead phases on for one first."))
    default_first = sorted(types, key=lambda t: not t.is_default)
    ready = [t for t in default_first if funnel_of(connection, t.id).is_ready]
    if not ready:
        funnel_of(connection, default_first[0].id).require_ready()
    return ready[0].id


def _with_known_customer(
    database: Database, actor: Actor, customer: Customer, at: datetime, new: UUID
) -> Added:
    """A further lead of the customer's owner, or the actor's where that one is nobody or out of sight.

    Raises: Refused.
    """
    try:
        owner_id = actor.owner_in_sight(customer.owner_id) or actor.person_id
        lead = start_lead(database, actor, customer.id, at, owner_id=owner_id, new=new)
    except Refused as error:  # its card is where to mend it
        raise Refused(error.message, (customer.number,)) from error
    return Added(customer, lead, False)


def _fill(
    database: Database, actor: Actor, lead: Lead, draft: QuickAddDraft, at: datetime, new: UUID
) -> Lead:
    """What else is known of it: its value and its next step."""
    if draft.next_step:
        add_next_step(database, actor, lead.id, draft.next_step, at, new)
    if draft.expected_value is None:
        return lead
    values = LeadValues(expected_value=draft.expected_value)
    return save_lead(database, actor, lead.id, lead.version, values, at)
