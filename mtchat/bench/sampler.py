"""Asking a model: the conversations of one unit, all rows side by side, turn by turn.

Knows the seed of each turn, what happens when a text outgrows the model's context, and how one of several candidates
is chosen by what it does. Leaves to others: what the model is asked (`kind`), batches and prefix caches (`models`),
verdicts (`judging`).
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from mtchat import selection
from mtchat.bench.desk import Desk
from mtchat.bench.kind import Kind, kind_of
from mtchat.bench.values import Case, Conversation, Unit, turn_seed
from mtchat.models.base import Ask, Model
from mtchat.sandbox import Snapshot
from mtchat.turn import Candidate, Completion, SamplingParams


class Stopped(Exception):
    """The person asked to stop; the unit's work so far is dropped."""


@dataclass
class _Row:
    """One conversation while it grows. `state` is what its programs left, where candidates are tried."""

    case: int
    sample: int
    codes: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    tokens: int = 0
    logprob: float = 0.0
    overflow: bool = False
    state: Snapshot | None = None


def sample_unit(
    unit: Unit, model: Model, desk: Desk | None = None, cancel: threading.Event | None = None
) -> list[Conversation]:
    """What `model` writes for each row of `unit`, in order. `desk` runs the candidates of a setup that selects.

    Raises Stopped if `cancel` is set meanwhile, ModelError for what the model cannot do.
    """
    rows = [_Row(case, sample) for case, sample in unit.rows]
    kind, cancel = kind_of(unit.setup), cancel or threading.Event()
    for turn in range(max(kind.turns(unit.setup, unit.problem.cases[row.case]) for row in rows)):
        live = [row for row in rows if not row.overflow and turn < kind.turns(unit.setup, _case(unit, row))]
        asks = [_ask(unit, kind, row, turn, model) for row in live]
        answers = model.complete_many([ask for ask in asks if ask], cancel=cancel)
        if cancel.is_set():
            raise Stopped
        told = iter(answers)
        for row, ask in zip(live, asks, strict=True):
            _take(unit, kind, row, next(told) if ask else [], desk)
    _release(rows, desk)
    return [_conversation(unit, kind, row, model) for row in rows]


def _case(unit: Unit, row: _Row) -> Case:
    return unit.problem.cases[row.case]


def _ask(unit: Unit, kind: Kind, row: _Row, turn: int, model: Model) -> Ask | None:
    """The next question of a row; None where its text has outgrown the model's context."""
    setup, case = unit.setup, _case(unit, row)
    text = kind.text(setup, unit.problem, case, row.codes)
    if model.count(text) >= model.context_length:
        row.overflow = True
        return None
    params = msgspec.structs.replace(
        setup.sampling,
        n=setup.select,
        max_new_tokens=min(setup.sampling.max_new_tokens, kind.new_tokens(setup, unit.problem, case)),
        seed=turn_seed(setup.sampling.seed, unit.problem.id, row.case, row.sample, turn),
    )
    return Ask(text, _plain(params), stop=lambda written: kind.done(setup, written))


def _plain(params: SamplingParams) -> SamplingParams:
    """Greedily, all candidates would be one."""
    return msgspec.structs.replace(params, n=1) if params.greedy or params.temperature == 0 else params


def _take(unit: Unit, kind: Kind, row: _Row, completions: Sequence[Completion], desk: Desk | None) -> None:
    """Let a row grow by one of its completions."""
    if not completions:
        return
    if unit.setup.select > 1:
        assert desk is not None, "a setup that selects needs a desk"
        completion = _chosen(unit, kind, row, completions, desk)
    else:
        completion = completions[0]
    row.codes.append(kind.cut(unit.setup, completion.text))
    row.raw.append(completion.text)
    row.tokens += completion.tokens
    row.logprob += completion.logprob


def _chosen(unit: Unit, kind: Kind, row: _Row, completions: Sequence[Completion], desk: Desk) -> Completion:
    """The completion whose code behaves as most of those do that run (`selection.choose`), run where the row stands.

    The expected output is not looked at.
    """
    groups: dict[str, list[Completion]] = {}
    for completion in completions:
        groups.setdefault(kind.cut(unit.setup, completion.text), []).append(completion)
    trials = [desk.sandbox.run(code, _state(unit, row, desk), timeout=desk.patience) for code in groups]
    before = row.state
    tried = [
        Candidate(code, len(group), group[0], execution)
        for (code, group), (execution, _) in zip(groups.items(), trials, strict=True)
    ]
    best = selection.choose(tried)
    row.state = trials[tried.index(best)][1]
    for state in (before, *(state for _, state in trials)):
        if state is not None and state is not row.state:
            desk.sandbox.release(state)
    assert best.completion is not None
    return best.completion


def _state(unit: Unit, row: _Row, desk: Desk) -> Snapshot:
    """Where the row stands: made again, by running its programs, if the sandbox had no room to keep it."""
    if row.state is None or not row.state.alive:
        state = desk.start(unit.problem, _case(unit, row))
        for code in row.codes:
            _, after = desk.sandbox.run(code, state, timeout=desk.patience)
            if after is not state:
                desk.sandbox.release(state)
            state = after
        row.state = state
    return row.state


def _release(rows: Sequence[_Row], desk: Desk | None) -> None:
    for row in rows:
        if desk is not None and row.state is not None:
            desk.sandbox.release(row.state)


def _conversation(unit: Unit, kind: Kind, row: _Row, model: Model) -> Conversation:
    said = Conversation(tuple(row.codes), tuple(row.raw), row.tokens, row.logprob, overflow=row.overflow)
    if kind.perplexity is None or row.overflow or not unit.setup.perplexity:
        return said
    total, count = kind.perplexity(model, unit.setup, unit.problem, _case(unit, row), row.codes)
    return msgspec.structs.replace(said, prompt_logprob=total, prompt_tokens=count)
