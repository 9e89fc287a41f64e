"""Guessing ahead: what is written is what would have been written, to the last bit, whoever guesses how well."""

import random
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from msgspec.structs import replace

from mtchat.config import Settings
from mtchat.errors import ModelError
from mtchat.models import ahead as room
from mtchat.models import load_for, load_model, stats
from mtchat.models.ahead import Ahead, Draft, Lookup, Record
from mtchat.models.base import Ask
from mtchat.models.generate import Loop
from mtchat.models.tokenization import Codec
from mtchat.models.transformers_backend import TransformersModel
from mtchat.turn import Completion, SamplingParams
from tests.models.checkpoints import save_checkpoint

INTENTS = ["Print hello world.", "Create a list of ten numbers", "Sum them", "Show the total", "a café"]
PARAMS = [
    SamplingParams(greedy=True, max_new_tokens=24),
    SamplingParams(temperature=0.3, max_new_tokens=24, seed=1),
    SamplingParams(temperature=1.0, top_p=0.9, top_k=20, repetition_penalty=1.2, max_new_tokens=24, seed=2),
]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> TransformersModel:
    """A smaller model of the same tokenizer: its guesses are mostly wrong."""
    folder = save_checkpoint(tmp_path_factory.mktemp("draft"), seed=7, n_layer=1, n_embd=32)
    return load_model(str(folder), device="cpu")


def sure(draft: Draft | None = None) -> Ahead:
    """One that always guesses."""
    ahead = Ahead(draft)
    for _ in range(room.TRIAL):
        ahead.stepped(1e6)
    return ahead


def draft_of(model: TransformersModel, draft: TransformersModel) -> Draft:
    return Draft.of(draft._running(), draft._codec, model._codec)


def run(
    model: TransformersModel, asks: Sequence[Ask], ahead: Ahead | None, cancel: threading.Event | None = None
) -> list[list[Completion]]:
    jobs = [model._job(ask, "") for ask in asks]
    with torch.inference_mode():
        return Loop(model._running(), model._cache, model._codec, model._mute, cancel, ahead).run(jobs)


@pytest.fixture(params=["looked up", "right draft", "wrong draft"])
def ahead(request: pytest.FixtureRequest, model: TransformersModel, small: TransformersModel) -> Ahead:
    if request.param == "looked up":
        return sure()
    return sure(draft_of(model, model if request.param == "right draft" else small))


def alike(model: TransformersModel, ahead: Ahead, conversations: int, turns: int, tokens: int) -> None:
    """Conversations of their own come out the same: text, tokens and every bit of the log-probabilities."""
    stream = random.Random(5)
    for number in range(conversations):
        text, params = "", replace(PARAMS[number % len(PARAMS)], max_new_tokens=tokens)
        for _ in range(turns):
            text += f"# {stream.choice(INTENTS)}\n"
            expected = run(model.uncached(), [Ask(text, params)], None)
            assert run(model, [Ask(text, params)], ahead) == expected
            text += expected[0][0].text + "\n\n"
    assert sum(record.guessed for record in ahead.records) > 0
    assert 0 <= ahead.accepted <= 1


def test_conversations_are_written_alike(model: TransformersModel, ahead: Ahead) -> None:
    alike(model, ahead, 6, 2, 16)


@pytest.mark.slow
def test_fifty_conversations_of_the_embedded_model_are_written_alike() -> None:
    ahead = sure()
    alike(load_model(device="cpu"), ahead, 50, 4, 60)
    assert ahead.looking.right > 100


def test_a_draft_that_is_right_saves_passes(model: TransformersModel) -> None:
    ahead = sure(draft_of(model, model))
    (out,) = run(model, [Ask("# Sum them\n", PARAMS[0])], ahead)[0]
    assert ahead.drafting.right > 0.8 * ahead.drafting.guessed
    assert sum(record.rounds for record in ahead.records) < out.tokens / 2


def test_the_last_row_of_many_is_guessed_for(model: TransformersModel, ahead: Ahead) -> None:
    long = SamplingParams(temperature=0.8, max_new_tokens=24, seed=3)
    short = SamplingParams(temperature=0.8, max_new_tokens=5, seed=4, n=2)
    asks = [Ask("# Sum them\n", short), Ask("x = 1\n" * 8, long)]
    assert run(model, asks, ahead) == run(model.uncached(), asks, None)
    assert (ahead.drafting.rounds > 0) == (ahead.draft is not None)


def test_a_stop_within_a_guess_keeps_nothing_that_follows(model: TransformersModel) -> None:
    whole = run(model.uncached(), [Ask("# Sum them\n", PARAMS[0])], None)[0][0].text
    for length in range(1, len(whole), 17):
        ahead, stop = sure(draft_of(model, model)), lambda text, n=length: len(text) >= n
        ask = Ask("# Sum them\n", PARAMS[0], stop=stop)
        assert run(model, [ask], ahead) == run(model.uncached(), [ask], None)
        newest = model._cache.entries[-1]
        assert newest.kept.length == len(newest.ids)
        again = Ask("# Sum them\n" + whole[:length] + "\n\nx", PARAMS[0])
        assert run(model, [again], ahead) == run(model.uncached(), [again], None)


