"""Infill: what belongs between two texts, from models that were trained for it.

Knows CodeGen2's and CodeGen2.5's form (the text with a mask in its place, then the mask again, to be completed up to a
mark; arXiv 2305.02309) and how a completion is cut there. Leaves to others: the model, which only has to know the
marks as tokens, whichever backend runs it.
"""

import threading

from mtchat.errors import ModelError
from mtchat.models.base import Ask, Model, OnText
from mtchat.turn import Completion, SamplingParams

MASK, SEPARATOR, END = "<mask_1>", "<sep>", "<eom>"
"""The place of what is missing, what stands before it is asked for, and what the model ends it with."""
MARKS = (MASK, SEPARATOR, END, "<|endoftext|>")


def between(prefix: str, suffix: str) -> str:
    """The text that a model completes with what belongs between `prefix` and `suffix`, and `END`.

    Raises ModelError if one of them holds a mark, which the model would take for its own.
    """
    if held := next((mark for mark in MARKS if mark in prefix + suffix), None):
        raise ModelError(f"the text around the gap holds {held}, which means something else to the model: take it out")
    return f"{prefix}{MASK}{suffix}<|endoftext|>{SEPARATOR}{MASK}"


def check(model: Model) -> None:
    """Raise ModelError unless `model` knows the marks, each as one token."""
    lacking = [mark for mark in MARKS if model.count(mark) != 1]
    if lacking:
        raise ModelError(
            f"{model.info.name!r} cannot infill: it has no token {lacking[0]}; take a CodeGen2 or CodeGen2.5 checkpoint"
        )


def complete_between(
    model: Model,
    prefix: str,
    suffix: str,
    params: SamplingParams,
    *,
    on_text: OnText | None = None,
    cancel: threading.Event | None = None,
) -> list[Completion]:
    """`params.n` completions that fit between `prefix` and `suffix`, in row order.

    One that came to its end has finished "eos", and holds neither mark nor what follows it; its `tokens` count the
    mark. `on_text` gets what belongs to the completions only. Raises ModelError for a model that cannot infill.
    """
    check(model)
    rows = [_Row(i, on_text) for i in range(max(params.n, 0))]
    ask = Ask(between(prefix, suffix), params, lambda text: END in text, lambda i, delta: rows[i].hear(delta))
    return [_cut(each) for each in model.complete_many([ask], cancel=cancel)[0]]


class _Row:
    """What is passed on of a completion as it is written."""

    def __init__(self, index: int, on_text: OnText | None) -> None:
        self._index, self._on_text = index, on_text
        self._text = ""
        self._told = 0

    def hear(self, delta: str) -> None:
        self._text += delta
        at = self._text.find(END)
        whole = self._text if at < 0 else self._text[:at]
        if self._on_text is not None and len(whole) > self._told:
            self._on_text(self._index, whole[self._told :])
        self._told = max(self._told, len(whole))


def _cut(completion: Completion) -> Completion:
    """`completion` without its mark and what follows it."""
    at = completion.text.find(END)
    if at < 0:
        return completion
    kept = next((i for i, end in enumerate(completion.ends, 1) if end >= at + len(END)), completion.tokens)
    costs, ends = completion.logprobs[:kept], tuple(min(end, at) for end in completion.ends[:kept])
    return Completion(completion.text[:at], "eos", kept, sum(costs) if costs else completion.logprob, costs, ends)
