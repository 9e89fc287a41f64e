"""Grading a HumanEval completion: it passes only if the problem's `check` ran to its end.

The program runs first; the test enters in a second run, on the state that left, in a namespace of its own that is made
from the prompt afresh, so that what the program redefined (built-ins, helpers, `check`) is not what the test uses. That
the check was passed is told by a word that the program's own run never held. Leaves to others: reading problems.
"""

import secrets

from mtchat.bench.grader import source
from mtchat.bench.grader.grade import Course
from mtchat.bench.grader.rules import Graded
from mtchat.sandbox import Sandbox, Snapshot


def _whole(prompt: str) -> str:
    """The prompt as a program: a function without a docstring needs a body."""
    try:
        source.parse(prompt)
    except source.NotPython:
        return f"{prompt}    pass\n"
    return prompt


_TEST = """\
try:
    del exec
except NameError:
    pass
def mtchat_test(candidate, exec):
    space = {{}}
    exec({prompt!r}, space)
    space["candidate"] = space[{entry_point!r}] = candidate
    exec({test!r}, space)
    exec({check!r}, space)
    return space["mtchat_done"]
mtchat_test({entry_point}, exec)
"""
"""The test's names live in a function, out of the candidate's reach while it is called."""


def grade_humaneval(
    sandbox: Sandbox,
    prompt: str,
    completion: str,
    test: str,
    entry_point: str,
    *,
    timeout: float = 3.0,
    at: Snapshot | None = None,
) -> Graded:
    """Run prompt and completion at the state `at`, then the test. `timeout` in seconds, of each of the two.

    SandboxError as `Sandbox.run`.
    """
    with Course(sandbox, at, timeout) as course:
        if not course.step(prompt + completion).ok:
            return Graded(False, *course.ending())
        word = secrets.token_hex(16)
        check = f"check(candidate)\nmtchat_done = {word!r}\n"
        code = _TEST.format(prompt=_whole(prompt), test=test, check=check, entry_point=entry_point)
        execution = course.look(code)
    if execution.ok and execution.value == repr(word):
        return Graded(True, "ok", "")
    error = execution.error
    why = "the program ended before its test did" if error is None else f"{error.type}: {error.message}"
    return Graded(False, execution.status, (why.splitlines() or [""])[0][:300])
