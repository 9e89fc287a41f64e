"""Rules about one thing: two conditions on it, what to do in each of two cases, a word for each.

Knows: how predicates and operations of the library are composed, said and written. Each composition is a skill like any
other. Pure. Leaves to others: rules about the elements of a list (`listrules`), which rule is made (`rules`).
"""

# ruff: noqa: E501
# One phrasing a line, however long.

from __future__ import annotations

import ast
import random
import re
from dataclasses import replace

from mtchat.train.corpus.code import is_block, names, negation
from mtchat.train.corpus.combine import rename_params
from mtchat.train.corpus.derive import OVER
from mtchat.train.corpus.grammar import untitled
from mtchat.train.corpus.skill import Skill

TOO_LONG = 72
"""Characters of an expression that nobody composes further."""
LONG = re.compile(r",| (?:if|when|where|whichever|unless|while|so|but|and|or|that|which) ")
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
    first, second = share(one, "", one), share(two, "2", one)
    if second is None or first is None or one.name == two.name or one.x.kinds[0] not in two.x.kinds:
        return None
    way, word = rng.choice((("and", "and"), ("and", "and"), ("or", "or"), ("not", "and not")))
    preds = []
    for _ in range(4):
        p, q = rng.choice(first.preds), rng.choice(second.preds)
        if LONG.search(p) or LONG.search(q) or p.startswith("is") != q.startswith("is"):
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
    p, f = share(test, "", test), share(yes, "2", test)
    g = share(no, "3", test) if no else None
    if p is None or f is None or (no and g is None) or (no and (no.name == yes.name or no.result != yes.result)):
        return None
    if yes.result in ("item", "same", "bool") or not meets(test, yes) or (no and not meets(test, no)):
        return None
    if not no and yes.result not in test.x.kinds:
        return None
    x = "{" + test.x.name + "}"
    nouns = []
    for _ in range(4):
        said, then = rng.choice(p.preds), noun_of(f, x, rng)
        other = noun_of(g, x, rng) if g else f"{x} [unchanged|as it is]"
        if then and other and not LONG.search(said):
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


LABELS = (
    ("yes", "no", "maybe"), ("high", "low", "medium"), ("big", "small", "normal"), ("good", "bad", "fair"), ("A", "B", "C"), ("gold", "silver", "bronze"),
    ("hot", "cold", "mild"), ("first", "second", "third"), ("left", "right", "middle"), ("red", "green", "blue"), ("pass", "fail", "retry"),
    ("ok", "wrong", "unknown"), ("accept", "reject", "wait"), ("fizz", "buzz", "neither"), ("early", "late", "on time"), ("special", "plain", "other"),
)  # fmt: skip
"""What a value is called by a rule, three for three cases; two of them for two."""


def verdict(one: Skill, two: Skill | None, rng: random.Random) -> Skill | None:
    """One of two words by a predicate, or one of three by two predicates. The words are the rule's own."""
    p, q = share(one, "", one), share(two, "2", one) if two else None
    if p is None or (two and (q is None or one.name == two.name or not meets(one, two))):
        return None
    words = list(rng.choice(LABELS))
    rng.shuffle(words)
    mark = rng.choice(("'", '"', '"'))
    yes, no, other = (f"{mark}{w}{mark}" for w in words)
    x, nouns = "{" + one.x.name + "}", []
    for _ in range(4):
        a, b = rng.choice(p.preds), rng.choice(q.preds) if q else ""
        if LONG.search(a) or LONG.search(b):
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


def meets(test: Skill, do: Skill) -> bool:
    """Whether an operation takes what a predicate is about."""
    return test.x.kinds[0] in do.x.kinds


def share(skill: Skill, tag: str, first: Skill) -> Skill | None:
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
    fitting = [p for p in skill.nouns if slot in p and not p.startswith((*_OPEN, "{")) and not LONG.search(p)]
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
