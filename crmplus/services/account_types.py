"""Account types: what a manager does with them (rules A1 to A5)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.account_type import AccountType, AccountTypeDraft
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Refused
from crmplus.domain.message import say, say_count
from crmplus.services import rows
from crmplus.services.settings import Kind, require_free_code
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import ACCOUNT_TYPE, PHASE


def list_account_types(database: Database, actor: Actor, *, with_archived: bool = False) -> list[AccountType]:
    """By order number, then code."""
    found = _KIND.listed(database, actor, with_archived=with_archived)
    return sorted(found, key=lambda t: (t.order_number, t.code))


def add_account_type(
    database: Database, actor: Actor, draft: AccountTypeDraft, at: datetime, new: UUID | None = None
) -> AccountType:
    """Raises: NotPermitted, Invalid."""
    with database.transaction(actor.sight) as connection:
        added = _KIND.add(database, actor, draft, at, new)
        _take_default(connection, actor, at, added)
        return added


def change_account_type(
    database: Database, actor: Actor, type_id: UUID, version: int, draft: AccountTypeDraft, at: datetime
) -> AccountType:
    """Raises: NotPermitted, Invalid, Conflict, Refused while leads are open in its funnel (A4),
    or where an archived one would be the default (A3)."""
    with database.transaction(actor.sight) as connection:
        changed = _KIND.change(database, actor, type_id, version, draft, at)
        _take_default(connection, actor, at, changed)
        return changed


def archive_account_type(
    database: Database, actor: Actor, type_id: UUID, version: int, at: datetime
) -> AccountType:
    """Archived, it is no default any more. Raises: NotPermitted, Conflict, Refused (A4)."""
    return _KIND.write(
        database, actor, type_id, version, at, "archived", archived_at_utc=at, is_default=False
    )


def restore_account_type(
    database: Database, actor: Actor, type_id: UUID, version: int, at: datetime
) -> AccountType:
    """Raises: NotPermitted, Conflict."""
    return _KIND.restore(database, actor, type_id, version, at)


def delete_account_type(database: Database, actor: Actor, type_id: UUID, version: int, at: datetime) -> None:
    """Deleted with its phases, which nothing used either. Raises: NotPermitted, Conflict, Refused (A5)."""
    with database.transaction(actor.sight) as connection:
        actor.require(Permission.CONFIGURE)
        for phase in PHASE.where(connection, account_type_id=type_id):
            rows.delete(connection, actor, at, PHASE, phase)
        _KIND.delete(database, actor, type_id, version, at)


def reorder_account_type(database: Database, actor: Actor, type_id: UUID, by: int, at: datetime) -> None:
    """Move it `by` places, up being negative. Raises: NotPermitted, NotFound."""
    with database.transaction(actor.sight):
        _KIND.reorder(database, actor, type_id, by, at, list_account_types(database, actor))


def _require_allowed(connection: Connection, before: AccountType | None, after: AccountType) -> None:
    """Raises: Invalid (A1), Refused (A3, A4)."""
    require_free_code(connection, ACCOUNT_TYPE, after)
    if after.archived_at_utc and after.is_default:
        raise Refused(say("An archived account type can't be the default. Bring it back first."))
    if before and (after.archived_at_utc or (before.uses_phases and not after.uses_phases)):
        _require_no_open_leads(connection, before)


def _take_default(connection: Connection, actor: Actor, at: datetime, row: AccountType) -> None:
    """Making one the default takes it from the other (A3)."""
    if not row.is_default:
        return
    for other in ACCOUNT_TYPE.where(connection, is_default=True):
        if other.id != row.id:
            rows.change(connection, actor, at, ACCOUNT_TYPE, other, replace(other, is_default=False))


def _require_no_open_leads(connection: Connection, row: AccountType) -> None:
    """Raises: Refused, saying how many are open and on whose cards (A4) to who sees them all."""
    owners = connection.rows("open_leads_of_account_type", account_type_id=row.id)
    connection.sight.require_all(
        (owner["owner_id"] for owner in owners),
        say(
            "Others have open leads in the funnel of {account_type}, which you don't see, so its lead phases "
            "stay on and it stays in use. Ask somebody who sees everything.",
            account_type=row.description,
        ),
    )
    if owners:
        customers = connection.rows("customers_with_open_leads", account_type_id=row.id)
        raise Refused(
            say_count(
                "{count} lead is still open in the funnel of {account_type}. Close it first.",
                "{count} leads are still open in the funnel of {account_type}. Close them first.",
                sum(owner["lead_count"] for owner in owners),
                account_type=row.description,
            ),
            tuple(customer["number"] for customer in customers),
        )


_KIND = Kind(ACCOUNT_TYPE, AccountType, Permission.CONFIGURE, _require_allowed)
