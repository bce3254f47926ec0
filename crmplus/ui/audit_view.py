"""The audit: its filters, kept in the URL, and its lines."""

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from crmplus.analytics.period import Period
from crmplus.domain.audit import AuditLine
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.audit import AuditQuery, list_audit
from crmplus.ui.audit_words import what_differs, what_happened, who_did_it
from crmplus.ui.download import ALL_ROWS, download
from crmplus.ui.periods import choose_period, days_of
from crmplus.ui.pickers import ALL, filter_by, filter_by_owner, owners_by_code
from crmplus.ui.session import _, _n, actor, database, language, workspace
from crmplus.ui.tables import PAGE_SIZE, page_count, read_page

_LONGEST = 300


def choose_lines() -> AuditQuery:
    """One row of filters."""
    people = owners_by_code()
    first, second, third, fourth = st.columns([1.4, 1, 1, 1], vertical_alignment="bottom")
    with first:
        search = st.text_input(
            _("Search"),
            key="text",
            placeholder=_("Name, number, address or value"),
            max_chars=200,
            bind="query-params",
        )
    with second:
        names = {ALL: _("everybody"), **{code: p.name for code, p in people.items()}}
        code = filter_by_owner("who", _("Who"), names)
    with third:
        door = filter_by("kind", _("What"), {ALL: _("everything"), "door": _("sign-in and files")})
    with fourth:
        days = days_of(choose_period("when", _("When"), "month"))
    period = Period(*days, zone=workspace().zone)
    return AuditQuery(
        search=search or "",
        actor_id=people[code].id if code in people else None,
        only_door=door == "door",
        from_utc=period.from_utc,
        before_utc=period.before_utc,
    )


def show_lines(query: AuditQuery) -> None:
    """One page of the lines, newest first, all of them as a file."""
    page = st.session_state.get("audit-page", 1)
    lines, total = read_page(page, list_audit, query)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_n("{count} line, newest first", "{count} lines, newest first", total), width="content")
        _download(query)
    if not lines:
        st.info(_("Nothing happened that these filters let through."), icon=":material/filter_alt_off:")
        return
    frame = pd.DataFrame([_row(line) for line in lines])
    st.dataframe(
        frame,
        hide_index=True,
        key="audit",
        placeholder="–",
        alt=_("What happened, newest first"),
        height="content",
        column_config={name: st.column_config.Column(head) for name, head in _heads().items()},
    )
    if total > PAGE_SIZE:
        st.pagination(page_count(total), key="audit-page")


def _row(line: AuditLine) -> dict[str, str]:
    return {
        "at": language().date_and_time(line.at_utc),
        "who": who_did_it(line),
        "what": what_happened(line),
        "subject": line.subject,
        "details": what_differs(line)[:_LONGEST],
        "address": line.address,
    }


def _heads() -> dict[str, str]:
    return {
        "at": _("When"),
        "who": _("Who"),
        "what": _("What"),
        "subject": _("About"),
        "details": _("Details"),
        "address": _("From"),
    }


def _download(query: AuditQuery) -> None:
    heads = _heads()
    columns = [Column(name, head, Kind.MOMENT if name == "at" else Kind.TEXT) for name, head in heads.items()]

    def rows() -> Iterator[dict[str, object]]:
        lines, _total = list_audit(database(), actor(), query, ALL_ROWS)
        for line in lines:
            yield _row(line) | {"at": line.at_utc, "details": what_differs(line)}

    download(_("Audit"), columns, rows, "audit")
