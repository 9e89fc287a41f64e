"""Many turns of every kind, in no order, against a model of what each state must hold; then what is left behind.

A seeded stream of turns that go well, raise, hang, crash, run out of memory, are refused or cancelled, at the newest
state or an older one, with states released in between. What a state's names, scratch files and random numbers are is
known without the sandbox, and looked at by chance on the way and for all states at the end.
"""

import ctypes
import gc
import itertools
import json
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from mtchat.sandbox import Limits, Policy, Sandbox, Snapshot, SnapshotGone
from tests.sandbox.support import below, sessions_of

POLICIES = {"restricted": Policy(allow_imports=("os",)), "open": Policy("open")}
NAMES, FILES = [f"v{n}" for n in range(6)], [f"f{n}" for n in range(4)]
LIVE = 24
"""States held at once; older ones are let go by release, or by nobody holding them."""

_CRASHES = {
    "restricted": ["import os\nos.abort()"],
    "open": ["import os\nos._exit(0)", "import os\nos.abort()", "import ctypes\nctypes.string_at(0)"],
}
_HANG = "while True:\n    pass"
_THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
_MEMORY = "hoard = [bytearray(1 << 20) for _ in range(1 << 20)]"
_LOOK = f"""
import json, random
def text(name):
    try:
        with open(name) as file:
            return file.read()
    except FileNotFoundError:
        return None
bound = dir()
names = {{{", ".join(f"'{n}': {n} if '{n}' in bound else None" for n in NAMES)}}}
print(json.dumps([names, log, {{name: text(name) for name in {FILES}}}, random.random()]))
"""


@dataclass(frozen=True)
class Model:
    """What a state must hold."""

    names: dict[str, int] = field(default_factory=dict)
    log: tuple[int, ...] = ()
    files: dict[str, str] = field(default_factory=dict)


@dataclass
class State:
    at: Snapshot
    model: Model
    draw: float | None = None
    """The next random number there, once it was looked at."""


class Session:
    """One sandbox and the states of it that are held, newest last."""

    def __init__(self, sandbox: Sandbox, policy: str, seed: int) -> None:
        self.sandbox, self.policy, self.stream = sandbox, policy, random.Random(seed)
        self.numbers = itertools.count(1)
        self.seen: set[str] = set()
        execution, at = sandbox.run("log = []\nimport random")
        assert execution.status == "ok", execution.error
        self.states = [State(at, Model())]

    def turn(self) -> None:
        """One turn of some kind, somewhere."""
        state = self.states[-1] if self.stream.random() < 0.6 else self.stream.choice(self.states)
        kind = self.stream.choices(list(_KINDS), [weight for _, weight in _KINDS.values()])[0]
        _KINDS[kind][0](self, state)
        self.seen.add(kind)
        while len(self.states) > LIVE:
            gone = self.states.pop(self.stream.randrange(len(self.states) - 1))
            if self.stream.random() < 0.5:
                self.sandbox.release(gone.at)

    def change(self, model: Model) -> tuple[str, Model]:
        """Code that changes a name, the log and perhaps a file, and the state it must lead to."""
        n, name, file = next(self.numbers), self.stream.choice(NAMES), self.stream.choice(FILES)
        code = f"{name} = {n}\nlog.append({n})\nrandom.random()\n"
        after = replace(model, names={**model.names, name: n}, log=(*model.log, n)[-50:])
        code += "del log[:-50]\n"
        if self.stream.random() < 0.5:
            mode = self.stream.choice("wa")
            code += f"with open('{file}', '{mode}') as out:\n    print({n}, file=out)\n"
            old = model.files.get(file, "") if mode == "a" else ""
            after = replace(after, files={**model.files, file: f"{old}{n}\n"})
        return code, after

    def goes_on(self, state: State, end: str, status: str) -> None:
        """A turn whose changes stay, whatever its end."""
        code, model = self.change(state.model)
        execution, at = self.sandbox.run(code + end, state.at)
        assert execution.status == status, execution.error
        assert at is not state.at
        self.states.append(State(at, model))

    def fails(self, state: State, end: str, status: str, timeout: float = 10.0) -> None:
        """A turn that must leave no trace: the state stays what it was. Cancelled once it prints."""
        cancel = threading.Event()
        execution, at = self.sandbox.run(
            self.change(state.model)[0] + end,
            state.at,
            timeout=timeout,
            cancel=cancel,
            on_output=lambda name, text: cancel.set(),
        )
        assert execution.status == status, (end, execution.error)
        assert at is state.at

    def crash(self, state: State) -> None:
        self.fails(state, self.stream.choice(_CRASHES[self.policy]), "crashed")

    def refused(self, state: State) -> None:
        if self.policy == "restricted":
            self.fails(state, "getattr(log, '__reduce_ex__')", "denied")
        else:
            self.goes_on(state, "import os\nos.fork()", "error")

    def look(self, state: State) -> None:
        execution, _ = self.sandbox.run(_LOOK, state.at)
        assert execution.status == "ok", execution.error
        names, log, files, draw = json.loads(execution.stdout)
        model = state.model
        assert {name: value for name, value in names.items() if value is not None} == model.names
        assert tuple(log) == model.log
        assert {name: text for name, text in files.items() if text is not None} == model.files
        assert state.draw in (None, draw)
        state.draw = draw

    def let_go(self, state: State) -> None:
        if len(self.states) > 1:
            self.states.remove(state)
            self.sandbox.release(state.at)
            with pytest.raises(SnapshotGone):
                self.sandbox.run("1", state.at)

    def put(self, state: State) -> None:
        """A file from outside, into a state that others may have gone on from: theirs stay as they are."""
        text, file = f"put {next(self.numbers)}\n", self.stream.choice(FILES)
        self.sandbox.put(file, text.encode(), state.at)
        state.model = replace(state.model, files={**state.model.files, file: text})

    def list_names(self, state: State) -> None:
        shown = {each.name: each.repr for each in self.sandbox.variables(state.at) if each.name in NAMES}
        assert shown == {name: repr(value) for name, value in state.model.names.items()}


