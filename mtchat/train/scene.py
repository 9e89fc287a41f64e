"""What a conversation has defined so far: names, the kinds of their values, functions and classes.

Knows: the live namespace (our own generated code runs in it), recency, how to pick an operand and how to refer to it.
Leaves to others:
what to do with operands (`skills`) and conversations as texts (`corpus`).
"""

from __future__ import annotations

import contextlib
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mtchat.train.phrasing import Speaker
from mtchat.train.values import Spelled, Words, draw, kind_of, quoted
from mtchat.train.words import NAMES

NOUN = {
    "int": "number",
    "float": "number",
    "str": "string",
    "bool": "flag",
    "ints": "list",
    "floats": "list",
    "strs": "list",
    "matrix": "matrix",
    "tuple": "tuple",
    "dict": "dictionary",
    "sdict": "dictionary",
    "set": "set",
    "sset": "set",
}
DEFAULT = {
    "int": "number",
    "float": "number",
    "str": "text",
    "bool": "flag",
    "ints": "numbers",
    "floats": "numbers",
    "strs": "words",
    "matrix": "matrix",
    "tuple": "pair",
    "dict": "data",
    "sdict": "data",
    "set": "unique",
    "sset": "unique",
}
RESERVED = frozenset(["n", "w", "i", "item", "k", "v", "ch", "row", "print", "list", "dict", "set", "str", "int"])


class Turn(NamedTuple):
    """One turn of a conversation before it runs."""

    skill: str
    intent: str
    code: str


class Function(NamedTuple):
    """A function that an earlier turn defined: its parameters' kinds and whether calling it prints (rather than
    returns).
    """

    params: tuple[str, ...]
    prints: bool = False


class Class(NamedTuple):
    """A class of an earlier turn: (attribute, kind) pairs and (method, kinds of its parameters) pairs."""

    attributes: tuple[tuple[str, str], ...]
    methods: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass
class Scene:
    """Mutable state of one conversation being made."""

    rng: random.Random
    speaker: Speaker
    words: Words
    rare_names: float = 0.3
    focus: bool = False  # more of what a newcomer asks first
    space: dict[str, Any] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)  # instance name -> class name
    kinds: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)  # oldest touched first
    modules: set[str] = field(default_factory=set)

    def run(self, code: str) -> str:
        """Run a turn's code here; its standard output. Exceptions pass."""
        before = dict(self.space)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, "<turn>", "exec"), self.space)
        for name, value in list(self.space.items()):
            if name.startswith("__"):
                continue
            kind = kind_of(value)
            if before.get(name, self) is not value or self.kinds.get(name) != kind:
                self.touch(name, kind)
        for name in [n for n in self.kinds if n not in self.space]:
            del self.kinds[name]
        return out.getvalue()

    def touch(self, name: str, kind: str) -> None:
        """Note that a turn set `name`."""
        if name in self.order:
            self.order.remove(name)
        self.order.append(name)
        self.kinds[name] = kind

    def of(self, kinds: Sequence[str]) -> list[str]:
        """Names whose value is of one of `kinds`, oldest first."""
        return [n for n in self.order if self.kinds.get(n) in kinds and n not in RESERVED]

    def pick(self, kinds: Sequence[str]) -> str | None:
        """A name of one of `kinds`, the newest likeliest."""
        found = self.of(kinds)
        if not found:
            return None
        return found[-1] if self.rng.random() < 0.5 else self.rng.choice(found)

    def refer(self, name: str, said: str = "") -> str:
        """How an intent mentions `name`: plain, decorated, or by a pronoun where that is clear."""
        roll, kind = self.rng.random(), self.kinds.get(name, "")
        if roll < 0.12 and self.order and self.order[-1] == name and kind:
            nouns = ["it", "it", "it", "that"]
            if len([n for n in self.order if NOUN.get(self.kinds.get(n, "")) == NOUN[kind]]) == 1:
                nouns += ["the " + NOUN[kind], "the " + NOUN[kind], "that " + NOUN[kind], "my " + NOUN[kind]]
            return self.rng.choice(nouns)
        if roll < 0.22:
            noun = NOUN.get(kind, "variable")
            return self.rng.choice(
                (
                    f"`{name}`",
                    f"`{name}`",
                    f"the {noun} {name}",
                    f"the {noun} {name}",
                    f"the variable {name}",
                    f"'{name}'",
                    f'"{name}"',
                    f"my {noun} {name}",
                )
            )
        return name

    def operand(self, kinds: Sequence[str], literal: float = 0.1) -> Spelled | None:
        """An existing value of one of `kinds` (or, with chance `literal`, a literal)."""
        if self.rng.random() < literal:
            kind = self.rng.choice(list(kinds))
            for _ in range(20):
                value = draw(kind, self.words, self.rng)
                if (
                    not value.code.startswith("-")
                    and (value.said[:1] in "[{(\"'" or value.said == value.code)
                    and len(value.code) < 60
                ):
                    return value
        name = self.pick(kinds)
        return None if name is None else Spelled(self.refer(name), name)

    def new_name(self) -> str:
        """A variable name not in use: from the pool, or made of vocabulary tokens."""
        while True:
            name = self._made() if self.words.tokens and self.rng.random() < self.rare_names else self.rng.choice(NAMES)
            if name.isidentifier() and name not in self.space and name not in RESERVED and not _keyword(name):
                return name

    def _made(self) -> str:
        w, rng = self.words, self.rng
        style = rng.random()
        if w.even:
            return self._dealt(style)
        if style < 0.35:
            return w.token()
        if style < 0.6:
            return w.token() + "_" + w.token()
        if style < 0.7:
            return w.token() + str(rng.randrange(10))
        return w.rare()

    def _dealt(self, style: float) -> str:
        """A name around one token of the names' deck, kept whole by its neighbours."""
        token = self.words.token("name")
        taken = token in self.space or _keyword(token) or not token.isidentifier() or token in RESERVED
        if taken or style < 0.35:
            other = self.words.token("name") if style < 0.25 else self.rng.choice(NAMES)
            return f"{token}_{other}" if style < 0.5 else f"{other}_{token}"
        if style < 0.45:
            return f"{token}{self.rng.randrange(10)}"
        return token + self.words.token("name") if style < 0.55 else token

    def store_name(self) -> str:
        """Where a result goes: usually a new name, sometimes one in use."""
        names = [n for n in self.order if self.kinds.get(n) and n not in RESERVED]
        return self.rng.choice(names) if names and self.rng.random() < 0.1 else self.new_name()

    def loop_name(self, kind: str, *taken: str) -> str:
        """The loop variable for elements of `kind`: n for numbers, w for strings, else item; never one of `taken`."""
        name = {"int": "n", "float": "n", "str": "w"}.get(kind, "item")
        return name if name not in taken else "item"


def _keyword(name: str) -> bool:
    import builtins
    import keyword

    return (
        keyword.iskeyword(name)
        or hasattr(builtins, name)
        or name in ("math", "random", "json", "re", "string", "np", "pd", "numpy", "this", "that", "it")
    )


def word_slot(scene: Scene, bare: float = 0.35) -> Spelled:
    """A single word as a string value."""
    word = scene.words.word()
    if scene.rng.random() < 0.15:
        word = word.capitalize()
    return Spelled(word if scene.rng.random() < bare else scene.rng.choice((f"'{word}'", f'"{word}"')), quoted(word))
