"""Whether code runs at once or after a person has read it, and the one line that says how well it is isolated.

Knows the levels' meaning for a person. Leaves the levels themselves to `sandbox`, asking to `reader`.
"""

from typing import TYPE_CHECKING

from mtchat import config
from mtchat.config import Settings
from mtchat.errors import CommandError

if TYPE_CHECKING:
    from mtchat.repl.app import Repl
    from mtchat.sandbox import Sandbox

FULL = "full"


def reviewing(settings: Settings, level: str) -> bool:
    """Whether a person reads code before it runs: as `trust` says; unsaid, wherever isolation is below full."""
    return settings.trust == "review" or (settings.trust is None and level != FULL)


def level_line(sandbox: "Sandbox", review: bool = False) -> str:
    """What isolation holds, if it is not all of it, with the reason; "" at the level `full`. Starts the sandbox.

    Raises SandboxError where the sandbox will not start.
    """
    isolation = sandbox.isolation
    if isolation.level == FULL:
        return ""
    why = next((f" ({layer.says})" for layer in isolation.layers if not layer.holds), "")
    return f"isolation: {isolation.level}{why}{'; code is shown before it runs' * review} · mtchat doctor"


def trusting(repl: "Repl", value: str, source: str) -> None:
    """Set the mode of trust live: "auto" or "review". Raises CommandError where nobody can be asked."""
    settings = config.with_value(repl.engine.settings, "trust", value, source)
    if settings.trust == "review" and not repl.asks:
        raise CommandError(f"{source}: here nobody can be asked, so code cannot be read before it runs")
    repl.engine.settings = settings


def check_unasked(settings: Settings) -> None:
    """CommandError where nobody can be asked but the settings want code to be read first."""
    if settings.trust == "review":
        raise CommandError("trust is review, and here nobody can be asked: pass --trust auto to run code unread")
