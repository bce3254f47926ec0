"""Changes by owner and by phase: what each had open at both ends of the period (M10)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from crmplus.analytics.bridge import PartChange, measure_parts
from crmplus.analytics.bridge_figures import Measure, Part
from crmplus.analytics.choice import Choice
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.account_types import list_account_types
from crmplus.services.phases import list_phases
from crmplus.ui.changes_words import measure_name
from crmplus.ui.counted import how_counted
from crmplus.ui.figure_table import figure_table
from crmplus.ui.pickers import set_in_url
from crmplus.ui.session import _, people, read
from crmplus.ui.words import owner_name

_NEITHER = ""


def show_parts(choice: Choice, measure: Measure) -> None:
    """By owner or by phase, where one is asked for: a million leads take their time."""
    part = _choose_part()
    if part is None:
        return
    found = {each.id: each for each in read(measure_parts, choice, part)}
    names = _owners() if part is Part.OWNER else _phases()
    head = _("Owner") if part is Part.OWNER else _("Phase")
    kind = Kind.NUMBER if measure is Measure.LEADS else Kind.MONEY
    figure_table(
        f"changes-by-{part}",
        _("{measure} by owner", measure=measure_name(measure))
        if part is Part.OWNER
        else _("{measure} by phase", measure=measure_name(measure)),
        [
            Column("name", head),
            Column("opening", _("Opening"), kind),
            Column("net", _("Net change"), kind),
            Column("closing", _("Closing"), kind),
        ],
        _rows([(names.get(key, _("nobody")), found[key]) for key in [*names, None] if key in found], measure),
    )
    how_counted(
        _(
            "Each lead counts for the owner and the phase that it had at either end. "
            "Net change = closing - opening; choose an owner above to see how it came about."
        )
    )


def _choose_part() -> Part | None:
    """Kept in the URL; nothing until asked for."""
    names = {Part.OWNER: _("By owner"), Part.PHASE: _("By phase")}
    asked = st.query_params.get("by", _NEITHER)
    widget = f"part-{hash(tuple(names.values()))}"  # other words make another switch
    st.session_state[widget] = Part(asked) if asked in list(Part) else None
    found: Part | None = st.segmented_control(
        _("Net change"),
        list(Part),
        format_func=names.__getitem__,
        key=widget,
        on_change=lambda: set_in_url("by", st.session_state[widget] or _NEITHER, _NEITHER),
    )
    return found


def _owners() -> dict[UUID | None, str]:
    return {owner_id: owner_name(owner_id) for owner_id in people()}


def _phases() -> dict[UUID | None, str]:
    """In funnel order; with the account type, as several have phases of one name."""
    types: Mapping[UUID, str] = {t.id: t.description for t in read(list_account_types, with_archived=True)}
    in_order = {key: place for place, key in enumerate(types)}
    phases = sorted(
        read(list_phases, with_archived=True), key=lambda p: (in_order[p.account_type_id], p.sort_key)
    )
    return {p.id: f"{types[p.account_type_id]}: {p.description}" for p in phases}


def _rows(parts: Sequence[tuple[str, PartChange]], measure: Measure) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "opening": each.opening.of(measure),
            "net": each.closing.of(measure) - each.opening.of(measure),
            "closing": each.closing.of(measure),
        }
        for name, each in parts
    ]
