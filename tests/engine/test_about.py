"""What a name is, looked at in the real sandbox on a throw-away copy."""

from collections.abc import Iterator

import pytest

from mtchat.engine import about, source
from mtchat.errors import CommandError
from mtchat.sandbox import Sandbox, Snapshot
from mtchat.turn import Execution, Turn

CODE = '''\
import math
def area(width, *, height: int = 2) -> int:
    """Of a box."""
    return width * height
class Box:
    """A box."""
    def side(self, n):
        return n
box = Box()
nums = [3, 1, 2]
len = "mine"
class Odd:
    def __repr__(self): return 1 / 0
odd = Odd()
class Slow:
    def __repr__(self):
        while True: pass
'''


@pytest.fixture(scope="module")
def state() -> Iterator[tuple[Sandbox, Snapshot]]:
    with Sandbox() as sandbox:
        execution, snapshot = sandbox.run(CODE)
        assert execution.ok, execution
        yield sandbox, snapshot


def test_values_functions_classes_attributes(state: tuple[Sandbox, Snapshot]) -> None:
    found = about(*state, "nums")
    assert (found.type, found.repr, found.length, found.defines) == ("list", "[3, 1, 2]", 3, False)
    found = about(*state, "area")
    assert (found.signature, found.doc, found.defines) == ("(width, *, height: int = 2) -> int", "Of a box.", True)
    assert about(*state, "Box").doc == "A box."
    assert about(*state, "box.side").signature == "(n)"
    assert about(*state, "nums.sort").doc
    assert about(*state, "math").module
    assert about(*state, "len").repr == "'mine'", "a name that hides one of Python's"
    assert about(*state, "odd").repr is None
    assert {v.name for v in state[0].variables(state[1])} == {
        "math", "area", "Box", "box", "nums", "len", "Odd", "odd", "Slow",
    }, "nothing is left behind"  # fmt: skip


@pytest.mark.parametrize(
    ("name", "says"),
    [("nope", "name 'nope' is not defined; /vars lists"), ("nums.nope", "no attribute 'nope'"), ("f()", "is no name"),
     ("nums; x", "is no name"), ("class", "is no name"), ("1x", "is no name"), ("a\x1b", "is no name")],
)  # fmt: skip
def test_what_is_no_name_says_so(state: tuple[Sandbox, Snapshot], name: str, says: str) -> None:
    with pytest.raises(CommandError, match=says):
        about(*state, name)


def turn(code: str, *defined: str) -> Turn:
    return Turn.of(parent=None, seq=1, intent="", code=code, execution=Execution("ok"), defined=defined)


def test_source_is_the_newest_definition_on_the_path() -> None:
    path = [turn(CODE, "area", "Box"), turn("x = 1", "x"), turn("@cache\ndef area(n):\n    return n\n", "area")]
    assert source(path, "area") == (3, "@cache\ndef area(n):\n    return n")
    assert source(path[:2], "Box.side") == (1, "    def side(self, n):\n        return n")
    assert source(path, "x") is None
    assert source([*path, turn("area = 3", "area")], "area") is None
    assert source(path, "Box.nope") is source(path, "nope") is None
