"""The keys of the prompt: one table, from which they are bound and told.

Knows which key does what, ours and those of prompt_toolkit that are worth knowing; a test holds the table against what
is really bound. Leaves reading keys to prompt_toolkit, what code by hand is to `byhand`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, emacs_mode, has_focus
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from mtchat import render
from mtchat.repl import byhand


@dataclass(frozen=True)
class Key:
    """What one key does, in any of its ways to be pressed: each a sequence as prompt_toolkit writes it.

    `do` is None where prompt_toolkit binds the key; `mode` is emacs or vi where it holds in one of them only.
    """

    ways: tuple[tuple[str, ...], ...]
    says: str
    do: Callable[[KeyPressEvent], None] | None = None
    mode: str = ""


def send(event: KeyPressEvent) -> None:
    """Enter, where what is typed is whole (`codekeys` has it where code goes on)."""
    event.current_buffer.validate_and_handle()


def newline(event: KeyPressEvent) -> None:
    """A new line; in code, as deep as the last one wants it."""
    document = event.current_buffer.document
    in_code = byhand.is_code(document.text) and document.is_cursor_at_the_end
    event.current_buffer.insert_text(byhand.next_line(document.text) if in_code else "\n")


def deeper(event: KeyPressEvent) -> None:
    """Tab where a line of code begins."""
    event.current_buffer.insert_text("    ")


KEYS: tuple[Key, ...] = (
    Key((("enter",),), "send; in code begun with >>> a new line while a bracket or block is open", send),
    Key((("escape", "enter"),), "a new line", newline, "emacs"),
    Key((("c-j",),), "a new line", newline),
    Key((("tab",), ("s-tab",)), "complete the word: commands, files, sessions, settings, names, attributes"),
    Key((("right",), ("c-e",)), "at the end of the line: take the grey suggestion", None, "emacs"),
    Key((("escape", "f"),), "take one word of the suggestion", None, "emacs"),
    Key((("right",),), "at the end of the line: take the grey suggestion", None, "vi"),
    Key((("up",), ("down",)), "older and newer entries that begin with what is typed; lines of this one"),
    Key((("c-r",),), "search older entries; again for the next, Enter takes it", None, "emacs"),
    Key((("/",), ("?",)), "after Esc: search older entries", None, "vi"),
    Key((("c-a",), ("home",)), "to the line's beginning", None, "emacs"),
    Key((("c-left",), ("c-right",)), "a word back, a word on", None, "emacs"),
    Key((("c-w",), ("c-u",), ("c-k",)), "cut the word before, the line before, the line after", None, "emacs"),
    Key((("c-y",), ("c-_",)), "put back what was cut; undo", None, "emacs"),
    Key((("c-x", "c-e"),), "write the entry in $EDITOR", None, "emacs"),
    Key((("v",),), "after Esc: write the entry in $EDITOR", None, "vi"),
    Key((("f4",), ("c-space",)), "in code: the model goes on"),
    Key((("c-z",),), "to the shell; fg comes back"),
    Key((("c-l",),), "clear the screen"),
    Key((("c-c",),), "drop what is typed; while a turn runs, stop it"),
    Key((("c-d",),), "on an empty line: leave"),
)
"""F1 is bound by `bindings`, which knows where to tell this."""


def bindings(tell: Callable[[], None]) -> KeyBindings:
    """Our keys; F1 calls `tell` with the prompt out of the way."""
    bound = KeyBindings()
    typing = has_focus(DEFAULT_BUFFER)
    for key in KEYS:
        if key.do is not None:
            where = typing & emacs_mode if key.mode == "emacs" else typing
            for way in key.ways:
                bound.add(*way, filter=where)(key.do)
    bound.add("tab", filter=typing & Condition(_at_margin))(deeper)

    @bound.add("f1")
    def told(event: KeyPressEvent) -> None:
        run_in_terminal(tell)

    return bound


def _at_margin() -> bool:
    from prompt_toolkit.application.current import get_app

    document = get_app().current_buffer.document
    line = document.current_line_before_cursor.strip()
    return byhand.is_code(document.text) and line in ("", byhand.FIRST, byhand.MORE)


_NAMES = {
    "escape": "Alt",
    "c-space": "Ctrl+Space",
    "s-tab": "Shift+Tab",
    "c-_": "Ctrl+_",
    "c-left": "Ctrl+Left",
    "c-right": "Ctrl+Right",
}


def named(way: tuple[str, ...]) -> str:
    """A sequence as it is printed on a keyboard: ("escape", "enter") is "Alt+Enter"."""
    names = [_NAMES.get(key) or (f"Ctrl+{key[2:].upper()}" if key.startswith("c-") else _title(key)) for key in way]
    return "+".join(names) if way[0] == "escape" else " ".join(names)


def _title(key: str) -> str:
    return key.capitalize() if len(key) > 1 else key


def told(mode: str) -> render.Fragments:
    """The whole key map as it is in a mode, for `/help keys` and F1."""
    shown = [key for key in KEYS if key.mode in ("", mode)]
    forms = [
        " or ".join(map(named, key.ways)) if len(key.ways) < 3 else ", ".join(map(named, key.ways)) for key in shown
    ]
    rows = [("F1", "this list"), *((form, key.says) for form, key in zip(forms, shown, strict=True))]
    width = max(len(form) for form, _ in rows)
    other = "vi" if mode == "emacs" else "emacs"
    lines: render.Fragments = []
    for form, says in rows:
        lines += [("class:number", f"  {form:<{width}}  "), ("", f"{says}\n")]
    return [*lines, ("class:dim", f"these are {mode}'s keys; /set keys {other} changes that\n")]
