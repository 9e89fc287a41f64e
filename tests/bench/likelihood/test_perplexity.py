"""Spans of prompts and codes, perplexities and windows, on a model whose probabilities can be worked out by hand."""

import itertools
import math
import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat.bench.likelihood.perplexity import (
    Total,
    layout,
    prompt_perplexity,
    single_prompt_perplexity,
    together,
    total,
)
from mtchat.bench.likelihood.scoring import record, score_conversation, score_text
from mtchat.bench.likelihood.windows import read, windows
from mtchat.conversation import render
from mtchat.errors import CommandError
from mtchat.models.base import Scores


class Letters:
    """A token is a character of log-probability -code/100; its state is (its code, characters before it)."""

    def __init__(self, context_length: int = 10_000) -> None:
        self.context_length = context_length
        self.asked: list[str] = []

    def pieces(self, text: str) -> Sequence[str]:
        return list(text)

    def count(self, text: str) -> int:
        return len(self.pieces(text))

    def score(self, text: str, *, hidden: bool = False) -> Scores:
        self.asked.append(text)
        tokens = self.pieces(text)
        assert len(tokens) <= self.context_length
        starts = [0, *np.cumsum([len(token) for token in tokens])[:-1].tolist()]
        states = np.array([[sum(map(ord, t)), s] for t, s in zip(tokens, starts, strict=True)], dtype=np.float64)
        logprobs = tuple(math.fsum(logprob(c) for c in token) for token in tokens)
        return Scores(tuple(tokens), tuple(starts), logprobs, states if hidden else None)


class Words(Letters):
    """A token is what GPT-2 makes one at most: a word with the blank before it, a run of marks, of white space."""

    def pieces(self, text: str) -> Sequence[str]:
        return re.findall(r" ?\w+| ?[^\s\w]+|\s+(?!\S)|\s+", text)


def logprob(text: str) -> float:
    return -sum(map(ord, text)) / 100


intents = st.text(st.sampled_from("ab# \nñ🙂'\t"), max_size=12)
codes = st.text(st.sampled_from("x=1# \n日"), max_size=12)
conversations = st.lists(st.tuples(intents, codes), max_size=4)


