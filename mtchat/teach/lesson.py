"""Lessons: a session read as steps to take, and hints at the next one.

Knows when a turn of the learner's has done a step of the lesson, and how much a hint gives away each time it is asked
for. Pure, but for `lesson_of`, which reads the file. Leaves making lessons to whoever makes sessions.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mtchat.errors import SessionError
from mtchat.languages import parsed
from mtchat.render import counted
from mtchat.session import SUFFIX, read
from mtchat.turn import Turn

_MOST = 3
"""Hints for one step: what it is about, its names, its code."""


@dataclass(frozen=True)
class Lesson:
    """What there is to do: the turns of a session, each a step with an intent, code, and what it should do."""

    name: str
    steps: tuple[Turn, ...]


def lesson_of(path: Path) -> Lesson:
    """The lesson in a session file. Raises SessionError if it cannot be read or has no step."""
    session = read(path)
    turns = tuple(turn for turn in session.path() if turn.intent.strip())
    if not turns:
        raise SessionError(f"{path} is no lesson: it has no turn with an intent")
    return Lesson(session.title or path.name.removesuffix(SUFFIX), turns)


def done(lesson: Lesson, path: Sequence[Turn]) -> int:
    """How many steps of the lesson the turns of `path` have done, one after the other; turns between do not matter."""
    count = 0
    for turn in path:
        if count < len(lesson.steps) and meets(turn, lesson.steps[count]):
            count += 1
    return count


def meets(turn: Turn, step: Turn) -> bool:
    """Whether a turn does what a step of the lesson asks: the same output and value where the step has any, else the
    same names; or the same code in another layout.
    """
    if not turn.execution.ok:
        return False
    ours, theirs = turn.execution, step.execution
    if theirs.stdout.strip() or theirs.value is not None:
        return (ours.stdout.strip() or ours.value) == (theirs.stdout.strip() or theirs.value)
    if step.defined:
        return set(step.defined) <= set(turn.defined)
    return _same(turn.code, step.code) or _plain(turn.intent) == _plain(step.intent)


def _same(one: str, other: str) -> bool:
    first, second = parsed(one), parsed(other)
    return first is not None and second is not None and ast.dump(first) == ast.dump(second)


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".!")


@dataclass
class Tutor:
    """Gives hints for one lesson, each telling more than the one before, until the step is done."""

    lesson: Lesson
    _step: int = -1
    _given: int = 0

    def welcome(self) -> str:
        """A line for the start."""
        return f"lesson {self.lesson.name}: {counted(len(self.lesson.steps), 'step')}; /hint says what comes next"

    def hint(self, path: Sequence[Turn]) -> list[str]:
        """The next hint for a learner who has made the turns of `path`: lines to show."""
        at, steps = done(self.lesson, path), self.lesson.steps
        if at == len(steps):
            return [f"the lesson {self.lesson.name} is done: all {counted(len(steps), 'step')} of it"]
        self._given = min(self._given + 1, _MOST) if at == self._step else 1
        self._step = at
        step = steps[at]
        head = f"step {at + 1} of {len(steps)}: {' '.join(step.intent.split())}"
        if self._given == 1:
            return [head, "/hint again says which names it takes"]
        if self._given == 2:
            return [head, names(step), "/hint again shows the code"]
        return [head, "its code:", *step.code.splitlines()]


def names(step: Turn) -> str:
    """What a step defines, and whether something can be seen of it."""
    made = f"it defines {', '.join(step.defined)}" if step.defined else "it defines no new name"
    return made + (", and prints something" if step.execution.stdout else "")
