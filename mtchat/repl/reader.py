"""Reading what a person types: a prompt_toolkit session on a terminal, lines of a stream elsewhere.

Knows how a prompt is put together. Leaves keys to `keys`, history to `history`, what the text means to `app`.
"""

import os
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
from prompt_toolkit.formatted_text import AnyFormattedText, FormattedText
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.output import Output
from prompt_toolkit.styles import BaseStyle
from prompt_toolkit.utils import is_dumb_terminal
from pygments.lexers import PythonLexer

from mtchat.config import Settings
from mtchat.errors import CommandError
from mtchat.repl import byhand, codekeys, keys, picker, typeahead
from mtchat.repl.choices import Choices, Chosen
from mtchat.repl.history import history as history_in
from mtchat.repl.interrupt import at_prompt, on_return
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

    def among(self, choices: Choices) -> Chosen:
        """What is picked of a few lines. Raises CommandError where there is no terminal, KeyboardInterrupt if left."""

    def busy(self) -> AbstractContextManager[None]:
        """While no prompt is there: what is typed is kept for the next one, unseen; Ctrl-C still interrupts."""

    def forget(self) -> None:
        """Drop what was typed ahead."""


def clean(text: str) -> str:
    """What was typed as valid text: lone surrogates (undecodable bytes) are replaced, NULs dropped."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


class LineReader:
    """One entry a line, from a pipe or a file; lines that open with `...` belong to the code above them."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._next = ""

    def read(self, number: int) -> str:
        entry = self._line()
        while byhand.is_code(entry) and (more := self._line(byhand.MORE)):
            entry += "\n" + more
        return entry

    def _line(self, mark: str = "") -> str:
        """The next line; with a `mark`, "" for one that does not open with it. Raises EOFError at the end."""
        line, self._next = self._next or self.stream.readline(), ""
        if mark and not line.startswith(mark):
            self._next = line
            return ""
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

    def among(self, choices: Choices) -> Chosen:
        raise CommandError("there is no terminal to ask on")

    def busy(self) -> AbstractContextManager[None]:
        return nullcontext()

    def forget(self) -> None:
        """Nothing: the next lines of a stream are no afterthought."""


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
        suggester: Suggester | None = None,
        settings: Callable[[], Settings] = Settings,
        tell_keys: Callable[[], None] = lambda: None,
        before: Callable[[], None] = lambda: None,
        toolbar: Callable[[], str] | None = None,
        input: Input | None = None,
        output: Output | None = None,
        cancel: threading.Event | None = None,
        more: codekeys.More | None = None,
    ) -> None:
        self._cancel = cancel or threading.Event()
        self._code_keys = codekeys.more_keys(more, marked=False)
        self._where = {"input": input, "output": None if is_dumb_terminal() else output, "style": style}
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
            key_bindings=merge_key_bindings(
                [keys.bindings(tell_keys), codekeys.marked_keys(), codekeys.more_keys(more, marked=True)]
            ),
            prompt_continuation=_continuation,
            enable_open_in_editor=True,
            enable_suspend=True,
            tempfile_suffix=".py",
            **self._where,  # type: ignore[arg-type]
        )
        self._session.default_buffer.on_text_insert += _offer_commands

    def read(self, number: int) -> str:
        self._before()
        self._session.editing_mode = self._mode
        try:
            return self._ask(self._session, FormattedText([("class:number", f"[{number}] ")]), fresh=True)
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
            bottom_toolbar="Alt+Enter runs it · Ctrl-C leaves · F4: the model goes on · Ctrl-X Ctrl-E: $EDITOR",
            enable_open_in_editor=True,
            tempfile_suffix=".py",
            key_bindings=self._code_keys,
            **self._where,  # type: ignore[arg-type]
        )
        return self._ask(session, "", default=code)

    def answer(self, prompt: str) -> str:
        session: PromptSession[str] = PromptSession(
            editing_mode=self._mode,
            bottom_toolbar="the program asks: Enter answers, Ctrl-C stops the program, Ctrl-D ends its input",
            **self._where,  # type: ignore[arg-type]
        )
        asked = printable(prompt[-MOST_ASKED:])
        return self._ask(session, FormattedText([("class:notice", "the program asks ▸ "), ("", asked)]), question=True)

    def choose(self, question: str, keys: str) -> str:
        session: PromptSession[str] = PromptSession(
            key_bindings=only(keys),
            **self._where,  # type: ignore[arg-type]
        )
        return self._ask(session, FormattedText([("class:notice", question + " ")]), question=True)

    def _ask(
        self,
        session: PromptSession[str],
        message: AnyFormattedText,
        *,
        fresh: bool = False,
        question: bool = False,
        default: str = "",
    ) -> str:
        """What is entered; a Ctrl-C typed right after it is no key for the next prompt, it stops what was begun.

        To a `question`, what was typed before it is no answer.
        """
        terminal, app = self._where["input"] is None, session.app
        before = typeahead.set_aside(app.input) if question and terminal else nullcontext()
        with before, at_prompt(app, self._cancel, fresh):
            try:
                entered = session.prompt(message, default=default, handle_sigint=False)
            finally:
                typeahead.marked(app.output)  # for what is pasted until the next prompt
            if terminal and typeahead.stops(app.input):
                self._cancel.set()
            return entered

    def among(self, choices: Choices) -> Chosen:
        app = choices.application(**self._where)  # type: ignore[arg-type]
        before = typeahead.set_aside(app.input) if self._where["input"] is None else nullcontext()
        with before, at_prompt(app, self._cancel, False):
            return app.run(handle_sigint=False)

    picks = True

    def pick(self, title: str, rows: Sequence[Row]) -> int | None:
        return picker.pick(title, rows, **self._where)  # type: ignore[arg-type]

    def busy(self) -> AbstractContextManager[None]:
        if self._where["input"] is not None:
            return nullcontext()
        return typeahead.pasting(self._session.app.output, typing_ahead(sys.stdin.fileno()))

    def forget(self) -> None:
        typeahead.forget(self._session.app.input)


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


def _offer_commands(buffer: Buffer) -> None:
    """The menu of commands opens by itself after a slash; elsewhere Tab asks for it."""
    text = buffer.document.text
    if text.startswith("/") and text[1:].isalpha() and buffer.document.is_cursor_at_the_end:
        buffer.start_completion(select_first=False)


def _continuation(width: int, line: int, soft_wrapped: int) -> FormattedText:
    return FormattedText([("class:gutter", "·".rjust(max(width - 1, 1)) + " ")])
