"""The reference solutions of HumanEval (shared data, never copied here) run in the sandbox with their tests."""

import gzip
import json
from pathlib import Path

from mtchat.sandbox import Sandbox


def test_the_reference_solutions_pass(sandbox: Sandbox, shared_data: Path) -> None:
    with gzip.open(shared_data / "HumanEval.jsonl.gz", "rt") as lines:
        problems = [json.loads(line) for line in lines]
    failed = {}
    for problem in problems:
        code = problem["prompt"] + problem["canonical_solution"] + "\n" + problem["test"]
        execution, _ = sandbox.run(f"{code}\ncheck({problem['entry_point']})\n", timeout=30)
        if execution.status != "ok":
            failed[problem["task_id"]] = (execution.status, execution.error and execution.error.message)
    assert len(problems) == 164
    assert failed == {}
