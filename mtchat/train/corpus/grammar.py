"""Phrasing patterns: how one intent is said in many ways.

Knows: the pattern language (`[a|b]` a choice, `<class>` a shared synonym class, `{slot}` a value) and who may say a
held-out word. Leaves to others: which patterns exist (`skills`, `frames`), what fills their slots (`scene`), surface
noise (`noise`), what is held out (`holdout`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from mtchat.train.corpus import holdout, verbs
from mtchat.train.corpus.synonyms import CLASSES
from mtchat.train.corpus.verbs import bare

_PIECE = re.compile(r"\[|\]|\||<\w+>|\{\w+\}|[^\[\]|<>{}]+|[<>{}]")
Node = tuple[str, Any]
Said = list[tuple[str, str]]  # (text, the slot that it is the value of or "")


def _parse(pieces: list[str], at: int) -> tuple[list[list[Node]], int]:
    """Alternatives from `pieces[at:]` up to a closing bracket or the end, and where that is."""
    options: list[list[Node]] = [[]]
    while at < len(pieces) and pieces[at] != "]":
        piece = pieces[at]
        if piece == "[":
            inner, at = _parse(pieces, at + 1)
            options[-1].append(("alt", inner))
        elif piece == "|":
            options.append([])
        elif len(piece) > 2 and piece[0] == "<":
            options[-1].append(("class", piece[1:-1]))
        elif len(piece) > 2 and piece[0] == "{":
            options[-1].append(("slot", piece[1:-1]))
        else:
            options[-1].append(("text", piece))
        at += 1
    return options, at


@lru_cache(maxsize=50_000)
def parse(pattern: str) -> list[list[Node]]:
    """The alternatives of a pattern, each a list of nodes. A pattern's own top level may hold `|` too."""
    shown = re.sub(r"(?<=\})(?:\[[^\]|]*\])+", lambda m: m[0].replace("[", "⟦").replace("]", "⟧"), pattern)
    pieces = _PIECE.findall(shown)  # {x}[0] is Python's, no choice
    return _parse(pieces, 0)[0]


@lru_cache(maxsize=50_000)
def slots_of(pattern: str) -> frozenset[str]:
    """Every slot name that the pattern mentions."""
    return frozenset(re.findall(r"\{(\w+)\}", pattern))


def unknown_classes(pattern: str) -> set[str]:
    """Names in `<...>` that are no synonym class."""
    return {name for name in re.findall(r"<(\w+)>", pattern) if name not in CLASSES}


@lru_cache(maxsize=4096)
def split_held(name: str) -> tuple[list[str], list[str]]:
    """The options of a synonym class that training may say, and those that it may not."""
    free = [option for option in CLASSES[name] if not holdout.held_in(option)]
    return free or CLASSES[name], [option for option in CLASSES[name] if holdout.held_in(option)]


@dataclass
class Voice:
    """Says patterns. With `held_words` it prefers words that training never hears; `used_held` tells whether it did.
    With `everything` nothing is held back.
    """

    rng: random.Random
    held_words: bool = False
    everything: bool = False
    used_held: bool = field(default=False)

    def pieces(self, pattern: str, slots: Mapping[str, str]) -> Said:
        """The pattern said once, in pieces."""
        said: Said = []
        self._say(parse(pattern), slots, said)
        return said

    def _say(self, options: list[list[Node]], slots: Mapping[str, str], said: Said) -> None:
        option = options[0] if len(options) == 1 else options[int(self.rng.random() * len(options))]
        for i, (kind, body) in enumerate(option):
            if kind == "text":
                said.append((body, ""))
            elif kind == "slot":
                said.append((slots[body], body))
            elif kind == "class":
                agreeing = self._agreeing(body, option[i + 1 :])
                self._say(parse(agreeing or self._word(body)), slots, said)
            else:
                self._say(body, slots, said)

    def _word(self, name: str) -> str:
        free, held = split_held(name)
        if self.everything:
            return _plainer(CLASSES[name], self.rng)
        if held and self.held_words and self.rng.random() < 0.7:
            self.used_held = True
            return self.rng.choice(held)
        return _plainer(free, self.rng)

    def _agreeing(self, name: str, after: Sequence[Node]) -> str:
        """A verb that goes with what follows: one stores *as* and *in*, but puts only *in*; "" where every one does."""
        if name == "remove" and after and after[0][0] == "text" and after[0][1].startswith(" from"):
            return self.rng.choice(("remove", "remove", "delete", "drop", "cut", "erase"))
        if name != "store":
            return ""
        for (kind, body), (follows, _) in reversed(list(pairwise(after))):
            found = _INTO.search(body) if kind == "text" and follows == "slot" else None
            if found:
                return self.rng.choice(_STORES[found[1]])
        return ""

    def say(self, pattern: str, slots: Mapping[str, str]) -> str:
        """The pattern said once, plain: no politeness, no capitals, no noise."""
        return joined(self.pieces(pattern, slots))

    def pick(self, patterns: Sequence[str]) -> str:
        """One of the patterns."""
        return patterns[int(self.rng.random() * len(patterns))]


