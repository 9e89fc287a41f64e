"""Verbs: which words open a command, and how they change between "count", "counts" and "does it count".

Knows: English verbs of small programs. Pure. Leaves to others: sentences (`grammar`), politeness (`noise`).
"""

# ruff: noqa: E501, SIM905
# Tables of words.
# fmt: off

from __future__ import annotations

import re

VERBS = frozenset("""abbreviate accept add adjust alphabetize alter alternate append apply approximate arrange ask assign attach average
balance begin binarize book break bring build buy calculate call cancel cap capitalize carry cast center change check chain chop choose
clamp classify clean clear clip close cluster code collect color combine compare compile complete compress compute concatenate construct
convert copy correct count create cross cube cut deal decide declare decode decompose decorate decrease decrement deduplicate define
delete deliver deposit derive describe design determine develop differentiate dig discard display divide do double draw drop dump echo
eliminate empty encode encrypt enter erase estimate evaluate examine exchange exclude execute expand extend extract factor factorize feed
figure fill filter find finish fit fix flatten flip flood fold follow force form format fuse generate get give glue go grade greet group
guess halve hide hold implement import include increase increment indent index initialise initialize insert instantiate interleave
intersect invert invoke isolate iterate join judge keep label lay leave lend let limit link list load look loop lower lowercase make map
mark mask match measure merge mirror mix modify move multiply name negate nest normalise normalize note number obtain offset omit open
order output overwrite pack pad pair parse part partition pass pay peek perform pick pivot place play plot pop predict prefix prepare
prepend preserve print produce program provide pull push put quote raise randomize rank read rearrange recall recite record redefine
reduce register remember remove rename repeat replace report reproduce rescale reset reshape resize retain retrieve return reveal
reverse rewrite roll rotate round run save say scale scatter seat search seed select sell send separate serialize serve set shade share
shift shorten show shrink shuffle simulate sketch skip slice slide smooth snap solve sort space spell split spread square squash squeeze
stack standardize start stash step stop store strip stretch subtract substitute sum summarise summarize swap switch take tally tell test
throw toggle tokenize total track train transfer transform translate transpose traverse trim truncate try turn undo unfold unite unpack
unzip update uppercase use validate verify visit walk weave withdraw work wrap write yield zero zip""".split())
"""Infinitives that a command may open with."""

AFTER_AND = VERBS - frozenset("part space number index list order square book color label note name set total sum average "
                              "center cross cap form group map mark match pair rank record round".split())
"""Those that are verbs wherever they stand after "and"."""

_THIRD = frozenset("has is does was equals".split())
_OBJECT = r"the|a|an|it|its|them|their|each|every|all|only|that|this|those|these|both|one|two|how|what|which|back|off|up|out|by|from|to|with|at|in|into|on|through|over|as|<|\{|\["
_NEXT = re.compile(rf"(\b(?:and|then|or|else|otherwise)(?: then| also)? |, )(\w+)(?=(?: | ?$)(?P<object>(?:{_OBJECT}))?)")


def opens(text: str) -> bool:
    """Whether a sentence begins with a verb in the imperative."""
    word = re.match(r"[A-Za-z-]+", text)
    return word is not None and word[0].lower().removeprefix("re-").split("-")[0] in VERBS | {"min", "one", "right"}


def third(verb: str) -> str:
    """ "count" is "counts"."""
    special = {"be": "is", "have": "has", "is": "is", "has": "has", "do": "does", "go": "goes"}
    if verb in special:
        return special[verb]
    if verb.endswith("y") and verb[-2:-1] not in ("a", "e", "o", "u", ""):
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def all_third(rest: str) -> str:
    """Every further command of a sentence in the third person too: "… and put it first" is "… and puts it first"."""

    def change(match: re.Match[str]) -> str:
        sure = match[2] in AFTER_AND and (match[1] != ", " or match["object"])
        return match[1] + (third(match[2]) if sure or (match[2] in VERBS and match["object"]) else match[2])

    return _NEXT.sub(change, rest)


def bare(verb: str) -> str:
    """The infinitive of a verb in the third person."""
    special = {"has": "have", "is": "be", "does": "do", "goes": "go"}
    if verb in special:
        return special[verb]
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    return verb[:-2] if verb.endswith(("sses", "shes", "ches", "xes", "zzes")) else verb.removesuffix("s")


def all_bare(rest: str) -> str:
    """Further predicates in the infinitive: "begins and ends with" after "does it" is "begin and end with"."""

    def change(match: re.Match[str]) -> str:
        verb = match[2]
        known = verb in _THIRD or bare(verb) in VERBS or bare(verb) in ("contain", "end", "begin", "consist", "appear", "occur")
        return match[1] + (bare(verb) if known and verb.endswith("s") else verb)

    return re.sub(r"(\b(?:and|or|but) )(\w+)", change, rest)
