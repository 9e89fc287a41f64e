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
_FEW = 3
"""Lines of a value or a docstring, and of the docstring of a value's type; /about NAME all shows the rest."""


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
    else:
        shown += _made(repl, name, code=words[1:] == ["code"])
    repl.screen.show(shown)


def _made(repl: "Repl", name: str, code: bool) -> Fragments:
    """Which turn set a value last, and that turn's code if wanted."""
    path = list(enumerate(repl.engine.session.path(), 1))
    number, turn = next(((n, t) for n, t in reversed(path) if name.split(".")[0] in t.defined), (0, None))
    if turn is None:
        return [("class:dim", "its code is not of this session\n")] if code else []
    shown: Fragments = [("class:dim", f"set in  turn {number}\n")]
    return [*shown, *render.code(turn.code, repl.engine.language), ("", "\n")] if code else shown


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
    cut = False
    for label, text in rows:
        if text:
            lines = [part for line in printable(text).splitlines() for part in _wrapped(line, max(width - 8, 16))]
            most = len(lines) if whole else _FEW if label == "says" and not found.defines else _LINES
            shown += _row(label, lines[:most])
            cut |= len(lines) > most
    if cut:
        shown.append(("class:dim", clip(f"… the rest: /about {name} all", width) + "\n"))
    return shown


_PLAIN = frozenset(
    {"int", "float", "complex", "bool", "str", "bytes", "list", "tuple", "dict", "set", "frozenset", "NoneType"}
)
"""Types whose documentation everybody has seen."""


def _row(label: str, lines: list[str]) -> Fragments:
    """`label`, and beside it what it says, in as many lines as it takes."""
    shown: Fragments = []
    for place, line in enumerate(lines):
        shown += [("class:dim", (label if place == 0 else "").ljust(8)), ("", line + "\n")]
    return shown


def _wrapped(line: str, room: int) -> list[str]:
    return textwrap.wrap(line, room, replace_whitespace=False) or [""]
