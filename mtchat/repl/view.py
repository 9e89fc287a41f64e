"""A turn on the screen while it is made: the code as it is written, output as it comes, then what became of it.

Knows the order of what is shown and measures how long the model wrote. Leaves how it looks to `render`, figures to
`figures`, what is said beside the turn to `aside`.
"""

import time
from typing import TYPE_CHECKING

from mtchat import render
from mtchat.engine import Hooks
from mtchat.render.failure import Source
from mtchat.render.fit import at_right
from mtchat.repl import aside, figures, review, timings
from mtchat.repl.screen import CodeStream
from mtchat.session import Session
from mtchat.turn import Turn

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


class TurnView:
    """One turn of `repl` on its screen: pass `hooks` to the engine, then call `ended` with what it made."""

    def __init__(self, repl: "Repl") -> None:
        self.repl = repl
        self.code = CodeStream(repl.screen, repl.engine.language)
        self._began = time.monotonic()
        self._first: float | None = None
        self._wrote: timings.Wrote | None = None

    def hooks(self) -> Hooks:
        """What the engine calls while it makes the turn, or makes it again with other code."""
        self.code = CodeStream(self.repl.screen, self.repl.engine.language)
        return Hooks(
            on_text=self._feed,
            on_code=self.code.finish,
            on_output=lambda stream, text: self.repl.screen.show(render.streamed(stream, text)),
            cancel=self.repl.cancel,
            on_input=self.repl._answer,
            on_review=lambda text: review.one(self.repl, text, shown=self.code.shown > 0),
            on_reviews=lambda codes: review.several(self.repl, codes),
            on_written=self._written,
        )

    def ended(self, made: Turn) -> None:
        """Show what the program left, and tell how long all took."""
        screen = self.repl.screen
        screen.fresh_line()
        layout = layout_of(self.repl, made)
        screen.show(render.outcome(made.execution, self.repl.engine.settings.timeout, layout))
        figures.show(self.repl, made)
        if self._wrote is not None:
            self.repl.wrote[made.id] = self._wrote
        if layout is not None and (line := at_right(timings.forms(self._wrote, made.execution.elapsed), layout.width)):
            screen.line(line, "dim")
        aside.evicted(self.repl, made)
        aside.doubt(self.repl, made)

    def _feed(self, delta: str) -> None:
        if self._first is None:
            self._first = time.monotonic() - self._began
        self.code.feed(delta)

    def _written(self, seconds: float, tokens: int) -> None:
        self._wrote = timings.Wrote(seconds if self._first is None else self._first, seconds, tokens)


def layout_of(repl: "Repl", shown: Turn) -> render.Layout | None:
    """How `shown` is laid out on the screen; None where there is no terminal."""
    if repl.screen.output is None:
        return None
    session = repl.engine.session
    sources = sources_of(session, shown, repl) if shown.execution.error else {}
    return render.Layout(repl.screen.columns, sources, max(sources, default=0))


def sources_of(session: Session, shown: Turn, repl: "Repl") -> dict[int, Source]:
    """The code that `shown` may have run through, by its number in the sandbox, where a prefix is the first to run."""
    path = session.path(shown.parent) if shown.parent else []
    codes = [(f"turn {number}", turn.code) for number, turn in enumerate([*path, shown], 1)]
    if session.header.prefix.strip():
        codes.insert(0, ("the session's prefix", session.header.prefix))
    return {n: Source(name, render.code(code, repl.engine.language)) for n, (name, code) in enumerate(codes, 1)}
