"""Guards: what restricted code calls instead of reading attributes and importing by itself.

Knows which objects may be reached from which: modules only if allowed and only as façades, no interpreter internals,
private attributes only of what the program itself defined. Leaves to others: the syntax (`policy`), the lists
(`allowlist`), the benign builtins that wrap these guards (`builtin`), the short ways through them (`hot`). A refusal
raises PolicyError before anything has happened.
"""

import functools
import gc
import sys
import types
from collections.abc import Callable
from typing import Any, Protocol

from mtchat.sandbox import facade, tame
from mtchat.sandbox.allowlist import ALIASES, DENIED_ORIGINS, Imports
from mtchat.sandbox.curated import CURATED
from mtchat.sandbox.names import PolicyError, is_dunder, is_plain, refused_attribute
from mtchat.sandbox.own import GIVEN, exact, inherits_private, is_a, is_own

_MODULE_DUNDERS = frozenset({"__name__", "__doc__", "__version__", "__all__", "__author__"})
_INTERNALS = (types.ModuleType, types.FrameType, types.CodeType)
_WRITABLE = frozenset({("sys", "stdout"), ("sys", "stderr"), ("sys", "stdin")})
_OF_ITS_OWN = frozenset(f"__{name}__" for name in ("dict", "defaults", "kwdefaults", "wrapped", "getstate", "setstate"))
"""What the program may ask of its own things only: others keep modules and unguarded originals there."""
_BY_NAME = frozenset({"__getattribute__", "__setattr__", "__delattr__"})


class Twins(Protocol):
    """Guarded twins of methods that take a name or an expression in a string (`twins` has them)."""

    def format(self, obj: Any, name: str) -> Callable[..., str]: ...

    def pandas(self, method: Callable[..., Any], name: str) -> Callable[..., Any]: ...


