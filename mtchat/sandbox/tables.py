"""Frames, series and arrays described cell by cell, so that a terminal of any width can show them as tables.

Knows pandas and numpy, if the program imported them; never imports them itself. Runs in the worker, while the
program's limits hold. Leaves drawing to the host (`mtchat.render.table`).
"""

import json
import sys
from collections.abc import Callable
from typing import Any

MIME = "application/vnd.mtchat.table+json"
MOST_ROWS, SHOWN_ROWS = 60, 10
MOST_COLUMNS, SHOWN_COLUMNS = 40, 20
MOST_CELLS, SHOWN_CELLS = 400, 120
"""More than the most are cut down to those shown, half from each end."""
_LONGEST = 200


def describe(value: Any) -> str | None:
    """`value` as JSON (`mtchat.render.table.Table`); None if it is no table or will not be described."""
    for module, name, described in _KINDS:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and isinstance(value, kind):
            try:
                told = described(value)
            except Exception:
                return None
            return None if told is None else json.dumps(told, ensure_ascii=False)
    return None


def _frame(frame: Any) -> dict[str, Any]:
    rows, row_cut = _ends(len(frame), MOST_ROWS, SHOWN_ROWS)
    places, column_cut = _ends(frame.shape[1], MOST_COLUMNS, SHOWN_COLUMNS)
    kept = frame.iloc[rows, places]
    columns = [kept.iloc[:, place] for place in range(len(places))]
    return {
        "kind": "DataFrame",
        "dtype": "",
        "shape": list(frame.shape),
        "columns": [_name(name) for name in kept.columns],
        "index": [_name(name) for name in _labels(kept.index)],
        "cells": _rows([_texts(column) for column in columns], len(kept)),
        "right": [_is_number(column.dtype) for column in columns],
        "rows_cut": row_cut,
        "columns_cut": column_cut,
    }


def _series(series: Any) -> dict[str, Any]:
    told = _frame(series.to_frame(name="" if series.name is None else series.name))
    return told | {"kind": "Series", "dtype": str(series.dtype), "shape": [len(series)]}


def _array(array: Any) -> dict[str, Any] | None:
    if array.dtype.kind not in "biufc" or array.ndim not in (1, 2) or not array.size:
        return None
    flat = array.ndim == 1
    rows, row_cut = _ends(array.shape[0], *((MOST_CELLS, SHOWN_CELLS) if flat else (MOST_ROWS, SHOWN_ROWS)))
    places, column_cut = (None, None) if flat else _ends(array.shape[1], MOST_COLUMNS, SHOWN_COLUMNS)
    kept = array[rows].reshape(-1, 1) if flat else array[rows][:, places]
    return {
        "kind": "array",
        "dtype": str(array.dtype),
        "shape": list(array.shape),
        "columns": [""] if flat else [str(place) for place in places or ()],
        "index": [str(row) for row in rows],
        "cells": [line.strip("[] ").split() for line in _printed(kept).split("\n")],
        "right": [True] * kept.shape[1],
        "rows_cut": row_cut,
        "columns_cut": column_cut,
    }


_KINDS: tuple[tuple[str, str, Callable[[Any], dict[str, Any] | None]], ...] = (
    ("pandas", "DataFrame", _frame),
    ("pandas", "Series", _series),
    ("numpy", "ndarray", _array),
)


def _ends(count: int, most: int, shown: int) -> tuple[list[int], int | None]:
    """Which of `count` places are kept, and after how many of them some are missing."""
    if count <= most:
        return list(range(count)), None
    return [*range(shown // 2), *range(count - shown // 2, count)], shown // 2


def _texts(column: Any) -> list[str]:
    """The cells of a column as pandas prints them: numbers with the same digits after the point."""
    bare = column.reset_index(drop=True)  # an index of dates adds a line of its own
    lines = bare.to_string(index=False, header=False).split("\n") if len(column) else []
    if len(lines) != len(column):
        lines = [str(value) for value in column]
    return [_short(line.strip()) for line in lines]


def _labels(index: Any) -> Any:
    """The names of the rows: dates as short as they can be written."""
    return index if index.nlevels > 1 else index.astype(str)


def _name(name: Any) -> str:
    return _short(", ".join(map(str, name)) if isinstance(name, tuple) else str(name))


def _short(text: str) -> str:
    text = text.encode("utf-8", "replace").decode().replace("\n", "\\n")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _rows(columns: list[list[str]], count: int) -> list[list[str]]:
    return [[column[row] for column in columns] for row in range(count)]


def _is_number(dtype: Any) -> bool:
    return getattr(dtype, "kind", "O") in "iufc"


def _printed(array: Any) -> str:
    """All of a two-dimensional array, a row a line, with the same digits after each point."""
    numpy: Any = sys.modules["numpy"]
    size = sys.maxsize
    return str(numpy.array2string(array, threshold=size, max_line_width=size, floatmode="maxprec_equal"))
