"""English out of docstrings and comments: markup off, sentences told from tables, lists, examples and dead code.

Knows: reST and numpydoc marks, what a comment that is no sentence looks like, verbs that begin an intent. Pure.
Leaves to others: where the text comes from and which code it describes.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from mtchat.train.realcode.words import SMALL, VERBS

THIRD = {verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"): verb for verb in VERBS} | {
    verb[:-1] + "ies": verb for verb in VERBS if verb.endswith("y") and verb[-2] not in "aeou"
}
BASE = {third: verb for third, verb in THIRD.items() if third not in VERBS}
_ROLE = re.compile(r":(?:[a-z]+:)?[a-z]+:`[~!]?([^`<]*?)(?:\s*<[^`>]*>)?`")
_LINK = re.compile(r"`([^`<]+?)\s*<[^`>]*>`_{0,2}")
_TICKS = re.compile(r"``?([^`]+)``?_?")
_STARS = re.compile(r"\*\*([^*\s][^*]*)\*\*|(?<![\w*])\*([A-Za-z_]\w*)\*(?![\w*])")
_MATH = re.compile(r"\$[^$]*\$|:math:|\\\w+\{?|\^\{|_\{")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf|resp|approx|No|Dr|Fig|al|dtype|a\.k\.a)\.$")
_NOISE = re.compile(
    r"(?i)\b(todo|fixme|xxx|hack|kludge|noqa|nosec|pragma|type: ?ignore|pylint|pyright|mypy|flake8|yapf|isort|fmt|"
    r"https?|www|bug|bugs|issue|pep|gh|rfc|work ?around|deprecated?|deprecation|legacy|backwards?|compat\w*|"
    r"python ?[23]|py[23]\w*|cython|pypy|jython|copyright|licen[sc]e|contributor|should|shouldn't|"
    r"because|since|hopefully|maybe|probably|perhaps|sadly|unfortunately|however|obviously|we|we'll|we're|we've|let's|"
    r"lets|i|i'm|our|us|you|your|they|someone|above|below|following|next see|note|nb|"
    r"sphinx|doctest|rst|refactor|cleanup|for now|not (?:yet )?(?:implemented|supported)|"
    r"public api|subclass(?:es)?|overrid\w+|superclass|parent class|base class|mixin|"
    r"metaclass|dunder|monkey ?patch\w*|upstream|downstream|ci|opt-in|opt-out|now|anymore|any more|still|"
    r"theorem|lemma|paper|eq|equation \d+|algorithm \d+|section|appendix|ref)\b|"
    r"\(c\)|(?<!\w)[_.]\w|[{}|\\~^!?]|=>|->|::|\.\.\.|[=*#_-]{3,}|@"
)


def clean(text: str) -> str:
    """One paragraph without markup: roles, links, ticks, stars; white space single."""
    text = _ROLE.sub(r"\1", text)
    text = re.sub(r"`~(?:[.\w]*\.)?(\w+)`", r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = re.sub(r"\s*\[[\w#*]+\]_", "", text)
    text = _TICKS.sub(r"\1", text)
    text = text.replace("``", '"').replace("''", '"') if "``" in text and "''" in text else text
    text = _STARS.sub(lambda m: m[1] or m[2], text)
    return " ".join(text.split())


def sentence(paragraph: str) -> str:
    """The first sentence of a clean paragraph, without its full stop."""
    for match in re.finditer(r"[.!?:;](?=\s|$)", paragraph):
        if match[0] in ".!?" and not _ABBREVIATION.search(paragraph[: match.end()]):
            return paragraph[: match.start()].rstrip()
        if match[0] in ":;" and match.start() > 25:
            return paragraph[: match.start()].rstrip()
    return paragraph.rstrip(" .")


def paragraphs(docstring: str) -> list[str]:
    """A docstring's paragraphs, dedented, as written; sections such as "Parameters" are among them."""
    lines = docstring.expandtabs().split("\n")
    rest = textwrap.dedent("\n".join(lines[1:]))
    return [p for p in re.split(r"\n\s*\n", lines[0].strip() + "\n" + rest) if p.strip()]


def imperative(words: str) -> str:
    """The sentence with its first verb in the base form ("Returns x" and "Now we return x" are "Return x"); "" where it
    does not begin with a known verb.
    """
    words = _LEAD.sub("", words)
    first, _, rest = words.partition(" ")
    low = first.lower()
    if not rest or not low.isalpha():
        return ""
    if low.endswith("ly") and low not in ("apply", "multiply", "supply", "only", "reply"):
        tail = imperative(rest)
        return f"{first} {tail[0].lower()}{tail[1:]}" if tail else ""
    verb = low if low in VERBS else BASE.get(low, "")
    second = rest.split(" ", 1)[0].lower()
    if not verb or second in _NO_OBJECT or (second in ("for", "to", "in") and verb not in _TAKES.get(second, VERBS)):
        return ""
    return verb.capitalize() + " " + joined(rest, verb == low)


