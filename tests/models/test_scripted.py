"""The scripted model beyond the contract that every backend keeps."""

import json
import threading
from pathlib import Path

import pytest

from mtchat.errors import ModelError
from mtchat.models import load_model
from mtchat.models.scripted import ScriptedModel
from mtchat.turn import SamplingParams


def said(model: ScriptedModel, text: str, n: int = 1) -> list[str]:
    return [o.text for o in model.complete(text, SamplingParams(n=n))]


def test_a_list_is_read_a_call_at_a_time() -> None:
    model = ScriptedModel(["a = 1\n", ["b = 2\n", "b = 3\n"]])
    assert said(model, "# one\n") == ["a = 1\n"]
    assert said(model, "# two\n", 3) == ["b = 2\n", "b = 3\n", "b = 2\n"]
    assert said(model, "# three\n") == ["b = 2\n"]


def test_a_mapping_is_asked_for_the_last_intent() -> None:
    model = ScriptedModel({"one": "a = 1\n", "two": "b = 2\n", "*": "pass\n"})
    assert said(model, "# one\na = 1\n\n# two\n") == ["b = 2\n"]
    assert said(model, "// one\n") == said(model, "<!-- one -->\n") == ["a = 1\n"]
    assert said(model, "# else\n") == said(model, "no comment") == ["pass\n"]


def test_off_script_is_an_error_that_names_what_it_knows() -> None:
    with pytest.raises(ModelError, match="no completion for 'two'; it knows: one"):
        ScriptedModel({"one": "a"}).complete("# two\n", SamplingParams())


def test_a_pause_before_each_piece_ends_when_cancelled() -> None:
    cancel = threading.Event()
    threading.Timer(0.1, cancel.set).start()
    out = ScriptedModel(["word " * 50], delay=0.05).complete("# x\n", SamplingParams(), cancel=cancel)[0]
    assert out.finish == "cancelled"
    assert len(out.text) < len("word " * 50)


def test_from_a_file_it_has_a_name_and_a_digest(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps({"one": "a = 1\n"}), "utf-8")
    model = load_model(f"scripted:{tmp_path / 's.json'}")
    assert model.info.name == f"scripted:{tmp_path / 's.json'}"
    assert len(model.info.sha256 or "") == 64
    assert model.complete("# one\n", SamplingParams())[0].text == "a = 1\n"
