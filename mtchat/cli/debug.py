"""`mtchat --debug`: what goes on inside, written to a file.

Knows where the file is and that no secret goes into it. Leaves what is worth a line to the rooms, which write to the
standard library's loggers below "mtchat": settings, models (what they were sent and how long they took), sandboxes.
"""

import logging
import platform
import re
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mtchat import __version__
from mtchat.errors import CommandError

_LOGIN = re.compile(r"(?<=//)[^/@\s]*@")
"""A name and password in an address."""


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _LOGIN.sub("***@", super().format(record))


def write_down(name: str, flags: Mapping[str, Any]) -> None:
    """Append all that happens from here on to the file `name` ("": debug.log in the data folder).

    Raises CommandError if it cannot be written, ConfigError for bad settings.
    """
    from mtchat import config
    from mtchat.cli.common import settings_of

    settings = settings_of(flags)
    path = Path(name).expanduser() if name else settings.data_dir / "debug.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # what a person works on is nobody else's
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise CommandError(f"--debug cannot write {path}: {error.strerror or error}") from None
    handler.setFormatter(
        _Formatter("%(asctime)s.%(msecs)03d %(name)s %(threadName)s: %(message)s", "%Y-%m-%d %H:%M:%S")
    )
    log = logging.getLogger("mtchat")
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    threading.excepthook = _thread_failed
    log.debug("mtchat %s, Python %s, %s: %s", __version__, platform.python_version(), sys.platform, sys.argv[1:])
    log.debug("settings: %s", {name: getattr(settings, name) for name in config.NAMES})


def _thread_failed(args: threading.ExceptHookArgs) -> None:
    logging.getLogger("mtchat").error("a thread failed: %s", args.thread, exc_info=args.exc_value)
