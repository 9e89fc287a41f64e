"""A turn run again statement by statement, on throw-away copies of the state before it: what each one did.

Knows how a statement is run so that its lines keep their numbers, how a loop's first rounds are had one at a time,
and when to stop looking. The session's own states stay as they are. Leaves words to `sentences`, the screen to
`present`.
"""

import ast
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from mtchat.engine import Effects, effects
from mtchat.languages import parsed
from mtchat.sandbox import Sandbox, Snapshot, Variable
from mtchat.teach.sentences import MOST
from mtchat.turn import Execution, Turn

ROUNDS = 3
"""How many rounds of a loop are looked at one by one."""
_MOST_LOOPS = 8
_MOST_USES = 3
_ENOUGH = 2.0
"""Seconds that a statement of a quick turn may take when it runs again."""
_OURS = "mtchat_"
_COUNTER = f"{_OURS}rounds"
_HELPERS = f"""
{_COUNTER} = 0
def {_OURS}first(items, most):
    global {_COUNTER}
    for item in items:
        if {_COUNTER} >= most:
            return
        {_COUNTER} += 1
        yield item
def {_OURS}more(most):
    global {_COUNTER}
    if {_COUNTER} >= most:
        return False
    {_COUNTER} += 1
    return True
"""
_LOOKED_INTO = ("ok", "error", "timeout")
_WITHOUT_WORTH = frozenset({"function", "module", "type", "builtin_function_or_method", "ABCMeta"})


@dataclass(frozen=True)
class Round:
    """One round of a loop: the variables that it left, those it set or changed only, and what it printed."""

    values: tuple[Variable, ...]
    printed: str


@dataclass(frozen=True)
class Seen:
    """What one outermost statement did: `uses` are variables that it read, `held` which way its test went.

    `rounds` are the first ones of a loop, `count` how many there were, None for what is no loop. `part` is
    what it set inside of an object: how that is written, its value before ("" for none) and after.
    """

    execution: Execution
    changes: Effects
    uses: tuple[Variable, ...] = ()
    held: bool | None = None
    rounds: tuple[Round, ...] = ()
    count: int | None = None
    part: tuple[str, str, str] | None = None


class Watch:
    """Looks at turns of one session through its sandbox. `cancel` stops at the next statement."""

    def __init__(self, sandbox: Sandbox, cancel: threading.Event | None = None) -> None:
        self.sandbox = sandbox
        self.cancel = cancel or threading.Event()
        self._seconds = _ENOUGH

    def turn(self, turn: Turn, at: Snapshot, most: int = MOST) -> list[Seen]:
        """What each outermost statement of `turn` did, from the state `at` on, up to the one that stopped it.

        At most the first `most`, since each takes a run and a look.

        Raises SandboxError if the sandbox fails or the variables cannot be read.
        """
        tree = parsed(turn.code)
        seen: list[Seen] = []
        inputs, loops = turn.execution.inputs, 0
        quick = turn.execution.status != "ok"
        self._seconds = _ENOUGH if quick else max(_ENOUGH, 3 * turn.execution.elapsed)
        before = self.sandbox.variables(at)
        for node in tree.body[:most] if tree is not None else []:
            if self.cancel.is_set():
                break
            code = _source(turn.code, node)
            execution, after = self._run(code, at, inputs)
            variables = self.sandbox.variables(after) if execution.advances else before
            found = Seen(execution, effects(before, variables), _uses(node, before, variables))
            if isinstance(node, ast.For | ast.While) and loops < _MOST_LOOPS and execution.status in _LOOKED_INTO:
                loops += 1
                with suppress(RecursionError):  # too deep to be written anew
                    found = self._loop(node, at, before, inputs, found)
            elif isinstance(node, ast.If):
                with suppress(RecursionError):
                    found = replace(found, held=self._holds(node.test, at, inputs))
            elif isinstance(node, ast.Assign | ast.AugAssign) and execution.ok:
                found = replace(found, part=self._part(node, at, after))
            seen.append(found)
            if not execution.ok:
                break
            inputs = inputs[len(execution.inputs) :]
            before, at = variables, after
        return seen

    def _run(self, code: str, at: Snapshot, inputs: Sequence[str]) -> tuple[Execution, Snapshot]:
        return self.sandbox.run(code, at, inputs=tuple(inputs), cancel=self.cancel, timeout=self._seconds)

    def _holds(self, test: ast.expr, at: Snapshot, inputs: Sequence[str]) -> bool | None:
        """Which way a test goes at a state; None where it cannot be told."""
        execution, _ = self._run(f"not not ({ast.unparse(test)})", at, inputs)
        return {"True": True, "False": False}.get(execution.value or "")

    def _part(self, node: ast.Assign | ast.AugAssign, at: Snapshot, after: Snapshot) -> tuple[str, str, str] | None:
        """The attribute that a statement sets: such a change is not seen in most objects' repr."""
        target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
        if not isinstance(target, ast.Attribute):
            return None
        text = ast.unparse(target)
        before, now = (self._run(text, each, ())[0].value or "" for each in (at, after))
        return text, before, now

    def _loop(
        self, node: ast.For | ast.While, at: Snapshot, before: list[Variable], inputs: Sequence[str], found: Seen
    ) -> Seen:
        """`found` with the loop's first rounds: it is run anew for one round, for two, for three."""
        rounds: list[Round] = []
        last, printed, count = before, "", 0
        for most in range(1, ROUNDS + 1):
            execution, after = self._run(_HELPERS + _shortened(node, most), at, inputs)
            if not execution.advances:
                break
            variables = self.sandbox.variables(after)
            count = _counted(variables)
            if count < most:
                break
            changes = effects(last, variables)
            values = (*changes.added, *(new for _, new in changes.changed))
            shown = tuple(v for v in values if not v.name.startswith(_OURS))
            rounds.append(Round(_own_first(node, shown, variables), execution.stdout[len(printed) :]))
            last, printed = variables, execution.stdout
            if not execution.ok:
                break
        if count == ROUNDS and found.execution.advances:
            execution, after = self._run(_HELPERS + _shortened(node, 1 << 40), at, inputs)
            count = _counted(self.sandbox.variables(after)) if execution.advances else 0
        return replace(found, rounds=tuple(rounds), count=count if found.execution.advances else None)


