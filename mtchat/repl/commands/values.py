"""Looking at values: the table of variables, one name as IPython would show it.

Knows how both fit into the width. Leaves looking to the sandbox, by way of `engine`.
"""

import textwrap
from typing import TYPE_CHECKING

from mtchat import render
from mtchat.engine import About, about, source
from mtchat.errors import CommandError
from mtchat.render import Fragments
from mtchat.repl.commands.registry import command
from mtchat.repl.fitting import clip, columns, padded
from mtchat.repl.plain import printable
from mtchat.sandbox import Variable

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

_LINES = 12
"""Lines of a value or a docstring; /about NAME all shows the rest."""


@command
def vars_(repl: "Repl", words: list[str]) -> None:
    """/vars: the variables there are, with type, length or shape, and value"""
    variables = repl.engine.sandbox.variables(repl.engine.restore(repl.cancel))
    if not variables:
        repl.screen.line("nothing is defined yet", "dim")
        return
    repl.screen.show(table(variables, columns(repl.screen)))


def table(variables: list[Variable], width: int) -> Fragments:
    """Variables in columns: name, type, length or shape, value. Narrow names and types leave the value most room."""
    most = max(width // 4, 6)
    name = min(max(len(v.name) for v in variables), most)
    kind = min(max(len(v.type) for v in variables), most)
    size = min(max(len(v.size or "") for v in variables), most)
    room = width - name - kind - size - 2 * (3 if size else 2)
    shown: Fragments = []
    for v in variables:
        measured = f"{padded(v.size or '', size)}  " if size else ""
        shown += [("class:number", f"{padded(v.name, name)}  "), ("class:dim", f"{padded(v.type, kind)}  {measured}")]
        shown += [("", clip(v.repr, room)), ("", "\n")]
    return shown


@command
def about_(repl: "Repl", words: list[str]) -> None:
    """/about NAME [code]: what a name is; ?NAME for short, ??NAME with its code"""
    if not words or words[1:] not in ([], ["code"], ["all"]):
        raise CommandError("/about needs one name, such as ?nums or ?nums.sort; ??NAME shows its code")
    engine, name = repl.engine, words[0]
    found = about(engine.sandbox, engine.restore(repl.cancel), name, repl.cancel)
    where = source(engine.session.path(), name) if found.defines else None
    shown = described(name, found, columns(repl.screen), whole=words[1:] == ["all"])
    if where is not None:
        number, text = where
        shown += [("class:dim", f"code  (turn {number})\n"), *render.code(text, engine.language), ("", "\n")]
    elif words[1:] == ["code"]:
        shown.append(("class:dim", "its code is not of this session\n" if found.defines else "a value has no code\n"))
    repl.screen.show(shown)


def described(name: str, found: About, width: int, whole: bool = False) -> Fragments:
    """What a name is, in lines of a label and what it says."""
    rows = [("type", found.type)]
    if found.defines and found.signature:
        rows.append(("call", name + found.signature))
    if not found.module:
        rows.append(("length", "" if found.length is None or found.shape else f"{found.length}"))
        rows.append(("shape", found.shape or ""))
        rows.append(("holds", found.dtype or ""))
    if not found.defines:
        rows.append(("value", "(its repr fails)" if found.repr is None else found.repr))
    rows.append(("says", found.doc or "") if found.defines or found.module or found.type not in _PLAIN else ("", ""))
    shown: Fragments = []
    for label, text in rows:
        if text:
            shown += _row(label, text, width, whole)
    return shown


_PLAIN = frozenset(
    {"int", "float", "complex", "bool", "str", "bytes", "list", "tuple", "dict", "set", "frozenset", "NoneType"}
)
"""Types whose documentation everybody has seen."""


def _row(label: str, text: str, width: int, whole: bool) -> Fragments:
    """`label`, and beside it `text` in as many lines as it takes."""
    room = max(width - 8, 16)
    lines = [part for line in printable(text).splitlines() for part in (_wrapped(line, room) or [""])]
    kept = lines if whole else lines[:_LINES]
    shown: Fragments = []
    for place, line in enumerate(kept):
        shown += [("class:dim", (label if place == 0 else "").ljust(8)), ("", line + "\n")]
    if len(lines) > len(kept):
        more = render.counted(len(lines) - len(kept), "more line")
        shown.append(("class:dim", f"{'':8}… {more}: /about NAME all\n"))
    return shown


def _wrapped(line: str, room: int) -> list[str]:
    return textwrap.wrap(line, room, drop_whitespace=False, replace_whitespace=False)
