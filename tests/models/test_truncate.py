"""`truncate_before` is what CodeGen's tokenizer does."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import CodeGenTokenizer

from mtchat.conversation import truncate_before

PAPER = ["^#", re.escape("<|endoftext|>"), "^'''", '^"""', "\n\n\n"]
TEXTS = [
    "",
    "x = 1\n",
    "print(1)\nprint(2)\n",
    "def f():\n    return 1\n\ndef g():\n    return 2\n",
    "print(1)\ndef f(): pass\nprint(2)\ndef g(): pass\n",
    "def f():\n    print(1)\n    print(2)\n\nx = f()\n# next\n",
    "a = 1\n\n\nb = 2",
    "# first\n",
    "x\n'''doc'''\n",
    "x<|endoftext|>y\n#",
    "printed = 1\nprints = 2\n",
    "x = '''#'''\r\n# y",
]


def decoded(text: str, patterns: list[str]) -> str:
    """What the tokenizer's `decode` makes of a text (its own cut, without the round trip through ids)."""
    return CodeGenTokenizer.truncate(None, text, patterns) if patterns else text


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("patterns", [[], PAPER, ["^def"], ["nowhere"], ["^"], ["^$"]])
def test_known_texts(text: str, patterns: list[str]) -> None:
    assert truncate_before(text, patterns) == decoded(text, patterns)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(["print(1)", "def f(): pass", "# x", "'''", "\n", "  ", "x = 1", "\n\n"])), st.booleans()
)
def test_any_text(parts: list[str], lines: bool) -> None:
    text = ("\n" if lines else "").join(parts)
    assert truncate_before(text, PAPER) == decoded(text, PAPER)


def test_decode_of_a_real_tokenizer(checkpoint) -> None:  # type: ignore[no-untyped-def]
    tokenizer = CodeGenTokenizer.from_pretrained(str(checkpoint))
    for text in TEXTS:
        ids = tokenizer(text)["input_ids"]
        assert tokenizer.decode(ids, truncate_before_pattern=PAPER) == truncate_before(text, PAPER)


def test_no_regular_expression() -> None:
    with pytest.raises(re.error):
        truncate_before("x", ["("])
