"""Ctrl-C at any moment, and the other signals of a terminal: mtchat lives, the file parses, the state is the records'.

A real terminal throughout. The models are slow on purpose, so that there is a moment to hit; what `log` holds after a
moment is compared with the lines of code that the records say have run.
"""

import json
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
ENTRIES = {
    "write\r": 0.5,
    "run\r": 1.2,
    "spin\r": 1.0,
    "step\r": 0.3,
    "several\r": 0.5,
    "/set candidates 3\rseveral\r/set candidates 1\r": 1.0,
    "ask\r": 0.5,
    "step\rstep\r": 0.6,
    "/undo\r": 0.1,
    "/redo\r": 0.1,
    "/vars\r": 0.1,
    "/retry\r": 0.6,
    "half a line": 0.1,
}
"""What is typed, and for how many seconds something of it may be going on."""
BURSTS = [("\x03",), ("\x03",), ("\x03\x03",), ("\x03", 0.03, "\x03", 0.03, "\x03"), ("\x03",) * 12]
SIZES = ((24, 80), (12, 40), (50, 160))


class Person:
    """Somebody at a terminal in which mtchat runs, who presses Ctrl-C and looks what became of it."""

    def __init__(self, start: Start, path: Path, model: str, *arguments: str, **given: Any) -> None:
        self.path = path
        flags = ("--session", str(path), "--model", model, *arguments)
        self.terminal = start(*flags, **given)

    def settle(self) -> None:
        """Until an empty prompt is there again. A choice among candidates that came up instead is left."""
        while not self.terminal.settle(instead=r"Enter\s+takes\s+it"):
            self.press("\x03")

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
        while len(turns := read(self.path).turns) == before:
            assert time.monotonic() < end, f"the turn after it never came:\n{self.terminal.text}"
            self.terminal.pump()
        last = max(turns.values(), key=lambda turn: turn.seq)
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
        entry, longest = chance.choice(list(ENTRIES.items()))
        pause = chance.choice([0.0, chance.uniform(0, 0.03), chance.uniform(0, longest)])
        yield entry, pause, *chance.choice(BURSTS)


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


def test_ctrl_c_at_eight_moments(start: Start, slow: str, tmp_path: Path) -> None:
    interrupted_often(Person(start, tmp_path / "s.mtchat.jsonl", slow), 0, 8)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("seed", "rows", "columns"), [(n, *SIZES[n % 3]) for n in range(1, 7)])
