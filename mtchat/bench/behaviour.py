"""How turns are judged by their behaviour: what a session recorded of each, and whether other code does the same.

Knows what is compared and how it is told in a line. Leaves to others: which turns there are and how they are asked
(`sessions`), what programs may touch (the caller's sandbox).
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from mtchat.bench.values import Case, Outcome, Problem, Verdict
from mtchat.engine.states import given, patience, run_prefix
from mtchat.errors import SandboxError, SessionError
from mtchat.languages import PYTHON
from mtchat.sandbox import Sandbox, Snapshot
from mtchat.selection import steady
from mtchat.session import Attach, attached
from mtchat.turn import Execution, Status, Turn

_SHOWN = 60
"""Characters of an output in a message."""


class Recorded(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one turn did: an entry of `Case.expected`, as plain JSON there.

    `by_hand` turns are not asked, their `code` is kept. `error` is the error's type, `figures` their MIME types.
    `inputs` answer `input()`. `files` were attached before it; their bytes lie beside the session file `beside`.
    `elapsed` (seconds) says how long it may take again; `seed` is the session's, the same in every entry; `left_out`
    counts the oldest turns that no longer fitted into the model's context.
    """

    code: str
    status: Status
    by_hand: bool = False
    stdout: str = ""
    value: str | None = None
    error: str | None = None
    figures: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    files: tuple[Attach, ...] = ()
    beside: str = ""
    elapsed: float = 0.0
    seed: int = 0
    left_out: int = 0


class TurnMatch(msgspec.Struct, frozen=True):
    """One turn judged: `asked` of the model or by hand, the `same` behaviour as recorded, and if not, `why`."""

    asked: bool
    same: bool
    why: str = ""


class Judged(msgspec.Struct, frozen=True):
    """The verdict on a conversation (passed: every turn behaved as recorded) and on each of its turns."""

    verdict: Verdict
    turns: tuple[TurnMatch, ...] = ()

    @property
    def share(self) -> float:
        """The share of the turns asked that behaved as recorded, from 0 to 1."""
        asked = [turn.same for turn in self.turns if turn.asked]
        return sum(asked) / len(asked) if asked else 0.0


def recorded(case: Case) -> list[Recorded]:
    """The records of a case, one a turn. Raises SessionError if they are none."""
    try:
        return msgspec.convert(case.expected, list[Recorded])
    except msgspec.ValidationError as error:
        raise SessionError(f"this case was not made from a session: {error}") from None


def bare_turn(number: int, intent: str, code: str, elapsed: float = 0.0) -> Turn:
    """A turn with no more than what rendering and running it again look at."""
    did = Execution("ok", elapsed=elapsed)
    names = PYTHON.defines(code)
    return Turn.of(parent=None, seq=number, intent=intent, code=code, execution=did, defined=names)


def judge_session(
    sandbox: Sandbox, case: Case, codes: Sequence[str], prefix: str = "", *, forced: bool = False
) -> Verdict:
    """Whether every turn behaves as recorded; the message names the first that does not. See `judge_turns`."""
    return judge_turns(sandbox, case, codes, prefix, forced=forced).verdict


def judge_turns(
    sandbox: Sandbox, case: Case, codes: Sequence[str], prefix: str = "", *, forced: bool = False
) -> Judged:
    """Run a model's `codes`, each on the state that the one before left, and compare with what was recorded.

    Compared are status, standard output, value, the error's type and the kinds of figures; addresses do not count.
    Turns by hand run their recorded code; `codes` has an entry for them too, and may end early. `forced` runs each code
    on the state that the recorded code before it left; the variables that the intent names must then be the same as
    well, or a turn that prints nothing would match whatever it did. A missing attached file is the outcome "missing".
    """
    records = recorded(case)
    try:
        data = {file: attached(Path(record.beside), file) for record in records for file in record.files}
    except SessionError as error:
        return Judged(Verdict("missing", message=str(error)))
    judged: list[TurnMatch] = []
    first: tuple[Execution, str] | None = None
    with _with_seed(sandbox, records[0].seed) as box:
        state = run_prefix(box, prefix)
        for number, (record, intent) in enumerate(zip(records, case.prompts, strict=True)):
            state = given(box, state, record.files, lambda file: data[file])
            code = codes[number] if number < len(codes) else ""
            now, state, why = _judge(box, record, intent, code, state, forced)
            judged.append(TurnMatch(not record.by_hand, not why, why))
            if why and first is None:
                first = (now, f"turn {number + 1}: {why}")
    if first is None:
        return Judged(Verdict("passed", now.status), tuple(judged))
    outcome: Outcome = "refused" if first[0].status == "denied" else "failed"
    return Judged(Verdict(outcome, first[0].status, first[1]), tuple(judged))


