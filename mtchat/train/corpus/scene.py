"""What a conversation has defined so far: values, what they are called, how an intent may refer to them.

Knows: the live namespace (our own generated code runs in it, in this process), recency, references by name, by
description and by pronoun. Leaves to others: what to do with operands (`forms`) and in which order (`plans`).
"""

from __future__ import annotations

import ast
import contextlib
import io
import keyword
import random
import re
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any

from mtchat.train.corpus.grammar import Voice
from mtchat.train.corpus.kinds import NOUNS, kinds_of, main_kind
from mtchat.train.corpus.skill import Skill
from mtchat.train.corpus.values import Words
from mtchat.train.corpus.words import NAMES

TOO_LONG = 1500  # characters of a value's repr that no conversation is about
RESERVED = frozenset(
    [
        "print",
        "list",
        "dict",
        "set",
        "str",
        "int",
        "sum",
        "max",
        "min",
        "len",
        "sorted",
        "input",
        "map",
        "filter",
        "range",
        "type",
        "id",
        "all",
        "any",
        "np",
        "pd",
        "plt",
        "math",
        "re",
        "json",
    ]
)


@dataclass
class Entity:
    """A value of the conversation: its kinds, words that describe it ("total"), and whether an intent said its name."""

    name: str
    kinds: frozenset[str]
    described: tuple[str, ...] = ()
    spoken: bool = True