_INTO = re.compile(r" (as|to|into)(?: (?:the|a)(?: new)? variable(?: \w+)?)? $")
_STORES = {"as": ("store", "save", "store", "save", "keep", "record"), "to": ("assign", "assign", "save"),
           "into": ("put", "store", "save", "write")}  # fmt: skip


def _plainer(options: Sequence[str], rng: random.Random) -> str:
    """One of the options, the earlier likelier: the first third is said two thirds of the time."""
    return options[int(rng.random() ** 2.4 * len(options))]


_AN = re.compile(r"\b([Aa]) (?=([\w-]+))")
_NOT_AN = re.compile(
    r"(?:uni(?!n|m)|us[aeiu]|eu|one\b|once|ut[eio]|ur[il]|u\b|ub|uu|"
    r"(?:and|or|is|as|in|are|at|if|of|on|into|instead|equals?|it|its|after|also|above|always|every|each|all)(?![\w-]))"
)
_SILENT = ("hour", "honest", "heir", "html", "http", "rgb", "mp3")
_SPELLED = frozenset("aefhilmnorsx8")
_HELD = 0xE000  # private characters stand for the values while words are put right


def joined(pieces: Said, within: Callable[[str], str] = str) -> str:
    """The pieces as one sentence, its words put right (by `within` too) and its values untouched."""
    values = [text for text, slot in pieces if slot]
    marks = iter(range(len(values)))
    words = "".join(chr(_HELD + next(marks)) if slot else _signs(text) for text, slot in pieces)
    words = within(_articles(tidy(words), values)).replace("\ue900", " .").replace("\ue901", " ,")
    return "".join(values[ord(ch) - _HELD] if _HELD <= ord(ch) < _HELD + len(values) else ch for ch in words)


def _signs(text: str) -> str:
    """A full stop or comma that an author set apart is a sign that he means."""
    text = re.sub(r"(?<=\S) \.(?=[ ,]|$)", "\ue900", text)
    return re.sub(r"(?<=\S) ,(?=[ ,]|$)", "\ue901", text)


def _articles(text: str, values: Sequence[str]) -> str:
    """ "an" before a vowel, also where a value follows; no article before a value that has its own."""

    def value(match: re.Match[str]) -> str:
        said = values[ord(match[3]) - _HELD]
        if said.startswith(("the ", "our ", "this ", "that ")):
            return match[3]
        word = re.sub(r"\W", " ", said).split()[:1]
        first = match[1] if match[1].lower() == "the" or not word else match[1][0] + "n" * _an(word[0], said)
        return f"{first}{match[2]}{match[3]}"

    last = chr(_HELD + max(len(values) - 1, 0))
    text = re.sub(rf"\b([Aa]n?|[Tt]he)( )([{chr(_HELD)}-{last}])", value, text)
    return _AN.sub(lambda m: m[1] + "n " if len(m[2]) > 1 and _an(m[2], m[2]) else m[0], text)


def _an(word: str, said: str) -> bool:
    """Whether a word takes "an"."""
    word = word.lower()
    if len(word) == 1 or word.isdigit():
        return word[0] in _SPELLED or word in ("11", "18")
    return word.startswith(_SILENT) or (word[0] in "aeiou" and not _NOT_AN.match(word))


def tidy(text: str) -> str:
    """Single spaces, none at the ends, none before a comma; Python's brackets back."""
    text = re.sub(r" {2,}", " ", text).strip().replace(" ,", ",").replace(" .", ".").replace(",,", ",")
    return re.sub(r"\b(the|of|by) \1 ", r"\1 ", text).replace("⟦", "[").replace("⟧", "]")


