"""What stands below the prompt, in one line of any width.

Knows what is worth a glance and what gives way first where there is no room. Leaves counting tokens to the model,
drawing to prompt_toolkit.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from mtchat.errors import MtchatError
from mtchat.render.fit import cut, width_of
from mtchat.repl.loading import Loading
from mtchat.repl.trust import FULL, reviewing
from mtchat.session import Store

if TYPE_CHECKING:
    from mtchat.repl.app import Repl
    from mtchat.sandbox import Sandbox

BETWEEN = " · "
KEYS = "Alt+Enter: new line · Ctrl-D: quit"
GIVING_WAY = (5, 0, 2, 1, 4, 2, 0, 2, 0, 1, 4, 2, 3)
"""Places of the fields, model first, in the order in which each becomes one form shorter."""

Field = list[str]
"""The forms of one thing, from long to short; "" is to be left out."""


class Toolbar:
    """The line below the prompt of one REPL; calling it gives its text. Nothing is computed twice for one state."""

    def __init__(self, repl: "Repl") -> None:
        self.repl = repl
        self._tokens = (0, 0)
        self._measured: tuple[str | None, Loading] | None = None
        self._level: tuple[Sandbox | None, str] = (None, "")

    def __call__(self) -> str:
        """Model, isolation, context in use, mode, whether it is saved, keys; as wide as the window."""
        self._measure()
        model = _model(self.repl.engine.settings.model, self.repl.loading.ready)
        mode = ["review" if reviewing(self.repl.engine.settings, self._level[1]) else "auto"]
        fields = [model, _isolation(self._level[1]), _context(*self._tokens), mode, self._saved(), [KEYS, ""]]
        return fitted(fields, self.repl.screen.columns - 1, GIVING_WAY)

    def _measure(self) -> None:
        """Count the conversation's tokens, once for each head and model, and look at the isolation once a sandbox."""
        engine, loading = self.repl.engine, self.repl.loading
        if self._level[0] is not engine.sandbox:
            with suppress(MtchatError):
                self._level = engine.sandbox, engine.sandbox.isolation.level
        if not loading.ready or self._measured == (engine.session.head, loading):
            return
        self._measured = (engine.session.head, loading)
        model = loading()
        with suppress(MtchatError):
            self._tokens = (model.count(engine.context("", engine.session.head, 0).text), model.context_length)

    def _saved(self) -> Field:
        journal = self.repl.engine.journal
        if not isinstance(journal, Store):
            return ["not saved", "unsaved"]
        return ["saved", ""] if journal.begun else ["nothing to save yet", "new", ""]


def fitted(fields: Sequence[Field], width: int, giving_way: Sequence[int]) -> str:
    """The fields in one line of at most `width` cells; each step of `giving_way` names the field to shorten next."""
    forms = [0] * len(fields)

    def line() -> str:
        return BETWEEN.join(text for field, form in zip(fields, forms, strict=True) if (text := field[form]))

    for place in giving_way:
        if width_of(line()) <= width:
            break
        forms[place] = min(forms[place] + 1, len(fields[place]) - 1)
    return cut(line(), width)


def _model(name: str, ready: bool) -> Field:
    short = name.rstrip("/").rsplit("/", 1)[-1]
    forms = [name, short, cut(short, 16), cut(short, 8)]
    return forms if ready else [f"{name} (loading)", f"{short} (loading)", *(f"{each}…" for each in forms[2:])]


def _isolation(level: str) -> Field:
    """Short only where it is full: what is missing has to be seen."""
    return ["full isolation", "isolated", ""] if level == FULL else [f"isolation {level}", level] if level else [""]


def _context(used: int, context: int) -> Field:
    if not context:
        return [""]
    share = f"{used}/{context}"
    return [f"context {share} tokens", f"context {share}", share, f"{100 * used // context}% used", ""]
