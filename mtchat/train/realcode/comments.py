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
from mtchat.train.realcode.code import BUILTINS, File, bare, bodies, needs, parsed, shared, standing, stems
from mtchat.train.realcode.words import VERBS

STATEMENTS, LINES, CHARACTERS = 6, 12, 420
_COMMENT = re.compile(r"^\s*#(?!!)[:#]*\s?(.*)$")
_CODE = re.compile(
    r"^[\w.\[\]]+ ?(\(|[-+*/]?=|\[)|\w+\(.*\)$|;$|"
    r"^(if|for|while|def|class|return|import|from|elif|else|print|with|try)\b.*:$"
)
_SELF = re.compile(r"\b(?:self|cls)\._*([A-Za-z]\w*)")


class Block(NamedTuple):
    """A comment's words, the code, the statements and lines of the file that it needs, names that nothing binds."""

    said: str
    code: str
    before: tuple[str, ...]
    imports: tuple[str, ...]
    unbound: tuple[str, ...]


def runs(file: File) -> Iterator[list[Block]]:
    """Blocks of a file that follow each other without other statements between, in order; most runs have one."""
    if "#" not in "".join(file.lines):
        return
    for _, body in bodies(file.tree):
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
    code = loose(unreturned(body[first : last + 1], bare(file.span(body[first], body[last])), said))
    tree = parsed(code)
    if tree is None or len(code) > CHARACTERS or code.count("\n") >= LINES or not whole(tree) or not shared(said, code):
        return None
    before, imports, unbound = context(file, body[:first], needs(tree))
    told = stems(said)
    unsaid = [n for n in unbound if not stems(n) & told]
    if (
        len(unbound) > 4
        or len(unsaid) > 2
        or any(n.startswith("_") or n == "super" for n in unbound)
        or len(before) > 6
    ):
        return None
    return Block(said, code, before, imports, unbound)


def unreturned(statements: list[ast.stmt], code: str, said: str) -> str:
    """Code whose last statement returns: without it where it hands out a name, else with its value as `result`."""
    last = statements[-1]
    if not isinstance(last, ast.Return) or said[:6].lower() == "return":
        return code
    lines = code.split("\n")
    if isinstance(last.value, ast.Name) and len(statements) > 1:
        return "\n".join(lines[:-1]) if lines[-1].startswith("return ") else ""
    at = max((i for i, line in enumerate(lines) if line.startswith("return ")), default=0)
    if last.value is None or isinstance(last.value, ast.Constant | ast.Name):
        return ""
    return "\n".join([*lines[:at], lines[at].replace("return ", "result = ", 1), *lines[at + 1 :]])


def described(words: str, first: ast.stmt) -> str:
    """A comment's words as a command, or a condition that the code has, too; "" otherwise."""
    words = prose.sentence(prose.clean(words)).rstrip(" .:;,")
    said = prose.imperative(words)
    if any(word.istitle() and word.lower() in VERBS for word in words.split()[1:]):
        return ""  # two sentences without a stop
    if not 3 <= len((said or words).split()) <= 28 or not prose.plain(said or words):
        return ""
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
    if own & BUILTINS:
        return ""
    rest = _SELF.sub(" ", code)
    if any(re.search(rf"(?<![\w.]){name}\b(?!=[^=])", rest) for name in own) or re.search(r"\b(self|cls)\b", rest):
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
    """What binds `names`: short statements before, lines of the file's top level; and what neither binds."""
    wanted, before = dict.fromkeys(names), list[str]()
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
    found, lines, missing = standing(file, list(wanted))
    return tuple(before), (*found, *lines), tuple(missing)
