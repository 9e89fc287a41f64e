"""The surface of an intent: politeness, capitals, full stops, typos.

Knows: how people type. Leaves to others: what they say (`grammar`).
"""

from __future__ import annotations

import random
import re

from mtchat.train.corpus.grammar import Said, joined
from mtchat.train.corpus.verbs import opens

_QUESTION = re.compile(r"(what|how|which|is|are|does|do|can|could|who|where|when|whats|has|have)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"(if|when|in case|provided|for|given|the|a|an|i|we|there|each|every|all)\b", re.IGNORECASE)
_TOLD = re.compile(r"(?:[?.,;] ?|\band )(?:print|show|output|display|tell|store|save|put|call|give)\b")
_PLURAL = re.compile(
    r"(?i)^(what)(?: is|'s|s) ((?:the|all|all the|all of the|those) (?:[\w-]+ ){0,3}?[\w-]+)"
    r"(?= (?:of|at|in|from|inside|within|with|that|which|whose|for|between|up|on|under|without|where|by)\b|$)"
)
_POLITE = (
    ("please ", ""), ("please ", ""), ("can you ", "?"), ("could you ", "?"), ("could you please ", "?"),
    ("now ", ""), ("now ", ""), ("now, ", ""), ("then ", ""), ("then ", ""), ("next, ", ""),
    ("ok, ", ""), ("ok now ", ""),
    ("I want you to ", ""), ("I'd like you to ", ""), ("I need you to ", ""), ("I want to ", ""), ("we need to ", ""),
    ("", " please"), ("", ", please"), ("just ", ""), ("let's ", ""), ("also ", ""), ("would you ", "?"), ("next ", ""),
    ("and now ", ""), ("", " for me"), ("", " now"), ("after that, ", ""), ("using python, ", ""), ("", " in python"),
    ("we want to ", ""), ("your task is to ", ""), ("write code to ", ""), ("write python code to ", ""),
    ("write a line of code to ", ""), ("go ahead and ", ""), ("I need to ", ""), ("the next step is to ", ""),
    ("in the next step, ", ""), ("step two: ", ""), ("help me ", ""), ("try to ", ""), ("as a next step, ", ""),
)  # fmt: skip
_LAST = (("finally, ", ""), ("finally ", ""), ("lastly, ", ""), ("in the end, ", ""), ("at the end ", ""))
_FIRST = (("first, ", ""), ("first ", ""), ("to start, ", ""), ("to begin, ", ""), ("let us begin: ", ""))


def dress(pieces: Said, rng: random.Random, *, command: bool, first: bool = False, last: bool = False) -> str:
    """The intent as a person would type it. `command` says that it begins with a verb, so that politeness fits."""
    if rng.random() < 0.03:
        ours = [i for i, (text, slot) in enumerate(pieces) if not slot and len(text) > 3]
        wrong = rng.sample(ours, min(len(ours), rng.choice((1, 1, 2))))
        pieces = [(misspell(text, rng) if i in wrong else text, slot) for i, (text, slot) in enumerate(pieces)]
    text = joined(pieces, _agreed)
    free = not next((slot for t, slot in pieces if t.strip()), "")
    asks = free and bool(_QUESTION.match(text)) and not _TOLD.search(text)
    command = command and opens(text)
    # free: the first word is ours, not a name or value that a capital letter would change
    if command and free and not asks and not _CLAUSE.match(text) and rng.random() < 0.13:
        ways = _POLITE + (_FIRST * 4 if first else ()) + (_LAST * 4 if last else ())
        before, after = rng.choice(ways)
        text, asks = before + text + after, after == "?"
    style = rng.random()
    if style < 0.72 and free:
        text = text[:1].upper() + text[1:]
    if asks:
        return text.rstrip("?") + ("?" if style < 0.85 else "")
    return text + ("." if style < 0.62 and text[-1:] not in ".!:?" else "")


def _agreed(text: str) -> str:
    """ "what is the values" is "what are the values"."""

    def agree(match: re.Match[str]) -> str:
        head = match[2].split()[-1]
        many = head.endswith("s") and not head.endswith(("ss", "us", "is", "series"))
        return f"{match[1]} are {match[2]}" if many else match[0]

    text = re.sub(r"\b([Pp]rint|[Ww]rite) out (it|that|them)\b", r"\1 \2 out", text)
    return _PLURAL.sub(agree, text)


def misspell(text: str, rng: random.Random) -> str:
    """One letter of one longer word swapped, dropped or doubled."""
    words = text.split(" ")
    long = [i for i, w in enumerate(words) if len(w) > 3 and w.isalpha()]
    if not long:
        return text
    i = rng.choice(long)
    word, at = words[i], rng.randrange(1, len(words[i]) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[i] = rng.choice([swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]])
    return " ".join(words)
