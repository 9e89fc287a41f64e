"""Tables in any width: numbers are never cut, what is left out is said, nothing runs over the edge."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtchat import render
from mtchat.render import table
from mtchat.render.fit import width_of
from mtchat.turn import Execution

FRAME = {
    "kind": "DataFrame",
    "dtype": "",
    "shape": [3, 3],
    "columns": ["city", "people", "note"],
    "index": ["0", "1", "2"],
    "cells": [["Ulm", "126000", "a small town on the Danube"], ["Rom", "2873000", "old"], ["東京", "13960000", ""]],
    "right": [False, True, False],
    "rows_cut": None,
    "columns_cut": None,
}


def drawn(told: dict[str, object], width: int) -> str:
    return render.plain(table.draw(msgspec.convert(told, table.Table), width))


def test_a_frame_is_lined_up_whatever_its_characters_take() -> None:
    assert drawn(FRAME, 80) == (
        "   city    people  note\n"
        "0  Ulm     126000  a small town on the Danube\n"
        "1  Rom    2873000  old\n"
        "2  東京  13960000  \n"
        "DataFrame, 3 × 3\n"
    )


def test_in_a_narrow_window_texts_give_way_before_numbers_and_columns_last() -> None:
    assert "0  Ulm     126000  a small …\n" in drawn(FRAME, 28)
    assert drawn(FRAME, 20).endswith("DataFrame, 3 × 3 (2 columns shown)\n")


def test_rows_that_are_missing_are_said() -> None:
    text = drawn({**FRAME, "shape": [100, 3], "rows_cut": 2}, 60)
    assert "\n⋮\n2  東京" in text
    assert text.endswith("DataFrame, 100 × 3 (3 rows shown)\n")


def flat(cells: list[str], **more: object) -> dict[str, object]:
    index = [str(n) for n in range(len(cells))]
    told = {"kind": "array", "dtype": "int64", "shape": [len(cells)], "columns": [""], "index": index}
    return {**told, "cells": [[cell] for cell in cells], "right": [True], **more}


def test_a_flat_array_flows_with_the_place_of_each_line() -> None:
    assert drawn(flat([str(n * 11) for n in range(12)]), 20) == (
        "[ 0]   0  11  22  33\n[ 4]  44  55  66  77\n[ 8]  88  99 110 121\narray of 12, int64\n"
    )
    text = drawn(flat(["1", "2", "3", "4"], index=["0", "1", "98", "99"], shape=[100], rows_cut=2), 20)
    assert text == "[ 0] 1 2\n  ⋮\n[98] 3 4\narray of 100, int64\n"


def outcome(told: dict[str, object], value: str, width: int | None) -> str:
    execution = Execution("ok", value=value, display=({"text/plain": value, table.MIME: json.dumps(told)},))
    return render.plain(render.outcome(execution, 10, render.Layout(width) if width else None))


def test_a_short_array_stays_as_it_prints_itself_and_a_pipe_gets_the_plain_text() -> None:
    told, value = flat(["1", "2"]), "array([1, 2])"
    assert outcome(told, value, 40) == "= array([1, 2])\n"
    assert outcome(told, value, 12).endswith("array of 2, int64\n")
    assert outcome(told, value, None) == "array([1, 2])\n"


@pytest.mark.parametrize(
    "change", [{"cells": [["1"]]}, {"right": []}, {"index": ["0"]}, {"kind": 3}, {"shape": ["x"]}, {"columns": None}]
)
def test_what_does_not_hold_together_is_shown_as_text(change: dict[str, object]) -> None:
    assert outcome({**FRAME, **change}, "two\nlines", 40) == "= two\n  lines\n"


WORDS = st.text("ab 漢\x1b", max_size=30)


@given(st.data(), st.integers(0, 6), st.integers(1, 6), st.integers(20, 160))
def test_no_line_is_wider_than_the_window(data: st.DataObject, rows: int, columns: int, width: int) -> None:
    def texts(count: int) -> list[str]:
        return data.draw(st.lists(WORDS, min_size=count, max_size=count))

    right = data.draw(st.lists(st.booleans(), min_size=columns, max_size=columns))
    told = {**FRAME, "columns": texts(columns), "index": texts(rows), "right": right, "shape": [rows, columns]}
    told["cells"] = [[cell if not right[n] else "12" for n, cell in enumerate(texts(columns))] for _ in range(rows)]
    lines = drawn(told, width).split("\n")
    assert all(width_of(line) <= width for line in lines[:-2])
