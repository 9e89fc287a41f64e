"""Literals in intents that are values of the program, lifted to parameters.

Knows how literals look in words and in code, which of them mean the same, and the template that gives the intent back
character for character. Pure. Leaves to others: what a problem is made of (`mtpb`), other values for the parameters
(`cases`).
"""

import ast
import re
import string
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, product
from typing import Any

import msgspec

Key = tuple[str, str]
"""A literal's type and repr: two literals with the same key are the same value."""

_NUMBER = re.compile(
    r"(?<![\w.])(?!(?<=[0-9],)[0-9]{3}(?![0-9]))"  # not the "000" of 1,000
    r"(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
    r"(?!\w|\.[0-9]|,[0-9]{3}(?![0-9]))"
)
_SIGNED = re.compile(r"""(?<![\w.)\]}"'-])-(?=[0-9.])""")
_TEXT = re.compile(
    r"""(?<!\w)(?:"(?P<double>(?:\\.|[^"\\\n])*)"|'(?P<single>(?:\\.|[^'\\\n])*)'|“(?P<curly>[^“”\n]*)”)(?!\w)"""
)
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_LONGEST, _TRIES = 10_000, 64


@dataclass(frozen=True)
class Literal:
    """`intent[start:end]` is what can be lifted (of a quoted text the inside); the search goes on at `until`.

    Formatting `value` gives `intent[start:end]` again.
    """

    start: int
    end: int
    until: int
    key: Key
    value: Any

    @property
    def telling(self) -> bool:
        """Whether it is too special to stand twice in a conversation by chance: no number, no empty list, no letter."""
        return self.key[0] not in ("int", "float") and self.end - self.start > 2


@dataclass(frozen=True)
class Parameter:
    """A lifted value. `turns` are the numbers (from 0) of the intents that name it."""

    letter: str
    key: Key
    value: Any
    telling: bool
    turns: tuple[int, ...]


@dataclass(frozen=True)
class Lifted:
    """Templates, one an intent, and what fills them: `prompts[n].format(**inputs)` is the intent exactly."""

    prompts: tuple[str, ...]
    parameters: tuple[Parameter, ...]

    @property
    def inputs(self) -> dict[str, Any]:
        return {parameter.letter: parameter.value for parameter in self.parameters}


def lift(turns: Sequence[tuple[str, str]]) -> Lifted:
    """The (intent, code) of `turns` with the literals that are values of the program lifted.

    A literal of an intent is lifted if this turn's code has it as a literal; a telling one (see `Literal`) also if
    another turn's code has it, since it stands for the same value there. The same value, written the same way, has the
    same letter in all intents.
    """
    own = [keys_of(code) for _, code in turns]
    anywhere = frozenset[Key]().union(*own)
    lifted: dict[tuple[Key, str], Parameter] = {}
    names = letters()

    def template(number: int, intent: str) -> str:
        parts, at = [], 0
        for found in literals(intent, lambda x: x.key in own[number] or (x.telling and x.key in anywhere)):
            same = (found.key, intent[found.start : found.end])
            known = lifted.get(same) or Parameter(next(names), found.key, found.value, found.telling, ())
            lifted[same] = Parameter(known.letter, known.key, known.value, known.telling, (*known.turns, number))
            parts += [escaped(intent[at : found.start]), f"{{{known.letter}}}"]
            at = found.end
        return "".join([*parts, escaped(intent[at:])])

    prompts = tuple(template(number, intent) for number, (intent, _) in enumerate(turns))
    return Lifted(prompts, tuple(lifted.values()))


def escaped(text: str) -> str:
    """`text` as `str.format` gives it back."""
    return text.replace("{", "{{").replace("}", "}}")


def letters() -> Iterator[str]:
    """A, B, … Z, AA, AB, …"""
    for length in count(1):
        yield from ("".join(each) for each in product(string.ascii_uppercase, repeat=length))


