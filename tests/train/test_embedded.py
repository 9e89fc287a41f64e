"""The embedded weights, as shipped, on a handful of simple intents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtchat import conversation
from mtchat.models import Model
from mtchat.models.verify import sha256, weights_files
from mtchat.train.corpus import comment
from mtchat.train.evaluate import GREEDY, holds, load
from mtchat.train.judge import execute, namespace
from mtchat.train.pack import LIMIT, SHARD

EMBEDDED = Path(__file__).parents[2] / "mtchat" / "models" / "embedded"
pytestmark = pytest.mark.skipif(
    not (EMBEDDED / "manifest.json").exists(), reason="the embedded model is not packed yet"
)


@pytest.fixture(scope="module")
def model() -> Model:
    return load(EMBEDDED)


CONVERSATIONS = [
    [
        ("Assign the list [3, 1, 2] to a variable named nums.", "nums == [3, 1, 2]"),
        ("Sort nums in descending order.", "nums == [3, 2, 1]"),
        ("Print the sum of nums.", "out == '6\\n'"),
    ],
    [("print hello world", "out == 'hello world\\n'"), ("what is 12 * 7", "out == '84\\n'")],
    [
        ("define a function square that returns the square of a number", "square(7) == 49"),
        ("call square on 9 and print it", "out == '81\\n'"),
    ],
]


@pytest.mark.parametrize("turns", CONVERSATIONS)
def test_first_minute(model: Model, turns: list[tuple[str, str]]) -> None:
    text, space = "", namespace()
    for intent, check in turns:
        (completion,) = model.complete(text + comment(intent), GREEDY, stop=conversation.finished)
        code = conversation.truncate(completion.text)
        out, error = execute(code, space)
        assert not error, code
        assert holds(check, space, out), code
        text += f"{comment(intent)}{code}\n\n"


def test_manifest_and_size() -> None:
    manifest = json.loads((EMBEDDED / "manifest.json").read_text())
    assert manifest["name"] in ("mtchat-embedded", "mtchat-embedded-v0")  # v0's own name until other weights ship
    assert {name: sha256(EMBEDDED / name) for name in manifest["sha256"]} == manifest["sha256"]
    measured = {"manifest.json", "calibration.json", "figures.json"}  # what is measured later names its weights itself
    assert {file.name for file in EMBEDDED.iterdir()} - measured == set(manifest["sha256"])
    sizes = [file.stat().st_size for file in weights_files(EMBEDDED)]
    assert max(sizes) <= SHARD
    assert sum(sizes) <= LIMIT
