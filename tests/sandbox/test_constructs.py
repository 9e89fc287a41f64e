"""The language a program may write: each construct runs and means what Python means by it.

Every case's last line is an expression; its value must equal what plain Python gives for the same code.
"""

import ast
import sys
from typing import Any

import pytest

from mtchat.sandbox import Snapshot
from tests.sandbox.alone import Results, results
from tests.sandbox.support import Run, cases

CONSTRUCTS = cases("constructs") | (cases("constructs_312") if sys.version_info >= (3, 12) else {})
MODULES = cases("modules")
LIBRARIES = cases("libraries")


def in_plain_python(code: str) -> str:
    """repr of the last expression, as Python has it, in a fresh namespace called __main__."""
    tree = ast.parse(code)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(tree, "<plain>", "exec", dont_inherit=True), scope)
    return repr(eval(compile(ast.Expression(last.value), "<plain>", "eval", dont_inherit=True), scope))


@pytest.mark.parametrize("code", CONSTRUCTS.values(), ids=CONSTRUCTS.keys())
def test_a_construct_means_what_python_means(run: Run, code: str) -> None:
    execution = run(code)
    assert (execution.status, execution.error) == ("ok", None)
    assert execution.value == in_plain_python(code)


@pytest.fixture(scope="module")
def fast() -> Results:
    return results(CONSTRUCTS, "fast")


@pytest.mark.parametrize("title", CONSTRUCTS)
def test_fast_mode_means_the_same(fast: Results, title: str) -> None:
    assert fast[title] == ("ok", in_plain_python(CONSTRUCTS[title]))


@pytest.mark.parametrize("mode", ["strict", "fast"])
def test_modules_that_are_given_in_part_serve_ordinary_programs(mode: str) -> None:
    parts = {title: code.partition("#= ") for title, code in MODULES.items()}
    found = results({title: code for title, (code, _, _) in parts.items()}, mode)
    assert found == {title: ("ok", repr(eval(expected))) for title, (_, _, expected) in parts.items()}


def test_there_are_constructs_enough() -> None:
    assert len(CONSTRUCTS) >= 120


@pytest.mark.parametrize("code", LIBRARIES.values(), ids=LIBRARIES.keys())
def test_libraries_work(run: Run, warm: Snapshot, request: pytest.FixtureRequest, code: str) -> None:
    pytest.importorskip(request.node.callspec.id.split()[0])
    code, _, expected = code.partition("#= ")
    execution = run(code, at=warm, timeout=60)
    assert (execution.status, execution.error) == ("ok", None)
    assert execution.value == repr(eval(expected))
