"""Python, the language of this project's sessions.

Knows Python's comments, strings and binding statements. Leaves what may run to `sandbox.policy`.
"""

import ast
import re
import warnings
from collections.abc import Iterator

from mtchat.languages.base import Language

_TRIPLE_DOUBLE = r'"""(?:\\[\s\S]|[^\\])*?(?:"""|\Z)'
_TRIPLE_SINGLE = r"'''(?:\\[\s\S]|[^\\])*?(?:'''|\Z)"
_DOUBLE = r'"(?:\\.|[^"\\\n])*"?'
_SINGLE = r"'(?:\\.|[^'\\\n])*'?"
_COMMENT = r"#[^\n]*"


def defines(code: str) -> tuple[str, ...]:
    """Names that running `code` at top level binds, in order of first binding; () for code that does not parse."""
    tree = parsed(code)
    return tuple(dict.fromkeys(name for statement in tree.body for name in _bound(statement))) if tree else ()


def parsed(code: str) -> ast.Module | None:
    """The tree of `code`, None for code that does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the program's own, which the sandbox tells
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            return
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from ((alias.asname or alias.name.split(".")[0]) for alias in aliases if alias.name != "*")
            return
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.ExceptHandler():  # `as name` is unbound again at the handler's end
            pass
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
    for child in ast.iter_child_nodes(node):
        yield from _bound(child)


def weight(code: str) -> tuple[float, ...]:
    """How much there is to read: syntax nodes, nesting of blocks, characters. Code that does not parse is heaviest.

    >>> weight("x = sum(nums)") < weight("x = 0\nfor n in nums:\n    x += n")
    True
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return (float("inf"),)
    return sum(1 for _ in ast.walk(tree)), _depth(tree), len(code)


def _depth(node: ast.AST) -> int:
    inner = max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)
    return inner + isinstance(node, ast.stmt)


PYTHON = Language(
    name="python",
    comment="# ",
    opaque=re.compile("|".join((_TRIPLE_DOUBLE, _TRIPLE_SINGLE, _DOUBLE, _SINGLE, _COMMENT))),
    paper_cuts=("^#", re.escape("<|endoftext|>"), "^'''", '^"""', "\n\n\n"),
    lexer="python",
    suffix=".py",
    defines=defines,
    weight=weight,
)
