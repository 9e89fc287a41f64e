"""How likely a text is: against what generating it said, and against transformers."""

from typing import Any

import numpy as np
import pytest
import torch

from mtchat.errors import ModelError
from mtchat.models.scripted import ScriptedModel
from mtchat.models.tokenization import Codec
from mtchat.models.transformers_backend import TransformersModel
from mtchat.turn import SamplingParams

TEXT = "# a café and a naïve 日本語 text 🙂\nname = 'Zoë'\n\n    print('hello world')\n"


def test_a_completion_is_found_again(model: TransformersModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the last bit, where its text has the tokens that it was written in (here it is made to)."""
    code = "numbers = list(range(10))\n"
    ids = iter(model._codec.encode(TEXT + code)[model.count(TEXT) :])
    monkeypatch.setattr("mtchat.models.sampling.choose", lambda *_: torch.tensor([next(ids)]))
    out = model.complete(TEXT, SamplingParams(max_new_tokens=40), stop=lambda said: said == code)[0]
    assert out.text == code
    assert model.score(TEXT + code).logprobs[-out.tokens :] == out.logprobs


@pytest.mark.parametrize("which", ["model", "padded"])
def test_it_is_what_transformers_says(request: pytest.FixtureRequest, network: Any, which: str) -> None:
    scored: TransformersModel = request.getfixturevalue(which)
    scores, ids = scored.score(TEXT, hidden=True), scored._codec.encode(TEXT)
    with torch.inference_mode():
        out = network(torch.tensor([ids]), output_hidden_states=True)
        first = network(torch.tensor([[scored._codec.eos]])).logits[0, 0].log_softmax(-1)[ids[0]].item()
        rest = out.logits[0, :-1].log_softmax(-1).gather(-1, torch.tensor(ids[1:])[:, None])[:, 0].tolist()
    assert scores.logprobs == pytest.approx([first, *rest], abs=1e-4)
    assert scores.hidden.dtype == np.float32
    np.testing.assert_allclose(scores.hidden, out.hidden_states[-1][0].numpy(), atol=1e-4)
    assert scored.score(TEXT).hidden is None


def test_pieces_change_nothing(model: TransformersModel, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = model.score(TEXT, hidden=True)
    monkeypatch.setattr("mtchat.models.likelihood.PIECE", 7)
    pieces = model.score(TEXT, hidden=True)
    assert pieces.logprobs == whole.logprobs
    assert np.array_equal(pieces.hidden, whole.hidden)


def test_tokens_join_to_the_text_and_start_where_they_are(model: TransformersModel) -> None:
    scores = model.score(TEXT)
    assert "".join(scores.tokens) == TEXT
    assert len(scores.tokens) == len(scores.starts) == len(scores.logprobs) == model.count(TEXT)
    for token, start in zip(scores.tokens, scores.starts, strict=True):
        assert TEXT[start : start + len(token)] == token
    assert scores.starts[scores.tokens.index(" 🙂")] == TEXT.index(" 🙂")


def test_a_split_character_begins_where_it_begins(model: TransformersModel) -> None:
    assert model._codec.starts("a€b") == [0, 1, 1, 1, 2]  # three bytes, none of them merged
    assert model.score("a€b").tokens == ("a", "", "", "€", "b")
    assert model._codec.starts("é\ud800x    y") == sorted(model._codec.starts("é?x    y"))


def test_without_a_vocabulary_whole_characters_tell(model: TransformersModel) -> None:
    c = model._codec
    assert Codec(c.encode, c.decode, c.ids, c.eos).starts("print(1) # €") == c.starts("print(1) # €")


def test_the_whole_context_fits_and_no_more(model: TransformersModel) -> None:
    text = "x" * model.context_length
    while model.count(text) < model.context_length:
        text += "x"
    assert len(model.score(text).logprobs) == model.context_length
    with pytest.raises(ModelError, match=r"the text is 257 tokens and the model reads 256: score a part of it"):
        model.score(text + "€x"[1:])


def test_no_text_has_no_scores(model: TransformersModel) -> None:
    scores = model.score("", hidden=True)
    assert (scores.tokens, scores.starts, scores.logprobs) == ((), (), ())
    assert scores.hidden.shape == (0, 64)


def test_a_script_has_no_likelihoods() -> None:
    with pytest.raises(ModelError, match="no likelihoods"):
        ScriptedModel(["x"]).score("x")
