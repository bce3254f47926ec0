"""The imports that were made, and the way to undo one."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.importing import ImportRun
from crmplus.exchange.undo import KeptRow, list_imports, preview_undo, undo_import, undoable_imports
from crmplus.ui.forms import attempt, finish, forget_problem, link_to_customer, open_dialog, show_problem
from crmplus.ui.session import _, _n, actor, database, language, now, read
from crmplus.ui.text import plain, shortened

_SHOWN_AT_ONCE = 5
_KEPT_SHOWN = 50


def show_runs() -> None:
    """Newest first; older ones folded away."""
    runs = read(list_imports)
    if not runs:
        return
    st.subheader(_("Imports so far"), anchor=False)
    for run in runs[:_SHOWN_AT_ONCE]:
        _show_run(run)
    if older := runs[_SHOWN_AT_ONCE:]:
        with st.expander(_n("{count} older import", "{count} older imports", len(older))):
            for run in older:
                _show_run(run)


def _show_run(run: ImportRun) -> None:
    with st.container(border=True, key=f"import-row-run-{run.id}"):
        file, what, undo = st.columns([4, 4, 2], vertical_alignment="center")
        told = _("{when}, by {who}", when=run.at_utc, who=_who(run))
        file.markdown(f"**{plain(shortened(run.file_name))}**  \n{plain(told)}")
        what.markdown("  \n".join(map(plain, counts_of(run))))
        with undo:
            if run.undone_at_utc:
                undone = language().date_and_time(run.undone_at_utc)
                st.markdown(plain(_("undone {date}", date=undone)))
            if run.id in read(undoable_imports):
                offer_undo(run, f"import-undo-{run.id}")


def _who(run: ImportRun) -> str:
    return _("the local administrator") if run.actor_name == LOCAL_ADMIN.name else run.actor_name


def counts_of(run: ImportRun) -> list[str]:
    """What an import did, a line each; what it did nothing of is left out."""
    words = [
        _n("{count} customer made", "{count} customers made", run.customers_made),
        _n("{count} customer changed", "{count} customers changed", run.customers_changed),
        _n("{count} lead made", "{count} leads made", run.leads_made),
        _n("{count} lead changed", "{count} leads changed", run.leads_changed),
        _n("{count} setting or person made", "{count} settings and people made", run.settings_made),
        _n("{count} row refused", "{count} rows refused", run.refused_count),
    ]
    counts = (
        run.customers_made,
        run.customers_changed,
        run.leads_made,
        run.leads_changed,
        run.settings_made,
        run.refused_count,
    )
    return [each for each, count in zip(words, counts, strict=True) if count]


def offer_undo(run: ImportRun, key: str) -> None:
    if st.button(_("Undo …"), icon=":material/undo:", key=key):
        forget_problem("import-undo")
        open_dialog(_("Undo the import of {file}", file=shortened(run.file_name)), _ask, run)


def _ask(run: ImportRun) -> None:
    """What goes and what stays, before it does."""
    found = preview_undo(database(), actor(), run.id)
    st.markdown(
        plain(
            _n(
                "{count} customer or lead that the import made will be removed.",
                "{count} customers and leads that the import made will be removed.",
                found.removed,
            )
        )
    )
    if found.restored:
        st.markdown(
            plain(
                _n(
                    "{count} that it changed will be as it was before.",
                    "{count} that it changed will be as they were before.",
                    found.restored,
                )
            )
        )
    if run.settings_made:
        st.markdown(plain(_("Settings and people that it made are removed, unless something uses them.")))
    _show_kept(found.kept)
    show_problem("import-undo")
    if st.button(_("Undo this import"), type="primary", key="import-undo-now"):
        with st.spinner(_("Undoing the import …")):
            went_through = attempt(
                "import-undo",
                lambda: undo_import(database(), actor(), run.id, now()),
                _("The import is undone"),
            )
        finish(went_through)


def _show_kept(kept: Sequence[KeptRow]) -> None:
    """What somebody worked on since, by the reason why it stays."""
    if not kept:
        return
    st.markdown(plain(_n("{count} stays:", "{count} stay:", len(kept))))
    with st.container(height=240 if len(kept) > 6 else "content"):
        for reason, rows in groupby(kept[:_KEPT_SHOWN], key=lambda row: row.reason):
            st.caption(plain(language().message(reason)))
            for row in rows:
                if row.customer_number:
                    link_to_customer(row.customer_number, f"{shortened(row.name)} ({row.customer_number})")
                else:
                    st.markdown(plain(shortened(row.name)))
        if len(kept) > _KEPT_SHOWN:
            st.caption(plain(_("and {count} more", count=len(kept) - _KEPT_SHOWN)))
