"""Saved sessions as problems: does a model, asked the same intents, write code that behaves as recorded?

Knows what of a session is a problem, and the text that each turn is asked with. Two ways to ask: free, on the model's
own earlier answers, and forced, on the recorded ones, so that an early slip does not spoil the rest. A session may
come from a stranger: its header grants nothing, its programs run under what the caller's sandbox grants. Leaves to
others: what is recorded and how it is judged (`behaviour`), asking the model (`sampler`), keeping results (`results`).
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from mtchat import conversation
from mtchat.bench.behaviour import Recorded, bare_turn, judge_turns, recorded, stale
from mtchat.bench.desk import Desk
from mtchat.bench.kind import Kind
from mtchat.bench.values import Case, Conversation, Problem, Setup, Verdict
from mtchat.config import Settings
from mtchat.engine import sandbox_of
from mtchat.errors import SessionError
from mtchat.languages import PYTHON
from mtchat.session import SUFFIX, Session, read_with_word
from mtchat.turn import Turn

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
        left_out=len(turn.evicted),
    )


def asked(case: Case) -> list[int]:
    """The numbers (from 0) of the turns that the model is asked; those by hand keep their recorded code."""
    return [number for number, record in enumerate(recorded(case)) if not record.by_hand]


def filled(case: Case, codes: Sequence[str]) -> list[str]:
    """The code of each turn up to the next one that is to be asked: `codes` answer the asked ones, in order."""
    answers, told = iter(codes), []
    for record in recorded(case):
        code = record.code if record.by_hand else next(answers, None)
        if code is None:
            break
        told.append(code)
    return told


def text_for(problem: Problem, case: Case, codes: Sequence[str], *, forced: bool = False) -> str:
    """The text that the next turn is asked with, as the REPL renders it; the whole conversation once all are answered.

    `codes` are the answers so far, one for each turn asked; `forced` takes the recorded code instead. Turns that no
    longer fitted into the context when the session was made are left out here too, as they were then.
    """
    records, told = recorded(case), filled(case, codes)
    number = len(told)
    if forced:
        told = [record.code for record in records[:number]]
    intent, out = None, 0
    if number < len(records):
        intent, out = case.prompts[number], min(records[number].left_out, number)
    gone = [bare_turn(n, case.prompts[n], told[n]) for n in range(out)]
    shown = list(zip(case.prompts, told, strict=False))[out:]
    return conversation.render(shown, intent, prefix=problem.prefix + conversation.placeholder(gone))


def judge(setup: Setup, problem: Problem, case: Case, told: Conversation, desk: Desk) -> tuple[Verdict, Verdict | None]:
    """Whether every turn behaves as recorded; if not, the message says how many do, and if the record still holds."""
    judged = judge_turns(desk.sandbox, case, filled(case, told.codes), problem.prefix, forced=_forced(setup))
    if judged.verdict.passed or not judged.turns:
        return judged.verdict, None
    same = [turn.same for turn in judged.turns if turn.asked]
    said = f"{judged.verdict.message}; {sum(same)} of {len(same)} turns as recorded"
    if now := stale(desk.sandbox, problem):
        said += f"; the recorded code itself does otherwise here ({now})"
    return msgspec.structs.replace(judged.verdict, message=said), None


def _forced(setup: Setup) -> bool:
    return setup.judge.get("history") == "recorded"


KIND = Kind(
    turns=lambda setup, case: len(asked(case)),
    text=lambda setup, problem, case, codes: text_for(problem, case, codes, forced=_forced(setup)),
    cut=lambda setup, completion: conversation.truncate(completion),
    done=lambda setup, completion: conversation.finished(completion),
    new_tokens=lambda setup, problem, case: problem.max_new_tokens,
    judge=judge,
)
