"""Endless, seeded streams out of files: read when they are reached, kept in memory, repeats left out.

Knows: the order (files shuffled, what they hold mixed over many files), what is a repeat, how turns become a
conversation. Leaves to others: what becomes of a file (`functions`, `comments`, `prose`).
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

from mtchat.train.corpus import Conversation, Turn
from mtchat.train.realcode import comments, functions, prose, sources
from mtchat.train.realcode.code import load

TOGETHER = 48  # files whose contents are mixed
HELD = 40  # one file in so many is for validation
Files = tuple[tuple[str, Path], ...]
Piece = functions.Found | tuple[comments.Block, ...]
T = TypeVar("T")
_WORD = re.compile(r"[a-z]+")


def pieces(
    seed: int, stream: int, found: Files | None = None, most: int = 0, *, held: bool = False
) -> Iterator[Conversation]:
    """Endless conversations out of real code: functions by their docstrings, statements by their comments.

    A pass over all files gives each piece once, phrased anew in the next pass. `held` gives what is left to
    validation: one file in HELD. `found` are the files to use (all that may be used, unless given), `most` the passes
    (0: no end). Ends, too, where a pass gives nothing. `outputs` are empty: nothing is run.
    """
    rng = random.Random(f"{seed}/realcode/pieces/{stream}/{held}")
    for piece in passes(rng, _choose(found, held), _pieces, _key, most):
        turns = _function(piece, rng) if isinstance(piece, functions.Found) else _run(piece, rng)
        yield Conversation(turns[0], turns[1], ("",) * len(turns[1]), (False,) * len(turns[1]))


def texts(seed: int, stream: int, found: Files | None = None, most: int = 0) -> Iterator[str]:
    """Endless documentation: the prose of one docstring or long comment after the other, a blank line between
    paragraphs.
    """
    return passes(random.Random(f"{seed}/realcode/texts/{stream}"), _choose(found, False), _texts, _words, most)


def whole(seed: int, stream: int, found: Files | None = None, most: int = 0) -> Iterator[str]:
    """Endless plain code: functions and classes as they stand, with their comments and docstrings."""
    return passes(random.Random(f"{seed}/realcode/whole/{stream}"), _choose(found, False), _whole, _squeezed, most)


def once(stream: Callable[[int, int, Files, int], Iterator[T]], seed: int, found: Files) -> list[T]:
    """One pass of one of the streams over `found`."""
    return list(stream(seed, 0, found, 1))


def passes(
    rng: random.Random,
    files: Files,
    of: Callable[[str, Path], tuple[T, ...]],
    key: Callable[[T], set[str]],
    most: int,
) -> Iterator[T]:
    """Pass after pass over the files (`most` of them, 0 for no end), shuffled each time: what `of` makes of them, mixed
    over TOGETHER files, without what shares a key with something earlier in the pass.
    """
    order, done = list(files), 0
    while not most or done < most:
        done += 1
        seen: set[str] = set()
        rng.shuffle(order)
        for start in range(0, len(order), TOGETHER):
            mixed = [thing for name, path in order[start : start + TOGETHER] for thing in of(name, path)]
            rng.shuffle(mixed)
            for thing in mixed:
                keys = key(thing)
                if not keys & seen:
                    seen |= keys
                    yield thing
        if not seen:
            return


@cache
def installed() -> Files:
    """Every file that may be learnt from, as (distribution/name, where it lies)."""
    return tuple((f"{s.name}/{name}", path) for s in sources.installed() for name, path in s.files)


def _choose(found: Files | None, held: bool) -> Files:
    every = installed() if found is None else found
    return tuple(f for f in every if (random.Random(f[0]).randrange(HELD) == 0) == held)


@cache
def _pieces(name: str, path: Path) -> tuple[Piece, ...]:
    file = load(name, sources.read(path))
    if file is None:
        return ()
    runs = [part for run in comments.runs(file) for part in _parts(run)]
    return (*functions.functions(file), *runs)


def _parts(run: list[comments.Block]) -> Iterator[tuple[comments.Block, ...]]:
    """A run as conversations of at most five turns."""
    for start in range(0, len(run), 5):
        yield tuple(run[start : start + 5])


def _function(found: functions.Found, rng: random.Random) -> tuple[str, tuple[Turn, ...]]:
    """The function; other modules' names and constants are the prefix, and in half of the cases the imports, too."""
    lines, code = list(found.before), found.code
    if rng.random() < 0.5:
        lines = [*found.imports, *lines]
    elif not any(line in found.code for line in found.imports):
        code = "\n".join([*found.imports, code])
    return _prefix(lines), (Turn("real function", functions.asked(found, rng), code),)


def _run(blocks: tuple[comments.Block, ...], rng: random.Random) -> tuple[str, tuple[Turn, ...]]:
    """The blocks as turns; what they need of before is the prefix."""
    lines, done = [line for block in blocks for line in block.imports], ""
    for block in blocks:
        lines += [line for line in block.before if line not in done]
        done += block.code + "\n"
    return _prefix(lines), tuple(Turn("real comment", _said(block.said, rng), block.code) for block in blocks)


def _prefix(lines: list[str]) -> str:
    return "\n".join(dict.fromkeys(lines)) + "\n\n" if lines else ""


def _said(said: str, rng: random.Random) -> str:
    if rng.random() < 0.4:
        said = said[0].upper() + said[1:]
    return said + "." if rng.random() < 0.5 else said


def _key(piece: Piece) -> set[str]:
    if isinstance(piece, functions.Found):
        body = piece.code.split("\n", 1)[1]
        return {_letters(body), piece.name + " " + _letters(piece.said)}
    return {key for block in piece for key in (_letters(block.code), _letters(block.said))}


def _letters(text: str) -> str:
    return "".join(text.split()).lower().replace('"', "'")


def _words(text: str) -> set[str]:
    """Keys of the first words of a text and of all of it: descriptions that begin alike mostly are alike."""
    words = _WORD.findall(text.lower())
    return {" ".join(words[:12])}


def _squeezed(code: str) -> set[str]:
    return {"".join(code.split())[-160:]}


@cache
def _texts(name: str, path: Path) -> tuple[str, ...]:
    text = sources.read(path)
    file = load(name, text)
    if file is None:
        return ()
    found = []
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            if docstring and len(docstring) > 60:
                found.append("\n\n".join(prose.prose(docstring)))
    if name.endswith("pydoc_data/topics.py"):
        found += ["\n\n".join(prose.prose(said)) for said in _long(file.tree)]
    for block in re.findall(r"(?:^[ ]*# ?.*\n){3,}", text, re.MULTILINE):
        found.append("\n\n".join(prose.prose(re.sub(r"^[ ]*# ?", "", block, flags=re.MULTILINE))))
    return tuple(text for text in found if text)


def _long(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 300:
            yield node.value


@cache
def _whole(name: str, path: Path) -> tuple[str, ...]:
    file = load(name, sources.read(path))
    if file is None:
        return ()
    found: list[str] = []
    parts: list[ast.stmt]
    for node in file.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            parts = [node] if (node.end_lineno or 0) - node.lineno < 60 else []
            if isinstance(node, ast.ClassDef) and not parts:
                parts = [
                    n for n in node.body if isinstance(n, ast.FunctionDef) and 4 < (n.end_lineno or 0) - n.lineno < 60
                ]
            found += [code for part in parts if len(code := file.span(part, part)) > 80 and code.isascii()]
    return tuple(found)
