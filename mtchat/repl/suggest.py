"""The grey rest of a line: from what was typed before, or from the model while nobody types.

Knows when the model may be asked: only with `suggest = model`, after a pause, in a thread, never while a turn runs, and
not where it was measured to be slow. Leaves drawing to prompt_toolkit, taking it to `keys`.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.auto_suggest import AutoSuggest, AutoSuggestFromHistory, Suggestion
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document

from mtchat import conversation
from mtchat.repl import byhand
from mtchat.turn import SamplingParams

if TYPE_CHECKING:
    from mtchat.engine import Engine
    from mtchat.repl.loading import Loading

IDLE = 0.6
"""Seconds without a key before the model is asked."""
TOKENS = 24
SLOW = 1.5
"""Seconds for one suggestion above which this model is not asked again."""
LEAST = 4
"""Characters from which a line can be guessed."""
log = logging.getLogger(__name__)


class Suggester(AutoSuggest):
    """Suggestions for one prompt. `stop` ends what the model is doing, and returns when it has."""

    def __init__(self, engine: Callable[[], "Engine"], loading: Callable[[], "Loading"]) -> None:
        self.engine, self.loading = engine, loading
        self._history = AutoSuggestFromHistory()
        self._cancel = threading.Event()
        self._asked: threading.Thread | None = None
        self._slow: object = None

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        """From what was typed before."""
        return self._history.get_suggestion(buffer, document) if self.engine().settings.suggest != "off" else None

    async def get_suggestion_async(self, buffer: Buffer, document: Document) -> Suggestion | None:
        """From what was typed before; else from the model, once nobody types."""
        found = self.get_suggestion(buffer, document)
        if found is not None or not self._may(document):
            return found
        until = time.monotonic() + IDLE
        while time.monotonic() < until:
            await asyncio.sleep(0.03)
            if buffer.document != document:
                return None
        return await self._guess(buffer, document) if self._asked is None else None

    def stop(self) -> None:
        """Before a turn: the model is the turn's alone. A model looks at the flag at every token."""
        self._cancel.set()
        if (asked := self._asked) is not None:
            asked.join()

    def _may(self, document: Document) -> bool:
        """Whether the model could go on with what is typed: one line of words, its end, and a quick model."""
        engine, loading, text = self.engine(), self.loading(), document.text
        return (
            engine.settings.suggest == "model"
            and loading.ready
            and self._slow is not loading
            and len(text.strip()) >= LEAST
            and document.is_cursor_at_the_end
            and "\n" not in text
            and not text.startswith("/")
            and not byhand.is_code(text)
        )

    async def _guess(self, buffer: Buffer, document: Document) -> Suggestion | None:
        self._cancel.clear()
        said: list[str] = []
        self._asked = threading.Thread(target=self._ask, args=(document.text, said), name="suggesting", daemon=True)
        self._asked.start()
        try:
            while self._asked is not None and self._asked.is_alive():
                await asyncio.sleep(0.02)
                if buffer.document != document:
                    self._cancel.set()
        finally:
            self._cancel.set()
        return Suggestion(said[0]) if said and said[0] else None

    def _ask(self, typed: str, said: list[str]) -> None:
        """The rest of the line as the model would have it, into `said`. Whatever fails says nothing."""
        try:
            loading, engine = self.loading(), self.engine()
            model = loading()
            text = engine.context(typed, engine.session.head, TOKENS).text.rstrip("\n")
            params = SamplingParams(temperature=0, greedy=True, max_new_tokens=TOKENS)
            start = time.monotonic()
            (done,) = model.complete(text, params, stop=lambda text: "\n" in text, cancel=self._cancel)
            if (seconds := time.monotonic() - start) > SLOW:
                self._slow = loading
                log.debug("a suggestion took %.2f s: this model is not asked again", seconds)
            if done.finish != "cancelled":
                said.append(first_line(done.text))
        except Exception as error:
            log.debug("no suggestion", exc_info=error)
        finally:
            self._asked = None


def first_line(text: str) -> str:
    """What of a completion goes on with the line: up to its end, or the end of the text."""
    return text.partition(conversation.END_OF_TEXT)[0].partition("\n")[0].rstrip()
