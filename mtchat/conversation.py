"""The concatenated text of a conversation: what the model sees, and what of its answer is code.

Knows the paper's format (arXiv 2203.13474, section 4: prefix, then for each turn `# {prompt}`, a newline, the
truncated completion and a blank line), both truncation rules, and how whole turns leave when the context is full.
Pure: counting tokens is a function that comes from the model. Leaves sampling to `models` and running to `sandbox`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from mtchat.errors import CommandError
from mtchat.languages import PYTHON, Language
from mtchat.turn import Turn

END_OF_TEXT = "<|endoftext|>"
PAPER_PREFIX = "# Import libraries.\n\nimport numpy as np\n\n"
"""The benchmark's prefix (arXiv 2203.13474, appendix D)."""

REFILL = 0.7
"""Share of the context that eviction goes down to, so that the model's prefix cache survives some turns."""

Rule = Literal["turn", "paper"]


@dataclass(frozen=True)
class Rendered:
    """The text for the model, and the ids of the turns that were left out of it, oldest first."""

    text: str
    evicted: tuple[str, ...] = ()


def comment(intent: str, language: Language = PYTHON) -> str:
    """Every line of `intent` as a comment line (one that is a comment already stays), joined; "" for a blank intent."""
    lines = intent.replace("\0", "").strip().splitlines()
    mark = language.comment.strip()
    return "\n".join((line if line.startswith(mark) else language.comment + line).rstrip() for line in lines)


def render(
    history: Iterable[tuple[str, str]],
    intent: str | None,
    *,
    language: Language = PYTHON,
    prefix: str = "",
    literal: bool = False,
) -> str:
    """The conversation's text: prefix, each (intent, code) of `history`, then `intent` ready to be completed.

    `literal` puts an intent behind one comment mark as it is, as the benchmark does (its later lines are then no
    comments); otherwise each of its lines becomes a comment line. A blank intent (code written by hand) leaves its
    code alone. `intent` None ends the text after the last turn.
    """

    def opening(words: str) -> str:
        line = language.comment + words if literal else comment(words, language)
        return f"{line}\n" if line else ""

    told = "".join(f"{opening(words)}{code}\n\n" for words, code in history)
    return prefix + told + (opening(intent) if intent is not None else "")


def truncate(completion: str, language: Language = PYTHON, rule: Rule = "turn") -> str:
    """The code of a completion.

    `paper`: cut at the second top-level print, then at the second def, then at the earliest stop pattern; nothing is
    stripped (the benchmark's rule). `turn`: cut at the next intent comment or end of text, strip blank lines around.
    """
    if rule == "paper":
        return truncate_before(completion, language.paper_cuts)
    return completion[: turn_end(completion, language)].strip("\r\n").rstrip()


def truncate_before(text: str, patterns: Sequence[str]) -> str:
    """`text` before its second line that begins with `print`, then its second `def`, then the earliest match.

    `patterns` are regular expressions, `^` and `$` meaning lines; with none of them nothing at all is cut. Raises
    re.error for one that is no regular expression. Source: `CodeGenTokenizer.decode(truncate_before_pattern=…)`.
    """
    if not patterns:
        return text
    compiled = [re.compile(pattern, re.MULTILINE) for pattern in patterns]
    for word in ("^print", "^def"):
        starts = [match.start() for match in re.finditer(word, text, re.MULTILINE)]
        text = text[: starts[1]] if len(starts) > 1 else text
    cuts = (pattern.search(text) for pattern in compiled)
    return text[: min((cut.start() for cut in cuts if cut), default=len(text))]


def turn_end(completion: str, language: Language = PYTHON) -> int | None:
    """Where the turn ends in `completion`: the first comment at a line's start after some code, or end-of-text.

    Comments before any code belong to the turn; a comment mark inside a string is none. None while it goes on.
    """
    closed = completion.find(END_OF_TEXT)
    text = completion if closed < 0 else completion[:closed]
    mark = language.comment.strip()
    for match in language.opaque.finditer(text):
        start = match.start()
        if match.group().startswith(mark) and _opens_line(text, start) and _has_code(text[:start], mark):
            return start
    return closed if closed >= 0 else None


def _opens_line(text: str, position: int) -> bool:
    return position == 0 or text[position - 1] == "\n"


def _has_code(text: str, mark: str) -> bool:
    return any(line.strip() and not line.startswith(mark) for line in text.splitlines())


def finished(completion: str, language: Language = PYTHON, rule: Rule = "turn") -> bool:
    """Whether more text can no longer change the code: the stop predicate that a model is given."""
    if rule == "turn":
        return turn_end(completion, language) is not None
    return len(truncate(completion, language, "paper")) < len(completion)


def placeholder(turns: Sequence[Turn], language: Language = PYTHON) -> str:
    """The comment that stands for turns left out, naming what they defined; "" for none."""
    if not turns:
        return ""
    names = ", ".join(dict.fromkeys(name for turn in turns for name in turn.defined))
    said = f"(earlier turns left out; they defined: {names})" if names else "(earlier turns left out)"
    return f"{language.comment}{said}\n\n"


def fit(
    turns: Sequence[Turn],
    intent: str,
    *,
    count: Callable[[str], int],
    context: int,
    room: int,
    language: Language = PYTHON,
    prefix: str = "",
) -> Rendered:
    """Render `turns` and `intent` into at most `context - room` tokens, leaving out whole turns from the oldest.

    What the last turn already did without stays out, as long as the whole would fill more than `REFILL` of the
    context; when that overflows, turns leave until the text fills at most `REFILL` of it (or only the intent is left).
    Raises CommandError if the intent alone does not fit.
    """

    def at(start: int) -> str:
        shown = [(turn.intent, turn.code) for turn in turns[start:]]
        return render(shown, intent, language=language, prefix=prefix + placeholder(turns[:start], language))

    budget, low = context - room, max(int(context * REFILL) - room, 0)
    start = 0
    if count(at(0)) > low:
        start = _already_out(turns)
    if count(at(start)) > budget:
        start = next((n for n in range(start + 1, len(turns)) if count(at(n)) <= low), len(turns))
    needed = count(at(start))
    if needed > budget:
        raise CommandError(
            f"this intent needs {needed} tokens and {room} are kept for the code, but the model sees {context} in all: "
            "shorten it or lower --max-new-tokens"
        )
    return Rendered(at(start), tuple(turn.id for turn in turns[:start]))


def _already_out(turns: Sequence[Turn]) -> int:
    out = set(turns[-1].evicted) if turns else set()
    return sum(1 for turn in turns if turn.id in out)
