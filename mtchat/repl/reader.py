"""Reading what a person types: a prompt_toolkit session on a terminal, lines of a stream elsewhere.

Knows keys and history. Leaves what the text means to `app`.
"""

import os
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Protocol, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import Completer
from prompt_toolkit.formatted_text import AnyFormattedText, FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import clear_typeahead, get_typeahead, store_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.output import Output
from prompt_toolkit.styles import BaseStyle
from prompt_toolkit.utils import is_dumb_terminal
from pygments.lexers import PythonLexer

from mtchat.errors import CommandError
from mtchat.repl.interrupt import at_prompt, on_return
from mtchat.repl.plain import printable

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

    def busy(self) -> AbstractContextManager[None]:
        return nullcontext()


def keys() -> KeyBindings:
    """Enter sends; Alt+Enter and Ctrl+J open a new line."""
    bindings = KeyBindings()

    @bindings.add("escape", "enter")
    @bindings.add("c-j")
    def newline(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @bindings.add("enter")
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    return bindings


def only(letters: str) -> KeyBindings:
    """One key answers, and only one of `letters`."""
    bindings = KeyBindings()

    @bindings.add("<any>")
    @bindings.add("enter")
    @bindings.add("c-j")
    @bindings.add("<bracketed-paste>")
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
    """A numbered prompt with history, completion and multi-line editing. Ctrl-C that no prompt takes sets `cancel`."""

    def __init__(
        self,
        style: BaseStyle,
        *,
        history: Path | None = None,
        completer: Completer | None = None,
        toolbar: Callable[[], str] | None = None,
        input: Input | None = None,
        output: Output | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        self._cancel = cancel or threading.Event()
        self._where = {"input": input, "output": output, "style": style}
        self._session: PromptSession[str] = PromptSession(
            history=_history(history),
            completer=completer,
            complete_while_typing=False,
            auto_suggest=AutoSuggestFromHistory(),
            bottom_toolbar=toolbar,
            multiline=True,
            key_bindings=keys(),
            prompt_continuation=_continuation,
            enable_open_in_editor=True,
            enable_suspend=True,
            **self._where,  # type: ignore[arg-type]
        )

    def read(self, number: int) -> str:
        return self._ask(self._session, FormattedText([("class:number", f"[{number}] ")]), fresh=True)

    def edit(self, code: str) -> str:
        session: PromptSession[str] = PromptSession(
            multiline=True,
            lexer=PygmentsLexer(PythonLexer),
            bottom_toolbar="Alt+Enter runs it, Ctrl-C leaves it as it was, Ctrl-X Ctrl-E opens $EDITOR",
            enable_open_in_editor=True,
            **self._where,  # type: ignore[arg-type]
        )
        return self._ask(session, "", default=code)

    def answer(self, prompt: str) -> str:
        session: PromptSession[str] = PromptSession(
            bottom_toolbar="the program asks: Enter answers, Ctrl-C stops the program, Ctrl-D ends its input",
            **self._where,  # type: ignore[arg-type]
        )
        asked = printable(prompt[-MOST_ASKED:])
        return self._ask(session, FormattedText([("class:notice", "the program asks ▸ "), ("", asked)]))

    def choose(self, question: str, keys: str) -> str:
        session: PromptSession[str] = PromptSession(
            key_bindings=only(keys),
            **self._where,  # type: ignore[arg-type]
        )
        if self._where["input"] is None:  # what was typed before the question is no answer to it
            clear_typeahead(session.app.input)
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
        return self._ask(session, FormattedText([("class:notice", question + " ")]))

    def _ask(
        self, session: PromptSession[str], message: AnyFormattedText, fresh: bool = False, default: str = ""
    ) -> str:
        """What is entered; a Ctrl-C typed right after it is no key for the next prompt, it stops what was begun."""
        try:
            with at_prompt(session.app, self._cancel, fresh):
                entered = session.prompt(message, default=default, handle_sigint=False)
                if self._where["input"] is None:
                    self._typed_late(session.app.input)
                return entered
        finally:
            self._brackets(True)

    def _typed_late(self, keyboard: Input) -> None:
        typed = get_typeahead(keyboard) + keyboard.read_keys()
        stops = [place for place, key in enumerate(typed, 1) if key.key == Keys.ControlC]
        if stops:
            self._cancel.set()
        store_typeahead(keyboard, typed[max(stops, default=0) :])

    def _brackets(self, on: bool) -> None:
        """Have what is pasted marked as such where no prompt is, too: each of its lines would be an entry otherwise."""
        output = self._session.app.output
        if self._where["input"] is None and not is_dumb_terminal():
            (output.enable_bracketed_paste if on else output.disable_bracketed_paste)()
            output.flush()

    @contextmanager
    def busy(self) -> Iterator[None]:
        if self._where["input"] is not None:
            yield
            return
        with typing_ahead(sys.stdin.fileno()):
            self._brackets(True)
            try:
                yield
            finally:
                self._brackets(False)


@contextmanager
def typing_ahead(terminal: int) -> Iterator[None]:
    """Neither echo nor translate what is typed (Enter stays Enter), but let Ctrl-C through as a signal."""
    before = termios.tcgetattr(terminal)
    quiet = termios.tcgetattr(terminal)
    quiet[0] &= ~termios.ICRNL
    quiet[3] &= ~(termios.ECHO | termios.ICANON)

    def hush() -> None:
        if os.tcgetpgrp(terminal) == os.getpgrp():  # in the background this would stop us
            termios.tcsetattr(terminal, termios.TCSADRAIN, quiet)

    hush()
    try:
        with on_return(hush):
            yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _continuation(width: int, line: int, soft_wrapped: int) -> FormattedText:
    return FormattedText([("class:gutter", "·".rjust(max(width - 1, 1)) + " ")])


class _Kept(FileHistory):
    """A history whose file may be refused later, too: a full disk costs the history, not the entry."""

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(clean(string))


def _history(path: Path | None) -> History:
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return _Kept(str(path))
