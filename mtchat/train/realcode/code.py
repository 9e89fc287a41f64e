"""Pieces of real source made into turns' code: dedented, without comments and blank lines, standing on named things.

Knows: what of a file's text a span of lines is, which names code needs from outside, whether it may be a turn. Leaves
to others: which spans, and what is said of them.
"""

from __future__ import annotations

import ast
import builtins
import io
import re
import textwrap
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from mtchat.conversation import truncate
from mtchat.train.realcode.words import EMPTY, SAME

BUILTINS = frozenset(n for n in dir(builtins) if not n.startswith("_"))
KNOWN = frozenset(
    {
        "abc", "argparse", "array", "ast", "base64", "bisect", "calendar", "cmath", "codecs", "collections",
        "colorsys", "configparser", "contextlib", "copy", "csv", "dataclasses", "datetime", "decimal", "difflib",
        "enum", "fnmatch", "fractions", "functools", "glob", "gzip", "hashlib", "heapq", "hmac", "html", "http",
        "inspect", "io", "itertools", "json", "keyword", "locale", "logging", "math", "matplotlib", "networkx",
        "numpy", "operator", "os", "pandas", "pathlib", "pickle", "platform", "posixpath", "pprint", "random", "re",
        "scipy", "secrets", "shlex", "shutil", "sklearn", "socket", "sqlite3", "statistics", "string", "struct",
        "subprocess", "sympy", "sys", "tempfile", "textwrap", "threading", "time", "timeit", "tokenize", "torch",
        "traceback", "types", "unicodedata", "urllib", "uuid", "warnings", "weakref", "xml", "zipfile", "zlib",
    }
)  # fmt: skip
"""Top-level modules that a piece may import."""


@dataclass
class File:
    """One source file, read."""

    name: str
    lines: list[str]
    tree: ast.Module
    imports: dict[str, str] = field(default_factory=dict)  # name -> the statement that binds it, of well-known modules
    elsewhere: dict[str, str] = field(default_factory=dict)  # the same, of other modules
    defined: dict[str, ast.stmt] = field(default_factory=dict)  # functions, classes and constants of the file

    @property
    def module(self) -> str:
        """The dotted name by which the file is imported."""
        return ".".join(self.name.removesuffix(".py").removesuffix("/__init__").split("/")[1:])

    def span(self, first: ast.stmt, last: ast.stmt) -> str:
        """The source of the statements from `first` to `last`, dedented; "" where they share lines with others."""
        start = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", []))])
        lines = self.lines[start - 1 : last.end_lineno]
        if not lines or lines[0][: first.col_offset].strip(" "):
            return ""
        return textwrap.dedent("\n".join(lines))


def load(name: str, text: str) -> File | None:
    """Parse a file; None where this Python cannot."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    file = File(name, text.expandtabs().split("\n"), tree)
    package = file.module.split(".")
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname or "." not in alias.name:
                    _import(file, alias, alias.name, ast.Import([alias]))
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                inside = package if name.endswith("__init__.py") else package[:-1]
                inside = inside[: len(inside) - node.level + 1]
                module = ".".join([*inside, *([module] if module else [])])
            for alias in node.names:
                if module and alias.name != "*" and module != "__future__":
                    _import(file, alias, module, ast.ImportFrom(module, [alias], 0))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            file.defined[node.name] = node
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            file.defined[node.targets[0].id] = node
    return file


def _import(file: File, alias: ast.alias, module: str, statement: ast.stmt) -> None:
    parts = module.split(".")
    public = (
        parts[0] in KNOWN
        and not alias.name.startswith("_")
        and not any(part.startswith("_") or part == "core" for part in parts)
    )
    (file.imports if public else file.elsewhere)[alias.asname or alias.name] = ast.unparse(statement)


def bodies(node: ast.AST) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """Every list of statements under a node, with the node that holds it."""
    for part in ("body", "orelse", "finalbody"):
        body = getattr(node, part, None)
        if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
            yield node, body
            for statement in body:
                yield from bodies(statement)
    for inner in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield from bodies(inner)


def standing(file: File, names: list[str], room: int = 400) -> tuple[list[str], list[str], list[str]]:
    """What gives a file's code `names`: imports of well-known modules, other lines (short definitions of the file as
    they are, the rest as imports), and the names that nothing at the file's top level gives.
    """
    imports, before, missing = dict[str, None](), dict[str, None](), list[str]()
    waiting, met = list(names), set(names)
    while waiting:
        name = waiting.pop(0)
        node = file.defined.get(name)
        if name in file.imports:
            imports[file.imports[name]] = None
        elif name in file.elsewhere:
            before = {file.elsewhere[name]: None, **before}
        elif node is not None:
            code = (
                "" if isinstance(node, ast.ClassDef) or node.end_lineno != node.lineno else bare(file.span(node, node))
            )
            tree = parsed(code) if 0 < len(code) <= 100 else None
            more = [] if tree is None else [n for n in needs(tree) if n not in met]
            if tree is None or len(more) > 2 or len(code) > room:
                before = {f"from {file.module} import {name}": None, **before}
            else:
                room -= len(code)
                before = {code: None, **before}
                waiting += more
                met.update(more)
        else:
            missing.append(name)
    return list(imports), sorted(before, key=lambda line: not line.startswith(("from ", "import "))), missing


def bare(code: str) -> str:
    """Code without comments and blank lines; "" where a string reaches over lines (its blank lines must stay)."""
    if "#" in code:
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(code + "\n").readline))
        except (tokenize.TokenError, SyntaxError):
            return ""
        lines = code.split("\n")
        for token in tokens:
            if token.type == tokenize.COMMENT:
                row, column = token.start
                lines[row - 1] = lines[row - 1][:column]
        code = "\n".join(lines)
    return "\n".join(line.rstrip() for line in code.split("\n") if line.strip())


def parsed(code: str) -> ast.Module | None:
    """The tree of a turn's code, None where it cannot be one: not ASCII, strings over lines, too wide, no Python."""
    if not code or not code.isascii() or "\t" in code or any(len(line) > 110 for line in code.split("\n")):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant | ast.JoinedStr)
            and node.lineno != node.end_lineno
            and not _adjacent(node, code)
        ):
            return None
    return tree if truncate(code + "\n\n#", rule="paper").rstrip("\n") == code else None


