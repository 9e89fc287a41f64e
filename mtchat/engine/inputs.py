"""Small inputs to try a function on: made from its parameters, the words and values of the intent, the variables.

Knows what people call things and how code uses them, from which it guesses the kind of each parameter; to each kind
belong the values at which programs tend to differ (nothing, zero, negative, twice the same). Pure; leaves trying to
`probing`.
"""

import ast
import itertools
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mtchat.sandbox import Variable

MOST_CALLS = 40
_MOST_VALUES = 10
_LONGEST = 40

_EDGES = {
    "numbers": ("[]", "[0]", "[1, 2, 3]", "[2, 2, 1]", "[-1, -2]", "[3, 1, 2]", "[5]"),
    "words": ("[]", "['a']", "['b', 'a', 'b']", "['Ab', 'c']", "['']"),
    "text": ("''", "'a'", "'aba'", "'Ab c'", "' x '"),
    "number": ("0", "1", "-1", "2", "3", "10", "7", "-2"),
    "mapping": ("{}", "{'a': 1}", "{'a': 1, 'b': 1}", "{'b': 2, 'a': 1}"),
    "truth": ("True", "False"),
}
_TYPES = {"list": "numbers", "tuple": "numbers", "set": "numbers", "int": "number", "float": "number"}
_TYPES |= {"str": "text", "dict": "mapping", "bool": "truth"}
_NAMES = {
    "numbers": "nums numbers num_list values data xs lst list items arr array seq sequence scores prices ages list1",
    "words": "words strings names lines",
    "text": "s text string word name line sentence phrase txt message str1 str2 char letter",
    "number": "n x y a b i j k num number count size limit year age index value m p total start end low high",
    "mapping": "d dict mapping counts table dictionary dct",
    "truth": "flag reverse",
}
_KIND_OF_NAME = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_KIND_OF_WORD = {"numbers": "numbers", "list": "numbers", "words": "words", "strings": "words", "string": "text"}
_KIND_OF_WORD |= {"word": "text", "text": "text", "sentence": "text", "number": "number", "integer": "number"}
_KIND_OF_WORD |= {"dictionary": "mapping", "dict": "mapping"}
_OF_TEXT = {"lower", "upper", "split", "strip", "replace", "startswith", "endswith", "title", "isalpha", "isdigit"}
_OF_MAPPING = {"items", "keys", "values", "get"}
_LITERAL = re.compile(r"\[[^\[\]]*\]|\{[^{}]*\}|'[^']*'|\"[^\"]*\"|(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")


@dataclass(frozen=True)
class Call:
    """A function's name, its parameters' names, and Python source for each argument."""

    function: str
    parameters: tuple[str, ...]
    arguments: tuple[str, ...]

    def of(self, function: str) -> "Call":
        """The same call of another function; "" for this one."""
        return replace(self, function=function or self.function)

    def __str__(self) -> str:
        return f"{self.function}({', '.join(self.arguments)})"


def functions(code: str) -> dict[str, ast.arguments]:
    """The functions that `code` leaves at top level, each with its parameters; none for code that does not parse."""
    found: dict[str, ast.arguments] = {}
    for statement in _parsed(code):
        match statement:
            case ast.FunctionDef(name=name, args=arguments):
                found[name] = arguments
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments)):
                found[name] = arguments
    return found


def calls(code: str, name: str, intent: str, variables: Sequence[Variable]) -> list[Call]:
    """Calls of the function `name` of `code` to try, the plainest first; none where it takes nothing or too much."""
    arguments = functions(code)[name]
    wanted = [*arguments.posonlyargs, *arguments.args]
    wanted = wanted[: len(wanted) - len(arguments.defaults)]
    if not 1 <= len(wanted) <= 3 or any(d is None for d in arguments.kw_defaults):
        return []
    at_hand = [*_LITERAL.findall(intent), *(v.repr for v in variables)]
    choices = [_values(parameter, code, intent, at_hand) for parameter in wanted]
    ranks = itertools.product(*(range(len(values)) for values in choices))
    chosen = sorted(ranks, key=lambda places: (sum(places), places))[:MOST_CALLS]
    names = tuple(parameter.arg for parameter in wanted)
    return [Call(name, names, tuple(v[i] for v, i in zip(choices, places, strict=True))) for places in chosen]


def _values(parameter: ast.arg, code: str, intent: str, at_hand: Sequence[str]) -> list[str]:
    """What to try for one parameter: the edges of its kind and values at hand that are of it."""
    kind = _kind(parameter, code, intent)
    if kind is None:
        return list(_mixed(("numbers", "text", "number")))[:_MOST_VALUES]
    found = [text for text in at_hand if len(text) <= _LONGEST and _is(kind, text)]
    return list(dict.fromkeys([*_EDGES[kind][:3], *found, *_EDGES[kind][3:]]))[:_MOST_VALUES]


def _mixed(kinds: Sequence[str]) -> Iterator[str]:
    for row in itertools.zip_longest(*(_EDGES[kind] for kind in kinds)):
        yield from filter(None, row)


def _kind(parameter: ast.arg, code: str, intent: str) -> str | None:
    """What `parameter` seems to be: by its annotation, its use, its name, the intent's words."""
    if parameter.annotation is not None:
        said = ast.unparse(parameter.annotation)
        if re.search(r"(list|tuple|Sequence|Iterable)\[str", said, re.IGNORECASE):
            return "words"
        if (found := re.match(r"\w+", said)) and found[0].lower() in _TYPES:
            return _TYPES[found[0].lower()]
    name = parameter.arg.lower()
    words = re.findall(r"[a-z]+", intent.lower())
    by_word = next((_KIND_OF_WORD[word] for word in words if word in _KIND_OF_WORD), None)
    return _used(parameter.arg, code) or _KIND_OF_NAME.get(name) or by_word


def _used(name: str, code: str) -> str | None:
    """The kind that methods called on `name` tell; None where there is none."""
    for node in (n for statement in _parsed(code) for n in ast.walk(statement)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            if node.attr in _OF_TEXT:
                return "text"
            if node.attr in _OF_MAPPING:
                return "mapping"
    return None


def _is(kind: str, text: str) -> bool:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return False
    match value:
        case bool():
            return kind == "truth"
        case int() | float():
            return kind == "number"
        case str():
            return kind == "text"
        case dict():
            return kind == "mapping"
        case list() | tuple() | set():
            return kind == ("words" if value and all(isinstance(v, str) for v in value) else "numbers")
    return False


def _parsed(code: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
