"""A skill, and the plain text that authors write skills in (`mtchat/train/skills/README.md` is their guide).

Knows: the fields of a skill and of a story, how to read a `.skills` file, errors that name the file and the line.
Leaves to others: deriving skills from skills (`derive`), making turns of them (`forms`).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mtchat.errors import ConfigError

FOLDER = Path(__file__).parent.parent / "skills"
EVERYDAY = frozenset(("lists", "strings", "numbers", "mappings", "nested", "formats", "arrays", "frames", "library"))
"""Files whose skills everyone asks for; the rest is there for breadth."""
OFTEN = 3.0
"""How much more often those come up than their weights say."""


@dataclass(frozen=True)
class Param:
    """A parameter: slot name, kinds it may be of; `of` is the parameter that it depends on; `names` are what a
    `name(…)` may be called.
    """

    name: str
    kinds: tuple[str, ...]
    of: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Skill:
    """One operation: its parameters, the kind of its result ("" for none), how it is said and what code does it."""

    name: str
    params: tuple[Param, ...]
    result: str = ""
    called: tuple[str, ...] = ()  # names that the result may get: "total", "vowel_count"
    nouns: tuple[str, ...] = ()  # N: "the sum of {x}"
    verbs: tuple[str, ...] = ()  # V: "add up {x}"
    asks: tuple[str, ...] = ()  # Q: "what does {x} add up to"
    preds: tuple[str, ...] = ()  # P: "is even"
    adjectives: tuple[str, ...] = ()  # A: "even"
    measures: tuple[str, ...] = ()  # K: "number of vowels", for sorting and choosing by it
    codes: tuple[str, ...] = ()  # C: an expression, or lines that set {out}
    in_place: tuple[str, ...] = ()  # M: a statement that changes the first parameter
    acts: tuple[str, ...] = ()  # S: statements that print or define, with no result
    whole: tuple[str, ...] = ()  # D: a whole definition of {f}
    domain: str = ""
    weight: float = 1.0
    base: str = ""  # for a derived skill, what it is derived from, as a combination's name

    @property
    def x(self) -> Param:
        """The first parameter."""
        return self.params[0]

    def patterns(self) -> Iterator[tuple[str, str]]:
        """(letter, pattern) of everything that may be said."""
        for letter, found in zip(
            "NVQPAK", (self.nouns, self.verbs, self.asks, self.preds, self.adjectives, self.measures), strict=True
        ):
            yield from ((letter, pattern) for pattern in found)


@dataclass(frozen=True)
class Step:
    """One turn of a story: its phrasings and code; one that is `optional` may be left out."""

    says: tuple[str, ...]
    code: str
    optional: bool = False


@dataclass(frozen=True)
class Story:
    """Several turns that belong together, with parameters drawn once."""

    name: str
    params: tuple[Param, ...]
    steps: tuple[Step, ...]
    domain: str = ""
    weight: float = 1.0


@dataclass
class _Block:
    line: int
    lines: list[str] = field(default_factory=list)


_HEAD = re.compile(r"(story |)(\w+)\((.*)\)(?: -> (\w+))?(?: as ([\w, ]+?))?(?: x([\d.]+))?$")
_FIELDS = {"N": "nouns", "V": "verbs", "Q": "asks", "P": "preds", "A": "adjectives", "K": "measures", "C": "codes",
           "M": "in_place", "S": "acts", "D": "whole"}  # fmt: skip


_TEXT = r'"[^"]*"'
"""A quoted choice, which may hold commas and brackets."""


def _choices(text: str) -> Iterator[str]:
    """The choices of a `pick(…)`; ValueError for one that is no Python."""
    for found in re.finditer(rf"\s*((?:{_TEXT}|[^,\"])+)(?:,|$)", text):
        yield found[1].strip()
    if text.count('"') % 2:
        raise ValueError(f"the quotes of pick({text}) do not match")


def params(text: str) -> tuple[Param, ...]:
    """ "x: ints|floats, k: key(x), acc: name(a, b)" read."""
    found = []
    for part in re.findall(rf"\w+: [\w|]+(?:\((?:{_TEXT}|[^)\"])*\))?", text):
        name, kinds = part.split(": ", 1)
        inner = re.match(r"(\w+)\((.*)\)$", kinds)
        if inner and inner[1] in ("name", "Class", "pick"):
            found.append(Param(name, (inner[1],), names=tuple(_choices(inner[2]))))
        elif inner:
            found.append(Param(name, (inner[1],), of=inner[2]))
        else:
            found.append(Param(name, tuple(kinds.split("|"))))
    return tuple(found)


def read(path: Path) -> Iterator[Skill | Story]:
    """Every skill and story of a file; ConfigError names the line that cannot be read."""
    for block in _blocks(path.read_text(encoding="utf-8")):
        head = _HEAD.match(block.lines[0])
        if not head:
            raise ConfigError(
                f"{path.name}, line {block.line}: {block.lines[0]!r} is no heading; write name(x: kind) -> kind as name"
            )
        try:
            yield (_story if head[1] else _skill)(head, block.lines[1:], path.stem)
        except (ValueError, KeyError) as error:
            raise ConfigError(f"{path.name}, the block at line {block.line} ({head[2]}): {error}") from error


def _blocks(text: str) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            if block and not line.strip():
                yield block
                block = None
        elif block is None:
            block = _Block(number, [line.rstrip()])
        else:
            block.lines.append(line.rstrip())
    if block:
        yield block


def _groups(lines: list[str]) -> Iterator[tuple[str, str, str]]:
    """(letter, text of its line, indented lines after it)."""
    at = 0
    while at < len(lines):
        letter, _, rest = lines[at].partition(" ")
        end = at + 1
        while end < len(lines) and lines[end].startswith("    "):
            end += 1
        yield letter, rest.strip(), textwrap.dedent("\n".join(lines[at + 1 : end]))
        at = end


def _skill(head: re.Match[str], lines: list[str], domain: str) -> Skill:
    given: dict[str, list[str]] = {name: [] for name in _FIELDS.values()}
    for letter, rest, block in _groups(lines):
        if letter not in _FIELDS:
            raise ValueError(f"a line starts with {letter!r}; know {' '.join(_FIELDS)}")
        if letter in "NVQPAK":
            given[_FIELDS[letter]] += [part.strip() for part in rest.split(" / ")]
        else:
            given[_FIELDS[letter]].append(rest or block)
    called = tuple(name.strip() for name in (head[5] or "result").split(","))
    weight = float(head[6] or 1) * (OFTEN if domain in EVERYDAY else 1)
    plain = Skill(head[2], params(head[3]), head[4] or "", called, domain=domain, weight=weight)
    fields: dict[str, Any] = {k: tuple(v) for k, v in given.items()}
    found = replace(plain, **fields)
    if not (found.codes or found.in_place or found.acts or found.whole):
        raise ValueError("it has no code (C, M, S or D)")
    if found.preds and found.result != "bool":
        raise ValueError("P is for skills whose result is bool")
    return found


def _story(head: re.Match[str], lines: list[str], domain: str) -> Story:
    steps = []
    for mark, rest, block in _groups(lines):
        if mark not in (">", "?>") or not block:
            raise ValueError(f"a story's turn is `> intent / intent` with indented code after it, not {mark!r}")
        steps.append(Step(tuple(part.strip() for part in rest.split(" / ")), block, mark == "?>"))
    return Story(head[2], params(head[3]), tuple(steps), domain, float(head[6] or 1))
