"""Skills made of skills: over each element, filtered, counted, sorted by.

Knows: the combinators over elements and their phrasings. A derived skill is a skill like any other, so every form (store, print,
function, …) is open to it. Pure. Leaves to others: conditions and sequences
(`combine`), which are held out (`library`), turns (`forms`).
"""

# ruff: noqa: E501
# One phrasing a line, however long: these are tables with some code around them.

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from mtchat.train.corpus.code import fill, is_block, negation, renamed
from mtchat.train.corpus.combine import branched
from mtchat.train.corpus.grammar import UNIT, negatable, negated, plural, untitled
from mtchat.train.corpus.skill import Param, Skill


class Over(NamedTuple):
    """What elements of one kind sit in: the container's kind, the element's noun and plural, its loop name."""

    container: str
    noun: str
    plural: str
    loop: str


OVER = {
    "int": Over("ints", "<number>", "<numbers>", "n"),
    "num": Over("nums", "<number>", "<numbers>", "n"),
    "nat": Over("posints", "<number>", "<numbers>", "n"),
    "pos": Over("posints", "<number>", "<numbers>", "n"),
    "small": Over("posints", "number", "numbers", "n"),
    "float": Over("floats", "<number>", "<numbers>", "x"),
    "str": Over("strs", "[string|word|element]", "<words>", "word"),
    "word": Over("wordlist", "[word|string|word]", "<words>", "word"),
    "char": Over("word", "<char>", "<chars>", "ch"),
    "ints": Over("lists", "[row|inner list|sublist|list]", "[rows|inner lists|sublists|lists]", "row"),
    "nums": Over("matrix", "[row|row|inner list]", "[rows|rows|inner lists]", "row"),
    "isodate": Over("isodates", "date", "dates", "day"),
    "digits": Over("digitstrs", "string", "strings", "s"),
}
LIST_OF = {"int": "ints", "num": "nums", "float": "floats", "str": "strs", "word": "wordlist", "ints": "lists",
           "bool": "bools", "char": "strs", "digits": "strs", "binary": "strs", "nums": "lists", "strs": "strlists"}  # fmt: skip
NUMBERS = frozenset(("int", "num", "float", "nat", "pos"))
EACH, ALL = "[each|every|each|every single]", "[all|all the|all of the|the]"


def over(skill: Skill) -> Over | None:
    """What the skill's operand may be an element of; None where it cannot be derived from."""
    if not skill.params or any(p.of for p in skill.params) or not skill.codes or is_block(skill.codes[0]):
        return None
    return next((OVER[k] for k in skill.x.kinds if k in OVER), None)


def _names(skill: Skill, at: Over) -> tuple[str, str, tuple[Param, ...]]:
    """(loop name, the expression for one element, parameters of the derived skill)."""
    expression = fill(renamed(skill.codes[0], {at.loop}), {skill.x.name: at.loop})
    return at.loop, expression, (Param("xs", (at.container,)), *skill.params[1:])


def _with(patterns: Sequence[str], skill: Skill, said: str) -> list[str]:
    """Patterns with the operand said so: the first mention, then "it"."""
    slot = "{" + skill.x.name + "}"
    found = []
    for pattern in (untitled(p, slot) for p in patterns):
        before, slot_, after = pattern.partition(slot)
        if said.startswith(("it", "[it")) and re.match(rf" {UNIT}", after):
            continue  # "it km"
        if slot_ and "|" not in before.rpartition("[")[2].partition("]")[0]:
            found.append(before + said + after.replace(slot, "it"))
        elif slot_:
            found.append(pattern.replace(slot, said))
    return found


def _derived(
    kind: str, skill: Skill, parameters: tuple[Param, ...], result: str, called: str, **fields: list[str]
) -> Skill:
    return Skill(
        f"{kind}_{skill.name}", parameters, result, tuple(called.split(", ")), domain=skill.domain,
        weight=skill.weight, base=f"{kind} {skill.name}", **{k: tuple(v) for k, v in fields.items()},
    )  # fmt: skip


