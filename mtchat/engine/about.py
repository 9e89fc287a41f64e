"""What a name stands for: looked at by a program of ours on a throw-away copy of a state.

Knows what to ask of a value, and where the session's own code defines a name. The program runs as the person's own
does, in the sandbox; a repr that fails or takes too long costs the look only. Leaves showing it to the callers.
"""

import ast
import keyword
import re
import threading
from collections.abc import Sequence

import msgspec

from mtchat.errors import CommandError
from mtchat.languages import parsed
from mtchat.sandbox import Sandbox, Snapshot
from mtchat.turn import Turn

NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
"""A name, or attributes of one; nothing that calls."""
_SECONDS = 5.0
_LONGEST = 4000
_USED = ("type", "repr", "len", "str", "callable", "isinstance", "Exception")
_LOOK = f"""
import inspect as mtchat_inspect
def mtchat_try(look):
    try:
        return look()
    except Exception:
        return None
{{
    "type": type(mtchat_it).__name__,
    "repr": mtchat_try(lambda: repr(mtchat_it)[:{_LONGEST}]),
    "length": mtchat_try(lambda: len(mtchat_it)),
    "shape": mtchat_try(lambda: str(mtchat_it.shape)),
    "dtype": mtchat_try(lambda: str(mtchat_it.dtype)),
    "signature": mtchat_try(lambda: str(mtchat_inspect.signature(mtchat_it))),
    "doc": mtchat_try(lambda: mtchat_inspect.getdoc(mtchat_it)[:{_LONGEST}]),
    "defines": isinstance(mtchat_it, type) or callable(mtchat_it),
    "module": isinstance(mtchat_it, type(mtchat_inspect)),
}}
"""


class About(msgspec.Struct, frozen=True):
    """What a name stands for; None for what the value does not have. `defines`: it is a class or can be called."""

    type: str
    repr: str | None = None
    length: int | None = None
    shape: str | None = None
    dtype: str | None = None
    signature: str | None = None
    doc: str | None = None
    defines: bool = False
    module: bool = False


def about(sandbox: Sandbox, at: Snapshot, name: str, cancel: threading.Event | None = None) -> About:
    """What `name` (dots lead to attributes) is at a state, which stays as it is.

    Raises CommandError if there is no such name, or a repr of the program's own fails to end.
    """
    if not NAME.fullmatch(name) or any(map(keyword.iskeyword, name.split("."))):
        raise CommandError(f"{name!r} is no name: ?NAME shows a variable, ?NAME.ATTRIBUTE what is in it")
    hidden = {v.name for v in sandbox.variables(at)} & set(_USED)
    clear = f"del {', '.join(sorted(hidden))}\n" if hidden else ""
    code = f"mtchat_it = {name}\n{clear}{_LOOK}"
    execution, _ = sandbox.run(code, at, cancel=cancel, timeout=_SECONDS)
    if execution.status != "ok" or execution.value is None:
        raise CommandError(_unseen(name, execution.status, execution.error.message if execution.error else ""))
    try:
        return msgspec.convert(ast.literal_eval(execution.value), About)
    except (ValueError, SyntaxError, msgspec.ValidationError):
        raise CommandError(f"what {name} is cannot be shown: it does not say it in words") from None


def _unseen(name: str, status: str, message: str) -> str:
    if status == "error":
        return f"{message or f'{name} cannot be looked at'}; /vars lists what there is"
    return f"{name} cannot be looked at: looking ended with {status}{f' ({message})' if message else ''}"


def source(path: Sequence[Turn], name: str) -> tuple[int, str] | None:
    """The newest turn of `path` (from 1) that defines the function or class `name`, and its text there."""
    first, *rest = name.split(".")
    number = next((n for n in range(len(path), 0, -1) if first in path[n - 1].defined), None)
    if number is None:
        return None
    code = path[number - 1].code
    node: ast.AST | None = parsed(code)
    for part in (first, *rest):
        node = _definition(node, part) if node is not None else None
    if not isinstance(node, _Defined):
        return None
    start = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return number, "\n".join(code.splitlines()[start - 1 : node.end_lineno])


_Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _definition(tree: ast.AST, name: str) -> ast.AST | None:
    """The last function or class of that name directly in `tree`."""
    found = [node for node in getattr(tree, "body", []) if isinstance(node, _Defined) and node.name == name]
    return found[-1] if found else None