@given(conversations, st.sampled_from(["", "# Go.\n\nimport re\n\n"]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_parts_lie_where_rendering_puts_them(turns: list[tuple[str, str]], prefix: str, literal: bool) -> None:
    text = render(turns, None, prefix=prefix, literal=literal)
    at = len(prefix)
    for (intent, code), part in zip(turns, layout(prefix, turns, literal=literal), strict=True):
        assert part.whole[0] == at
        opening = render([], intent, literal=literal)
        assert text[at : part.code[0]] == opening
        assert text[slice(*part.code)] == code
        assert text[slice(*part.prompt)] == opening[1:-1]
        assert text[part.code[1] : part.whole[1]] == "\n\n"
        at = part.whole[1]
    assert at == len(text)


@given(conversations, st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_parts_sum_up_to_the_whole(turns: list[tuple[str, str]], words: bool) -> None:
    text = render(turns, None, prefix="# Go.\n\n")
    reading = read(Words() if words else Letters(), text)
    edges = [0]
    for part in layout("# Go.\n\n", turns):
        edges += [part.whole[0], *part.prompt, *part.code, part.whole[1]]
    assert edges == sorted(edges)
    spans = zip(edges, [*edges[1:], len(text)], strict=True)
    parts = together(total(reading.starts, reading.logprobs, span) for span in spans)
    assert parts.tokens == len(reading.starts)
    assert parts.logprob == pytest.approx(logprob(text))


def test_only_the_prompts_words_count() -> None:
    found = prompt_perplexity(Letters(), "# Go.\n\n", ["add\n#2", "b"], ["x = 1", "\n\ny"])
    assert found.tokens == len(" add\n#2") + len(" b")
    assert found.logprob == pytest.approx(logprob(" add\n#2 b"))
    assert found.perplexity == pytest.approx(math.exp(-found.logprob / 9))
    model = Letters()
    assert single_prompt_perplexity(model, "# Go.\n\n", ["add", "b"]) == (pytest.approx(logprob(" add b")), 6)
    assert model.asked == ["# Go.\n\n# add\n# b\n"]


def test_a_word_with_the_blank_before_it_is_the_prompts_and_a_straddling_token_is_where_it_begins() -> None:
    assert prompt_perplexity(Words(), "", ["add one"], ["x"]).tokens == 2
    assert prompt_perplexity(Words(), "", ["#add"], ["x"]).tokens == 2  # " #", "add"
    (part,) = layout("", [("##add", "x")])
    reading = read(Words(), render([("##add", "x")], None))
    assert reading.tokens[:2] == ("##", "add")
    assert total(reading.starts, reading.logprobs, part.prompt).tokens == 1  # "##" begins in the mark


def test_prompts_that_were_never_shown_do_not_count() -> None:
    model = Letters()
    found = prompt_perplexity(model, "", ["a", "b", "c"], ["x"])
    assert (found.tokens, model.asked) == (4, ["# a\nx\n\n# b\n"])
    assert prompt_perplexity(model, "", [], []) == (0, 0)
    assert prompt_perplexity(model, "", [""], [""], literal=False).perplexity is None


def test_perplexity_of_nothing_is_none_and_of_the_impossible_infinite() -> None:
    assert Total(0.0, 0).perplexity is None
    assert Total(-1e6, 2).perplexity == math.inf
    assert Total(-2 * math.log(5), 2).perplexity == pytest.approx(5)


@given(st.text(st.sampled_from("abc \n#'ñ"), min_size=1, max_size=120), st.integers(8, 24))
@settings(max_examples=60, deadline=None)
def test_windows_cover_a_text_once_and_fit(text: str, context: int) -> None:
    found = list(windows(text, Words().count, context))
    assert (found[0].begin, found[0].since, found[-1].end) == (0, 0, len(text))
    for before, after in itertools.pairwise(found):
        assert before.end == after.since
        assert 0 < Words().count(text[after.begin : after.since]) <= context // 2
    assert all(Words().count(text[w.begin : w.end]) <= context for w in found)


@given(st.lists(st.sampled_from(["ab", "#", "\n\n\n", "  ", " ", "\n", "x=", "'s"]), min_size=1, max_size=150))
@settings(max_examples=60, deadline=None)
def test_windows_change_no_token(pieces: list[str]) -> None:
    text = "a" + "".join(pieces)
    whole, split = read(Words(), text), read(Words(60), text)
    assert (split.tokens, split.starts) == (whole.tokens, whole.starts)
    assert split.logprobs == whole.logprobs
    assert whole.short == 0


def test_a_text_without_white_space_is_cut_anywhere() -> None:
    reading = read(Letters(16), "x" * 100)
    assert reading.starts == tuple(range(100))
    assert reading.short == 84


def test_features_are_the_states_where_each_turn_ends() -> None:
    turns = [("first", "a"), ("", "bb"), ("third\nline", "")]
    for context in (10_000, 20):
        report = score_conversation(Letters(context), "# Go.\n\n", turns, features=True)
        assert report.reading.states.dtype == np.float32
        assert report.reading.states[:, 0].tolist() == [ord("a"), ord("b"), ord("e")]
        assert (report.reading.short > 0) == (context == 20)
    assert score_text(Letters(), "xyz", features=True).reading.states.tolist() == [[ord("z"), 2]]
    assert score_text(Letters(), "xyz").reading.states is None


def test_a_report_tells_each_turn() -> None:
    report = score_conversation(Letters(), "# Go.\n\n", [("add", "x = 1"), ("", "y"), ("third", "z")])
    assert [turn.prompt.tokens for turn in report.turns] == [4, 0, 6]
    assert [turn.code.logprob for turn in report.turns] == [logprob("x = 1"), logprob("y"), logprob("z")]
    assert report.prompts == prompt_perplexity(Letters(), "", ["add", "", "third"], ["x", "", ""], literal=False)
    made = record(report, tokens=True)
    assert made["turns"][1]["prompt"] == {"logprob": 0.0, "tokens": 0, "perplexity": None}
    assert made["single_turn_prompts"]["tokens"] == 10
    assert math.fsum(each["logprob"] for each in made["each"]) == pytest.approx(made["logprob"])
    with pytest.raises(CommandError, match="no turns"):
        score_conversation(Letters(), "", [])