def mapped(skill: Skill, at: Over) -> Skill | None:
    """The list of what the skill gives for each element."""
    if skill.result not in LIST_OF or skill.preds:
        return None
    n, e, parameters = _names(skill, at)
    each = _with(skill.nouns, skill, f"{EACH} {at.noun} <in> {{xs}}")
    it = _with(skill.nouns, skill, "it") + _with(skill.nouns, skill, f"[the|that] {at.noun}")
    said = _with(skill.verbs, skill, f"{EACH} {at.noun} <in> {{xs}}")
    said += _with(skill.verbs, skill, f"{ALL} {at.plural} <in> {{xs}}")
    nouns = [*each, *(f"[a|the] <list> [of|with|containing|holding] {p}" for p in each)]
    same = skill.result in skill.x.kinds
    verbs = said if same or not each else [*said, *(f"<compute> {p}" for p in each)]
    if same:
        verbs = [*said, *(f"<replace> {EACH} {at.noun} <in> {{xs}} [with|by] {p}" for p in it)]
    comp = f"[{e} for {n} in {{xs}}]"
    loop = f"{{out}} = []\nfor {n} in {{xs}}:\n    {{out}}.append({e})"
    return _derived(
        "map", skill, parameters, LIST_OF[skill.result], "results, new_list, values, " + ", ".join(skill.called),
        nouns=nouns, verbs=verbs, codes=[comp, comp, comp, loop], in_place=[f"{{xs}} = {comp}"] if same else [],
    )  # fmt: skip


def printed(skill: Skill, at: Over) -> Skill | None:
    """A loop that prints what the skill gives for each element."""
    n, e, parameters = _names(skill, at)
    it = _with(skill.nouns, skill, f"[it|it|the {at.noun}|that {at.noun}]")
    heads = [f"[for|for] {EACH} {at.noun} <in> {{xs}}[,|] <print> ", "<loop> {xs} and <print> "]
    apart = _with(skill.nouns, skill, f"each {at.noun}")
    said = [heads[0] + p for p in it] + [heads[1] + p for p in apart]
    verbs = [p + t for p in said for t in ("", " [on its own line|on a separate line|]")][:16]
    return _derived("each", skill, parameters, "", "result", verbs=verbs, acts=[f"for {n} in {{xs}}:\n    print({e})"])


def lookup(skill: Skill, at: Over) -> Skill | None:
    """A dictionary from each element to what the skill gives for it."""
    if at.container not in ("ints", "nums", "posints", "strs", "wordlist", "word") or skill.result not in (
        *NUMBERS,
        "str",
        "word",
    ):
        return None
    n, e, parameters = _names(skill, at)
    it = _with(skill.nouns, skill, f"[it|it|that {at.noun}]")
    apart = _with(skill.nouns, skill, f"[each|the] {at.noun}")
    nouns = [f"a <dict> that <mapping> {EACH} {at.noun} <in> {{xs}} to {p}" for p in it]
    nouns += [
        f"a <dict> [of|with] the {at.plural} <in> {{xs}} and [their|the corresponding] {k}" for k in skill.measures
    ]
    nouns += [f"a <dict> with {at.plural} of {{xs}} as <keys> and {p} as [value|values]" for p in apart[:4]]
    comp = f"{{{n}: {e} for {n} in {{xs}}}}"
    loop = f"{{out}} = {{}}\nfor {n} in {{xs}}:\n    {{out}}[{n}] = {e}"
    return _derived("dict", skill, parameters, "dict" if skill.result in NUMBERS else "sdict", "mapping, lookup, table",
                    nouns=nouns, codes=[comp, comp, loop])  # fmt: skip


