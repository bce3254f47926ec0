"""Import, step 6: what was done, where to look at it, and the way to undo it."""

import streamlit as st

from crmplus.exchange.undo import list_imports
from crmplus.ui.import_draft import ImportDraft, begin_anew
from crmplus.ui.import_runs import counts_of, offer_undo
from crmplus.ui.session import _, language, read
from crmplus.ui.text import plain, shortened


def show_result(draft: ImportDraft) -> None:
    """The import as it stands now: it may be undone meanwhile."""
    run = next((run for run in read(list_imports) if draft.run and run.id == draft.run.id), None)
    if run is None:
        st.info(_("This import is not here any more."), icon=":material/info:")
    elif run.undone_at_utc:
        when = language().date_and_time(run.undone_at_utc)
        st.info(plain(_("The import was undone {date}.", date=when)), icon=":material/undo:")
    else:
        words = _("{file} is imported.", file=shortened(run.file_name))
        st.success(plain(words), icon=":material/check_circle:")
        st.markdown("\n".join(f"- {plain(each)}" for each in counts_of(run)))
        st.page_link("pages/customers.py", label=_("To the customers"), icon=":material/groups:")
        if run.leads_made or run.leads_changed:
            st.page_link("pages/funnel.py", label=_("To the funnel"), icon=":material/filter_alt:")
            st.page_link("pages/win_loss.py", label=_("To win and loss"), icon=":material/balance:")
    with st.container(horizontal=True, horizontal_alignment="distribute", key="import-ways"):
        if run and not run.undone_at_utc:
            offer_undo(run, "import-undo-result")
        st.button(_("Import another file"), type="primary", on_click=begin_anew, key="import-another")
