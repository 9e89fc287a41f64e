"""One of many, chosen with the arrows: typing filters, Enter takes, Esc leaves.

Knows a list below the prompt that fits the window. Leaves what is listed and what is done with it to the caller.
"""

from collections.abc import Sequence

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Point
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.output import Output
from prompt_toolkit.styles import BaseStyle
from prompt_toolkit.utils import get_cwidth

from mtchat.repl.plain import printable

Row = tuple[str, str]
"""(what is chosen, what is said about it)."""
MOST_ROWS = 12


class Picker:
    """A list with a filter. `matching` are the rows that hold every word typed; `at` which of those is marked."""

    def __init__(self, title: str, rows: Sequence[Row]) -> None:
        self.title, self.rows = title, [(printable(name), printable(says)) for name, says in rows]
        self.typed, self.at = "", 0

    @property
    def matching(self) -> list[int]:
        words = self.typed.lower().split()
        return [n for n, row in enumerate(self.rows) if all(word in " ".join(row).lower() for word in words)]

    def move(self, steps: int) -> None:
        """Up or down by so many, not past the ends."""
        self.at = max(0, min(self.at + steps, len(self.matching) - 1))

    def type(self, typed: str) -> None:
        """Another filter; the first row that matches is marked."""
        self.typed, self.at = typed, 0

    @property
    def chosen(self) -> int | None:
        """The marked row's place in `rows`; None where no row matches."""
        found = self.matching
        return found[self.at] if found else None

    def shown(self, columns: int, height: int) -> FormattedText:
        """The rows around the marked one, cut to the window."""
        found = self.matching
        first = max(0, min(self.at - height // 2, len(found) - height))
        width = max((get_cwidth(self.rows[n][0]) for n in found), default=0)
        lines: list[tuple[str, str]] = []
        for place, n in enumerate(found[first : first + height], first):
            name, says = self.rows[n]
            text = f"{'›' if place == self.at else ' '} {name}{' ' * (width - get_cwidth(name))}  {says}"
            lines.append(("bold" if place == self.at else "", _cut(text.replace("\n", " "), columns - 1) + "\n"))
        return FormattedText(lines or [("class:dim", "  nothing matches\n")])

    def head(self) -> FormattedText:
        """The line above: what is asked, and the filter."""
        keys = "" if self.typed else "  (arrows, Enter; type to filter; Esc leaves)"
        return FormattedText([("class:notice", f"{self.title} ▸ "), ("", self.typed), ("class:dim", keys)])


def pick(
    title: str, rows: Sequence[Row], style: BaseStyle, input: Input | None = None, output: Output | None = None
) -> int | None:
    """The place of the row that the person takes, None if they leave. For terminals only."""
    picker = Picker(title, rows)

    def body() -> FormattedText:
        size = app.output.get_size()
        return picker.shown(size.columns, max(1, min(MOST_ROWS, size.rows - 3)))

    def place() -> Point:
        return Point(get_cwidth(f"{title} ▸ {picker.typed}"), 0)

    top = Window(FormattedTextControl(picker.head, focusable=True, get_cursor_position=place), height=1)
    app: Application[int | None] = Application(
        Layout(HSplit([top, Window(FormattedTextControl(body), dont_extend_height=True)])),
        key_bindings=_keys(picker),
        style=style,
        erase_when_done=True,
        input=input,
        output=output,
    )
    app.ttimeoutlen = 0.05
    return app.run()


def _keys(picker: Picker) -> KeyBindings:
    bound = KeyBindings()
    for key, steps in (
        ("up", -1),
        ("c-p", -1),
        ("down", 1),
        ("c-n", 1),
        ("pageup", -MOST_ROWS),
        ("pagedown", MOST_ROWS),
    ):
        bound.add(key)(lambda event, steps=steps: picker.move(steps))

    @bound.add("enter")
    @bound.add("c-j")
    def take(event: KeyPressEvent) -> None:
        if picker.chosen is not None:
            event.app.exit(result=picker.chosen)

    @bound.add("escape", eager=True)
    @bound.add("c-c")
    @bound.add("c-d")
    def leave(event: KeyPressEvent) -> None:
        event.app.exit(result=None)

    @bound.add("backspace")
    def shorter(event: KeyPressEvent) -> None:
        picker.type(picker.typed[:-1])

    @bound.add("c-u")
    def none(event: KeyPressEvent) -> None:
        picker.type("")

    @bound.add("<any>")
    def longer(event: KeyPressEvent) -> None:
        if event.data.isprintable():
            picker.type(picker.typed + event.data)

    return bound


def _cut(text: str, columns: int) -> str:
    while text and get_cwidth(text) > columns:
        text = text[:-1]
    return text
