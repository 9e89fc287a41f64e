"""The table of docs/sandbox.md: how many payloads of each class reach something, mode by mode.

`python -m tests.sandbox.attacks.report` runs the whole corpus, slow or not, and prints Markdown; below the table,
what reached and how.
"""

import importlib.util
import sys
from collections import Counter

from tests.sandbox.attacks.payloads import MODES, Payload, corpus
from tests.sandbox.attacks.support import Arena, Outcome, achieved


def runs_here(payload: Payload) -> bool:
    there = all(importlib.util.find_spec(name) is not None for name in payload.needs)
    return there and sys.version_info >= payload.python


def table(counts: Counter[tuple[str, str]], groups: list[str]) -> str:
    """One row a class: payloads, controls that reached, and "reached of tried" in each mode."""
    lines = ["| class | payloads | reach in plain Python | " + " | ".join(MODES) + " |", "|---|---" + "|---" * 5 + "|"]
    for group in [*groups, "all"]:
        cells = [f"{counts[group, mode]} of {counts[group, mode + ' tried']}" for mode in MODES]
        controls = f"{counts[group, 'control']} of {counts[group, 'control tried']}"
        lines.append(f"| {group} | {counts[group, 'payloads']} | {controls} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def run(arena: Arena, payloads: list[Payload]) -> tuple[Counter[tuple[str, str]], list[str]]:
    counts: Counter[tuple[str, str]] = Counter()
    said = []

    def count(payload: Payload, what: str, number: int = 1) -> None:
        counts[payload.group, what] += number
        counts["all", what] += number

    for payload in payloads:
        count(payload, "payloads")
        if payload.controlled:
            count(payload, "control tried")
            count(payload, "control", any(achieved(payload, arena.control(payload)) for _ in range(3)))
        for mode in payload.modes:
            outcome: Outcome = arena.attempt(payload, mode)
            count(payload, f"{mode} tried")
            count(payload, mode, bool(outcome.reached))
            said += [f"- {payload.group}: {payload.title}, {mode}: {each[:200]}" for each in outcome.reached[:1]]
    return counts, said


def main() -> None:
    payloads = [each for each in corpus() if runs_here(each)]
    with Arena() as arena:
        counts, said = run(arena, payloads)
    print(table(counts, list(dict.fromkeys(each.group for each in payloads))))
    print("\nWhat reached:\n\n" + "\n".join(said or ["nothing"]))


if __name__ == "__main__":
    main()
