"""What the tests of this room share: programs kept as text, and looking for processes left behind."""

import os
from collections.abc import Callable, Collection, Iterator
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
    return [pid for pid, fields in _processes() if int(fields[3]) == leader]


def below(pid: int) -> set[int]:
    """The processes, zombies too, that descend from `pid`."""
    parents = {each: int(fields[1]) for each, fields in _processes()}
    found, more = set[int](), {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def sessions_of(pids: Collection[int]) -> set[int]:
    """The sessions that these processes are in."""
    return {int(fields[3]) for pid, fields in _processes() if pid in pids}


def _processes() -> Iterator[tuple[int, list[str]]]:
    """Every process there is: its id, and its /proc/PID/stat from the state on."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                yield int(entry), Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
