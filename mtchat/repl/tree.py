"""The tree of turns, drawn with box characters.

Knows which line goes straight down (the one that the head is on, below that the larger part), what is folded away when
there are hundreds of turns, and how a turn is marked. Pure: a session and a width give fragments.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mtchat.render import Fragments, counted
from mtchat.repl.fitting import clip
from mtchat.repl.places import says
from mtchat.session import Session
from mtchat.turn import Turn

MOST_ROWS = 60
"""How long a tree may get before parts of it are folded."""
_NEAR = 4
"""Turns beside the head, the start or the end of a line that are never folded."""


@dataclass(frozen=True)
class Row:
    """One line: the box characters before it, then a turn, or a word on `folded` turns that are left out."""

    margin: str
    turn: Turn | None
    folded: str = ""


class Tree:
    """A session's turns by parent, ready to be drawn."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.children: dict[str | None, list[Turn]] = {}
        for turn in session.turns.values():
            self.children.setdefault(turn.parent, []).append(turn)
        self.path = [turn.id for turn in session.path()]
        self.numbers = {id: number for number, id in enumerate(self.path, 1)}
        tips = session.branches.tips
        self.names = {tip: [name for name in tips if tips[name] == tip] for tip in tips.values()}
        self.sizes = self._sizes()
        self.marked = self._above([session.head, *tips.values()])

    def _sizes(self) -> dict[str, int]:
        """How many turns hang below each, itself included. A turn comes after its parent in the session."""
        sizes = dict.fromkeys(self.session.turns, 1)
        for turn in reversed(list(self.session.turns.values())):
            if turn.parent is not None:
                sizes[turn.parent] += sizes[turn.id]
        return sizes

    def _above(self, ends: list[str | None]) -> set[str]:
        """The turns that lead to any of `ends`."""
        seen: set[str] = set()
        for at in ends:
            while at is not None and at not in seen:
                seen.add(at)
                at = self.session.turns[at].parent
        return seen

    def chain(self, first: Turn) -> list[Turn]:
        """The line from `first` straight down."""
        line = [first]
        while below := self.children.get(line[-1].id):
            line.append(max(below, key=self._straight))
        return line

    def _straight(self, turn: Turn) -> tuple[bool, bool, int, int]:
        return turn.id in self.numbers, turn.execution.advances, self.sizes[turn.id], -turn.seq

    def rows(self, level: int) -> list[Row]:
        """The tree below the start. `level` says how much is folded: 0 nothing, 1 plain stretches, 2 side lines too,
        3 everything that leads to no name and is not near the head.
        """
        rows: list[Row] = []
        below = self.children.get(None, [])
        if below:
            trunk = max(below, key=self._straight)
            for side in below:
                if side is not trunk:
                    rows += self._side(side, "", False, level)
            rows += self._line(self.chain(trunk), "", level)
        return rows

    def _line(self, line: list[Turn], margin: str, level: int) -> Iterator[Row]:
        waiting: list[Turn] = []
        head = next((n for n, turn in enumerate(line) if turn.id == self.session.head), None)
        for place, turn in enumerate(line):
            last = place == len(line) - 1
            if level and self._is_plain(line, place, head, level):
                waiting.append(turn)
                continue
            yield from self._folded(waiting, margin, level)
            waiting = []
            yield Row(margin + ("└─" if last else "├─"), turn)
            below = [side for side in self.children.get(turn.id, []) if last or side is not line[place + 1]]
            for number, side in enumerate(below if level < 3 or turn.id in self.marked else [], 1):
                if level < 3 or side.id in self.marked or turn.id == self.session.head:
                    yield from self._side(side, margin + "│ ", number == len(below), level)

    def _side(self, first: Turn, margin: str, ends: bool, level: int) -> Iterator[Row]:
        """A line beside another: its first turn hangs on `margin`, what follows one step further right."""
        yield Row(margin + ("└─" if ends else "├─"), first)
        margin += "  " if ends else "│ "
        if level >= 2 and first.id not in self.marked and self.sizes[first.id] > 1:
            yield Row(margin, None, counted(self.sizes[first.id] - 1, "more turn"))
            return
        below = self.children.get(first.id, [])
        if below:
            trunk = max(below, key=self._straight)
            for side in below:
                if side is not trunk:
                    yield from self._side(side, margin, False, level)
            yield from self._line(self.chain(trunk), margin, level)

    def _is_plain(self, line: list[Turn], place: int, head: int | None, level: int) -> bool:
        """Whether a turn on a line can be folded away; `head` is the head's place on it."""
        turn = line[place]
        near = place < 2 or place >= len(line) - 2 or (head is not None and abs(place - head) <= _NEAR)
        if near or turn.id in self.names:
            return False
        sides = [each for each in self.children.get(turn.id, []) if each is not line[place + 1]]
        return not any(level < 3 or side.id in self.marked for side in sides)

    def _folded(self, turns: list[Turn], margin: str, level: int) -> Iterator[Row]:
        if len(turns) <= 1:
            yield from (Row(margin + "├─", turn) for turn in turns)
            return
        sides = sum(self.sizes[turn.id] - 1 for turn in turns[-1:]) if turns else 0
        beside = self.sizes[turns[0].id] - sides - len(turns)
        yield Row(margin, None, counted(len(turns), "turn") + (f", {beside} beside them" if beside else ""))