class Guards:
    """The guards of one program. `replacements` maps the id of an object to what programs get instead of it."""

    twins: Twins

    def __init__(self, imports: Imports, on_import: Callable[[], None], fast: bool = False) -> None:
        self.imports = imports
        self.fast = fast
        """How what the program gives to eval and exec is restricted; its turns are the same (`policy`)."""
        self.replacements: dict[int, Any] = {}
        self._kept: list[Any] = []
        self.internal: set[type] = set(_INTERNALS)
        """Types of which no object is handed out unseen: modules of every kind, frames, code, and our own."""
        self._machinery: set[int] = set()
        self._awaited: dict[str, Callable[[Any], None]] = {}
        self.facade_type = facade.kind(self)
        self._facades: dict[int, types.ModuleType] = {}
        self._behind: dict[int, types.ModuleType] = {}
        self.named: dict[tuple[str, str], Any] = {}
        """What programs get for a name of a module, whatever is there."""
        self._on_import = on_import

    def replace(self, original: Any, replacement: Any) -> None:
        self._kept.append(original)
        self.replacements[id(original)] = replacement

    def hide(self, types: set[type]) -> None:
        """Types of which no object is handed out at all."""
        self.internal |= types
        self._machinery |= set(map(id, types))

    def when(self, module: str, install: Callable[[Any], None]) -> None:
        """`install(module)` before a program sees it: nothing is imported for the sake of replacing parts of it."""
        self._awaited[module] = install

    def settle(self) -> None:
        """Prepare for the program what has been imported since, by whomever."""
        tame.tame()
        for name in [name for name in self._awaited if tame.is_there(name)]:
            self._awaited.pop(name)(sys.modules[name])

    # Modules

    def facade(self, module: types.ModuleType) -> types.ModuleType:
        """What a program gets to hold of `module`."""
        if type(module) is self.facade_type:
            return module
        if id(module) not in self._facades:
            self.settle()
            made = facade.make(self.facade_type, module)
            self._facades[id(module)], self._behind[id(made)] = made, module
        return self._facades[id(module)]

    def real(self, made: types.ModuleType) -> types.ModuleType | None:
        return self._behind.get(id(made))

    def reach(self, made: types.ModuleType, name: str) -> Any:
        """A façade's attribute that it does not have yet."""
        name, module = exact(name), self._behind.get(id(made))
        if module is None or (is_dunder(name) and not hasattr(module, name)):
            title = types.ModuleType.__getattribute__(made, "__name__")
            raise AttributeError(f"module '{title}' has no attribute '{name}'", name=name, obj=made)
        self.check_read(module, name)
        missing: AttributeError | None = None
        try:
            value = getattr(module, name)
        except AttributeError as error:
            missing = AttributeError(str(error), name=name, obj=made)
        if missing is not None:
            raise missing  # from here, where it has no context: that would know the module itself
        if not name.startswith("_"):
            value = self.member(module, name, value)
        if facade.is_stable(value) or is_a(value, types.ModuleType):
            facade.contents(made)[name] = value
        return value

    def names(self, made: types.ModuleType) -> list[str]:
        """What dir() tells of a façade: the names that may be touched, as far as that can be told without touching."""
        module = self._behind.get(id(made))
        if module is None:
            return []
        own = [name for name in dir(module) if not name.startswith("_") or name in _MODULE_DUNDERS]
        return [name for name in own if self._may_be_named(module, name)]

    def _may_be_named(self, module: types.ModuleType, name: str) -> bool:
        value = vars(module).get(name)
        if name.startswith("_") or self.imports.trusts(module.__name__):
            return True
        try:
            if is_a(value, types.ModuleType):
                self._check_way(module, name, value)
                self.check_value(value)
        except PolicyError:
            return False
        return self.imports.name_refusal(module.__name__, name) is None

    # Reading

    def plain(self, obj: Any, name: str) -> Any:
        """`obj.name` for a name that says nothing by itself (no underscore, nothing watched)."""
        value = getattr(obj, name)
        if is_a(obj, types.ModuleType) and type(obj) is not self.facade_type:
            return self.member(obj, name, value)
        return self.check_value(value)

    def special(self, obj: Any, name: str) -> Any:
        """`obj.name` for any name."""
        self.check_read(obj, name)
        if is_plain(name) or (is_a(obj, types.ModuleType) and not name.startswith("_")):
            return self.plain(obj, name)
        if not name.startswith("_"):
            return self._watched(obj, name)
        value = self.check_value(getattr(obj, name))
        return self._named(value, name) if name in _BY_NAME else value

    def check_read(self, obj: Any, name: str) -> None:
        """Whether `obj` may be asked for `name`, whatever the answer."""
        if (why := refused_attribute(name)) is not None:
            raise PolicyError(why)
        if not name.startswith("_"):
            return
        if is_a(obj, types.ModuleType):
            if name not in _MODULE_DUNDERS:
                raise PolicyError(f"'{obj.__name__}.{name}' is private and not allowed in the sandbox")
        elif is_dunder(name):
            if name in _OF_ITS_OWN and not is_own(obj):
                raise PolicyError(f"'{name}' of {_what(obj)} is not allowed in the sandbox")
        elif name not in GIVEN and (not is_own(obj) or inherits_private(obj, name)):
            raise PolicyError(f"the private attribute '{name}' of {_what(obj)} is not allowed in the sandbox")

    def check_value(self, value: Any) -> Any:
        """`value` as a program may hold it."""
        if type(value) is self.facade_type:
            return value
        if id(type(value)) in self._machinery:
            raise PolicyError(f"{type(value).__name__} objects are out of reach in the sandbox")
        if not is_a(value, _INTERNALS):
            return value
        if not is_a(value, types.ModuleType):
            raise PolicyError(f"{type(value).__name__} objects are out of reach in the sandbox")
        if id(value) not in self._facades and (why := self.imports.refusal(value.__name__)) is not None:
            raise PolicyError(why)
        return self.facade(value)

    def member(self, module: types.ModuleType, name: str, value: Any) -> Any:
        """`value`, which is `module.name`, as a program may have it."""
        home = module.__name__
        if self.imports.trusts(home):
            return self.facade(value) if is_a(value, types.ModuleType) else value
        self.check_value(module)
        if (why := self.imports.name_refusal(home, name)) is not None:
            raise PolicyError(why)
        if (home, name) in self.named:
            return self.named[home, name]
        if id(value) in self.replacements:
            return self.replacements[id(value)]
        if is_a(value, _INTERNALS):
            self._check_way(module, name, value)
            value = self.check_value(value)
        elif callable(value) and self.imports.only(home) is None and getattr(value, "in_sandbox", None) is not True:
            self._check_origin((home, name), value)
        if name == "random":
            self._on_import()
        return value

    def _check_way(self, module: types.ModuleType, name: str, value: Any) -> None:
        """A module that is given in part is to be had by importing it, not as what another happens to use."""
        title = ALIASES.get(value.__name__, value.__name__) if is_a(value, types.ModuleType) else ""
        if title in CURATED and not title.startswith(module.__name__ + "."):
            raise PolicyError(f"'{module.__name__}.{name}' is not allowed in the sandbox (write 'import {title}')")

    def _check_origin(self, key: tuple[str, str], value: Any) -> None:
        origin = getattr(value, "__module__", None)
        if isinstance(origin, str) and origin.partition(".")[0] in DENIED_ORIGINS:
            raise PolicyError(f"'{key[0]}.{key[1]}' is not allowed in the sandbox (it belongs to '{origin}')")

    def _named(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        """`object.__getattribute__` and its kin, with the attribute's name looked at."""

        def setter(*args: Any) -> Any:
            at = len(args) - (2 if name == "__setattr__" else 1)
            arguments = [*args[:at], exact(args[at]), *args[at + 1 :]]
            self.check_write(args[0] if at else getattr(real, "__self__", None), arguments[at])
            return real(*arguments)

        def getter(*args: Any) -> Any:
            *before, asked = args
            asked = exact(asked)
            self.check_read(before[0] if before else getattr(real, "__self__", None), asked)
            return self._watched_value(self.check_value(real(*before, asked)), asked)

        return getter if name == "__getattribute__" else setter

    # Methods that take a name or an expression in a string

    def _watched(self, obj: Any, name: str) -> Any:
        if is_a(obj, str) or (is_a(obj, type) and issubclass(obj, str)):
            return self.twins.format(obj, name) if name in ("format", "format_map") else getattr(obj, name)
        value = self._watched_value(self.check_value(getattr(obj, name)), name)
        return self.twins.pandas(value, name) if _is_pandas(obj) and callable(value) else value

    def _watched_value(self, value: Any, name: str) -> Any:
        """`str.format` got by a detour: through super(), or by name."""
        template = getattr(value, "__self__", None) if is_a(value, types.BuiltinFunctionType) else None
        if name in ("format", "format_map") and (is_a(template, str) or value in (str.format, str.format_map)):
            return self.twins.format(str if template is None else template, name)
        return value

    # Writing

    def write(self, obj: Any, name: str) -> Any:
        """`obj`, about to get or lose the attribute `name`."""
        if is_plain(name) and not is_a(obj, (type, types.ModuleType)):
            return obj
        self.check_write(obj, name)
        return obj

    def check_write(self, obj: Any, name: str) -> None:
        if (why := refused_attribute(name)) is not None:
            raise PolicyError(why)
        if is_a(obj, types.ModuleType):
            if (obj.__name__, name) not in _WRITABLE:
                raise PolicyError(f"the module '{obj.__name__}' cannot be changed in the sandbox")
            return
        if is_a(obj, type) and not is_own(obj):
            raise PolicyError(f"the class '{obj.__name__}' cannot be changed in the sandbox")
        if name.startswith("_") and not is_own(obj) and not is_a(obj, (BaseException, functools.partial)):
            raise PolicyError(f"the private attribute '{name}' of {_what(obj)} is not allowed in the sandbox")

    def augment(self, obj: Any, name: str) -> Any:
        """`obj`, about to have its attribute `name` read and written."""
        self.special(obj, name)
        return self.write(obj, name)

    # match

    def subject(self, obj: Any) -> Any:
        self.check_value(obj)
        if is_a(obj, types.ModuleType):
            raise PolicyError("a module cannot be matched in the sandbox")
        return obj

    def captured(self, *values: Any) -> bool:
        for value in values:
            if type(value) is not self.facade_type and is_a(value, types.ModuleType):
                raise PolicyError(f"the module '{value.__name__}' cannot be captured by a pattern in the sandbox")
            self.check_value(value)
        return True

    # Importing

    def import_(self, name: str, leaf: bool) -> Any:
        """`import name` (the root package), or `import name as …` (the leaf)."""
        module = self._imported(name)
        return self.facade(module if leaf else sys.modules[name.partition(".")[0]])

    def from_(self, module: str, name: str) -> Any:
        found = self.facade(self._imported(module))
        try:
            return getattr(found, name)
        except AttributeError:
            if not hasattr(self._behind[id(found)], "__path__") or self.imports.refusal(f"{module}.{name}"):
                raise ImportError(f"cannot import name '{name}' from '{module}'", name=module) from None
            return self.facade(self._imported(f"{module}.{name}"))

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
            _import(name)
        except ModuleNotFoundError as error:
            raise error.with_traceback(None) from None
        self.settle()
        self._on_import()
        self.internal |= _kinds(types.ModuleType) - {self.facade_type}
        return sys.modules[name]


def _import(name: str) -> None:
    """Without the collector, which would look at everything again and again while a library is read."""
    collects = gc.isenabled()
    gc.disable()
    try:
        __import__(name)
    finally:
        if collects:
            gc.enable()


def _kinds(base: type) -> set[type]:
    return {base}.union(*map(_kinds, base.__subclasses__()))


def _is_pandas(obj: Any) -> bool:
    mro = type(obj).__mro__ if not is_a(obj, type) else obj.__mro__
    return any((getattr(cls, "__module__", None) or "").startswith("pandas.") for cls in mro)


def _what(obj: Any) -> str:
    return f"the class '{obj.__name__}'" if is_a(obj, type) else f"a '{type(obj).__name__}'"
