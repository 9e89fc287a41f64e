"""What belongs to the program: what it defined itself, and what of that is a library's by inheritance.

Knows classes, functions and `super`, asked in ways that none of them can answer with code of its own. Leaves to
others: what follows from it (`guards`, `hot`).
"""

import types
from typing import Any

from mtchat.sandbox.curated import words
from mtchat.sandbox.names import is_dunder

MAIN = "__main__"
GIVEN = frozenset({"_asdict", "_replace", "_fields", "_make", "_field_defaults", "_repr_html_"})
"""Names of named tuples, and of displays, that only look private."""
_INHERITED = (
    GIVEN
    | {
        f"_{name}_"
        for name in ("value", "name", "missing", "generate_next_value", "ignore", "order", "numeric_repr", "sort_order")
    }
    | {"_abc_impl", "_is_protocol"}
)
"""Names that programs inherit and that only look private, or say nothing: enumerations and ABCs have some."""


_HARMLESS = words(
    "builtins abc enum typing collections collections.abc numbers threading datetime decimal fractions json.encoder "
    "json.decoder ast contextlib unittest.case types"
)
"""Modules whose classes keep nothing of the interpreter's in the objects of classes that inherit from them."""


def is_a(obj: Any, kind: type | tuple[type, ...]) -> bool:
    """`isinstance`, without asking the object (whose `__class__` may be the program's own code)."""
    return issubclass(type(obj), kind)


def is_own(obj: Any) -> bool:
    """Whether the program itself defined `obj` (a class, a function) or its class."""
    if is_a(obj, types.FunctionType):
        return bool(obj.__module__ == MAIN)
    if is_a(obj, super):
        return is_own(_behind_super("__self__", obj))
    return is_own_class(obj if is_a(obj, type) else type(obj))


def is_own_class(cls: type) -> bool:
    return bool(type.__getattribute__(cls, "__module__") == MAIN)


def _behind_super(name: str, obj: Any) -> Any:
    return super.__dict__[name].__get__(obj)


def inherits_private(obj: Any, name: str) -> bool:
    """Whether `name` of an object of the program's own is a library's, by inheritance."""
    if name in _INHERITED:
        return False
    if is_a(obj, super):
        mro = type.__dict__["__mro__"].__get__(_behind_super("__self_class__", obj))
        mro = mro[mro.index(_behind_super("__thisclass__", obj)) + 1 :]
    else:
        mro = type.__dict__["__mro__"].__get__(type(obj))
        if is_a(obj, type):
            mro = type.__dict__["__mro__"].__get__(obj) + mro
    return next((not is_own_class(cls) for cls in mro if name in type.__dict__["__dict__"].__get__(cls)), False)


def foreign_bases(cls: type) -> list[type]:
    return [each for each in type.__dict__["__mro__"].__get__(cls) if not is_own_class(each)]


def holds_nothing(cls: type) -> bool:
    """Whether what it inherits puts nothing into its instances that needs a look (a module, say)."""
    return all(type.__getattribute__(each, "__module__") in _HARMLESS for each in foreign_bases(cls))


def inherits_no_private(cls: type) -> bool:
    """Whether no name at all is so: then private names of its instances need no look."""
    foreign = foreign_bases(cls)
    names = {name for each in foreign for name in type.__dict__["__dict__"].__get__(each)}
    return not any(name.startswith("_") and not is_dunder(name) and name not in _INHERITED for name in names)


def exact(name: Any) -> str:
    """`name` as a plain str: a subclass could answer our questions with lies of its own."""
    if not isinstance(name, str):
        raise TypeError(f"attribute name must be string, not '{type(name).__name__}'")
    return str.__str__(name)
