"""A model whose calls are written to the debug log: what it was sent, what it wrote, how long it took.

Knows the log. Changes nothing about the model; leaves whether to log to `mtchat --debug`.
"""

import logging
import time
from collections.abc import Sequence
from typing import Any, cast

from mtchat.models.base import Ask, Model
from mtchat.turn import Completion, SamplingParams

log = logging.getLogger(__name__)


class Traced:
    """`model`, all of it, its two ways to complete written down."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def complete(self, text: str, params: SamplingParams, **more: Any) -> list[Completion]:
        """See `Model.complete`."""
        log.debug("sent to %s, %s:\n%s", self._model.info.name, params, text)
        start = time.monotonic()
        done = self._model.complete(text, params, **more)
        _wrote([done], start)
        return done

    def complete_many(self, asks: Sequence[Ask], **more: Any) -> list[list[Completion]]:
        """See `Model.complete_many`."""
        for ask in asks:
            log.debug("sent to %s, %s:\n%s", self._model.info.name, ask.params, ask.text)
        start = time.monotonic()
        done = self._model.complete_many(asks, **more)
        _wrote(done, start)
        return done


def _wrote(answers: list[list[Completion]], start: float) -> None:
    seconds = time.monotonic() - start
    for done in (each for row in answers for each in row):
        log.debug("it wrote %d tokens (%s) within %.3f s:\n%s", done.tokens, done.finish, seconds, done.text)


def traced(model: Model, loading: float) -> Model:
    """`model` as it is, or written down where somebody reads the log; loading it took that many seconds."""
    if not log.isEnabledFor(logging.DEBUG):
        return model
    log.debug("loaded %s within %.3f s", model.info, loading)
    return cast(Model, Traced(model))
