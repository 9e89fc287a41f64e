"""Programs that exhaust, forge or outlive: each begins at a state, must end in time, and must leave it as it was.

The programs are in `ends/`, in the corpus' format; `ends` are the statuses that their last turn may have. Around each:
the state's variables and files, the processes below this one, its descriptors and its memory are looked at, and
whatever a program says of itself is held to the limits. Leaves to others: what a program reaches (`test_attacks`).
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtchat.errors import SandboxError
from mtchat.sandbox import Limits, Sandbox, Snapshot
from mtchat.turn import Execution
from tests.sandbox.attacks import support
from tests.sandbox.attacks.payloads import Payload, parse

FOLDER = Path(__file__).with_name("ends")
CLASSES = ("resource_exhaustion", "protocol_forgery", "snapshots")
MIB = 1 << 20
LIMITS = Limits(
    timeout=1, memory=256 * MIB, scratch=16 * MIB, file_size=8 * MIB, output=100_000, value=10_000, figures=8,
    processes=32, open_files=64,
)  # fmt: skip
GROWTH = 250 * MIB
"""By how much our memory may grow while we listen to a program: a frame of the largest size, read and decoded."""
WORDS = 1 << 20
"""Characters that one text of an answer may have, well above what the limits let an honest worker say."""


def _payloads() -> list[Payload]:
    return [each for name in CLASSES for each in parse(name, (FOLDER / f"{name}.txt").read_text())]


def _cases() -> Iterator[object]:
    """In the default run each program in the kernel's mode alone; the other modes are the slow run's."""
    for mode in ("kernel", "both", "no-userns"):
        for payload in _payloads():
            if mode in payload.modes:
                marks = [pytest.mark.slow] if payload.slow or mode != "kernel" else []
                yield pytest.param(payload, mode, id=f"{payload.group}-{mode}-{payload.id}", marks=marks)


def below(pid: int) -> dict[int, str]:
    """Every process below `pid`, by id: its name and state."""
    parents, names = {}, {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            name, _, rest = Path("/proc", entry, "stat").read_text().rpartition(")")
        except OSError:
            continue
        parents[int(entry)], names[int(entry)] = int(rest.split()[1]), f"{name.partition('(')[2]} {rest.split()[0]}"
    found = [pid]
    for each in found:  # grows as it is walked
        found += [child for child, parent in parents.items() if parent == each]
    return {each: names[each] for each in found[1:]}


def most_memory() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))


def forget_most_memory() -> None:
    Path("/proc/self/clear_refs").write_text("5")


class Bench:
    """A sandbox and a state in it, made again when a test has spoilt them."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.sandbox: Sandbox | None = None
        self.states: dict[tuple[str, ...], Snapshot] = {}

    def close(self) -> None:
        if self.sandbox is not None:
            self.sandbox.close()
        self.sandbox, self.states = None, {}

    def state(self, needs: tuple[str, ...]) -> tuple[Sandbox, Snapshot]:
        if self.sandbox is None:
            self.sandbox = support.new_sandbox(self.mode, LIMITS)
        assert self.sandbox is not None
        if needs not in self.states:
            code = "".join(f"import {name}\n" for name in needs)
            code += "kept = [1]\nwith open('kept.txt', 'w') as file:\n    file.write('kept')\ndel file\n"
            execution, self.states[needs] = self.sandbox.run(code, timeout=60)
            assert execution.ok, execution
            self.look(needs)
        return self.sandbox, self.states[needs]

    def look(self, needs: tuple[str, ...]) -> str | None:
        """What the state is, to be compared."""
        assert self.sandbox is not None
        code = "(kept, open('kept.txt').read())"
        if self.mode not in support.RESTRICTED:
            code = f"import os\n(kept, open('kept.txt').read(), os.listdir('.'), os.getcwd(), len('len'))\n{code}"
        execution, after = self.sandbox.run(code, self.states[needs], timeout=20)
        self.sandbox.release(after)
        assert execution.ok, execution
        return execution.value


@pytest.fixture(scope="module")
def benches() -> Iterator[dict[str, Bench]]:
    made: dict[str, Bench] = {}
    yield made
    for each in made.values():
        each.close()


def _play(sandbox: Sandbox, payload: Payload, start: Snapshot, front: str) -> list[Execution]:
    """The program's turns from `start` on; all states that they leave are let go."""
    at = before = start
    executions, made = [], []
    for how, code in payload.turns({"HOST": str(os.getpid())}):
        if how == "undo":
            at = before
        elif how == "at root":
            at = start
        before = at
        try:
            execution, at = sandbox.run(front + code, at, timeout=payload.timeout)
        except SandboxError:
            if at is start:
                raise
            break  # a state of the program's own making, which it may spoil
        executions.append(execution)
        made.append(at)
    for each in made:
        if each is not start:
            sandbox.release(each)
    return executions


def _is_held(execution: Execution) -> None:
    """What the worker says is held to the limits, whatever it is."""
    texts = [execution.stdout, execution.stderr, execution.value or ""]
    texts += [text for bundle in execution.display for each in bundle.items() for text in each]
    if execution.error is not None:
        texts += [execution.error.type, execution.error.message, execution.error.traceback]
    for text in texts:
        text.encode()
        assert len(text) <= WORDS, f"a text of {len(text)} characters: {text[:100]}…"
    assert len(execution.value or "") <= LIMITS.value + 100
    assert len(execution.stdout) + len(execution.stderr) <= LIMITS.output + 1000
    assert len(execution.figures) <= LIMITS.figures
    assert sum(len(figure.data or b"") for figure in execution.figures) <= 32 * MIB


def _no_others(before: set[int]) -> None:
    """No process is there that was not there before: those of states that were let go are dead soon."""
    for _ in range(60):
        now = below(os.getpid())
        if now.keys() <= before:
            return
        time.sleep(0.05)
    pytest.fail(f"processes that were not there before: { {pid: now[pid] for pid in now.keys() - before} }")


def _check(bench: Bench, payload: Payload, mode: str) -> None:
    sandbox, start = bench.state(payload.needs)
    looked = bench.look(payload.needs)
    processes, descriptors = set(below(os.getpid())), len(os.listdir("/proc/self/fd"))
    forget_most_memory()
    memory = most_memory()
    front = (FOLDER / "forge.py").read_text() if payload.group == "protocol_forgery" else ""
    executions = _play(sandbox, payload, start, front)
    said = [(each.status, each.error and each.error.message[:300], each.stdout[:300]) for each in executions]
    for execution in executions:
        _is_held(execution)
    reached = any("REACHED: yes" in each.stdout for each in executions)
    assert reached == (mode in payload.expected), said
    assert executions[-1].status in payload.ends, said
    del execution, executions
    assert most_memory() - memory < GROWTH, said
    assert bench.look(payload.needs) == looked, said
    _no_others(processes)
    assert len(os.listdir("/proc/self/fd")) <= descriptors, said


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("payload", "mode"), list(_cases()))
def test_it_ends_and_leaves_the_state_as_it_was(benches: dict[str, Bench], payload: Payload, mode: str) -> None:
    for name in payload.needs:
        pytest.importorskip(name)
    bench = benches.setdefault(mode, Bench(mode))
    try:
        _check(bench, payload, mode)
    except BaseException:
        bench.close()
        raise
