"""Slash commands: one decorated function each; its docstring is its help.

Knows their names and how an entry is found to be one. Leaves what each does to the modules beside it.
"""

import re
import shlex
from collections.abc import Callable
from contextlib import nullcontext
from difflib import get_close_matches
from typing import TYPE_CHECKING

from mtchat.errors import CommandError
from mtchat.repl.pager import paged

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

PAGED = {"/about", "/context", "/diff", "/explain", "/help", "/raw", "/set", "/show", "/tree", "/vars"}
"""Commands whose answer can be longer than a screen, and is looked at."""

Command = Callable[["Repl", list[str]], bool | None]
COMMANDS: dict[str, Command] = {}
RAW: set[str] = set()


def command(run: Command) -> Command:
    """Register `run` under its own name; the first line of its docstring is `usage: what it does`."""
    COMMANDS["/" + run.__name__.rstrip("_")] = run
    return run


_ASKED = re.compile(r"(?P<marks>\?\??)\s*(?P<name>[^\s?]+)|(?P<before>[^\W\d][\w.]*)(?P<after>\?\??)")
"""`?name` and `name?`, with two marks for the code too, as in IPython."""


def raw(run: Command) -> Command:
    """Register `run` as `command` does, for what follows its name as it was typed, on more than one line too."""
    RAW.add("/" + run.__name__)
    return command(run)


def is_command(text: str) -> bool:
    """Whether an entry is a command: a slash and a letter first, on one line unless its words are raw.

    A question mark and a name is one, too.
    """
    if _ASKED.fullmatch(text.strip()):
        return True
    head = text.lstrip()[:2]
    several = "\n" in text.strip() and text.split(maxsplit=1)[0] not in RAW
    return head[:1] == "/" and head[1:].isalpha() and not several


def obey(repl: "Repl", text: str) -> bool:
    """Run a command; False to leave the REPL. Raises CommandError for an unknown one or bad arguments."""
    if asked := _ASKED.fullmatch(text.strip()):
        marks = asked["marks"] or asked["after"]
        text = f"/about {asked['name'] or asked['before']}{' code' if len(marks) > 1 else ''}"
    name = text.split(maxsplit=1)[0]
    full = find(name)
    with paged(repl) if full in PAGED else nullcontext():
        return COMMANDS[full](repl, _words(full, text.lstrip()[len(name) :])) is not False


def find(name: str) -> str:
    """The command that `name` is, or is the beginning of. Raises CommandError if that is none, or several."""
    known = [full for full in COMMANDS if full == name] or [full for full in COMMANDS if full.startswith(name)]
    if len(known) != 1:
        near = f"; did you mean {match[0]}?" if (match := get_close_matches(name, COMMANDS, 1)) else ""
        also = f": {', '.join(known)}" if known else near or "; /help lists the commands"
        raise CommandError(f"{name} is {'ambiguous' if known else 'no command'}{also}")
    return known[0]


def _words(command: str, text: str) -> list[str]:
    """What follows a command's name: words, quoted as in a shell, or for a raw one all of it, if there is any."""
    if command in RAW:
        return [text.lstrip(" \t").removeprefix("\n")] if text.strip() else []
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def number(words: list[str], default: int) -> int:
    """The number that a command was given, else `default`. Raises CommandError for anything else."""
    try:
        return int(words[0]) if words else default
    except ValueError:
        raise CommandError(f"{words[0]!r} is not a number of turns") from None


def usage(run: Command) -> str:
    """`/name ARGUMENTS: what it does`."""
    return (run.__doc__ or "").strip().splitlines()[0]
