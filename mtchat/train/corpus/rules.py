"""Rules in words, made of skills: two conditions on one thing, what to do in each of two cases, choosing and changing in
one sentence.

Knows: how predicates and operations of the library are composed, said and written. Each composition is a skill like any
other. Pure. Leaves to others: single conditions and going over elements (`derive`), what is held out (`holdout`).
"""

# ruff: noqa: E501
# One phrasing a line, however long.

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from mtchat.train.corpus.code import fill, is_block, names, negation
from mtchat.train.corpus.combine import rename_params
from mtchat.train.corpus.derive import NUMBERS, OVER, derived, over
from mtchat.train.corpus.grammar import plural, untitled
from mtchat.train.corpus.skill import Param, Skill

TOO_LONG = 72
"""Characters of an expression that nobody composes further."""
_LONG = re.compile(r",| (?:if|when|where|whichever|unless|while|so|but|and|or|that|which) ")
Pool = Callable[[frozenset[str]], tuple[list[Skill], list[float]]]
LOOPS = frozenset(at.loop for at in OVER.values())
_OPEN = ("how", "whether", "<whether>", "what", "where", "which")


def predicates(skills: list[Skill]) -> list[Skill]:
    """Those that a rule may use as a condition."""
    found = [s for s in skills if s.preds and s.params and _plain(s) and len(s.params) < 3]
    return [s for s in found if len(s.params) == 1 or s.params[1].kinds != s.x.kinds]  # none that compares two alike


def operations(skills: list[Skill]) -> list[Skill]:
    """Those that a rule may use as what is done to one thing."""
    return [s for s in skills if s.nouns and not s.preds and s.result and s.params and _plain(s) and len(s.params) < 3]


def _plain(skill: Skill) -> bool:
    if not skill.codes or is_block(skill.codes[0]) or len(skill.codes[0]) > TOO_LONG or any(p.of for p in skill.params):
        return False
    return names(skill.codes[0])[0].isdisjoint(LOOPS)


def both(one: Skill, two: Skill, rng: random.Random) -> Skill | None:
    """The predicate that is true where both are, where one is, or where the first is and the second is not."""
    first, second = _share(one, "", one), _share(two, "2", one)
    if second is None or first is None or one.name == two.name or one.x.kinds[0] not in two.x.kinds:
        return None
    way, word = rng.choice((("and", "and"), ("and", "and"), ("or", "or"), ("not", "and not")))
    preds = []
    for _ in range(4):
        p, q = rng.choice(first.preds), rng.choice(second.preds)
        if _LONG.search(p) or _LONG.search(q) or p.startswith("is") != q.startswith("is"):
            continue
        rest = q.removeprefix("is ")
        if way == "not":
            if not p.startswith("is"):
                continue
            preds.append(f"{p} [but|and] not {rest}")
        elif p.startswith("is "):
            preds.append(f"is [{'both ' if way == 'and' else 'either '}|]{p.removeprefix('is ')} {word} {rest}")
        else:
            preds.append(f"{p} {word} {q}")
    if not preds:
        return None
    a, b = first.codes[0], second.codes[0]
    if way == "not":
        code = f"{_wrapped(a, False)} and {negation(b)}"
    else:
        code = f"{_wrapped(a, way == 'and')} {way} {_wrapped(b, way == 'and')}"
    kinds = tuple(k for k in one.x.kinds if k in two.x.kinds)
    params = (replace(one.x, kinds=kinds), *first.params[1:], *second.params[1:])
    return Skill(f"{one.name}_{way}_{two.name}", params, "bool", ("check", "ok", "answer"), preds=tuple(dict.fromkeys(preds)), codes=(code,),
                 domain=one.domain, base=f"rule {way} {one.name} {two.name}")  # fmt: skip


def cases(test: Skill, yes: Skill, no: Skill | None, rng: random.Random) -> Skill | None:
    """One operation where a predicate holds, and another (or none: the thing as it is) where it does not."""
    p, f = _share(test, "", test), _share(yes, "2", test)
    g = _share(no, "3", test) if no else None
    if p is None or f is None or (no and g is None) or (no and (no.name == yes.name or no.result != yes.result)):
        return None
    if yes.result in ("item", "same", "bool") or not _meets(test, yes) or (no and not _meets(test, no)):
        return None
    if not no and yes.result not in test.x.kinds:
        return None
    x = "{" + test.x.name + "}"
    nouns = []
    for _ in range(4):
        said, then = rng.choice(p.preds), noun_of(f, x, rng)
        other = noun_of(g, x, rng) if g else f"{x} [unchanged|as it is]"
        if then and other and not _LONG.search(said):
            nouns += [f"{then} <if> {x} {said}[,| and] {other.replace(x, 'it') if rng.random() < 0.5 else other} otherwise",
                      f"{then} <if> {x} {said}, <otherwise> {other}"]  # fmt: skip
    if not nouns:
        return None
    code = f"{f.codes[0]} if {p.codes[0]} else {g.codes[0] if g else x}"
    kinds = tuple(k for k in test.x.kinds if k in yes.x.kinds and (not no or k in no.x.kinds))
    params = (replace(test.x, kinds=kinds), *p.params[1:], *f.params[1:], *(g.params[1:] if g else ()))
    lines = f"if {p.codes[0]}:\n    {{out}} = {f.codes[0]}\nelse:\n    {{out}} = {g.codes[0] if g else x}"
    whole = (f"def {{f}}({', '.join('{' + r.name + '}' for r in params)}):\n    if {p.codes[0]}:\n        return {f.codes[0]}\n"
             f"    return {g.codes[0] if g else x}")  # fmt: skip
    other_name = no.name if no else "same"
    return Skill(f"cases_{test.name}_{yes.name}_{other_name}", params, yes.result, ("result", "value", *yes.called), nouns=tuple(nouns),
                 codes=(code, lines), whole=(whole,), domain=test.domain, base=f"rule cases {test.name} {yes.name} {other_name}")  # fmt: skip


