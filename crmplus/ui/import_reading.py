"""Import, step 2: how the file is read, in words, with its first rows; each setting can be changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from crmplus.domain.errors import CrmError
from crmplus.exchange.detect import guess_header_row, guess_values
from crmplus.exchange.lines import Line
from crmplus.exchange.reading import DateOrder, Reading
from crmplus.exchange.source import FileKind
from crmplus.ui.import_draft import ImportDraft, Step, is_known
from crmplus.ui.import_steps import go, show_ways
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain, shortened

_ROWS_SHOWN = 20
_LONGEST_CELL = 80
_LAST_HEADER_ROW = 1_000


def show_reading(draft: ImportDraft) -> None:
    """The file as it is read now; another setting reads it again."""
    st.markdown(f"**{plain(shortened(draft.file.name))}**  \n{plain(_in_words(draft))}")
    for hint in draft.hints:
        st.warning(plain(language().message(hint)), icon=":material/help:")
    folded = st.expander(
        _("Does it look wrong? Change how it is read"),
        icon=":material/tune:",
        key="import-reading-settings",
        on_change="rerun",  # so that it stays open while the page under it changes
    )
    if folded.open:
        with folded:
            _change(draft)
    try:
        names, lines = draft.look()
        _show_rows(names, lines[:_ROWS_SHOWN])
        can_go_on = bool(lines)
    except CrmError as error:
        st.error(plain(language().message(error.message)), icon=":material/error:")
        can_go_on = False
    if show_ways(draft, can_go_on=can_go_on) and _is_readable(draft):
        draft.begin_columns()
        go(draft, Step.COLUMNS)


def _is_readable(draft: ImportDraft) -> bool:
    """Whether the whole file can be read so; where not, why and in which line."""
    try:
        with st.spinner(_("Reading the whole file …")):
            draft.survey()
    except CrmError as error:
        st.error(plain(language().message(error.message)), icon=":material/error:")
        return False
    return True


def _in_words(draft: ImportDraft) -> str:
    """The settings as one line."""
    reading, parts = draft.reading, []
    if draft.file.kind is FileKind.WORKBOOK:
        parts.append(_("workbook, sheet {sheet}", sheet=shortened(reading.sheet)))
    else:
        parts.append(_("text in {encoding}", encoding=_encodings(reading)[reading.encoding]))
        parts.append(_("cells separated by: {sign}", sign=_delimiters(reading)[reading.delimiter]))
    if reading.header_row:
        parts.append(_("column names in line {line}", line=reading.header_row))
    else:
        parts.append(_("no line with column names"))
    parts.append(_("numbers like {example}", example=_decimal_marks()[reading.decimal_mark]))
    parts.append(_("dates like {example}", example=_date_orders()[reading.date_order]))
    return " · ".join(parts)


def _change(draft: ImportDraft) -> None:
    """First what divides the file into cells, then what the cells mean."""
    before = draft.reading
    left, middle, right = st.columns(3)
    if draft.file.kind is FileKind.WORKBOOK:
        names = {sheet: shortened(sheet) for sheet in draft.file.sheets}
        with left:
            divided = replace(before, sheet=_choose(draft, "sheet", _("Sheet"), names, before.sheet))
    else:
        quotes = {'"': '"', "'": "'", "": _("none")}
        quotes.setdefault(before.quote, before.quote)
        with left:
            encoding = _choose(draft, "encoding", _("Encoding"), _encodings(before), before.encoding)
        with middle:
            sign = _choose(draft, "delimiter", _("Separator"), _delimiters(before), before.delimiter)
        with right:
            quote = _choose(draft, "quote", _("Quotes round text"), quotes, before.quote)
        divided = replace(before, encoding=encoding, delimiter=sign, quote=quote)
    if divided != before:
        _read_anew(draft, divided)
    left, middle, right = st.columns(3)
    row = left.number_input(
        _("Line with the column names (0: none)"),
        0,
        _LAST_HEADER_ROW,
        step=1,
        key=draft.key("header-row", before.header_row),
    )
    with middle:
        mark = _choose(draft, "mark", _("Numbers are written"), _decimal_marks(), before.decimal_mark)
    with right:
        order = _choose(draft, "order", _("Dates are written"), _date_orders(), before.date_order)
    after = replace(before, header_row=int(row), decimal_mark=mark, date_order=DateOrder(order))
    if after != before:
        draft.reading, draft.hints = after, ()
        st.rerun()


def _read_anew(draft: ImportDraft, divided: Reading) -> None:
    """Other cells: the header and the way of writing are guessed anew, where they can be read at all."""
    draft.hints = ()
    try:
        divided = guess_header_row(draft.file, divided, is_known)
        found = guess_values(draft.file, divided, day_first=True, prefers_comma=language().code == "nl")
        divided, draft.hints = found.reading, found.notes
    except CrmError:
        divided = replace(divided, header_row=1)  # the preview says what is wrong, and it can be changed back
    draft.reading, draft.turn = divided, draft.turn + 1
    st.rerun()


def _choose(draft: ImportDraft, name: str, label: str, options: Mapping[str, str], chosen: str) -> str:
    found: str = st.selectbox(
        label, list(options), format_func=options.__getitem__, key=draft.key(name, chosen)
    )
    return found


def _encodings(reading: Reading) -> dict[str, str]:
    """A short list, and what was found where it isn't on it."""
    names = {
        "utf-8": "UTF-8",
        "utf-8-sig": _("UTF-8 with byte order mark"),
        "cp1252": _("Windows, Western Europe (1252)"),
        "cp1250": _("Windows, Central Europe (1250)"),
        "cp1251": _("Windows, Cyrillic (1251)"),
        "mac_roman": _("Old Macintosh"),
        "cp850": _("DOS, Western Europe (850)"),
        "utf-16": "UTF-16",
        "cp932": _("Japanese (Shift-JIS)"),
    }
    return names if reading.encoding in names else {reading.encoding: reading.encoding, **names}


def _delimiters(reading: Reading) -> dict[str, str]:
    names = {",": _("comma (,)"), ";": _("semicolon (;)"), "\t": _("tab"), "|": _("bar (|)")}
    return names if reading.delimiter in names else {reading.delimiter: repr(reading.delimiter), **names}


def _decimal_marks() -> dict[str, str]:
    return {".": "1,234.56", ",": "1.234,56"}


def _date_orders() -> dict[str, str]:
    return {
        DateOrder.DAY_FIRST: _("31-12-2026 (day first)"),
        DateOrder.MONTH_FIRST: _("12/31/2026 (month first)"),
        DateOrder.YEAR_FIRST: _("2026-12-31 (year first)"),
    }


def _show_rows(names: Sequence[str], lines: Sequence[Line]) -> None:
    """The first rows, with the numbers that their lines have in the file."""
    if not lines:
        st.warning(_("There are no rows below the column names."), icon=":material/table_rows:")
        return
    table = {"line": [line.number for line in lines]} | {
        f"c{place}": [
            shortened(line.values[place], _LONGEST_CELL) if place < len(line.values) else "" for line in lines
        ]
        for place in range(len(names))
    }
    heads = {
        f"c{place}": st.column_config.TextColumn(shortened(name, 40)) for place, name in enumerate(names)
    }
    heads["line"] = st.column_config.NumberColumn(_("Line"), width="small", pinned=True, format="%d")
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        column_config=heads,
        height="content",
        alt=_("The first rows of the file"),
        key="import-preview",
    )
    st.caption(plain(_n("The first {count} row.", "The first {count} rows.", len(lines))))
