"""Tables of figures: a heading with a download, cells that open the leads behind them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.chosen import choose
from crmplus.ui.download import download
from crmplus.ui.tables import PAGE_SIZE, in_words
from crmplus.ui.text import plain

Values = Mapping[str, object]
Behind = Callable[[int, str], str | None]
"""What `chosen` says once a cell is clicked, by its row and the key of its column; None for nothing."""


def figure_table(
    key: str, title: str, columns: Sequence[Column], rows: Sequence[Values], behind: Behind | None = None
) -> None:
    """Rows of figures, the same on the screen and in the file: text at the left, the others right."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(title), anchor=False, width="content")
        download(title, columns, lambda: rows, key)
    frame = pd.DataFrame(
        [{c.key: in_words(c.kind, row[c.key], c.decimals) for c in columns} for row in rows],
        columns=[c.key for c in columns],
    )
    look = {
        c.key: st.column_config.TextColumn(c.head, alignment="left" if c.kind is Kind.TEXT else "right")
        for c in columns
    }
    height: Literal["content", "auto"] = "content" if len(rows) <= PAGE_SIZE else "auto"
    if behind is None:
        st.dataframe(frame, hide_index=True, key=f"{key}-table", height=height, column_config=look, alt=title)
        return
    turn = st.session_state.setdefault(f"{key}-turn", 0)
    widget = f"{key}-table-{turn}"

    def keep() -> None:
        """A click counts once: the table is drawn anew, without the selection."""
        cells = st.session_state[widget].selection.get("cells", [])
        st.session_state[f"{key}-turn"] = turn + 1
        if cells and (code := behind(cells[0][0], cells[0][1])):
            choose(code)

    st.dataframe(
        frame,
        hide_index=True,
        key=widget,
        height=height,
        column_config=look,
        alt=title,
        on_select=keep,
        selection_mode="single-cell",
    )