def changed(test: Skill, yes: Skill, no: Skill | None, rng: random.Random) -> Skill | None:
    """A list with one operation where a predicate holds, and another (or none) where it does not."""
    at, one = over(test), cases(test, yes, no, rng)
    if at is None or one is None or at.container == "word":
        return None
    p, f = _share(test, "", test), _share(yes, "2", test)
    g = _share(no, "3", test) if no else None
    if p is None or f is None:
        return None
    x, n = "{" + test.x.name + "}", at.loop
    element = fill(one.codes[0], {test.x.name: n})
    nouns, verbs = [], []
    for _ in range(5):
        said = rng.choice(p.preds)
        then, other = noun_of(f, "it", rng), noun_of(g, "it", rng) if g else "it"
        if not then or not other or _LONG.search(said):
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
        do = [v for v in f.verbs if x in v and not _LONG.search(v) and v[:1] not in "<["]
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
    p, f = _share(test, "", test), _share(do, "2", test)
    if at is None or p is None or f is None or do.result not in LIST_OF or not _meets(test, do):
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
        if _LONG.search(said):
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
    at, p = over(test), _share(test, "", test)
    f = _share(yes, "2", test) if yes else None
    if at is None or p is None or (yes and (f is None or not _meets(test, yes))):
        return None
    n = at.loop
    t = fill(p.codes[0], {test.x.name: n})
    verbs, params = [], [Param("xs", (at.container,)), *p.params[1:]]
    for _ in range(5):
        said = rng.choice(p.preds)
        which = f"[each|every] {at.noun} <in> {{xs}}"
        if _LONG.search(said):
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


LABELS = (
    ("yes", "no", "maybe"), ("high", "low", "medium"), ("big", "small", "normal"), ("good", "bad", "fair"), ("A", "B", "C"), ("gold", "silver", "bronze"),
    ("hot", "cold", "mild"), ("first", "second", "third"), ("left", "right", "middle"), ("red", "green", "blue"), ("pass", "fail", "retry"),
    ("ok", "wrong", "unknown"), ("accept", "reject", "wait"), ("fizz", "buzz", "neither"), ("early", "late", "on time"), ("special", "plain", "other"),
)  # fmt: skip
"""What a value is called by a rule, three for three cases; two of them for two."""


def verdict(one: Skill, two: Skill | None, rng: random.Random) -> Skill | None:
    """One of two words by a predicate, or one of three by two predicates. The words are the rule's own."""
    p, q = _share(one, "", one), _share(two, "2", one) if two else None
    if p is None or (two and (q is None or one.name == two.name or not _meets(one, two))):
        return None
    words = list(rng.choice(LABELS))
    rng.shuffle(words)
    mark = rng.choice(("'", '"', '"'))
    yes, no, other = (f"{mark}{w}{mark}" for w in words)
    x, nouns = "{" + one.x.name + "}", []
    for _ in range(4):
        a, b = rng.choice(p.preds), rng.choice(q.preds) if q else ""
        if _LONG.search(a) or _LONG.search(b):
            continue
        if q:
            nouns += [f"{yes} <if> {x} {a}, {no} <if> it {b} and {other} otherwise", f"{yes} <if> {x} {a}, {no} if it {b}[,| and] {other} in all other cases",
                      f"{yes} <if> {x} {a}, otherwise {no} if it {b}, and else {other}"]  # fmt: skip
        else:
            nouns += [
                f"{yes} <if> {x} {a}[,| and] {no} [otherwise|if not|in every other case]",
                f"{yes} <if> {x} {a}, <otherwise> {no}",
            ]
    if not nouns:
        return None
    yes, no, other = (f'"{w}"' for w in words)
    a, b = p.codes[0], q.codes[0] if q else ""
    kinds = tuple(k for k in one.x.kinds if not two or k in two.x.kinds)
    params = (replace(one.x, kinds=kinds), *p.params[1:], *(q.params[1:] if q else ()))
    head = f"def {{f}}({', '.join('{' + r.name + '}' for r in params)}):\n    if {a}:\n        return {yes}\n"
    if q:
        whole = f"{head}    if {b}:\n        return {no}\n    return {other}"
        codes = (
            f"if {a}:\n    {{out}} = {yes}\nelif {b}:\n    {{out}} = {no}\nelse:\n    {{out}} = {other}",
            f"{yes} if {a} else {no} if {b} else {other}",
        )
    else:
        whole = f"{head}    return {no}"
        codes = (f"{yes} if {a} else {no}", f"if {a}:\n    {{out}} = {yes}\nelse:\n    {{out}} = {no}")
    names_ = one.name + (f"_{two.name}" if two else "")
    return Skill(f"verdict_{names_}", params, "str", ("label", "kind", "verdict"), nouns=tuple(nouns), codes=codes, whole=(whole,),
                 domain=one.domain, base=f"rule verdict {names_}")  # fmt: skip


