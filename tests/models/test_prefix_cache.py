"""The prefix cache: what is reused, and that nothing it does shows in what is written."""

import dataclasses
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from mtchat.errors import ModelError
from mtchat.models import Prefill, load_model
from mtchat.models.cache import Entry, PrefixCache, common
from mtchat.models.transformers_backend import TransformersModel
from mtchat.turn import SamplingParams

PREFIX = "# Import libraries.\n\nimport numpy as np\n\n"
PARAMS = SamplingParams(temperature=1.0, max_new_tokens=16, seed=2)
Check = Callable[[TransformersModel], None]


@pytest.fixture(scope="module")
def plain(loaded: TransformersModel) -> TransformersModel:
    """The same weights without a cache."""
    return loaded.uncached()


def same(model: TransformersModel, plain: TransformersModel, text: str, params: SamplingParams = PARAMS) -> str:
    """Check that cached and uncached agree on `text`; what they wrote."""
    ours, theirs = model.complete(text, params), plain.complete(text, params)
    assert ours == theirs  # log-probabilities to the last bit
    assert plain.last_prefill.reused == 0
    return ours[0].text


def newest(model: TransformersModel) -> Entry[Any]:
    return model._cache.entries[-1]


@pytest.fixture
def holds(network: Any) -> Check:
    """Checks that all kept keys and values are those of a fresh forward over the ids they are kept for."""

    def check(model: TransformersModel) -> None:
        assert model._cache.entries
        for ids, kept in ((e.ids, e.kept) for e in model._cache.entries):
            assert kept.length == len(ids)
            with torch.inference_mode():
                fresh = network(torch.tensor([ids]), use_cache=True).past_key_values
            for ours, theirs in zip(kept.kept[:, :, :, : kept.length], fresh.layers, strict=True):
                torch.testing.assert_close(ours[0], theirs.keys[0], atol=1e-4, rtol=1e-4)
                torch.testing.assert_close(ours[1], theirs.values[0], atol=1e-4, rtol=1e-4)

    return check


def writing(monkeypatch: pytest.MonkeyPatch, model: TransformersModel, text: str, code: str) -> None:
    """Make the model write `code` after `text`, in the tokens that the two together have (random weights would not)."""
    ids = iter(model._codec.encode(text + code)[len(model._codec.encode(text)) :])
    monkeypatch.setattr("mtchat.models.sampling.choose", lambda *_: torch.tensor([next(ids)]))


def test_a_growing_conversation_computes_only_what_is_new(
    model: TransformersModel, monkeypatch: pytest.MonkeyPatch, holds: Check
) -> None:
    text = PREFIX
    for turn in range(4):
        text += f"# Add {turn} to the list\n"
        code = f"numbers.append({turn})\nprint(numbers)"
        had = len(newest(model).ids) if turn else 0
        writing(monkeypatch, model, text, code)
        heard = model.complete(text, PARAMS, stop=lambda said, code=code: said == code)[0]
        assert heard.text == code
        assert sum(vars(model.last_prefill).values()) == model.count(text)
        assert model.last_prefill.reused >= had - 1  # an id may differ where code and blank line meet
        assert len(newest(model).ids) == model.count(text + code) - 1
        holds(model)
        text += code + "\n\n"


def test_whatever_is_in_it_nothing_shows(model: TransformersModel, plain: TransformersModel, holds: Check) -> None:
    text = PREFIX
    for turn in range(4):
        text += f"# Add {turn} to the list\n"
        kept = list(newest(model).ids) if turn else []
        text += same(model, plain, text) + "\n\n"
        assert model.last_prefill.reused == min(
            common(kept, newest(model).ids), sum(vars(model.last_prefill).values()) - 1
        )
        holds(model)


