"""/sample: several codes for one intent, shown by what they did.

Knows what a person may ask for. Leaves making them to `engine`, picking to `picking`.
"""

from typing import TYPE_CHECKING

from mtchat import config
from mtchat.engine import Hooks
from mtchat.errors import CommandError
from mtchat.repl import picking
from mtchat.repl.commands.registry import raw
from mtchat.turn import Turn

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

_USUAL = 8


@raw
def sample(repl: "Repl", words: list[str]) -> None:
    """/sample [N] [INTENT]: N codes for the last intent or another one, grouped by what they do, to pick from"""
    intent, wanted = "".join(words).strip(), _USUAL
    first, _, rest = intent.partition(" ")
    if first.lstrip("-").isdigit():
        wanted = config.with_value(repl.engine.settings, "candidates", first, "/sample").candidates
        intent = rest.strip()
    elif repl.engine.settings.candidates > 1:
        wanted = repl.engine.settings.candidates
    repl.make(lambda hooks: _again(repl, wanted, hooks) if not intent else _anew(repl, intent, wanted, hooks))


def _anew(repl: "Repl", intent: str, wanted: int, hooks: Hooks) -> Turn:
    engine = repl.engine
    return picking.settle(repl, engine.propose(intent, hooks, sampling=engine.varied(wanted)), hooks, listed=True)


def _again(repl: "Repl", wanted: int, hooks: Hooks) -> Turn:
    engine = repl.engine
    last = engine.last_turn()
    if not last.intent.strip():
        raise CommandError("the last turn was written by hand: say what for, as in /sample 8 sort the list")
    offered = engine.propose(
        last.intent,
        hooks,
        parent=last.parent,
        sampling=engine.varied(wanted),
        tried=engine.tried(last),
        other=True,
        inputs=last.execution.inputs,
    )
    return picking.settle(repl, offered, hooks, listed=True)
