"""Conversations: skills in sequence, executed turn by turn, laid out as the model will see them.

Knows: the layout (prefix, `# intent`, code, blank line), which skill follows which, what is held out as a pair, what
is kept (only what runs).
Leaves to others: single turns (`skills`), tokens (`rows`).
"""

from __future__ import annotations

import contextlib
import random
import signal
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from mtchat.train import skills
from mtchat.train.phrasing import Speaker
from mtchat.train.scene import Scene, Turn
from mtchat.train.values import Words

END = "<|endoftext|>"
OPENERS = (
    "assign_ints",
    "assign_int",
    "assign_str",
    "assign_strs",
    "assign_dict",
    "hello",
    "arithmetic",
    "define",
    "range",
    "class",
    "assign_pair",
    "assign_sdict",
    "assign_matrix",
    "assign_float",
    "imports",
    "assign_set",
    "assign_bool",
    "assign_tuple",
    "assign_sset",
    "assign_floats",
)
OPENING = (24, 14, 16, 11, 10, 4, 4, 10, 8, 4, 5, 4, 3, 4, 3, 3, 2, 3, 2, 4)
LIBRARIES = [
    "import math",
    "import math",
    "import random",
    "import re",
    "import json",
    "import string",
    "import itertools",
    "import collections",
    "import datetime",
    "import numpy as np",
    "import numpy as np",
    "import math\nimport random",
    "import os",
    "import sys",
    "import time",
]
COMMENTS = ["# Imports.", "# imports", "# Libraries we need.", "# Setup.", "# setup", "# Load the modules.", "# Header"]


class Conversation(NamedTuple):
    """A prefix and the turns that followed; `outputs` are the standard output of each; `used_held` says which
    turns used held-out material.
    """

    prefix: str
    turns: tuple[Turn, ...]
    outputs: tuple[str, ...]
    used_held: tuple[bool, ...]


@dataclass(frozen=True)
class Recipe:
    """What conversations are like: seed, vocabulary tokens for made words, what may be heard that training never
    hears ("phrasings", "words", "pairs").
    """

    seed: int = 0
    tokens: tuple[str, ...] = ()
    hold: str = ""
    most_turns: int = 12
    rare_names: float = 0.3
    even: bool = False  # deal vocabulary tokens evenly to names and to strings, and more of them
    focus: bool = False  # more of what a newcomer asks first


def comment(intent: str) -> str:
    """The intent as a comment, each of its lines a line of it."""
    return "".join(f"# {line}\n" for line in intent.split("\n"))


def layout(conversation: Conversation) -> list[tuple[str, bool]]:
    """The conversation's text in pieces, each with whether the model is to learn to write it; the end mark is not
    among them.
    """
    pieces: list[tuple[str, bool]] = [(conversation.prefix, False)] if conversation.prefix else []
    for turn in conversation.turns:
        pieces += [(comment(turn.intent), False), (turn.code + "\n\n", True)]
    return pieces


def held_pair(first: str, second: str) -> bool:
    """Whether training never shows `second` right after `first` (about one pair in thirty)."""
    return first != second and zlib.crc32(f"{first}>{second}".encode()) % 30 == 0


def conversations(recipe: Recipe, stream: int) -> Iterator[Conversation]:
    """Endless conversations of one numbered stream; the same recipe and number always give the same ones."""
    rng = random.Random(f"{recipe.seed}/{stream}/{recipe.hold}")
    words = Words(rng, list(recipe.tokens), recipe.even)
    while True:
        found = one(recipe, rng, words)
        if found is not None:
            yield found


def one(recipe: Recipe, rng: random.Random, words: Words) -> Conversation | None:
    """One conversation; None where it came out empty."""
    speaker = Speaker(rng, recipe.hold if recipe.hold in ("phrasings", "words") else "")
    scene = Scene(rng, speaker, words, recipe.rare_names, recipe.focus)
    turns: list[Turn] = []
    outputs: list[str] = []
    held: list[bool] = []
    prefix = opening(scene)
    for _ in range(
        rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 10, recipe.most_turns))
        if recipe.most_turns <= 12
        else rng.randint(12, recipe.most_turns)
    ):
        made = next_turn(recipe, scene, turns[-1].skill if turns else "")
        if made is None:
            break
        turn, output, used = made
        turns.append(turn)
        outputs.append(output)
        held.append(used)
    return Conversation(prefix, tuple(turns), tuple(outputs), tuple(held)) if turns else None


