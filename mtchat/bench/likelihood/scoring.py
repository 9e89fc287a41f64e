"""What a model says of a text or of a conversation: likelihoods in all and by turn, and features.

Knows what belongs into one report, as values and as JSON. Leaves to others: perplexity and where the parts lie
(`perplexity`), asking the model (`windows`), files and how a report is shown (`cli.score`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mtchat.bench.likelihood.perplexity import Total, layout, single_prompt_perplexity, together, total
from mtchat.bench.likelihood.windows import Reader, Reading, read
from mtchat.conversation import render
from mtchat.errors import CommandError
from mtchat.languages import PYTHON, Language


@dataclass(frozen=True)
class TurnScore:
    """One turn: all its tokens, those of its intent, those of its code; each given everything before it."""

    intent: str
    whole: Total
    prompt: Total
    code: Total


@dataclass(frozen=True)
class Report:
    """A text's or conversation's scores. `turns` is empty and `single` None for a text.

    `single` are the intents' tokens in one specification without code. `reading.states`, if asked for, are the
    features: (turns, n_embd), or (1, n_embd) for a text.
    """

    reading: Reading
    whole: Total
    turns: tuple[TurnScore, ...] = ()
    single: Total | None = None

    @property
    def prompts(self) -> Total:
        """The intents' tokens of all turns: its perplexity is the multi-turn prompt perplexity."""
        return together(turn.prompt for turn in self.turns)

    @property
    def codes(self) -> Total:
        """The codes' tokens of all turns."""
        return together(turn.code for turn in self.turns)


def score_text(
    model: Reader, text: str, *, features: bool = False, on_progress: Callable[[float], object] | None = None
) -> Report:
    """Score a text as it is; its features are the state at its last token.

    `on_progress` hears which share of a text longer than the context is done. Raises CommandError if it is empty.
    """
    if not text:
        raise CommandError("there is nothing to score: the text is empty")
    heard = None if on_progress is None else lambda done: on_progress(done / len(text))
    reading = read(model, text, [len(text)] if features else [], on_progress=heard)
    return Report(reading, total(reading.starts, reading.logprobs, (0, len(text))))


def score_conversation(
    model: Reader,
    prefix: str,
    turns: Sequence[tuple[str, str]],
    *,
    language: Language = PYTHON,
    features: bool = False,
) -> Report:
    """Score a conversation, (intent, code) a turn, as the REPL puts it to the model, with no turn left out.

    A turn's features are the state at the last token of its code, or of its intent if it has no code. Raises
    CommandError if there are no turns.
    """
    if not turns:
        raise CommandError("there is nothing to score: the conversation has no turns")
    text = render(turns, None, language=language, prefix=prefix)
    parts = layout(prefix, turns, language=language)
    reading = read(model, text, [part.end for part in parts] if features else [])
    spans = [[total(reading.starts, reading.logprobs, s) for s in (p.whole, p.prompt, p.code)] for p in parts]
    scored = tuple(TurnScore(intent, *each) for (intent, _), each in zip(turns, spans, strict=True))
    whole = total(reading.starts, reading.logprobs, (0, len(text)))
    intents = [intent for intent, _ in turns]
    return Report(
        reading, whole, scored, single_prompt_perplexity(model, prefix, intents, language=language, literal=False)
    )


def record(report: Report, *, tokens: bool = False) -> dict[str, Any]:
    """The report as plain JSON values; `tokens` adds each token's text, first character and log-probability."""
    made: dict[str, Any] = {**_figures(report.whole), "short": report.reading.short}
    if report.turns:
        made["prompts"] = _figures(report.prompts)
        made["codes"] = _figures(report.codes)
        made["single_turn_prompts"] = _figures(report.single or Total(0.0, 0))
        made["turns"] = [
            {"intent": t.intent, **_figures(t.whole), "prompt": _figures(t.prompt), "code": _figures(t.code)}
            for t in report.turns
        ]
    if tokens:
        reading = report.reading
        each = zip(reading.tokens, reading.starts, reading.logprobs, strict=True)
        made["each"] = [{"text": text, "start": start, "logprob": logprob} for text, start, logprob in each]
    return made


def _figures(of: Total) -> dict[str, Any]:
    """Perplexity is null where there are no tokens, or where it is too large for a float."""
    perplexity = of.perplexity
    finite = perplexity is not None and math.isfinite(perplexity)
    return {"logprob": of.logprob, "tokens": of.tokens, "perplexity": perplexity if finite else None}
