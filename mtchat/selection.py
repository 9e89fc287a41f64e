"""Choosing among candidates by what they did.

Knows how candidates group by behaviour and which group speaks for the intent. Pure: running them is the engine's.
"""

import re
from collections.abc import Iterable, Sequence

from mtchat.turn import Candidate, Execution

_RANK = {"ok": 0, "error": 1, "denied": 3}
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]{4,}")


def steady(text: str) -> str:
    """`text` without what no two runs share: the addresses in default reprs."""
    return _ADDRESS.sub("at 0x…", text)


def behaviour(execution: Execution) -> tuple[object, ...]:
    """What tells two executions apart: everything they did, not how long it took."""
    error = execution.error and (execution.error.type, steady(execution.error.message))
    figures = tuple(figure.sha256 for figure in execution.figures)
    return (execution.status, steady(execution.stdout), steady(execution.value or ""), error, figures)


def clusters(candidates: Iterable[Candidate]) -> list[list[Candidate]]:
    """Candidates grouped by behaviour, the largest group (by completions) first; ties keep the order of arrival."""
    groups: dict[tuple[object, ...], list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(behaviour(candidate.execution), []).append(candidate)
    return sorted(groups.values(), key=lambda group: -sum(c.count for c in group))


def choose(candidates: Sequence[Candidate]) -> Candidate:
    """The first candidate of the largest group among those with the best status. Raises ValueError on no candidates.

    From best to worst: ok, error, stopped, not run at all.
    """
    if not candidates:
        raise ValueError("there is nothing to choose from")
    best = min(_RANK.get(c.execution.status, 2) for c in candidates)
    fit = [c for c in candidates if _RANK.get(c.execution.status, 2) == best]
    group = clusters(fit)[0]
    return max(group, key=lambda c: c.count)
