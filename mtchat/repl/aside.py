"""What is said beside a turn: what the model no longer sees, that the model was unsure.

Knows when each is worth a line, and to whom. Leaves the turn itself to `render`.
"""

from typing import TYPE_CHECKING

from mtchat import render
from mtchat.models import larger
from mtchat.repl.plain import echo
from mtchat.turn import Turn

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


def evicted(repl: "Repl", made: Turn) -> None:
    """Which turns the model no longer sees, where they became more with this turn."""
    before = repl.engine.session.turns[made.parent].evicted if made.parent else ()
    if len(made.evicted) > len(before):
        repl.screen.line(f"the context is full: the model no longer sees turns 1–{len(made.evicted)}", "notice")


def doubt(repl: "Repl", made: Turn) -> None:
    """To a person on the screen, else on standard error, out of the way of what reads the answers."""
    if made.doubt is None or made.model is None or not repl.engine.settings.say_doubt:
        return
    name = larger(made.model.name)
    if repl.asks:
        repl.screen.line(render.doubt(f"/model {name}" if name else ""), "dim")
    else:
        echo(render.doubt(f"--model {name}" if name else ""), err=True)
