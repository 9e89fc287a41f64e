"""The guards that loops call: the common cases of `guards`, made short.

Knows which types need no second look. Leaves to others: the rules (`guards`), and calling these (`policy`).
"""

import contextlib
import types
from typing import Any

from mtchat.sandbox import policy
from mtchat.sandbox.guards import Guards
from mtchat.sandbox.own import holds_nothing, inherits_no_private, is_own_class

_DATA: tuple[type, ...] = (
    str,
    bytes,
    int,
    float,
    complex,
    bool,
    list,
    dict,
    set,
    frozenset,
    tuple,
    range,
    type(None),
    type(iter([])),
)


def hot(guards: Guards) -> dict[str, Any]:
    """The guards that loops call, which know the common cases and leave the others to `guards`.

    SAFE and OWN are sets of types: of what the program defined, once seen, and in SAFE of plain data besides.
    """
    internal, own = guards.internal, set[type]()
    safe: set[type] = {*_DATA, guards.facade_type}
    seen: set[type] = set(safe)

    def admit(cls: type) -> None:
        seen.add(cls)
        if type(cls).__hash__ is type.__hash__ and is_own_class(cls) and holds_nothing(cls):
            safe.add(cls)
            if not issubclass(cls, type) and inherits_no_private(cls):
                own.add(cls)

    def learn(obj: Any) -> None:
        with contextlib.suppress(TypeError):  # a metaclass that makes its classes unhashable
            if type(obj) not in seen:
                admit(type(obj))

    def attr(obj: Any, name: str) -> Any:
        value = getattr(obj, name)
        kind = type(obj)
        try:
            if type(value) in internal or kind in internal:
                return guards.plain(obj, name)
        except TypeError:
            return guards.plain(obj, name)
        learn(obj)
        return value

    def private(obj: Any, name: str) -> Any:
        value = guards.special(obj, name)
        learn(obj)
        return value

    def write(obj: Any, name: str) -> Any:
        learn(obj)
        return obj if is_own_class(type(obj)) else guards.write(obj, name)

    def augment(obj: Any, name: str) -> Any:
        learn(obj)
        return obj if is_own_class(type(obj)) else guards.augment(obj, name)

    return {
        policy.ATTR: attr,
        policy.PRIVATE: private,
        policy.BOX: lambda obj, name: types.SimpleNamespace(**{name: attr(obj, name)}),
        policy.PRIVATE_BOX: lambda obj, name: types.SimpleNamespace(**{name: private(obj, name)}),
        policy.WRITE: write,
        policy.AUGMENT: augment,
        policy.TYPE: type,
        policy.SAFE: safe,
        policy.OWN: own,
    }
