"""Import, step 3: what each column of the file is."""

from collections.abc import Mapping, Sequence

import streamlit as st

from crmplus.exchange.columns import field_name
from crmplus.exchange.fields import FIELDS, Kind
from crmplus.ui.import_draft import ImportDraft
from crmplus.ui.import_options import lacks_of, settle_account_type, show_options
from crmplus.ui.import_saved import offer_saved
from crmplus.ui.import_steps import go, next_step, show_ways
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain, shortened

_LEFT_OUT = ""
_LONGEST_SAMPLE = 40
_LONGEST_NAME = 60
_NAMES_SAID = 12


def show_columns(draft: ImportDraft) -> None:
    """Saved decisions first, then what a row is, then each column, then what holds for all rows."""
    offer_saved(draft)
    settle_account_type(draft)
    kinds = {kind: _kind_words(kind) for kind in Kind}
    kind: Kind | None = st.radio(
        _("Each row is"),
        list(kinds),
        format_func=kinds.__getitem__,
        key=draft.key("kind", draft.kind),
        horizontal=True,
    )
    draft.kind = kind or draft.kind
    summary = st.container()
    with st.container(key="import-rows"):
        options = _possible_fields(draft)
        for place, name in enumerate(draft.names):
            _show_column(draft, place, name, options)
    with summary:
        _say_what_is_left_out(draft)
    show_options(draft)
    missing = lacks_of(draft)
    for message in missing:
        st.warning(plain(language().message(message)), icon=":material/arrow_upward:")
    if show_ways(draft, can_go_on=not missing):
        go(draft, next_step(draft))


def _say_what_is_left_out(draft: ImportDraft) -> None:
    used = draft.used_columns
    left_out = [name for name in draft.names if name not in used]
    words = [_n("{count} column is recognised.", "{count} columns are recognised.", len(used))]
    if left_out:
        names = ", ".join(shortened(name, 30) for name in left_out[:_NAMES_SAID])
        names += " …" if len(left_out) > _NAMES_SAID else ""
        words.append(
            _n(
                "{count} column is left out: {names}.",
                "{count} columns are left out: {names}.",
                len(left_out),
                names=names,
            )
        )
    st.info(plain(" ".join(words)), icon=":material/view_column:")


def _possible_fields(draft: ImportDraft) -> dict[str, str]:
    """What a column can be, in words; fields of leads are no choice where a row is a customer."""
    of_leads = draft.kind is not Kind.CUSTOMERS
    keys = [key for key, field in FIELDS.items() if of_leads or not field.is_of_lead]
    return {key: _field_words(key, of_leads) for key in (_LEFT_OUT, *keys)}


def _show_column(draft: ImportDraft, place: int, name: str, options: Mapping[str, str]) -> None:
    with st.container(border=True, key=f"import-row-column-{place}"):
        what, samples, choice = st.columns([3, 4, 4], vertical_alignment="center")
        what.markdown(f"**{plain(shortened(name, _LONGEST_NAME))}**")
        cells = [shortened(cell, _LONGEST_SAMPLE) for cell in draft.samples(place)]
        samples.text(" · ".join(cells) or _("(empty)"))  # markdown would make links of addresses
        with choice:
            _choose_field(draft, place, name, options)


def _choose_field(draft: ImportDraft, place: int, name: str, options: Mapping[str, str]) -> None:
    kept = draft.columns.get(name, _LEFT_OUT)
    chosen: str = st.selectbox(
        plain(_("What {column} is", column=shortened(name, _LONGEST_NAME))),
        list(options),
        format_func=options.__getitem__,
        key=draft.key(f"column-{place}-{len(options)}", kept if kept in options else _LEFT_OUT),
        label_visibility="collapsed",
    )
    if chosen:
        draft.columns[name] = chosen
    elif kept in options:
        draft.columns.pop(name, None)
    _say_rivals(draft, name, chosen)


def _say_rivals(draft: ImportDraft, name: str, chosen: str) -> None:
    """A field is one column's: another that claims it too is named."""
    rivals: Sequence[str] = [other for other, key in draft.columns.items() if key == chosen and other != name]
    if chosen and rivals:
        sentence = _("{column} is that already; choose one.", column=shortened(rivals[0], 30))
        st.markdown(f":red[:material/error: {plain(sentence)}]")


def _field_words(key: str, with_group: bool) -> str:
    """What a field is called, with whose it is in front where that is open."""
    if not key:
        return _("– leave out –")
    name = language().message(field_name(key))
    group = _("Lead") if FIELDS[key].is_of_lead else _("Customer")
    is_plain = not with_group or group.casefold() in name.casefold().replace("-", " ").split()[0]
    return name if is_plain else f"{group}: {name}"


def _kind_words(kind: Kind) -> str:
    return {
        Kind.CUSTOMERS: _("a customer"),
        Kind.LEADS: _("a lead with its customer"),
        Kind.HISTORY: _("one visit or change of a lead"),
    }[kind]
