"""Groups of candidates side by side: what each did, its code, as columns where the window is wide, else stacked.

Knows how a group reads in a box of a given width. Pure; leaves grouping to `engine`, printing to `screen`.
"""

from collections.abc import Iterator, Sequence

from prompt_toolkit.formatted_text import split_lines
from prompt_toolkit.formatted_text.utils import fragment_list_width
from prompt_toolkit.utils import get_cwidth

from mtchat import render
from mtchat.engine import Effects, Grouping, Proposal, headline
from mtchat.engine.groups import Group
from mtchat.languages import Language
from mtchat.render import Fragments
from mtchat.repl.plain import printable

NARROWEST = 36
_GAP = "   "
_MOST_CODE, _MOST_OUTPUT, _MOST_ANSWERS = 14, 6, 3


def listing(found: Grouping, proposal: Proposal, language: Language, columns: int) -> Fragments:
    """All groups, numbered from 1, as many in a row as a window of so many columns has room for."""
    blocks = [block(number, found, proposal, language) for number in range(len(found.groups))]
    across = max(1, min(len(blocks), (columns + len(_GAP)) // (NARROWEST + len(_GAP))))
    width = (columns - 1 - len(_GAP) * (across - 1)) // across
    shown: Fragments = []
    for start in range(0, len(blocks), across):
        shown += _row([[clipped(line, width) for line in b] for b in blocks[start : start + across]], width)
    return shown


def _row(blocks: Sequence[list[Fragments]], width: int) -> Fragments:
    shown: Fragments = []
    for at in range(max(map(len, blocks))):
        for place, lines in enumerate(blocks):
            line = lines[at] if at < len(lines) else []
            shown += [("", _GAP)] if place else []
            last = place == len(blocks) - 1
            shown += [*line, ("", "" if last else " " * (width - fragment_list_width(line)))]  # type: ignore[arg-type]
        shown.append(("", "\n"))
    return [*shown, ("", "\n")]


def block(number: int, found: Grouping, proposal: Proposal, language: Language) -> list[Fragments]:
    """The lines of group `number` (from 0): its count, code, output, outcome, variables, what its functions give."""
    group = found.groups[number]
    lines: list[Fragments] = [[("class:number", f"{number + 1}  ×{group.count}"), ("class:dim", _codes(group))]]
    code = _lines(render.code(proposal.trials[group.first].code.rstrip("\n"), language), _MOST_CODE)
    lines += [[("class:gutter", "│ "), *line] for line in code]
    for stream, text in (("stdout", group.execution.stdout), ("stderr", group.execution.stderr)):
        lines += _lines(render.streamed(stream, text.rstrip("\n")), _MOST_OUTPUT) if text.strip() else []
    lines += _lines([("class:value", group.execution.value)], _MOST_OUTPUT) if group.execution.value is not None else []
    lines += [[("class:dim", f"[{render.counted(len(group.execution.figures), 'figure')}]")]] * bool(
        group.execution.figures
    )
    if not group.execution.ok:
        error = group.execution.error
        said = f"{error.type}: {error.message}" if error else group.execution.status
        lines += _lines([("class:error", said)], 2)
    lines += [[("class:value", text)] for text in changes(group.effects)]
    return lines + [[("class:value", text)] for text in told(number, found)]


def title(number: int, found: Grouping) -> str:
    """Group `number` (from 0) in a line: what its functions give if that tells it apart, else its headline."""
    given = next(told(number, found), "")
    return f"×{found.groups[number].count}  {given or headline(found.groups[number], found.groups)}"


def _codes(group: Group) -> str:
    return f"  written in {len(group.members)} ways" if len(group.members) > 1 else ""


def changes(seen: Effects) -> Iterator[str]:
    """What became of the variables, a line each: `+` bound anew, `~` bound otherwise, `-` no longer bound."""
    for v in seen.added:
        yield f"+ {v.name}" + (f" = {_flat(v.repr)}" if v.type not in ("function", "type") else f" ({v.type})")
    for old, new in seen.changed:
        yield f"~ {new.name} = {_flat(new.repr)}, was {_flat(old.repr)}"
    for v in seen.removed:
        yield f"- {v.name}"


def told(number: int, found: Grouping) -> Iterator[str]:
    """What the group's functions give where not all groups' functions give the same."""
    group, shown = found.groups[number], 0
    for place, call in enumerate(found.calls):
        keys = {other.answers[place].key for other in found.well}
        if group.answers and len(keys) > 1 and shown < _MOST_ANSWERS:
            shown += 1
            yield f"{call.of(group.function)} → {group.answers[place]}"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _lines(fragments: Fragments, most: int) -> list[Fragments]:
    """Fragments by line, harmless for a terminal; of more than `most` lines the first, and how many there are more."""
    safe = [(style, printable(text).expandtabs(4)) for style, text in fragments]
    lines: list[Fragments] = [[(f[0], f[1]) for f in line] for line in split_lines(safe)]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], [("class:dim", f"… {len(lines) - most + 1} more lines")]]


def clipped(line: Fragments, width: int) -> Fragments:
    """`line` in at most `width` columns, `…` for what does not fit."""
    line = [(style, printable(text).replace("\n", " ")) for style, text in line]
    if fragment_list_width(line) <= width:  # type: ignore[arg-type]
        return line
    kept: Fragments = []
    room = width - 1
    for style, text in line:
        part = ""
        for sign in text:
            room -= get_cwidth(sign)
            if room < 0:
                return [*kept, (style, part), ("class:dim", "…")]
            part += sign
        kept.append((style, part))
    return kept
