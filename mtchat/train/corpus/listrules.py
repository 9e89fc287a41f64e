"""Rules about the elements of a list: changing some, choosing some and doing something with them, telling of each.

Knows: how predicates and operations on one element become comprehensions, loops and sentences. Pure. Leaves to others:
rules about one thing (`thingrules`), which rule is made (`rules`).
"""

# ruff: noqa: E501
# One phrasing a line, however long.

from __future__ import annotations

import random
from typing import NamedTuple

from mtchat.train.corpus.code import fill
from mtchat.train.corpus.derive import NUMBERS, over
from mtchat.train.corpus.grammar import plural
from mtchat.train.corpus.skill import Param, Skill
from mtchat.train.corpus.thingrules import LONG, cases, meets, noun_of, share


def changed(test: Skill, yes: Skill, no: Skill | None, rng: random.Random) -> Skill | None:
    """A list with one operation where a predicate holds, and another (or none) where it does not."""
    at, one = over(test), cases(test, yes, no, rng)
    if at is None or one is None or at.container == "word":
        return None
    p, f = share(test, "", test), share(yes, "2", test)
    g = share(no, "3", test) if no else None
    if p is None or f is None:
        return None
    x, n = "{" + test.x.name + "}", at.loop
    element = fill(one.codes[0], {test.x.name: n})
    nouns, verbs = [], []
    for _ in range(5):
        said = rng.choice(p.preds)
        then, other = noun_of(f, "it", rng), noun_of(g, "it", rng) if g else "it"
        if not then or not other or LONG.search(said):
            continue
        rest = f"{other} for the others" if g else "[the others|all others|the rest] [unchanged|as they are]"
        which = f"[each|every] {at.noun} <in> {{xs}} that {said}"
        nouns += [f"[a|the] <list> with {then} for {which} and {rest}",
                  f"[a|the] <list> [in which|where] {which} is replaced by {then}" + (f" and every other one by {other}" if g else "")]  # fmt: skip
        verbs += [
            f"<replace> {which} [with|by] {then}"
            + (
                f" and [all others|every other one] [with|by] {other}"
                if g
                else " and [leave the others as they are|keep the others|leave the rest]"
            )
        ]
        do = [v for v in f.verbs if x in v and not LONG.search(v) and v[:1] not in "<["]
        if do and not g:
            many = f"the {at.plural} <in> {{xs}} that {plural(said)}"
            verbs.append(
                f"{rng.choice(do).replace(x, many, 1).replace(x, 'them')} and [leave the others as they are|leave the others alone|keep the others]"
            )
            for a in test.adjectives:
                verbs.append(
                    f"{rng.choice(do).replace(x, f'the {a} {at.plural} <in> {{xs}}', 1).replace(x, 'them')} and [leave the others as they are|keep the rest]"
                )
    if not (nouns or verbs):
        return None
    comp = f"[{element} for {n} in {{xs}}]"
    do_no = fill(g.codes[0], {test.x.name: n}) if g else n
    loop = (f"{{out}} = []\nfor {n} in {{xs}}:\n    if {fill(p.codes[0], {test.x.name: n})}:\n        {{out}}.append({fill(f.codes[0], {test.x.name: n})})"
            f"\n    else:\n        {{out}}.append({do_no})")  # fmt: skip
    result = at.container if not no else "list"
    return Skill(f"change_{one.name}", (Param("xs", (at.container,)), *one.params[1:]), result, ("result", "changed", "new_list", "adjusted"),
                 nouns=tuple(nouns), verbs=tuple(verbs), codes=(comp, loop), in_place=(f"{{xs}} = {comp}",) if not no else (),
                 domain=test.domain, base=f"rule change {test.name} {yes.name}")  # fmt: skip


class Fold(NamedTuple):
    """What may be done with the values of the chosen elements: its words, code around the comprehension."""

    name: str
    nouns: tuple[str, ...]
    code: str
    result: str
    called: tuple[str, ...]


FOLDS = (
    Fold("list", ("{E}", "[a|the] <list> [of|with|containing] {E}"), "[{c}]", "", ("results", "values", "selected")),
    Fold("list", ("{E}", "[a|the] <list> [of|with|containing] {E}"), "[{c}]", "", ("results", "values", "selected")),
    Fold("sum", ("the <sum> of {E}",), "sum({c})", "num", ("total", "sum_of_all")),
    Fold("max", ("the <largest> of {E}", "the largest value among {E}"), "max({c})", "num", ("largest", "highest")),
    Fold("min", ("the <smallest> of {E}", "the smallest value among {E}"), "min({c})", "num", ("smallest", "lowest")),
    Fold("average", ("the <average> of {E}",), "sum([{c}]) / len([{c}])", "float", ("average", "mean")),
    Fold("sorted", ("{E}, sorted", "{E} in [ascending|increasing] order", "a sorted <list> of {E}"), "sorted({c})", "", ("ordered", "sorted_values")),
    Fold("down", ("{E} in [descending|decreasing] order", "{E}, sorted from large to small"), "sorted(({c}), reverse=True)", "", ("ordered", "ranked")),
    Fold("unique", ("the set of {E}",), "set({c})", "set", ("unique", "found")),
    Fold("dict", (), "{{{n}: {e} for {n} in {{xs}} if {t}}}", "anydict", ("table", "mapping", "lookup")),
)  # fmt: skip
LIST_OF = {"int": "ints", "num": "nums", "float": "floats", "str": "strs", "word": "strs", "nat": "ints", "pos": "ints"}


