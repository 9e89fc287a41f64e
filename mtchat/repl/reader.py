"""Reading what a person types: a prompt_toolkit session on a terminal, lines of a stream elsewhere.

Knows how a prompt is put together. Leaves keys to `keys`, history to `history`, what the text means to `app`.
"""

import sys
import termios
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import Completer
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.output import Output
from prompt_toolkit.styles import BaseStyle
from pygments.lexers import PythonLexer

from mtchat.config import Settings
from mtchat.errors import CommandError
from mtchat.repl import keys, picker
from mtchat.repl.history import history as history_in
from mtchat.repl.picker import Row
from mtchat.repl.plain import printable
from mtchat.repl.suggest import Suggester

MOST_ASKED = 2000


class Reader(Protocol):
    """Where input comes from. `read` raises EOFError at the end and KeyboardInterrupt where a line was abandoned."""

    def read(self, number: int) -> str:
        """The next intent or command, whole."""

    def edit(self, code: str) -> str:
        """`code` as the person leaves it. Raises CommandError where there is no terminal, KeyboardInterrupt if left."""

    def answer(self, prompt: str) -> str:
        """What a program's `input(prompt)` is answered. Raises EOFError, and KeyboardInterrupt to stop the program."""

    def choose(self, question: str, keys: str) -> str:
        """One of `keys`, each a letter. Raises CommandError where there is no terminal, KeyboardInterrupt, EOFError."""

    @property
    def picks(self) -> bool:
        """Whether `pick` shows a list to choose from."""

    def pick(self, title: str, rows: Sequence[Row]) -> int | None:
        """The place of the row that the person takes, None for none."""

    def busy(self) -> AbstractContextManager[None]:
        """While no prompt is there: what is typed is kept for the next one, unseen; Ctrl-C still interrupts."""


def clean(text: str) -> str:
    """What was typed as valid text: lone surrogates (undecodable bytes) are replaced, NULs dropped."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


class LineReader:
    """One entry a line, from a pipe or a file."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def read(self, number: int) -> str:
        line = self.stream.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    def edit(self, code: str) -> str:
        raise CommandError("/edit needs a terminal")

    def answer(self, prompt: str) -> str:
        raise EOFError

    def choose(self, question: str, keys: str) -> str:
        raise CommandError("there is no terminal to ask on")

    picks = False

    def pick(self, title: str, rows: Sequence[Row]) -> int | None:
        return None

    def busy(self) -> AbstractContextManager[None]:
        return nullcontext()


def only(letters: str) -> KeyBindings:
    """One key answers, and only one of `letters`."""
    bindings = KeyBindings()

    @bindings.add("<any>")
    @bindings.add("enter")
    @bindings.add("c-j")
    def ignore(event: KeyPressEvent) -> None:
        pass

    def chosen(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(event.data)
        event.app.exit(result=event.data)

    for letter in letters:
        bindings.add(letter)(chosen)
    return bindings


def answering(reader: Reader, cancel: threading.Event) -> Callable[[str], str | None]:
    """Asks the person what a program's `input()` wants; Ctrl-C there stops the program, Ctrl-D ends its input."""

    def ask(prompt: str) -> str | None:
        try:
            return clean(reader.answer(prompt))
        except KeyboardInterrupt:
            cancel.set()
            return None
        except EOFError:
            return None

    return ask


class PromptReader:
    """A numbered prompt with history, completion and multi-line editing."""

    def __init__(
        self,
        style: BaseStyle,
        *,
        history: Path | None = None,
        completer: Completer | None = None,
        suggester: Suggester | None = None,
        settings: Callable[[], Settings] = Settings,
        tell_keys: Callable[[], None] = lambda: None,
        before: Callable[[], None] = lambda: None,
        toolbar: Callable[[], str] | None = None,
        input: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self._where = {"input": input, "output": output, "style": style}
        self._suggester, self._settings, self._before = suggester, settings, before
        self._session: PromptSession[str] = PromptSession(
            history=history_in(history),
            completer=completer,
            complete_in_thread=True,
            complete_while_typing=False,
            enable_history_search=True,
            auto_suggest=suggester or AutoSuggestFromHistory(),
            mouse_support=Condition(lambda: settings().mouse),
            bottom_toolbar=toolbar,
            multiline=True,
            key_bindings=keys.bindings(tell_keys),
            prompt_continuation=_continuation,
            enable_open_in_editor=True,
            tempfile_suffix=".py",
            **self._where,  # type: ignore[arg-type]
        )
        self._session.default_buffer.on_text_insert += _offer_commands

    def read(self, number: int) -> str:
        self._before()
        self._session.editing_mode = self._mode
        try:
            return self._session.prompt(FormattedText([("class:number", f"[{number}] ")]))
        finally:
            if self._suggester is not None:
                self._suggester.stop()

    def when_shown(self, do: Callable[[], None]) -> None:
        """Call `do` once, when the prompt is on the screen for the first time."""

        def shown(app: object) -> None:
            self._session.app.after_render -= shown
            do()

        self._session.app.after_render += shown

    @property
    def _mode(self) -> EditingMode:
        return EditingMode.VI if self._settings().keys == "vi" else EditingMode.EMACS

    def edit(self, code: str) -> str:
        session: PromptSession[str] = PromptSession(
            editing_mode=self._mode,
            multiline=True,
            lexer=PygmentsLexer(PythonLexer),
            bottom_toolbar="Alt+Enter runs it, Ctrl-C leaves it as it was, Ctrl-X Ctrl-E opens $EDITOR",
            enable_open_in_editor=True,
            **self._where,  # type: ignore[arg-type]
        )
        return session.prompt("", default=code)

    def answer(self, prompt: str) -> str:
        session: PromptSession[str] = PromptSession(
            editing_mode=self._mode,
            bottom_toolbar="the program asks: Enter answers, Ctrl-C stops the program, Ctrl-D ends its input",
            **self._where,  # type: ignore[arg-type]
        )
        asked = printable(prompt[-MOST_ASKED:])
        return session.prompt(FormattedText([("class:notice", "the program asks ▸ "), ("", asked)]))

    def choose(self, question: str, keys: str) -> str:
        session: PromptSession[str] = PromptSession(
            key_bindings=only(keys),
            **self._where,  # type: ignore[arg-type]
        )
        if self._where["input"] is None:  # what was typed before the question is no answer to it
            clear_typeahead(session.app.input)
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
        return session.prompt(FormattedText([("class:notice", question + " ")]))

    picks = True

    def pick(self, title: str, rows: Sequence[Row]) -> int | None:
        return picker.pick(title, rows, **self._where)  # type: ignore[arg-type]

    def busy(self) -> AbstractContextManager[None]:
        return typing_ahead(sys.stdin.fileno()) if self._where["input"] is None else nullcontext()


@contextmanager
def typing_ahead(terminal: int) -> Iterator[None]:
    """Neither echo nor translate what is typed (Enter stays Enter), but let Ctrl-C through as a signal."""
    before = termios.tcgetattr(terminal)
    quiet = termios.tcgetattr(terminal)
    quiet[0] &= ~termios.ICRNL
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(terminal, termios.TCSADRAIN, quiet)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _offer_commands(buffer: Buffer) -> None:
    """The menu of commands opens by itself after a slash; elsewhere Tab asks for it."""
    text = buffer.document.text
    if text.startswith("/") and text[1:].isalpha() and buffer.document.is_cursor_at_the_end:
        buffer.start_completion(select_first=False)


def _continuation(width: int, line: int, soft_wrapped: int) -> FormattedText:
    return FormattedText([("class:gutter", "·".rjust(max(width - 1, 1)) + " ")])
