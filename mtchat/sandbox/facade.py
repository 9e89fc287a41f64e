"""Façades: what a program holds instead of a module.

Knows how to look and behave like a module: a real subclass of ModuleType whose own dictionary holds what was allowed
before, so that a second look costs what it costs in Python. Libraries go on using the modules themselves. Leaves to
others: which names are allowed (`guards`, through `reach`, `names` and `write`).
"""

import types
from collections.abc import Callable
from typing import Any, Protocol

_BOOKKEEPING = ("__package__", "__loader__", "__spec__")
_DICTIONARY: Callable[[types.ModuleType], dict[str, Any]] = vars(types.ModuleType)["__dict__"].__get__
_STABLE = (
    type,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.GenericAlias,
    int,
    float,
    complex,
    str,
    bytes,
    tuple,
)


class Reach(Protocol):
    """What a façade asks about the module behind it."""

    def reach(self, facade: types.ModuleType, name: str) -> Any: ...

    def names(self, facade: types.ModuleType) -> list[str]: ...

    def write(self, obj: Any, name: str) -> Any: ...

    def real(self, facade: types.ModuleType) -> types.ModuleType | None: ...


def kind(guards: Reach) -> type[types.ModuleType]:
    """The type of all façades of one program; called `module`, as a module's is."""

    def getattr_(self: types.ModuleType, name: str) -> Any:
        return guards.reach(self, name)

    def setattr_(self: types.ModuleType, name: str, value: Any) -> None:
        guards.write(self, name)
        setattr(guards.real(self), name, value)

    def delattr_(self: types.ModuleType, name: str) -> None:
        guards.write(self, name)
        delattr(guards.real(self), name)

    def dir_(self: types.ModuleType) -> list[str]:
        return guards.names(self)

    def dict_(self: types.ModuleType) -> dict[str, Any]:
        """Nor may libraries write there on a program's behalf."""
        raise AttributeError("the names of a module are out of reach in the sandbox")

    def repr_(self: types.ModuleType) -> str:
        return f"<module '{types.ModuleType.__getattribute__(self, '__name__')}'>"

    def reduce(self: types.ModuleType, protocol: Any = None) -> Any:
        raise TypeError("cannot pickle 'module' object")

    methods: dict[str, Any] = {
        "__getattribute__": object.__getattribute__,  # what the interpreter has a short way for
        "__dict__": property(dict_),
        "__getattr__": getattr_,
        "__setattr__": setattr_,
        "__delattr__": delattr_,
        "__dir__": dir_,
        "__repr__": repr_,
        "__reduce__": reduce,
        "__reduce_ex__": reduce,
    }
    return type("module", (types.ModuleType,), {**methods, "__module__": "builtins"})


def make(cls: type[types.ModuleType], module: types.ModuleType) -> types.ModuleType:
    facade = cls(module.__name__, module.__doc__)
    for name in _BOOKKEEPING:
        del contents(facade)[name]
    return facade


def contents(facade: types.ModuleType) -> dict[str, Any]:
    """A façade's own dictionary, which only we may see."""
    return _DICTIONARY(facade)


def is_stable(value: Any) -> bool:
    """Whether a module's name may be taken to stand for this value from now on; None and flags come and go."""
    return isinstance(value, _STABLE) and type(value) is not bool