def opening(scene: Scene) -> str:
    """A prefix: usually none, sometimes imports, sometimes the note about turns that were left out."""
    rng, roll = scene.rng, scene.rng.random()
    if roll < 0.25:
        code = rng.choice(LIBRARIES)
        with contextlib.suppress(ImportError):
            exec(code, scene.space)
        lead = rng.choice(COMMENTS) + rng.choice(("\n", "\n\n")) if rng.random() < 0.5 else ""
        return f"{lead}{code}\n\n"
    if roll < 0.29:
        found = []
        for _ in range(rng.randint(1, 5)):
            turn = skills.table()[rng.choices(OPENERS, OPENING)[0]][1](scene)
            if turn and turn.skill.startswith(("assign", "range", "def_")) and attempt(scene, turn) is not None:
                found = [n for n in scene.order if n in scene.space]
        if found:
            return f"# (earlier turns left out; they defined: {', '.join(found)})\n\n"
    return ""


def next_turn(recipe: Recipe, scene: Scene, previous: str) -> tuple[Turn, str, bool] | None:
    """A turn that fits the scene and runs, with its output and whether it used held-out material."""
    for _ in range(60):
        name = follow(scene, bool(previous))
        scene.speaker.used_held = False
        functions, classes, objects = dict(scene.functions), dict(scene.classes), dict(scene.objects)
        turn = skills.table()[name][1](scene)
        if turn is not None and acceptable(recipe, turn, previous):
            output = attempt(scene, turn)
            if output is not None:
                if scene.rng.random() < 0.05:
                    turn = turn._replace(intent=broken(turn.intent, scene.rng))
                scene.words.settle(turn.intent)
                pair = held_pair(previous, turn.skill)
                return turn, output, pair if recipe.hold == "pairs" else scene.speaker.used_held
        scene.words.settle("")
        scene.functions, scene.classes, scene.objects = functions, classes, objects
    return None


def follow(scene: Scene, started: bool) -> str:
    """The next skill: an opener first; then by weight, with what was just defined in favour."""
    rng = scene.rng
    if not started:
        return rng.choices(OPENERS, OPENING)[0]
    newest = scene.order[-1] if scene.order else ""
    if newest in scene.functions and rng.random() < 0.45:
        return "call"
    if newest in scene.classes and rng.random() < 0.6:
        return "instance"
    if newest in scene.objects and rng.random() < 0.45:
        return "object"
    return skills.pick(rng, scene.focus)


def acceptable(recipe: Recipe, turn: Turn, previous: str) -> bool:
    """Not too long, one line of intent, no held-out pair (unless that is what is asked)."""
    if len(turn.intent) > 420 or len(turn.code) > 600 or "\n" in turn.intent:
        return False
    return recipe.hold == "pairs" or not held_pair(previous, turn.skill)


def broken(intent: str, rng: random.Random) -> str:
    """The intent over two lines, broken at a space."""
    spaces = [i for i, ch in enumerate(intent) if ch == " "]
    if not spaces or any(ch in "\"'[{(" for ch in intent):
        return intent
    at = rng.choice(spaces)
    return intent[:at] + "\n" + intent[at + 1 :]


def attempt(scene: Scene, turn: Turn) -> str | None:
    """Run the turn; its output, None where it fails, prints too much or makes a huge value. The scene keeps
    nothing of a failure.
    """
    import copy

    kept = scene.space.copy()
    kinds, order = dict(scene.kinds), list(scene.order)
    deep = {k: copy.copy(v) for k, v in kept.items() if isinstance(v, list | dict | set)}
    try:
        with limited():
            output = scene.run(turn.code)
        if len(output) < 4000 and all(small(v) for v in scene.space.values()):
            return output
    except Exception:
        pass
    kept.update({k: v for k, v in deep.items() if k != "__builtins__"})
    scene.space.clear()  # in place: functions of earlier turns look their globals up here
    scene.space.update(kept)
    scene.kinds, scene.order = kinds, order
    return None


def small(value: Any) -> bool:
    """No value grows out of hand over the turns."""
    if isinstance(value, int):
        return abs(value) < 10**12
    if isinstance(value, str):
        return len(value) < 300
    return not isinstance(value, list | set) or len(value) < 120


@contextlib.contextmanager
def limited(seconds: float = 5.0) -> Iterator[None]:
    """Interrupt a turn that runs too long (main thread only; elsewhere no limit)."""

    def stop(*_: object) -> None:
        raise TimeoutError

    try:
        before = signal.signal(signal.SIGALRM, stop)
    except ValueError:
        yield
        return
    pending = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *pending)  # another's alarm (a test's time-out) goes on
