"""Frames: what to do with an expression: print it, store it, ask for it, change a variable by it.

Knows: the sentences around a noun phrase (`{E}`) or a verb phrase (`{V}`) and the code that goes with each. Leaves to
others: the expressions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtchat.train.scene import Scene, Turn
from mtchat.train.skills.frames_table import ASK, IN_PLACE, PRINT, STORE, STORE_PRINT, VERB_PRINT, VERB_STORE
from mtchat.train.values import Spelled


def slots(given: Mapping[str, Spelled]) -> dict[str, str]:
    """What intents say for each slot."""
    return {name: value.said for name, value in given.items()}


def code_of(pattern: str, given: Mapping[str, Spelled]) -> str:
    """Code with each `{slot}` replaced by its value's code (other braces are left alone)."""
    for name, value in given.items():
        pattern = pattern.replace("{" + name + "}", value.code)
    return pattern


def print_turn(scene: Scene, skill: str, phrase: str, code: str) -> Turn:
    """Print an expression that `phrase` names."""
    frame = scene.speaker.choose(ASK if scene.rng.random() < 0.25 else PRINT)
    if frame == "{E}?" and phrase.startswith(("what", "how")):
        frame = "{E}"
    return Turn(skill, scene.speaker.intent(frame, {"E": phrase}), f"print({code})")


def store_turn(scene: Scene, skill: str, phrase: str, code: str, show: float = 0.1) -> Turn:
    """Store an expression under a name, sometimes print it too."""
    name = scene.store_name()
    return named_turn(scene, skill, phrase, code, name, show)


def say_name(scene: Scene, name: str) -> str:
    """A name to be given: plain, or in some kind of quotes."""
    return name if scene.rng.random() < 0.85 else scene.rng.choice((f"`{name}`", f"`{name}`", f'"{name}"', f"'{name}'"))


def named_turn(scene: Scene, skill: str, phrase: str, code: str, name: str, show: float = 0.1) -> Turn:
    """Store an expression under `name`."""
    frame, given = scene.speaker.choose(STORE), {"E": phrase, "y": say_name(scene, name)}
    if scene.rng.random() < show:
        sentence = scene.speaker.say(frame, given)
        return Turn(
            skill,
            scene.speaker.intent(scene.speaker.choose(STORE_PRINT), {"S": sentence, "y": name}),
            f"{name} = {code}\nprint({name})",
        )
    return Turn(skill, scene.speaker.intent(frame, given), f"{name} = {code}")


def verb_turn(scene: Scene, skill: str, phrase: str, code: str, x: Spelled, in_place: bool) -> Turn:
    """A verb phrase: change x (where `in_place`), or print or store what it gives."""
    roll, own = scene.rng.random(), x.code.isidentifier()
    if in_place and own and roll < 0.75:
        frames: Sequence[str] = IN_PLACE if roll < 0.55 else VERB_PRINT
        tail = "" if roll < 0.55 else f"\nprint({x.code})"
        return Turn(
            skill,
            scene.speaker.intent(scene.speaker.choose(frames), {"V": phrase, "x": x.code}),
            f"{x.code} = {code}{tail}",
        )
    if roll < 0.85 or (in_place and not own and roll < 0.5):
        name = scene.new_name()
        intent = scene.speaker.intent(scene.speaker.choose(VERB_STORE), {"V": phrase, "y": say_name(scene, name)})
        return Turn(skill, intent, f"{name} = {code}")
    frame = (
        scene.speaker.choose(VERB_PRINT if scene.rng.random() < 0.5 and not in_place else ["{V}"])
        if not in_place
        else "{V} <and> <show> <itword>"
    )
    if in_place and own:
        return Turn(
            skill, scene.speaker.intent(frame, {"V": phrase, "x": x.code}), f"{x.code} = {code}\nprint({x.code})"
        )
    return Turn(skill, scene.speaker.intent(frame.replace(" {x}", " it"), {"V": phrase}), f"print({code})")
