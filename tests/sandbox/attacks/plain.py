"""The control: the same programs in plain CPython, unsandboxed, each in a fork of this process.

A program that does not even get there when nothing holds it back tests nothing. Runs as a script; knows only the
standard library. One JSON line a request: turns, libraries to have loaded, seconds, and for how many of them a
socket waits; one JSON line an answer.
"""

import ast
import contextlib
import ctypes
import importlib
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
import tempfile
import traceback
import types
from typing import Any, NoReturn

_MEMORY = 4 << 30


def _run_turn(code: str, number: int, namespace: dict[str, Any]) -> None:
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, f"<turn {number}>", "exec", dont_inherit=True), namespace)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), f"<turn {number}>", "eval", dont_inherit=True), namespace)
        if value is not None:
            print(repr(value))


def _child(turns: list[str], scratch: str, output: int) -> NoReturn:
    """Be a plain Python process that runs the turns one after the other."""
    with contextlib.suppress(BaseException):
        os.setsid()
        os.chdir(scratch)
        os.environ["HOME"] = os.environ["TMPDIR"] = scratch
        null = os.open(os.devnull, os.O_RDONLY)
        for fd, target in ((null, 0), (output, 1), (output, 2)):
            os.dup2(fd, target)
        os.closerange(3, 256)
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        sys.argv = ["plain"]
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        for number, code in enumerate(turns, 1):
            try:
                _run_turn(code, number, module.__dict__)
            except BaseException:
                traceback.print_exc()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    os._exit(0)


def _wait(child: int, seconds: float) -> None:
    """Until it ends, or its time is up; then nothing of its session is left."""
    fd = os.pidfd_open(child)
    select.select([fd], [], [], seconds)
    os.close(fd)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def run(turns: list[str], seconds: float) -> str:
    scratch = tempfile.mkdtemp(prefix="mtchat-plain-")
    path = scratch + ".out"
    output = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _child(turns, scratch, output)
    _wait(child, seconds)
    text = os.pread(output, 1 << 20, 0).decode("utf-8", "replace")
    os.close(output)
    os.unlink(path)
    shutil.rmtree(scratch, ignore_errors=True)
    return text


def serve(line: socket.socket) -> None:
    with line, line.makefile("rw", encoding="utf-8", newline="\n") as file:
        for request in file:
            asked = json.loads(request)
            for name in asked["needs"]:
                importlib.import_module(name)
            socket.setdefaulttimeout(asked.get("patience"))
            print(json.dumps(run(asked["turns"], asked["seconds"])), file=file, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: what programs leave behind is reaped with us
    serve(socket.socket(fileno=int(sys.argv[1])))