_LEAD = re.compile(
    r"(?i)^((and|now|then|next|first|finally|also|second|third|lastly|afterwards?|here|just|simply|we|so)\b[,:]? +)+"
)
_NO_OBJECT = frozenset(
    {
        "of", "is", "are", "was", "were", "has", "have", "had", "can", "will", "would", "must", "may", "does", "did",
        "used", "being", "been", "=", "by", "or", ",", "that", "which", "here", "only",
    }
)  # fmt: skip
"""Words that follow a noun or a participle, no command."""
_TAKES = {
    "for": frozenset(
        {
            "account", "adjust", "allow", "ask", "check", "correct", "listen", "look", "loop", "prepare", "query",
            "scan", "search", "solve", "test", "wait", "watch",
        }
    ),
    "to": VERBS - {"set", "reset", "use", "index", "name", "list", "limit", "process", "return", "cache", "load"},
}  # fmt: skip


def joined(rest: str, base: bool) -> str:
    """`rest` with the verbs that go on ("and returns it") in the base form, as the first one is now."""
    if base:
        return rest
    return re.sub(
        r"\b(and|or|then|and then) ([a-z]+)\b",
        lambda m: f"{m[1]} {BASE[m[2]]}" if m[2] in BASE else m[0],
        rest,
    )


def third(words: str) -> str:
    """An imperative sentence told of a function: "Strip it and return x" is "strips it and returns x"."""
    first, _, rest = words.partition(" ")
    if first.lower() not in VERBS:  # an adverb
        return f"{first.lower()} {third(rest)}" if rest else first
    rest = re.sub(
        r"\b(and|then) ([a-z]+)\b(?= (?:the|an?|its?|them|all|each|every|any|th[ai][st]|True|False|None)\b)",
        lambda m: f"{m[1]} {conjugated(m[2])}" if m[2] in VERBS else m[0],
        rest,
    )
    return f"{conjugated(first.lower())} {rest}"


def conjugated(verb: str) -> str:
    """The third person of a verb."""
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def plain(words: str) -> bool:
    """Whether a sentence is plain English: ASCII, mostly letters, no reasons, no addresses, no marks of upkeep."""
    if not words.isascii() or _NOISE.search(words) or _MATH.search(words):
        return False
    letters = sum(c.isalpha() or c == " " for c in words)
    return letters >= 0.8 * len(words) and words.count("(") == words.count(")") and words.count('"') % 2 == 0


_HEADING = re.compile(r"\n\s*[-=~^*\"'+#]{3,}\s*(\n|$)")
_LIST = re.compile(r"^\s*(?:[-*+o]|\d+[.)]|\(\w\)|:\w|\.\. |>>>|\$ |%|@|\||\+-|In \[)", re.MULTILINE)
_LAWYERS = re.compile(r"(?i)copyright|licen[sc]e|warrant|permission|liabilit|redistribut|all rights|trademark")


def prose(text: str) -> Iterator[str]:
    """The paragraphs of a docstring or comment that read as English, cleaned: no sections, lists, tables, examples."""
    for paragraph in paragraphs(text):
        if _HEADING.search(paragraph + "\n") or _LIST.search(paragraph) or paragraph[:1] in " \t":
            continue
        if (
            re.search(r"\w {3,}\S", paragraph)
            or re.search(r"\n[ ]+\S", paragraph)
            or paragraph.lstrip().startswith("::")
        ):
            continue  # columns, indented parts
        said = clean(paragraph).removesuffix(":").rstrip()
        if 40 <= len(said) <= 1500 and english(said):
            yield said if said.endswith((".", "!", "?", ":")) else said + "."


def english(said: str) -> bool:
    """Whether a clean paragraph reads as sentences: mostly letters, common small words, no law, no mathematics."""
    if not said.isascii() or _LAWYERS.search(said) or _MATH.search(said) or "::" in said or "http" in said:
        return False
    words = re.findall(r"[A-Za-z']+", said)
    small = sum(w.lower() in SMALL for w in words)
    letters = sum(c.isalpha() or c == " " for c in said)
    return len(words) >= 8 and small >= 0.2 * len(words) and letters >= 0.87 * len(said)
