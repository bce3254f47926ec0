"""Lists: rows that open, heads that sort, pages that turn."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from crmplus.exchange.table_files import Kind
from crmplus.ui.session import language, read

Row = TypeVar("Row")
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


def in_words(kind: Kind, value: Any, decimals: int | None = None) -> str:
    """A cell as an overview writes it: a dash where there is nothing, amounts without decimals.

    `decimals` is how many an amount, a share or a mean has instead of the usual.
    """
    words = language()
    if value is None or value == "":
        return "–"
    match kind:
        case Kind.MONEY:
            return words.money(value) if decimals else words.round_money(value)
        case Kind.NUMBER:
            return words.number(value)
        case Kind.DECIMAL:
            return words.decimal(value, 1 if decimals is None else decimals)
        case Kind.RATIO:
            return words.decimal(value, 3)
        case Kind.SHARE:
            return words.percent(value, 1 if decimals is None else decimals)
        case Kind.DATE:
            return words.day(value)
    return str(value)


def page_count(total: int, size: int | None = None) -> int:
    return max(1, -(-total // (size or PAGE_SIZE)))


def read_page(
    page: int, function: Callable[..., tuple[list[Row], int]], *args: object, size: int | None = None
) -> tuple[list[Row], int]:
    """One page of a list and how many rows there are in all; behind the last page, the last."""
    size = size or PAGE_SIZE
    rows, total = read(function, *args, size, (page - 1) * size)
    if not rows and total:
        return read(function, *args, size, (page_count(total, size) - 1) * size)
    return rows, total
