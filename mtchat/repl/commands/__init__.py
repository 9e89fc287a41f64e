"""Slash commands, by what they are about: importing this room registers them all.

`registry` says what a command is; `travel` goes through time, `lines` compares where one has been, `refine` asks for
other code, `look` shows turns, `values` variables, `learn` explains, `files` keeps and opens, `share` takes things out,
`setting` is about the REPL itself.
"""

from mtchat.repl.commands import (
    begun,
    files,
    learn,
    lines,
    look,
    refine,
    sample,
    setting,
    share,
    travel,
    trusted,
    values,
)
from mtchat.repl.commands.registry import COMMANDS, command, is_command, obey

__all__ = [
    "COMMANDS",
    "begun",
    "command",
    "files",
    "is_command",
    "learn",
    "lines",
    "look",
    "obey",
    "refine",
    "sample",
    "setting",
    "share",
    "travel",
    "trusted",
    "values",
]
