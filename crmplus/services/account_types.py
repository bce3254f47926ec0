"""Account types: what a manager does with them (rules A1 to A5)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.account_type import AccountType, AccountTypeDraft
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Refused
from crmplus.domain.message import say, say_count
from crmplus.services import rows, settings
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import ACCOUNT_TYPE, PHASE


def list_account_types(database: Database, actor: Actor, *, with_archived: bool = False) -> list[AccountType]:
    """By order number, then code."""
    found = settings.listed(database, actor, ACCOUNT_TYPE, with_archived=with_archived)
    return sorted(found, key=lambda t: (t.order_number, t.code))


def add_account_type(
    database: Database, actor: Actor, draft: AccountTypeDraft, at: datetime, new: UUID | None = None
) -> AccountType:
    """Raises: NotPermitted, Invalid."""
    actor.require(Permission.CONFIGURE)
    clean = draft.checked()
    with database.transaction() as connection:
        row = AccountType(new or new_id(), **rows.as_values(clean), archived_at_utc=None, version=1)
        if made := ACCOUNT_TYPE.get(connection, row.id):
            return made
        settings.require_free_code(connection, ACCOUNT_TYPE, row)
        _take_default(connection, actor, at, row)
        return rows.make(connection, actor, at, ACCOUNT_TYPE, row)


def change_account_type(
    database: Database, actor: Actor, type_id: UUID, version: int, draft: AccountTypeDraft, at: datetime
) -> AccountType:
    """Raises: NotPermitted, Invalid, Conflict, Refused while leads are open in its funnel (A4),
    or where an archived one would be the default (A3)."""
    actor.require(Permission.CONFIGURE)
    clean = draft.checked()
    with database.transaction() as connection:
        before = rows.load(connection, ACCOUNT_TYPE, type_id, version)
        after = replace(before, **rows.as_values(clean))
        settings.require_free_code(connection, ACCOUNT_TYPE, after)
        if after.is_default and after.archived_at_utc:
            raise Refused(say("An archived account type can't be the default. Bring it back first."))
        if before.uses_phases and not after.uses_phases:
            _require_no_open_leads(connection, before)
        _take_default(connection, actor, at, after)
        return rows.change(connection, actor, at, ACCOUNT_TYPE, before, after)


def archive_account_type(
    database: Database, actor: Actor, type_id: UUID, version: int, at: datetime
) -> AccountType:
    """Archived, it is no default any more. Raises: NotPermitted, Conflict, Refused (A4)."""
    actor.require(Permission.CONFIGURE)
    with database.transaction() as connection:
        before = rows.load(connection, ACCOUNT_TYPE, type_id, version)
        _require_no_open_leads(connection, before)
        after = replace(before, archived_at_utc=at, is_default=False)
        return rows.change(connection, actor, at, ACCOUNT_TYPE, before, after, action="account_type_archived")


def restore_account_type(
    database: Database, actor: Actor, type_id: UUID, version: int, at: datetime
) -> AccountType:
    """Raises: NotPermitted, Conflict."""
    actor.require(Permission.CONFIGURE)
    with database.transaction() as connection:
        row = rows.load(connection, ACCOUNT_TYPE, type_id, version)
        return settings.restore(connection, actor, at, ACCOUNT_TYPE, row)


def delete_account_type(database: Database, actor: Actor, type_id: UUID, version: int, at: datetime) -> None:
    """Deleted with its phases, which nothing used either. Raises: NotPermitted, Conflict, Refused (A5)."""
    actor.require(Permission.CONFIGURE)
    with database.transaction() as connection:
        row = rows.load(connection, ACCOUNT_TYPE, type_id, version)
        settings.require_never_used(connection, ACCOUNT_TYPE, row)
        for phase in PHASE.where(connection, account_type_id=type_id):
            rows.delete(connection, actor, at, PHASE, phase)
        rows.delete(connection, actor, at, ACCOUNT_TYPE, row)


def reorder_account_type(database: Database, actor: Actor, type_id: UUID, by: int, at: datetime) -> None:
    """Move it `by` places, up being negative. Raises: NotPermitted, NotFound."""
    actor.require(Permission.CONFIGURE)
    with database.transaction() as connection:
        row = rows.load(connection, ACCOUNT_TYPE, type_id)
        siblings = list_account_types(database, actor)
        settings.reorder(connection, actor, at, ACCOUNT_TYPE, row, siblings, by)


def _take_default(connection: Connection, actor: Actor, at: datetime, row: AccountType) -> None:
    """Making one the default takes it from the other (A3)."""
    if not row.is_default:
        return
    for other in ACCOUNT_TYPE.where(connection, is_default=True):
        if other.id != row.id:
            rows.change(connection, actor, at, ACCOUNT_TYPE, other, replace(other, is_default=False))


def _require_no_open_leads(connection: Connection, row: AccountType) -> None:
    """Raises: Refused, saying how many are open and on whose cards (A4)."""
    count = connection.value("open_leads_of_account_type", account_type_id=row.id)
    if count:
        customers = connection.rows("customers_with_open_leads", account_type_id=row.id)
        raise Refused(
            say_count(
                "{count} lead is still open in the funnel of {account_type}. Close it first.",
                "{count} leads are still open in the funnel of {account_type}. Close them first.",
                count,
                account_type=row.description,
            ),
            tuple(customer["number"] for customer in customers),
        )
