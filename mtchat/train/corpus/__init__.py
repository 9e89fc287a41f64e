"""The corpus: conversations made of skills, executed turn by turn, laid out as the model will see them.

Knows: the layout (prefix, `# intent`, code, blank line), recipes and streams, prefixes. Leaves to others: the shapes
of conversations (`plans`), the skills (`mtchat/train/skills`), tokens (`rows`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mtchat.conversation import PAPER_PREFIX
from mtchat.train.corpus import holdout, library, plans
from mtchat.train.corpus.forms import Turn
from mtchat.train.corpus.grammar import Voice
from mtchat.train.corpus.plan import Plan
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.values import Words

END = "<|endoftext|>"
PREFIXES = (
    "import numpy as np", "import math", "import random", "import re", "import json", "import pandas as pd",
    "import numpy as np\nimport pandas as pd", "import math\nimport random", "import string", "import itertools",
    "import collections", "import datetime",
    "import re\nimport json", "from collections import Counter", "import numpy as np\nimport matplotlib.pyplot as plt",
)  # fmt: skip
LEADS = ("# Import libraries.\n\n", "# Imports.\n", "# imports\n", "# Setup.\n", "", "", "")


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
    hears (one of `holdout.SETS`), or `everything`.
    """

    seed: int = 0
    tokens: tuple[str, ...] = ()
    hold: str = ""
    rare_names: float = 0.25
    even: bool = False  # deal vocabulary tokens evenly to names and to strings, and more of them
    most_turns: int = 10
    everything: bool = False


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


def conversations(recipe: Recipe, stream: int) -> Iterator[Conversation]:
    """Endless conversations of one numbered stream; the same recipe and number always give the same ones."""
    rng = random.Random(f"{recipe.seed}/{stream}/{recipe.hold}")
    words = Words(rng, list(recipe.tokens), recipe.even)
    while True:
        found = one(recipe, rng, words)
        if found is not None:
            yield found


def one(recipe: Recipe, rng: random.Random, words: Words) -> Conversation | None:
    """One conversation; None where it came out empty or shows nothing."""
    voice = Voice(rng, held_words=recipe.hold == "words", everything=recipe.everything)
    scene = Scene(rng, voice, words, recipe.rare_names)
    prefix = opening(scene)
    rare = library.load(recipe.hold) if recipe.hold in ("skills", "phrasings", "combinations") else None
    plan = Plan(
        scene, library.load("everything" if recipe.everything else "train"), rare, recipe.hold, recipe.everything
    )
    shapes, weights = zip(*plans.SHAPES, strict=True)
    usual = (1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 8, 9, 10)
    length = rng.choice(usual) if recipe.most_turns <= 10 else rng.randint(10, recipe.most_turns)
    rng.choices(shapes, weights)[0](plan, length)
    words.settle("\n".join(t.code for t in plan.turns))
    if not plan.turns or (not any(o.strip() for o in plan.outputs) and rng.random() > 0.05):
        return None
    return Conversation(prefix, tuple(plan.turns), tuple(plan.outputs), tuple(plan.held))


def opening(scene: Scene) -> str:
    """A prefix: the benchmark's, another of imports, or none; its code runs in the scene."""
    roll = scene.rng.random()
    if roll > 0.6:
        return ""
    if roll < 0.42:
        scene.run("import numpy as np")
        return PAPER_PREFIX
    code = scene.rng.choice(PREFIXES)
    scene.run(code)
    return f"{scene.rng.choice(LEADS)}{code}\n\n"


__all__ = ["END", "Conversation", "Recipe", "Turn", "comment", "conversations", "holdout", "layout", "one"]
