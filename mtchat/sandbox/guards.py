"""Guards: what restricted code calls instead of reading attributes and importing by itself.

Knows which objects may be reached from which: modules only if allowed, no interpreter internals, private attributes
only of what the program itself defined. Leaves to others: the syntax (`policy`), the lists (`allowlist`), the benign
builtins that wrap these guards (`builtin`). A refusal raises PolicyError before anything has happened.
"""

import _string  # type: ignore[import-not-found]
import collections.abc
import functools
import operator
import string
import sys
import types
from collections.abc import Callable
from typing import Any

from mtchat.sandbox.allowlist import DENIED_ORIGINS, HIDDEN_NAMES, ONLY, Imports
from mtchat.sandbox.policy import PolicyError, is_dunder, is_plain, refused_attribute

MAIN = "__main__"
_MODULE_DUNDERS = frozenset({"__name__", "__doc__", "__version__", "__all__", "__author__"})
_INTERNALS = (types.ModuleType, types.FrameType, types.CodeType)
_NAMEDTUPLE = frozenset({"_asdict", "_replace", "_fields", "_make", "_field_defaults", "_repr_html_"})
_PANDAS_NAMERS = frozenset({"agg", "aggregate", "apply", "transform"})


def is_own(obj: Any) -> bool:
    """Whether the program itself defined `obj` (a class, a function) or its class."""
    if isinstance(obj, type | types.FunctionType):
        return getattr(obj, "__module__", None) == MAIN
    cls = type(obj)
    return cls is super or getattr(cls, "__module__", None) == MAIN


