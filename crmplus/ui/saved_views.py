"""Saved views: a menu on top of a page that names sets of its filters, brings them back and shares them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import NotFound
from crmplus.domain.saved_view import SavedView, SavedViewDraft
from crmplus.services.saved_views import (
    change_view,
    get_view,
    is_own,
    list_views,
    may_rename,
    remove_view,
    save_view,
)
from crmplus.store.database import Database
from crmplus.ui.forms import attempt, field_problem, forget, open_dialog, show_problem
from crmplus.ui.removing import ask_to_remove
from crmplus.ui.session import _, actor, database, now, people, read
from crmplus.ui.setting_form import setting_form, text_field
from crmplus.ui.text import distinct, plain, shortened
from crmplus.ui.view_filters import present_filters, set_filters

_LINK = "saved"
"""What a link calls the view that it opens."""

_FORM, _MENU = "saved-view", "saved-views"
_SAVE, _UPDATE, _CHANGE, _SHARE, _REMOVE = "save", "update", "change", "link", "remove"


def saved_views(page: str, place: DeltaGenerator) -> None:
    """The menu of a page's saved views, drawn in `place`; call it before the page's filters are drawn."""
    _follow_link(page)
    views = {str(view.id): view for view in read(list_views, page)}
    query = present_filters(page)
    last = views.get(st.session_state.get(_last(page), ""))
    shown = last if last and last.query == query else _first_of(list(views.values()), query)
    view = shown or last
    show_problem(_FORM)
    if not views:
        if place.button(_("Save as a view …"), icon=":material/bookmark_border:", key=f"{_MENU}-none"):
            _open_form(page, query)
        return
    labels = distinct(_labels(views, shown) | _deeds(view, is_shown=shown is not None))
    chosen = place.menu_button(
        plain(shortened(shown.name, 30)) if shown else _("Views"),
        list(labels),
        format_func=labels.__getitem__,
        key=_MENU,
        icon=":material/bookmark:" if shown else ":material/bookmark_border:",
        on_click=partial(_open_chosen, page),
    )
    if chosen == _SAVE:
        _open_form(page, query)
    elif chosen and view:
        _do(chosen, page, view, query)


def _follow_link(page: str) -> None:
    """A link names a view: its filters take the place of the name in the address."""
    if _LINK not in st.query_params:
        return
    view = _linked(st.query_params[_LINK])
    if view and view.page == page:
        _open(view)
    elif len(st.query_params) == 1:
        st.info(
            _("This saved view does not exist any more, or it is not shared with you."),
            icon=":material/bookmark_remove:",
        )
    else:  # somebody works on without it
        del st.query_params[_LINK]


def _linked(text: str) -> SavedView | None:
    try:
        return get_view(database(), actor(), UUID(text))
    except (ValueError, NotFound):
        return None


def _open_chosen(page: str) -> None:
    """From the menu, before the page is drawn."""
    forget(_FORM)
    views = {str(view.id): view for view in read(list_views, page)}
    if view := views.get(st.session_state[_MENU]):
        _open(view)


def _open(view: SavedView) -> None:
    set_filters(view.page, view.query)
    st.session_state[_last(view.page)] = str(view.id)


def _last(page: str) -> str:
    return f"saved view last opened of {page}"


def _first_of(views: Sequence[SavedView], query: str) -> SavedView | None:
    return next((view for view in views if view.query == query), None)


def _labels(views: Mapping[str, SavedView], shown: SavedView | None) -> dict[str, str]:
    """Names of views, with whose they are; the one whose filters are set has a tick."""
    labels = {}
    for key, view in views.items():
        name = plain(shortened(view.name, 40))
        if not is_own(actor(), view):
            name = _("{name} (of {owner})", name=name, owner=plain(_owner(view)))
        elif view.is_shared:
            name = _("{name} (shared)", name=name)
        labels[key] = f":material/{'check' if view == shown else 'bookmark'}: {name}"
    return labels


def _owner(view: SavedView) -> str:
    person = people().get(view.owner_id) if view.owner_id else None
    return person.name if person else _("the local administrator")


def _deeds(view: SavedView | None, *, is_shown: bool) -> dict[str, str]:
    """What can be done: keep the present filters, and something with the view that is open."""
    deeds = {_SAVE: f":material/add: {_('Save as a view …')}"}
    if view is None:
        return deeds
    name = plain(shortened(view.name, 30))
    if not is_shown and is_own(actor(), view):
        deeds[_UPDATE] = ":material/save: " + _("Keep these filters in “{name}”", name=name)
    deeds[_SHARE] = ":material/link: " + _("Link to “{name}” …", name=name)
    if may_rename(actor(), view):
        deeds[_CHANGE] = ":material/edit: " + _("Change “{name}” …", name=name)
        deeds[_REMOVE] = ":material/delete: " + _("Remove “{name}” …", name=name)
    return deeds


def _do(deed: str, page: str, view: SavedView, query: str) -> None:
    match deed:
        case "update":
            draft = SavedViewDraft(view.name, page, query, view.is_shared)
            saved = _("“{name}” keeps these filters now.", name=view.name)
            change = partial(change_view, database(), actor(), view.id, view.version, draft, now())
            attempt(_FORM, change, saved)
            st.rerun()
        case "link":
            open_dialog(_("Link to “{name}”", name=view.name), _show_link, view)
        case "change":
            _open_form(page, view.query, view)
        case "remove":
            effect = _("Its name and its link are gone for everybody; the leads and customers stay.")
            ask_to_remove(f"{_FORM}-remove", view, f"“{view.name}”", effect, remove_view)


def _show_link(view: SavedView) -> None:
    here = urlsplit(st.context.url or f"/{view.page}")
    st.code(
        urlunsplit((here.scheme, here.netloc, here.path, f"{_LINK}={view.id}", "")),
        language=None,
        wrap_lines=True,
    )
    if view.is_shared:
        st.caption(_("It opens the page with the filters that the view has by then."))
    else:
        st.caption(_("Only you can open it: the view is not shared."))


def _open_form(page: str, query: str, view: SavedView | None = None) -> None:
    forget(f"{_FORM}-{view.id if view else 'new'}")
    open_dialog(
        _("Change “{name}”", name=view.name) if view else _("Save as a view"),
        setting_form,
        _FORM,
        view,
        partial(_fields, page, query),
        _save,
        change_view,
        lambda source, who, with_archived: list_views(source, who, page),
    )


def _save(source: Database, who: Actor, draft: SavedViewDraft, at: datetime, new: UUID) -> SavedView:
    view = save_view(source, who, draft, at, new)
    st.session_state[_last(view.page)] = str(view.id)
    return view


def _fields(page: str, query: str, form: str, view: Any) -> SavedViewDraft:
    name = text_field(form, "name", _("Name (required)"), view)
    if view is None:
        st.caption(_("The view keeps the filters that are set now, under this name."))
    field_problem(form, "query")
    is_shared = view.is_shared if view else False
    may_share = actor().may(Permission.WORK) or is_shared
    if may_share and (view is None or is_own(actor(), view)):
        is_shared = st.checkbox(_("Shared with everybody"), is_shared, key=f"{form}-is_shared")
    return SavedViewDraft(name, page, query, is_shared)
