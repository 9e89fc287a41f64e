"""Whether code does what reference code does: both run, and their effects are compared.

Knows: guarded in-process execution (imports from a short list, no files, a time limit), equality of states. It is a
measure for
evaluation, not a sandbox: that is `mtchat.sandbox`. Leaves to others: where code comes from (`evaluate`).
"""

from __future__ import annotations

import builtins
import contextlib
import io
import re
import types
from collections.abc import Iterable
from typing import Any

from mtchat.train.corpus.limits import limited, ready

ALLOWED = frozenset(
    "math random re json string itertools collections datetime numpy functools statistics operator pandas sklearn matplotlib csv io heapq bisect dataclasses calendar fractions html xml".split()  # noqa: SIM905, E501
)
EMPTY = frozenset(("os", "sys", "time"))  # a prefix may import these; nothing that we evaluate needs what is in them
REFUSED = frozenset(["open", "exec", "eval", "compile", "input", "breakpoint", "exit", "quit", "help"])
PROBES: tuple[tuple[Any, ...], ...] = (
    *((n,) for n in (0, 1, 2, 7, 12, 15, 100, 1900, -3)),
    *((text,) for text in ("level", "Hello big world", "")),
    *((2, 3), (12, 18), (3, 3), ("ab", 3), ("x", "y"), ([4, 5, 6], 5)),
    *((5, 1, 9), (3, 4, 5)),
    *(([3, 1, 2, 2],), ([10, 25, 7, -4, 8],), (["pear", "fig", "Apple", "fig"],), ({"a": 3, "b": 1},)),
)


def _import(name: str, *rest: Any, **named: Any) -> Any:
    if name in EMPTY:
        return types.ModuleType(name)
    if name.split(".")[0] not in ALLOWED:
        raise ImportError(name)
    return builtins.__import__(name, *rest, **named)


def namespace() -> dict[str, Any]:
    """A fresh namespace for programs under evaluation."""
    safe = {name: value for name, value in vars(builtins).items() if name not in REFUSED}
    return {"__builtins__": {**safe, "__import__": _import}, "__name__": "__main__"}


def execute(code: str, space: dict[str, Any]) -> tuple[str, str]:
    """Run code in `space`: its standard output, and the name of the exception it raised ("" if none).

    Modules load before the clock starts: what is right must not depend on the disk.
    """
    with contextlib.suppress(Exception):
        ready("\n".join(line for line in code.split("\n") if (m := _IMPORT.match(line)) and m[1] in ALLOWED))
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out), limited(1.0):
            exec(compile(code, "<turn>", "exec"), space)
    except (Exception, SystemExit) as error:
        return out.getvalue(), type(error).__name__
    return out.getvalue(), ""


def replay(prefix: str, codes: Iterable[str]) -> dict[str, Any] | None:
    """A namespace in which `prefix` and `codes` have run; None where one of them failed."""
    space = namespace()
    for code in (prefix, *codes):
        if execute(code, space)[1]:
            return None
    return space


def same_effect(
    prefix: str,
    before: list[str],
    reference: str,
    written: str,
    targets: tuple[str, ...] | None = None,
    named: bool = True,
) -> bool:
    """Whether `written` prints the same as `reference`, from the same state, and leaves the same variables.

    With `targets` only those variables count (a loop's leftover does not); where the intent named none (`named` false)
    any new variable of the right value will do. Where the reference fails here, nothing but itself is right.
    """
    if written.strip() == reference.strip():
        return True
    one, two = replay(prefix, before), replay(prefix, before)
    if one is None or two is None:
        return False
    known = set(two)
    out_one, error_one = execute(reference, one)
    out_two, error_two = execute(written, two)
    if error_one or error_two or not same_output(out_one, out_two):
        return False
    if targets is None:
        return same_state(one, two)
    if named:
        return all(name in two and same_value(one.get(name), two[name]) for name in targets)
    fresh = [value for name, value in two.items() if name not in known]
    return all(any(same_value(one.get(name), value) for value in fresh) for name in targets)


def same_output(a: str, b: str) -> bool:
    """Equal texts, or texts that are equal but for the order in which a set of plain values is written."""
    return a == b or _SET.sub(_in_order, a) == _SET.sub(_in_order, b)


_IMPORT = re.compile(r"\s*(?:import|from) (\w+)")
_SET = re.compile(r"\{([^{}:\n]+)\}")


def _in_order(found: re.Match[str]) -> str:
    return "{" + ", ".join(sorted(found[1].split(", "))) + "}"


def same_state(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether two namespaces hold the same names with equal values."""
    names = {n for n in one if not n.startswith("__")}
    return names == {n for n in two if not n.startswith("__")} and all(same_value(one[n], two[n]) for n in names)


def same_value(a: Any, b: Any) -> bool:
    """Equality, with functions compared on probes and instances by their attributes."""
    if isinstance(a, types.FunctionType) and isinstance(b, types.FunctionType):
        return same_function(a, b)
    if isinstance(a, types.ModuleType) and isinstance(b, types.ModuleType):
        return a.__name__ == b.__name__
    if isinstance(a, type) and isinstance(b, type):
        return a.__name__ == b.__name__ and same_class(a, b)
    if type(a).__module__ == "__main__" and type(b).__module__ == "__main__":
        return bool(vars(a) == vars(b))
    if type(a).__module__.split(".")[0] in ("numpy", "pandas") and type(a) is type(b):
        return repr(a) == repr(b)
    with contextlib.suppress(Exception):
        return type(a) is type(b) and bool(a == b)
    return False


def same_class(a: type, b: type) -> bool:
    """Same methods with the same bytecode."""
    methods = {n: f for n, f in vars(a).items() if isinstance(f, types.FunctionType)}
    others = {n: f for n, f in vars(b).items() if isinstance(f, types.FunctionType)}
    return methods.keys() == others.keys() and all(
        methods[n].__code__.co_code == others[n].__code__.co_code for n in methods
    )


def same_function(a: types.FunctionType, b: types.FunctionType) -> bool:
    """Same number of parameters and the same result, exception or output on every probe (one at least returns)."""
    if a.__code__.co_argcount != b.__code__.co_argcount:
        return False
    probes = [p for p in PROBES if len(p) == a.__code__.co_argcount] or [()]
    results = [(observe(a, p), observe(b, p)) for p in probes]
    return all(x == y for x, y in results) and any(not x[2] for x, _ in results)


def observe(function: types.FunctionType, arguments: tuple[Any, ...]) -> tuple[str, str, str]:
    """What a call gives (as text), prints, and raises."""
    import copy

    out, value = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(out), limited(0.5):
            value = repr(function(*copy.deepcopy(arguments)))
    except (Exception, SystemExit) as error:
        return "", out.getvalue(), type(error).__name__
    return value, out.getvalue(), ""
