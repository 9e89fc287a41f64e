"""Figures: what matplotlib drew during a turn, as PNG, in the order it was shown.

Knows pyplot, if the program imported it; never imports it itself. Leaves to others: sending the images (`worker`).
"""

import io
import sys
from typing import Any

DPI = 100
_PYPLOT = "matplotlib.pyplot"
MAX_BYTES = 24 * 1024 * 1024


class Gallery:
    """The images of one turn so far. `take` renders and closes every open figure, and plt.show() is made to do so."""

    def __init__(self) -> None:
        self.limit = 0
        self.images: list[dict[str, Any]] = []
        self.dropped = 0
        self._bytes = 0

    def start(self, limit: int) -> None:
        self.limit, self.images, self.dropped, self._bytes = limit, [], 0, 0

    def adopt_pyplot(self) -> None:
        """Make plt.show() ours, once pyplot is there."""
        pyplot: Any = sys.modules.get(_PYPLOT)
        if pyplot is not None and getattr(pyplot.show, "__module__", None) != __name__:

            def show(*args: Any, **kwargs: Any) -> None:
                self.take()

            show.in_sandbox = True  # type: ignore[attr-defined]
            pyplot.show = show

    def take(self) -> None:
        pyplot: Any = sys.modules.get(_PYPLOT)
        if pyplot is None:
            return
        for number in pyplot.get_fignums():
            self._render(pyplot.figure(number))
        pyplot.close("all")

    def _render(self, figure: Any) -> None:
        import base64
        import hashlib  # not read at the start of every session

        if len(self.images) >= self.limit or self._bytes >= MAX_BYTES:
            self.dropped += 1
            return
        file = io.BytesIO()
        figure.savefig(file, format="png", dpi=DPI)
        data = file.getvalue()
        if self._bytes + len(data) > MAX_BYTES:
            self.dropped += 1
            return
        self._bytes += len(data)
        digest = hashlib.sha256(data).hexdigest()
        self.images.append({"mime": "image/png", "sha256": digest, "data": base64.b64encode(data).decode("ascii")})
