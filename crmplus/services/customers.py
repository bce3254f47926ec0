"""Customers: what a rep does with them (rules U1 to U5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from crmplus.domain import journey
from crmplus.domain.account_type import AccountType
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.customer import Customer, CustomerDraft, name_key, phone_key, search_key
from crmplus.domain.errors import Invalid, NotFound, Refused
from crmplus.domain.fields import tidy
from crmplus.domain.lead import Lead
from crmplus.domain.message import Message, say, say_count
from crmplus.domain.sight import EVERYTHING
from crmplus.services import rows
from crmplus.services.lead_rows import funnel_of, load_standing, store_step
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.history import LoggedChange, changes_of_customer
from crmplus.store.identity import new_id
from crmplus.store.tables import ACCOUNT_TYPE, CUSTOMER, LEAD, PERSON

SORTABLE = ("number", "name", "account_type", "phase", "lead_count", "owner", "contact", "city", "email")


@dataclass(frozen=True, slots=True)
class CustomerQuery:
    """Which customers to list: empty and None mean all."""

    search: str = ""
    account_type_id: UUID | None = None
    owner_id: UUID | None = None
    phase_id: UUID | None = None
    is_active: bool | None = None
    sort: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer in the list; `phase` is that of its newest open lead."""

    id: UUID
    number: str
    name: str
    account_type: str
    phase: str
    lead_count: int
    owner: str
    contact: str
    city: str
    email: str
    phone: str
    street: str
    postal_code: str
    country: str
    remark: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A customer that may be the same as one about to be made."""

    number: str
    name: str
    city: str
    same_name: bool
    same_email: bool
    same_phone: bool


def list_customers(
    database: Database, actor: Actor, query: CustomerQuery, limit: int, offset: int = 0
) -> tuple[list[CustomerRow], int]:
    """One page of customers, and how many there are on all pages."""
    actor.require(Permission.VIEW)
    sort = query.sort if query.sort in SORTABLE else "name"
    with database.read(actor.sight) as connection:
        found = connection.rows(
            "customer_list",
            search=search_key(query.search.strip()),
            account_type_id=query.account_type_id,
            owner_id=query.owner_id,
            phase_id=query.phase_id,
            is_active=query.is_active,
            sort=sort,
            descending=query.descending,
            limit=limit,
            offset=offset,
        )
    if offset and not found:  # behind the last page, the rows can't say how many there are
        return [], list_customers(database, actor, query, 1)[1]
    total = found[0]["total"] if found else 0
    return [CustomerRow(**{k: v for k, v in row.items() if k != "total"}) for row in found], total


def get_customer(database: Database, actor: Actor, number: str) -> Customer:
    """The customer with this number, whatever its case. Raises: NotPermitted, NotFound."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        holder = connection.rows("number_holder", number=tidy(number))
        if not holder:
            raise NotFound(say("There is no customer {number}.", number=number))
        return rows.load(connection, CUSTOMER, holder[0]["id"])


def next_number(database: Database, actor: Actor) -> str:
    """The next free number, as a proposal (U1)."""
    actor.require(Permission.VIEW)
    with database.read(EVERYTHING) as connection:  # a number is free where nobody has it
        return _next_number(connection)


def find_look_alikes(
    database: Database, actor: Actor, name: str, email: str = "", phone: str = ""
) -> list[LookAlike]:
    """Customers with the same name, e-mail or phone, whatever case, accents or legal form."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        found = connection.rows(
            "look_alikes",
            name_key=name_key(name),
            email_key=search_key(email.strip()),
            phone_key=phone_key(phone),
        )
    return [LookAlike(**row) for row in found]


def add_customer(
    database: Database, actor: Actor, draft: CustomerDraft, at: datetime, new: UUID | None = None
) -> Customer:
    """A new customer and, where its funnel is ready, its first lead (U1, U3).

    `new` is the key the form chose when it opened: adding it twice adds it once. One of nobody is the
    actor's where they would not see it.
    Raises: NotPermitted, Invalid, NotFound.
    """
    actor.require(Permission.WORK)
    clean = draft.checked()
    clean = replace(clean, owner_id=actor.owner_of_new(clean.owner_id))
    with database.transaction(actor.sight) as connection:
        if made := rows.made_before(connection, CUSTOMER, new):
            return made
        if not clean.number:
            clean = replace(clean, number=_next_number(connection))
        row = Customer(new or new_id(), **rows.as_values(clean), version=1)
        account_type = _checked_references(connection, None, row)
        rows.make(connection, actor, at, CUSTOMER, row, customer_id=row.id)
        _start_first_lead(connection, actor, at, row, account_type)
        return row


def change_customer(
    database: Database,
    actor: Actor,
    customer_id: UUID,
    version: int,
    draft: CustomerDraft,
    at: datetime,
    go_on_in: Mapping[UUID, UUID] | None = None,
) -> Customer:
    """Save the details; `go_on_in` names, by open lead, its phase in a new type's funnel (U4).

    Raises: NotPermitted, Invalid, Conflict, NotFound, Refused (U4, U5), also where some of its open leads
    are out of sight.
    """
    actor.require(Permission.WORK)
    clean = draft.checked()
    with database.transaction(actor.sight) as connection:
        before = rows.load(connection, CUSTOMER, customer_id, version)
        after = replace(before, **{**rows.as_values(clean), "number": clean.number or before.number})
        account_type = _checked_references(connection, before, after)
        open_leads = [lead for lead in LEAD.where(connection, customer_id=customer_id) if lead.is_open]
        if not after.is_active or after.account_type_id != before.account_type_id:
            _require_all_seen(actor, open_leads)
        if open_leads and not after.is_active:
            raise Refused(_open_leads_forbid_inactive(len(open_leads)), (before.number,))
        if open_leads and after.account_type_id != before.account_type_id:
            _transfer(connection, actor, at, open_leads, account_type, go_on_in or {})
        saved = rows.change(connection, actor, at, CUSTOMER, before, after, customer_id=customer_id)
        _start_first_lead(connection, actor, at, saved, account_type)
        return saved


def list_changes_of_customer(
    database: Database, actor: Actor, customer_id: UUID, limit: int, offset: int = 0
) -> tuple[list[LoggedChange], int]:
    """One page of what happened to a customer and its leads, newest first, and how many in all."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        total = connection.value("change_count_of_customer", customer_id=customer_id)
        return changes_of_customer(connection, customer_id, limit, offset), total


