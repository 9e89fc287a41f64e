"""What the tests of this room share: programs kept as text, and looking for processes left behind."""

import os
from collections.abc import Callable
from pathlib import Path

from mtchat.turn import Execution

Run = Callable[..., Execution]


def cases(name: str) -> dict[str, str]:
    """Programs by title, from `cases/NAME.txt`: each begins with a line `### title`."""
    text = (Path(__file__).parent / "cases" / f"{name}.txt").read_text()
    parts = [part.partition("\n") for part in ("\n" + text).split("\n### ")[1:]]
    return {title: code.strip("\n") for title, _, code in parts}


def session_of(leader: int) -> list[int]:
    """The processes, zombies too, in the session that `leader` began."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader:
                found.append(int(entry))
    return found
