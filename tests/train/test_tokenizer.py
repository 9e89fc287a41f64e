from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from mtchat.train.tokenizer import words

EMBEDDED = Path(__file__).parents[2] / "mtchat" / "models" / "embedded"
TEXTS = [
    "# Assign [3, 1, 2] to nums.\nnums = [3, 1, 2]\n\n# show it\nprint(nums)\n\n",
    "def f(n):\n    if n < 2:\n        return 1\n    return n * f(n - 1)\n\n#",
    "x = 1234567\ny =  -0.50\n\n\n\t z = 10**6 ",
    's = "it\'s a \'test\' \\"ok\\""\nprint(f"{s}: {len(s):>10}")\n',
    "naïve café ☃ = 'ü'\r\n   trailing   \n",
    "a1b2 x_3 __init__ 3rd 100% $5 #5 don't we'll",
]


@pytest.fixture(params=["trained here", "embedded"])
def folder(request: pytest.FixtureRequest, tokenizer_folder: Path) -> Path:
    if request.param == "embedded" and not (EMBEDDED / "tokenizer.json").exists():
        pytest.skip("the embedded model is not packed yet")
    return EMBEDDED if request.param == "embedded" else tokenizer_folder


def test_transformers_and_tokenizers_agree(folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transformers import AutoTokenizer, CodeGenTokenizer

        readers = [CodeGenTokenizer.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)]
    from mtchat.train.tokenizer import load

    own = load(folder)
    for text in TEXTS:
        ids = own.encode(text).ids
        assert own.decode(ids) == text
        for reader in readers:
            assert reader(text)["input_ids"] == ids
            assert reader.decode(ids, clean_up_tokenization_spaces=False) == text


def test_digits_stand_alone(tokenizer: Any) -> None:
    tokens = tokenizer.encode("x = 1207").tokens
    assert tokens[-5:] == ["Ġ", "1", "2", "0", "7"]
    assert not [t for t in tokenizer.get_vocab() if len(t) > 1 and any(ch.isdigit() for ch in t)]


def test_end_mark_is_one_token(tokenizer: Any) -> None:
    assert tokenizer.encode("<|endoftext|>").ids == [0]


def test_indent_is_one_token(tokenizer: Any) -> None:
    tokens = tokenizer.encode("def f(n):\n    return n").tokens
    assert "ĊĠĠĠ" in tokens


def test_words_are_letters_only(tokenizer: Any) -> None:
    found = words(tokenizer)
    assert len(found) > 200
    assert all(w.isalpha() and w.isascii() for w in found)
    assert "print" in found
