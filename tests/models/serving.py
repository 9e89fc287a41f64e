"""`mtchat serve` as a process of its own, for the tests of those who talk to it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import ROOT


@contextmanager
def serving(model: str, **env: str) -> Iterator[str]:
    """The address of a server of `model` while the block runs; it has to end in peace."""
    command = [sys.executable, "-m", "mtchat", "serve", "--port", "0", "--model", model]
    own = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=own, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+/v1", line)
        try:
            assert found, line + process.communicate(timeout=30)[1]
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=30)
        assert (process.returncode, said) == (0, "")
