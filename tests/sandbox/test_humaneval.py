"""The reference solutions of HumanEval (shared data, never copied here) run in the sandbox with their tests."""

import gzip
import json
import os
from pathlib import Path

import pytest

from mtchat.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [Path(os.environ["MTCHAT_SHARED"])] if "MTCHAT_SHARED" in os.environ else []
FOLDERS += [ROOT.parent / "shared", ROOT.parent.parent / "shared"]


def test_the_reference_solutions_pass(sandbox: Sandbox) -> None:
    files = [folder / "data" / "HumanEval.jsonl.gz" for folder in FOLDERS]
    found = next((file for file in files if file.is_file()), None)
    if found is None:
        pytest.skip("HumanEval.jsonl.gz is not beside the checkout; MTCHAT_SHARED may name its folder")
    with gzip.open(found, "rt") as lines:
        problems = [json.loads(line) for line in lines]
    failed = {}
    for problem in problems:
        code = problem["prompt"] + problem["canonical_solution"] + "\n" + problem["test"]
        execution, _ = sandbox.run(f"{code}\ncheck({problem['entry_point']})\n", timeout=30)
        if execution.status != "ok":
            failed[problem["task_id"]] = (execution.status, execution.error and execution.error.message)
    assert len(problems) == 164
    assert len(problems) - len(failed) >= 160, failed
