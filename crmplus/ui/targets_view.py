"""Targets on screen: the year, the grid, what is wrong with it, and its totals."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

import pandas as pd
import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.errors import Invalid
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.figure_table import figure_table
from crmplus.ui.forms import problem, show_problem
from crmplus.ui.pickers import filter_by
from crmplus.ui.session import _, _n, actor, language, now, people, workspace
from crmplus.ui.targets_form import (
    Cell,
    Loaded,
    amounts,
    drop,
    fill_from_last_year,
    form_name,
    grid_key,
    months_of,
    note_edits,
    save,
    save_on_top,
    typed,
)
from crmplus.ui.text import plain
from crmplus.ui.words import field_name, owner_name

_YEARS_AHEAD, _YEARS_BACK = 2, 8


def choose_year() -> int:
    """A year, kept in the URL; this one where none is chosen."""
    this = now().astimezone(workspace().zone).year
    years = [this, *range(this + 1, this + 1 + _YEARS_AHEAD), *range(this - 1, this - 1 - _YEARS_BACK, -1)]
    with st.container(key="filters"):
        (column, _rest) = st.columns([1, 3])
    with column:
        return int(filter_by("year", _("Year"), {str(year): str(year) for year in years}))


def say_nobody() -> None:
    """Instead of an empty grid."""
    st.info(_("Nobody here yet: targets are for people who own leads."), icon=":material/inbox:")
    if actor().may(Permission.ADMINISTER):
        st.page_link("pages/people.py", label=_("To the people"), icon=":material/person:")


def show_problems(year: int) -> None:
    """What keeps the grid from being saved, each month by its name."""
    form = form_name(year)
    show_problem(form, on_overwrite=partial(save_on_top, year), on_drop=partial(drop, year))
    found = problem(form)
    if not isinstance(found, Invalid):
        return
    for place, (field, message) in enumerate(found.fields.items()):
        sentence = f"{field_name(field)}: {language().message(message)}"
        with st.container(key=f"{form}-wrong-{place}"):
            st.markdown(f":red[:material/error: {plain(sentence)}]")


def show_grid(year: int, loaded: Loaded) -> None:
    """Owners by months; a cell is an amount as the reader's language writes it, or empty."""
    key, title = grid_key(year), _("Targets of {year}", year=str(year))
    base = st.session_state[f"{form_name(year)}-base"]
    months = months_of(year)
    frame = pd.DataFrame(
        [
            {"owner": _name(owner_id)}
            | {f"{month:%Y-%m}": base.get((owner_id, month), "") for month in months}
            for owner_id in loaded.owners
        ]
    )
    look = {
        f"{month:%Y-%m}": st.column_config.TextColumn(
            language().month_name(month), width=68, max_chars=20, alignment="right"
        )
        for month in months
    }
    owner = st.column_config.TextColumn(_("Owner"), disabled=True, pinned=True, width=124)
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="fixed",
        height="content",
        column_config={"owner": owner, **look},
        on_change=note_edits,
        args=(year, key, loaded.owners),
        alt=title,
    )
    st.caption(
        _(
            "Amounts in {currency}, such as {example}; an empty cell is no target. "
            "The grid moves sideways: swipe it, or use the arrow keys, to see all months.",
            currency=workspace().currency,
            example=language().amount_example,
        )
    )


def _name(owner_id: UUID) -> str:
    person = people()[owner_id]
    return _("{name} (archived)", name=person.name) if person.archived_at_utc else person.name


def show_actions(year: int) -> None:
    """Save, and what may be done before it."""
    form, count = form_name(year), len(typed(year))
    with st.container(horizontal=True, vertical_alignment="center", key="targets-actions"):
        st.button(_("Save"), type="primary", key=f"{form}-save", on_click=save, args=(year,))
        st.button(
            _("Fill empty months with those of {year}", year=str(year - 1)),
            key=f"{form}-fill",
            icon=":material/content_copy:",
            on_click=fill_from_last_year,
            args=(year,),
        )
        if count:
            st.button(_("Drop changes"), key=f"{form}-drop", type="tertiary", on_click=drop, args=(year,))
            changed = _n("{count} month is not saved yet.", "{count} months are not saved yet.", count)
            st.markdown(plain(changed), width="content")


def show_totals(year: int, loaded: Loaded) -> None:
    """What the cells add up to, saved or not."""
    found = amounts(year)
    money = Column("amount", _("Target"), Kind.MONEY)
    left, right = st.columns(2, gap="medium")
    with left:
        rows = [(owner_name(owner), _sum(found, owner=owner)) for owner in loaded.owners]
        rows.append((_("Total"), sum(found.values(), Decimal(0))))
        _totals("targets-by-owner", _("By owner"), Column("name", _("Owner")), money, rows)
    with right:
        by_month = [(language().month(month), _sum(found, month=month)) for month in months_of(year)]
        _totals("targets-by-month", _("By month"), Column("name", _("Month")), money, by_month)


def _sum(found: Mapping[Cell, Decimal], owner: UUID | None = None, month: date | None = None) -> Decimal:
    return sum(
        (
            amount
            for (whose, when), amount in found.items()
            if owner in (None, whose) and month in (None, when)
        ),
        Decimal(0),
    )


def _totals(key: str, title: str, name: Column, money: Column, rows: list[tuple[str, Decimal]]) -> None:
    figure_table(key, title, [name, money], [{"name": what, "amount": amount} for what, amount in rows])