def test_undo_branch_and_the_same_text_again(model: TransformersModel, plain: TransformersModel, holds: Check) -> None:
    long = PREFIX + "# Create a list of ten numbers\nnumbers = list(range(10))\n\n# Sum them\n"
    short = PREFIX + "# Create a list of ten numbers\n"
    same(model, plain, long)
    same(model, plain, short)
    assert model.last_prefill.computed == 1  # all of it was there; the last token is computed for its scores
    same(model, plain, short)
    assert model.last_prefill.computed == 1
    same(model, plain, PREFIX + "# Print hello\n")
    assert model.last_prefill.reused >= model.count(PREFIX) - 1
    same(model, plain, "def add(a, b):\n")
    assert model.last_prefill.reused == 0
    holds(model)


def test_several_rows_all_stay_in_the_cache(model: TransformersModel, plain: TransformersModel, holds: Check) -> None:
    params = SamplingParams(temperature=1.0, max_new_tokens=12, n=4, seed=4)
    text = PREFIX + "# Sum them\n"
    same(model, plain, text, params)
    holds(model)
    assert len(model._cache.entries) == 4
    assert all(len(e.ids) == model.count(text) + 11 for e in model._cache.entries)
    outs = plain.complete(text, params)
    for row in (2, 0):  # whichever of them the conversation goes on with
        same(model, plain, text + outs[row].text)
        assert model.last_prefill.reused >= model.count(text) - 1


def test_a_row_finishing_first_or_last_is_kept(
    model: TransformersModel, plain: TransformersModel, holds: Check
) -> None:
    params = SamplingParams(temperature=1.0, max_new_tokens=20, n=3, seed=1)
    whole = plain.complete(PREFIX, params)
    for early in (0, 1, 2):
        chosen = whole[early].text[:4]
        outs = model.complete(PREFIX, params, stop=lambda text, start=chosen: text.startswith(start))
        assert outs[early].tokens < 20
        holds(model)
        expected = model._codec.encode(PREFIX)
        kept = sorted(len(e.ids) for e in model._cache.entries if e.ids[: len(expected)] == expected)
        assert kept[-1] == len(expected) + max(out.tokens for out in outs) - 1


def test_cancel_midway_leaves_a_right_cache(model: TransformersModel, plain: TransformersModel, holds: Check) -> None:
    cancel, heard = threading.Event(), []
    text = PREFIX + "# Sum them\n"

    def on_text(row: int, delta: str) -> None:
        heard.append(delta)
        if len(heard) > 4:
            cancel.set()

    model.complete(text, PARAMS, cancel=cancel, on_text=on_text)
    holds(model)
    same(model, plain, text)
    assert model.last_prefill.computed == 1


