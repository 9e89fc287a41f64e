"""Slash commands: one decorated function each; its docstring is its help.

Knows their names and how an entry is found to be one. Leaves what each does to the modules beside it.
"""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING

from mtchat.errors import CommandError

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

Command = Callable[["Repl", list[str]], bool | None]
COMMANDS: dict[str, Command] = {}


def command(run: Command) -> Command:
    """Register `run` under its own name; the first line of its docstring is `usage: what it does`."""
    COMMANDS["/" + run.__name__.rstrip("_")] = run
    return run


class Words(list[str]):
    """A command's arguments, which know the entry that they were taken from."""

    def __init__(self, words: list[str], entry: str) -> None:
        super().__init__(words)
        self.entry = entry


def raw_of(words: list[str]) -> str:
    """All arguments of a command as they were typed, quotes and all."""
    return "".join(words.entry.split(None, 1)[1:]).strip() if isinstance(words, Words) else " ".join(words)


def is_command(text: str) -> bool:
    """Whether an entry is a command: a slash and a letter first, on one line."""
    head = text.lstrip()[:2]
    return head[:1] == "/" and head[1:].isalpha() and "\n" not in text.strip()


def obey(repl: "Repl", text: str) -> bool:
    """Run a command; False to leave the REPL. Raises CommandError for an unknown one or bad arguments."""
    try:
        name, *words = shlex.split(text)
    except ValueError:
        name, *words = text.split()
    known = [full for full in COMMANDS if full == name] or [full for full in COMMANDS if full.startswith(name)]
    if len(known) != 1:
        also = f": {', '.join(known)}" if known else "; /help lists the commands"
        raise CommandError(f"{name} is {'ambiguous' if known else 'no command'}{also}")
    return COMMANDS[known[0]](repl, Words(words, text)) is not False


def number(words: list[str], default: int) -> int:
    """The number that a command was given, else `default`. Raises CommandError for anything else."""
    try:
        return int(words[0]) if words else default
    except ValueError:
        raise CommandError(f"{words[0]!r} is not a number of turns") from None


def usage(run: Command) -> str:
    """`/name ARGUMENTS: what it does`."""
    return (run.__doc__ or "").strip().splitlines()[0]
