"""What a recorded conversation answered: the value that a benchmark's grader would look at.

Knows the reference grader's question (the first argument of the last `print`, a trailing bare expression being
printed) and how to read its answer from a record, where it can be read at all. Pure. A guess is never exported: what
the record does not settle raises CommandError with the reason.
"""

import ast
import re
from collections.abc import Sequence
from typing import Any

from mtchat.errors import CommandError
from mtchat.export.literals import NoLiteral, evaluated, parsed
from mtchat.turn import Execution

LONGEST = 20_000
"""Characters of an answer."""

_SCALAR = re.compile(r"\bnp\.(?:u?int|float)[0-9]+\(([^()]*)\)")
_ARRAY_REPR = re.compile(r"array\((\[.*\])(?:, dtype=\w+)?\)", re.DOTALL)
_ARRAY = re.compile(r"\[(?:[\[\]\s0-9.e+-]|True|False|'[^'\n]*')*\]")
_ARRAY_PART = re.compile(r"'[^'\n]*'|\[|\]|[^\s\[\]']+")
_ROUNDED = re.compile(r"\.[0-9]{8}")
"""numpy prints no more digits of an array's floats, and the reference compares those of a list exactly."""
_UNREADABLE = {
    "an address, which is another one each time": re.compile(r"<.* at 0x[0-9a-f]+>"),
    "a pandas Series, which the reference compares as a list": re.compile(r"(?s).*\bdtype: \w+\)?"),
}
_MAKES_TEXT = {"str", "repr", "format", "chr", "ascii", "hex", "bin", "oct"}
_TEXT_METHODS = {"join", "format", "strip", "upper", "lower", "replace", "title", "capitalize", "strftime", "zfill"}


def answer(codes: Sequence[str], last: Execution) -> Any:
    """The answer of a conversation of `codes`, the last of which did `last`: JSON-able, or the printed text.

    Lists, numbers and booleans are told as such; tuples as lists where the reference takes them so; dictionaries and
    sets as text (it compares no others). Raises CommandError, saying why, where the record does not settle it.
    """
    body = parsed(codes[-1]).body
    if not body:
        raise CommandError("its last turn has no code that parses, so there is no answer to compare")
    end = body[-1]
    if isinstance(end, ast.Assign | ast.AnnAssign | ast.AugAssign):
        raise CommandError(
            "its last turn ends with an assignment, and a benchmark compares what is printed last: end with a turn "
            "that prints"
        )
    if isinstance(end, ast.Expr) and not _is_print(end.value):
        if ast.unparse(end).startswith("print"):
            raise CommandError("its last turn calls a function named print…, which the reference takes for a print")
        return _of_value(last.value)
    if any("stdout" in code for code in codes):
        raise CommandError("it writes to sys.stdout itself, and a benchmark compares what is printed: use print")
    return _of_output(codes, body, last.stdout)


def _of_value(value: str | None) -> Any:
    if value is None:
        raise CommandError("its last turn ends with an expression that has no value: end with a turn that prints")
    array = _ARRAY_REPR.fullmatch(value)
    text = _SCALAR.sub(r"\1", _exact(array[1]) if array else value)
    found = evaluated(text)
    if found is NoLiteral or found is None:
        raise CommandError(f"its last value, {_short(value)}, has no literal form: print it, or what matters of it")
    return found if isinstance(found, str) else _told(found, _checked(text))


def _of_output(codes: Sequence[str], body: Sequence[ast.stmt], stdout: str) -> Any:
    if not stdout.strip("\n"):
        raise CommandError("its last turn prints nothing, so there is no answer to compare: end with a turn that does")
    call, alone = _last_print(codes, body)
    text = _printed(call, alone, stdout)
    if len(call.args) > 1:
        words = text.split(" ")
        if len(words) != len(call.args):
            raise CommandError(
                f"its last print has {len(call.args)} arguments, of which a benchmark compares the first, and the "
                "record does not tell where that ends: print one value"
            )
        text = words[0]
    return _checked(text) if _is_text(call.args[0]) else read(text)


