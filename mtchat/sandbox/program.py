"""The program: one persistent namespace, and running a turn's code in it.

Knows compiling, evaluating, the last value, and which status an end deserves. Leaves to others: processes and
descriptors (`worker`), the language (`policy`, `guards`, `builtin`), wording (`report`), images (`figures`).
"""

import __future__

import ast
import io
import random
import sys
import threading
import types
from collections.abc import Callable
from typing import Any

from mtchat.sandbox import dialect, figures, report
from mtchat.sandbox.policy import LAST, PolicyError
from mtchat.sandbox.protocol import MAX_VARIABLES

_HIDDEN = frozenset({"__name__", "__builtins__", "__doc__", "__package__", "__loader__", "__spec__", "__annotations__"})


class Program:
    """State that carries over from turn to turn. A fork of the process is a copy of it.

    `ask` answers `input()`: the text, or None when nobody does.
    """

    def __init__(self, rules: dict[str, Any], files: str, seed: int | None, level: str) -> None:
        self.turns = 0
        self.interrupted = False
        self.ask: Callable[[str], str | None] = lambda prompt: None
        self._seed = seed
        self._flags = 0
        self._gallery = figures.Gallery()
        self._numpy_seeded = False
        self.module = types.ModuleType("__main__")
        self.namespace = self.module.__dict__
        self.dialect: dialect.Dialect = dialect.Open()
        if rules["name"] != "open":
            self.dialect = dialect.Restricted(rules, files, self.namespace, level, self._after_import)
        self.dialect.builtins |= {LAST: self._set_last, "input": lambda prompt="", /: self._input(prompt)}
        self.namespace["__builtins__"] = self.dialect.builtins
        sys.modules["__main__"] = self.module
        if seed is not None:
            random.seed(seed)

    # Running

    def run(self, code: str, limits: dict[str, Any]) -> dict[str, Any]:
        """Run one turn; the result's fields, `status` among them. KeyboardInterrupt is left to the caller."""
        self.turns += 1
        self._last: Any = None
        self._memory = int(limits["memory"])
        self._gallery.start(int(limits["figures"]))
        filename = f"<turn {self.turns}>"
        result: dict[str, Any] = {"status": "ok"}
        try:
            try:
                exec(self._compile(code, filename), self.namespace)
            except BaseException as exc:
                result = self._ended(exc, filename)
            if result["status"] in ("ok", "error"):
                self._finish(result, int(limits["value"]))
        except BaseException as exc:
            if result["status"] == "ok":
                result = self._ended(exc, filename)
        if self.interrupted:
            raise KeyboardInterrupt
        result["figures"] = self._gallery.images
        return result

    def _compile(self, code: str, filename: str) -> types.CodeType:
        report.remember_source(filename, code)
        try:
            tree = ast.parse(code, filename, type_comments=False)
        except (ValueError, UnicodeError) as exc:
            raise SyntaxError(str(exc)) from None
        self._flags |= _future_flags(tree)
        last = tree.body[-1] if tree.body else None
        self.dialect.restrict(tree)
        if isinstance(last, ast.Expr) and tree.body[-1] is last:
            call = ast.Call(ast.Name(LAST, ast.Load()), [last.value], [])
            last.value = ast.copy_location(call, last.value)
            ast.fix_missing_locations(last)
        return compile(tree, filename, "exec", flags=self._flags, dont_inherit=True)

    def _set_last(self, value: Any) -> None:
        self._last = value

    def _finish(self, result: dict[str, Any], limit: int) -> None:
        """After the code: threads, the value, figures, all of which may run code of the program's."""
        if (alive := _threads()) > 0:
            result.clear()
            result |= _failed("limit", "LimitError", f"{alive} thread(s) still run at the end of the turn; join them")
            return
        if result["status"] == "ok" and self._last is not None:
            self.namespace["_"] = self._last
            result["value"] = report.shorten(repr(self._last), limit)
            if rich := report.rich(self._last, 8 * limit):
                result["display"] = [{"text/plain": result["value"], **rich}]
        self._gallery.take()
        if self._gallery.dropped:
            print(f"mtchat: {self._gallery.dropped} figure(s) over the limit were left out", file=sys.stderr)

    def _ended(self, exc: BaseException, filename: str) -> dict[str, Any]:
        if isinstance(exc, SystemExit) and exc.code in (None, 0):
            return {"status": "ok"}
        if isinstance(exc, PolicyError):
            refusal = report.error(exc, filename)
            line = refusal["line"] = exc.line or refusal["line"]
            refusal["type"] = "PolicyError"
            refusal["message"] = f"line {line}: {refusal['message']}" if line else refusal["message"]
            return {"status": "denied", "error": refusal}
        error = report.error(exc, filename)
        if isinstance(exc, MemoryError):
            limit = f"more than the limit of {self._memory >> 20} MiB (--memory raises it)"
            error["message"] = error["message"] or limit
            return {"status": "memory", "error": error}
        return {"status": "error", "error": error}

    def _after_import(self) -> None:
        """What a newly imported library needs before the program sees it."""
        self._gallery.adopt_pyplot()
        numpy_random: Any = sys.modules.get("numpy.random")
        if not self._numpy_seeded and hasattr(numpy_random, "seed"):
            self._numpy_seeded = True
            if self._seed is not None:
                numpy_random.seed(self._seed % (1 << 32))
        self.dialect.after_import()

    def _input(self, prompt: Any = "", /) -> str:
        """`input()`: whoever started the sandbox answers; EOFError when nobody does."""
        sys.stdout.flush()
        answer = self.ask(str(prompt))
        if answer is None:
            raise EOFError("EOF when reading a line")
        return answer

    # Looking

    def variables(self) -> list[dict[str, Any]]:
        names = [name for name in self.namespace if name not in _HIDDEN and not name.startswith(("$", "_"))]
        return [report.variable(name, self.namespace[name]) for name in names[:MAX_VARIABLES]]

    def attributes(self, path: list[str]) -> list[dict[str, Any]]:
        """What the value that `path` leads to has; nothing where it leads nowhere."""
        try:
            value = self.namespace[path[0]]
            for name in path[1:]:
                value = getattr(value, name)
        except Exception:
            return []
        return report.attributes(value)


def _failed(status: str, kind: str, message: str) -> dict[str, Any]:
    error = {"type": kind, "message": message, "line": None, "traceback": f"{kind}: {message}\n"}
    return {"status": status, "error": error}


def _future_flags(tree: ast.Module) -> int:
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags


def _threads() -> int:
    """Threads still alive once those that a script would wait for have ended."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon and not _is_pool(thread):
            thread.join()
    return threading.active_count() - 1


def _is_pool(thread: threading.Thread) -> bool:
    """A pool's idle thread never ends by itself."""
    return thread.name.startswith(("ThreadPoolExecutor", "asyncio_"))


_streams: dict[str, io.TextIOWrapper] = {}


def fresh_streams() -> None:
    """stdout and stderr for one run: line by line, whatever the text holds. Ends earlier turns' redirections."""
    for name, fd in (("stdout", 1), ("stderr", 2)):
        if _is_sound(_streams.get(name)):
            setattr(sys, name, _streams[name])
            continue
        raw = io.FileIO(fd, "w", closefd=False)
        stream = io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "backslashreplace", "\n", line_buffering=True)
        _streams[name] = stream
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _is_sound(stream: io.TextIOWrapper | None) -> bool:
    """Whether a program has left a stream as it was."""
    try:
        return stream is not None and not stream.closed and stream.line_buffering
    except ValueError:  # detached
        return False


def flush_streams() -> None:
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            continue
