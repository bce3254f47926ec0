"""Import, step 5: what the import will do, before it does; then the import itself."""

import streamlit as st

from crmplus.exchange.imports import Check, check_file, run_import
from crmplus.ui.forms import attempt, forget_problem, is_double_click, notify, problem, show_problem
from crmplus.ui.import_draft import ImportDraft, Step, begin_anew
from crmplus.ui.import_findings import show_changes, show_counts, show_notes, show_refused
from crmplus.ui.import_saved import offer_saving
from crmplus.ui.import_steps import show_way_back
from crmplus.ui.session import _, _n, actor, database, now
from crmplus.ui.text import plain

_CHECK, _IMPORT = "import-check", "import-run"
_AT_WORK = "import-at-work"
"""Round what tells how far it is: all else below it is hidden meanwhile (import.css)."""


def show_check(draft: ImportDraft) -> None:
    """The promise, with what it changes and what it refuses; or the import, once it is asked for."""
    if draft.is_importing and _is_left_alone(draft):
        draft.is_importing = False
    if draft.is_importing and draft.check:
        _import(draft, draft.check)
        return
    at_work = st.empty()
    check = draft.check
    if check is None or check.mapping != draft.mapping():
        with at_work.container(key=_AT_WORK):
            check = _check(draft)
    show_problem(_CHECK)
    show_problem(_IMPORT)
    if check:
        show_counts(check)
        show_changes(check)
        show_refused(check)
        show_notes(check)
        offer_saving(draft)
    _show_ways(draft, check)
    at_work.empty()


def _check(draft: ImportDraft) -> Check | None:
    """Look at every row; what stops that is kept for `show_problem`."""
    draft.check = None
    forget_problem(_IMPORT)
    bar, total = st.progress(0.0, _("Checking every row …")), 1

    def progress(count: int) -> None:
        bar.progress(min(count / total, 1.0), _("Checking every row …"))

    def check() -> None:
        nonlocal total
        total = max(1, draft.survey().row_count)
        draft.check = check_file(
            database(),
            actor(),
            draft.file,
            draft.reading,
            draft.mapping(),
            now(),
            progress,
        )

    attempt(_CHECK, check)
    return draft.check


def _show_ways(draft: ImportDraft, check: Check | None) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", key="import-ways"):
        show_way_back(draft)
        good = check.row_count - check.refused_count if check else 0
        if problem(_IMPORT):
            if st.button(_("Check again"), type="primary", key="import-check-again"):
                draft.check = None
                forget_problem(_IMPORT)
                st.rerun()
        elif check and check.does_nothing:
            st.button(_("Import another file"), on_click=begin_anew, key="import-another")
        elif check and good:
            all_good = _("Import")
            words = _n("Import the {count} good row", "Import the {count} good rows", good)
            label = words if check.refused_count else all_good
            if st.button(plain(label), type="primary", key="import-now"):
                draft.is_importing, draft.last_progress = True, now()
                st.rerun()


def _is_left_alone(draft: ImportDraft) -> bool:
    """A run that broke off a moment ago, by a second click on Import say, goes on; one that was left
    for another page was called off."""
    return not is_double_click(draft.last_progress)


def _import(draft: ImportDraft, check: Check) -> None:
    """All of it in one transaction: what breaks off the script in between undoes it."""
    words = _("Importing … until it is done, nothing is stored.")
    with st.container(key=_AT_WORK):
        bar = st.progress(0.0, words)
        st.button(_("Cancel"), on_click=_call_off, args=(draft,), key="import-cancel")

    def progress(share: float) -> None:
        draft.last_progress = now()
        bar.progress(min(share, 1.0), words)

    def run() -> None:
        draft.run = run_import(database(), actor(), check, now(), progress)

    went_through = attempt(_IMPORT, run)
    draft.is_importing = False
    if went_through:
        draft.step = Step.RESULT
    st.rerun()


def _call_off(draft: ImportDraft) -> None:
    if draft.is_importing:  # it may be done in the meantime
        draft.is_importing = False
        notify(_("Called off: nothing was imported"))
