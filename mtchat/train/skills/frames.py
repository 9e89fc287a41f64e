"""Frames: what to do with an expression: print it, store it, ask for it, change a variable by it.

Knows: the sentences around a noun phrase (`{E}`) or a verb phrase (`{V}`) and the code that goes with each. Leaves to others: the expressions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtchat.train.scene import Scene, Turn
from mtchat.train.values import Spelled

PRINT = [
    "<print> {E}", "<print> {E}", "<print> {E}", "<print> {E}", "<print> {E}", "<print> {E}", "<print> the [value|result] of {E}", "<compute> {E} and <show> <itword>",
    "<compute> {E} and <show> <itword>", "{E}", "{E}", "i want to see {E}", "let me see {E}", "{E}, print it", "print: {E}", "I would like to see {E}",
    "use print to show {E}", "~could I have a look at {E}", "~{E} on the screen", "what do you get for {E}",
]  # fmt: skip
ASK = ["<what> {E}", "<what> {E}", "<what> {E}", "can you tell me {E}", "~could you say {E}", "{E}?"]
STORE = [
    "<store> {E} in {y}", "<store> {E} in {y}", "<store> {E} in {y}", "<store> {E} [as|into|under|to] {y}", "<store> {E} in a [new|] <variable> <named> {y}", "<store> {E} in the variable {y}",
    "assign {E} to {y}", "assign {E} to a [new|] <variable> <named> {y}", "assign {E} to {y}", "assign {E} to the variable {y}", "set {y} to {E}", "set {y} to {E}", "set {y} = {E}", "set the variable {y} to {E}", "set {y} equal to {E}",
    "let {y} be {E}", "let {y} be {E}", "let {y} equal {E}", "let {y} = {E}", "{y} = {E}", "{y} = {E}", "{y} is {E}", "{y} should be {E}", "{y} equals {E}", "{y}: {E}",
    "<make> [a|] <variable> <named> {y} [with|holding|containing|equal to|set to|for|that holds|and set it to|with the value|with value] {E}", "<make> [a|] <variable> {y} [with|holding|containing|equal to|that is|for|that contains|, set to] {E}",
    "<make> {y} equal to {E}", "<make> {y} = {E}", "<make> {y} as {E}", "<make> {y} with {E}", "define {y} as {E}", "define {y} to be {E}", "initialize {y} with {E}", "initialize {y} to {E}", "make {y} {E}", "create {y} as {E}",
    "call {E} {y}", "name {E} {y}", "<compute> {E} and <store> <itword> [in|as|into|to] {y}", "<compute> {E} and call it {y}", "<compute> {E} and name it {y}", "<compute> {E}, call it {y}", "in {y}, <store> {E}", "{E} [in|into|as] {y}", "use {y} for {E}",
    "<make> {E} <named> {y}", "<make> {E} <named> {y}", "<make> {E} and call it {y}", "<make> {E}, call it {y}", "{E} <named> {y}", "<make> {E} <and> <store> it in {y}", "<store> {E} under the name {y}", "<make> {E} {y}", "I want {E} <named> {y}",
    "give {y} the value {E}", "{y} gets {E}", "have {y} be {E}", "put into {y} {E}", "a <variable> <named> {y} [with|for|holding|containing|equal to] {E}",
    "~let's have {y} hold {E}", "~I need {E} available as {y}", "~with {y} being {E}", "~remember {E} as {y}",
]  # fmt: skip
NAMELESS = ["<make> {E}", "<make> {E}", "I need {E}", "i have {E}", "I want {E}", "give me {E}", "here is {E}", "here's {E}", "take {E}", "use {E}", "~we have {E}", "start with {E}", "let's start with {E}", "let's make {E}", "<store> {E}", "<store> {E} in a variable", "{E}"]
IN_PLACE = [
    "{V}", "{V}", "{V}", "{V}", "{V}", "{V}", "{V} [in place|in-place]", "{V} and <store> <itword> back", "{V} and update it", "I want to {V}", "let's {V}", "~go ahead and {V}", "you should {V}", "we need to {V}", "{V} and <store> <itword> back in {x}",
]
VERB_PRINT = ["{V} <and> <show> <itword>", "{V} <and> <show> <itword>", "{V} <and> <show> <itword>", "{V} <and> <show> {x}", "{V}, <show> <itword>", "{V}. <show> <itword>", "~{V} so that I can see it printed"]
VERB_STORE = ["{V} <and> <store> <result> [in|as|into] {y}", "{V} <and> <store> <result> in {y}", "{V}, <store> <result> in {y}", "{V} and call <result> {y}", "{V} <and> assign <result> to {y}", "{V} into {y}", "set {y} to the result when you {V}", "~{V}, keeping it under the name {y}", "{V} <and> <store> <result> in a [new|] <variable> <named> {y}"]
STORE_PRINT = ["{S} <and> <show> <itword>", "{S} <and> <show> {y}", "{S}, <and> <show> <itword>", "{S}. <show> <itword>", "{S}. then <show> {y}"]


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
        return Turn(skill, scene.speaker.intent(scene.speaker.choose(STORE_PRINT), {"S": sentence, "y": name}), f"{name} = {code}\nprint({name})")
    return Turn(skill, scene.speaker.intent(frame, given), f"{name} = {code}")


def verb_turn(scene: Scene, skill: str, phrase: str, code: str, x: Spelled, in_place: bool) -> Turn:
    """A verb phrase: change x (where `in_place`), or print or store what it gives."""
    roll, own = scene.rng.random(), x.code.isidentifier()
    if in_place and own and roll < 0.75:
        frames: Sequence[str] = IN_PLACE if roll < 0.55 else VERB_PRINT
        tail = "" if roll < 0.55 else f"\nprint({x.code})"
        return Turn(skill, scene.speaker.intent(scene.speaker.choose(frames), {"V": phrase, "x": x.code}), f"{x.code} = {code}{tail}")
    if roll < 0.85 or (in_place and not own and roll < 0.5):
        name = scene.new_name()
        intent = scene.speaker.intent(scene.speaker.choose(VERB_STORE), {"V": phrase, "y": say_name(scene, name)})
        return Turn(skill, intent, f"{name} = {code}")
    frame = scene.speaker.choose(VERB_PRINT if scene.rng.random() < 0.5 and not in_place else ["{V}"]) if not in_place else "{V} <and> <show> <itword>"
    if in_place and own:
        return Turn(skill, scene.speaker.intent(frame, {"V": phrase, "x": x.code}), f"{x.code} = {code}\nprint({x.code})")
    return Turn(skill, scene.speaker.intent(frame.replace(" {x}", " it"), {"V": phrase}), f"print({code})")