def _last_print(codes: Sequence[str], body: Sequence[ast.stmt]) -> tuple[ast.Call, bool]:
    """(the print that was called last, whether it alone wrote the turn's output)."""
    here = _prints(*body)
    elsewhere = [call for code in codes[:-1] for call in _hidden(parsed(code))]
    candidates = _prints(body[-1]) or here or elsewhere[-1:]
    shapes = {(len(call.args), any(isinstance(arg, ast.Starred) for arg in call.args)) for call in candidates}
    if len(shapes) != 1 or not candidates[-1].args or (next(iter(shapes)))[1]:
        raise CommandError("the record does not tell what its last turn printed last: end with print and one value")
    top = [each.value for each in body if isinstance(each, ast.Expr)]
    if here and here[-1] in top and isinstance(body[-1], ast.For | ast.While | ast.With | ast.Try | ast.If | ast.Match):
        raise CommandError("its last turn goes on after its last print, which may change what was printed: end there")
    alone = len(here) == 1 and here[0] in top and not elsewhere
    if not alone and any(word.arg in ("end", "file") for call in (*here, *elsewhere) for word in call.keywords):
        raise CommandError("its last turn prints with end= or file=, and the record does not tell the prints apart")
    return candidates[-1], alone


def _printed(call: ast.Call, alone: bool, stdout: str) -> str:
    text = stdout.removesuffix("\n")
    if alone:
        return text
    line = text.rsplit("\n", 1)[-1]
    if line.startswith(" ") or any(line.count(a) != line.count(b) for a, b in ("[]", "()", "{}")):
        raise CommandError("the record does not tell where the last print of its last turn begins: print one value")
    return line


def read(text: str) -> Any:
    """A printed text as the value it shows, if that is one that the reference compares as such; otherwise the text."""
    text = _checked(text)
    shown = _SCALAR.sub(r"\1", text)
    value = evaluated(shown)
    if value is not NoLiteral and str(value) == shown:
        return _told(value, text)
    if _ARRAY.fullmatch(shown):
        parts = (part if part == "[" else f"{part}," for part in _ARRAY_PART.findall(_exact(shown)))
        value = evaluated("".join(parts).rstrip(","))
        return text if value is NoLiteral else _told(value, text)
    for what, pattern in _UNREADABLE.items():
        if pattern.fullmatch(shown):
            raise CommandError(f"its last turn prints {what}: print its values")
    return text


def _exact(array: str) -> str:
    if _ROUNDED.search(array):
        raise CommandError("its answer is an array of rounded numbers: print round(…) of them, or its tolist()")
    return array


def _told(value: Any, text: str) -> Any:
    try:
        return _comparable(value, 0, list)
    except ValueError:
        return text


def _comparable(value: Any, depth: int, parent: type) -> Any:
    """`value` as JSON, tuples as lists only where the reference takes them so. Raises ValueError for other values."""
    match value:
        case bool() | int() | float() if abs(value) <= 1e300:
            return value
        case str() if depth:
            return value
        case list() if len({type(each) is tuple for each in value}) < 2:
            return [_comparable(each, depth + 1, list) for each in value]
        case tuple() if depth < 2 and parent is list:
            return [_comparable(each, depth + 1, tuple) for each in value]
        case None if depth:
            return value
        case tuple() if depth > 1:
            raise CommandError("its answer nests tuples, which the reference cannot compare: print lists")
        case list():
            raise CommandError("its answer mixes tuples with others in a list, which the reference cannot compare")
    raise ValueError


def _prints(*nodes: ast.AST) -> list[ast.Call]:
    found = [each for node in nodes for each in ast.walk(node) if isinstance(each, ast.expr) and _is_print(each)]
    return sorted((call for call in found if isinstance(call, ast.Call)), key=lambda c: (c.lineno, c.col_offset))


def _hidden(tree: ast.AST) -> list[ast.Call]:
    """The prints in functions, which a later turn may call."""
    inside = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return [call for node in ast.walk(tree) if isinstance(node, inside) for call in _prints(node)]


def _is_print(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _is_text(node: ast.expr) -> bool:
    """Whether the expression is certainly a str: then what it prints is not read as anything else."""
    match node:
        case ast.JoinedStr() | ast.Constant(value=str()):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _MAKES_TEXT
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _TEXT_METHODS
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod()):
            return _is_text(left)
    return False


def _checked(text: str) -> str:
    if len(text) > LONGEST:
        raise CommandError(f"its answer has {len(text)} characters, which is too long to compare: print less")
    return text


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
