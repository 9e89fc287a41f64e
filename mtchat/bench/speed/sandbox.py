"""What a turn in the sandbox costs: time, memory, and how much slower its loops are, beside what is usual elsewhere.

Knows the measurements. What is compared runs in turns with what it is compared with, so that other work on the
machine falls on both: a turn beside the round trip of an ipykernel, a start with numpy and pandas beside the bare
import of both. Leaves to others: the loops (`loops`), the flags (`mtchat.cli.bench_speed`), the sandbox itself.
"""

import functools
import importlib.util
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtchat.bench.speed import loops as loop_times
from mtchat.bench.speed.ipykernel import INSTALL, Kernel, available
from mtchat.bench.speed.machine import machine
from mtchat.errors import SandboxError
from mtchat.sandbox import Sandbox, Snapshot

TURN = "x = 1"
DATA = "import numpy as np\nimport pandas as pd\n"
_STATE = """
import numpy as np
import pandas as pd
size = {megabytes} * 1024 * 1024 // 8
array = np.arange(size * 2 // 3, dtype=float)
frame = pd.DataFrame(np.ones((size // 30, 10)), columns=list("abcdefghij"))
"""
_BATCH = 10
_TIMES = ("turn", "ipykernel_turn", "turn_300mb", "undo", "start", "start_data", "bare_import")


@dataclass(frozen=True)
class Sizes:
    """How much is measured. `megabytes` of state; `snapshots` parked with it; each loop goes round `loop` times."""

    repeats: int = 5
    megabytes: int = 300
    snapshots: int = 50
    loop: int = 100_000


@dataclass
class Figures:
    """Everything measured: seconds by name (an empty list where something is not installed), and the rest."""

    isolation: str = ""
    machine: dict[str, Any] = field(default_factory=dict)
    turn: list[float] = field(default_factory=list)
    ipykernel_turn: list[float] = field(default_factory=list)
    turn_300mb: list[float] = field(default_factory=list)
    undo: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    start_data: list[float] = field(default_factory=list)
    bare_import: list[float] = field(default_factory=list)
    snapshots50_mb: float | None = None
    loops: list[loop_times.Loop] = field(default_factory=list)

    @property
    def loop_slowdown_max(self) -> float:
        return max(loop.slowdown for loop in self.loops)


def has_data() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("numpy", "pandas"))


def measure(sizes: Sizes | None = None) -> Figures:
    """All figures, in one run. About a minute at the usual sizes."""
    sizes = sizes or Sizes()
    figures = Figures(machine=machine())
    _starts(figures, sizes)
    with Sandbox(allow_reduced=True) as sandbox:
        sandbox.start()
        figures.isolation = sandbox.isolation.level
        _turns(figures, sizes, sandbox)
        figures.loops = loop_times.measure(sandbox, sizes.repeats, sizes.loop)
    if has_data():
        _with_data(figures, sizes)
    return figures


# Starting


def _starts(figures: Figures, sizes: Sizes) -> None:
    """From `Sandbox()` to the end of a first program: an empty one, then one that imports numpy and pandas."""
    for _ in range(sizes.repeats):
        figures.start.append(_start(""))
        if has_data():
            figures.start_data.append(_start(DATA))
            figures.bare_import.append(_seconds(_import_data))


def _start(code: str) -> float:
    with Sandbox(allow_reduced=True) as sandbox:

        def ready() -> None:
            sandbox.start()
            _run(sandbox, code)

        return _seconds(ready)


def _import_data() -> None:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", DATA], env=env, check=True)


# Turns


def _turns(figures: Figures, sizes: Sizes, sandbox: Sandbox) -> None:
    """Turns of a session and of a kernel, batches of each in turn. The session keeps its states, as the REPL does."""
    states = [_run(sandbox, TURN)]
    kernel: AbstractContextManager[Kernel | None] = Kernel() if available() else nullcontext()
    with kernel as peer:
        for _ in range(sizes.repeats + 1):
            figures.turn += _batch(lambda: states.append(_run(sandbox, TURN, states[-1])))
            if peer is not None:
                figures.ipykernel_turn += _batch(lambda: peer.run(TURN))
    del figures.turn[:_BATCH], figures.ipykernel_turn[:_BATCH]  # the first batch warms both up


