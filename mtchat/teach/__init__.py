"""The tutor: what a turn does, line by line, and the next step of a lesson. No model is asked.

`sentences` puts statements into words, `phrases` expressions, `mishaps` errors; `watch` runs a turn again statement by
statement in the sandbox, `present` lays both out; `lesson` reads a session as steps to take. Knows nothing of
terminals.
"""

from mtchat.teach.lesson import Lesson, Tutor, lesson_of
from mtchat.teach.present import explanation
from mtchat.teach.sentences import MOST, Step, steps
from mtchat.teach.watch import Seen, Watch

__all__ = ["MOST", "Lesson", "Seen", "Step", "Tutor", "Watch", "explanation", "lesson_of", "steps"]
