"""The reference grader's rules in our sandbox (docs/grading.md): `grade_joined`, `grade_turns`, `grade_humaneval`."""

from mtchat.bench.grader.grade import grade_joined, grade_turns, warm
from mtchat.bench.grader.humaneval import grade_humaneval
from mtchat.bench.grader.rules import REFERENCE, STRICT, Graded, Rules, changed

__all__ = [
    "REFERENCE",
    "STRICT",
    "Graded",
    "Rules",
    "changed",
    "grade_humaneval",
    "grade_joined",
    "grade_turns",
    "warm",
]
