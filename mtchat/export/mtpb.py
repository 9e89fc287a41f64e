"""A session as a problem of the Multi-Turn Programming Benchmark (the public layout: one JSON object a line).

Knows the problem's fields, which sessions can be one, and says why another cannot. Leaves to others: what is lifted
(`literals`), what the answer is (`answers`), further cases (`cases`).
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from mtchat.conversation import PAPER_PREFIX
from mtchat.errors import CommandError
from mtchat.export import Subject
from mtchat.export.answers import answer
from mtchat.export.literals import Lifted, lift, parsed
from mtchat.languages import PYTHON
from mtchat.session import Session
from mtchat.turn import Turn

CATEGORY = "session"
_MOST_TOKENS = 256
"""`max_gen_length` where no turn says how long its completion could be, as the benchmark has it."""


class Problem(msgspec.Struct, frozen=True):
    """One line. `prompts` are `str.format` templates, `inputs` what fills them, a case each, `outputs` the answers."""

    id: str
    name: str
    description: str
    category: str
    prompts: tuple[str, ...]
    inputs: tuple[dict[str, Any], ...]
    outputs: tuple[Any, ...]
    max_gen_length: int


def line(subject: Subject) -> str:
    """The problem as one line of JSON, newline included. Raises CommandError for a session that cannot be one."""
    return encoded(problem(subject))


def encoded(made: Problem) -> str:
    return msgspec.json.encode(made).decode() + "\n"


def problem(subject: Subject) -> Problem:
    """The path to the head as a problem with one case, the recorded one. Raises CommandError, saying why not."""
    turns, session = subject.session.path(), subject.session
    try:
        _check(session, turns)
        expected = answer([turn.code for turn in turns], turns[-1].execution)
    except CommandError as error:
        raise CommandError(f"{subject.name} cannot become a problem: {error}") from None
    lifted = lifted_of(turns)
    return Problem(
        id=subject.name,
        name=session.title or subject.name,
        description=" ".join(session.notes),
        category=CATEGORY,
        prompts=lifted.prompts,
        inputs=(lifted.inputs,),
        outputs=(expected,),
        max_gen_length=max((t.sampling.max_new_tokens for t in turns if t.sampling), default=_MOST_TOKENS),
    )


def lifted_of(turns: Sequence[Turn]) -> Lifted:
    """The templates and parameters of `turns`."""
    return lift([(turn.intent, turn.code) for turn in turns])


def _check(session: Session, turns: Sequence[Turn]) -> None:
    """Raises CommandError for what a problem line has no place for."""
    if session.header.language != PYTHON.name:
        raise CommandError(f"it is in {session.header.language}, and the benchmark in Python")
    if not turns:
        raise CommandError("it has no turn yet")
    if not _same_start(session.header.prefix):
        raise CommandError("its prefix runs code of its own, and every problem starts with the benchmark's")
    for number, turn in enumerate(turns, 1):
        _check_turn(number, turn)
        if attached := session.files(turn.parent, turn):
            raise CommandError(f"turn {number} found the attached file {attached[0].name}, which a line cannot carry")


def _check_turn(number: int, turn: Turn) -> None:
    if not turn.intent.strip():
        raise CommandError(f"turn {number} was written by hand, without an intent that a model could be asked")
    if re.search(r"[\n\r\0]", turn.intent):
        raise CommandError(f"the intent of turn {number} has several lines, and a prompt is one comment line")
    if turn.execution.status != "ok":
        said = turn.execution.error.type if turn.execution.error else turn.execution.status
        raise CommandError(
            f"turn {number} ended with {said}, and the benchmark runs a conversation as one program, which would end "
            "there: /undo and /retry it"
        )
    if turn.execution.inputs:
        raise CommandError(f"turn {number} asked for input, which nobody answers in a benchmark")


def _same_start(prefix: str) -> bool:
    """Whether a program that starts with the benchmark's prefix starts as the session did."""
    return not prefix.strip() or prefix.strip() == PAPER_PREFIX.strip() or (not parsed(prefix).body and _quiet(prefix))


def _quiet(prefix: str) -> bool:
    return all(not each.strip() or each.lstrip().startswith("#") for each in prefix.splitlines())
