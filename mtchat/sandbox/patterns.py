"""Class patterns of `match`: Python reads the attributes that a class's `__match_args__` name, and asks no guard.

Knows how to put an honest class in the place of one that a program defined: its names are looked at once and cannot
change afterwards, while the class itself still says what is an instance. Leaves to others: putting this object where a
pattern names a class with positional parts (`policy`, in strict mode), attributes named in the pattern (`policy`).
"""

import sys
from typing import Any

from mtchat.sandbox.guards import Guards
from mtchat.sandbox.names import PolicyError, is_plain, refused_attribute
from mtchat.sandbox.own import exact, is_own, is_own_class

_MATCHES_ITSELF = 1 << 22
"""Py_TPFLAGS_MATCH_SELF: `int(n)` and its kin match the object itself, not an attribute of it."""


class Patterns:
    """Gives `patterns.NAME` as the class that NAME, dots and all, means in the frame that asks."""

    def __init__(self, guards: Guards, table: dict[str, Any]) -> None:
        self._honest: dict[tuple[int, tuple[str, ...]], tuple[type, type]] = {}
        self._guards, self._table = guards, table

    def __getattr__(self, dotted: str) -> Any:
        frame = sys._getframe(1)
        root, *rest = dotted.split(".")
        for names in (frame.f_locals, frame.f_globals, self._table):
            if root in names:
                value = names[root]
                break
        else:
            raise NameError(f"name '{root}' is not defined", name=root)
        for name in rest:
            value = self._guards.special(value, name)
        return self._honest_class(value) if isinstance(value, type) else value

    def _honest_class(self, cls: type) -> type:
        if not (is_own_class(cls) or is_own_class(type(cls))):
            return cls
        names = getattr(cls, "__match_args__", None)
        if names is None and cls.__flags__ & _MATCHES_ITSELF and not is_own_class(type(cls)):
            return cls
        if names is not None and type(names) is not tuple:
            raise TypeError(f"{cls.__name__}.__match_args__ must be a tuple (got {type(names).__name__})")
        asked = tuple(exact(name) for name in names or ())
        for name in asked:
            if (why := refused_attribute(name)) is not None:
                raise PolicyError(why)
        key = id(cls), asked
        if key not in self._honest:
            self._honest[key] = cls, _stand_in(cls, asked)
        return self._honest[key][1]


def _stand_in(cls: type, asked: tuple[str, ...]) -> type:
    says_nothing = all(is_plain(name) for name in asked)

    class Kind(type):
        def __instancecheck__(self, obj: Any) -> bool:
            if not isinstance(obj, cls):
                return False
            if not says_nothing and not is_own(obj):
                raise PolicyError(f"a pattern may not read {asked} of a '{type(obj).__name__}' in the sandbox")
            return True

    return Kind(cls.__name__, (), {"__match_args__": asked, "__module__": "builtins"})
