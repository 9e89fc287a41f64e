"""Turns as styled text: what the REPL prints and the exporters share.

Knows how code, output, values and errors look. Leaves tracebacks to `failure`, tables to `table`, printing to
`repl.screen` and `cli`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Error, _TokenType

from mtchat.languages import Language
from mtchat.render import table
from mtchat.render.failure import Source, failure, marked
from mtchat.render.fit import Fragments
from mtchat.turn import Execution, ProgramError, Turn

STATUS_WORDS = {
    "timeout": "stopped: it ran longer than {timeout:g} s (--timeout changes that)",
    "memory": "stopped: it wanted more memory than it may have",
    "denied": "refused",
    "interrupted": "interrupted",
    "crashed": "the program crashed the interpreter",
    "limit": "stopped at a limit",
}


@lru_cache
def lexer_of(name: str) -> Lexer:
    """The Pygments lexer `name`, which leaves newlines as they are."""
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


def style_of(token: "_TokenType") -> str:
    """prompt_toolkit's style class for a Pygments token type."""
    return "class:pygments." + ".".join(str(part).lower() for part in token) if token else ""


def code(text: str, language: Language) -> Fragments:
    """`text` highlighted."""
    return [(style_of(token), part) for token, part in lexer_of(language.lexer).get_tokens(text)]


def grown(text: str, shown: int, language: Language, final: bool = False) -> Fragments:
    """What may be printed of code that is still arriving, after its first `shown` characters.

    A token can still change while it is the last one, and so can a string that is not closed; these wait, unless
    `final`.
    """
    fragments: Fragments = []
    position, end = 0, len(text) if final else stable(text, language)
    for token, part in lexer_of(language.lexer).get_tokens(text):
        left, right = max(position, shown), min(position + len(part), end)
        if left < right:
            fragments.append((style_of(token), text[left:right]))
        position += len(part)
    return fragments


def stable(text: str, language: Language) -> int:
    """How many characters of arriving code can no longer change their colour."""
    line = text.rfind("\n") + 1
    position, safe = 0, 0
    for token, part in lexer_of(language.lexer).get_tokens(text):
        if position >= line and token in Error:
            return position
        if position + len(part) < len(text):
            safe = position + len(part)
        position += len(part)
    return safe


def streamed(stream: str, text: str) -> Fragments:
    """Output of a running program."""
    return [("class:stderr" if stream == "stderr" else "class:stdout", text)]


@dataclass(frozen=True)
class Layout:
    """A window: its width in cells, and the code of turns by the number that the sandbox gave them in tracebacks.

    `number` is that of the turn that is shown.
    """

    width: int
    sources: Mapping[int, Source] = field(default_factory=dict)
    number: int = 0


def outcome(execution: Execution, timeout: float, layout: Layout | None = None) -> Fragments:
    """What a finished program left besides its output: value, figures, error, or why it was stopped.

    Laid out for a window; without a `layout` as Python itself would print it, for a pipe or a file.
    """
    fragments = _value(execution, layout)
    if layout is None:
        fragments += [("class:dim", f"[figure {n}: {figure.mime}]\n") for n, figure in enumerate(execution.figures, 1)]
    if execution.status in STATUS_WORDS:
        said = STATUS_WORDS[execution.status].format(timeout=timeout)
        detail = f": {execution.error.message}" if execution.error and execution.error.message else ""
        fragments += _blamed(execution.error, layout)
        fragments.append(("class:error", f"{said}{detail}\n"))
        fragments.append(("class:dim", "state and conversation are as before this turn\n"))
    elif execution.error:
        fragments += _raised(execution.error, layout)
    return fragments


def _value(execution: Execution, layout: Layout | None) -> Fragments:
    if execution.value is None:
        return []
    if layout is None:
        return [("class:value", f"{execution.value}\n")]
    found = table.find(execution.display)
    if found is not None and not (found.is_flat and table.fits(execution.value, layout.width)):
        return table.draw(found, layout.width)
    return [("class:dim", "= "), ("class:value", execution.value.replace("\n", "\n  ") + "\n")]


def _raised(error: ProgramError, layout: Layout | None) -> Fragments:
    end = f"{error.type}: {error.message}"
    trace = error.traceback.rstrip() or end
    if layout is None:
        return [("class:error", f"{trace}\n")]
    cut_short = error.type not in trace.rsplit("\n", error.message.count("\n") + 1)[-1] and end not in trace
    return failure(f"{trace}\n{end}" if cut_short else trace, layout.sources, layout.width)


def _blamed(error: ProgramError | None, layout: Layout | None) -> Fragments:
    """The line for which the program was refused."""
    if layout is None or error is None or error.line is None or layout.number not in layout.sources:
        return []
    return marked(layout.sources[layout.number].code, error.line, layout.width)


def doubt(way: str) -> str:
    """What is said of a turn whose code the model was unsure of. `way` is how to have a larger one, "" where none is.

    >>> doubt("--model 350M-mono")
    'unsure of this one: try smaller steps, or a larger model (--model 350M-mono)'
    """
    return f"unsure of this one: try smaller steps{f', or a larger model ({way})' if way else ''}"


def turn(
    shown: Turn, number: int, language: Language, timeout: float = 10.0, layout: Layout | None = None
) -> Fragments:
    """A whole recorded turn: number and intent, code, output, outcome, checks."""
    execution = shown.execution
    fragments: Fragments = [("class:number", f"[{number}] "), ("class:intent", f"{shown.intent or '(by hand)'}\n")]
    fragments += [*code(shown.code, language), ("", "\n")]
    for stream, text in (("stdout", execution.stdout), ("stderr", execution.stderr)):
        if text:
            fragments += streamed(stream, text if text.endswith("\n") else text + "\n")
    checks: Fragments = [("class:dim", f"check: {' '.join(check.split())}\n") for check in shown.checks]
    return fragments + outcome(execution, timeout, layout) + checks


def counted(number: int, word: str) -> str:
    """`number` and `word`, in the plural where it belongs."""
    return f"{number} {word}{'s' * (number != 1)}"
