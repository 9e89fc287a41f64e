"""Perplexity of a conversation's prompts and codes, given everything before them (arXiv 2203.13474, section 4).

Knows where each turn's intent and code lie in the rendered text, and which tokens are theirs: a token belongs to the
part in which it begins. A turn's comment mark, the newline after its intent and the blank line after its code are
nobody's; what follows the mark is the prompt's, from the space on, since that space is the first word's token, and so
are further lines of it with the marks that rendering puts there. Leaves to others: the text itself
(`conversation.render`), scores and long texts (`windows`), and how figures are shown (`cli.score`).
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mtchat.bench.likelihood.windows import Reader, read
from mtchat.conversation import render
from mtchat.languages import PYTHON, Language

Span = tuple[int, int]
"""Characters of a text: from, up to."""


class Total(NamedTuple):
    """The sum of natural-log probabilities of some tokens, and how many these are."""

    logprob: float
    tokens: int

    @property
    def mean(self) -> float | None:
        """Log-probability a token; None of none."""
        return self.logprob / self.tokens if self.tokens else None

    @property
    def perplexity(self) -> float | None:
        """exp(-mean); None of no tokens, infinite where a float ends."""
        if self.mean is None:
            return None
        return math.exp(-self.mean) if self.mean > -700 else math.inf


@dataclass(frozen=True)
class Part:
    """Where one turn lies in the text: all of it, its prompt, its code (empty spans for what it has not)."""

    whole: Span
    prompt: Span
    code: Span

    @property
    def end(self) -> int:
        """Where its code ends, or its prompt if there is no code, or the turn if there is neither."""
        spans = [span for span in (self.code, self.prompt) if span[0] < span[1]]
        return spans[0][1] if spans else self.whole[1]


def layout(
    prefix: str, turns: Iterable[tuple[str, str]], *, language: Language = PYTHON, literal: bool = False
) -> list[Part]:
    """A `Part` for each (intent, code) of `turns` in the text that `conversation.render` makes of them."""
    parts: list[Part] = []
    at = len(prefix)
    for intent, code in turns:
        opening = render([], intent, language=language, literal=literal)
        whole = len(render([(intent, code)], None, language=language, literal=literal))
        mark = len(language.comment.rstrip()) if opening else 0
        words, start = (at + mark, at + max(len(opening) - 1, mark)), at + len(opening)
        parts.append(Part((at, at + whole), words, (start, start + len(code))))
        at += whole
    return parts


def total(starts: Sequence[int], logprobs: Sequence[float], span: Span) -> Total:
    """What the tokens that begin in `span` sum up to. `starts` never fall."""
    first, last = bisect_left(starts, span[0]), bisect_left(starts, span[1])
    return Total(math.fsum(logprobs[first:last]), last - first)


def together(totals: Iterable[Total]) -> Total:
    """All of them as one."""
    kept = list(totals)
    return Total(math.fsum(each.logprob for each in kept), sum(each.tokens for each in kept))


def prompt_perplexity(
    model: Reader,
    prefix: str,
    prompts: Sequence[str],
    codes: Sequence[str],
    *,
    language: Language = PYTHON,
    literal: bool = True,
) -> Total:
    """The prompts' tokens, each given all before it: prompts and codes as the bench puts them to the model.

    Prompts beyond the first without a code count no more, as the model never saw them. One forward over the text.
    Raises ModelError.
    """
    turns = list(zip(prompts, codes, strict=False))
    following = prompts[len(turns)] if len(turns) < len(prompts) else None
    text = render(turns, following, language=language, prefix=prefix, literal=literal)
    shown = turns if following is None else [*turns, (following, "")]
    spans = [part.prompt for part in layout(prefix, shown, language=language, literal=literal)]
    return _of(model, text, spans)


def single_prompt_perplexity(
    model: Reader, prefix: str, prompts: Sequence[str], *, language: Language = PYTHON, literal: bool = True
) -> Total:
    """The prompts' tokens in one specification: a comment for each, one below the other, no code. Raises ModelError."""
    text, spans = prefix, []
    for prompt in prompts:
        part = layout(text, [(prompt, "")], language=language, literal=literal)[0]
        text = render([], prompt, language=language, prefix=text, literal=literal)
        spans.append(part.prompt)
    return _of(model, text, spans)


def _of(model: Reader, text: str, spans: Sequence[Span]) -> Total:
    """The tokens that begin in `spans` of `text`."""
    if not any(start < end for start, end in spans):
        return Total(0.0, 0)
    reading = read(model, text)
    return together(total(reading.starts, reading.logprobs, span) for span in spans)
