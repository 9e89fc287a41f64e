"""The session as a value: every turn ever made, and where the head stands.

Knows the tree: paths, undo and redo targets, what a record changes. Pure; leaves files to `store`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mtchat.errors import CommandError
from mtchat.session.branches import MAIN, Branches
from mtchat.session.schema import Attach, Header, HeadMove, Note, Record, Title, TurnRecord
from mtchat.turn import Turn


@dataclass(frozen=True)
class Session:
    """A tree of turns. `head` is the current turn's id, None at the root; `trail` lists past heads, oldest first.

    `attached` are the files given to programs, each with the number of the first turn that could see it.
    """

    header: Header
    turns: Mapping[str, Turn] = field(default_factory=dict)
    head: str | None = None
    trail: tuple[str | None, ...] = ()
    title: str = ""
    notes: tuple[str, ...] = ()
    attached: tuple[tuple[int, Attach], ...] = ()
    branches: Branches = field(default_factory=Branches)

    @property
    def next_seq(self) -> int:
        """The number that the next turn carries."""
        return max((turn.seq for turn in self.turns.values()), default=0) + 1

    def path(self, to: str | None = None) -> list[Turn]:
        """The turns from the root to `to` (the head if not given), oldest first."""
        turns: list[Turn] = []
        at = to if to is not None else self.head
        while at is not None:
            turns.append(self.turns[at])
            at = turns[-1].parent
        return turns[::-1]

    def files(self, turn: str | None, before: Turn | None = None) -> tuple[Attach, ...]:
        """What was attached at the state after `turn`, oldest first; `before`: what that later turn found there."""
        return tuple(a for since, a in self.attached if a.after == turn and (before is None or since <= before.seq))

    def apply(self, record: Record) -> "Session":
        """The session after `record`. Raises KeyError for a turn or head move whose target is not there."""
        match record:
            case TurnRecord(turn=turn):
                if turn.parent is not None:
                    self.turns[turn.parent]
                grown = replace(self, turns={**self.turns, turn.id: turn})
                if not turn.execution.advances:
                    return grown
                return replace(grown._moved(turn.id), branches=self.branches.grown(turn))
            case HeadMove(turn=target, branch=name):
                if target is not None:
                    self.turns[target]
                return replace(self._moved(target), branches=self.branches.moved(self.turns, target, name))
            case Title(text=text):
                return replace(self, title=text)
            case Note(text=text):
                return replace(self, notes=(*self.notes, text))
            case Attach(after=after):
                if after is not None:
                    self.turns[after]
                return replace(self, attached=(*self.attached, (self.next_seq, record)))

    def _moved(self, head: str | None) -> "Session":
        return replace(self, head=head, trail=(*self.trail, self.head))

    def undo_target(self, steps: int = 1) -> str | None:
        """The id `steps` turns above the head. Raises CommandError if there are fewer."""
        path = self.path()
        if steps < 1 or steps > len(path):
            raise CommandError(f"cannot undo {steps}: turns up to here: {len(path)}")
        return path[-steps].parent

    def ahead(self) -> list[Turn]:
        """The turns below the head on the way back to the latest head that was below it, nearest first."""
        least = 0 if self.head is None else self.turns[self.head].seq
        for past in reversed(self.trail):
            if past is None or self.turns[past].seq <= least:
                continue
            path = self.path(past)
            if self.head is None:
                return path
            ids = [turn.id for turn in path]
            if self.head in ids:
                return path[ids.index(self.head) + 1 :]
        return []

    def redo_target(self) -> str:
        """The next turn on the way back to the latest head below this one. Raises CommandError if there is none."""
        if not (ahead := self.ahead()):
            raise CommandError("nothing to redo")
        return ahead[0].id


def branch_name(session: Session) -> str | None:
    """The branch that the head is on, for a glance: None where it has no name, and as long as there is but one line."""
    branches = session.branches
    return None if branches.current == MAIN and len(branches.tips) == 1 else branches.current
