"""The workspace: what holds for the whole company."""

from dataclasses import replace
from datetime import datetime

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.sight import EVERYTHING
from crmplus.domain.workspace import WORKSPACE_ID, Workspace, WorkspaceDraft
from crmplus.services import rows
from crmplus.store.database import Database
from crmplus.store.tables import WORKSPACE


def find_workspace(database: Database) -> Workspace | None:
    """The workspace, or None before the first start is done."""
    with database.read(EVERYTHING) as connection:
        return WORKSPACE.get(connection, WORKSPACE_ID)


def change_workspace(
    database: Database, actor: Actor, version: int, draft: WorkspaceDraft, at: datetime
) -> Workspace:
    """Raises: NotPermitted, Invalid, Conflict."""
    actor.require(Permission.ADMINISTER)
    clean = draft.checked()
    with database.transaction(actor.sight) as connection:
        before = rows.load(connection, WORKSPACE, WORKSPACE_ID, version)
        after = replace(before, **rows.as_values(clean))
        return rows.change(connection, actor, at, WORKSPACE, before, after)
