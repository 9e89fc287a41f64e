"""Pure-Python loops, timed in the sandbox and in CPython.

Knows the loops and how each is timed: by itself, inside its process, so that starting and talking count for nothing.
Both kinds of process take turns. Leaves to others: what else a turn costs (`mtchat.bench.speed.sandbox`).
"""

import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from mtchat.errors import SandboxError
from mtchat.sandbox import Sandbox

_SETUP = """
class Point:
    def __init__(self, x):
        self.x = x
        self._hidden = x
    def move(self, by):
        return by
    def hide(self, n):
        for i in range(n):
            self._hidden = self._hidden + 1
def double(x):
    return x + x
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
p = Point(1)
items = list(range(1000))
table = {i: i for i in range(1000)}
pairs = [(i, i) for i in range(1000)]
"""

LOOPS: dict[str, str] = {
    "attribute read": "for i in range(n):\n    p.x",
    "attribute write": "for i in range(n):\n    p.x = i",
    "attribute += 1": "for i in range(n):\n    p.x += 1",
    "private attribute": "p.hide(n)",
    "method call": "for i in range(n):\n    p.move(i)",
    "list method call": "out = []\nfor i in range(n):\n    out.append(i)",
    "subscript read": "for i in range(n):\n    items[7]",
    "subscript write": "for i in range(n):\n    items[7] = i",
    "dict += 1": "for i in range(n):\n    table[7] += 1",
    "function call": "for i in range(n):\n    double(i)",
    "recursion": "fib(max(1, n.bit_length() + 3))",
    "tuple loop": "for i in range(n // 1000):\n    for a, b in pairs:\n        a",
    "tuple unpack": "a, b = 0, 1\nfor i in range(n):\n    a, b = b, a",
    "comprehension": "for i in range(n // 1000):\n    [x * 2 for x in items if x % 2]",
    "generator": "sum(x for x in range(n))",
    "string building": "s = ''\nfor i in range(n):\n    s += f'{i} '",
    "while": "i = 0\nwhile i < n:\n    i += 1",
}
"""What runs `n` times inside a function. Names of the setup above are global, as in a program of several turns."""

_TIMED = """
def timed(n):
    {body}
from time import perf_counter
best = 1e9
for again in range({again}):
    began = perf_counter()
    timed({n})
    best = min(best, perf_counter() - began)
print(best)
"""
_AGAIN = 3
_PLAIN = """
import sys
for line in sys.stdin:
    exec(compile(eval(line), "<loop>", "exec"), {"__name__": "__main__"})
    sys.stdout.flush()
"""


def program(name: str, times: int) -> str:
    """The loop `name` as a program that prints its own seconds, the best of a few."""
    return _SETUP + _TIMED.format(body=LOOPS[name].replace("\n", "\n    "), n=times, again=_AGAIN)


@dataclass
class Loop:
    """Seconds of one loop in both, an entry a repeat."""

    name: str
    sandbox: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)

    @property
    def slowdown(self) -> float:
        """Of the smallest of each: other work on the machine only ever adds."""
        return min(self.sandbox) / min(self.plain)

    def told(self) -> dict[str, float]:
        return {
            "sandbox_ms": round(1000 * statistics.median(self.sandbox), 3),
            "cpython_ms": round(1000 * statistics.median(self.plain), 3),
            "slowdown": round(self.slowdown, 2),
        }


class Plain:
    """A CPython of the same kind as the worker, without any of its layers."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-S", "-P", "-X", "utf8", "-c", _PLAIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONHASHSEED": "0"},
        )
        return self

    def seconds(self, code: str) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(repr(code) + "\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._process.communicate()


def measure(sandbox: Sandbox, repeats: int, times: int) -> list[Loop]:
    loops = [Loop(name) for name in LOOPS]
    with Plain() as plain:
        for _ in range(repeats):
            for loop in loops:
                code = program(loop.name, times)
                loop.sandbox.append(_seconds(sandbox, code))
                loop.plain.append(plain.seconds(code))
    return loops


def _seconds(sandbox: Sandbox, code: str) -> float:
    execution, _ = sandbox.run(code, timeout=60)
    if execution.status != "ok":
        raise SandboxError(f"a loop did not run to its end: {execution.error.message if execution.error else ''}")
    return float(execution.stdout)
