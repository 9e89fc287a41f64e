"""An explanation as styled text: each line of code, what it does, what it did.

Knows the layout in any width. Pure; leaves sentences to `sentences`, what happened to `watch`, errors to `mishaps`.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence

from mtchat import render
from mtchat.languages import LANGUAGES
from mtchat.render import Fragments, counted
from mtchat.sandbox import Variable
from mtchat.teach import mishaps
from mtchat.teach.sentences import MOST, Step, folded, steps
from mtchat.teach.watch import Round, Seen
from mtchat.turn import Turn

_MOST_LINES = 4
"""Lines of code shown for one step."""
_MOST_TEXT = 200
_ADDRESS = re.compile(r" at 0x[0-9a-f]+>")
"""Another one each time, and of no use to a reader."""


def explanation(turn: Turn, number: int, seen: Sequence[Seen], width: int = 80, most: int = MOST) -> Fragments:
    """A turn, line by line. `seen` is what its outermost statements did, as far as they ran; `most` steps are shown."""
    all_steps = steps(turn.code)
    shown, left = folded(all_steps, most)
    out = [("class:number", f"[{number}] "), ("class:intent", (turn.intent.strip() or "(by hand)") + "\n")]
    out += _note(turn)
    lines = turn.code.splitlines()
    out += [] if shown else _unread(turn, lines)
    for place, step in enumerate(shown):
        out += _step(step, lines, turn.language, width)
        if step.top < len(seen) and (place == 0 or shown[place - 1].top != step.top):
            out += _before(seen[step.top], width)
        last = place + 1 == len(shown) or shown[place + 1].top != step.top
        if last and step.top < len(seen):
            out += _facts(seen[step.top], width)
    if left:
        out.append(("class:dim", f"… {counted(left, 'more statement')}: /explain {number} all\n"))
    return out + ending(turn, seen, width)


def _note(turn: Turn) -> Fragments:
    if turn.execution.status == "denied":
        return [("class:dim", "It was refused as a whole. Its statements, one by one:\n")]
    return []


def _unread(turn: Turn, lines: Sequence[str]) -> Fragments:
    """The lines around the one that cannot be read; of other code that has no statement, all of it."""
    error = turn.execution.error
    at = error.line if error is not None and error.line is not None else 1
    first = max(at - 2, 1)
    return [
        ("class:dim" if n != at else "class:error", f"{n:>3} {line}\n")
        for n, line in enumerate(lines[first - 1 : at + 1], first)
    ]


def _step(step: Step, lines: Sequence[str], language: str, width: int) -> Fragments:
    """The code of a step behind its line numbers, then its sentence."""
    out: Fragments = []
    block = lines[step.line - 1 : step.end]
    for number, line in enumerate(block[:_MOST_LINES], step.line):
        out.append(("class:dim", f"{number:>3} "))
        out += [*render.code(line, LANGUAGES[language]), ("", "\n")]
    if len(block) > _MOST_LINES:
        out.append(("class:dim", f"    … {counted(len(block) - _MOST_LINES, 'more line')}\n"))
    inside = f" ({counted(step.folded, 'statement')} inside)" if step.folded else ""
    return out + _wrapped(step.says + inside, width, "", 4 + 2 * min(step.depth, 6))


def _wrapped(text: str, width: int, style: str, margin: int = 4) -> Fragments:
    one = " ".join(text.split())
    lines = textwrap.wrap(one, max(width - margin, 20), break_on_hyphens=False) or [""]
    return [(style, "".join(f"{'':{margin}}{line}\n" for line in lines))]


def _before(seen: Seen, width: int) -> Iterator[tuple[str, str]]:
    """The values that a statement read, and which way its test went."""
    if seen.uses:
        yield from _wrapped(f"with {', '.join(_value(v) for v in seen.uses)}", width, "class:dim")
    if seen.held is not None:
        yield from _wrapped("it is so" if seen.held else "it is not so", width, "class:dim")


def _facts(seen: Seen, width: int) -> Iterator[tuple[str, str]]:
    """What a statement did: its rounds, what is different after it, what it printed."""
    for place, each in enumerate(seen.rounds, 1):
        yield from _wrapped(f"round {place}: {_round(each)}", width, "class:dim")
    if seen.count is not None and seen.execution.ok:
        more = seen.count > len(seen.rounds) > 0
        yield from _wrapped(
            f"… {counted(seen.count, 'round')} in all" if more else counted(seen.count, "round"), width, "class:dim"
        )
    if seen.part is not None:
        text, before, after = seen.part
        yield from _wrapped(f"{text}: {before} → {after}" if before else f"{text} = {after}", width, "class:value")
    for old, new in seen.changes.changed:
        yield from _wrapped(f"{new.name}: {_short(old.repr)} → {_short(new.repr)}", width, "class:value")
    for v in seen.changes.added:
        if v.type not in ("function", "type", "module"):
            yield from _wrapped(_value(v), width, "class:value")
    for v in seen.changes.removed:
        yield from _wrapped(f"{v.name} is gone", width, "class:value")
    if seen.execution.stdout:
        yield from _wrapped(f"prints: {_short(_lines(seen.execution.stdout))}", width, "class:stdout")
    if seen.execution.value is not None:
        yield from _wrapped(f"shows: {_short(seen.execution.value)}", width, "class:value")


def _round(each: Round) -> str:
    said = [_value(v) for v in each.values[:4]]
    said += [f"prints {_short(_lines(each.printed), 60)}"] if each.printed else []
    return ", ".join(said) or "nothing changes"


def _value(variable: Variable) -> str:
    return f"{variable.name} = {_short(_ADDRESS.sub('>', variable.repr), 60)}"


def _lines(text: str) -> str:
    return " ⏎ ".join(text.rstrip("\n").split("\n"))


def _short(text: str, most: int = _MOST_TEXT) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def ending(turn: Turn, seen: Sequence[Seen], width: int) -> Fragments:
    """Where and why a turn stopped, and what that means for its variables; nothing for one that did not."""
    execution = turn.execution
    if execution.ok:
        return []
    names = [v.name for each in seen for v in (*each.changes.added, *each.uses)] + list(turn.defined)
    line = execution.error.line if execution.error and execution.error.line else _stopped(turn, seen)
    where = f"It stopped at line {line}" if line else "It stopped"
    last = seen[-1] if seen else None
    if last is not None and last.rounds and not last.execution.ok and execution.status == "error":
        where += f", in round {last.count or len(last.rounds)} of the loop" if last.count else ""
    out = _wrapped(f"{where}: {mishaps.why(execution, names)}.", width, "class:error", 0)
    kept = (
        "What ran before that is kept."
        if execution.advances
        else "Nothing of it is kept: state is as before this turn."
    )
    return out + _wrapped(kept, width, "class:dim", 0)


def _stopped(turn: Turn, seen: Sequence[Seen]) -> int | None:
    """The line of the outermost statement that was the last to run, for a turn that left no error with a line."""
    if not seen or seen[-1].execution.ok:
        return None
    return next((step.line for step in steps(turn.code) if step.top == len(seen) - 1), None)
