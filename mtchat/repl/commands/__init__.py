"""Slash commands, by what they are about: importing this room registers them all.

`registry` says what a command is; `travel` goes through time, `refine` asks for other code, `look` shows, `files`
keeps and opens, `setting` is about the REPL itself.
"""

from mtchat.repl.commands import begun, files, look, refine, sample, setting, travel, trusted
from mtchat.repl.commands.registry import COMMANDS, command, is_command, obey

__all__ = [
    "COMMANDS",
    "begun",
    "command",
    "files",
    "is_command",
    "look",
    "obey",
    "refine",
    "sample",
    "setting",
    "travel",
    "trusted",
]
