"""Stories: several turns that an author wrote as one program (a class and its use, a data frame's way, a plot).

Knows: how parameters are drawn once and said in every turn. Leaves to others: the stories themselves
(`mtchat/train/skills/*.skills`).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from mtchat.train.corpus import code as codes
from mtchat.train.corpus.draws import about, draw
from mtchat.train.corpus.forms import Turn, speak
from mtchat.train.corpus.operands import Operand
from mtchat.train.corpus.scene import Scene, top_names
from mtchat.train.corpus.skill import Story


def turns(scene: Scene, story: Story) -> Iterator[Turn]:
    """The story's turns, told once: a parameter's value is spelled out where the intent mentions it."""
    slots = parameters(scene, story)
    if slots is None:
        return
    code_of = {name: o.code for name, o in slots.items()}
    for i, step in enumerate(story.steps):
        if step.optional and scene.rng.random() < 0.4:
            continue
        code = codes.fill(step.code, code_of)
        pattern = scene.voice.pick(step.says)
        marked = {name: bool(o.name) and not _in_code(name, pattern) for name, o in slots.items()}
        said = {name: scene.given(o.said) if marked[name] else o.said for name, o in slots.items()}
        intent = speak(scene, "{V}", {"V": pattern}, said, first=i == 0, last=i == len(story.steps) - 1)
        yield Turn(story.name, intent, code, "story", tuple(top_names(code)), base=f"{story.name} {i}")


def _value(code: str) -> Any:
    """What drawn code gives; None where it is no Python by itself (a quoted choice)."""
    space: dict[str, Any] = {}
    with contextlib.suppress(NameError, SyntaxError):
        exec("\n".join(codes.imports(code, ())), space)
        return eval(code, space)
    return None


def _in_code(name: str, pattern: str) -> bool:
    """Whether a phrasing has the name within a bit of code, "{f}({t})", where nobody puts it in quotes."""
    slot = re.escape("{" + name + "}")
    if re.search(rf"[\"'`]{slot}[\"'`]", pattern):
        return True  # it has its quotes
    return bool(re.search(rf"{slot}[(⟦]|{slot}\.\w|[(⟦]{slot}|[\w}}]\([^()]*{slot}[^()]*\)|[\w}}]\.{slot}", pattern))


def parameters(scene: Scene, story: Story) -> dict[str, Operand] | None:
    """Values of a story's parameters: names, or literals as said and as code."""
    found: dict[str, Operand] = {}
    for param in story.params:
        kind = param.kinds[0]
        if kind in ("name", "Class"):
            free = [n for n in param.names if scene.free(n) and n not in {o.name for o in found.values()}]
            made = kind == "name" and scene.rng.random() < 0.25
            name = scene.new_name() if made or not free else scene.rng.choice(free)
            found[param.name] = Operand(name, name, name)
        elif kind == "pick":
            choice = scene.rng.choice(param.names)
            found[param.name] = Operand(choice, choice)
        elif param.of:
            value = about(kind, found[param.of].value, scene.words, scene.rng)
            if value is None:
                return None
            found[param.name] = Operand(value.said, value.code)
        else:
            drawn = draw(scene.rng.choice(param.kinds), scene.words, scene.rng)
            found[param.name] = Operand(drawn.said, drawn.code, "", _value(drawn.code))
    return found
