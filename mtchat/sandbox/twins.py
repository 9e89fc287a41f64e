"""Guarded twins of what the standard library and pandas do with a name or an expression in a string.

Knows `str.format`, `operator.attrgetter`, `functools.wraps`, `timeit`, `DataFrame.query` and their kin. Leaves to
others: the rule for attributes (`guards`), the builtins (`builtin`).
"""

import _string  # type: ignore[import-not-found]
import collections
import functools
import operator
import string
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from mtchat.sandbox.guards import Guards
from mtchat.sandbox.names import PolicyError
from mtchat.sandbox.own import exact

_BY_METHOD_NAME = frozenset({"agg", "aggregate", "apply", "transform"})


class Twins:
    """The twins of one program's guards."""

    def __init__(self, guards: Guards) -> None:
        self._guards = guards

    def install(self) -> None:
        """Give programs the twin wherever they would reach the original."""
        guards = self._guards
        guards.twins = self
        guards.replace(operator.attrgetter, _attrgetter(guards))
        guards.replace(operator.methodcaller, _methodcaller(guards))
        update_wrapper, wraps = _wrapping(guards)
        guards.replace(functools.update_wrapper, update_wrapper)
        guards.replace(functools.wraps, wraps)
        setattr(string.Formatter, "get_field", _get_field(guards))  # noqa: B010  where libraries use it, too
        for name in ("format", "format_map"):
            setattr(collections.UserString, name, self._of_user_string(name))
        guards.when("timeit", self._timeit)

    def _timeit(self, timeit: Any) -> None:
        for original in (timeit.timeit, timeit.repeat, timeit.Timer):
            self._guards.replace(original, _callables_only(original))

    def _of_user_string(self, name: str) -> Callable[..., str]:
        def method(self: Any, *args: Any, **kwargs: Any) -> str:
            return made(exact(self.data), name)(*args, **kwargs)

        made = self.format
        return method

    def format(self, obj: Any, name: str) -> Callable[..., str]:
        """`str.format` or `str.format_map`, of a template or of the class."""
        formatter = string.Formatter()

        def safe_format(template: str, *args: Any, **kwargs: Any) -> str:
            template = exact(template)
            if "." not in template and "[" not in template:
                return str.format(template, *args, **kwargs)
            return str(formatter.vformat(template, args, kwargs))

        def safe_format_map(template: str, mapping: Any) -> str:
            return str(formatter.vformat(exact(template), (), mapping))

        method: Callable[..., str] = safe_format if name == "format" else safe_format_map
        return functools.partial(method, obj) if isinstance(obj, str) else method

    def pandas(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        """`query` and `eval` without a way out of the expression; `agg` and its kin without private methods."""
        check = _check_method_name if name in _BY_METHOD_NAME else _check_expression

        @functools.wraps(method)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            for text in _strings((args, kwargs)):
                check(exact(text))
            return method(*args, **kwargs)

        return hide_original(guarded)


def _get_field(guards: Guards) -> Callable[..., Any]:
    def get_field(self: string.Formatter, field_name: str, args: Any, kwargs: Any) -> Any:
        """`{a.b}`, where `b` is asked of `a` by the guards."""
        first, rest = _string.formatter_field_name_split(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = guards.special(value, key) if is_attribute else value[key]
        return value, first

    return get_field


def _check_method_name(text: str) -> None:
    if text.startswith("_"):
        raise PolicyError(f"the private method '{text}' is not allowed in the sandbox")


def _check_expression(text: str) -> None:
    if "__" in text or ("@" in text and "." in text.partition("@")[2]):
        raise PolicyError("an expression for pandas may not use '__' or attributes of '@' names in the sandbox")


def pandas_eval(original: Callable[..., Any]) -> Callable[..., Any]:
    """`pandas.eval`, by the same rule as `DataFrame.eval`."""

    @functools.wraps(original)
    def guarded(expr: Any, *args: Any, **kwargs: Any) -> Any:
        _check_expression(exact(expr))
        return original(expr, *args, **kwargs)

    return hide_original(guarded)


def _attrgetter(guards: Guards) -> type:
    class attrgetter:
        def __init__(self, *names: str) -> None:
            self._names = [exact(name).split(".") for name in names]

        def __call__(self, obj: Any) -> Any:
            values = tuple(functools.reduce(guards.special, path, obj) for path in self._names)
            return values[0] if len(values) == 1 else values

    return attrgetter


def _methodcaller(guards: Guards) -> type:
    class methodcaller:
        def __init__(self, name: str, /, *args: Any, **kwargs: Any) -> None:
            self._name, self._args, self._kwargs = exact(name), args, kwargs

        def __call__(self, obj: Any) -> Any:
            return guards.special(obj, self._name)(*self._args, **self._kwargs)

    return methodcaller


def _wrapping(guards: Guards) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """`functools.update_wrapper` and `wraps`, which write to the wrapper: that must be the program's to change."""

    def update_wrapper(wrapper: Any, wrapped: Any, assigned: Any = None, updated: Any = None) -> Any:
        if assigned is not None or updated is not None:
            raise PolicyError("functools.wraps takes no 'assigned' or 'updated' in the sandbox")
        guards.check_write(wrapper, "__module__")
        return functools.update_wrapper(wrapper, wrapped)

    def wraps(wrapped: Any, assigned: Any = None, updated: Any = None) -> Any:
        return functools.partial(update_wrapper, wrapped=wrapped, assigned=assigned, updated=updated)

    return update_wrapper, wraps


def hide_original(twin: Any) -> Any:
    """`functools.wraps` leaves the way back to what it wraps."""
    del twin.__wrapped__
    return twin


def _callables_only(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def guarded(stmt: Any = "pass", setup: Any = "pass", *args: Any, **kwargs: Any) -> Any:
        for given in (stmt, setup):
            if isinstance(given, str) and exact(given) != "pass":
                raise PolicyError("timeit takes functions, not source text, in the sandbox")
        return original(stmt, setup, *args, **{k: v for k, v in kwargs.items() if k != "globals"})

    return hide_original(guarded)


def refused(name: str) -> Callable[..., NoReturn]:
    """A function that may be named but not called."""

    def refused(*args: Any, **kwargs: Any) -> NoReturn:
        raise PolicyError(f"{name}() is not allowed in the sandbox")

    refused.__name__ = name
    return refused


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
