"""The language a program may write: each construct runs and means what Python means by it.

Every case's last line is an expression; its value must equal what plain Python gives for the same code.
"""

import ast
from typing import Any

import pytest

from mtchat.sandbox import Snapshot
from tests.sandbox.support import Run, cases

CONSTRUCTS = cases("constructs")
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


def test_there_are_a_hundred_constructs() -> None:
    assert len(CONSTRUCTS) >= 100


@pytest.mark.parametrize("code", LIBRARIES.values(), ids=LIBRARIES.keys())
def test_libraries_work(run: Run, warm: Snapshot, request: pytest.FixtureRequest, code: str) -> None:
    pytest.importorskip(request.node.callspec.id.split()[0])
    code, _, expected = code.partition("#= ")
    execution = run(code, at=warm, timeout=60)
    assert (execution.status, execution.error) == ("ok", None)
    assert execution.value == repr(eval(expected))