def _source(code: str, node: ast.stmt) -> str:
    """A statement's own lines, with as many empty ones before them as there are others: errors then name the line."""
    start = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    own = ast.get_source_segment(code, node) or ast.unparse(node)
    if start < node.lineno:
        own = "\n".join(code.splitlines()[start - 1 : node.end_lineno])
    return "\n" * (start - 1) + own


def _shortened(node: ast.For | ast.While, most: int) -> str:
    """A loop that ends after `most` rounds; a part for its end is left out."""
    limit = ast.Constant(most)
    if isinstance(node, ast.For):
        items = ast.Call(ast.Name(f"{_OURS}first", ast.Load()), [node.iter, limit], [])
        return ast.unparse(ast.For(node.target, items, node.body, [], None, lineno=1))
    more = ast.Call(ast.Name(f"{_OURS}more", ast.Load()), [limit], [])
    return ast.unparse(ast.While(ast.BoolOp(ast.And(), [node.test, more]), node.body, []))


def _counted(variables: Sequence[Variable]) -> int:
    said = next((v.repr for v in variables if v.name == _COUNTER), "0")
    return int(said) if said.isdecimal() else 0


def _own_first(loop: ast.For | ast.While, changed: Sequence[Variable], now: Sequence[Variable]) -> tuple[Variable, ...]:
    """What a round set, the loop's own variables first and even if they have the value that they had before."""
    names = ast.walk(loop.target) if isinstance(loop, ast.For) else ()
    own = {each.id for each in names if isinstance(each, ast.Name)}
    return (*(v for v in now if v.name in own), *(v for v in changed if v.name not in own))


def _uses(node: ast.stmt, before: Sequence[Variable], after: Sequence[Variable]) -> tuple[Variable, ...]:
    """Variables that a statement reads and leaves as they are, other than functions and libraries; a few of them."""
    read = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    kept = {(v.name, v.repr) for v in after}
    found = [v for v in before if v.name in read and (v.name, v.repr) in kept and _tells(v)]
    return () if isinstance(node, ast.FunctionDef | ast.ClassDef) else tuple(found[:_MOST_USES])


def _tells(variable: Variable) -> bool:
    """Whether a variable's repr says more than where it lies."""
    return variable.type not in _WITHOUT_WORTH and " object at 0x" not in variable.repr