def literals(intent: str, wanted: Callable[[Literal], bool]) -> Iterator[Literal]:
    """The wanted literals of an intent, from left to right, none inside another.

    One that is not wanted is looked into: of `[3, x]` the 3 may be.
    """
    at = 0
    while at < len(intent):
        found = next((each for each in _at(intent, at) if wanted(each)), None)
        if found is not None:
            yield found
        at = found.until if found is not None else at + 1


def _at(intent: str, at: int) -> Iterator[Literal]:
    """What the literal that begins at `at` may be, the likeliest first."""
    if intent[at] in _CLOSING:
        yield from _containers(intent, at)
    elif (quoted := _TEXT.match(intent, at)) is not None:
        assert quoted.lastgroup is not None
        start, end = quoted.span(quoted.lastgroup)
        inside = intent[start:end]
        yield Literal(start, end, quoted.end(), ("str", repr(inside)), inside)
        meant = evaluated(quoted.group()) if "\\" in inside else inside
        if isinstance(meant, str) and meant != inside:
            yield Literal(start, end, quoted.end(), ("str", repr(meant)), inside)
    else:
        signed = _SIGNED.match(intent, at)
        number = _NUMBER.match(intent, at + 1 if signed else at)
        if number is not None:
            yield _whole(intent, at, number.end())


def _containers(intent: str, at: int) -> Iterator[Literal]:
    close, end = _CLOSING[intent[at]], at
    for _ in range(_TRIES):
        end = intent.find(close, end + 1, at + _LONGEST)
        if end < 0:
            return
        if isinstance(evaluated(intent[at : end + 1]), list | tuple | dict | set):
            yield _whole(intent, at, end + 1)
            return


def _whole(intent: str, start: int, end: int) -> Literal:
    text = intent[start:end]
    value = evaluated(text)
    return Literal(start, end, end, key_of(value), plain(value, text))


def plain(value: Any, text: str) -> Any:
    """`value` if it is the same after a way through JSON and formats as `text`; otherwise `text`, which always does."""
    try:
        again = msgspec.json.decode(msgspec.json.encode(value))
    except (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError):
        return text
    return again if type(again) is type(value) and format(again) == text else text


class NoLiteral:
    """What `evaluated` gives for text that is no literal."""


def evaluated(text: str | ast.expr) -> Any:
    """The value of a Python literal; `NoLiteral` if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a person's words
            return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return NoLiteral


def key_of(value: Any) -> Key:
    """The key of a literal's value."""
    try:
        return type(value).__name__, repr(value)
    except ValueError:  # an integer of thousands of digits
        return type(value).__name__, hex(value)


def keys_of(code: str) -> frozenset[Key]:
    """The keys of all literals in `code`; none for code that does not parse."""
    tree = parsed(code)
    return frozenset(key_of(value) for node in expressions(tree) if (value := evaluated(node)) is not NoLiteral)


def parsed(code: str) -> ast.Module:
    """The tree of `code`, an empty one where it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return ast.Module([], [])


def expressions(node: ast.AST) -> Iterator[ast.expr]:
    """All expressions below `node`, without the fixed text of f-strings."""
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant):
            continue
        if isinstance(child, ast.expr):
            yield child
        yield from expressions(child)


class _Replaced(ast.NodeTransformer):
    def __init__(self, values: Mapping[Key, ast.expr]) -> None:
        self.values = values

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and (value := evaluated(node)) is not NoLiteral:
            new = self.values.get(key_of(value))
            if new is not None:
                return ast.copy_location(new, node)
        replaced: ast.AST = super().visit(node)
        return replaced

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        for each in node.values:
            if not isinstance(each, ast.Constant):
                self.generic_visit(each)
        return node


def replaced(code: str, values: Mapping[Key, Any]) -> str:
    """`code` with each literal of a key in `values` replaced by that value's literal; comments may go."""
    if not values.keys() & keys_of(code):
        return code
    nodes = {key: ast.parse(repr(value), mode="eval").body for key, value in values.items()}
    return ast.unparse(ast.fix_missing_locations(_Replaced(nodes).visit(parsed(code))))
