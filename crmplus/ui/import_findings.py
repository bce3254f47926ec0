"""What the check of a file found: counts, changes, refused rows, notes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crmplus.domain.account_type import AccountType
from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.person import Person
from crmplus.domain.phase import Phase
from crmplus.exchange.changes import ChangedLead, CustomerChange
from crmplus.exchange.imports import MOST_PROBLEMS, Check
from crmplus.exchange.meanings import Made
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.rows import as_values
from crmplus.ui.download import download
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain, shortened
from crmplus.ui.words import field_name, outcome_name, value_words

_SHOWN = 200
_LONGEST_CELL = 120
_MADE_SAID = 40


def show_counts(check: Check) -> None:
    """The answer first."""
    counts = check.counts
    good = check.row_count - check.refused_count
    if check.does_nothing:
        _say_nothing_new(good)
        return
    if check.refused_count:
        words = _n("{count} row can be imported", "{count} rows can be imported", good)
    else:
        words = _n("{count} row, ready to import", "{count} rows, ready to import", good)
    st.subheader(plain(words), anchor=False)
    with st.container(key="figures"):
        places = st.columns(4)
        customers = (counts.customers_made, counts.customers_changed, counts.customers_kept)
        leads = (counts.leads_made, counts.leads_changed, counts.leads_kept)
        _show_figure(places[0], _("Customers to make"), *customers)
        _show_figure(places[1], _("Leads to make"), *leads)
        _show_figure(places[2], _("Settings and people to make"), len(check.settings.made))
        _show_figure(places[3], _("Rows refused"), check.refused_count)
    _say_what_leads_are_worth(check)
    _say_what_is_made(check.settings.made)
    _say_how_the_funnel_runs(check)


def _say_what_leads_are_worth(check: Check) -> None:
    """Counts and sums that the other system shows too."""
    if not check.worth:
        return
    parts = [
        _(
            "{count} {outcome}, {value}",
            count=worth.lead_count,
            outcome=outcome_name(worth.outcome) if worth.outcome else _("open"),
            value=language().round_money(worth.expected_value),
        )
        for worth in check.worth
    ]
    st.write(plain(_("Leads to make, with their expected value: {parts}", parts="; ".join(parts))))


def _say_how_the_funnel_runs(check: Check) -> None:
    """Where new phases stand: behind the regular ones that are there, in the order of the file."""
    account_types = {row.account_type_id for row in check.settings.made if isinstance(row, Phase)}
    for account_type_id in account_types:
        names = [shortened(phase.description, 40) for phase in check.settings.funnel(account_type_id).phases]
        st.caption(
            plain(
                _(
                    "The funnel will run: {phases}. Its order can be changed under Lead phases.",
                    phases=" → ".join(names),
                )
            )
        )


def _say_nothing_new(good: int) -> None:
    words = _n(
        "{count} row, and it says nothing new: it is here already.",
        "{count} rows, and they say nothing new: all of it is here already.",
        good,
    )
    st.info(plain(words), icon=":material/check:")


def _show_figure(
    place: DeltaGenerator, label: str, made: int, changed: int | None = None, kept: int | None = None
) -> None:
    """How many are made, and under it what happens to those that are here already."""
    others = (
        None if changed is None else _("{changed} changed, {kept} left alone", changed=changed, kept=kept)
    )
    place.metric(
        label,
        language().number(made),
        others,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def _say_what_is_made(made: Sequence[Made]) -> None:
    """The names of new settings and people, by what they are."""
    sentences: dict[type[Made], Callable[[str], str]] = {
        AccountType: lambda names: _("Account types to make: {names}", names=names),
        Phase: lambda names: _("Lead phases to make: {names}", names=names),
        ClosingReason: lambda names: _("Closing reasons to make: {names}", names=names),
        Person: lambda names: _("People to make: {names}", names=names),
    }
    for kind, sentence in sentences.items():
        names = [shortened(_name_of(row), 40) for row in made if isinstance(row, kind)]
        if names:
            shown = ", ".join(names[:_MADE_SAID]) + (" …" if len(names) > _MADE_SAID else "")
            st.caption(plain(sentence(shown)))


def show_changes(check: Check) -> None:
    """What will be different in rows that are here: before and after."""
    rows = list(_changes(check))
    if not rows:
        return
    count = check.counts.customers_changed + check.counts.leads_changed
    st.subheader(
        plain(_n("{count} change of what is here already", "{count} changes of what is here already", count)),
        anchor=False,
    )
    columns = [
        Column("line", _("Line"), Kind.NUMBER),
        Column("name", _("Customer or lead")),
        Column("field", _("Field")),
        Column("before", _("Before")),
        Column("after", _("After")),
    ]
    _show_table(columns, rows, _("Changes of what is here"), "import-changes")


def _changes(check: Check) -> Iterator[dict[str, object]]:
    made = {str(row.id): _name_of(row) for row in check.settings.made}
    for customer in check.plan.customers:
        yield from _changed_fields(customer, made)
    for lead in check.plan.leads:
        yield from _changed_fields(lead, made)


def _changed_fields(
    change: CustomerChange | ChangedLead, made: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    """A row for each field that differs and that people know."""
    if isinstance(change, CustomerChange):
        before, after, name = as_values(change.before), as_values(change.after), change.before.name
    else:
        before, after = as_values(change.standing.lead), as_values(change.after)
        name = change.standing.lead.title or change.key.partition(":")[2]
        last = change.steps[-1].step
        record = last.added[-1] if last.added else last.changed
        before["note"] = change.standing.record.note
        after["note"] = record.note if record else before["note"]
    for field in before:
        if before[field] != after[field] and (head := _head(field)):
            yield {
                "line": change.line,
                "name": name,
                "field": head,
                "before": _words(field, before[field], made),
                "after": _words(field, after[field], made),
            }


def _head(field: str) -> str:
    return _("Opened") if field == "opened_at_utc" else field_name(field)


def _words(field: str, value: object, made: Mapping[str, str]) -> str:
    """A value in words; `made` are the names of settings and people that are not there yet."""
    if isinstance(value, datetime):
        return language().date_and_time(value)
    return made.get(str(value)) or value_words(field, value)


def _name_of(row: Made) -> str:
    return row.name if isinstance(row, Person) else row.description


def show_refused(check: Check) -> None:
    """Every bad row, with the first of them to look at and all of them to take along."""
    if not check.refused_count:
        return
    words = _n("{count} row is refused", "{count} rows are refused", check.refused_count)
    st.subheader(plain(words), anchor=False)
    columns = [
        Column("line", _("Line"), Kind.NUMBER),
        Column("column", _("Column")),
        Column("value", _("Value")),
        Column("reason", _("Why")),
    ]
    rows = [
        {
            "line": found.line,
            "column": found.column,
            "value": found.value,
            "reason": language().message(found.reason),
        }
        for found in check.problems
    ]
    _show_table(columns, rows, _("Refused rows"), "import-refused")
    if len(rows) == MOST_PROBLEMS:
        st.caption(plain(_("Only the first {count} are listed.", count=MOST_PROBLEMS)))


def show_notes(check: Check) -> None:
    """What is read otherwise than it stands there."""
    if not check.notes:
        return
    st.subheader(_("Good to know"), anchor=False)
    for note in check.notes:
        where = _n("{count} row", "{count} rows", note.count)
        if note.first_line:
            where += ", " + _("the first is line {line}", line=note.first_line)
        st.markdown(f"- {plain(language().message(note.message))} ({plain(where)})")


def _show_table(columns: Sequence[Column], rows: Sequence[dict[str, object]], name: str, key: str) -> None:
    shown = [
        {k: shortened(value, _LONGEST_CELL) if isinstance(value, str) else value for k, value in row.items()}
        for row in rows[:_SHOWN]
    ]
    st.dataframe(
        pd.DataFrame(shown),
        hide_index=True,
        column_config={column.key: st.column_config.Column(column.head) for column in columns},
        height="auto" if len(shown) > 10 else "content",
        alt=name,
        key=key,
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if len(rows) > _SHOWN:
            st.caption(plain(_("The first {count} are shown; the download has all of them.", count=_SHOWN)))
        download(name, columns, lambda: rows, key)
