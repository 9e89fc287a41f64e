"""Checks: Python that must hold after a turn, kept with it.

Knows how one is evaluated: an expression must be true, anything else must not raise. Leaves making them to `clarify`
and to people.
"""

import ast
import threading
from collections.abc import Sequence

from mtchat.sandbox import Sandbox, Snapshot


def failing(
    sandbox: Sandbox, at: Snapshot, checks: Sequence[str], cancel: threading.Event | None = None
) -> tuple[str, ...]:
    """Which of `checks` do not hold at the state `at`, each on a copy of it: `check: why`."""
    return tuple(f"{' '.join(check.split())}: {why}" for check in checks if (why := _why(sandbox, at, check, cancel)))


def _why(sandbox: Sandbox, at: Snapshot, check: str, cancel: threading.Event | None) -> str:
    """Why `check` fails, "" where it holds."""
    expression = _is_expression(check)
    execution, after = sandbox.run(f"bool(\n{check}\n)" if expression else check, at, cancel=cancel)
    if after is not at:
        sandbox.release(after)
    if execution.ok:
        return "it is not so" if expression and execution.value != "True" else ""
    error = execution.error
    return f"{error.type}: {error.message}".rstrip(": ") if error else execution.status


def _is_expression(check: str) -> bool:
    try:
        ast.parse(check.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
