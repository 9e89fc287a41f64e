"""What belongs between two texts: only from models with the marks for it, and nothing of the marks in the answer."""

import re
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from mtchat.errors import ModelError
from mtchat.models import complete_between, infill, load_model, scripted
from mtchat.models.quiet import quiet
from mtchat.models.scripted import ScriptedModel
from mtchat.turn import SamplingParams
from tests.models.checkpoints import save_network, save_tokenizer

PARAMS = SamplingParams(max_new_tokens=60)


class Marked(ScriptedModel):
    """One that knows the marks."""

    def count(self, text: str) -> int:
        return 1 if text in infill.MARKS else super().count(text)


def test_the_form_and_the_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripted, "_PIECE", re.compile(r"<eom>|\w+|\s|[^\w\s]"))
    model, heard = Marked(["return a + b<eom>\n\nnot this"], logprob=-0.5), []
    out = complete_between(model, "def add(a, b):\n    ", "\n", PARAMS, on_text=lambda row, d: heard.append(d))[0]
    assert (out.text, out.finish, "".join(heard)) == ("return a + b", "eos", "return a + b")
    assert (out.tokens, len(out.logprobs), out.ends[-1]) == (8, 8, len(out.text))
    assert infill.between("a", "b") == "a<mask_1>b<|endoftext|><sep><mask_1>"


def test_one_without_an_end_is_as_long_as_it_may_be() -> None:
    out = complete_between(Marked(["x " * 50]), "", "", SamplingParams(max_new_tokens=4))[0]
    assert (out.text, out.finish) == ("x x ", "length")


def test_models_without_marks_and_texts_with_them_are_refused() -> None:
    with pytest.raises(ModelError, match="cannot infill: it has no token <mask_1>; take a CodeGen2"):
        complete_between(ScriptedModel(["x"]), "a", "b", PARAMS)
    with pytest.raises(ModelError, match="holds <eom>"):
        complete_between(Marked(["x"]), "a<eom>", "b", PARAMS)


def test_a_checkpoint_with_the_marks(tmp_path: Path) -> None:
    with quiet():
        size = save_tokenizer(tmp_path)
        tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
        tokenizer.add_special_tokens([infill.MASK, infill.SEPARATOR, infill.END])
        tokenizer.save(str(tmp_path / "tokenizer.json"))
        save_network(tmp_path, size + 8)
    model = load_model(str(tmp_path), device="cpu", dtype="float32")
    outs = complete_between(model, "def f(", "):\n", SamplingParams(temperature=1.5, top_p=1, n=8, seed=1))
    assert all(infill.END not in out.text and len(out.ends) == out.tokens for out in outs)
    assert "eos" in {out.finish for out in outs}
