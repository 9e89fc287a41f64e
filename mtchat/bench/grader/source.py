"""A program's text before it runs: its last statement printed, prints recorded, the reference's guard written in.

Pure: text in, text out. It edits the text and never writes it anew, so that what is not touched stays as it was. Leaves
to others: the text of the recorder (`inside`), running it (`grade`).
"""

import ast
import contextlib
import warnings
from collections.abc import Sequence

from mtchat.bench.grader.rules import Rules
from mtchat.errors import MtchatError

Edit = tuple[int, int, bytes]
"""Start and end in the UTF-8 text, and what stands there instead."""

_GUARDED_MODULES = {"joblib"}
_GUARDED = {("os", "getcwd")}
"""As the vectors show it. What else the reference's guard takes away the sandbox's kernel layer refuses."""
_REACHES_GLOBALS = {"exec", "eval", "globals", "vars", "locals", "setattr"}


class NotPython(MtchatError):
    """The text does not parse: the whole of it runs or nothing does."""


def parse(code: str) -> ast.Module:
    """The tree of `code`. NotPython, with the reason in a line, for what is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the program's own escapes are its business
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotPython(f"{type(error).__name__}: {getattr(error, 'msg', None) or error}") from None


def with_recorder(code: str, recorder: str) -> str:
    """`recorder` before the program, but after its `from __future__` imports, which have to come first."""
    lines = Lines(code)
    future = [node for node in _leading(parse(lines.text)) if isinstance(node, ast.ImportFrom)]
    first = "".join(f"{ast.unparse(node)}\n" for node in future)
    return first + recorder + lines.edited([lines.replace(node, "pass") for node in future])


def printed(code: str, rules: Rules, *, last: bool = True) -> str:
    """`code` with its last statement's value printed, if `last`, and without what the reference's guard takes away.

    The reference wraps the value of an expression, and of an assignment, unless that is a call of a name that begins
    with "print" already. NotPython as `parse`.
    """
    lines = Lines(code)
    tree = parse(lines.text)
    value = _last_value(tree, rules) if last else None
    edits = [] if value is None else lines.around(value, "print((", "))")
    if rules.process_guard:
        edits += [edit for node in ast.walk(tree) for edit in _guarded(node, lines)]
    return lines.edited(edits)


def is_empty(code: str) -> bool:
    """Whether there is nothing to run: blank, or comments alone."""
    try:
        return not parse(code).body
    except NotPython:
        return False


def bound(codes: Sequence[str], names: frozenset[str]) -> set[str]:
    """Which of `names` the programs may have bound to something of their own. What is no Python bound nothing."""
    found: set[str] = set()
    for code in codes:
        with contextlib.suppress(NotPython):
            found.update(name for node in ast.walk(parse(code)) for name in _names(node))
    return set(names) if "*" in found or found & _REACHES_GLOBALS else found & names


class Lines:
    """A text that nodes of its tree can be replaced in. Line ends are Python's own: `\\r` and `\\r\\n` become `\\n`."""

    def __init__(self, code: str) -> None:
        self.text = code.replace("\r\n", "\n").replace("\r", "\n")
        self._bytes = self.text.encode("utf-8", "surrogatepass")
        self._starts = [0]
        for line in self._bytes.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where the node stands, in bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset

    def replace(self, node: ast.expr | ast.stmt, text: str) -> Edit:
        return (*self.span(node), text.encode())

    def around(self, node: ast.expr, before: str, after: str) -> list[Edit]:
        start, end = self.span(node)
        return [(start, start, before.encode()), (end, end, after.encode())]

    def edited(self, edits: list[Edit]) -> str:
        """The text after the edits, which must not overlap but may touch."""
        pieces, at = [], 0
        for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
            pieces += [self._bytes[at:start], text]
            at = end
        return b"".join([*pieces, self._bytes[at:]]).decode("utf-8", "surrogatepass")


def _leading(tree: ast.Module) -> list[ast.stmt]:
    """The statements that may stand before a `from __future__` import, and these."""
    found: list[ast.stmt] = []
    for node in tree.body:
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not is_future and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and not found):
            break
        found.append(node)
    return found


def _last_value(tree: ast.Module, rules: Rules) -> ast.expr | None:
    last = tree.body[-1] if tree.body else None
    kinds = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign) if rules.trailing_assignment else (ast.Expr,)
    if not isinstance(last, kinds) or last.value is None:
        return None
    match last.value:
        case ast.Call(func=ast.Name(id=name)) if name.startswith("print"):
            return None
    return last.value


def _guarded(node: ast.AST, lines: Lines) -> list[Edit]:
    match node:
        case ast.Import(names=names) if any(each.name.split(".")[0] in _GUARDED_MODULES for each in names):
            return [lines.replace(node, "raise ImportError('the reference grader does not give this module')")]
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in _GUARDED_MODULES:
            return [lines.replace(node, "raise ImportError('the reference grader does not give this module')")]
        case ast.Attribute(value=ast.Name(id=name), attr=attr, ctx=ast.Load()) if (name, attr) in _GUARDED:
            return [lines.replace(node, "[None][0]")]
    return []


def _names(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return [name]
        case ast.Name(id=name) if name in _REACHES_GLOBALS:
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [each.asname or each.name.split(".")[0] for each in names]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.MatchMapping(rest=str(name)):
            return [name]
    return []