def elements_of(kinds: frozenset[str]) -> frozenset[str]:
    """Kinds of the elements of a value of these kinds."""
    return frozenset(k for k, at in OVER_OF.items() if at & kinds)


def sample(kinds: frozenset[str], pool: Pool, rng: random.Random) -> list[Skill]:
    """Some two dozen skills that take kinds."""
    found, weights = pool(kinds)
    return list(dict.fromkeys(rng.choices(found, cum_weights=weights, k=24))) if found else []


def listed(kinds: frozenset[str]) -> bool:
    """Whether a value of these kinds has elements that rules are about."""
    return any(at & kinds for at in OVER_OF.values())


def compose(kinds: frozenset[str], pool: Pool, rng: random.Random) -> Skill | None:
    """A rule for a value of one of `kinds`; `pool` gives the base skills that take kinds, with cumulative weights."""
    in_list = listed(kinds) and rng.random() < 0.9
    drawn = sample(elements_of(kinds) if in_list else kinds, pool, rng)
    tests, does = predicates(drawn), operations(drawn)
    if not tests:
        return None
    test = tests[0]
    if len(tests) > 1 and rng.random() < 0.35:
        test = both(tests[0], tests[1], rng) or test
    if not in_list:
        ways: list[Callable[[], Skill | None]] = [lambda: test if test.base else None]
        ways += [lambda: verdict(test, None, rng)] if rng.random() < 0.5 else []
        ways += [lambda: verdict(tests[0], tests[1], rng)] if len(tests) > 1 else []
        ways += [lambda: cases(test, does[0], None, rng)] if does else []
        ways += [lambda: cases(test, does[0], does[1], rng)] if len(does) > 1 else []
        return rng.choice(ways)()
    if test.base and rng.random() < 0.4:
        options = [d for d in derived(test) if d.params[0].name == "xs"]
        return rng.choice(options) if options else None
    ways = [lambda: told(test, None, rng), lambda: told(test, does[0] if does else None, rng)]
    ways += [lambda: chosen(test, does[0], rng)] * 4 if does else []
    ways += [lambda: changed(test, does[0], None, rng)] * 2 if does else []
    ways += [lambda: changed(test, does[0], does[1], rng)] if len(does) > 1 else []
    return rng.choice(ways)()


OVER_OF: dict[str, frozenset[str]] = {
    "int": frozenset(("ints", "posints")), "num": frozenset(("ints", "nums", "posints", "floats")), "nat": frozenset(("posints",)), "pos": frozenset(("posints",)),
    "small": frozenset(("posints",)), "float": frozenset(("floats",)), "str": frozenset(("strs", "wordlist")), "word": frozenset(("wordlist",)),
    "ints": frozenset(("lists", "matrix")),
}  # fmt: skip
"""Which containers hold elements of a kind."""


def _meets(test: Skill, do: Skill) -> bool:
    return test.x.kinds[0] in do.x.kinds


def _share(skill: Skill, tag: str, first: Skill) -> Skill | None:
    """The skill with its operand called as the first's, its other parameters renamed apart; None where they clash."""
    to = {p.name: f"{p.name}{tag}" for p in skill.params[1:]} if tag else {}
    if skill.x.name != first.x.name:
        if first.x.name in {p.name for p in skill.params[1:]} and not tag:
            return None
        to[skill.x.name] = first.x.name
    return rename_params(skill, to)


def noun_of(skill: Skill, said: str, rng: random.Random) -> str:
    """One of the skill's noun phrases about `said`; "" where none is plain enough."""
    slot = "{" + skill.x.name + "}"
    fitting = [p for p in skill.nouns if slot in p and not p.startswith((*_OPEN, "{")) and not _LONG.search(p)]
    if not fitting:
        return ""
    pattern = untitled(rng.choice(fitting), slot)
    if re.search(rf"\b(?:the|a|an) {re.escape(slot)}", pattern):
        return ""
    before, _, after = pattern.partition(slot)
    return before + said + after.replace(slot, "it")


def _wrapped(code: str, tight: bool) -> str:
    """An operand of `and` (`tight`), `or` or `not`, in parentheses where it needs them."""
    try:
        tree = ast.parse(re.sub(r"\{(\w+)\}", r"slot_\1", code), mode="eval").body
    except SyntaxError:
        return f"({code})"
    loose = isinstance(tree, ast.IfExp | ast.Lambda) or (
        isinstance(tree, ast.BoolOp) and (tight or isinstance(tree.op, ast.And))
    )
    return f"({code})" if loose else code