def third_person(phrase: str) -> str:
    """A command as what a thing does: "count the words" is "counts the words"."""
    verb, _, rest = phrase.partition(" ")
    return f"{verbs.third(verb)} {verbs.all_third(rest)}".strip()


_ONE = re.compile(
    r"is an? ([\w -]+?)(?= (?:of|that|which|whose|with|in|other|from|to|for|by|on|at|between|but|and|or)\b|$)"
)
_MODAL = ("can", "may", "must", "will", "could", "should")
_ADVERBS = ("never", "always", "only", "also", "just")


def many(noun: str) -> str:
    """The plural of a noun with what follows it: "dictionary of numbers" is "dictionaries of numbers"."""
    head = re.match(r"(?:[\w-]+ )*?([\w-]+)(?= (?:of|with|in|from) |$)", noun)
    end = head.end(1) if head else len(noun)
    one, rest = noun[:end], noun[end:]
    if one.endswith("matrix"):
        return one[:-1] + "ces" + rest
    return (one if one.endswith("series") else one + "ings" if one == "str" else verbs.third(one)) + rest


def plural(predicate: str) -> str:
    """A clause about one thing as a clause about many: "is even" is "are even", "starts with" is "start with"."""
    verb, _, rest = predicate.partition(" ")
    if predicate.startswith("does not "):
        return "do" + predicate.removeprefix("does")
    if verb in _MODAL:
        return predicate
    if verb in _ADVERBS:
        return f"{verb} {plural(rest)}"
    rest = re.sub(r"\b(and|or|but) is\b", r"\1 are", verbs.all_bare(re.sub(r"\b(and|or|but) is\b", r"\1 ⟨is⟩", rest)))
    rest = rest.replace("⟨is⟩", "are")
    one = _ONE.match(predicate)
    if one:
        head = one[1][:-1] + "ies" if one[1].endswith("y") else one[1] + "s"
        return f"are {head}{predicate[one.end() :]}"
    return f"{'are' if verb == 'is' else bare(verb)} {rest}".strip()


def question(predicate: str, subject: str) -> str:
    """ "is even" of x is "is x even"; "starts with" is "does x start with"."""
    verb, _, rest = predicate.partition(" ")
    if verb == "is" or verb in _MODAL:
        return f"{verb} {subject} {rest}"
    if verb in _ADVERBS:
        return question(rest, subject).replace(subject, f"{subject} {verb}", 1)
    return f"does {subject} {bare(verb)} {verbs.all_bare(rest)}".strip()


def negated(predicate: str) -> str:
    """ "is even" is "is not even"; "starts with" is "does not start with"."""
    verb, _, rest = predicate.partition(" ")
    if verb in _MODAL:
        return f"{verb} not {rest}"
    return f"is not {rest}" if verb == "is" else f"does not {bare(verb)} {rest}".strip()


UNIT = (
    r"(?!(?:is|has|was|as|does|divides|starts|ends|equals|contains|lies|consists)\b)"
    r"(?:[a-z]+(?<!s)s|<\w+s>|km|kg|cm|mm|percent|degrees|ohms?|m/s|small|whole|more|different|equal)\b"
)
"""Words after a number that count something with it: "{n} rows", "{n} km"."""
TITLE = (
    "years?|months?|days?|hours?|minutes?|numbers?|ages?|prices?|values?|integers?|radius|width|height|length|base|sides?|rate|mass"
    "|speed|voltage|resistance|current|scores?|lists?|words?|strings?|texts?|letters?|index|position|place|rows?|columns?|dates?"
    "|weight|distance|temperature|amount|mass|address|email|url|sentence|phrase|arrays?|vectors?|matrix|sets?|dictionary|tuple|grid|time"
)
"""Nouns that a value's name may follow: "the year {n}"."""
QUALITY = "sorted|reversed|whole|original|flattened|lowercase|uppercase|shuffled"
"""Adjectives that only a name may follow: "the sorted {x}"."""


def untitled(pattern: str, slot: str) -> str:
    """The pattern for a phrase in the slot: "the century of the year {n}" is "the century of {n}"."""
    return re.sub(rf"\b(?:the|an?) (?:{TITLE}) (?={re.escape(slot)})", "", pattern)


def negatable(predicate: str) -> bool:
    """Whether `negated` says the opposite: not of two things at once, not of "never"."""
    return not re.search(r"\b(and|or|but)\b", predicate) and not predicate.startswith(_ADVERBS)