def chosen(test: Skill, do: Skill, rng: random.Random) -> Skill | None:
    """An operation on the elements for which a predicate holds, perhaps folded into one value."""
    at = over(test)
    p, f = share(test, "", test), share(do, "2", test)
    if at is None or p is None or f is None or do.result not in LIST_OF or not meets(test, do):
        return None
    fold = rng.choice(FOLDS)
    if (fold.result in ("num", "float", "set") or fold.name == "down") and do.result not in NUMBERS:
        return None
    if fold.name == "dict" and at.container == "word":
        return None
    n = at.loop
    e, t = fill(f.codes[0], {test.x.name: n}), fill(p.codes[0], {test.x.name: n})
    nouns = []
    for _ in range(5):
        said = rng.choice(p.preds)
        which = (
            f"{rng.choice(test.adjectives)} {at.noun} <in> {{xs}}"
            if test.adjectives and rng.random() < 0.5
            else f"{at.noun} <in> {{xs}} that {said}"
        )
        if LONG.search(said):
            continue
        then = noun_of(f, f"[each|every] {which}", rng)
        it = noun_of(f, "it", rng)
        if fold.name == "dict" and it:
            nouns.append(f"a <dict> that <mapping> [each|every] {which} to {it}")
        elif then:
            nouns += [around.replace("{E}", then) for around in fold.nouns]
    if not nouns:
        return None
    inner = f"{e} for {n} in {{xs}} if {t}"
    code = (
        fold.code.replace("{c}", inner)
        .replace("{n}", n)
        .replace("{e}", e)
        .replace("{t}", t)
        .replace("{{", "{")
        .replace("}}", "}")
    )
    loops = {
        "list": f"{{out}} = []\nfor {n} in {{xs}}:\n    if {t}:\n        {{out}}.append({e})",
        "sum": f"{{out}} = 0\nfor {n} in {{xs}}:\n    if {t}:\n        {{out}} += {e}",
        "dict": f"{{out}} = {{}}\nfor {n} in {{xs}}:\n    if {t}:\n        {{out}}[{n}] = {e}",
    }
    if fold.name == "average":
        code = f"picked = [{inner}]\n{{out}} = sum(picked) / len(picked)"
    codes = (code, loops[fold.name]) if fold.name in loops else (code,)
    result = fold.result or LIST_OF[do.result]
    return Skill(f"{fold.name}_of_{do.name}_where_{test.name}", (Param("xs", (at.container,)), *p.params[1:], *f.params[1:]), result, fold.called,
                 nouns=tuple(nouns), codes=codes, domain=test.domain, base=f"rule chosen {fold.name} {test.name} {do.name}")  # fmt: skip


def told(test: Skill, yes: Skill | None, rng: random.Random) -> Skill | None:
    """A loop over elements that prints, for those of which the predicate holds, or one thing or another."""
    at, p = over(test), share(test, "", test)
    f = share(yes, "2", test) if yes else None
    if at is None or p is None or (yes and (f is None or not meets(test, yes))):
        return None
    n = at.loop
    t = fill(p.codes[0], {test.x.name: n})
    verbs, params = [], [Param("xs", (at.container,)), *p.params[1:]]
    for _ in range(5):
        said = rng.choice(p.preds)
        which = f"[each|every] {at.noun} <in> {{xs}}"
        if LONG.search(said):
            continue
        if f:
            then = noun_of(f, "it", rng)
            if then:
                verbs += [
                    f"for {which}[,|] print {then} if it {said}",
                    f"<loop> {{xs}} and print {then} for every {at.noun} that {said}",
                ]
        else:
            verbs += [f"for {which}[,|] print {{yes}} if it {said} and {{no}} otherwise", f"<loop> {{xs}}. if [the|a] {at.noun} {said}, print {{yes}}, else print {{no}}",
                      f"print {{yes}} for {which} that {said} and {{no}} for [every other one|the others]",
                      f"for {which}[,|] print the {at.noun} and {{yes}} if it {said}, else the {at.noun} and {{no}}"]  # fmt: skip
    if not verbs:
        return None
    if f:
        params += f.params[1:]
        act = f"for {n} in {{xs}}:\n    if {t}:\n        print({fill(f.codes[0], {test.x.name: n})})"
    else:
        paired = rng.random() < 0.3
        verbs = [v for v in verbs if ("print the" in v) == paired]
        params += [Param("yes", ("yesword",)), Param("no", ("noword",))]
        what = f"{n}, " if paired else ""
        act = f"for {n} in {{xs}}:\n    if {t}:\n        print({what}{{yes}})\n    else:\n        print({what}{{no}})"
    name = f"tell_{test.name}_{yes.name if yes else 'words'}"
    return Skill(
        name,
        tuple(params),
        "",
        verbs=tuple(verbs),
        acts=(act,),
        domain=test.domain,
        base=f"rule tell {test.name} {yes.name if yes else ''}",
    )