_KINDS: dict[str, tuple[Callable[[Session, State], None], int]] = {
    "ok": (lambda session, state: session.goes_on(state, "", "ok"), 30),
    "exit": (lambda session, state: session.goes_on(state, "raise SystemExit", "ok"), 3),
    "error": (lambda session, state: session.goes_on(state, "1 / 0", "error"), 12),
    "hang": (lambda session, state: session.fails(state, _HANG, "timeout", timeout=0.05), 6),
    "cancel": (lambda session, state: session.fails(state, f"print()\n{_HANG}", "interrupted"), 6),
    "memory": (lambda session, state: session.fails(state, _MEMORY, "memory"), 4),
    "thread": (lambda session, state: session.fails(state, _THREAD, "limit"), 4),
    "crash": (Session.crash, 12),
    "refused": (Session.refused, 6),
    "look": (Session.look, 12),
    "names": (Session.list_names, 4),
    "put": (Session.put, 5),
    "release": (Session.let_go, 4),
}


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def resident() -> int:
    """Bytes of this process in memory, once what is free has gone back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def settles(wanted: Callable[[], bool]) -> bool:
    """Whether it comes true within some seconds: processes take a moment to end."""
    deadline = time.monotonic() + 10
    while not wanted():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def play(policy: str, turns: int, warm_up: int, seed: int) -> int:
    """Play `turns`, look at everything; by how many bytes this process grew after `warm_up`."""
    fds, processes = descriptors(), below(os.getpid())
    with Sandbox(POLICIES[policy], Limits(memory=256 << 20)) as sandbox:
        session = Session(sandbox, policy, seed)
        alone = len(below(os.getpid()) - processes) - 1  # the processes that hold no state of ours
        sessions = sessions_of(below(os.getpid()) - processes)
        for n in range(turns):
            if n == warm_up:
                before = resident()
            session.turn()
        grown = resident() - before
        assert session.seen == set(_KINDS)
        for state in session.states:
            session.look(state)
        sandbox.run("1")  # lets go of what nobody holds
        held = alone + len(session.states) + 1
        assert settles(lambda: len(below(os.getpid()) - processes) <= held)
    assert settles(lambda: below(os.getpid()) <= processes)
    assert not sessions_of(range(1, 1 << 22)) & (sessions - {os.getsid(0)})
    assert descriptors() == fds
    return grown


@pytest.mark.parametrize("policy", ["restricted", pytest.param("open", marks=pytest.mark.slow)])
def test_a_hundred_turns_lose_nothing_and_leave_nothing(policy: str) -> None:
    play(policy, 100, 0, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("policy", "seed"), [("restricted", 2), ("open", 3)])
def test_a_thousand_turns_lose_nothing_and_leave_nothing(policy: str, seed: int) -> None:
    grown = play(policy, 1000, 300, seed)
    assert grown < 700 * 512  # half of what a leak of 1 KiB a turn would make


@pytest.mark.parametrize("count", [8, pytest.param(50, marks=pytest.mark.slow)])
def test_sandboxes_opened_and_closed_leave_nothing(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    fds, processes, sessions = descriptors(), below(os.getpid()), set[int]()
    for n in range(count):
        with Sandbox() as sandbox:
            _, at = sandbox.run("open('f', 'w').write('x')\nx = 1")
            if n % 2:
                sandbox.run("while True: pass", at, timeout=0.05)
            sessions |= sessions_of(below(os.getpid()) - processes)
    assert settles(lambda: below(os.getpid()) <= processes)
    assert not sessions_of(range(1, 1 << 22)) & (sessions - {os.getsid(0)})
    assert descriptors() == fds
    assert list(tmp_path.iterdir()) == []
