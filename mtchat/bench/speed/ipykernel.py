"""A plain ipykernel, spoken to as a notebook does: what a turn costs where nothing is isolated.

Knows jupyter_client's blocking client. Both packages are only for this comparison: `pip install 'mtchat[bench]'`.
"""

import importlib.util
import os
import subprocess
import tempfile
from types import TracebackType
from typing import Any, Self

from mtchat.errors import MtchatError

INSTALL = "pip install 'mtchat[bench]'"
_SECONDS = 60


def available() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("ipykernel", "jupyter_client"))


class Kernel:
    """One kernel with its client; its files lie in a directory of their own."""

    def __enter__(self) -> Self:
        from jupyter_client.manager import KernelManager

        self._folder = tempfile.TemporaryDirectory(prefix="mtchat-bench-")
        self._manager: Any = KernelManager(connection_file=os.path.join(self._folder.name, "kernel.json"))
        env = {**os.environ, "IPYTHONDIR": self._folder.name}
        self._manager.start_kernel(env=env, stderr=subprocess.DEVNULL)
        self._client: Any = self._manager.blocking_client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=_SECONDS)
        return self

    def run(self, code: str) -> None:
        """Until the kernel says that it is idle again, and has answered."""
        asked = self._client.execute(code)
        while True:
            message = self._client.get_iopub_msg(timeout=_SECONDS)
            ours = message["parent_header"].get("msg_id") == asked
            if ours and message["content"].get("execution_state") == "idle":
                break
        reply = self._client.get_shell_msg(timeout=_SECONDS)
        if reply["content"]["status"] != "ok":
            raise MtchatError(f"the kernel could not run {code!r}")

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._folder.cleanup()
