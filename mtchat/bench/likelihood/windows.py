"""The log-probability of every token of a text, however long: in one piece, or in overlapping windows.

Knows where a long text may be cut so that its tokens stay what they are, and how the windows' scores become one. A
window is filled half with text that was scored already and only conditions the rest. Leaves scoring a window to
`models` and what the text means to `perplexity`. Pure but for the model that is asked.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mtchat.models.base import Scores

Count = Callable[[str], int]


class Reader(Protocol):
    """What is asked of a model here: see `mtchat.models.base`."""

    context_length: int

    def count(self, text: str) -> int: ...

    def score(self, text: str, *, hidden: bool = False) -> Scores: ...


@dataclass(frozen=True)
class Window:
    """Characters of a text: those from `since` to `end` are scored, given those from `begin` on."""

    begin: int
    since: int
    end: int


@dataclass(frozen=True)
class Reading:
    """A text as the model reads it: each token's text, first character and natural-log probability.

    `short` tokens were given less than everything before them. `states` (marks, n_embd), float32: the last layer's
    states, after the final norm, at the marks that were asked for; None if there were none.
    """

    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    logprobs: tuple[float, ...]
    short: int = 0
    states: Any | None = None


def read(
    model: Reader, text: str, marks: Sequence[int] = (), *, on_progress: Callable[[int], object] | None = None
) -> Reading:
    """Score `text`, which is not empty. `marks` are rising positions above 0 in it, in characters.

    A mark's state is the one at the last token that begins before it. `on_progress` hears, before each window but the
    first, how many characters are done. Raises ModelError.
    """
    tokens: list[str] = []
    starts: list[int] = []
    logprobs: list[float] = []
    states: list[Any] = []
    whole = 0
    for window in windows(text, model.count, model.context_length):
        if on_progress is not None and window.since:
            on_progress(window.since)
        inside = [mark - window.begin for mark in marks if window.since < mark <= window.end]
        scores = model.score(text[window.begin : window.end], hidden=bool(inside))
        first = bisect_left(scores.starts, window.since - window.begin)
        tokens += scores.tokens[first:]
        starts += [window.begin + start for start in scores.starts[first:]]
        logprobs += scores.logprobs[first:]
        states += _states_at(scores, inside)
        whole = whole or len(starts)
    return Reading(tuple(tokens), tuple(starts), tuple(logprobs), len(starts) - whole, _stacked(states))


def _states_at(scores: Scores, marks: Sequence[int]) -> list[Any]:
    """The state at the last token that begins before each mark."""
    if not marks or scores.hidden is None:
        return []
    return [scores.hidden[bisect_left(scores.starts, mark) - 1] for mark in marks]


def _stacked(states: list[Any]) -> Any | None:
    if not states:
        return None
    import numpy as np

    return np.stack(states).astype(np.float32)


def windows(text: str, count: Count, context: int) -> Iterator[Window]:
    """Windows of at most `context` tokens whose scored parts are `text`, each once, in order.

    From the second on, up to half a window conditions the rest. They are cut before white space that follows a word:
    there every tokenizer of GPT-2's kind ends a token, whatever surrounds it, so that no token differs from those of
    the whole text. Only a stretch without white space that fills a window is cut elsewhere.
    """
    end = len(text)
    if count(text) <= context:
        yield Window(0, 0, end)
        return
    cuts = [match.start() for match in re.finditer(r"(?<=\S)(?=\s)", text)]
    since = 0
    while since < len(text):
        begin = _begin(text, cuts, since, count, context // 2)
        end = _end(text, cuts, begin, since, count, context)
        yield Window(begin, since, end)
        since = end


def _begin(text: str, cuts: list[int], since: int, count: Count, room: int) -> int:
    """The first place from which at most `room` tokens lead up to `since`."""
    at = bisect_left(cuts, since)
    before: Sequence[int] = [*cuts[max(0, at - room) : at][::-1], *([0] if at < room else [])]
    fitting = _fitting(before, lambda cut: count(text[cut:since]) <= room)
    if not fitting:
        before = range(since - 1, -1, -1)
        fitting = _fitting(before, lambda cut: count(text[cut:since]) <= room)
    return before[fitting - 1] if fitting else since


def _end(text: str, cuts: list[int], begin: int, since: int, count: Count, room: int) -> int:
    """The last place up to which at most `room` tokens lead from `begin`; always past `since`."""
    at = bisect_right(cuts, since)
    after: Sequence[int] = [*cuts[at : at + room], *([len(text)] if at + room > len(cuts) else [])]
    fitting = _fitting(after, lambda cut: count(text[begin:cut]) <= room)
    if not fitting:
        after = range(since + 1, len(text) + 1)
        fitting = _fitting(after, lambda cut: count(text[begin:cut]) <= room)
    return after[max(fitting, 1) - 1]


def _fitting(places: Sequence[int], fits: Callable[[int], bool]) -> int:
    """How many of `places` fit, where those that do come first: found in steps that double, then halve."""
    step = 1
    while step <= len(places) and fits(places[step - 1]):
        step *= 2
    return bisect_left(places, True, lo=step // 2, hi=min(step - 1, len(places)), key=lambda place: not fits(place))
