"""A list or a figure to take along: CSV or XLSX, made when asked for."""

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from crmplus.domain.audit import AuditAction
from crmplus.exchange.table_files import Column, Row, Style, to_csv, to_xlsx
from crmplus.services.audit import record
from crmplus.ui.session import _, actor, database, language, now

ALL_ROWS = 2**31 - 1
"""A limit that is none: a file holds the rows of all pages, read as one state of the data."""

_OURS = "crmplus"
"""What Plotly knows our words by."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DECIMAL_MARK_AND_DELIMITER = {"en": (".", ","), "nl": (",", ";")}
"""What spreadsheets expect where the language is spoken."""


def download(name: str, columns: Sequence[Column], rows: Callable[[], Iterable[Row]], key: str) -> None:
    """A quiet button that opens the choice of files; `name` says what they hold.

    `rows` is called when a file is asked for, and gives all that the filters show, in their order.
    """
    decimal_mark, usual = _DECIMAL_MARK_AND_DELIMITER[language().code]
    delimiters = {";": _("semicolon"), ",": _("comma"), "\t": _("tab")}
    with st.popover(_("Download"), type="tertiary", icon=":material/download:", key=f"{key}-download"):
        words = (_("yes"), _("no"))
        book = Style(language().zone, yes_no=words)
        file_button(
            _("Excel (XLSX)"),
            f"{name}.xlsx",
            XLSX,
            _told(name, lambda: to_xlsx(columns, rows(), book, name)),
            f"{key}-xlsx",
        )
        delimiter = st.selectbox(
            _("Separator"),
            list(delimiters),
            index=list(delimiters).index(usual),
            format_func=delimiters.__getitem__,
            key=f"{key}-delimiter",
        )
        with_bom = st.checkbox(_("For Excel (UTF-8 with byte order mark)"), value=True, key=f"{key}-with-bom")
        text = Style(language().zone, delimiter, with_bom, decimal_mark, words)
        plain_text = _told(name, lambda: to_csv(columns, rows(), text))
        file_button(_("CSV"), f"{name}.csv", "text/csv", plain_text, f"{key}-csv")


def _told(name: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """The file, and a line in the audit that somebody took it along."""

    def made() -> bytes:
        content = make()
        record(database(), actor(), AuditAction.LIST_EXPORTED, now(), name)
        return content

    return made


def file_button(
    label: str, file_name: str, mime: str, make: Callable[[], bytes], key: str, *, is_dated: bool = True
) -> None:
    """A button that makes a file and hands it over; today's date goes into its name, if `is_dated`."""
    session = get_script_run_ctx()

    def made_in_session() -> bytes:
        """Streamlit asks for it in a thread that does not know whose language and role to go by."""
        with ThreadPoolExecutor(1, initializer=lambda: add_script_run_ctx(ctx=session)) as thread:
            return thread.submit(make).result()

    st.download_button(
        label,
        made_in_session,
        dated(file_name) if is_dated else file_name,
        mime,
        key=key,
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )


def picture_of(title: str) -> dict[str, object]:
    """The settings of a chart whose one button, shown while it is pointed at, saves it as a picture.

    The browser draws the picture: nothing is sent anywhere.
    """
    return {
        "responsive": True,
        "displayModeBar": "hover",
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": dated(f"{title}.png")[:-4]},
        "locale": _OURS,
        "locales": {_OURS: {"dictionary": _plotly_words(), "format": {}}},
    }


def _plotly_words() -> dict[str, str]:
    """What Plotly says, in the reader's language; the keys are its own words."""
    return {
        "Download plot as a PNG": _("Save as a picture"),
        "Preparing image - this may take a few seconds": _("Making the picture …"),
        "Image download succeeded": _("The picture is saved"),
        "Sorry, there was a problem downloading your image!": _("The picture could not be made."),
    }


def dated(file_name: str) -> str:
    """The name with today's date before its ending, without signs that file systems refuse."""
    stem, _dot, ending = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "-", file_name).rpartition(".")
    return f"{stem.strip('. -')} {now().astimezone(language().zone):%Y-%m-%d}.{ending}"