def sorted_by(skill: Skill, at: Over, down: bool) -> Skill | None:
    """The elements sorted by what the skill gives."""
    if skill.result not in NUMBERS or at.container == "word":
        return None
    n, e, parameters = _names(skill, at)
    way, flag = ("<desc>", ", reverse=True") if down else ("[<asc>|]", "")
    by = [f"[their|the|its] {k}" for k in skill.measures for _ in (0, 1)] + _with(skill.nouns, skill, f"each {at.noun}")
    nouns = [f"{{xs}} sorted by {b} {way}" for b in by] + [
        f"the {at.plural} <in> {{xs}} [ordered|sorted] by {b} {way}" for b in by
    ]
    verbs = [f"<sort> {{xs}} by {b} {way}" for b in by] + [
        f"<sort> the {at.plural} <in> {{xs}} by {b} {way}" for b in by
    ]
    key = "len" if e == f"len({n})" else f"lambda {n}: {e}"
    return _derived("sort_desc" if down else "sort", skill, parameters, at.container, "ordered, sorted_list, ranked",
                    nouns=nouns, verbs=verbs, codes=[f"sorted({{xs}}, key={key}{flag})"],
                    in_place=[f"{{xs}}.sort(key={key}{flag})"])  # fmt: skip


_CLAUSE = re.compile(r"<?(?:which|how|what|where|when|by how|whether|in which)\b")
_MOST = re.compile(
    r"<?(?:largest|smallest|longest|shortest|biggest|highest|lowest|maximum|minimum|greatest|most|least|max|min)\b"
)


def best(skill: Skill, at: Over, largest: bool) -> Skill | None:
    """The element for which the skill gives most, or least."""
    if skill.result not in NUMBERS or at.container == "word":
        return None
    n, e, parameters = _names(skill, at)
    word, function = ("<largest>", "max") if largest else ("<smallest>", "min")
    singular = at.noun
    measures = [k for k in skill.measures if not _MOST.match(k)]
    nouns = [f"the {singular} <in> {{xs}} [with|having|that has] the {word} {k}" for k in measures for _ in (0, 1, 2)]
    nouns += [
        f"the {singular} <in> {{xs}} for which {p} is {word}"
        for p in _with(skill.nouns, skill, "it")
        if not _CLAUSE.match(p)
    ]
    asks = [f"which {singular} <in> {{xs}} has the {word} {k}" for k in measures]
    key = "len" if e == f"len({n})" else f"lambda {n}: {e}"
    element = next(k for k in skill.x.kinds if k in OVER)
    return _derived(function, skill, parameters, element, "best, top, found, winner", nouns=nouns, asks=asks,
                    codes=[f"{function}({{xs}}, key={key})"])  # fmt: skip


def summed(skill: Skill, at: Over) -> Skill | None:
    """The sum over all elements."""
    if skill.result not in NUMBERS:
        return None
    n, e, parameters = _names(skill, at)
    each = _with(skill.nouns, skill, f"{EACH} {at.noun} <in> {{xs}}")
    nouns = [f"the <sum> of {p}" for p in each] + [
        f"the <sum> of the {k} of {ALL} {at.plural} <in> {{xs}}" for k in skill.measures
    ]
    verbs = [f"[add up|sum|sum up] {p}" for p in each]
    loop = f"{{out}} = 0\nfor {n} in {{xs}}:\n    {{out}} += {e}"
    return _derived("sum", skill, parameters, skill.result, "total, sum_of_all", nouns=nouns, verbs=verbs,
                    codes=[f"sum({e} for {n} in {{xs}})", loop])  # fmt: skip


def where(skill: Skill, at: Over) -> Skill | None:
    """The elements for which the skill gives more than a number."""
    if skill.result != "int" or at.container == "word":
        return None
    n, e, parameters = _names(skill, at)
    parameters = (*parameters, Param("bound", ("small",)))
    conditions = [f"for which {p} is <gt> {{bound}}" for p in _with(skill.nouns, skill, "it") if not _CLAUSE.match(p)]
    conditions += [f"with a {k} <gt> {{bound}}" for k in skill.measures] + [
        f"whose {k} is <gt> {{bound}}" for k in skill.measures
    ] * 2
    nouns = [f"[the|all] {at.plural} <in> {{xs}} {c}" for c in conditions]
    verbs = [f"<keep> the {at.plural} <in> {{xs}} {c}" for c in conditions]
    comp = f"[{n} for {n} in {{xs}} if {e} > {{bound}}]"
    return _derived("where", skill, parameters, at.container, "selected, filtered, chosen", nouns=nouns, verbs=verbs,
                    codes=[comp], in_place=[f"{{xs}} = {comp}"])  # fmt: skip


