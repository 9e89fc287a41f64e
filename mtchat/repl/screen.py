"""Printing: styled fragments to a terminal, plain text anywhere else.

Knows colours and how code streams in behind its gutter. Leaves what is shown to `render`.
"""

import os
import shutil
import sys
from typing import TextIO

from prompt_toolkit import print_formatted_text
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.output import ColorDepth, Output, create_output
from prompt_toolkit.output.plain_text import PlainTextOutput
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import BaseStyle, Style
from prompt_toolkit.utils import is_dumb_terminal

from mtchat import conversation, render
from mtchat.languages import Language
from mtchat.render.fit import head, in_lines, width_of
from mtchat.repl.plain import fit, printable

GUTTER, CARRIED = "│ ", "┊ "
"""Before each line of code, and where a long line goes on."""


_OURS = {
    "number": "ansiblue bold",
    "dim": "ansibrightblack",
    "gutter": "ansibrightblack",
    "error": "ansired bold",
    "stderr": "ansired",
    "value": "ansicyan",
    "notice": "ansimagenta",
    "intent": "bold",
    "head": "bold",
    "bottom-toolbar": "noreverse ansibrightblack",
}
_CODE = {
    "keyword": "ansimagenta",
    "name.function": "ansiblue bold",
    "name.class": "ansiblue bold",
    "name.builtin": "ansicyan",
    "name.exception": "ansired",
    "name.decorator": "ansimagenta",
    "literal.string": "ansigreen",
    "literal.number": "ansicyan",
    "comment": "ansibrightblack italic",
    "error": "ansired",
}


def style() -> BaseStyle:
    """Colours that read on light and dark backgrounds: the terminal's own, chosen by its owner to go together."""
    return Style.from_dict({**_OURS, **{f"pygments.{token}": colour for token, colour in _CODE.items()}})


class Screen:
    """Where a REPL prints. With `output` None it writes text without colour to `stream` (a pipe, a file)."""

    def __init__(self, output: Output | None = None, stream: TextIO | None = None) -> None:
        self.output = output
        self.stream = stream or sys.stdout
        self.style = style()
        self._column_zero = True

    @property
    def columns(self) -> int:
        """The width of the window as it is now; of a pipe, 80."""
        if isinstance(self.output, PlainTextOutput):
            return shutil.get_terminal_size().columns
        return self.output.get_size().columns if self.output is not None else 80

    def show(self, fragments: render.Fragments) -> None:
        """Print fragments as they are, no newline added."""
        text = render.plain(fragments)
        if not text:
            return
        self._column_zero = text.endswith("\n")
        if self.output is None:
            self.stream.write(fit(text, self.stream))
            self.stream.flush()
        else:
            safe = [(name, printable(part)) for name, part in fragments]
            print_formatted_text(FormattedText(safe), style=self.style, output=self.output, end="", flush=True)

    def raw(self, drawing: str) -> None:
        """Write what steers the terminal: a drawing of ours, never a program's text. Nothing where there is none."""
        if self.output is not None:
            self.fresh_line()
            self.output.write_raw(drawing)
            self.output.flush()

    def line(self, text: str, kind: str = "") -> None:
        """One line of our own words, on a line of its own; `kind` is a style class such as dim, error, notice."""
        self.fresh_line()
        text = text if self.output is None else in_lines(text, self.columns)
        self.show([(f"class:{kind}" if kind else "", text + "\n")])

    def fresh_line(self) -> None:
        """End the line that a program left open."""
        if not self._column_zero:
            self.show([("", "\n")])


class CodeStream:
    """Code as the model writes it: printed token by token behind a gutter, cut where the turn ends."""

    def __init__(self, screen: Screen, language: Language, gutter: str = GUTTER) -> None:
        self.screen = screen
        self.gutter = gutter
        self.language = language
        self.raw = ""
        self.shown = 0
        self._at = 0

    def feed(self, delta: str) -> None:
        """More of the completion; what can no longer change is printed."""
        self.raw += delta
        self._print(conversation.truncate(self.raw, self.language), final=False)

    def finish(self, code: str) -> None:
        """The turn's code is known: print what is left of it (all of it, if nothing streamed)."""
        if self.shown == 0 or code.startswith(conversation.truncate(self.raw, self.language)[: self.shown]):
            self._print(code, final=True)
        self.screen.fresh_line()

    def _print(self, code: str, final: bool) -> None:
        new = render.grown(code, self.shown, self.language, final)
        margin = ("class:gutter", self.gutter)
        shown: render.Fragments = [margin] if self.shown == 0 and new else []
        for kind, text in new:
            self.shown += len(text)
            first, *rest = text.split("\n")
            shown += self._behind(kind, first)
            for part in rest:
                self._at = 0
                shown += [("", "\n"), margin, *self._behind(kind, part)]
        self.screen.show(shown)

    def _behind(self, kind: str, text: str) -> render.Fragments:
        """A piece of a line, going on behind the gutter of the window's next line where there is no room."""
        shown: render.Fragments = []
        room = self.screen.columns - width_of(self.gutter)
        while self.screen.output is not None and self._at + width_of(text) > room > 2:
            part = head(text, room - self._at)
            shown += [(kind, part), ("", "\n"), ("class:gutter", CARRIED)]
            text, self._at = text[len(part) :], 0
        self._at += width_of(text)
        return [*shown, (kind, text)]


def wants_colour() -> bool:
    """Whether the environment allows colour (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_output() -> Output:
    """The terminal as prompt_toolkit's output, without colour where none is wanted; a dumb one gets text alone."""
    if is_dumb_terminal():
        return PlainTextOutput(sys.stdout)
    output = create_output()
    if not wants_colour() and isinstance(output, Vt100_Output):
        output.default_color_depth = ColorDepth.DEPTH_1_BIT
    return output
