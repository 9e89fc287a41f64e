"""Text to the clipboard: by a tool of the desktop where there is one, else by asking the terminal (OSC 52).

Knows both ways and their limits. Leaves which text to the commands.
"""

import base64
import os
import shutil
import subprocess

from prompt_toolkit.output import Output

from mtchat.errors import CommandError

TOOLS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    ("", ("pbcopy",)),
    ("", ("clip.exe",)),
)
"""(what has to be in the environment, the command that takes the text)."""
LONGEST = 74_994
"""Bytes of text that terminals take by OSC 52; some take less."""
SECONDS = 2.0


def put(text: str, output: Output | None) -> str:
    """Copy `text`; in words, by what. Raises CommandError where there is no way, or the text is too long for it."""
    for needs, command in TOOLS:
        if (not needs or os.environ.get(needs)) and shutil.which(command[0]) and _given(command, text):
            return command[0]
    if output is None or os.environ.get("TERM") in ("dumb", "linux", None):
        raise CommandError("there is no clipboard here: no terminal that keeps one, and no wl-copy, xclip or pbcopy")
    data = text.encode("utf-8", "replace")
    if len(data) > LONGEST:
        raise CommandError(f"{len(data)} bytes are more than a terminal copies: /export FILE.py writes them to a file")
    output.write_raw(sequence(data, bool(os.environ.get("TMUX"))))
    output.flush()
    return "the terminal, if it allows that"


def sequence(data: bytes, in_tmux: bool) -> str:
    """OSC 52; tmux hands on what is wrapped for it."""
    said = f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\a"
    return f"\x1bPtmux;{said.replace(chr(27), chr(27) * 2)}\x1b\\" if in_tmux else said


def _given(command: tuple[str, ...], text: str) -> bool:
    nowhere = subprocess.DEVNULL
    try:
        done = subprocess.run(
            command, input=text.encode("utf-8", "replace"), stdout=nowhere, stderr=nowhere, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
