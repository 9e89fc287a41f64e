"""Limits on our own generated code, which runs in this process: time and memory.

Knows how a turn that runs too long or grows too large becomes an exception. It keeps generation going; it is no sandbox
(that is `mtchat.sandbox`). Leaves running to others.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

ROOM = 1 << 30
"""Bytes that a turn may add to the process's address space."""
_STATM = Path("/proc/self/statm")
_IMPORTED = re.compile(r"^\s*(?:import|from) ([\w.]+)", re.MULTILINE)


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """TimeoutError in a turn that runs too long (in the main thread only), MemoryError in one that grows too large."""
    with _memory(), _time(seconds):
        yield


@contextlib.contextmanager
def _time(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    try:
        before = signal.signal(signal.SIGALRM, stop)
    except ValueError:
        yield
        return
    pending = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if pending[0]:
            signal.setitimer(signal.ITIMER_REAL, *pending)  # another's alarm (a test's time-out) goes on


@contextlib.contextmanager
def _memory() -> Iterator[None]:
    """Nothing where the system does not say how large the process is."""
    if not _STATM.exists():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = int(_STATM.read_text().split()[0]) * resource.getpagesize() + ROOM
    bounds = [most, *(bound for bound in (soft, hard) if bound != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def ready(code: str) -> None:
    """Import what `code` imports, within no limit: what is kept must not depend on the disk's speed, and a limit that
    fires within an import leaves half a module behind. Raises what an import raises.
    """
    for module in _IMPORTED.findall(code):
        importlib.import_module(module)
