"""What the functions of several codes give on small inputs: where they differ, a question can be asked.

Knows how calls are tried on throw-away states, all of a code's in one run with a short time-out, and what came of
each. Leaves which inputs there are to `inputs`.
"""

import ast
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from mtchat.engine.inputs import Call, calls, functions
from mtchat.sandbox import Sandbox, Snapshot, Variable
from mtchat.selection import steady

TIMEOUT = 1.0
_MARK = "\x02gave "
_LONGEST = 200


@dataclass(frozen=True)
class Answer:
    """What one call gave: `kind` is value, error or none (it did not end); `text` the repr or the error's type."""

    kind: str
    text: str = ""
    printed: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for answers that nobody would tell apart: every error is one, 0 and 0.0 are."""
        number: object = None
        if self.kind == "value":
            with suppress(ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
                found = ast.literal_eval(self.text)
                number = found if type(found) in (int, float) else None
        return (self.kind, self.text * (self.kind == "value" and number is None), number, self.printed)

    def __str__(self) -> str:
        if self.kind == "error":
            return f"an error ({self.text})"
        if self.kind == "none":
            return "no answer in time"
        said = f"{self.printed.strip()!r} printed" if self.printed.strip() else ""
        return said if said and self.text == "None" else ", ".join(filter(None, (self.text, said)))


def to_try(codes: Sequence[str], intent: str, variables: Sequence[Variable]) -> tuple[list[Call], list[str]]:
    """Calls of the functions that at least two of `codes` define, made after the first that does.

    Where each defines a single one, they are taken for the same under names of their own, given for each code ("" where
    the calls' own name is it).
    """
    defined = [functions(code) for code in codes]
    if len(codes) > 1 and all(len(found) == 1 for found in defined):
        sole = [next(iter(found)) for found in defined]
        return calls(codes[0], sole[0], intent, variables), sole
    names = dict.fromkeys(name for found in defined for name in found)
    shared = [name for name in names if sum(name in found for found in defined) > 1]
    per = [calls(next(c for c, f in zip(codes, defined, strict=True) if n in f), n, intent, variables) for n in shared]
    return [call for made in per for call in made], [""] * len(codes)


def answers(
    sandbox: Sandbox, at: Snapshot, tried: Sequence[Call], cancel: threading.Event | None = None
) -> tuple[Answer, ...]:
    """What each of `tried` gives at the state `at`, which stays as it is; fewer where one does not end."""
    if not tried:
        return ()
    execution, after = sandbox.run(_program(tried), at, timeout=TIMEOUT, cancel=cancel)
    if after is not at:
        sandbox.release(after)
    found, printed = [], ""
    for line in execution.stdout.splitlines(keepends=True):
        before, mark, said = line.partition(_MARK)
        printed += before
        if mark:
            kind, _, text = said.strip().partition(" ")
            found.append(Answer(kind, steady(ast.literal_eval(text)), steady(printed)))
            printed = ""
    if len(found) < len(tried):
        found.append(Answer("none"))
    return tuple(found)


def _program(tried: Sequence[Call]) -> str:
    """Code that makes each call and writes what it gave after a mark, as it goes."""
    return f"""
for _call in ({"".join(f"lambda: {call}, " for call in tried)}):
    try:
        _said = ("value", repr(_call())[:{_LONGEST}])
    except Exception as _error:
        _said = ("error", type(_error).__name__)
    print({_MARK!r} + _said[0], repr(_said[1]), flush=True)
"""
