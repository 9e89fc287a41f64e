"""How likely a model finds a text that is there already, a token at a time.

Knows the forward over a whole text in pieces (so that memory is bounded by a piece's scores) and how token starts
become the texts of tokens. Leaves to others: the architecture (`generate.Runner`) and the tokenizer (`tokenization`).
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from mtchat.models.base import Scores
from mtchat.models.generate import PIECE, Runner
from mtchat.models.tokenization import Codec


def score(text: str, runner: Runner, codec: Codec, *, hidden: bool) -> Scores:
    """The scores of `text`, which fits the context.

    As where text is generated, END_OF_TEXT stands before the first token's probability only, so that a completion's
    `logprobs` are found again.
    """
    ids, starts = codec.encode(text), codec.starts(text)
    first, _ = _likelihoods([codec.eos], ids[:1], runner)
    logprobs, states = _likelihoods(ids, ids[1:], runner)
    wanted = torch.cat(states).numpy(force=True) if hidden and states else None
    if hidden and wanted is None:
        wanted = runner.read_all([codec.eos], runner.new())[1][:0].numpy(force=True)
    ends = [*starts[1:], len(text)]
    tokens = tuple(text[a:b] for a, b in zip(starts, ends, strict=True)) if starts else ()
    return Scores(tokens, tuple(starts), tuple(first + logprobs), wanted)


def _likelihoods(ids: Sequence[int], following: Sequence[int], runner: Runner) -> tuple[list[float], list[Tensor]]:
    """Log-probabilities of the tokens that follow each of `ids` (as far as they do), and the states, a piece each."""
    kept, logprobs, states = runner.new(), list[float](), list[Tensor]()
    for start in range(0, len(ids), PIECE):
        scores, state = runner.read_all(list(ids[start : start + PIECE]), kept)
        after = torch.tensor(following[start : start + PIECE], dtype=torch.long, device=scores.device)[:, None]
        logprobs += scores[: len(after)].log_softmax(-1).gather(-1, after).squeeze(-1).tolist()
        states.append(state)
    return logprobs, states