def draw(session: Session, width: int, whole: bool = False) -> Fragments:
    """The tree in lines of at most `width` cells; folded where it is long, unless `whole`."""
    tree = Tree(session)
    levels = [0] if whole else [0, 1, 2, 3]
    rows = next((rows for rows in map(tree.rows, levels) if len(rows) <= MOST_ROWS), None)
    fragments = _start(tree, width)
    for row in rows if rows is not None else tree.rows(levels[-1]):
        fragments += _fragments(tree, row, width)
    return fragments


def _start(tree: Tree, width: int) -> Fragments:
    words = "○ start" + "".join(f" ({name})" for name in tree.names.get(None, []) if tree.session.turns)
    here = " ◀ here" if tree.session.head is None else ""
    return [("class:number" if here else "class:dim", clip(words + here, width)), ("", "\n")]


def _fragments(tree: Tree, row: Row, width: int) -> Fragments:
    margin = row.margin if len(row.margin) <= width // 2 else "…" + row.margin[-(width // 2) :]
    if row.turn is None:
        return [("class:dim", clip_raw(margin + "⋮ ", row.folded, width)), ("", "\n")]
    turn = row.turn
    number = tree.numbers.get(turn.id)
    on_path = number is not None
    mark = f"[{number}] " if on_path else f"#{turn.seq} "
    after = "".join(f" ({name})" for name in tree.names.get(turn.id, []))
    after += " ◀ here" if turn.id == tree.session.head else ""
    failed = f"✗ {_why(turn)} " if not turn.execution.ok else ""
    after = clip(after, max(width // 2, 8))
    after = f" {after}" if after else ""
    room = width - len(margin) - len(mark) - len(after)
    return [
        ("class:dim", margin),
        ("class:number" if on_path else "class:dim", mark),
        ("class:error", clip_raw("", failed, max(room, 0)) if failed else ""),
        ("" if on_path else "class:dim", clip(says(turn), max(room - len(failed), 0))),
        ("class:number" if turn.id == tree.session.head else "class:notice", after),
        ("", "\n"),
    ]


def _why(turn: Turn) -> str:
    error = turn.execution.error
    return error.type if turn.execution.status == "error" and error else turn.execution.status


def clip_raw(before: str, text: str, width: int) -> str:
    """`before` as it is, and as much of `text` as fits after it; a last space of `text` stays."""
    end = " " if text.endswith(" ") else ""
    return before + clip(text, max(width - len(before) - len(end), 0)) + end
