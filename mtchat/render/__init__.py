"""Turns as styled text, for the REPL and the exporters: (style, text) fragments in prompt_toolkit's form.

`turns` code, output, outcomes · `failure` tracebacks with the code they speak of · `table` frames, series and arrays ·
`fit` text in a given width. Plain data and pure functions: nothing here needs a terminal.
"""

from mtchat.render.fit import Fragments, plain
from mtchat.render.turns import (
    STATUS_WORDS,
    Layout,
    code,
    counted,
    doubt,
    grown,
    lexer_of,
    outcome,
    stable,
    streamed,
    style_of,
    turn,
)

__all__ = [
    "STATUS_WORDS",
    "Fragments",
    "Layout",
    "code",
    "counted",
    "doubt",
    "grown",
    "lexer_of",
    "outcome",
    "plain",
    "stable",
    "streamed",
    "style_of",
    "turn",
]
