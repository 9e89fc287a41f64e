"""Frames, series and arrays as tables that fit a window.

Knows the form in which the sandbox describes one (`sandbox.tables`), and what to leave out where there is no room.
Pure. A description that does not hold together is no table: a record may come from a stranger.
"""

from collections.abc import Sequence

import msgspec

from mtchat.render.fit import Fragments, cut, padded, width_of

MIME = "application/vnd.mtchat.table+json"
GAP = 2
_NARROW = 6
"""Cells that a column of long texts keeps at least."""


class Table(msgspec.Struct, frozen=True):
    """What there is to show: `cells` row by row, each as text; `right` says which columns stand at the right.

    `shape` is that of the whole; `rows_cut` and `columns_cut` say after how many of those here some are missing.
    """

    kind: str
    dtype: str
    shape: tuple[int, ...]
    columns: tuple[str, ...]
    index: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    rows_cut: int | None = None
    columns_cut: int | None = None

    def __post_init__(self) -> None:
        rows = {len(row) for row in self.cells}
        if (
            len(self.index) != len(self.cells)
            or not rows <= {len(self.columns)}
            or len(self.right) != len(self.columns)
        ):
            raise ValueError("rows and columns that do not fit together")

    @property
    def is_flat(self) -> bool:
        """Whether it is an array of one dimension: its cells follow each other."""
        return self.kind == "array" and len(self.shape) == 1


def find(display: Sequence[dict[str, str]]) -> Table | None:
    """The table among what a program displayed."""
    for bundle in display:
        if MIME in bundle:
            try:
                return msgspec.json.decode(bundle[MIME], type=Table)
            except (msgspec.MsgspecError, ValueError):
                return None
    return None


def fits(text: str, width: int) -> bool:
    """Whether `text` is one line that fits after the sign of a value."""
    return "\n" not in text and width_of(text) + 2 <= width


def draw(table: Table, width: int) -> Fragments:
    """`table` in at most `width` cells, with what it is and how large below it."""
    if table.is_flat:
        return [*_flow(table, width), *_foot(table, len(table.columns))]
    index = min(max((width_of(each) for each in table.index), default=0), max(width // 3, 1))
    widths = _widths(table, width - index)
    places = _chosen(widths, width - index, table.columns_cut)
    shown: Fragments = []
    if any(table.columns):
        shown += [("", " " * index), *_row(table.columns, "class:head", places, widths, table.right)]
    for number, (name, row) in enumerate(zip(table.index, table.cells, strict=True)):
        if number == table.rows_cut:
            shown.append(("class:dim", f"{padded('⋮', index).rstrip()}\n"))
        shown.append(("class:dim", padded(name, index)))
        shown += _row(row, "class:value", places, widths, table.right)
    return [*shown, *_foot(table, len([place for place in places if place is not None]))]


def _row(
    cells: Sequence[str], style: str, places: Sequence[int | None], widths: Sequence[int], right: Sequence[bool]
) -> Fragments:
    """The chosen cells of a row and the line's end; … where columns are left out."""
    shown: Fragments = []
    for place in places:
        if place is None:
            shown.append(("class:dim", " " * GAP + "…"))
        else:
            is_end = place == places[-1] and not right[place]
            text = cut(cells[place], widths[place]) if is_end else padded(cells[place], widths[place], right[place])
            shown.append((style, " " * GAP + text))
    return [*shown, ("", "\n")]


def _widths(table: Table, room: int) -> list[int]:
    """Cells for each column: what it needs, long texts less where not all would fit. Numbers are never cut."""
    needs = [max((width_of(row[place]) for row in table.cells), default=0) for place in range(len(table.columns))]
    heads = [width_of(name) for name in table.columns]
    widths = [min(max(need, head), room - GAP) for need, head in zip(needs, heads, strict=True)]
    least = [
        min(width, max(need if right else 0, _NARROW))
        for width, need, right in zip(widths, needs, table.right, strict=True)
    ]
    while sum(widths) + GAP * len(widths) > room:
        spare, place = max(
            ((width - low, place) for place, (width, low) in enumerate(zip(widths, least, strict=True))), default=(0, 0)
        )
        if spare <= 0:
            break
        widths[place] -= 1
    return widths


def _chosen(widths: Sequence[int], room: int, cut_at: int | None) -> list[int | None]:
    """Which columns are shown, from both ends inwards; None where some are missing."""
    count = len(widths)
    if cut_at is None and sum(widths) + GAP * count <= room:
        return list(range(count))
    left: list[int | None] = []
    right: list[int | None] = []
    room -= GAP + 1
    first, last = 0, count - 1
    while first <= last:
        from_left = len(left) <= len(right)
        place = first if from_left else last
        if (room := room - widths[place] - GAP) < 0:
            break
        left, right = ([*left, place], right) if from_left else (left, [place, *right])
        first, last = (first + 1, last) if from_left else (first, last - 1)
    return [*left, None, *right] if first <= last or cut_at is None else [*range(cut_at), None, *range(cut_at, count)]


def _flow(table: Table, width: int) -> Fragments:
    """The cells of a flat array one after the other, each line opened by the place of its first."""
    cells = [row[0] for row in table.cells]
    digits, widest = max((len(each) for each in table.index), default=1), max(map(width_of, cells), default=0)
    widest = min(widest, max(width - digits - 4, 1))
    each_line = max((width - digits - 2) // (widest + 1), 1)
    shown: Fragments = []
    for start, end in _stretches(len(cells), table.rows_cut):
        shown += [("class:dim", f"{'⋮':>{digits + 1}}\n")] if start and start == table.rows_cut else []
        for first in range(start, end, each_line):
            line = cells[first : min(first + each_line, end)]
            shown.append(("class:dim", f"[{table.index[first]:>{digits}}]"))
            shown.append(("class:value", "".join(f" {padded(cell, widest, True)}" for cell in line) + "\n"))
    return shown


def _stretches(count: int, cut_at: int | None) -> list[tuple[int, int]]:
    return [(0, count)] if cut_at is None else [(0, cut_at), (cut_at, count)]


def _foot(table: Table, columns: int) -> Fragments:
    """What it is, how large, and how much of it is shown."""
    rows = table.shape[0] if table.shape else 0
    size = f"{table.kind} of {rows}, {table.dtype}"
    if len(table.shape) > 1:
        size = f"{table.kind}, {rows} × {table.shape[1]}{f', {table.dtype}' if table.dtype else ''}"
    some = [f"{len(table.cells)} row{'s' * (len(table.cells) != 1)}"] * (len(table.cells) < rows and not table.is_flat)
    some += [f"{columns} column{'s' * (columns != 1)}"] * (len(table.shape) > 1 and columns < table.shape[1])
    told = f" ({' and '.join(some)} shown)" if some else ""
    return [("class:dim", f"{size}{told}\n")]
