"""Lists: rows that open, heads that sort, pages that turn."""

from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

PAGE_SIZE = 50


def open_on_click(
    key: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, object]],
    alt: str,
    config: Mapping[str, ColumnConfig] | None = None,
    *,
    sortable: bool = False,
) -> tuple[int | None, str | None]:
    """A table in which a click anywhere on a row opens it.

    `columns` maps field to head. Returns the row and the field of the head that was clicked.
    """
    frame = pd.DataFrame([{field: row[field] for field in columns} for row in rows], columns=list(columns))
    turn = st.session_state.setdefault(f"{key}-turn", 0)
    modes: list[Literal["single-cell", "single-column"]] = ["single-cell"]
    if sortable:
        modes.append("single-column")
    event = st.dataframe(
        frame,
        hide_index=True,
        key=f"{key}-{turn}",
        on_select="rerun",
        selection_mode=modes,
        column_config={field: st.column_config.Column(head) for field, head in columns.items()}
        | dict(config or {}),
        placeholder="–",
        alt=alt,
        height="content" if len(rows) <= PAGE_SIZE else "auto",
    )
    cells, heads = event.selection.get("cells", []), event.selection.get("columns", [])
    if cells or heads:
        st.session_state[f"{key}-turn"] = turn + 1  # so that the next click counts again
    if heads:
        return None, heads[0]
    return (cells[0][0], None) if cells else (None, None)
