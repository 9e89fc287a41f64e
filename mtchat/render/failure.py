"""A program's traceback with the code it speaks of: each call by its turn, the line to blame marked.

Knows how Python writes a traceback and how the sandbox names turns in it (`<turn 3>`). Pure. A line that is not
understood is shown as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mtchat.render.fit import Fragments, cut_line, lines_of

MARK = "▸"
AROUND = 2
"""Lines of code shown before and after the line that raised."""
MOST_CALLS, KEPT_CALLS = 9, 3

_FRAME = re.compile(r'  File "<turn (\d+)>", line (\d+)(?:, in (.*))?$')
_REPEATED = re.compile(r"  \[(?:Previous line repeated )?(\d+) more (?:times?|frames)\]$")
_CARETS = re.compile(r"    [ ~^]*\^[ ~^]*$")
_HEAD = "Traceback (most recent call last):"


@dataclass(frozen=True)
class Source:
    """The code of a turn, highlighted, and what the turn is called."""

    name: str
    code: Fragments


@dataclass
class Call:
    """One frame: the number of its turn in the sandbox, its line, the function, and what Python printed below it."""

    number: int
    line: int
    function: str | None
    below: list[str] = field(default_factory=list)

    @property
    def carets(self) -> str:
        """Where in the line, counted from its first character that is no space; "" where Python did not say."""
        return self.below[1][4:] if len(self.below) == 2 and _CARETS.match(self.below[1]) else ""


Entry = Call | int | str
"""A call, a number of calls left out, or any other line."""


def failure(traceback: str, sources: Mapping[int, Source], width: int) -> Fragments:
    """`traceback` for a window of `width` cells. `sources` by the number that the sandbox gave each turn."""
    entries = folded(parsed(traceback))
    last = max((place for place, entry in enumerate(entries) if isinstance(entry, Call)), default=-1)
    shown: Fragments = []
    for place, entry in enumerate(entries):
        if isinstance(entry, Call):
            shown += _call(entry, sources, width, AROUND if place == last else 0)
        elif isinstance(entry, int):
            shown.append(("class:dim", f"  … {entry} more calls …\n"))
        else:
            shown.append(("class:error", f"{entry}\n"))
    return shown


def marked(code: Fragments, line: int, width: int, around: int = AROUND, carets: str = "") -> Fragments:
    """Lines of `code` around line `line` (from 1), which is marked. Empty where there is no such line."""
    lines = lines_of(code)
    if not 1 <= line <= len(lines):
        return []
    texts = ["".join(part for _, part in each) for each in lines]
    first, end = max(line - around, 1), min(line + around, len(lines))
    while first < line and not texts[first - 1].strip():
        first += 1
    while end > line and not texts[end - 1].strip():
        end -= 1
    digits = len(str(end))
    room, text = width - digits - 5, texts[line - 1]
    indent = len(text) - len(text.lstrip())
    start = _shift(indent + len(carets.rstrip()), len(text), room)
    shown: Fragments = []
    for number in range(first, end + 1):
        here = number == line
        sign = ("class:error", f"{MARK} ") if here else ("", "  ")
        shown += [sign, ("class:dim", f"{number:>{digits}} │ "), *cut_line(lines[number - 1], start, room), ("", "\n")]
        if here and carets.strip():
            below = " " * bool(start) + (" " * indent + carets)[start:]
            shown += [("class:dim", f"{'':{digits + 2}} │ "), ("class:error", below[:room].rstrip() + "\n")]
    return shown


def parsed(traceback: str) -> list[Entry]:
    """The calls of a traceback and the lines between them, in order."""
    entries: list[Entry] = []
    for line in traceback.rstrip("\n").split("\n"):
        if frame := _FRAME.match(line):
            entries.append(Call(int(frame[1]), int(frame[2]), frame[3]))
        elif repeated := _REPEATED.match(line):
            entries.append(int(repeated[1]))
        elif entries and isinstance(call := entries[-1], Call) and line.startswith("    "):
            call.below.append(line)
        elif line != _HEAD:
            entries.append(line)
    return entries


def folded(entries: Sequence[Entry]) -> list[Entry]:
    """`entries` with the middle of a long run of calls as the number of those left out."""
    shown: list[Entry] = []
    run: list[Entry] = []
    for entry in [*entries, ""]:
        if not isinstance(entry, str):
            run.append(entry)
            continue
        shown += _ends(run)
        run = []
        shown.append(entry)
    return shown[:-1]


def _ends(run: list[Entry]) -> list[Entry]:
    if len(run) <= MOST_CALLS:
        return run
    left = run[KEPT_CALLS:-KEPT_CALLS]
    return [*run[:KEPT_CALLS], sum(e if isinstance(e, int) else 1 for e in left), *run[-KEPT_CALLS:]]


def _call(call: Call, sources: Mapping[int, Source], width: int, around: int) -> Fragments:
    source = sources.get(call.number)
    function = call.function if call.function and call.function != "<module>" else ""
    name = source.name if source else f"turn {call.number}"
    head = ("class:dim", f"{name}, line {call.line}{f', in {function}' if function else ''}\n")
    code = marked(source.code, call.line, width, around, call.carets) if source else []
    return [head, *(code or [("", "".join(f"{line}\n" for line in call.below))])]


def _shift(end: int, length: int, room: int) -> int:
    """How many characters to leave out at the left, so that what ends at `end` is in sight."""
    return 0 if length <= room or end < room else end - room + 2
