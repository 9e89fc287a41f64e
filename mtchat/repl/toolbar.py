"""What stands below the prompt, in one line of any width.

Knows what is worth a glance and what gives way first where there is no room. Leaves counting tokens to the model,
drawing to prompt_toolkit.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from prompt_toolkit.application import Application, get_app

from mtchat.errors import MtchatError
from mtchat.render.fit import cut, width_of
from mtchat.repl.loading import Loading
from mtchat.repl.trust import FULL, reviewing
from mtchat.session import Session, Store
from mtchat.session.tree import branch_name

if TYPE_CHECKING:
    from mtchat.repl.app import Repl
    from mtchat.sandbox import Sandbox

BETWEEN = " · "
KEYS = "Alt+Enter: new line · Ctrl-D: quit"
GIVING_WAY = (0, 6, 2, 1, 5, 2, 0, 3, 2, 0, 1, 5, 2, 3, 4)
"""Places of the fields, model first, in the order in which each becomes one form shorter."""

Field = list[str]
"""The forms of one thing, from long to short; "" is to be left out."""
Seen = tuple["Sandbox", Loading | None, str | None]
"""Sandbox, model if it is there, head: what is shown hangs on these."""


class Toolbar:
    """The line below the prompt of one REPL; calling it gives its text, from what is known by then.

    What takes time is found out behind, once for each state, and shown when it is there.
    """

    def __init__(self, repl: "Repl") -> None:
        self.repl = repl
        self._tokens = (0, 0)
        self._level = ""
        self._branch: tuple[Session | None, Field] = (None, [""])
        self._seen: Seen | None = None

    def __call__(self) -> str:
        """Model, isolation, context in use, branch, mode, whether it is saved, keys; as wide as the window."""
        self._look()
        settings = self.repl.engine.settings
        model = _model(settings.model, self.repl.loading.ready)
        mode = "review" if reviewing(settings, self._level or FULL) else "auto"
        context, branch = _context(*self._tokens), self._branch[1]
        fields = [model, _isolation(self._level), context, branch, [mode], self._saved(), [KEYS, ""]]
        return fitted(fields, self.repl.screen.columns - 1, GIVING_WAY)

    def _look(self) -> None:
        """Name the branch once a record; have the rest found out where it may have changed."""
        engine, loading = self.repl.engine, self.repl.loading
        if self._branch[0] is not engine.session:
            self._branch = engine.session, _branch(branch_name(engine.session))
        seen = engine.sandbox, loading if loading.ready else None, engine.session.head
        if seen != self._seen:
            self._seen = seen
            threading.Thread(target=self._measure, args=(seen, get_app()), name="toolbar", daemon=True).start()

    def _measure(self, seen: "Seen", app: Application[Any]) -> None:
        sandbox, loading, head = seen
        with suppress(MtchatError):
            if loading is not None:
                model = loading()
                tokens = model.count(self.repl.engine.context("", head, 0).text), model.context_length
                self._tokens = tokens if seen == self._seen else self._tokens
        with suppress(MtchatError):
            level = sandbox.isolation.level
            self._level = level if seen == self._seen else self._level
        app.invalidate()

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


def _branch(name: str | None) -> Field:
    return [name, cut(name, 12), ""] if name else [""]


def _isolation(level: str) -> Field:
    """Short only where it is full: what is missing has to be seen."""
    return ["full isolation", "isolated", ""] if level == FULL else [f"isolation {level}", level] if level else [""]


def _context(used: int, context: int) -> Field:
    if not context:
        return [""]
    share = f"{used}/{context}"
    return [f"context {share} tokens", f"context {share}", share, f"{100 * used // context}% used", ""]