@dataclass
class Scene:
    """Mutable state of one conversation being made."""

    rng: random.Random
    voice: Voice
    words: Words
    rare_names: float = 0.3
    space: dict[str, Any] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    entities: dict[str, Entity] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)  # oldest touched first
    functions: dict[str, Skill] = field(default_factory=dict)
    newest_function: str = ""

    def run(self, code: str) -> str:
        """Run code here; its standard output. Exceptions pass, and leave the namespace as it was."""
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out), warnings.catch_warnings():
                warnings.simplefilter("error")
                exec(compiled(code), self.space)
        except BaseException:
            self._replay()
            raise
        self.codes.append(code)
        return out.getvalue()

    def _replay(self) -> None:
        self.space.clear()
        with contextlib.redirect_stdout(io.StringIO()):
            for code in self.codes:
                exec(compiled(code), self.space)

    def forget(self) -> None:
        """Take back the last code that ran."""
        self.codes.pop()
        self._replay()

    def note(self, name: str, described: tuple[str, ...] = (), spoken: bool = True) -> None:
        """A turn set `name`, which is now the newest value."""
        kinds = kinds_of(self.space[name])
        if name in self.order:
            self.order.remove(name)
        if kinds and "function" not in kinds:
            self.order.append(name)
            self.entities[name] = Entity(name, kinds, described, spoken)
        else:
            self.entities.pop(name, None)

    def small(self, name: str) -> bool:
        """Whether a value can be talked about: neither huge nor of a kind that no one prints."""
        value = self.space.get(name)
        if not kinds_of(value):
            return True  # no turn will take it
        if isinstance(value, float) and value != value:
            return False  # not a number
        if isinstance(value, int) and not isinstance(value, bool):
            return abs(value) < 10**15
        try:
            return len(repr(value)) < TOO_LONG
        except ValueError:  # a number inside it has thousands of digits
            return False

    def of(self, kinds: tuple[str, ...]) -> list[str]:
        """Names whose value is of one of `kinds`, oldest first."""
        return [n for n in self.order if not self.entities[n].kinds.isdisjoint(kinds)]

    def pick(self, kinds: tuple[str, ...], without: tuple[str, ...] = ()) -> str | None:
        """A name of one of `kinds`, the newest likeliest."""
        found = [n for n in self.of(kinds) if n not in without]
        if not found:
            return None
        return found[-1] if self.rng.random() < 0.65 else self.rng.choice(found)

    def fresh(self, name: str) -> bool:
        """Whether the last code was about a name, so that "it" means its value."""
        return bool(self.codes) and re.search(rf"\b{name}\b", self.codes[-1]) is not None

    def refer(self, name: str) -> str:
        """How an intent mentions `name`."""
        entity, rng = self.entities.get(name), self.rng
        if entity is None:
            return name
        nouns = NOUNS.get(main_kind(entity.kinds), (("value",),))[0]
        newest = self.order[-1] == name and self.fresh(name)
        roll = rng.random() * (1.0 if entity.spoken else 0.62)
        if newest and roll < 0.1:
            return rng.choice(("it", "it", "it", "the result" if not entity.spoken or len(self.codes) > 1 else "it"))
        if newest and roll < 0.17 and len(self.codes) > 1:
            return rng.choice(
                (
                    f"the {nouns[0]} above",
                    f"the resulting {nouns[0]}",
                    f"the new {nouns[0]}",
                    "the above",
                    "the above result",
                    "the previous result",
                    f"this {nouns[0]}",
                    f"that {nouns[0]}",
                )
            )
        if roll < 0.28 and entity.described:
            word = rng.choice(entity.described).replace("_", " ")
            return f"the {word} {nouns[0]}" if word.endswith("ed") else f"the {word}"
        if roll < 0.36 and self._only(nouns[0]):
            return rng.choice(
                (f"the {rng.choice(nouns)}", f"the {nouns[0]}", f"the given {nouns[0]}", f"our {nouns[0]}")
            )
        entity.spoken = True
        if roll < 0.62:
            return name
        return self.decorated(name, nouns[0]) if roll > 0.84 else name

    def decorated(self, name: str, noun: str) -> str:
        """A name in quotes, or after what it is."""
        quoted = self.quoted(name)
        if name == noun:
            return quoted
        return self.rng.choice(
            (quoted, quoted, f"the {noun} {name}", f"the {noun} {quoted}", f"the variable {name}", f"the {noun} {name}")
        )

    def quoted(self, name: str) -> str:
        """A name as people mark names."""
        return self.rng.choice((f"`{name}`", f'"{name}"', f'"{name}"', f"'{name}'"))

    def given(self, name: str) -> str:
        """A new name as an intent gives it."""
        return name if self.rng.random() < 0.68 else self.quoted(name)

    def _only(self, noun: str) -> bool:
        same = [n for n in self.order if noun in NOUNS.get(main_kind(self.entities[n].kinds), (("",),))[0]]
        return len(same) == 1

    def free(self, name: str) -> bool:
        """Whether a name can be given to something new."""
        return name.isidentifier() and not keyword.iskeyword(name) and name not in self.space and name not in RESERVED

    def new_name(self, called: tuple[str, ...] = ()) -> str:
        """A name not in use: what the result is usually called, one from the pool, or one made of vocabulary tokens."""
        for _ in range(60):
            roll = self.rng.random()
            if self.words.tokens and roll < self.rare_names:
                name = self._made()
            elif called and roll < 0.3 + 0.7 * self.rare_names + 0.25:
                name = self.rng.choice(called)
            else:
                name = self.rng.choice(NAMES)
            if self.free(name):
                return name
        return f"value_{len(self.space)}"

    def own_name(self, called: tuple[str, ...]) -> str:
        """The name that code gives a result when no intent does."""
        found = [n for n in called if self.free(n)] or [n + "2" for n in called if self.free(n + "2")]
        return found[0] if found else self.new_name()

    def _made(self) -> str:
        w, rng = self.words, self.rng
        style = rng.random()
        token = w.token("name")
        if not token.isidentifier() or keyword.iskeyword(token):
            return f"{rng.choice(NAMES)}_{token}"
        if style < 0.25:
            return f"{token}_{w.token('name') if rng.random() < 0.5 else rng.choice(NAMES)}"
        if style < 0.4:
            return f"{rng.choice(NAMES)}_{token}"
        if style < 0.5:
            return f"{token}{rng.randrange(10)}"
        return token + w.token("name") if style < 0.6 else token


@lru_cache(maxsize=20_000)
def compiled(code: str) -> CodeType:
    """Code compiled as a turn."""
    return compile(code, "<turn>", "exec")


def top_names(code: str) -> list[str]:
    """Names that the top level of code assigns or defines, in order."""
    found: list[str] = []
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [
                n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            ]
        elif isinstance(node, ast.For | ast.While | ast.If | ast.With):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Assign)]
            found += [t.id for n in inner for t in n.targets if isinstance(t, ast.Name)]
    return list(dict.fromkeys(found))
