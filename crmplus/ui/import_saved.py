"""Decisions about a file, kept by name: offered for the next file like it."""

from dataclasses import replace

import streamlit as st

from crmplus.domain.errors import CrmError
from crmplus.domain.importing import SavedMapping
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import ImportMapping, fits, from_json
from crmplus.exchange.mappings import delete_mapping, list_mappings, save_mapping
from crmplus.ui.forms import attempt, field_problem, show_problem
from crmplus.ui.import_draft import ImportDraft
from crmplus.ui.session import _, actor, database, now, read
from crmplus.ui.text import plain, shortened

_FORM = "import-saved"


def offer_saved(draft: ImportDraft) -> None:
    """The saved decisions that fit the file's columns, applied with one click."""
    show_problem(_FORM)
    for saved in read(list_mappings):
        mapping = _understood(saved)
        if mapping is None or not fits(mapping, draft.names):
            continue
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"saved-{saved.id}"):
            name = shortened(saved.name)
            if draft.applied == saved.name:
                words = _("The decisions saved as “{name}” are used.", name=name)
                st.markdown(f":material/check: {plain(words)}", width="stretch")
            else:
                words = _("This file has the columns of “{name}”.", name=name)
                st.markdown(plain(words), width="stretch")
                st.button(
                    plain(_("Use the decisions saved as “{name}”", name=name)),
                    key=f"import-use-{saved.id}",
                    on_click=_apply,
                    args=(draft, saved.name, mapping),
                )
            st.button(
                _("Forget them"),
                type="tertiary",
                key=f"import-forget-{saved.id}",
                on_click=_forget,
                args=(saved,),
            )


def _understood(saved: SavedMapping) -> ImportMapping | None:
    try:
        return from_json(saved.content_json)
    except CrmError:  # of a newer program: nothing to offer
        return None


def _apply(draft: ImportDraft, name: str, mapping: ImportMapping) -> None:
    """All of them, and of the reading what columns don't show: how numbers and dates are written."""
    draft.applied, draft.turn = name, draft.turn + 1
    draft.kind, draft.columns = mapping.kind, dict(mapping.columns)
    draft.account_type, draft.customer_key = mapping.account_type, mapping.customer_key
    draft.key_source = mapping.source or None
    draft.has_placeholder, draft.placeholder = (
        bool(mapping.placeholder_customer),
        mapping.placeholder_customer,
    )
    if mapping.kind is Kind.CUSTOMERS:
        draft.starts_leads = mapping.starts_leads
    draft.values = {key: dict(choices) for key, choices in mapping.values.items()}
    draft.values_type = mapping.account_type
    if mapping.reading:
        draft.reading = replace(
            draft.reading,
            decimal_mark=mapping.reading.decimal_mark,
            date_order=mapping.reading.date_order,
        )


def _forget(saved: SavedMapping) -> None:
    attempt(_FORM, lambda: delete_mapping(database(), actor(), saved.id, now()), _("Forgotten"))


def offer_saving(draft: ImportDraft) -> None:
    """Keep the decisions under a name."""
    stem = draft.file.name.rpartition(".")[0] or draft.file.name
    with st.expander(_("Keep these decisions for the next file like it"), icon=":material/bookmark:"):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        name = left.text_input(
            _("Name"), key=draft.key("saved-name", draft.applied or shortened(stem, 80)), max_chars=80
        )
        pressed = right.button(_("Keep them"), key="import-keep", width="stretch")
        field_problem(_FORM, "name")
        if pressed:
            mapping = draft.mapping()
            if attempt(
                _FORM,
                lambda: save_mapping(database(), actor(), name, mapping, now()),
                _("The decisions are kept"),
            ):
                draft.applied = name.strip()
            st.rerun()
