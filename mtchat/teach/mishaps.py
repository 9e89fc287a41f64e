"""Errors in plain English: why a turn stopped, and what to look at.

Knows the errors that beginners meet, by type and message, and the ways in which a turn ends without one. Pure.
"""

import difflib
import re
from collections.abc import Iterable

from mtchat.turn import Execution, ProgramError

_WORDED: tuple[tuple[str, str, str], ...] = (
    (
        "UnboundLocalError",
        r"variable '(\w+)'",
        "{0} is set somewhere in this function, so it is the function's own, and has no value yet at this point",
    ),
    (
        "TypeError",
        r"unsupported operand type\(s\) for ([^:]+): '([^']+)' and '([^']+)'",
        "{0} does not work between {1} and {2}: one of the two is not of the type that you think, or must be "
        "converted first",
    ),
    (
        "TypeError",
        r'can only concatenate (\w+) \(not "([^"]+)"\)',
        "a {0} can only be joined with another {0}, not with {1}: convert that one first",
    ),
    (
        "TypeError",
        r"'([^']+)' not supported between instances of '([^']+)' and '([^']+)'",
        "{1} and {2} cannot be compared by {0}",
    ),
    ("TypeError", r"'([^']+)' object is not callable", "this is {0} and no function: it cannot be called with ( )"),
    (
        "TypeError",
        r"'([^']+)' object is not iterable",
        "{0} has no items to go through: a loop, or a function that takes items, was given a single value",
    ),
    ("TypeError", r"'([^']+)' object is not subscriptable", "{0} has no items, so [ ] cannot take one out"),
    (
        "TypeError",
        r"'([^']+)' object does not support item assignment",
        "the items of {0} cannot be changed: make a new one instead",
    ),
    (
        "TypeError",
        r"unhashable type: '([^']+)'",
        "{0} can change, so it cannot be a key of a dictionary or an item of a set",
    ),
    (
        "TypeError",
        r"(\S+)\(\) missing (\d+) required \w+(?: \w+)? arguments?: (.+)",
        "{0} needs more values than it was given: {2} is missing",
    ),
    (
        "TypeError",
        r"(\S+)\(\) takes (.+) positional arguments? but (\d+) (?:was|were) given",
        "{0} takes {1} values and was given {2}",
    ),
    (
        "TypeError",
        r"indices must be integers",
        "a place in a list or text is a whole number; something else stands in the [ ]",
    ),
    (
        "ValueError",
        r"invalid literal for int\(\) with base \d+: (.+)",
        "{0} is not a whole number, so int cannot make one of it",
    ),
    ("ValueError", r"could not convert string to float: (.+)", "{0} is not a number, so float cannot make one of it"),
    (
        "ValueError",
        r"too many values to unpack \(expected (\d+)",
        "there are more values on the right than the {0} names on the left",
    ),
    (
        "ValueError",
        r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)",
        "there are only {1} values on the right for the {0} names on the left",
    ),
    ("ValueError", r"(.+) is not in list", "{0} is not in the list"),
    ("ValueError", r"not in list", "what is looked for is not in the list"),
    ("IndexError", r"pop from empty", "there is nothing left to take out: the list is empty"),
    (
        "IndexError",
        r"(\w+) index out of range",
        "there is no item at that place: the {0} is shorter than that. Places count from 0",
    ),
    (
        "IndexError",
        r"index (-?\d+) is out of bounds for axis \d+ with size (\d+)",
        "there is no item {0}: there are {1}. Places count from 0",
    ),
    ("KeyError", r"(.+)", "the dictionary has no key {0}"),
    (
        "AttributeError",
        r"'NoneType' object has no attribute '([^']+)'",
        "the value is None, so it has no {0}: what should have made it gave nothing back",
    ),
    ("AttributeError", r"'([^']+)' object has no attribute '([^']+)'", "{0} has nothing called {1}"),
    ("AttributeError", r"module '([^']+)' has no attribute '([^']+)'", "the library {0} has nothing called {1}"),
    ("ZeroDivisionError", r"", "something is divided by zero"),
    ("FileNotFoundError", r"'([^']+)'", "there is no file {0} here: /attach FILE brings one in"),
    ("ModuleNotFoundError", r"No module named '([^']+)'", "there is no library {0} here"),
    ("ImportError", r"cannot import name '([^']+)' from '([^']+)'", "the library {1} has nothing called {0}"),
    ("RecursionError", r"", "a function called itself again and again, without an end"),
    ("AssertionError", r"", "what the assert made sure of was not so"),
    ("StopIteration", r"", "there was no next item to take"),
    ("EOFError", r"", "the program asked for input and nobody answered"),
    ("OverflowError", r"", "a number became too large"),
    (
        "IndentationError",
        r"expected an indented block after (.+) on line (\d+)",
        "{0} of line {1} has nothing inside of it",
    ),
    ("IndentationError", r"", "the spaces at the start of this line do not fit the lines around it"),
    ("SyntaxError", r"was never closed", "a bracket is opened here and never closed"),
    ("SyntaxError", r"unterminated string", "a text is opened here and never closed by a quote"),
    ("SyntaxError", r"expected ':'", "a colon is missing at the end of the line"),
    ("SyntaxError", r"(.*)", "this is not Python: {0}"),
)
"""Type, a pattern in the message, the words: the first that fits counts."""

_ENDS = {
    "timeout": "it ran longer than it may: it is a loop that does not end, or simply slow",
    "memory": "it wanted more memory than it may have",
    "denied": "the sandbox does not allow what it was about to do",
    "interrupted": "it was interrupted",
    "crashed": "it crashed Python itself",
    "limit": "it went past a limit of the sandbox",
}


def why(execution: Execution, names: Iterable[str] = ()) -> str:
    """Why a turn stopped, in a sentence without its end; "" for one that did not. `names` are those defined there."""
    if execution.status == "ok":
        return ""
    if execution.status != "error":
        detail = execution.error.message if execution.error else ""
        return f"{_ENDS[execution.status]}{f' ({detail})' if detail else ''}"
    return plain(execution.error, names) if execution.error else "it raised an error"


def plain(error: ProgramError, names: Iterable[str] = ()) -> str:
    """A program's error in words, its own where none are known."""
    if error.type == "NameError" and (missing := re.search(r"name '(\w+)'", error.message)):
        return _unknown(missing[1], names)
    for kind, pattern, words in _WORDED:
        if kind == error.type and (found := re.search(pattern, error.message)):
            for place, part in enumerate(found.groups()):
                words = words.replace(f"{{{place}}}", part or "")
            return words
    return f"{error.type}: {error.message}" if error.message else error.type


def _unknown(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), 1, 0.6)
    return f"nothing is called {name} here: " + (
        f"is {near[0]} meant?" if near else "it was not made yet, or it is spelt otherwise"
    )
