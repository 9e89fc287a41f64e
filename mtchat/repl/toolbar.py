"""What stands below the prompt.

Knows what is worth a glance. Leaves counting tokens to the model, drawing to prompt_toolkit.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from mtchat import render
from mtchat.errors import MtchatError
from mtchat.repl.loading import Loading

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


class Toolbar:
    """The line below the prompt of one REPL; calling it gives its text."""

    def __init__(self, repl: "Repl") -> None:
        self.repl = repl
        self._tokens = (0, 0)
        self._measured: tuple[str | None, Loading] | None = None

    def __call__(self) -> str:
        """Model, share of the context in use, turns."""
        self._measure()
        repl, (used, context) = self.repl, self._tokens
        model = repl.engine.settings.model if repl.loading.ready else f"{repl.engine.settings.model} (loading)"
        share = f" · context {used}/{context} tokens" if context else ""
        turns = render.counted(len(repl.engine.session.path()), "turn")
        return f"{model}{share} · {turns} · Alt+Enter: new line · Ctrl-D: quit"

    def _measure(self) -> None:
        """Count the conversation's tokens, once for each head and model."""
        engine, loading = self.repl.engine, self.repl.loading
        if not loading.ready or self._measured == (engine.session.head, loading):
            return
        self._measured = (engine.session.head, loading)
        model = loading()
        with suppress(MtchatError):
            self._tokens = (model.count(engine.context("", engine.session.head, 0).text), model.context_length)
