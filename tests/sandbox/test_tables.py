"""Frames, series and arrays described cell by cell, from within the sandbox."""

import json
from typing import Any

import pytest

from mtchat.render import table
from mtchat.sandbox import tables

from .conftest import Run

pytest.importorskip("pandas")
START = "import numpy as np, pandas as pd\n"


def told(run: Run, code: str) -> dict[str, Any]:
    execution = run(START + code, timeout=60)
    assert execution.ok, execution.error
    found: dict[str, Any] = json.loads(execution.display[0][tables.MIME])
    assert table.find(execution.display) is not None, "the host understands it"
    return found


def test_both_sides_name_it_the_same() -> None:
    assert tables.MIME == table.MIME


def test_a_frame(run: Run) -> None:
    found = told(run, "pd.DataFrame({'a': [1, 20], 'b': ['x\\ny', 'z'], 'c': [0.5, None]}, index=['p', 'q'])")
    assert found["columns"] == ["a", "b", "c"]
    assert found["index"] == ["p", "q"]
    assert found["cells"] == [["1", "x\\ny", "0.5"], ["20", "z", "NaN"]]
    assert found["right"] == [True, False, True]
    assert (found["shape"], found["rows_cut"], found["columns_cut"]) == ([2, 3], None, None)


def test_a_large_frame_is_told_by_its_ends(run: Run) -> None:
    found = told(run, "pd.DataFrame(np.arange(100 * 50).reshape(100, 50))")
    assert found["shape"] == [100, 50]
    assert [found["index"][0], found["index"][-1], len(found["cells"]), found["rows_cut"]] == ["0", "99", 10, 5]
    assert [found["columns"][-1], len(found["columns"]), found["columns_cut"]] == ["49", 20, 10]
    assert found["cells"][-1][-1] == "4999"


def test_groups_dates_and_no_rows_at_all(run: Run) -> None:
    grouped = told(run, "pd.DataFrame({'k': [1, 1], 'v': [2, 3]}).groupby('k').agg(['sum', 'max'])")
    assert grouped["columns"] == ["v, sum", "v, max"]
    dates = told(run, "pd.Series([1.5, 2.25], index=pd.date_range('2024-01-01', periods=2), name='n')")
    assert (dates["index"], dates["cells"]) == (["2024-01-01", "2024-01-02"], [["1.50"], ["2.25"]])
    assert (dates["kind"], dates["dtype"], dates["columns"]) == ("Series", "float64", ["n"])
    assert told(run, "pd.DataFrame({'a': []})")["cells"] == []
    assert told(run, "pd.Series([], dtype=float)")["shape"] == [0]


def test_arrays(run: Run) -> None:
    square = told(run, "np.array([[1, 2.5], [-3, 4]])")
    assert square["cells"] == [["1.0", "2.5"], ["-3.0", "4.0"]]
    assert (square["kind"], square["dtype"], square["shape"]) == ("array", "float64", [2, 2])
    row = told(run, "np.arange(1000)")
    assert [len(row["cells"]), row["index"][-1], row["rows_cut"], row["shape"]] == [120, "999", 60, [1000]]
    assert told(run, "np.array([[True], [False]])")["cells"] == [["True"], ["False"]]


@pytest.mark.parametrize("code", ["np.zeros((2, 2, 2))", "np.array(['a b'])", "np.array([])", "3", "np.float64(1)"])
def test_what_is_no_table(run: Run, code: str) -> None:
    execution = run(START + code, timeout=60)
    assert execution.value is not None
    assert not any(tables.MIME in bundle for bundle in execution.display)


def test_a_frame_that_lies_costs_only_its_table(run: Run) -> None:
    execution = run(
        START + "class F(pd.DataFrame):\n    @property\n    def iloc(self): return 3\nF({'a': [1]})", timeout=60
    )
    assert execution.ok
    assert all(tables.MIME not in bundle for bundle in execution.display)


def test_functions_that_call_each_other_for_ever_are_told_by_their_ends(run: Run) -> None:
    error = run("def g(n):\n    return h(n + 1)\ndef h(n):\n    return g(n + 1)\ng(0)", timeout=60).error
    assert error is not None
    assert error.traceback.count("in g\n") <= 20
    assert " more frames]\n" in error.traceback
    assert error.traceback.endswith("RecursionError: maximum recursion depth exceeded\n")
