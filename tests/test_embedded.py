"""The package's own model, end to end: the issue's three intents, and what a newcomer types first."""

import json
import subprocess
import sys

import pytest

INTENTS = [
    "Assign the list [3, 1, 2] to a variable named nums.",
    "Sort nums in descending order.",
    "Print the sum of nums.",
]


def run(*intents: str, flags: tuple[str, ...] = ()) -> list[dict]:  # type: ignore[type-arg]
    command = [sys.executable, "-m", "mtchat", "run", "--json", *flags]
    done = subprocess.run(command, input="\n\n".join(intents), capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == "", "nothing of the libraries shows"
    return [event for line in done.stdout.splitlines() if (event := json.loads(line))["event"] == "turn"]


def test_three_intents_give_right_code_output_and_state() -> None:
    turns = run(*INTENTS, "Show nums.")
    assert turns[0]["code"] == "nums = [3, 1, 2]"
    assert turns[2]["execution"]["stdout"] == "6\n"
    shown = turns[3]["execution"]
    assert (shown["value"] or shown["stdout"].strip()) == "[3, 2, 1]"


@pytest.mark.slow
def test_the_same_seed_gives_the_same_turns() -> None:
    first, second = (run(*INTENTS[:2], flags=("--seed", "3", "--temperature", "0.9")) for _ in range(2))
    assert [t["code"] for t in first] == [t["code"] for t in second]
