"""Ctrl-C at any moment, and the other signals of a terminal: mtchat lives, the file parses, the state is the records'.

A real terminal throughout. The models are slow on purpose, so that there is a moment to hit; what `log` holds after a
moment is compared with the lines of code that the records say have run.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mtchat.session import read
from mtchat.turn import Turn

Start = Callable[..., Any]
SLOW = {
    "begin": "log = []",
    "write": "log.append('written')\n" + "\n".join(f"x{n} = {n}" for n in range(12)),
    "run": "import time\nlog.append('run')\nprint('started', flush=True)\ntime.sleep(0.6)",
    "spin": "log.append('spun')\nprint('started', flush=True)\nwhile True:\n    pass",
    "step": "log.append('stepped')",
    "ask": "log.append(input('what? '))",
    "several": [f"import time\ntime.sleep(0.1)\nlog.append('{which}')" for which in "abc"],
    "state": "print('state', log)",
}
PROMPT = re.compile(r"^\[\d+\] $")
COLUMNS = ((24, 80), (12, 40), (50, 160))


class Person:
    """Somebody at a terminal in which mtchat runs, who presses Ctrl-C and looks what became of it."""

    def __init__(self, start: Start, path: Path, model: str, *arguments: str, **given: Any) -> None:
        self.path = path
        flags = ("--session", str(path), "--model", model, *arguments)
        self.terminal = start(*flags, **given)

    def settle(self, seconds: float = 30) -> None:
        """Until the cursor stands at an empty prompt, and still does a little later."""
        end, since = time.monotonic() + seconds, None
        while since is None or time.monotonic() < since + 0.15:
            assert self.terminal.child.isalive(), f"mtchat is gone:\n{self.terminal.text}"
            assert time.monotonic() < end, f"no prompt came back:\n{self.terminal.text}"
            self.terminal.pump()
            screen = self.terminal.screen
            line = screen.display[screen.cursor.y][: screen.cursor.x]
            at_prompt = PROMPT.match(line) and not screen.display[screen.cursor.y][screen.cursor.x :].strip()
            since = (since or time.monotonic()) if at_prompt else None

    def press(self, *keys: str | float) -> None:
        """Type what is text, and wait as long as a number says, the screen read meanwhile."""
        for key in keys:
            if isinstance(key, str):
                self.terminal.type(key)
            else:
                end = time.monotonic() + key
                while (left := end - time.monotonic()) > 0.05:
                    self.terminal.pump()
                time.sleep(max(left, 0))

    def turns(self) -> list[Turn]:
        """The turns that led to where the file says the head is; it must parse."""
        return read(self.path).path() if self.path.exists() else []

    def begin(self) -> None:
        self.settle()
        self.press("begin\r")
        self.settle()
        assert [turn.intent for turn in self.turns()] == ["begin"]

    def check(self) -> None:
        """The state in the sandbox is what the records' code makes of it."""
        before = len(read(self.path).turns)
        self.press("state\r")
        end = time.monotonic() + 30
        while len(session := read(self.path).turns) == before:
            assert time.monotonic() < end, f"the turn after it never came:\n{self.terminal.text}"
            self.terminal.pump()
        last = max(session.values(), key=lambda turn: turn.seq)
        assert (last.intent, last.execution.status) == ("state", "ok"), self.terminal.text
        names: dict[str, list[str]] = {}
        lines = [line for turn in self.turns() for line in turn.code.splitlines() if line.startswith("log")]
        exec("\n".join(lines), {"input": lambda prompt: "x"}, names)
        assert last.execution.stdout == f"state {names['log']}\n", self.terminal.text
        assert "Traceback" not in self.terminal.text
        self.settle()


def moments(seed: int, count: int) -> Iterator[tuple[str | float, ...]]:
    """What is pressed, and when: Ctrl-C once or more while writing, running, choosing, saving, going back."""
    chance = random.Random(seed)
    for _ in range(count):
        entry, longest = chance.choice(
            [("write", 0.5), ("run", 1.2), ("spin", 1.0), ("step", 0.3), ("several", 1.0), ("ask", 0.5)]
            + [("step\rstep", 0.6), ("/undo", 0.1), ("/redo", 0.1), ("/vars", 0.1), ("/retry", 0.6), ("half a l", 0.1)]
        )
        burst = chance.choice([("\x03",), ("\x03",), ("\x03\x03",), ("\x03", 0.03, "\x03", 0.03, "\x03"), ("\x03",) * 12])
        sent = "" if entry == "half a l" else "\r"
        yield (entry + sent, chance.choice([0.0, chance.uniform(0, 0.03), chance.uniform(0, longest)]), *burst)


@pytest.fixture
def slow(tmp_path: Path) -> str:
    path = tmp_path / "slow.json"
    path.write_text(json.dumps({"script": SLOW, "delay": 0.005, "loading": 0.3}))
    return f"scripted:{path}"


def interrupted_often(person: Person, seed: int, count: int) -> None:
    person.begin()
    for keys in moments(seed, count):
        person.press(*keys)
        person.settle()
        person.check()


@pytest.mark.parametrize("seed", [0])
def test_ctrl_c_at_eight_moments(start: Start, slow: str, tmp_path: Path, seed: int) -> None:
    interrupted_often(Person(start, tmp_path / "s.mtchat.jsonl", slow), seed, 8)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(1, 8))
def test_ctrl_c_at_twenty_five_moments(start: Start, slow: str, tmp_path: Path, seed: int) -> None:
    interrupted_often(Person(start, tmp_path / "s.mtchat.jsonl", slow), seed, 25)