def _that(skill: Skill, at: Over) -> tuple[list[str], list[str]]:
    """(ways to say "the even numbers in xs" without the article, predicates in the plural)."""
    many = [plural(p) for p in skill.preds]
    found = [f"{at.plural} <in> {{xs}} [that|that|which] {p}" for p in many]
    return found + [f"{a} {at.plural} <in> {{xs}}" for a in skill.adjectives for _ in (0, 1)], many


def kept(skill: Skill, at: Over) -> Skill | None:
    """The elements of which the predicate is true."""
    n, e, parameters = _names(skill, at)
    those, _ = _that(skill, at)
    nouns = [f"[the|all|all the|only the] {t}" for t in those] + [
        f"[a|the] <list> [of|with|containing] [only|all|] the {t}" for t in those
    ]
    verbs = [f"<keep> the {t}" for t in those] + [
        f"<remove> [all|] the {at.plural} <in> {{xs}} that {plural(negated(p))}" for p in skill.preds if negatable(p)
    ]
    comp = f"[{n} for {n} in {{xs}} if {e}]"
    loop = f"{{out}} = []\nfor {n} in {{xs}}:\n    if {e}:\n        {{out}}.append({n})"
    called = [f"{a}_numbers" for a in skill.adjectives if a.isidentifier() and n == "n"]
    container = at.container if at.container != "word" else "strs"
    return _derived("filter", skill, parameters, container, ", ".join([*called, "filtered, selected, matches"]),
                    nouns=nouns, verbs=verbs, codes=[comp, comp, comp, loop],
                    in_place=[f"{{xs}} = {comp}"] if container == at.container else [])  # fmt: skip


def rejected(skill: Skill, at: Over) -> Skill | None:
    """The elements of which the predicate is false."""
    if at.container == "word":
        return None
    n, e, parameters = _names(skill, at)
    those, _ = _that(skill, at)
    verbs = [f"<remove> [all|all the|the|every one of the] {t}" for t in those]
    nouns = [f"{{xs}} without [the|its|any] {a} {at.plural}" for a in skill.adjectives]
    nouns += [f"[the|all] {at.plural} <in> {{xs}} that {plural(negated(p))}" for p in skill.preds if negatable(p)]
    comp = f"[{n} for {n} in {{xs}} if {negation(e)}]"
    return _derived("reject", skill, parameters, at.container, "remaining, rest, cleaned, filtered", nouns=nouns,
                    verbs=verbs, codes=[comp], in_place=[f"{{xs}} = {comp}"])  # fmt: skip


def counted(skill: Skill, at: Over) -> Skill | None:
    """How many elements satisfy the predicate."""
    n, e, parameters = _names(skill, at)
    those, many = _that(skill, at)
    nouns = [f"[the <count> of|how many] {t}" if " that " not in t else f"the <count> of {t}" for t in those]
    nouns += [f"how many {at.plural} <in> {{xs}} {p}" for p in many]
    asks = [f"how many {at.plural} <in> {{xs}} {p}" for p in many] + [
        f"how many {a} {at.plural} [are|are there] in {{xs}}" for a in skill.adjectives
    ]
    verbs = [f"count [the|all the|] {t}" for t in those] + [f"count how many {at.plural} <in> {{xs}} {p}" for p in many]
    loop = f"{{out}} = 0\nfor {n} in {{xs}}:\n    if {e}:\n        {{out}} += 1"
    return _derived("count", skill, parameters, "int", "count, how_many, matches", nouns=nouns, verbs=verbs, asks=asks,
                    codes=[f"sum(1 for {n} in {{xs}} if {e})", f"len([{n} for {n} in {{xs}} if {e}])", loop])  # fmt: skip


