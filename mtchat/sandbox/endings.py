"""How a run that did not answer ended, in words for a person.

Knows signals' names and the shape of an error that is ours, not the program's. Leaves to others: finding it
out (`attempt`).
"""

import signal

from mtchat.turn import Execution, ProgramError


def cause(code: int | None) -> str:
    if code is None:
        return "died"
    if code >= 0:
        return f"ended by itself (exit code {code})"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"was killed by {name}" + (" (perhaps the machine ran out of memory)" if name == "SIGKILL" else "")


def too_long(length: int, limit: int) -> Execution:
    """What becomes of code that is never sent."""
    return Execution("limit", error=words("LimitError", f"the code is {length} characters long, over {limit}"))


def words(kind: str, message: str) -> ProgramError:
    return ProgramError(kind, message, None, f"{kind}: {message}\n")