def _with_data(figures: Figures, sizes: Sizes) -> None:
    """Turns, undo and parked snapshots of a session that holds much data."""
    before = _descendants(os.getpid())
    with Sandbox(allow_reduced=True) as sandbox:
        states = [_run(sandbox, _STATE.format(megabytes=sizes.megabytes))]
        states.append(_run(sandbox, TURN, states[-1]))
        alone = _memory(_descendants(os.getpid()) - before)
        for _ in range(sizes.snapshots):
            figures.turn_300mb.append(_seconds(lambda: states.append(_run(sandbox, TURN, states[-1]))))
        together = _memory(_descendants(os.getpid()) - before)
        if alone is not None and together is not None:
            figures.snapshots50_mb = (together - alone) / 2**20
        older = [state for state in states[-2:0:-1] if state.alive]
        for n in range(_BATCH * sizes.repeats):
            figures.undo.append(_seconds(functools.partial(_run, sandbox, TURN, older[n % len(older)])))


def _run(sandbox: Sandbox, code: str, at: Snapshot | None = None) -> Snapshot:
    execution, after = sandbox.run(code, at, timeout=60)
    if execution.status != "ok":
        said = execution.error.message if execution.error else execution.status
        raise SandboxError(f"a measured turn did not run to its end: {said}")
    return after


def _batch(turn: Callable[[], object]) -> list[float]:
    return [_seconds(turn) for _ in range(_BATCH)]


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


# Memory


def _descendants(pid: int) -> set[int]:
    """The processes below `pid`, as seen from here."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
    found, more = set[int](), {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def _memory(pids: Iterable[int]) -> int | None:
    """Bytes of memory (PSS: what is shared counts once) that these hold; None where the kernel does not say."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except ProcessLookupError:
            continue  # ended in between
        except OSError:
            return None
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


# Telling


def report(figures: Figures) -> dict[str, Any]:
    """Medians for `--json`, None where something is not installed; `spread` has the smallest and the largest."""
    times = {f"{name}_ms": getattr(figures, name) for name in _TIMES}
    return {
        **{name: round(1000 * statistics.median(s), 3) if s else None for name, s in times.items()},
        "snapshots50_mb": None if figures.snapshots50_mb is None else round(figures.snapshots50_mb, 1),
        "loop_slowdown_max": round(figures.loop_slowdown_max, 2),
        "spread": {name: [round(1000 * f(s), 3) for f in (min, max)] for name, s in times.items() if s},
        "loops": {loop.name: loop.told() for loop in figures.loops},
        "isolation": figures.isolation,
        "machine": figures.machine,
    }


def rows(figures: Figures, sizes: Sizes) -> list[tuple[str, str, str]]:
    """What was measured, its figure, and what it is compared with."""
    data = has_data()
    missing = "" if data else "not measured: pip install 'mtchat[data]'"
    kernel = f"ipykernel: {_spread(figures.ipykernel_turn)}" if figures.ipykernel_turn else f"ipykernel: {INSTALL}"
    state = f"with {sizes.megabytes} MB of numpy and pandas state"
    memory = "" if figures.snapshots50_mb is None else f"{figures.snapshots50_mb:.0f} MB"
    return [
        (f"a turn of `{TURN}`, ms", _spread(figures.turn), f"{kernel}; at most that"),
        (f"the same {state}, ms", _spread(figures.turn_300mb) or missing, "at most 5"),
        (f"undo and the next turn {state}, ms", _spread(figures.undo) or missing, "at most 10"),
        ("start, to the end of an empty program, ms", _spread(figures.start), "at most 100"),
        (
            "start, to numpy and pandas imported, ms",
            _spread(figures.start_data) or missing,
            f"bare `python -c` import of both: {_spread(figures.bare_import)}; at most 400" if data else "at most 400",
        ),
        (f"what {sizes.snapshots} parked snapshots {state} add", memory or missing or "not told by the kernel", ""),
        ("slowest loop, times CPython's", f"{figures.loop_slowdown_max:.2f}", "under 3"),
    ]


def loop_rows(figures: Figures) -> list[tuple[str, str, str, str]]:
    """Each loop in both, the most slowed down first."""
    ordered = sorted(figures.loops, key=lambda loop: -loop.slowdown)
    return [(x.name, _spread(x.sandbox), _spread(x.plain), f"{x.slowdown:.2f}") for x in ordered]


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return ""
    low, middle, high = (1000 * f(seconds) for f in (min, statistics.median, max))
    return f"{middle:.0f} ({low:.0f}–{high:.0f})" if middle >= 50 else f"{middle:.2f} ({low:.2f}–{high:.2f})"
