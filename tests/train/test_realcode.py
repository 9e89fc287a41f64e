"""Real code as prose, turns and plain code: on a small tree and on some standard modules."""

from __future__ import annotations

import ast
import sysconfig
from itertools import islice
from pathlib import Path

import pytest

from mtchat.conversation import truncate
from mtchat.train.corpus import layout
from mtchat.train.realcode import pieces, prose, sources, texts, whole
from mtchat.train.realcode.streams import Files

MODULE = '''
"""Weights and measures.

This module converts what people weigh into the units that they would have liked to use in the first place.

Parameters
----------
kilos : float
    A weight.
"""
import math


def to_pounds(kilos: float, digits: int = 2) -> float:
    """Convert a weight in kilos to pounds, rounded to some digits.

    >>> to_pounds(1)
    2.2
    """
    # a pound has never changed
    pounds = kilos / 0.45359237

    return round(pounds, digits)


def heaviest(weights):
    """Returns the heaviest of the weights and its position."""
    best = max(weights)
    return best, weights.index(best)


def unused(x):
    """TODO: describe this function one day"""
    return x + 1


def stowed(crates, limit):
    # Sort the crates by their weight
    crates = sorted(crates, key=lambda crate: crate.weight)

    # Count the crates under the limit.
    light = [crate for crate in crates if crate.weight < limit]
    count = len(light)

    # old = count
    total = 0
    # FIXME: compute the total of the crates
    total = sum(light)

    # Fill the hold
    return hold(light)


class Hold:
    """A hold that takes crates until it is full."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.crates: list = []

    def room(self) -> int:
        """Return how many crates the hold has room for."""
        left = self.limit - len(self.crates)
        return max(left, 0)

    def load(self, crate):
        """Load a crate into the hold."""
        self.crates = [*self.crates, crate]
'''


@pytest.fixture
def tree(tmp_path: Path) -> Files:
    path = tmp_path / "weights.py"
    path.write_text(MODULE)
    return (("made/weights.py", path),)


def standard(*names: str) -> Files:
    folder = Path(sysconfig.get_paths()["stdlib"])
    return tuple((f"Python/{name}.py", folder / f"{name}.py") for name in names)


def test_functions_and_commented_statements_become_turns(tree: Files) -> None:
    found = list(pieces(0, 0, tree, 1))
    turns = {turn.code: turn.intent.lower() for c in found for turn in c.turns}
    pounds = next(code for code in turns if "pounds" in code)
    assert pounds == (
        "def to_pounds(kilos, digits=2):\n    pounds = kilos / 0.45359237\n    return round(pounds, digits)"
    )
    assert "a weight in kilos to pounds, rounded to some digits" in turns[pounds]
    assert "the heaviest of the weights and its position" in turns[next(c for c in turns if "def heaviest" in c)]
    run = next(c for c in found if len(c.turns) > 1)
    assert [t.intent.lower().rstrip(".") for t in run.turns] == [
        "sort the crates by their weight",
        "count the crates under the limit",
    ]
    assert "result = hold(light)" in turns
    assert not any("fixme" in intent or "old =" in code for code, intent in turns.items())


def test_a_method_takes_what_it_reads_as_parameters_and_a_class_stays_whole(tree: Files) -> None:
    codes = [turn.code for c in pieces(0, 0, tree, 1) for turn in c.turns]
    assert "def room(limit, crates):\n    left = limit - len(crates)\n    return max(left, 0)" in codes
    assert not any(code.startswith("def load") for code in codes)
    hold = next(code for code in codes if code.startswith("class Hold:"))
    assert "self.crates = []" in hold
    assert '"""' not in hold


def test_sentences_become_commands() -> None:
    assert prose.imperative("Returns the sum and stores it") == "Return the sum and store it"
    assert prose.imperative("Now we sort the keys") == "Sort the keys"
    assert prose.imperative("List of the keys") == ""
    assert prose.imperative("Works as before") == ""
    assert prose.third("Copy the keys and return them") == "copies the keys and returns them"
    assert prose.third("Lazily fetch the pages") == "lazily fetches the pages"
    assert not prose.plain("Sort the keys because the caller wants them in order")


def test_streams_go_on_and_repeat_with_their_seed(tree: Files) -> None:
    first = ["".join(text for text, _ in layout(c)) for c in islice(pieces(3, 1, tree), 12)]
    assert first == ["".join(text for text, _ in layout(c)) for c in islice(pieces(3, 1, tree), 12)]
    assert len(first) == 12
    assert list(pieces(0, 0, ())) == []


def test_prose_leaves_out_sections_and_examples(tree: Files) -> None:
    said = list(texts(0, 0, tree, 1))
    assert any("into the units that they would have liked to use" in text for text in said)
    assert not any(">>>" in text or "---" in text or "float" in text for text in said)


def test_plain_code_keeps_its_comments(tree: Files) -> None:
    assert any("# a pound has never changed" in code for code in whole(0, 0, tree, 1))


def test_code_parses_and_survives_truncation() -> None:
    found = standard("textwrap", "heapq", "statistics", "ast", "inspect", "shutil", "difflib")
    for conversation in islice(pieces(0, 0, found), 60):
        for turn in conversation.turns:
            ast.parse(turn.code)
            assert turn.code.isascii()
            assert "\n\n" not in turn.code
            assert turn.intent.strip()
            assert truncate(turn.code + "\n\n#", rule="paper").rstrip("\n") == turn.code


@pytest.mark.parametrize(
    ("expression", "free", "classifiers", "allowed"),
    [
        ("MIT", "", [], True),
        ("Apache-2.0 OR BSD-2-Clause", "", [], True),
        ("MPL-2.0 AND MIT", "", [], False),
        ("GPL-3.0-only OR MIT", "", [], True),
        ("", "MIT", ["MIT License"], True),
        ("", "", ["Mozilla Public License 2.0 (MPL 2.0)"], False),
        ("", "", ["MIT License", "GNU General Public License v3 (GPLv3)"], False),
        ("", "BSD 3-Clause License\n\nCopyright", [], True),
        ("", "MPL-2.0 AND MIT", [], False),
        ("", "", [], False),
        ("", "UNKNOWN", [], False),
        ("LicenseRef-Proprietary", "MIT", ["MIT License"], False),
    ],
)
def test_only_known_permissive_licences_are_let_in(
    expression: str, free: str, classifiers: list[str], allowed: bool
) -> None:
    assert bool(sources.licence(expression, free, classifiers)) is allowed


def test_files_that_name_other_licences_or_puzzles_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "borrowed.py"
    path.write_text("# under the GNU General Public License\nx = 1\n")
    assert sources.read(path) == ""
    assert not sources.wanted("pip/_vendor/certifi/core.py", 100)
    assert not sources.wanted("numpy/tests/test_x.py", 100)
    assert sources.wanted("numpy/lib/_x.py", 100)
