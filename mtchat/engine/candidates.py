"""From completions to code: which distinct codes there are, and which of them may run at all. Pure."""

from collections.abc import Sequence

from mtchat import conversation
from mtchat.languages import Language
from mtchat.turn import Completion, Execution, ProgramError

SKIPPED = Execution(
    "denied",
    error=ProgramError("Skipped", "you skipped it; /retry writes other code, /edit changes this", None, ""),
)
"""What becomes of code that a person read and would not run."""


def grouped(completions: Sequence[Completion], language: Language) -> list[tuple[str, list[Completion]]]:
    """Completions by the code that truncation leaves of them, in order of first appearance."""
    groups: dict[str, list[Completion]] = {}
    for completion in completions:
        groups.setdefault(conversation.truncate(completion.text, language), []).append(completion)
    return list(groups.items())


def refused(code: str, completion: Completion) -> Execution | None:
    """Why this code is not run: generation was interrupted, or there is none. None if it may run."""
    if completion.finish == "cancelled":
        return Execution("interrupted", error=ProgramError("Interrupted", "stopped while the model wrote", None, ""))
    if not code.strip():
        said = "the model wrote no code for this intent: reword it, or /retry"
        return Execution("denied", error=ProgramError("NoCode", said, None, ""))
    return None
