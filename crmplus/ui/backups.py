"""The page Backup: how the last one went, what there is, and how one is brought back."""

import shlex
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import streamlit as st

from crmplus.domain.errors import CrmError, Refused
from crmplus.domain.message import Message
from crmplus.keeping.backup import back_up, backups, read_backup, verify
from crmplus.keeping.folder import Backup, newest_made
from crmplus.keeping.outcome import Outcome, last_outcome
from crmplus.keeping.place import Place
from crmplus.ui.download import file_button
from crmplus.ui.forms import attempt
from crmplus.ui.session import _, _n, actor, database, language, now
from crmplus.ui.text import plain

_FORM = "backup"
_VERIFIED = "backups verified"
_SHOWN = 10
_LATE = 2
"""Times the usual pause between two backups after which one is missing."""


def make_one(place: Place) -> None:
    """The button that makes a backup, in the place of a page's primary action."""
    if st.button(_("Back up now"), type="primary", icon=":material/backup:", key="back-up"):
        with st.spinner(_("Making a backup …")):
            attempt(_FORM, lambda: back_up(database(), actor(), place, now()), _("Backup made"))
        st.rerun()


def find_them(place: Place) -> list[Backup]:
    """All that there are; a folder that can't be read is said to be that, and the rest of the page shows."""
    try:
        return backups(actor(), place)
    except Refused as error:
        st.error(plain(language().message(error.message)), icon=":material/error:")
        return []


def show_state(place: Place, found: list[Backup]) -> None:
    """Whether all is well, first; then what happens by itself."""
    last = last_outcome(place)
    newest = newest_made(found, now())
    when = language().date_and_time(newest) if newest else ""
    if last and last.problem:
        st.error(_last_failed(last, when), icon=":material/error:")
    elif not newest:
        st.warning(_("There is no backup yet: make one now."), icon=":material/warning:")
    elif last and last.finding_count:
        st.error(_unsound(last), icon=":material/error:")
    elif place.every and now() - newest > _LATE * place.every:
        st.warning(_("No backup was made since {when}.", when=when), icon=":material/warning:")
    else:
        st.success(_("All is well. The last backup is of {when}.", when=when), icon=":material/check:")
    st.caption(plain(_by_itself(place)))


def _last_failed(last: Outcome, newest: str) -> str:
    """`newest` is when the newest backup was made, in words; empty where there is none."""
    assert last.problem
    when = language().date_and_time(last.at_utc)
    said = _("The last try, {when}, failed.", when=when) + " " + language().message(last.problem)
    if newest:
        said += " " + _("The newest backup is of {when}.", when=newest)
    return plain(said)


def _unsound(last: Outcome) -> str:
    return plain(
        _n(
            "The last backup was made, but {count} thing in the database does not hold. Verify it to see.",
            "The last backup was made, but {count} things in the database do not hold. Verify it to see.",
            last.finding_count,
        )
    )


def _by_itself(place: Place) -> str:
    if place.every is None:
        said = _(
            "A backup is made when somebody presses the button, and by itself once the server's setting "
            "CRMPLUS_BACKUP_FOLDER names a folder."
        )
    else:
        hours = int(place.every / timedelta(hours=1))
        said = _n("One is made every hour.", "One is made every {count} hours.", hours)
    said += " " + _("Backups go to {folder}.", folder=str(place.folder))
    if place.key_file:
        return (
            said
            + " "
            + _("They are encrypted; keep the passphrase elsewhere too: without it they can't be opened.")
        )
    return (
        said + " " + _("They are not encrypted: CRMPLUS_BACKUP_KEY_FILE can name a file with a passphrase.")
    )


def list_them(place: Place, found: list[Backup]) -> None:
    """Newest first, the older ones folded away."""
    if not found:
        return
    st.subheader(_n("{count} backup", "{count} backups", len(found)), anchor=False)
    for backup in found[:_SHOWN]:
        _row(place, backup)
    if older := found[_SHOWN:]:
        with st.expander(_n("{count} older one", "{count} older ones", len(older))):
            for backup in older:
                _row(place, backup)
    st.caption(
        _(
            "Kept are all of the last two days, the last of each day for two weeks, and the last of each "
            "month for a year."
        )
    )


def _row(place: Place, backup: Backup) -> None:
    name = backup.path.name
    with st.container(border=True, key=f"backup-{name.replace('.', '-')}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(_when(backup))}**  \n{plain(_description(backup))}", width="stretch")
            with st.container(horizontal=True, width="content"):
                if st.button(_("Verify"), icon=":material/verified:", key=f"verify-{name}"):
                    with st.spinner(_("Verifying …")):
                        st.session_state.setdefault(_VERIFIED, {})[name] = _verified(place, name)
                file_button(
                    _("Download"),
                    name,
                    "application/zip",
                    lambda: _content(place, name),
                    f"download-{name}",
                    is_dated=False,
                )
        if name in (known := st.session_state.get(_VERIFIED, {})):
            _show_verified(known[name])


def _verified(place: Place, name: str) -> list[Message]:
    """What is wrong with it; empty where nothing is."""
    try:
        return [finding.message for finding in verify(actor(), place, name)]
    except CrmError as error:
        return [error.message]


def _show_verified(wrong: list[Message]) -> None:
    if not wrong:
        st.success(
            _("It can be restored: checksum, rules, references, history and figures are right."),
            icon=":material/check:",
        )
    for message in wrong[:_SHOWN]:
        st.error(plain(language().message(message)), icon=":material/error:")
    if (more := len(wrong) - _SHOWN) > 0:
        st.caption(_n("And {count} more.", "And {count} more.", more))


def _content(place: Place, name: str) -> bytes:
    return read_backup(database(), actor(), place, name, now())


def say_how_to_restore(place: Place, found: list[Backup]) -> None:
    """In words: it needs the server to be stopped, so no button can do it."""
    st.subheader(_("Bringing one back"), anchor=False)
    st.markdown(
        _(
            "Stop the server, run this command where it is installed, and start the server again. The backup "
            "is verified before it replaces anything, and the database of now is kept under another name."
        )
    )
    path = found[0].path if found else Path(f"{place.name}-20260131T120000Z.zip")
    st.code(f"python -m crmplus restore {shlex.quote(str(path))}", language=None, wrap_lines=True)


def _when(backup: Backup) -> str:
    return language().date_and_time(backup.made_at_utc)


def _description(backup: Backup) -> str:
    size = _("{size} MB", size=language().decimal(Decimal(backup.size) / 1_000_000, 1))
    return f"{size} · " + (_("encrypted") if backup.is_encrypted else _("not encrypted"))
