"""Commented statements as turns: a comment that stands right above some statements and says what they do.

Knows: which comment belongs to which statements, what they need of the lines before, runs of such blocks. Leaves to
others: sentences (`prose`), code (`code`), order and repeats (`streams`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from mtchat.train.realcode import prose
from mtchat.train.realcode.code import File, bare, needs, parsed, shared, stems

STATEMENTS, LINES, CHARACTERS = 6, 12, 420
_COMMENT = re.compile(r"^\s*#(?!!)[:#]*\s?(.*)$")
_CODE = re.compile(
    r"^[\w.\[\]]+ ?(\(|[-+*/]?=|\[)|\w+\(.*\)$|;$|"
    r"^(if|for|while|def|class|return|import|from|elif|else|print|with|try)\b.*:$"
)
_SELF = re.compile(r"\b(?:self|cls)\._*([A-Za-z]\w*)")


_INNER = ast.Return | ast.Yield | ast.YieldFrom | ast.Await | ast.Nonlocal | ast.Global


class Block(NamedTuple):
    """A comment's words, the code, what it needs of before (statements, imports), names that nothing here binds."""

    said: str
    code: str
    before: tuple[str, ...]
    imports: tuple[str, ...]
    unbound: tuple[str, ...]


def runs(file: File) -> Iterator[list[Block]]:
    """Blocks of a file that follow each other without other statements between, in order; most runs have one."""
    if "#" not in "".join(file.lines):
        return
    for node in ast.walk(file.tree):
        for part in ("body", "orelse", "finalbody"):
            body = getattr(node, part, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                yield from _runs(file, body)


def _runs(file: File, body: list[ast.stmt]) -> Iterator[list[Block]]:
    run: list[Block] = []
    at = 0
    while at < len(body):
        words = above(file, body, at)
        if not words:
            if run:
                yield run
            run, at = [], at + 1
            continue
        last = at
        while last + 1 < len(body) and body[last + 1].lineno == (body[last].end_lineno or 0) + 1:
            last += 1
        found = block(file, body, at, last, words) if last - at < STATEMENTS else None
        if found is None:
            if run:
                yield run
            run = []
        else:
            run.append(found)
        at = last + 1
    if run:
        yield run


def above(file: File, body: list[ast.stmt], at: int) -> str:
    """The comment right above statement `at`, its lines as one, or ""."""
    row = body[at].lineno - 2
    indent = body[at].col_offset
    lines: list[str] = []
    while (
        row >= 0
        and file.lines[row].lstrip().startswith("#")
        and len(file.lines[row]) - len(file.lines[row].lstrip()) == indent
    ):
        match = _COMMENT.match(file.lines[row])
        if not match or len(lines) > 3:
            return ""
        lines.insert(0, match[1])
        row -= 1
    if any(not line.strip() for line in lines) or any(_CODE.search(line.strip()) for line in lines):
        return ""
    return " ".join(line.strip() for line in lines)


def block(file: File, body: list[ast.stmt], first: int, last: int, words: str) -> Block | None:
    """The block of statements `first` to `last`; None where words or code will not do."""
    said = described(words, body[first])
    if not said:
        return None
    if (body[last].end_lineno or 0) - body[first].lineno >= 2 * LINES:
        return None
    raw = bare(file.span(body[first], body[last]))
    code = loose(raw)
    tree = parsed(code)
    if tree is None or len(code) > CHARACTERS or code.count("\n") >= LINES or not whole(tree) or not shared(said, code):
        return None
    before, imports, unbound = context(file, body[:first], needs(tree))
    told = stems(said)
    if (
        len(unbound) > 4
        or sum(not stems(name) & told for name in unbound) > 2
        or any(n.startswith("_") for n in unbound)
    ):
        return None
    return Block(said, code, before, imports, unbound)


def described(words: str, first: ast.stmt) -> str:
    """A comment's words as a command, or a condition that the code has, too; "" otherwise."""
    words = prose.clean(words)
    if re.search(r"[.!?]\s+\S", words):
        return ""
    words = words.rstrip(" .:;,")
    if not 3 <= len(words.split()) <= 28 or not prose.plain(words):
        return ""
    said = prose.imperative(words)
    if said:
        return said if words[0].isupper() else said[0].lower() + said[1:]
    if re.match(r"(?i)(if|when|unless) ", words) and isinstance(first, ast.If) and "," in words:
        return words
    if re.match(r"(?i)for (each|every) ", words) and isinstance(first, ast.For) and "," in words:
        return words
    return ""


def loose(code: str) -> str:
    """Code with `self.total` as `total`; "" where that would meet a name of its own, or the object itself is used."""
    own = set(_SELF.findall(code))
    if not own:
        return code
    rest = _SELF.sub(" ", code)
    if any(re.search(rf"(?<![\w.]){name}\b", rest) for name in own) or re.search(r"\b(self|cls)\b", rest):
        return ""
    return _SELF.sub(r"\1", code)


def whole(tree: ast.Module) -> bool:
    """Whether the statements mean something outside their function: no return, yield, break of an outer loop."""

    def inside(node: ast.AST, loop: bool, function: bool) -> bool:
        for child in ast.iter_child_nodes(node):
            if (
                isinstance(child, ast.Return | ast.Yield | ast.YieldFrom | ast.Await | ast.Nonlocal | ast.Global)
                and not function
            ):
                return False
            if isinstance(child, ast.Break | ast.Continue) and not loop:
                return False
            defines = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            if isinstance(child, ast.AsyncFor | ast.AsyncWith):
                return False
            loops = isinstance(child, ast.For | ast.While)
            if not inside(child, (loop or loops) and not defines, function or defines):
                return False
        return True

    if any(isinstance(s, ast.Raise | ast.Pass | ast.Import | ast.ImportFrom | ast.ClassDef) for s in tree.body[:1]):
        return False
    return inside(tree, False, False)


def context(
    file: File, earlier: list[ast.stmt], names: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What binds `names`: short statements before (as code), imports, and the names that neither binds."""
    wanted, before, imports = dict.fromkeys(names), list[str](), dict[str, None]()
    for statement in reversed(earlier):
        if len(before) >= 4:
            break
        if not isinstance(statement, ast.Assign) or statement.end_lineno != statement.lineno:
            continue
        code = loose(bare(file.span(statement, statement)))
        tree = parsed(code) if code else None
        if tree is None or len(code) > 80:
            continue
        bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if bound & wanted.keys():
            for name in bound:
                wanted.pop(name, None)
            wanted.update(dict.fromkeys(needs(tree)))
            before.insert(0, code)
    for name in [n for n in wanted if n in file.imports]:
        imports[file.imports[name]] = None
        wanted.pop(name)
    return tuple(before), tuple(imports), tuple(wanted)
