"""Looking at the lines of turns: which there are, their tree, what differs between two places.

Changes nothing but the snapshots that are kept. Leaves drawing to `tree`, comparing variables to `engine.effects`.
"""

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mtchat.engine import Effects, effects
from mtchat.errors import CommandError
from mtchat.render import Fragments, counted
from mtchat.repl import places
from mtchat.repl.commands.registry import command
from mtchat.repl.fitting import clip, columns, padded
from mtchat.repl.tree import draw
from mtchat.session import Session
from mtchat.turn import Turn

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

_MOST_UNNAMED = 5


@command
def tree(repl: "Repl", words: list[str]) -> None:
    """/tree [all]: every turn ever made, folded where they are many; all of them with all"""
    if words not in ([], ["all"]):
        raise CommandError("/tree takes nothing, or all to fold nothing")
    repl.screen.show(draw(repl.engine.session, columns(repl.screen), whole=bool(words)))


@command
def branches(repl: "Repl", words: list[str]) -> None:
    """/branches: the lines of turns, where each stands; * marks the one you are on"""
    session, width = repl.engine.session, columns(repl.screen)
    tips = session.branches.tips
    rows = [(name, session.path(tip) if tip else [], name == session.branches.current) for name, tip in tips.items()]
    rows += [(f"#{turn.seq}", session.path(turn.id), turn.id == session.head) for turn in unnamed(session)]
    wide = min(max(len(name) for name, _, _ in rows), width // 3)
    for name, path, here in rows:
        size = f"{counted(len(path), 'turn'):<9} "
        last = places.says(path[-1]) if path else "(the start)"
        style = "class:number" if here else ""
        shown = [(style, f"{'*' if here else ' '} {padded(name, wide)}  "), ("class:dim", size)]
        repl.screen.show([*shown, ("", clip(last, width - wide - len(size) - 4)), ("", "\n")])
    if len(rows) == 1:
        repl.screen.line("/branch NAME starts another one from here", "dim")


def unnamed(session: Session) -> list[Turn]:
    """The last turns of lines without a name, the newest first, a few of them."""
    parents = {turn.parent for turn in session.turns.values() if turn.execution.advances}
    ends = [turn for turn in session.turns.values() if turn.execution.advances and turn.id not in parents]
    tips = set(session.branches.tips.values())
    return [turn for turn in reversed(ends) if turn.id not in tips][:_MOST_UNNAMED]


@command
def diff(repl: "Repl", words: list[str]) -> None:
    """/diff [A [B]]: variables and code of two turns or branches compared; B is where you are; alone, the last turn"""
    engine, session = repl.engine, repl.engine.session
    if len(words) > 2:
        raise CommandError("/diff compares two places, such as /diff 2 5 or /diff main")
    if not words and session.head is None:
        raise CommandError("there is no turn yet to compare")
    first = places.find(session, words[0]) if words else session.undo_target(1)
    second = places.find(session, words[1]) if len(words) == 2 else session.head
    looks = [engine.sandbox.variables(engine.states.at(session, each, repl.cancel)) for each in (first, second)]
    width = columns(repl.screen)
    title = f"{_named(session, words[:1], first)} → {_named(session, words[1:], second)}"
    repl.screen.line(clip(title, width), "number")
    shown = [*_variables(effects(*looks), width), *code_diff(session, first, second)]
    repl.screen.show(shown or [("class:dim", "no difference in variables or code\n")])


def _named(session: Session, words: list[str], turn: str | None) -> str:
    named = f"{words[0]}, " if words and words[0] in session.branches.tips else ""
    return named + places.called(session, turn)


def _variables(changes: Effects, width: int) -> Iterator[tuple[str, str]]:
    """One line a variable: + came, - went, ~ changed."""
    for v in changes.added:
        yield "ansigreen", clip(f"+ {v.name} = {v.repr}", width) + "\n"
    for v in changes.removed:
        yield "ansired", clip(f"- {v.name} = {v.repr}", width) + "\n"
    for old, new in changes.changed:
        line = f"~ {new.name}: {old.repr} → {new.repr}"
        if len(line) <= width and clip(line, width) == line:
            yield "ansiyellow", line + "\n"
        else:
            yield "ansiyellow", clip(f"~ {new.name}: {old.repr}", width) + "\n" + clip(f"  → {new.repr}", width) + "\n"


def code_diff(session: Session, first: str | None, second: str | None) -> Fragments:
    """How the programs that lead to two turns differ, as a unified diff; each turn is its intent and its code."""
    before, after = _program(session, first), _program(session, second)
    shown: Fragments = []
    for line in list(difflib.unified_diff(before, after, n=2, lineterm=""))[2:]:
        style = {"+": "ansigreen", "-": "ansired", "@": "ansicyan"}.get(line[:1], "")
        shown.append((style, line + "\n"))
    return shown


def _program(session: Session, turn: str | None) -> list[str]:
    return [line for made in (session.path(turn) if turn else []) for line in _lines(made)]


def _lines(turn: Turn) -> list[str]:
    intent = [f"# {line}" for line in turn.intent.splitlines()] or ["# (by hand)"]
    return [*intent, *turn.code.splitlines(), ""]
