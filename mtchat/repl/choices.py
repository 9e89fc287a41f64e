"""Picking one of a few lines with arrows or a number, on the last lines of the terminal.

Knows the keys: Enter takes, Esc and Ctrl-C leave things as they were. Leaves what the lines mean to the callers.
"""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Point
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import Dimension, HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.output import Output
from prompt_toolkit.styles import BaseStyle

from mtchat.render import Fragments
from mtchat.repl.plain import printable
from mtchat.repl.sidebyside import clipped

_ESCAPE_SECONDS = 0.05


@dataclass(frozen=True)
class Chosen:
    """The line that was taken; `marked` says that what else it offers (`extra`) is wanted, `key` another key that was
    pressed instead of Enter."""

    index: int
    marked: bool = False
    key: str = ""


@dataclass
class Choices:
    """`rows` to pick from below `title`. Row `n` offers `extras[n]` ("" for nothing), marked with `c`; `keys` are
    letters that leave, each with what it does."""

    title: str
    rows: Sequence[str]
    extras: Sequence[str] = ()
    keys: tuple[tuple[str, str], ...] = ()
    index: int = 0
    marked: bool = False

    def application(
        self, style: BaseStyle | None = None, input: Input | None = None, output: Output | None = None
    ) -> Application[Chosen]:
        """These on a terminal; running it raises KeyboardInterrupt where nothing is picked."""
        rows = FormattedTextControl(
            self._shown, focusable=True, show_cursor=False, get_cursor_position=lambda: Point(0, self.index)
        )
        app: Application[Chosen] = Application(
            Layout(
                HSplit(
                    [
                        Window(FormattedTextControl(self._title), dont_extend_height=True, wrap_lines=True),
                        Window(rows, height=Dimension(min=1, preferred=len(self.rows)), dont_extend_height=True),
                        Window(FormattedTextControl(self._foot), dont_extend_height=True, wrap_lines=True),
                    ]
                )
            ),
            style=style,
            input=input,
            output=output,
            key_bindings=self._bindings(),
            erase_when_done=True,
        )
        app.ttimeoutlen = _ESCAPE_SECONDS
        self._columns: Callable[[], int] = lambda: app.output.get_size().columns
        return app

    def _title(self) -> FormattedText:
        return FormattedText([("class:notice", self._wrapped(self.title))])

    def _shown(self) -> FormattedText:
        shown: Fragments = []
        for place, row in enumerate(self.rows):
            here = place == self.index
            line = [("class:number" if here else "class:dim", f"{'▸' if here else ' '} {place + 1}  "), ("", row)]
            shown += [*clipped(line, max(self._columns() - 1, 8)), ("", "\n" * (place < len(self.rows) - 1))]
        return FormattedText(shown)

    def _foot(self) -> FormattedText:
        extra = self.extras[self.index] if self.extras else ""
        kept = f"c: {'✓ ' if self.marked else ''}keep the check {extra} · " if extra else ""
        more = "".join(f"{key}: {does} · " for key, does in self.keys)
        said = f"{kept}{more}↑ ↓ or a number, Enter takes it, Esc leaves all as it was"
        return FormattedText([("class:dim", self._wrapped(said))])

    def _wrapped(self, text: str) -> str:
        return textwrap.fill(printable(text), max(self._columns() - 1, 8))

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()

        @bindings.add("up")
        @bindings.add("c-p")
        @bindings.add("s-tab")
        @bindings.add("left")
        def up(event: KeyPressEvent) -> None:
            self.index = (self.index - 1) % len(self.rows)

        @bindings.add("down")
        @bindings.add("c-n")
        @bindings.add("tab")
        @bindings.add("right")
        def down(event: KeyPressEvent) -> None:
            self.index = (self.index + 1) % len(self.rows)

        @bindings.add("enter")
        @bindings.add("c-j")
        def take(event: KeyPressEvent) -> None:
            extra = bool(self.extras and self.extras[self.index])
            event.app.exit(result=Chosen(self.index, self.marked and extra))

        @bindings.add("c")
        def mark(event: KeyPressEvent) -> None:
            self.marked = not self.marked

        @bindings.add("escape", eager=True)
        @bindings.add("c-c")
        @bindings.add("c-d")
        @bindings.add("<sigint>")
        def leave(event: KeyPressEvent) -> None:
            event.app.exit(exception=KeyboardInterrupt())

        self._bind_letters(bindings)
        return bindings

    def _bind_letters(self, bindings: KeyBindings) -> None:
        def jump(event: KeyPressEvent) -> None:
            self.index = int(event.data) - 1

        def other(event: KeyPressEvent) -> None:
            event.app.exit(result=Chosen(self.index, key=event.data))

        for number in range(1, min(len(self.rows), 9) + 1):
            bindings.add(str(number))(jump)
        for key, _ in self.keys:
            bindings.add(key)(other)