def stale(sandbox: Sandbox, problem: Problem) -> str:
    """Why the recorded code itself no longer behaves as recorded here ("" if it does): ask before asking a model."""
    case = problem.cases[0]
    verdict = judge_session(sandbox, case, [record.code for record in recorded(case)], problem.prefix)
    return "" if verdict.passed else verdict.message


def _judge(
    box: Sandbox, record: Recorded, intent: str, code: str, state: Snapshot, forced: bool
) -> tuple[Execution, Snapshot, str]:
    """(what the turn did, the state that the next one starts from, why it is not as recorded or "")."""
    now, after = _run(box, record, record.code if record.by_hand else code, state)
    why = difference(record, now)
    if record.by_hand:
        return now, after, why
    if not code.strip():
        why = "the model wrote no code"
    if not forced:
        return now, after, why
    _, then = _run(box, record, record.code, state)
    return now, then, why or _other_variables(box, intent, then, after)


def _run(box: Sandbox, record: Recorded, code: str, state: Snapshot) -> tuple[Execution, Snapshot]:
    limit = patience(box, bare_turn(0, "", "", record.elapsed))
    return box.run(code, state, inputs=record.inputs, timeout=limit)


def difference(then: Recorded, now: Execution) -> str:
    """How `now` behaves otherwise than recorded, in a line; "" if it does not."""
    error = now.error.type if now.error else None
    if (then.status, then.error) != (now.status, error):
        said = f" ({now.error.type}: {now.error.message})" if now.error else ""
        was = then.status if then.error is None else f"{then.status} ({then.error})"
        return _one_line(f"it ended with {now.status}{said} and was {was}")
    pairs = {
        "it printed": (then.stdout, now.stdout),
        "its value is": (then.value or "", now.value or ""),
        "it made figures": (" ".join(then.figures), " ".join(figure.mime for figure in now.figures)),
    }
    told = (
        f"{what} {_short(after)} and it was {_short(before)}"
        for what, (before, after) in pairs.items()
        if steady(before) != steady(after)
    )
    return next(told, "")


def _other_variables(box: Sandbox, intent: str, then: Snapshot, now: Snapshot) -> str:
    """Which variable that the intent names is not what the recorded code made of it; "" for none."""
    named = set(re.findall(r"\w+", intent))
    if then is now or not named:
        return ""
    try:
        before, after = (
            {v.name: (v.type, steady(v.repr)) for v in box.variables(at) if v.name in named} for at in (then, now)
        )
    except SandboxError as error:  # a repr of the program's own may do anything
        return _one_line(str(error))
    for name, (kind, shown) in before.items():
        if after.get(name) != (kind, shown):
            found = _short(after[name][1]) if name in after else "not there"
            return f"{name} is {found} and was {_short(shown)}"
    return ""


def _short(text: str) -> str:
    """`text` as a Python literal, from its beginning."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]


@contextmanager
def _with_seed(sandbox: Sandbox, seed: int) -> Iterator[Sandbox]:
    """The sandbox itself if it has this seed, else one like it, so that chance falls as it did in the session."""
    if sandbox.seed == seed:
        yield sandbox
        return
    sandbox.isolation  # noqa: B018  (raises where programs are not held and the caller has not allowed that)
    with Sandbox(sandbox.policy, sandbox.limits, seed, allow_reduced=True) as own:
        yield own
