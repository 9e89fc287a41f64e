"""How a program's result is put into words: errors without our frames, values, variables.

Knows tracebacks and reprs. Runs in the worker, while the program's limits hold, since a repr is the program's own
code. Leaves to others: running (`program`) and what statuses mean (`program`).
"""

import base64
import inspect
import linecache
import traceback
import types
from typing import Any

from mtchat.sandbox import tables
from mtchat.sandbox.protocol import MAX_MESSAGE, MAX_NAME, MAX_TEXT, clean

_SHORT = 120
MOST_FRAMES, KEPT_FRAMES = 30, 10
"""Of a longer traceback so many frames are kept at each end."""


def shorten(text: str, limit: int) -> str:
    """`text` cut to about `limit` characters, with a word about how much is missing."""
    text = clean(text)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit} more characters)"


def remember_source(filename: str, source: str) -> None:
    """So that tracebacks show the lines of this turn, also in later ones (their carets count on a last newline)."""
    source = source if source.endswith("\n") else source + "\n"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)


def error(exc: BaseException, filename: str) -> dict[str, Any]:
    """The fields of a ProgramError. `filename` is the turn that ran; older turns' frames are shown too."""
    return {
        "type": shorten(type(exc).__name__, MAX_NAME),
        "message": shorten(_message(exc), MAX_MESSAGE),
        "line": _line(exc, filename),
        "traceback": shorten(_traceback(exc), MAX_TEXT),
    }


def _message(exc: BaseException) -> str:
    try:
        if isinstance(exc, SyntaxError):
            return str(exc.msg)
        return str(exc)
    except Exception:
        return "(the exception's own __str__ failed)"


def _line(exc: BaseException, filename: str) -> int | None:
    line = None
    tb: types.TracebackType | None = exc.__traceback__
    while tb is not None:
        if tb.tb_frame.f_code.co_filename == filename:
            line = tb.tb_lineno
        tb = tb.tb_next
    if isinstance(exc, SyntaxError) and exc.filename == filename:
        return exc.lineno
    return line


def _traceback(exc: BaseException) -> str:
    try:
        report = traceback.TracebackException.from_exception(exc, compact=True)
        _strip(report, set())
        return "".join(report.format())
    except Exception as failure:
        return f"{type(exc).__name__}: {_message(exc)}\n(no traceback: {type(failure).__name__})\n"


class _Frames(traceback.StackSummary):
    """Frames of which a long row is printed without its middle: functions that call each other for ever."""

    def format(self, **options: Any) -> list[str]:
        lines = super().format(**options)
        if len(lines) <= MOST_FRAMES:
            return lines
        left = len(lines) - 2 * KEPT_FRAMES
        return [*lines[:KEPT_FRAMES], f"  [{left} more frames]\n", *lines[-KEPT_FRAMES:]]


def _strip(report: traceback.TracebackException, seen: set[int]) -> None:
    """Keep only frames of turns, here and in the exceptions this one came from."""
    if id(report) in seen:
        return
    seen.add(id(report))
    frames = [frame for frame in report.stack if frame.filename.startswith("<turn")]
    report.stack = _Frames(frames)
    for other in (report.__cause__, report.__context__, *(getattr(report, "exceptions", None) or ())):
        if other is not None:
            _strip(other, seen)


def rich(value: Any, limit: int) -> dict[str, str]:
    """What the value shows of itself in a notebook, by MIME type: HTML, or a PNG in base64; and a table cell by cell.

    Over `limit`: nothing.
    """
    kind, shown = type(value), {}
    if (method := getattr(kind, "_repr_html_", None)) is not None and isinstance(text := method(value), str):
        shown["text/html"] = clean(text)
    if (method := getattr(kind, "_repr_png_", None)) is not None and isinstance(data := method(value), bytes):
        shown["image/png"] = base64.b64encode(data).decode("ascii")
    if (table := tables.describe(value)) is not None:
        shown[tables.MIME] = clean(table)
    return {mime: text for mime, text in shown.items() if len(text) <= limit}


def variable(name: str, value: Any) -> dict[str, Any]:
    kind = type(value).__name__
    try:
        text = f"<{kind}>" if _is_huge(value) else shorten(repr(value), _SHORT)
    except Exception as failure:
        text = f"<repr failed: {type(failure).__name__}>"
    return {"name": shorten(name, MAX_NAME), "type": shorten(kind, MAX_NAME), "repr": text, "size": _size(value)}


def attributes(value: Any) -> list[dict[str, Any]]:
    """The public names of `value`, as `Variable`s: what its class says of each, none of the program's code run."""
    try:
        names = [name for name in dir(value) if isinstance(name, str) and name.isidentifier() and name[0] != "_"]
    except Exception:
        return []
    return [_attribute(value, name) for name in names[:MOST_ATTRIBUTES]]


def _attribute(value: Any, name: str) -> dict[str, Any]:
    raw = inspect.getattr_static(value, name, None)
    doc = getattr(raw, "__doc__", None) if raw is not None and _says(raw) else None
    said = next((line.strip() for line in doc.splitlines() if line.strip()), "") if isinstance(doc, str) else ""
    kind = _ATTRIBUTES.get(type(raw).__name__, type(raw).__name__) if raw is not None else ""
    return {"name": shorten(name, MAX_NAME), "type": shorten(kind, MAX_NAME), "repr": said[:_SHORT], "size": None}


def _says(raw: Any) -> bool:
    """Whether its docstring is its own, not that of its type."""
    return callable(raw) or isinstance(raw, property | classmethod | staticmethod)


MOST_ATTRIBUTES = 500
_ATTRIBUTES = {"method_descriptor": "method", "wrapper_descriptor": "method", "builtin_function_or_method": "function"}
_ATTRIBUTES |= {"classmethod_descriptor": "method", "getset_descriptor": "value", "member_descriptor": "value"}


def _is_huge(value: Any) -> bool:
    """Whether a repr would take long: plain containers show their size instead."""
    return isinstance(value, list | tuple | dict | set | frozenset) and len(value) > 10_000


def _size(value: Any) -> str | None:
    if isinstance(value, type | types.ModuleType):
        return None
    try:
        shape = getattr(value, "shape", None)
        if isinstance(shape, tuple) and shape:
            return "×".join(str(int(each)) for each in shape[:8])
        return str(len(value)) if hasattr(value, "__len__") else None
    except Exception:
        return None
