"""Everything, out and back in: for moving to another machine, or to keep a copy elsewhere."""

import tempfile
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from crmplus.exchange.workspace_files import export_workspace, import_workspace
from crmplus.ui.download import file_button
from crmplus.ui.forms import attempt
from crmplus.ui.session import _, actor, database, now


def download_everything() -> None:
    """The whole workspace as one ZIP."""
    st.subheader(_("Everything to take along"), anchor=False)
    st.caption(
        _(
            "All customers, leads, settings and history as CSV files in one ZIP, with a README. "
            "It can be brought back on the first page of an empty database."
        )
    )
    with st.container(width="content"):
        file_button(_("Download everything"), "CRM+.zip", "application/zip", _zip, "everything")


def _zip() -> bytes:
    with tempfile.TemporaryDirectory(prefix="crmplus-") as made:
        target = Path(made) / "everything.zip"
        export_workspace(database(), actor(), target, now())
        return target.read_bytes()


def bring_back(form: str) -> None:
    """The way back in; what is wrong with the file is kept for `show_problem` of `form`."""
    st.write(_("A workspace that was downloaded as a ZIP on the page Workspace: all of it, or nothing."))
    chosen = st.file_uploader(
        _("The ZIP of an export"), type="zip", key=f"{form}-zip", label_visibility="collapsed"
    )
    if st.button(_("Bring it back"), disabled=chosen is None, key=f"{form}-bring-back") and chosen:
        with st.spinner(_("Bringing it back …")):
            attempt(form, lambda: _import(chosen), _("Your workspace is back"))
        st.rerun()


def _import(chosen: UploadedFile) -> None:
    with tempfile.TemporaryDirectory(prefix="crmplus-") as made:
        source = Path(made) / "everything.zip"
        source.write_bytes(chosen.getbuffer())
        import_workspace(database(), actor(), source)
