"""Saved views: names for pages and their filters, one's own or shared with everybody.

A view is whose it was made by. Others open it where it is shared; who may configure may also rename or
remove it then.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.customer import search_key
from crmplus.domain.errors import Invalid, NotFound, NotPermitted
from crmplus.domain.message import say
from crmplus.domain.saved_view import SavedView, SavedViewDraft
from crmplus.services import rows
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import SAVED_VIEW


def is_own(actor: Actor, view: SavedView) -> bool:
    """Whether they made it; views of the local administrator are of nobody else."""
    return view.owner_id == actor.person_id


def may_rename(actor: Actor, view: SavedView) -> bool:
    """Whether they may give it another name, or remove it."""
    return is_own(actor, view) or (view.is_shared and actor.may(Permission.CONFIGURE))


def list_views(database: Database, actor: Actor, page: str | None = None) -> list[SavedView]:
    """One's own, then those that others share, by name; of one page or of all. Raises: NotPermitted."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        found = SAVED_VIEW.where(connection, page=page) if page else SAVED_VIEW.where(connection)
    return sorted(
        (view for view in found if is_own(actor, view) or view.is_shared),
        key=lambda view: (not is_own(actor, view), search_key(view.name), view.id),
    )


def get_view(database: Database, actor: Actor, view_id: UUID) -> SavedView:
    """Raises: NotPermitted, NotFound also where somebody else keeps it to themselves."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        return _seen_by(actor, SAVED_VIEW.get(connection, view_id))


def save_view(
    database: Database, actor: Actor, draft: SavedViewDraft, at: datetime, new: UUID | None = None
) -> SavedView:
    """`new` is the key the form chose when it opened: saving it twice saves it once.

    Raises: NotPermitted, Invalid also where one has a view of this name on the page.
    """
    actor.require(Permission.VIEW)
    clean = draft.checked()
    with database.transaction(actor.sight) as connection:
        if new and (made := SAVED_VIEW.get(connection, new)):
            return _seen_by(actor, made)
        view = SavedView(new or new_id(), **rows.as_values(clean), owner_id=actor.person_id, version=1)
        _require_allowed(connection, actor, view, view)
        return rows.make(connection, actor, at, SAVED_VIEW, view)


def change_view(
    database: Database, actor: Actor, view_id: UUID, version: int, draft: SavedViewDraft, at: datetime
) -> SavedView:
    """Another name or other filters, shared or not any more; it stays on its page.

    Raises: NotPermitted, NotFound, Invalid, Conflict (L6).
    """
    actor.require(Permission.VIEW)
    clean = draft.checked()
    with database.transaction(actor.sight) as connection:
        _seen_by(actor, SAVED_VIEW.get(connection, view_id))
        before = rows.load(connection, SAVED_VIEW, view_id, version)
        after = replace(before, name=clean.name, query=clean.query, is_shared=clean.is_shared)
        _require_allowed(connection, actor, before, after)
        return rows.change(connection, actor, at, SAVED_VIEW, before, after)


def remove_view(database: Database, actor: Actor, view_id: UUID, version: int, at: datetime) -> None:
    """Links to it open the page without filters. Raises: NotPermitted, NotFound, Conflict (L6)."""
    actor.require(Permission.VIEW)
    with database.transaction(actor.sight) as connection:
        _seen_by(actor, SAVED_VIEW.get(connection, view_id))
        view = rows.load(connection, SAVED_VIEW, view_id, version)
        _require_may_rename(actor, view)
        rows.delete(connection, actor, at, SAVED_VIEW, view)


def _seen_by(actor: Actor, view: SavedView | None) -> SavedView:
    if view is None or not (is_own(actor, view) or view.is_shared):
        raise NotFound(say("This saved view does not exist any more, or it is not shared with you."))
    return view


def _require_allowed(connection: Connection, actor: Actor, before: SavedView, after: SavedView) -> None:
    """Raises: NotPermitted, Invalid. A view that is made is its own `before`."""
    _require_may_rename(actor, before)
    if not is_own(actor, before) and (after.query, after.is_shared) != (before.query, before.is_shared):
        raise NotPermitted(say("Only who made a saved view changes its filters, or with whom it is shared."))
    if after.is_shared:
        actor.require(Permission.WORK)
    for other in SAVED_VIEW.where(connection, page=after.page):
        is_another = other.id != after.id and other.owner_id == after.owner_id
        if is_another and search_key(other.name) == search_key(after.name):
            raise Invalid({"name": say("A saved view of this page has this name already. Choose another.")})


def _require_may_rename(actor: Actor, view: SavedView) -> None:
    if not may_rename(actor, view):
        raise NotPermitted(say("Only who made a saved view, or a manager, renames or removes it."))