def test_cancel_during_the_prefill_keeps_what_was_computed(
    model: TransformersModel,
    plain: TransformersModel,
    monkeypatch: pytest.MonkeyPatch,
    holds: Check,
) -> None:
    monkeypatch.setattr("mtchat.models.generate.PIECE", 8)
    cancel, calls = threading.Event(), []
    read = model._runner.read
    monkeypatch.setattr(
        model._runner, "read", lambda *a: (calls.append(1), len(calls) == 2 and cancel.set(), read(*a))[2]
    )
    out = model.complete(PREFIX * 3, PARAMS, cancel=cancel)[0]
    assert (out.finish, out.tokens, len(calls)) == ("cancelled", 0, 2)
    assert model.last_prefill == Prefill(0, 16)
    holds(model)
    same(model, plain, PREFIX * 3)
    assert model.last_prefill.reused == 16


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB."),
        RuntimeError("[enforce fail at alloc_cpu.cpp:1] DefaultCPUAllocator: can't allocate memory: you tried"),
        MemoryError(),
    ],
)
def test_memory_that_runs_out_midway_is_one_line_and_the_model_lives(
    model: TransformersModel,
    plain: TransformersModel,
    error: Exception,
    holds: Check,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = PREFIX + "# Sum them\n"
    same(model, plain, text)
    calls: list[int] = []
    states = model._runner.states

    def fail(ids: Any, rows: Any) -> Any:
        calls.append(1)
        if len(calls) < 3:
            return states(ids, rows)
        for row in rows:  # room was made, and some layers have written
            row.reserve(row.length + 1)
            row.kept[0, :, :, row.length] = 7.0
        raise error

    monkeypatch.setattr(model._runner, "states", fail)
    with pytest.raises(ModelError, match=r"memory ran out at [0-9]+ tokens of text, 1 completions: ask") as caught:
        model.complete(text + "total", PARAMS)
    monkeypatch.undo()
    assert "\n" not in str(caught.value)
    same(model, plain, text + "total")
    holds(model)


def test_an_interrupt_from_a_listener_drops_the_cache(model: TransformersModel, plain: TransformersModel) -> None:
    def interrupt(row: int, delta: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.complete(PREFIX, PARAMS, on_text=interrupt)
    same(model, plain, PREFIX)
    assert model.last_prefill.reused == 0


def test_switched_off_it_keeps_nothing(plain: TransformersModel) -> None:
    plain.complete(PREFIX, PARAMS)
    plain.complete(PREFIX, PARAMS)
    assert plain.last_prefill == Prefill(0, plain.count(PREFIX))


def test_half_precision_reuses_too(checkpoint: Path) -> None:
    model = load_model(str(checkpoint), device="cpu", dtype="bfloat16")
    first = model.complete(PREFIX, PARAMS)[0]
    model.complete(PREFIX + first.text, PARAMS)
    assert model.last_prefill.reused >= model.count(PREFIX) - 1
    assert model.dtype == "bfloat16"


@dataclasses.dataclass
class Counted:
    """A kept sequence that is only its length, ten bytes a token."""

    length: int = 0

    @property
    def nbytes(self) -> int:
        return 10 * self.length

    def crop(self, length: int) -> None:
        self.length = length

    def copy(self, length: int) -> "Counted":
        return Counted(length)


def test_bytes_are_bounded_and_the_least_recently_used_leave() -> None:
    store = PrefixCache(Counted, keep=100)
    for first in (1, 2, 3):
        store.put([first] * 4, Counted(4))
    assert [e.ids[0] for e in store.entries] == [2, 3]
    store.put([2] * 5, store.take([[2] * 5])[0])  # used again, so 3 is the older one now
    store.put([4] * 4, Counted(4))
    assert [e.ids[0] for e in store.entries] == [2, 4]
    store.put([5] * 50, Counted(50))
    assert [e.ids[0] for e in store.entries] == [5]  # the newest stays at any size


def test_a_kept_sequence_that_several_texts_start_with_is_copied_for_all_but_one() -> None:
    store = PrefixCache(Counted)
    kept = Counted(6)
    store.put([1, 2, 3, 4, 5, 6], kept)
    short, long, other = store.take([[1, 2, 3, 9], [1, 2, 3, 4, 9], [7, 8]])
    assert (short.length, long.length, other.length) == (3, 4, 0)
    assert long is kept
    assert short is not kept


def test_a_long_sequence_is_not_cut_for_a_short_start() -> None:
    store = PrefixCache(Counted)
    store.put(list(range(20)), Counted(20))
    assert store.take([[0, 1, 2, 99]])[0].length == 3
    assert [e.kept.length for e in store.entries] == [20]


def test_what_a_longer_sequence_covers_is_let_go() -> None:
    store = PrefixCache(Counted)
    store.put([1, 2], Counted(2))
    store.put([1, 2, 3], Counted(3))
    assert [e.ids for e in store.entries] == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("a", "b", "n"), [([], [1], 0), ([1, 2], [1, 2, 3], 2), ([1, 2, 3], [1, 9, 3], 1), ([1], [1], 1)]
)
def test_common_start(a: list[int], b: list[int], n: int) -> None:
    assert common(a, b) == n == common(b, a)


def test_taking_empties_the_store() -> None:
    store = PrefixCache(Counted)
    assert store.take([[1, 2]])[0].length == 0
    store.put([1, 2, 3], Counted(3))
    assert store.take([[1, 2, 3, 4]])[0].length == 3
    assert store.entries == []
