"""The sandbox's first process: enters the namespaces, brings the keeper up, outlives it and clears away.

Knows the two ways to start: inside namespaces, or without them when they are left out or refused. It runs no program
and, once the keeper is up, only waits, outside of everything it set up: so the host's directory can be removed even if
the host was killed. Leaves to others: what a namespace looks like (`namespaces`), everything after (`keeper`).
Started by `link` as a fresh process with an empty environment.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from typing import Any, NoReturn

from mtchat.sandbox import isolation, keeper, kernel, namespaces

INSIDE = "/scratch"
"""Where the scratch directory lies within the namespaces: the same in every session, so that programs can say it."""


def main(arguments: list[str]) -> NoReturn:
    gc.disable()  # nothing to collect while modules are read; a program's own runs switch it on
    config = json.loads(arguments[0])
    with contextlib.suppress(OSError):
        kernel.subreaper()
    go, ready = os.pipe()
    if not _start_inside(config, go, ready) and os.fork() == 0:
        _become_keeper(config, go, ready)
    os.close(go)
    for fd in (config["fd"], config["line"]):
        os.close(fd)
    with contextlib.suppress(OSError):
        os.write(ready, b"!")
    _wait()
    _remove(config["directory"])
    os._exit(0)


def _start_inside(config: dict[str, Any], go: int, ready: int) -> bool:
    """Bring the keeper up in namespaces of its own; False, with the reason put into `config`, where that fails.

    The attempt is a child's, since half an attempt cannot be taken back. The child ends and the keeper becomes ours.
    """
    if "namespaces" in config["without"]:
        config["reasons"]["namespaces"] = "left out on purpose"
        return False
    told, tell = os.pipe()
    middle = os.fork()
    if middle == 0:
        os.close(told)
        try:
            outside = (*config["policy"]["write"], isolation.versions_of(config))
            namespaces.enter(isolation.readable(config), outside, INSIDE, int(config["limits"]["scratch"]))
            inner = os.fork()
        except BaseException as error:  # whatever it is: what failed must not count as done
            said = namespaces.reason(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
            os.write(tell, said.encode("utf-8", "replace"))
            os._exit(1)
        if inner == 0:
            os.close(tell)
            config["scratch"] = INSIDE
            _become_keeper(config, go, ready)
        os._exit(0)
    os.close(tell)
    with open(told, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(middle, 0)
    if status != 0:
        config["reasons"]["namespaces"] = said or f"entering them ended the process that tried (status {status})"
    return status == 0


def _become_keeper(config: dict[str, Any], go: int, ready: int) -> NoReturn:
    os.close(ready)
    if os.read(go, 1) == b"":
        os._exit(0)  # the launcher is gone
    os.close(go)
    os.setpgid(0, 0)
    keeper.main(socket.socket(socket.AF_UNIX, fileno=config["fd"]), config)


def _remove(directory: str) -> None:
    import shutil  # takes as long to read as a tenth of the start, and is wanted only at the end

    shutil.rmtree(directory, ignore_errors=True)


def _wait() -> None:
    """Until the keeper, the first of our children to end, and all that were its own are gone."""
    while True:
        try:
            pid, _ = os.waitpid(-1, 0)
        except ChildProcessError:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1:])
