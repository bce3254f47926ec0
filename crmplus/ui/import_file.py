"""Import, step 1: the file; below it the imports that were made."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from crmplus.exchange.source import LARGEST_FILE
from crmplus.ui.forms import attempt, show_problem
from crmplus.ui.import_draft import ImportDraft, Step, take_file
from crmplus.ui.import_runs import show_runs
from crmplus.ui.import_steps import go, show_ways
from crmplus.ui.session import _
from crmplus.ui.text import plain, shortened

_FORM = "import-file"


def show_file(draft: ImportDraft) -> None:
    """Take a file; what it is shows in its content, so any is let in."""
    chosen = st.file_uploader(
        _("Choose a file with customers or leads, or drop it here"), key=f"import-upload-{draft.turn}"
    )
    st.caption(
        plain(
            _(
                "CSV, text, Excel (XLSX, XLS, XLSB) or ODS, up to {most} MB. "
                "Nothing is stored before you have seen what the import will do.",
                most=LARGEST_FILE >> 20,
            )
        )
    )
    if chosen and st.session_state.get(_FORM) != chosen.file_id:
        st.session_state[_FORM] = chosen.file_id
        _take(chosen)
    show_problem(_FORM)
    if draft.contents:
        name = shortened(draft.file.name)
        st.info(plain(_("{file} is opened already.", file=name)), icon=":material/description:")
        if show_ways(draft):
            go(draft, Step.READING)
    show_runs()


def _take(chosen: UploadedFile) -> None:
    with st.spinner(_("Looking at the file …")):
        went_through = attempt(_FORM, lambda: take_file(chosen.name, chosen))
    if went_through:
        st.rerun()
