"""The reference grader's recorded verdicts, every one (slow) or a sample, under both policies."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mtchat.bench.grader import grade_joined
from mtchat.sandbox import Sandbox, Snapshot
from tests.bench.grader.conftest import Sandboxes

REFUSED = Counter(
    builtins_print=4,
    from_builtins_import_print=4,
    guard_subprocess_popen_before=2,
    import_error_caught=2,
    missing_module_after=2,
    missing_module_before=3,
)
"""What the restricted policy refuses, by kind: modules that are not on its list, those that do not exist among them."""


SLOW = ("import pandas", "from sklearn", "while True:")
"""What takes longer than a moment, and is left to the slow test."""


@pytest.fixture(scope="module")
def vectors(shared_data: Path) -> list[dict[str, Any]]:
    with (shared_data / "grader_vectors.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _differ(place: tuple[Sandbox, Snapshot], vectors: Sequence[dict[str, Any]], refused: Counter[str]) -> list[Any]:
    """The vectors of another verdict than the reference's; those denied are counted instead."""
    sandbox, at = place
    differ = []
    for vector in vectors:
        timeout = 2 if vector["kind"].startswith("timeout") else 20
        graded = grade_joined(sandbox, vector["completions"], vector["gold_output"], timeout=timeout, at=at)
        if graded.status == "denied":
            refused[vector["kind"]] += 1
        elif graded.passed is not vector["verdict"]:
            differ.append((vector["kind"], vector["id"], vector["case"], graded))
    return differ


@pytest.mark.parametrize(("policy", "start"), [("open", 0), ("restricted", 50)])
def test_a_sample_agrees(sandboxes: Sandboxes, vectors: list[dict[str, Any]], policy: str, start: int) -> None:
    quick = [each for each in vectors if not any(word in each["completions"] for word in SLOW)]
    sample = quick[start::100]
    assert len(sample) >= 14
    refused: Counter[str] = Counter()
    assert _differ(sandboxes[policy], sample, refused) == []
    assert set(refused) <= set(REFUSED)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("policy", "expected"), [("open", Counter()), ("restricted", REFUSED)])
def test_all_agree_or_are_refused(
    sandboxes: Sandboxes, vectors: list[dict[str, Any]], policy: str, expected: Counter[str]
) -> None:
    refused: Counter[str] = Counter()
    assert len(vectors) == 1630
    assert _differ(sandboxes[policy], vectors, refused) == []
    assert refused == expected