def _next_number(connection: Connection) -> str:
    number = connection.value("highest_number") + 1
    while connection.rows("number_holder", number=f"C-{number:05d}"):
        number += 1  # beyond the digits that the highest is taken from
    return f"C-{number:05d}"


def _checked_references(connection: Connection, before: Customer | None, after: Customer) -> AccountType:
    """Raises: Invalid, NotFound; what was chosen earlier may be archived by now."""
    holders = connection.rows("number_holder", number=after.number)
    if any(holder["id"] != after.id for holder in holders):
        raise Invalid({"number": say("Another customer has this number. Choose another, or leave it empty.")})
    account_type = rows.load(connection, ACCOUNT_TYPE, after.account_type_id)
    is_kept = before is not None and before.account_type_id == account_type.id
    if account_type.archived_at_utc and not is_kept:
        raise Invalid({"account_type_id": say("This account type is archived. Choose another.")})
    keeps_owner = before is not None and before.owner_id == after.owner_id
    if after.owner_id and rows.load(connection, PERSON, after.owner_id).archived_at_utc and not keeps_owner:
        raise Invalid({"owner_id": say("This person is archived. Choose another owner.")})
    return account_type


def _start_first_lead(
    connection: Connection, actor: Actor, at: datetime, customer: Customer, account_type: AccountType
) -> None:
    """U3: with a funnel that is ready, and no lead yet, work can begin at once."""
    if not customer.is_active or not account_type.uses_phases or account_type.archived_at_utc:
        return
    funnel = funnel_of(connection, account_type.id)
    if not funnel.is_ready or LEAD.where(connection, customer_id=customer.id):
        return
    owner_id = actor.owner_in_sight(customer.owner_id)
    step = journey.start(new_id(), customer.id, owner_id, "", funnel.first, at)
    store_step(connection, actor, at, "lead_started", None, step)


def _require_all_seen(actor: Actor, open_leads: list[Lead]) -> None:
    """What concerns each open lead is for who sees them all. Raises: Refused, without saying how many."""
    actor.sight.require_all(
        (lead.owner_id for lead in open_leads),
        say(
            "Others have open leads at this customer, which you don't see, so its account type stays and "
            "it stays active. Ask somebody who sees everything."
        ),
    )


def _transfer(
    connection: Connection,
    actor: Actor,
    at: datetime,
    leads: list[Lead],
    account_type: AccountType,
    go_on_in: Mapping[UUID, UUID],
) -> None:
    """Each open lead goes on in the funnel of the new account type (U4). Raises: Refused."""
    if not account_type.uses_phases:
        raise Refused(
            say_count(
                "{account_type} has no funnel, and {count} lead is open. Close it first.",
                "{account_type} has no funnel, and {count} leads are open. Close them first.",
                len(leads),
                account_type=account_type.description,
            )
        )
    funnel = funnel_of(connection, account_type.id)
    funnel.require_ready()
    for lead in leads:
        if lead.id not in go_on_in:
            raise Refused(say("Choose in which phase of the new funnel each open lead goes on."))
        target = funnel.phase(go_on_in[lead.id])
        standing = load_standing(connection, lead.id)
        step = journey.transfer(lead, standing.record, funnel, target, at)
        store_step(connection, actor, at, "lead_transferred", standing, step)


def _open_leads_forbid_inactive(count: int) -> Message:
    return say_count(
        "This customer has {count} open lead, so it stays active. Close it first.",
        "This customer has {count} open leads, so it stays active. Close them first.",
        count,
    )