def _adjacent(node: ast.Constant | ast.JoinedStr, code: str) -> bool:
    """Whether a constant over several lines is strings side by side, which no blank line can be part of."""
    part = ast.get_source_segment(code, node) or '"""'
    return '"""' not in part and "'''" not in part


class _Needs(ast.NodeVisitor):
    """Names in the order in which they are evaluated: read before they are bound, or bound."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.free: dict[str, None] = {}

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)
        elif node.id not in self.bound and node.id not in BUILTINS:
            self.free[node.id] = None

    def visit_Assign(self, node: ast.Assign) -> None:
        self._each(node.value, *node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._each(node.value, node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.visit_Name(ast.Name(node.target.id, ast.Load()))
        self._each(node.value, node.target)

    def visit_For(self, node: ast.For) -> None:
        self._each(node.iter, node.target, *node.body, *node.orelse)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._each(node.iter, node.target, *node.ifs)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        before = set(self.bound)
        self._each(*node.generators)
        self._each(*((node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)))
        self.bound = before

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _comprehension

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.Lambda) -> None:
        if isinstance(node, ast.FunctionDef):
            self.bound.add(node.name)
            self._each(*node.decorator_list)
        self._each(*node.args.defaults, *node.args.kw_defaults)
        before = set(self.bound)
        self.bound |= {n.arg for n in ast.walk(node.args) if isinstance(n, ast.arg)}
        if isinstance(node, ast.FunctionDef):
            self.bound |= {
                n.id for s in node.body for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            self._each(*node.body)
        else:
            self.visit(node.body)
        self.bound = before

    visit_Lambda = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bound.add(node.name)
        self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> None:
        self.bound.add((node.asname or node.name).split(".")[0])

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.bound |= {node.name} if node.name else set()
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.bound |= {node.name} if node.name else set()
        self.generic_visit(node)

    def _each(self, *nodes: ast.AST | None) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)


def needs(tree: ast.AST) -> list[str]:
    """Names that are read before anything within binds them, builtins aside, in order of first use."""
    visitor = _Needs()
    visitor.visit(tree)
    return list(visitor.free)


_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def stems(words: str) -> set[str]:
    """The first five letters of each word or part of an identifier, small words aside."""
    return {w.lower()[:5] for w in _PART.findall(words) if len(w) > 2 and w.lower() not in EMPTY}


def shared(words: str, code: str) -> int:
    """How many of the words' stems the code has, as they are or as code usually abbreviates them."""
    have = {w.lower()[:5] for w in _PART.findall(code)}
    short = {h[:3] for h in have if 2 < len(h) <= 4}
    return sum(s in have or s[:3] in short or not have.isdisjoint(SAME.get(s, ())) for s in stems(words))
