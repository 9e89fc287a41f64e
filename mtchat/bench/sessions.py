"""Saved sessions as problems: does a model, asked the same intents, write code that behaves as recorded?

Knows what of a session is a problem, and the text that each turn is asked with. Two ways to ask: free, on the model's
own earlier answers, and forced, on the recorded ones, so that an early slip does not spoil the rest. A session may
come from a stranger: its header grants nothing, its programs run under what the caller's sandbox grants. Leaves to
others: what is recorded and how it is judged (`behaviour`), asking the model (`sampler`), keeping results (`results`).
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from mtchat import conversation
from mtchat.bench.behaviour import Judged, Recorded, TurnMatch, bare_turn, judge_session, judge_turns, recorded, stale
from mtchat.bench.values import Case, Problem
from mtchat.config import Settings
from mtchat.engine import sandbox_of
from mtchat.errors import SessionError
from mtchat.languages import PYTHON
from mtchat.session import SUFFIX, Session, read_with_word
from mtchat.turn import Turn

__all__ = [
    "Judged",
    "Recorded",
    "TurnMatch",
    "digest",
    "judge_session",
    "judge_turns",
    "kept_code",
    "problem_of",
    "read",
    "recorded",
    "stale",
    "text_for",
]

CATEGORY = "session"


def read(
    paths: Iterable[Path], settings: Settings | None = None, notice: Callable[[str], None] = lambda text: None
) -> list[Problem]:
    """Each session, on its path to the head, as a problem with one case.

    `notice` hears of a torn last line and, with `settings`, of what a session was made with and is not granted now.
    Raises SessionError for a file that cannot be read, is in another language, has no turn that a model wrote, or has
    the name of another.
    """
    problems: dict[str, Problem] = {}
    for path in paths:
        reading = read_with_word(path)
        if reading.dropped:
            notice(reading.dropped)
        made = problem_of(reading.session, path)
        if settings is not None:
            sandbox_of(reading.session.header, settings, notice).close()
        if made.id in problems:
            raise SessionError(f"{path}: another session is named {made.id!r} too: rename one")
        problems[made.id] = made
    return list(problems.values())


def problem_of(session: Session, path: Path) -> Problem:
    """The session of the file at `path` as a problem. Raises SessionError where there is nothing to ask."""
    turns, header = session.path(), session.header
    if header.language != PYTHON.name:
        raise SessionError(f"{path}: it is in {header.language}; here sessions in {PYTHON.name} are judged")
    records = [_recorded(session, turn, path) for turn in turns]
    if all(record.by_hand for record in records):
        raise SessionError(f"{path}: it has no turn that a model wrote, so there is nothing to ask")
    name = path.name.removesuffix(SUFFIX)
    return Problem(
        id=name,
        name=session.title or name,
        category=CATEGORY,
        cases=(Case(tuple(turn.intent for turn in turns), msgspec.to_builtins(records)),),
        max_new_tokens=max((turn.sampling.max_new_tokens for turn in turns if turn.sampling), default=256),
        prefix=header.prefix,
    )


def digest(paths: Iterable[Path]) -> str:
    """What `Setup.problems` says of these files: a sha256 (hex) over names and contents, in any order."""
    lines = [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in paths]
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def _recorded(session: Session, turn: Turn, path: Path) -> Recorded:
    did = turn.execution
    return Recorded(
        code=turn.code,
        status=did.status,
        by_hand=turn.completion is None or turn.edited,
        stdout=did.stdout,
        value=did.value,
        error=did.error.type if did.error else None,
        figures=tuple(figure.mime for figure in did.figures),
        inputs=did.inputs,
        files=session.files(turn.parent, turn),
        beside=str(path.absolute()),
        elapsed=did.elapsed,
        seed=session.header.seed,
    )


def kept_code(case: Case, turn: int) -> str | None:
    """The code of turn `turn` (from 0) if it was written or edited by hand: the model is not asked. Otherwise None."""
    record = recorded(case)[turn]
    return record.code if record.by_hand else None


def text_for(
    problem: Problem,
    case: Case,
    codes: Sequence[str],
    *,
    forced: bool = False,
    count: Callable[[str], int] | None = None,
    context: int = 0,
    room: int = 0,
) -> str:
    """The text that turn `len(codes)` (from 0) is asked with, as the REPL renders it; its answer is cut by rule "turn".

    `codes` has one entry for each turn before, by hand or not; `forced` takes the recorded ones instead. With `count`
    (a model's), turns leave as in the REPL where the text would not fit into `context` with `room` tokens for the
    code; CommandError if the intent alone does not fit.
    """
    records = recorded(case)
    answers = [r.code if forced or r.by_hand else code for r, code in zip(records, codes, strict=False)]
    intent = case.prompts[len(codes)]
    if count is None:
        told = list(zip(case.prompts, answers, strict=False))
        return conversation.render(told, intent, prefix=problem.prefix)
    turns: list[Turn] = []
    for number, code in enumerate([*answers, ""]):
        rendered = conversation.fit(
            turns,
            case.prompts[number],
            count=count,
            context=context,
            room=min(room, context // 2),
            prefix=problem.prefix,
        )
        turns.append(bare_turn(number, case.prompts[number], code, evicted=rendered.evicted))
    return rendered.text