def quantified(skill: Skill, at: Over, every: bool) -> Skill | None:
    """Whether all, or any, elements satisfy the predicate."""
    n, e, parameters = _names(skill, at)
    many = [plural(p) for p in skill.preds]
    if every:
        nouns = [f"<whether> {ALL} {at.plural} <in> {{xs}} {p}" for p in many] + [
            f"<whether> {EACH} {at.noun} <in> {{xs}} {p}" for p in skill.preds
        ]
    else:
        nouns = [f"<whether> any {at.noun} <in> {{xs}} {p}" for p in skill.preds] + [
            f"<whether> [some|any of the] {at.plural} <in> {{xs}} {p}" for p in many
        ]
        nouns += [f"<whether> {{xs}} <contains> [any|at least one|a] {a} {at.noun}" for a in skill.adjectives]
    verbs = [f"<check> {p}" for p in nouns]
    function = "all" if every else "any"
    return _derived(function, skill, parameters, "bool", f"{function}_match, check, answer", nouns=nouns, verbs=verbs,
                    codes=[f"{function}({e} for {n} in {{xs}})"])  # fmt: skip


def total_where(skill: Skill, at: Over) -> Skill | None:
    """The sum of the numbers that satisfy the predicate."""
    if at.container not in ("ints", "nums", "posints", "floats"):
        return None
    n, e, parameters = _names(skill, at)
    those, _ = _that(skill, at)
    loop = f"{{out}} = 0\nfor {n} in {{xs}}:\n    if {e}:\n        {{out}} += {n}"
    return _derived("total", skill, parameters, "num", "total, filtered_sum", nouns=[f"the <sum> of [all|] the {t}" for t in those],
                    verbs=[f"[add up|sum|sum up] [all|all the|only the|the] {t}" for t in those],
                    codes=[f"sum({n} for {n} in {{xs}} if {e})", loop])  # fmt: skip


def first_where(skill: Skill, at: Over) -> Skill | None:
    """The first element that satisfies the predicate."""
    n, e, parameters = _names(skill, at)
    nouns = [f"the <first> {at.noun} <in> {{xs}} that {p}" for p in skill.preds] + [
        f"the <first> {a} {at.noun} <in> {{xs}}" for a in skill.adjectives
    ]
    element = next(k for k in skill.x.kinds if k in OVER)
    return _derived("first", skill, parameters, element, "found, first_match", nouns=nouns,
                    codes=[f"next({n} for {n} in {{xs}} if {e})"])  # fmt: skip


def labelled(skill: Skill, at: Over) -> Skill | None:
    """One of two words for each element."""
    if at.container == "word":
        return None
    n, e, parameters = _names(skill, at)
    parameters = (*parameters, Param("yes", ("yesword",)), Param("no", ("noword",)))
    nouns = [
        f"[a|the] <list> [with|that has] {{yes}} for {EACH} {at.noun} <in> {{xs}} that {p} and {{no}} [otherwise|for the others]"
        for p in skill.preds
    ]
    nouns += [
        f"a <list> of {{yes}} or {{no}} depending on whether {EACH} {at.noun} <in> {{xs}} {p}" for p in skill.preds
    ]
    return _derived("label", skill, parameters, "strs", "labels, tags, kinds", nouns=nouns,
                    codes=[f"[{{yes}} if {e} else {{no}} for {n} in {{xs}}]"])  # fmt: skip


_VALUE: tuple[Callable[[Skill, Over], Skill | None], ...] = (
    mapped, mapped, mapped, printed, lookup, summed, where,
    lambda s, o: sorted_by(s, o, False), lambda s, o: sorted_by(s, o, True),
    lambda s, o: best(s, o, True), lambda s, o: best(s, o, False),
)  # fmt: skip
_PRED: tuple[Callable[[Skill, Over], Skill | None], ...] = (
    kept, kept, kept, rejected, counted, counted, total_where, first_where, labelled,
    lambda s, o: quantified(s, o, True), lambda s, o: quantified(s, o, False),
)  # fmt: skip


def derived(skill: Skill) -> list[Skill]:
    """Every skill that follows from one by going over elements or by a condition."""
    at, found = over(skill), list[Skill | None]()
    if at is not None and (skill.nouns or skill.preds):
        ways = _PRED if skill.preds else _VALUE
        found = [way(skill, at) for way in dict.fromkeys(ways)]
    if skill.preds and not is_block(skill.codes[0] if skill.codes else "{out}"):
        found += branched(skill)
    return [s for s in found if s is not None and (s.nouns or s.verbs)]
