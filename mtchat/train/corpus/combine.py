"""Skills made of skills: a condition on a predicate, one operation after another.

Knows: how two skills are said in one breath and written as one expression. Pure. Leaves to others: going over elements
(`derive`), which combinations are held out (`library`, `plans`).
"""

# ruff: noqa: E501
# One phrasing a line, however long.

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from mtchat.train.corpus.code import fill, is_block, names, renamed
from mtchat.train.corpus.grammar import untitled
from mtchat.train.corpus.skill import Param, Skill


def branched(skill: Skill) -> list[Skill]:
    """Print, or store, one thing or another, depending on a predicate of one value."""
    slot = "{" + skill.x.name + "}"
    parameters = (*skill.params, Param("yes", ("yesword",)), Param("no", ("noword",)))
    verbs = [f"<if> {slot} {p}[,|] [then |]print {{yes}}[,|] <otherwise> [print |]{{no}}" for p in skill.preds]
    verbs += [f"print {{yes}} <if> {slot} {p}[,|] [and|] {{no}} otherwise" for p in skill.preds]
    verbs += [f"<check> <whether> {slot} {p}, print {{yes}} if so and {{no}} if not" for p in skill.preds]
    nouns = [f"{{yes}} <if> {slot} {p}[,|] <otherwise> {{no}}" for p in skill.preds]
    e = skill.codes[0]
    act = f"if {e}:\n    print({{yes}})\nelse:\n    print({{no}})"
    printing = Skill(f"branch_{skill.name}", parameters, "", verbs=tuple(verbs), acts=(act,), domain=skill.domain,
                     weight=skill.weight / 4, base=f"branch {skill.name}")  # fmt: skip
    choosing = Skill(f"choose_{skill.name}", parameters, "str", ("label", "answer", "verdict"), nouns=tuple(nouns), weight=skill.weight / 8,
                     codes=(f"{{yes}} if {e} else {{no}}",), domain=skill.domain, base=f"choose {skill.name}")  # fmt: skip
    return [printing, choosing]


def then(first: Skill, second: Skill, rng: random.Random) -> Skill | None:
    """`second` of what `first` gives, said in one breath; None where they do not join."""
    if first.name == second.name or first.name.startswith("choose") or second.name.startswith("choose"):
        return None
    if not first.nouns or not first.codes or not second.codes or is_block(second.codes[0]) or not second.params:
        return None
    mine = {p.name: f"{p.name}{i}" for i, p in enumerate(first.params) if p.name in {q.name for q in second.params}}
    if any(p.of == second.x.name for p in second.params[1:]):
        return None
    first = rename_params(first, mine)
    slot = "{" + second.x.name + "}"
    noun = rng.choice(first.nouns)
    simple = not noun.startswith(("how", "whether", "<whether")) and not _LONG.search(noun)
    nouns = [
        untitled(p, slot).replace(slot, noun, 1).replace(slot, "it") for p in second.nouns if simple and _fits(slot, p)
    ]
    if second.preds and simple:
        nouns += [f"<whether> {noun} {p}" for p in second.preds]
    verbs = []
    if first.verbs:
        lead = rng.choice(first.verbs)
        verbs = [
            f"{lead} <and> {v.replace(slot, '[it|the result|the result]', 1).replace(slot, 'it')}"
            for v in second.verbs
            if slot in v
        ]
        verbs += [
            f"{lead} <and> <compute> {p.replace(slot, 'the result', 1).replace(slot, 'it')}"
            for p in second.nouns
            if slot in p
        ]
    code = first.codes[0]
    if is_block(code):
        codes = [f"{code}\n{{out}} = {fill(second.codes[0], {second.x.name: '{out}'})}"]
    else:
        if second.codes[0].count(slot) > 1 and not code.isidentifier():
            return None  # nobody writes a whole expression twice
        inner = renamed(code, names(second.codes[0])[0])
        codes = [fill(second.codes[0], {second.x.name: inner})]
    if not (nouns or verbs) or len(codes[0]) > 110:
        return None
    name = f"{second.name}_{first.name}"
    return Skill(name, (*first.params, *second.params[1:]), second.result, second.called, nouns=tuple(nouns), verbs=tuple(verbs),
                 codes=tuple(codes), domain=second.domain, base=f"then {first.name} {second.name}")  # fmt: skip


_LONG = re.compile(r",| (?:if|when|where|whichever|unless|while|so|but) ")
_GOES_ON = r"(?= (?:is|are|has|have|in|to|by|from|of|at|and|or|with|as|that|on|without|for|rounded|sorted|divided|times|plus|minus)\b|,|$)"


def _fits(slot: str, pattern: str) -> bool:
    """Whether a noun phrase may stand in a slot: "{x} rounded to …", but not "{x} km" nor "the {x}"."""
    return bool(re.search(rf"(?<!the )(?<!an )(?<!a ){re.escape(slot)}{_GOES_ON}", pattern))


def rename_params(skill: Skill, to: dict[str, str]) -> Skill:
    """The skill with parameters renamed in every text."""
    if not to:
        return skill

    def change(texts: Sequence[str]) -> tuple[str, ...]:
        found = []
        for text in texts:
            for old, new in to.items():
                text = text.replace("{" + old + "}", "{" + new + "}")
            found.append(text)
        return tuple(found)

    parameters = tuple(replace(p, name=to.get(p.name, p.name), of=to.get(p.of, p.of)) for p in skill.params)
    return replace(
        skill,
        params=parameters,
        nouns=change(skill.nouns),
        verbs=change(skill.verbs),
        preds=change(skill.preds),
        codes=change(skill.codes),
    )
