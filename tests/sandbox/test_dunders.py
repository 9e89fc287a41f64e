"""The data model: every special method a class may define, defined, and seen called where Python calls it."""

import re

from tests.sandbox.alone import results
from tests.sandbox.support import cases

PROGRAM = cases("dunders")["every special method"]
DEFINED = set(re.findall(r"def (__\w+__)\(", PROGRAM))


def test_there_are_ninety_of_them() -> None:
    assert len(DEFINED) >= 90


def test_each_is_called_where_python_calls_it() -> None:
    for mode in ("strict", "fast"):
        status, value = results({"all": PROGRAM}, mode)["all"]
        assert status == "ok", value
        called = set(eval(value))
        assert called == DEFINED, (mode, DEFINED ^ called)
