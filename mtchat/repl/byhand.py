"""Code that the person writes: a line behind `>>> `, a pasted doctest, a block of its own.

Knows the marks, what is a turn's intent in it, and when a line is not the last one. Leaves running to `engine`.
"""

import codeop
import io
import textwrap
import threading
import tokenize
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mtchat import render
from mtchat.engine import continued
from mtchat.errors import CommandError
from mtchat.languages import Language

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

FIRST, MORE = ">>>", "..."


@dataclass(frozen=True)
class Written:
    """Code by hand and its intent ("" for none)."""

    code: str
    intent: str = ""


def is_code(entry: str) -> bool:
    """Whether an entry is code by hand: its first line opens with `>>>` and a blank, or is `>>>` alone."""
    return _marked(entry.strip().split("\n")[0], FIRST)


def _marked(line: str, mark: str) -> bool:
    return line == mark or line.startswith(mark + " ")


def bare(entry: str) -> tuple[str, int]:
    """The code behind the marks of an entry, and how many lines of it are left out as a program's output.

    A line without a mark is code where a statement is still open.

    >>> bare(">>> for n in range(2):\\n...     print(n)\\n0\\n1\\n>>> n")
    ('for n in range(2):\\n    print(n)\\nn', 2)
    """
    code: list[str] = []
    dropped = 0
    for line in textwrap.dedent(entry.expandtabs() if "\t" in entry[:1] else entry).strip("\n").split("\n"):
        if _marked(line, FIRST) or _marked(line, MORE):
            code.append(line[4:])
        elif is_open("\n".join(code)):
            code.append(line)
        else:
            dropped += bool(line.strip())
    return "\n".join(code).strip("\n"), dropped


def is_open(code: str) -> bool:
    """Whether `code` cannot be all of a program yet: an open bracket, string or block. False for what never parses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return codeop.compile_command(code, symbol="exec") is None
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return False


def goes_on(entry: str) -> bool:
    """Whether Enter opens a further line of an entry that is code: a statement is open, or a block may have more."""
    *above, last = entry.split("\n")
    if above and last.strip() in ("", MORE):
        return False
    code = bare(entry)[0]
    line = code.split("\n")[-1]
    return is_open(code) or (line[:1].isspace() and last.strip().endswith(line.strip()))


def next_line(entry: str) -> str:
    """What opens the line after `entry`: the mark and as much indentation as belongs there."""
    last = entry.split("\n")[-1]
    line = last[4:] if _marked(last, FIRST) or _marked(last, MORE) else last
    deeper = 4 * line.rstrip().endswith(":")
    return f"\n{MORE} " + " " * (len(line) - len(line.lstrip()) + deeper)


def written(text: str, language: Language) -> Written:
    """Code and its intent: comment lines above it, or the comment at the end of a single line.

    >>> from mtchat.languages import PYTHON
    >>> written("nums = [3, 1]  # two numbers", PYTHON)
    Written(code='nums = [3, 1]', intent='two numbers')
    """
    intent, code = above(textwrap.dedent(text).rstrip(), language)
    if not intent and "\n" not in code and (at := _comment(code)) is not None:
        intent, code = _words(code[at:], language.comment.strip()), code[:at].rstrip()
    return Written(code, intent)


def above(text: str, language: Language) -> tuple[str, str]:
    """The intent that comment lines at the top of `text` make, and the code below them."""
    mark, lines = language.comment.strip(), text.lstrip("\n").split("\n")
    start = next((n for n, line in enumerate(lines) if not line.startswith(mark)), len(lines))
    intent = "\n".join(_words(line, mark) for line in lines[:start])
    return intent.strip(), "\n".join(lines[start:]).lstrip("\n")


def more(repl: "Repl", begun: str, cancel: threading.Event) -> str:
    """What the model goes on with after `begun`, which has its intent above it. Raises MtchatError."""
    intent, code = above(begun, repl.engine.language)
    return continued(repl.engine, intent, code, cancel)


def _words(comment: str, mark: str) -> str:
    return comment.removeprefix(mark).removeprefix(" ").rstrip()


def _comment(line: str) -> int | None:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(line).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    return next((token.start[1] for token in tokens if token.type == tokenize.COMMENT), None)


def typed(repl: "Repl", entry: str) -> None:
    """An entry that `is_code`, as a turn of its own."""
    code, dropped = bare(entry)
    if dropped:
        said = f"{render.counted(dropped, 'line')} without {FIRST} or {MORE} left out, as a program's output"
        repl.screen.line(said, "dim")
    run(repl, code)


def run(repl: "Repl", text: str, echo: bool = False) -> None:
    """`text` as a turn by hand, its comments at the top its intent. It is not shown again where it was just typed."""
    made = written(text, repl.engine.language)
    if not made.code:
        raise CommandError("there is no code to run: write it behind >>> , or type /py for more lines")
    silent = repl.asks and not echo
    repl.make(
        lambda hooks: repl.engine.run_code(
            made.code, replace(hooks, on_code=lambda code: None) if silent else hooks, made.intent
        ),
        needs_model=False,
    )
