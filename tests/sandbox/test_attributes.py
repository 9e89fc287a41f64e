"""What a value has, for completion: names and kinds, no state changed, no long wait."""

import pytest

from mtchat.errors import SandboxError
from mtchat.sandbox import Sandbox

CODE = """
import math
class Word:
    kind = 1
    def shout(self):
        "Say it loud."
    @property
    def costly(self):
        print(1 / 0)
word = Word()
word.mine = 3
class Odd:
    def __getattr__(self, name):
        raise RuntimeError(name)
    def __dir__(self):
        return ["fine", "not a name", "_hidden"]
odd = Odd()
class Slow:
    def __dir__(self):
        while True:
            pass
slow = Slow()
"""


def test_attributes_are_names_with_their_kind() -> None:
    with Sandbox() as sandbox:
        execution, state = sandbox.run(CODE)
        assert execution.ok, execution

        def names(path: str) -> list[str]:
            return [each.name for each in sandbox.attributes(path, state, 5)]

        found = {each.name: (each.type, each.repr) for each in sandbox.attributes("word", state, 5)}
        assert found["shout"] == ("function", "Say it loud.")
        assert found["costly"][0] == "property"
        assert found["mine"][0] == "int"
        assert not any(name.startswith("_") for name in found)
        assert "sqrt" in names("math")
        assert "real" in names("word.mine")
        assert names("odd") == ["fine"]
        assert names("odd.x") == names("nothing") == []
        with pytest.raises(SandboxError):
            sandbox.attributes("slow", state, 0.3)
        assert "word" in [each.name for each in sandbox.variables(state)], "the state is as it was"