def test_cancelling_keeps_what_came(model: TransformersModel, ahead: Ahead) -> None:
    cancel, heard = threading.Event(), list[str]()

    def on_text(row: int, delta: str) -> None:
        heard.append(delta)
        if len(heard) == 9:
            cancel.set()

    out = run(model, [Ask("# Sum them\n", PARAMS[0], on_text=on_text)], ahead, cancel)[0][0]
    assert (out.finish, out.text) == ("cancelled", "".join(heard))
    assert len(heard) <= 10  # one more at most: what was held back
    ask = Ask("# Sum them\n", PARAMS[0])
    assert run(model, [ask], ahead) == run(model.uncached(), [ask], None)


def test_the_context_is_never_passed(model: TransformersModel) -> None:
    text = "x = 1\n" * 60
    while model.count(text) > model.context_length - 9:
        text = text[6:]
    ask = Ask(text, SamplingParams(greedy=True, max_new_tokens=99))
    expected = run(model.uncached(), [ask], None)
    for draft in (None, draft_of(model, model)):
        assert run(model, [ask], sure(draft)) == expected


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ([1, 2, 3, 4, 5, 1, 2], [3, 4, 5]),
        ([1, 2, 3, 1, 2, 4, 1, 2], [4, 1, 2]),  # of two places the later one
        ([7, 8, 1, 2, 3, 9, 1, 2, 4, 7, 8, 1, 2], [3, 9, 1]),  # unless more stands alike at the other
        ([5, 5, 5], [5]),
        ([1, 2, 3], []),
        ([1], []),
        ([], []),
        ([1 << 8, 0, 1, 0, 1 << 8], []),  # bytes alike across two tokens are no match
    ],
)
def test_looking_up(text: list[int], guess: list[int]) -> None:
    assert Lookup(text, room.SAME).guess(text, 3) == guess
    grown = Lookup([], room.SAME)
    for i in text:
        grown.add([i])
    assert grown.guess(text, 3) == guess
    assert Lookup([3, 4, 5, 3], (1,)).guess([3, 4, 5, 3], 3) == [4, 5, 3]


def test_guessing_is_left_off_where_it_does_not_pay() -> None:
    record = Record("slow")
    for _ in range(room.TRIAL - 1):
        record.add(3, 1, 0.02)
        assert record.pays(0.01)
    record.add(3, 1, 0.02)
    assert not record.pays(0.01)
    asked = [record.wanted(0.01) for _ in range(3 * room.AGAIN)]
    assert sum(asked) == 3  # tried again now and then
    for _ in range(room.RECENT):
        record.add(3, 4, 0.02)
    assert record.pays(0.01)


def test_nobody_guesses_before_plain_steps_are_timed() -> None:
    ahead = Ahead()
    following = ahead.follow([1, 2, 3, 1, 2])
    for _ in range(room.TRIAL):
        assert following.guess(9) == []
        following.wrote([3, 1, 2], 0.01)
    assert following.guess(9) == [3, 1, 2]
    assert ahead.lines() == ["nothing was guessed ahead yet"]
    following.wrote([3, 9], 0.01)
    assert ahead.lines() == ["looked up in the conversation: 1 of 3 tokens right (33 %), 10 % of all written"]


def test_a_draft_of_another_tokenizer_is_refused(model: TransformersModel) -> None:
    own = model._codec
    other = Codec(own.encode, own.decode, frozenset(range(len(own.ids) - 1)), own.eos, own.spell)
    with pytest.raises(ModelError, match="tokenizer is another one"):
        Draft.of(model._running(), other, own)
    swapped = Codec(own.encode, own.decode, own.ids, own.eos, lambda i: (own.spell or str)(i ^ 1))
    with pytest.raises(ModelError, match="tokenizer is another one"):
        Draft.of(model._running(), swapped, own)


def test_a_draft_keeps_what_it_read(model: TransformersModel, checkpoint: Path) -> None:
    ahead = sure(draft_of(model, model))
    assert ahead.draft is not None
    run(model, [Ask("# Sum them\n", PARAMS[0])], ahead)
    (entry,) = ahead.draft.cache.entries
    assert entry.kept.length == len(entry.ids) > model.count("# Sum them\n")


def test_a_model_that_takes_no_draft_says_so(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text('{"*": "x = 1"}')
    with pytest.raises(ModelError, match="takes no draft model"):
        load_for(Settings(model=f"scripted:{script}", draft_model="embedded"))
    assert stats(load_for(Settings(model=f"scripted:{script}"))) == []


def test_stats_tell_what_was_reused_and_guessed(model: TransformersModel, monkeypatch: pytest.MonkeyPatch) -> None:
    model.complete("# Sum them\n", PARAMS[0])
    monkeypatch.setattr(model, "ahead", Ahead(), raising=False)
    first, second = stats(model)
    assert first == f"the last text: 0 tokens were kept from before, {model.count('# Sum them' + chr(10))} were read"
    assert second == "nothing was guessed ahead yet"