class Guards:
    """The guards of one program. `replacements` maps the id of an object to what programs get instead of it."""

    def __init__(self, imports: Imports, on_import: Callable[[], None]) -> None:
        self.imports = imports
        self.replacements: dict[int, Any] = {}
        self._kept: list[Any] = []
        self._approved: set[tuple[str, str]] = set()
        self._on_import = on_import

    def replace(self, original: Any, replacement: Any) -> None:
        self._kept.append(original)
        self.replacements[id(original)] = replacement

    # Reading

    def plain(self, obj: Any, name: str) -> Any:
        """`obj.name` for a name that says nothing by itself (no underscore, nothing watched)."""
        value = getattr(obj, name)
        if isinstance(obj, types.ModuleType):
            return self.member(obj, name, value)
        if isinstance(value, _INTERNALS):
            self.check_value(value)
        return value

    def special(self, obj: Any, name: str) -> Any:
        """`obj.name` for any name."""
        if (why := refused_attribute(name)) is not None:
            raise PolicyError(why)
        if is_plain(name):
            return self.plain(obj, name)
        if isinstance(obj, types.ModuleType):
            self._check_module_name(obj, name)
            return getattr(obj, name)
        if not name.startswith("_"):
            return self._watched(obj, name)
        if is_dunder(name):
            return self._dunder(obj, name)
        if not (is_own(obj) or name in _NAMEDTUPLE):
            raise PolicyError(f"the private attribute '{name}' of {_what(obj)} is not allowed in the sandbox")
        return self.plain(obj, name)

    def check_value(self, value: Any) -> None:
        if isinstance(value, types.ModuleType):
            if (why := self.imports.refusal(value.__name__)) is not None:
                raise PolicyError(why)
        elif isinstance(value, _INTERNALS):
            raise PolicyError(f"{type(value).__name__} objects are out of reach in the sandbox")

    def member(self, module: types.ModuleType, name: str, value: Any) -> Any:
        """`value`, which is `module.name`, if a program may have it."""
        key = (module.__name__, name)
        if key in self._approved:
            return self.replacements.get(id(value), value)
        self.check_value(module)
        only = ONLY.get(key[0])
        if (only is not None and name not in only) or name in HIDDEN_NAMES.get(key[0], ()):
            raise PolicyError(f"'{key[0]}.{name}' is not allowed in the sandbox")
        self.check_value(value)
        if id(value) in self.replacements:
            value = self.replacements[id(value)]
        elif (
            callable(value)
            and not isinstance(value, types.ModuleType)
            and getattr(value, "in_sandbox", None) is not True
        ):
            self._check_origin(key, value)
        self._approved.add(key)
        if name == "random":
            self._on_import()
        return value

    def _check_origin(self, key: tuple[str, str], value: Any) -> None:
        origin = getattr(value, "__module__", None)
        if isinstance(origin, str) and origin.partition(".")[0] in DENIED_ORIGINS:
            raise PolicyError(f"'{key[0]}.{key[1]}' is not allowed in the sandbox (it belongs to '{origin}')")

    def _check_module_name(self, module: types.ModuleType, name: str) -> None:
        self.check_value(module)
        if name not in _MODULE_DUNDERS and not (module.__name__ == MAIN):
            raise PolicyError(f"'{module.__name__}.{name}' is private and not allowed in the sandbox")

    def _dunder(self, obj: Any, name: str) -> Any:
        if name == "__dict__" and not is_own(obj):
            raise PolicyError(f"'__dict__' of {_what(obj)} is not allowed in the sandbox")
        value = getattr(obj, name)
        if name in ("__getattribute__", "__setattr__", "__delattr__"):
            return self._named(value, name)
        self.check_value(value)
        return value

    def _named(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        """`object.__getattribute__` and its kin, with the attribute's name looked at."""

        def guarded(*args: Any) -> Any:
            at = -2 if name == "__setattr__" else -1
            if not isinstance(args[at], str):
                raise TypeError("attribute name must be string")
            if name != "__getattribute__":
                if len(args) + at > 0:
                    self.check_write(args[0], args[at])
                elif (why := refused_attribute(args[at])) is not None:
                    raise PolicyError(why)
                return real(*args)
            obj = args[0] if len(args) > 1 else getattr(real, "__self__", None)
            self.special(obj, args[at]) if not is_own(obj) else None
            if (why := refused_attribute(args[at])) is not None:
                raise PolicyError(why)
            value = real(*args)
            self.check_value(value)
            return value

        return guarded

    # Methods that take a name or an expression in a string

    def _watched(self, obj: Any, name: str) -> Any:
        if isinstance(obj, str) or (isinstance(obj, type) and issubclass(obj, str)):
            return self._format(obj, name) if name in ("format", "format_map") else getattr(obj, name)
        value = self.plain_value(obj, name)
        origin = getattr(type(obj), "__module__", "") or ""
        if origin.partition(".")[0] != "pandas" and not _is_pandas(obj):
            return value
        return self._pandas(value, name in _PANDAS_NAMERS) if callable(value) else value

    def plain_value(self, obj: Any, name: str) -> Any:
        value = getattr(obj, name)
        self.check_value(value)
        return value

    def _format(self, obj: Any, name: str) -> Callable[..., str]:
        formatter = SafeFormatter(self)

        def safe_format(template: str, *args: Any, **kwargs: Any) -> str:
            if "." not in template and "[" not in template:
                return str.format(template, *args, **kwargs)
            return formatter.vformat(template, args, kwargs)

        def safe_format_map(template: str, mapping: Any) -> str:
            return formatter.vformat(template, (), mapping)

        method: Callable[..., str] = safe_format if name == "format" else safe_format_map
        return functools.partial(method, obj) if isinstance(obj, str) else method

    def _pandas(self, method: Callable[..., Any], namer: bool) -> Callable[..., Any]:
        @functools.wraps(method)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            for text in _strings((args, kwargs)):
                if namer and text.startswith("_"):
                    raise PolicyError(f"the private method '{text}' is not allowed in the sandbox")
                if not namer and ("__" in text or ("@" in text and "." in text.partition("@")[2])):
                    raise PolicyError("an expression for pandas may not use '__' or attributes of '@' names")
            return method(*args, **kwargs)

        return guarded

    # Writing

    def write(self, obj: Any, name: str) -> Any:
        """`obj`, about to get or lose the attribute `name`."""
        if is_plain(name) and not isinstance(obj, type | types.ModuleType):
            return obj
        self.check_write(obj, name)
        return obj

    def check_write(self, obj: Any, name: str) -> None:
        if (why := refused_attribute(name)) is not None:
            raise PolicyError(why)
        if isinstance(obj, types.ModuleType) and obj.__name__ != MAIN:
            raise PolicyError(f"the module '{obj.__name__}' cannot be changed in the sandbox")
        if isinstance(obj, type) and not is_own(obj) and type(obj).__setattr__ is type.__setattr__:
            raise PolicyError(f"the class '{obj.__name__}' cannot be changed in the sandbox")
        if name.startswith("_") and not is_own(obj) and not isinstance(obj, BaseException | functools.partial):
            raise PolicyError(f"the private attribute '{name}' of {_what(obj)} is not allowed in the sandbox")

    def augment(self, obj: Any, name: str) -> "Augmented":
        return Augmented(self, obj, name)

    # match

    def subject(self, obj: Any) -> Any:
        self.check_value(obj)
        if isinstance(obj, types.ModuleType):
            raise PolicyError("a module cannot be matched in the sandbox")
        return obj

    def captured(self, *values: Any) -> bool:
        for value in values:
            self.check_value(value)
        return True

    # Importing

    def import_(self, name: str, leaf: bool) -> Any:
        """`import name` (the root package), or `import name as …` (the leaf)."""
        module = self._imported(name)
        return module if leaf else sys.modules[name.partition(".")[0]]

    def from_(self, module: str, name: str) -> Any:
        found = self._imported(module)
        try:
            value = getattr(found, name)
        except AttributeError:
            if not hasattr(found, "__path__") or self.imports.refusal(f"{module}.{name}"):
                raise ImportError(f"cannot import name '{name}' from '{module}'", name=module) from None
            return self._imported(f"{module}.{name}")
        if is_plain(name):
            return self.member(found, name, value)
        return self.special(found, name)

    def star(self, module: str) -> None:
        found = self._imported(module)
        names = getattr(found, "__all__", None) or [name for name in vars(found) if not name.startswith("_")]
        namespace = sys._getframe(1).f_globals
        for name in names:
            try:
                namespace[name] = self.from_(module, name)
            except PolicyError:
                continue  # a star takes what it may have

    def _imported(self, name: str) -> types.ModuleType:
        if (why := self.imports.refusal(name)) is not None:
            raise PolicyError(why)
        try:
            __import__(name)
        except ModuleNotFoundError as error:
            raise error.with_traceback(None) from None
        self._on_import()
        return sys.modules[name]


class Augmented:
    """The target of `obj.name += …`, read once and written once."""

    def __init__(self, guards: Guards, obj: Any, name: str) -> None:
        self._guards, self._obj, self._name = guards, guards.write(obj, name), name

    @property
    def value(self) -> Any:
        return self._guards.special(self._obj, self._name)

    @value.setter
    def value(self, value: Any) -> None:
        setattr(self._obj, self._name, value)


class SafeFormatter(string.Formatter):
    """`str.format` whose `{a.b}` fields go through the guards."""

    guards: Guards

    def __init__(self, guards: Guards | None = None) -> None:
        if guards is not None:
            self.guards = guards

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        first, rest = _string.formatter_field_name_split(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = self.guards.special(value, key) if is_attribute else value[key]
        return value, first


def attrgetter(guards: Guards) -> type:
    class attrgetter:
        def __init__(self, *names: str) -> None:
            self._names = names

        def __call__(self, obj: Any) -> Any:
            values = tuple(functools.reduce(guards.special, name.split("."), obj) for name in self._names)
            return values[0] if len(values) == 1 else values

    return attrgetter


def methodcaller(guards: Guards) -> type:
    class methodcaller:
        def __init__(self, name: str, /, *args: Any, **kwargs: Any) -> None:
            self._name, self._args, self._kwargs = name, args, kwargs

        def __call__(self, obj: Any) -> Any:
            return guards.special(obj, self._name)(*self._args, **self._kwargs)

    return methodcaller


def update_wrapper(wrapper: Any, wrapped: Any, assigned: Any = None, updated: Any = None) -> Any:
    if assigned is not None or updated is not None:
        raise PolicyError("functools.wraps takes no 'assigned' or 'updated' in the sandbox")
    return functools.update_wrapper(wrapper, wrapped)


def wraps(wrapped: Any, assigned: Any = None, updated: Any = None) -> Any:
    return functools.partial(update_wrapper, wrapped=wrapped, assigned=assigned, updated=updated)


def install_replacements(guards: Guards) -> None:
    """The standard library's own ways to an attribute by name, each with its guarded twin."""
    formatter = type("Formatter", (SafeFormatter,), {"guards": guards, "__module__": "string"})
    guards.replace(operator.attrgetter, attrgetter(guards))
    guards.replace(operator.methodcaller, methodcaller(guards))
    guards.replace(functools.update_wrapper, update_wrapper)
    guards.replace(functools.wraps, wraps)
    guards.replace(string.Formatter, formatter)


def _strings(value: Any) -> collections.abc.Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


def _is_pandas(obj: Any) -> bool:
    mro = type(obj).__mro__ if not isinstance(obj, type) else obj.__mro__
    return any((getattr(cls, "__module__", None) or "").startswith("pandas.") for cls in mro)


def _what(obj: Any) -> str:
    return f"the class '{obj.__name__}'" if isinstance(obj, type) else f"a '{type(obj).__name__}'"
