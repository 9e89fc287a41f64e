"""Grading a conversation: run it in the sandbox, look at what it printed last, compare.

Knows the order of things and what each ending means. The program runs first, with a recorder in place of `print`; a
second run, on the state it left, brings out the value that was printed as data; the host compares. So the expected
output is never where a program could read it. Leaves to others: the text (`source`, `inside`), comparing (`compare`).
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from mtchat.bench.grader import compare, inside, source
from mtchat.bench.grader.rules import REFERENCE, Graded, Rules
from mtchat.errors import SandboxError
from mtchat.sandbox import Sandbox, Snapshot
from mtchat.turn import Execution

_CUT_SHORT = ("timeout", "memory", "limit")
"""Endings that take the state back though the reference would judge what was printed before."""


def warm(sandbox: Sandbox, modules: Sequence[str] = ("numpy",)) -> Snapshot:
    """A state with an empty namespace that has `modules` loaded, those installed, so that programs need not load them.

    Each makes every later run slower (pandas by half), so it pays only for what most programs use.
    """
    imports = "".join(f"try:\n    import {name} as m\nexcept ImportError:\n    m = 0\n" for name in modules)
    seeded = _seeded(sandbox.seed) if "numpy" in modules else ""
    execution, at = sandbox.run(f"{imports}{seeded}m = 0\ndel m\n", timeout=100)
    if not execution.ok:
        raise SandboxError(f"the libraries could not be loaded ({_why(execution)})")
    return at


def _seeded(seed: int | None) -> str:
    """Seeds numpy's generator: under the policy `open` the sandbox does not see it being imported."""
    if seed is None:
        return ""
    return f"try:\n    import numpy as m\n    m.random.seed({seed % (1 << 32)})\nexcept ImportError:\n    pass\n"


def grade_joined(
    sandbox: Sandbox,
    text: str,
    expected: Any,
    *,
    rules: Rules = REFERENCE,
    timeout: float = 20.0,
    at: Snapshot | None = None,
) -> Graded:
    """Grade a whole conversation, executed once at the state `at`, as the reference does.

    `expected` is JSON. `timeout` in seconds, of the program and again of looking at what it printed. SandboxError as
    `Sandbox.run`.
    """
    try:
        code = source.printed(text, rules)
        with Course(sandbox, at, timeout) as course:
            execution = course.step(source.with_recorder(code, inside.recorder(rules)))
            prints = execution.stdout.count(inside.MARK)
            if execution.status in _CUT_SHORT and prints and rules.errors_after_print:
                execution = course.step(source.with_recorder(code, inside.recorder(rules, stop_after=prints)))
            if not execution.advances:
                return Graded(False, *course.ending())
            return _judged(course, [text], expected, rules)
    except source.NotPython as error:
        return Graded(False, "error", str(error))


def grade_turns(
    sandbox: Sandbox,
    prefix: str,
    codes: Sequence[str],
    expected: Any,
    *,
    rules: Rules = REFERENCE,
    timeout: float = 20.0,
    at: Snapshot | None = None,
) -> Graded:
    """Grade a conversation run turn by turn, as the REPL does: each on the state that the one before left.

    An error ends its turn only; a turn that was refused or cut short leaves the state as it was. What is judged is the
    last print of all turns, the value that the last one ends with counting as printed. Turns with nothing to run are
    passed over. `timeout` is each turn's. SandboxError as `Sandbox.run`.
    """
    turns = [code for code in codes if not source.is_empty(code)]
    with Course(sandbox, at, timeout) as course:
        course.step(inside.recorder(rules))
        if not source.is_empty(prefix):  # a run of its own: a prefix that fails must not take the recorder with it
            course.turn(prefix, rules, last=False)
        for number, code in enumerate(turns, start=1):
            course.turn(code, rules, last=number == len(turns))
        return _judged(course, [prefix, *turns], expected, rules)


class Course:
    """Runs one after the other, each at the state that the one before left. A context manager: lets go what it made."""

    def __init__(self, sandbox: Sandbox, at: Snapshot | None, timeout: float) -> None:
        self._sandbox, self._timeout = sandbox, timeout
        self._origin = self._at = at or sandbox.root
        self.endings: list[tuple[str, str]] = []
        """The status of each run and why it did not end well."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._go(self._origin)

    def _go(self, to: Snapshot) -> None:
        if self._at is not self._origin and self._at is not to:
            self._sandbox.release(self._at)
        self._at = to

    def step(self, code: str) -> Execution:
        """Run `code`; the next step goes on where it ended."""
        execution, state = self._sandbox.run(code, self._at, timeout=self._timeout)
        self._go(state)
        self.endings.append((execution.status, _why(execution)))
        return execution

    def turn(self, code: str, rules: Rules, *, last: bool) -> None:
        """Run a turn. What is no Python ends as an error, without running."""
        try:
            self.step(source.printed(code, rules, last=last))
        except source.NotPython as error:
            self.endings.append(("error", str(error)))

    def look(self, code: str) -> Execution:
        """Run `code` and forget what it did."""
        execution, state = self._sandbox.run(code, self._at, timeout=self._timeout)
        if state is not self._at:
            self._sandbox.release(state)
        return execution

    def ending(self, status: str | None = None) -> tuple[str, str]:
        """The first ending that was not well (or was `status`) and why; else ("ok", "")."""
        bad = [each for each in self.endings if each[0] != "ok" and status in (None, each[0])]
        return bad[0] if bad else ("ok", "")


def _judged(course: Course, codes: list[str], expected: Any, rules: Rules) -> Graded:
    """What the state that the course ended in comes to."""
    status, why = course.ending()
    graded = _looked_at(course, codes, expected, rules)
    if graded.passed:
        passed = rules.errors_after_print or status == "ok"
        return Graded(passed, status, "" if passed else f"it printed the right answer but did not end well: {why}")
    status, why = course.ending("denied") if course.ending("denied")[0] == "denied" else (status, why)
    if graded.status != "ok":
        return graded
    return Graded(False, status, "; ".join(each for each in (graded.message, why) if each))


def _looked_at(course: Course, codes: list[str], expected: Any, rules: Rules) -> Graded:
    """The verdict on the last print; `status` is that of looking at it, an error of the value's own counting as ok."""
    kind = compare.KINDS.get(type(expected))
    if kind is None:
        return Graded(False, "ok", f"nothing passes for an expected output of type {type(expected).__name__}")
    shadowed = source.bound(codes, inside.NAMES)
    execution = course.look(inside.look(rules, kind, *compare.size(expected), shadowed))
    if execution.status == "error":
        return Graded(False, "ok", _why(execution))
    if not execution.ok:
        return Graded(False, execution.status, f"what was printed could not be looked at: {_why(execution)}")
    try:
        shape, data = compare.read(execution.value)
    except ValueError as error:
        return Graded(False, "ok", str(error))
    if shape == "nothing":
        return Graded(False, "ok", "nothing was printed")
    passed = compare.is_right(shape, data, expected, rules)
    return Graded(passed, "ok", "" if passed else "what was printed last is not the expected output")


def _why(execution: Execution) -> str:
    error = execution.error
    return "" if error is None else f"{error.type}: {error.message}".splitlines()[0][:300]
