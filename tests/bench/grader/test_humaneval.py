"""HumanEval's way of grading: only a check that ran to its end passes."""

import gzip
import json
from pathlib import Path

import pytest

from mtchat.bench.grader import grade_humaneval
from mtchat.sandbox import Sandbox, Snapshot

PROMPT = '''
def half(x: float) -> float:
    """Half of x."""
    return x / 2

def area(width: float, height: float) -> float:
    """Half of the product.
    >>> area(2, 3)
    3.0
    """
'''
TEST = """
def check(candidate):
    assert abs(candidate(2, 3) - 3.0) < 1e-6
    assert abs(candidate(1, 1) - half(1)) < 1e-6
"""


@pytest.mark.parametrize(
    ("completion", "passes"),
    [
        ("    return half(width * height)\n", True),
        ("    return width\n", False),
        ("    return (\n", False),
        ("    raise SystemExit(0)\n", False),
        ("    import sys\n    sys.exit()\n", False),
        ("    raise KeyboardInterrupt\n", False),
        ("    print('mtchat_done')\n    exit()\n", False),
        ("    return 0\nexit()\n", False),
        ("    return 0\ndef check(candidate): pass\n", False),
        ("    return 0\nabs = lambda x: 0\n", False),
        ("    return 0\ndef half(x): return 0\nabs = float = lambda x: 0\n", False),
        ("    return 0\ndef exec(code, space):\n    space['mtchat_done'] = code\n", False),
        ("    return 0\nmtchat_test = lambda *a: a\nmtchat_done = 1\n", False),
        ("    return half(width * height)\nexec = 1\ndef sum(x): return 1\n", True),
        ("    while True: pass\n", False),
    ],
)
def test_what_passes(sandbox: Sandbox, at: Snapshot, completion: str, passes: bool) -> None:
    graded = grade_humaneval(sandbox, PROMPT, completion, TEST, "area", timeout=0.5, at=at)
    assert graded.passed is passes, graded
    assert bool(graded.message) is not passes


def test_a_refusal_says_so(sandbox: Sandbox, at: Snapshot) -> None:
    graded = grade_humaneval(sandbox, PROMPT, "    import socket\n", TEST, "area", at=at)
    assert graded.status == "denied"


def test_a_prompt_need_not_be_whole(sandbox: Sandbox, at: Snapshot) -> None:
    graded = grade_humaneval(
        sandbox, "def f(x):\n", "    return x\n", "def check(c):\n    assert c(1) == 1\n", "f", at=at
    )
    assert graded.passed, graded


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_reference_solutions_pass_and_empty_ones_fail(sandbox: Sandbox, at: Snapshot, shared_data: Path) -> None:
    with gzip.open(shared_data / "HumanEval.jsonl.gz", "rt") as lines:
        problems = [json.loads(line) for line in lines]
    verdicts = {}
    for problem in problems:
        prompt, test, entry = problem["prompt"], problem["test"], problem["entry_point"]
        right = grade_humaneval(sandbox, prompt, problem["canonical_solution"], test, entry, timeout=20, at=at)
        empty = grade_humaneval(sandbox, prompt, "    pass\n", test, entry, timeout=20, at=at)
        verdicts[problem["task_id"]] = (right.passed, empty.passed)
    assert len(verdicts) == 164
    assert {task: each for task, each in verdicts.items() if each != (True, False)} == {}
