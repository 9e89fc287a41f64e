"""Tokenizers as they come in folders, and text shown while it is written."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import CodeGenTokenizer

from mtchat.models.quiet import quiet
from mtchat.models.tokenization import Codec, Detokenizer, load_codec
from tests.models.checkpoints import CORPUS

TEXTS = [*CORPUS, "", " ", "    if x:\n        y = 'é'", "日本語🙂\n\n\n", "a<|endoftext|>b", "\u00a0\u2028x", "￾�"]


@pytest.fixture(scope="module")
def codec(checkpoint: Path) -> Codec:
    return load_codec(checkpoint)


@pytest.fixture(scope="module")
def original(checkpoint: Path) -> CodeGenTokenizer:
    with quiet():
        return CodeGenTokenizer.from_pretrained(str(checkpoint))


@pytest.mark.parametrize("text", TEXTS)
def test_the_file_alone_is_the_tokenizer(codec: Codec, original: CodeGenTokenizer, text: str) -> None:
    assert codec.encode(text) == original(text)["input_ids"]
    assert codec.decode(codec.encode(text)) == text
    assert codec.eos == original.eos_token_id


def test_folder_as_salesforce_keeps_it(checkpoint: Path, tmp_path: Path, codec: Codec) -> None:
    """vocab.json, merges.txt and added_tokens.json of 2022, without tokenizer.json."""
    for file in ("vocab.json", "merges.txt"):
        shutil.copy(checkpoint / file, tmp_path)
    added = {" " * n: codec.encode(" " * n)[0] for n in (2, 3, 4)}
    (tmp_path / "added_tokens.json").write_text(json.dumps(added), "utf-8")
    shutil.copy(checkpoint / "config.json", tmp_path)
    config = {"tokenizer_class": "CodeGenTokenizer", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    with quiet():
        slow = load_codec(tmp_path)
    assert slow.ids == codec.ids
    for text in TEXTS:
        assert slow.encode(text) == codec.encode(text)
        assert slow.decode(slow.encode(text)) == text


def test_lone_surrogates_become_question_marks(codec: Codec) -> None:
    assert codec.decode(codec.encode("a\ud800b")) == "a?b"


def shown(codec: Codec, before: list[int], ids: list[int]) -> list[str]:
    words = Detokenizer(codec, before)
    return [*(words.feed(i) for i in ids), words.flush()]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=12))
def test_deltas_are_whole_characters_and_join(codec: Codec, text: str, before: str) -> None:
    deltas = shown(codec, codec.encode(before), codec.encode(text))
    assert "".join(deltas) == text
    assert all("�" not in d for d in deltas) or "�" in text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_tokens_at_all_join_to_what_decode_says(codec: Codec, data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.sampled_from(sorted(codec.ids)), max_size=40))
    assert "".join(shown(codec, [], ids)) == codec.decode(ids)


def test_a_character_of_several_tokens_is_held_until_it_is_whole(codec: Codec) -> None:
    ids = codec.encode("€")  # three bytes, none of them merged in the corpus
    assert len(ids) == 3
    assert shown(codec, [], ids) == ["", "", "€", ""]
    assert shown(codec, [], ids[:2]) == ["", "", "�"]


def test_the_cost_of_a_token_does_not_grow(codec: Codec) -> None:
    asked: list[int] = []
    counting = Codec(codec.encode, lambda ids: asked.append(len(ids)) or codec.decode(ids), codec.ids, codec.eos)
    shown(counting, codec.encode("x = 1\n" * 50), codec.encode("total = sum(numbers)\n" * 30))
    assert max(asked) < 20
