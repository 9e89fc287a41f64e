"""What every backend is to the rest of mtchat: the `Model` protocol and the table of backends.

Knows the seam (text in, completions out) and which file makes the model for a name. Adding a backend is one file with
a `load(name, options)` function and one line in `BACKENDS`; the contract tests in `tests/models/test_contract.py` then
run against it. Leaves to others: what the text means (`conversation`), where completions are cut, and everything that
needs torch. Importing this module costs nothing.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mtchat.models.confidence import Calibration
from mtchat.turn import Completion, ModelInfo, SamplingParams

Stop = Callable[[str], bool]
OnText = Callable[[int, str], None]
OnToken = Callable[[int, float, int], None]


@dataclass(frozen=True)
class Ask:
    """One text to be continued `params.n` times: a row of a batch has its own text, params, seed, stop and listeners.

    `on_token(row, logprob, end)` hears each token that a completion counts, after `on_text` got what it made whole:
    its `logprobs` and `ends` as they grow. A backend that is not told them calls it never.
    """

    text: str
    params: SamplingParams
    stop: Stop | None = None
    on_text: OnText | None = None
    on_token: OnToken | None = None


@dataclass(frozen=True)
class Scores:
    """How likely a model finds a text, a token at a time.

    `tokens` join to the text; one that holds only part of a character is "" and the character is with the token that
    makes it whole. `starts` says where each token begins in the text, in characters. `logprobs` are natural logarithms
    of each token's probability given all before it in the text; the first one's is given END_OF_TEXT alone.
    `hidden` is numpy float32 (tokens, n_embd), the last layer's states after the final norm; None unless asked for.
    """

    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    logprobs: tuple[float, ...]
    hidden: Any | None = None


class Scorer(Protocol):
    """A model that says how likely a text is."""

    def score(self, text: str, *, hidden: bool = False) -> Scores:
        """The scores of `text`. Raises ModelError for a text longer than the context, or where there are none."""
        ...


class Model(Scorer, Protocol):
    """A model that continues text.

    `context_length` counts tokens, prompt and completion together. `calibration` says when it is less sure than it
    should be, None where nobody measured that. Raises ModelError, one line, for whatever fails; the model stays usable
    after it.
    """

    info: ModelInfo
    context_length: int
    calibration: Calibration | None

    def count(self, text: str) -> int:
        """How many tokens `text` is."""
        ...

    def complete(
        self,
        text: str,
        params: SamplingParams,
        *,
        stop: Stop | None = None,
        on_text: OnText | None = None,
        cancel: threading.Event | None = None,
    ) -> list[Completion]:
        """`params.n` completions of `text`, each uncut, in row order.

        `stop(text_so_far)` is asked for each row whenever text of it arrives; True finishes that row ("stop").
        `on_text(row, delta)` gets whole characters only, and a row's deltas join to its `Completion.text`.
        `cancel` is looked at before each token; what came so far is kept ("cancelled"). Completions depend on
        (text, params, row) alone, not on what ran before. `tokens`, `logprobs` and `ends` count the end-of-text
        token of a row that finished "eos"; its text does not hold it.
        """
        ...

    def complete_many(self, asks: Sequence[Ask], *, cancel: threading.Event | None = None) -> list[list[Completion]]:
        """The completions of every ask, each as `complete` writes them, in the order of `asks`.

        Raises ModelError before anything is written if any ask cannot be answered, and names which. Whether a row's
        result can depend on the rest of the batch is the backend's to say.
        """
        ...

    def close(self) -> None:
        """Let go of weights and caches; the model cannot be used afterwards."""
        ...


@dataclass(frozen=True)
class Options:
    """How to load: see `mtchat.models.load_model`."""

    tokenizer: str | None = None
    device: str = "auto"
    dtype: str = "auto"
    revision: str | None = None
    trust_remote_code: bool = False


@dataclass(frozen=True)
class Prefill:
    """Tokens of the last call's text: taken from the prefix cache, and computed."""

    reused: int
    computed: int


BACKENDS: dict[str, str] = {
    "scripted:": "mtchat.models.scripted",
    "http": "mtchat.models.http",
    "": "mtchat.models.transformers_backend",
}
"""Name prefix -> module with `load(name, options) -> Model` (the name without its prefix); first match wins."""
