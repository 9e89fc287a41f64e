"""What goes on behind the prompt: the sandbox gets ready, the model loads, and a word about it comes above.

Knows how to print while somebody types. Leaves what is said to `trust`, loading to `loading`.
"""

import threading
from collections import deque
from typing import TYPE_CHECKING

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.application.current import get_app_or_none

from mtchat.errors import MtchatError
from mtchat.repl.trust import level_line

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


class Behind:
    """For one REPL. `start` when the prompt is on the screen; `flush` before each further one."""

    def __init__(self, repl: "Repl") -> None:
        self.repl = repl
        self._lines: deque[str] = deque()
        self._error: MtchatError | None = None

    def start(self) -> None:
        """Begin what takes time: in threads, the program that types is not held up."""
        threading.Thread(target=self._run, name="behind", daemon=True).start()

    def flush(self) -> None:
        """Print what is still to be said. Raises the error that leaves nothing to go on with, such as SandboxError."""
        while self._lines:
            self.repl.screen.line(self._lines.popleft(), "notice")
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _run(self) -> None:
        self.repl.loading.start()
        try:
            if said := level_line(self.repl.engine.sandbox, self.repl.reviews):
                self._lines.append(said)
        except MtchatError as error:
            self._error = error
        if self._lines or self._error is not None:
            self._tell()

    def _tell(self) -> None:
        """Above the prompt if there is one now; otherwise the next one's `flush` does it."""
        app = get_app_or_none()
        if app is None or not app.is_running or (loop := app.loop) is None:
            return
        if self._error is None:
            loop.call_soon_threadsafe(lambda: run_in_terminal(self.flush))
            return
        error = self._error
        loop.call_soon_threadsafe(lambda: app.exit(exception=error) if app.is_running and not app.is_done else None)
