"""A model that loads in the background, so that the prompt is there at once.

Knows threads and waiting; leaves loading itself to `models`.
"""

import logging
import threading
from collections.abc import Callable

from mtchat.errors import CommandError, ModelError, MtchatError
from mtchat.models.base import Model


class Loading:
    """Starts `load` in a thread at once, or with `start`; calling it gives the model, waiting if need be."""

    def __init__(self, load: Callable[[], Model], at_once: bool = True) -> None:
        self._load = load
        self._model: Model | None = None
        self._error: MtchatError | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="model-loading", daemon=True)
        self._starting = threading.Lock()
        if at_once:
            self.start()

    def start(self) -> None:
        """Begin to load, if that has not begun."""
        with self._starting:
            if self._thread.ident is None:
                self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether the model is there."""
        return self._model is not None

    @property
    def under_way(self) -> bool:
        """Whether it is loading now."""
        return self._thread.is_alive()

    def __call__(self) -> Model:
        """The model. Raises ModelError if it cannot be loaded, each time it is asked for."""
        self.start()
        self._done.wait()
        if self._error is not None:
            raise self._error
        if self._model is None:
            raise ModelError("the model did not load; choose another with /model")
        return self._model

    def wait(self, cancel: threading.Event) -> Model:
        """As calling, but `cancel` ends the wait with CommandError."""
        self.start()
        while not self._done.wait(0.05):
            if cancel.is_set():
                raise CommandError("the model is still loading: try again in a moment")
        return self()

    def _run(self) -> None:
        try:
            self._model = self._load()
        except MtchatError as error:
            self._error = error
        except Exception as error:
            logging.getLogger(__name__).error("the model does not load", exc_info=error)
            self._error = ModelError(f"the model cannot be loaded: {type(error).__name__}: {error}")
        finally:
            self._done.set()
