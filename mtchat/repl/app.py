"""The REPL's loop: read, make a turn or obey a command, show, again.

Knows what an entry means and what Ctrl-C does. Leaves turns to `engine`, how they look to `view`, keys to `reader`.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mtchat import __version__, render
from mtchat.config import Settings
from mtchat.engine import Engine, Hooks
from mtchat.errors import CommandError, MtchatError, unexpected
from mtchat.models.base import Model
from mtchat.repl import byhand, commands, figures, instead, review
from mtchat.repl.interrupt import Cancel, interruptible
from mtchat.repl.loading import Loading
from mtchat.repl.plain import echo
from mtchat.repl.reader import Reader, answering, clean
from mtchat.repl.screen import Screen
from mtchat.repl.timings import Wrote
from mtchat.repl.trust import level_line, reviewing
from mtchat.repl.view import TurnView, layout_of
from mtchat.session import Session, Store
from mtchat.turn import Turn

if TYPE_CHECKING:
    from mtchat.teach import Tutor

MANY = 100
"""Turns whose code takes a while to run again, so that a word about it is due."""


@dataclass
class Repl:
    """One REPL: an engine being talked to. `load` loads the model that settings name; `reopen` opens another session.

    `attach` are files to be attached at the start; `asks` says that a person sits there, who can be shown code before
    it runs; `failed` whether a turn has failed, for the exit code of a piped run; `wrote` how long the model took for
    each turn made here; `tutor` gives hints, where there is a lesson.
    """

    engine: Engine
    loading: Loading
    screen: Screen
    reader: Reader
    load: Callable[[Settings], Model]
    reopen: Callable[[str, Settings], Store]
    attach: Sequence[Path] = ()
    asks: bool = False
    failed: bool = False
    wrote: dict[str, Wrote] = field(default_factory=dict)
    tutor: "Tutor | None" = None
    cancel: threading.Event = field(default_factory=Cancel)

    def talk(self) -> None:
        """On a terminal: until /quit or Ctrl-D. Ctrl-C drops a line, stops a turn, and never leaves."""
        with interruptible(self.cancel), self.reader.busy():  # without a gap: an Enter typed in one would be a new line
            self.screen.line(f"mtchat {__version__} · say what the program should do, one step a line · /help", "dim")
            self.asks = True
            if not self.resume():
                return
            while True:
                self.cancel.clear()
                try:
                    text = self.reader.read(len(self.engine.session.path()) + 1)
                except KeyboardInterrupt:
                    continue
                except EOFError:
                    return
                if not self.handle(text):
                    return
                if self.cancel.is_set():
                    self.reader.forget()

    def pipe(self) -> None:
        """From a pipe: until its end. Raises KeyboardInterrupt when Ctrl-C stopped a turn."""
        if said := level_line(self.engine.sandbox):
            echo(said, err=True)
        self.resume()
        with suppress(EOFError):
            while self.handle(self.reader.read(0)):
                if self.cancel.is_set():
                    raise KeyboardInterrupt

    def handle(self, entry: str) -> bool:
        """Obey one entry; False to leave. Our own failures are shown as one line and leave the session as it is."""
        text = clean(entry)
        if not text.strip():
            return True
        try:
            if byhand.is_code(text):
                byhand.typed(self, text)
            elif commands.is_command(text):
                return commands.obey(self, text)
            else:
                instead.said(self, text)
        except MtchatError as error:
            self.failed = True
            self.screen.line(str(error), "error")
        except (KeyboardInterrupt, EOFError):  # Ctrl-C or Ctrl-D in /edit
            self.screen.line("left as it was", "dim")
        except Exception as error:
            self.failed = True
            self.screen.line(unexpected(error), "error")
        return True

    def make(self, turn: Callable[[Hooks], Turn], needs_model: bool = True) -> Turn:
        """Make a turn on screen: code as it is written, output as it comes, then what became of it."""
        with interruptible(self.cancel):
            if needs_model:
                self.await_model()
            view = TurnView(self)
            made = review.making(self, turn, view.hooks)
        view.ended(made)
        self.failed |= not made.execution.ok
        return made

    def show_turn(self, turn: Turn, number: int) -> None:
        """A recorded turn as it looked when it was made."""
        timeout, layout = self.engine.settings.timeout, layout_of(self, turn)
        self.screen.show(render.turn(turn, number, self.engine.language, timeout, layout))
        figures.show(self, turn)

    @property
    def reviews(self) -> bool:
        """Whether the person is shown code before it runs."""
        return self.asks and reviewing(self.engine.settings, self.engine.sandbox.isolation.level)

    def _answer(self, prompt: str) -> str | None:
        self.screen.fresh_line()
        return answering(self.reader, self.cancel)(prompt)

    def check_rebuild(self, session: Session, path: Path) -> None:
        """Before the code of a session from elsewhere runs again unread: show it and ask. Raises CommandError on no.

        Sessions of the person's own folder were read when they were made.
        """
        turns = session.path()
        own = path.resolve().is_relative_to(self.engine.settings.sessions_dir.resolve())
        if own or not self.reviews or not (turns or session.header.prefix.strip()):
            return
        if session.header.prefix.strip():
            self.screen.show([*render.code(session.header.prefix, self.engine.language), ("", "\n")])
        for number, turn in enumerate(turns, 1):
            self.show_turn(turn, number)
        with suppress(KeyboardInterrupt, EOFError):
            said = f"the code of {render.counted(len(turns), 'turn')} runs again to rebuild the variables"
            if self.reader.choose(f"{said}: [r]un, [s]kip", "rs") == "r":
                return
        raise CommandError("its code was not run")

    def await_model(self) -> Model:
        """The model, once it is there. Raises CommandError if Ctrl-C ends the wait."""
        if not self.loading.ready and self.screen.output is not None:
            self.screen.line("loading the model…", "dim")
        return self.loading.wait(self.cancel)

    def resume(self) -> bool:
        """Where one was: the last turns of a session that goes on, its state restored. Nothing for a new one.

        False if the person will not have its code run.
        """
        if self.engine.session.path() and not self._show_again():
            return False
        for file in self.attach:
            self.engine.attach(file, self.cancel)
        return True

    def _show_again(self) -> bool:
        path, journal = self.engine.session.path(), self.engine.journal
        slow = "; all of them run again first, Ctrl-C puts that off" * (len(path) > MANY)
        self.screen.line(f"resuming a session of {render.counted(len(path), 'turn')}{slow}", "dim")
        first = max(len(path) - 3, 0)
        for number, turn in enumerate(path[first:], first + 1):
            self.show_turn(turn, number)
        try:
            if isinstance(journal, Store):
                self.check_rebuild(self.engine.session, journal.path)
        except CommandError as error:
            self.screen.line(str(error), "error")
            return False
        try:
            self.engine.restore(self.cancel)
        except MtchatError as error:
            out = "what needs them goes on with that" if self.cancel.is_set() else "/undo goes back to before it"
            self.screen.line(f"{error}; {out}", "error")
        return True
