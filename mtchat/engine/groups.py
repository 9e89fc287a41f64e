"""Candidates grouped by what they did: output, value, error, the variables they left, what their functions give.

Knows what makes two of them the same to a person: a loop's variable that is left over does not count, nor does which
modules were imported. Leaves choosing to people and to `clarify`, showing to the callers.
"""

import ast
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from mtchat.engine.effects import Effects, effects
from mtchat.engine.engine import Engine
from mtchat.engine.inputs import Call
from mtchat.engine.probing import Answer, answers, to_try
from mtchat.engine.proposal import Proposal
from mtchat.errors import SandboxError
from mtchat.sandbox import Snapshot, Variable
from mtchat.selection import behaviour, steady
from mtchat.turn import Execution

_RANK = {"ok": 0, "error": 1}


@dataclass(frozen=True)
class Group:
    """Candidates that did the same. `members` are their places in the proposal, the most written first.

    `count` says how many completions they stand for; `answers` what their functions gave on the calls tried,
    `function` the name of the only one, where each code calls it as it likes.
    """

    members: tuple[int, ...]
    count: int
    execution: Execution
    effects: Effects
    answers: tuple[Answer, ...] = ()
    function: str = ""

    @property
    def first(self) -> int:
        return self.members[0]


@dataclass(frozen=True)
class Grouping:
    """The groups, those that ran well first and then the largest, and the calls that their functions were tried on."""

    groups: tuple[Group, ...]
    calls: tuple[Call, ...] = ()

    @property
    def well(self) -> tuple[Group, ...]:
        """The groups that ran without error."""
        return tuple(group for group in self.groups if group.execution.ok)


def grouping(engine: Engine, proposal: Proposal, cancel: threading.Event | None = None) -> Grouping:
    """The groups of a proposal's candidates; their functions are tried where at least two define one."""
    before = _variables(engine, engine.states.at(engine.session, proposal.parent, cancel))
    places = proposal.ran
    seen = {place: _effects(engine, proposal, before, place) for place in places}
    well = [place for place in places if proposal.trials[place].execution.ok]
    calls, names = to_try([proposal.trials[place].code for place in well], proposal.intent, before or ())
    given = {
        place: (name, _answers(engine, proposal.trials[place].snapshot, [c.of(name) for c in calls], cancel))
        for place, name in zip(well, names, strict=True)
        if calls and not (cancel is not None and cancel.is_set())
    }
    shared = min((len(found) for _, found in given.values()), default=0)
    groups: dict[object, list[int]] = {}
    for place in places:
        told = tuple(answer.key for answer in given.get(place, ("", ()))[1][:shared])
        key = (behaviour(proposal.trials[place].execution), _key(seen[place]), told)
        groups.setdefault(key, []).append(place)
    made = [_group(proposal, members, seen, given, shared) for members in groups.values()]
    made.sort(key=lambda group: (_RANK.get(group.execution.status, 2), -group.count))
    return Grouping(tuple(made), tuple(calls[:shared]))


def _group(
    proposal: Proposal,
    members: list[int],
    seen: dict[int, Effects],
    given: dict[int, tuple[str, tuple[Answer, ...]]],
    shared: int,
) -> Group:
    counts = [proposal.candidates[place].count for place in members]
    order = tuple(sorted(members, key=lambda place: -proposal.candidates[place].count))
    first = order[0]
    execution = proposal.trials[first].execution
    name, found = given.get(first, ("", ()))
    return Group(order, sum(counts), execution, seen[first], found[:shared], name)


def _variables(engine: Engine, at: Snapshot) -> list[Variable] | None:
    """None where they cannot be told: a repr of the program's own fails, or the state was let go among too many."""
    with suppress(SandboxError):
        return engine.sandbox.variables(at)
    return None


def _answers(engine: Engine, at: Snapshot, calls: Sequence[Call], cancel: threading.Event | None) -> tuple[Answer, ...]:
    with suppress(SandboxError):
        return answers(engine.sandbox, at, calls, cancel)
    return ()


def _effects(engine: Engine, proposal: Proposal, before: Sequence[Variable] | None, place: int) -> Effects:
    """What a candidate did to the variables, without modules and what its loops left over."""
    trial = proposal.trials[place]
    after = _variables(engine, trial.snapshot) if trial.execution.advances else None
    if before is None or after is None:
        return Effects()
    left, found = leftovers(trial.code), effects(before, after)
    return Effects(
        tuple(v for v in found.added if v.type != "module" and v.name not in left),
        tuple((old, new) for old, new in found.changed if new.type != "module" and new.name not in left),
        found.removed,
    )


def leftovers(code: str) -> frozenset[str]:
    """Names that only the loops of `code` bind: what stays of them is nothing that anybody asked for."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    targets = [node.target for node in ast.walk(tree) if isinstance(node, ast.For)]
    inside = {id(name): name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    stored = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return frozenset(inside.values()) - {name.id for name in stored if id(name) not in inside}


def _key(seen: Effects) -> tuple[object, ...]:
    return (
        frozenset((v.name, *_value(v)) for v in seen.added),
        frozenset((new.name, *_value(new)) for _, new in seen.changed),
        frozenset(v.name for v in seen.removed),
    )


def _value(variable: Variable) -> tuple[object, ...]:
    """A function is told by what it gives, not by whether `def` or `lambda` made it."""
    return (variable.type, variable.size, "" if variable.type == "function" else steady(variable.repr))