def test_ctrl_c_at_twenty_five_moments(
    start: Start, slow: str, tmp_path: Path, seed: int, rows: int, columns: int
) -> None:
    person = Person(start, tmp_path / "s.mtchat.jsonl", slow, rows=rows, columns=columns)
    interrupted_often(person, seed, 25)
    statuses = {turn.execution.status for turn in read(person.path).turns.values()}
    assert {"ok", "interrupted"} <= statuses, "the moments were no moments"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ctrl_c_while_a_person_reads_and_chooses(start: Start, slow: str, tmp_path: Path) -> None:
    person, chance = Person(start, tmp_path / "s.mtchat.jsonl", slow), random.Random(7)
    person.begin()
    for _ in range(25):
        person.press("/set trust review\r")
        person.settle()
        person.press(chance.choice(["write", "run", "step", "several"]) + "\r", chance.uniform(0, 1))
        person.press(chance.choice(["", "r", "s", "e", "x", "rr"]), chance.choice([0, chance.uniform(0, 0.6)]))
        person.press("\x03", 0.1, "\x03", 0.1, "\x03")  # out of the editor, out of the question, out of the run
        person.settle()
        person.press("/set trust auto\r")
        person.settle()
        person.check()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ctrl_c_while_mtchat_starts_and_the_model_loads(start: Start, slow: str, tmp_path: Path) -> None:
    chance = random.Random(8)
    for number in range(15):
        person = Person(start, tmp_path / f"{number}.mtchat.jsonl", slow)
        if number % 3:
            person.settle()
            person.press("begin\r", chance.uniform(0, 0.5), "\x03")
            person.settle()
            person.press("/reset\rbegin\r")
            person.settle()
            person.check()
        else:
            person.press(chance.uniform(0.05, 1.2), "\x03", 0.3)
            if person.terminal.child.isalive():
                person.begin()
                person.check()
            else:
                assert person.terminal.ended() in (130, -signal.SIGINT)
            assert "Traceback" not in person.terminal.text


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ctrl_c_on_the_embedded_model(start: Start, spawn: Start, tmp_path: Path) -> None:
    path, chance = tmp_path / "s.mtchat.jsonl", random.Random(9)
    person = Person(spawn, path, "embedded", "--trust", "auto", "--greedy")
    person.settle()
    person.press("Assign the list [3, 1, 2] to a variable named nums.\r")
    person.settle()
    for _ in range(15):
        person.press(chance.choice(["Sort nums.", "Append 4 to nums.", "Print the sum of nums."]) + "\r")
        person.press(chance.choice([0, chance.uniform(0, 0.6)]), "\x03")
        person.settle()
    before = len(person.turns())
    person.press("Print nums.\r")
    person.settle()
    assert len(person.turns()) == before + 1
    person.press("/quit\r")
    assert person.terminal.ended() == 0
    replayed = [sys.executable, "-m", "mtchat", "replay", str(path), "--check"]
    done = subprocess.run(replayed, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ctrl_c_held_down_and_then_an_entry_at_once(start: Start, slow: str, tmp_path: Path) -> None:
    person = Person(start, tmp_path / "s.mtchat.jsonl", slow)
    person.begin()
    for entry in ("spin\r", "write\r", ""):
        person.press(entry, 0.2)
        for _ in range(40):
            person.press("\x03", 0.02)
        person.check()  # typed at once, while the last of them is still on its way
    person.press("/quit\r")
    assert person.terminal.ended() == 0


def test_ctrl_z_and_fg_find_the_terminal_as_it_was(start: Start, slow: str, tmp_path: Path) -> None:
    shell = '"$@"; echo back in the shell; read line; fg; echo left for good'
    person = Person(start, tmp_path / "s.mtchat.jsonl", slow, before=("bash", "--norc", "-ic", shell, "bash"))
    person.begin()
    person.press("half an ", 0.1, "\x1a")
    person.terminal.until("back in the shell")
    person.press("\r", 0.3, "\x03")
    person.settle()
    person.check()


def test_ctrl_z_while_a_program_runs(start: Start, slow: str, tmp_path: Path) -> None:
    shell = '"$@"; echo back in the shell; read line; fg; echo left for good'
    person = Person(start, tmp_path / "s.mtchat.jsonl", slow, before=("bash", "--norc", "-ic", shell, "bash"))
    person.begin()
    person.press("run\r")
    person.terminal.until("^started")
    person.press("\x1a")
    person.terminal.until("back in the shell")
    person.press("\r", 0.2, "step\r")
    person.terminal.until(r"log.append\('stepped'\)")
    assert person.terminal.text.count("step\n") == 1, "what is typed ahead shows at its own prompt only"
    person.settle()
    person.check()


@pytest.mark.parametrize("entry", ["", "run\r", "ask\r", "spin\r"])
def test_sigterm_puts_the_terminal_back(start: Start, slow: str, tmp_path: Path, entry: str) -> None:
    person = Person(start, tmp_path / "s.mtchat.jsonl", slow)
    descriptor = person.terminal.child.child_fd
    before = termios.tcgetattr(descriptor)
    person.begin()
    person.press(entry)
    if entry:
        person.terminal.until("^started|^the program asks")
    person.terminal.child.kill(signal.SIGTERM)
    end = time.monotonic() + 10
    while person.terminal.child.isalive() and time.monotonic() < end:
        person.terminal.pump()
    assert not person.terminal.child.isalive()
    assert termios.tcgetattr(descriptor)[:4] == before[:4]
    assert "Traceback" not in person.terminal.text
    assert person.terminal.ended() == 128 + signal.SIGTERM
    assert [turn.intent for turn in person.turns()] == ["begin"]


@pytest.mark.parametrize("entry", ["", "run\r"])
def test_a_closed_terminal_leaves_nothing_running(start: Start, slow: str, tmp_path: Path, entry: str) -> None:
    person = Person(start, tmp_path / "s.mtchat.jsonl", slow)
    person.begin()
    person.press(entry)
    if entry:
        person.terminal.until("^started")
    there = family(person.terminal.child.pid)
    assert len(there) > 1
    person.terminal.child.ptyproc.fileobj.close()
    end = time.monotonic() + 10
    person.terminal.child.ptyproc.wait()
    while any(Path(f"/proc/{pid}").exists() for pid in there[1:]) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [pid for pid in there[1:] if Path(f"/proc/{pid}").exists()]
    assert [turn.intent for turn in person.turns()] == ["begin"]


def family(pid: int) -> list[int]:
    """`pid`, its children, theirs and so on."""
    try:
        below = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        below = []
    return [pid, *(one for child in below for one in family(child))]


def test_the_window_changes_at_the_prompt_and_while_the_model_writes(start: Start, slow: str, tmp_path: Path) -> None:
    person = Person(start, tmp_path / "s.mtchat.jsonl", slow)
    person.begin()
    for rows, columns in ((12, 40), (50, 160), (24, 80)):
        person.press("write\r", 0.1)
        person.terminal.resize(rows, columns)
        person.settle()
        person.press("half an intent that is longer than forty columns are wide", 0.1)
        person.terminal.resize(rows - 1, columns - 1)
        person.press(0.3)
        numbers = re.findall(r"^\[(\d+)\] half", person.terminal.text, re.MULTILINE)
        assert numbers.count(numbers[-1]) == 1, person.terminal.text
        person.press("\x03")
        person.settle()
        person.check()
