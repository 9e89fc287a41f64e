"""What a turn did to the variables: those that came, changed and went, between two looks at them.

Knows how two looks compare. Pure; leaves looking to `sandbox.variables`. A look shows at most the beginning of a long
value, so a change beyond that is not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mtchat.sandbox import Variable
from mtchat.selection import steady


@dataclass(frozen=True)
class Effects:
    """Variables bound anew, bound otherwise (each with what it was), and no longer bound, in order of binding."""

    added: tuple[Variable, ...] = ()
    changed: tuple[tuple[Variable, Variable], ...] = ()
    removed: tuple[Variable, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def effects(before: Sequence[Variable], after: Sequence[Variable]) -> Effects:
    """How `after` differs from `before`; addresses in default reprs do not count."""
    old, new = {v.name: v for v in before}, {v.name: v for v in after}
    return Effects(
        tuple(v for v in after if v.name not in old),
        tuple((old[v.name], v) for v in after if v.name in old and _told(v) != _told(old[v.name])),
        tuple(v for v in before if v.name not in new),
    )


def _told(variable: Variable) -> tuple[str, str, str | None]:
    return variable.type, steady(variable.repr), variable.size
