from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from mtchat.models.scripted import ScriptedModel
from mtchat.train import sampling
from mtchat.train.corpus import Recipe
from mtchat.train.evaluate import Case, Written, cases
from mtchat.turn import Completion

CASE = Case("", [], "# set x to 6\n", "set x to 6", "x = 6", "", ("x",), True)


def answers(*codes: tuple[str, bool]) -> list[Written]:
    return [Written(Completion(code, "stop", 1, -1.0), code, right) for code, right in codes]


def test_right_programs_of_its_own_are_worth_learning() -> None:
    found = sampling.worth(CASE, answers(("x = 5 + 1", True), ("x = 7", False), ("x = 5 + 1", True), ("x = 6", True)))
    assert found == ["x = 5 + 1"]
    assert len(sampling.worth(CASE, answers(*((f"x = {i} + {6 - i}", True) for i in range(5))))) == sampling.MOST


def test_the_reference_is_learnt_where_nothing_was_right_and_nothing_where_it_was_written() -> None:
    assert sampling.worth(CASE, answers(("x = 7", False), ("", True))) == ["x = 6"]
    assert sampling.worth(CASE, answers(("x = 6", True), ("x = 7", False))) == []


def test_files_go_on_and_are_read_again(tmp_path: Path) -> None:
    model = ScriptedModel({"*": "nonsense = 1\n\n#"})
    for expected in (1, 2):
        assert sampling.sample(model, tmp_path, 6, n=2) == 6
        assert len(list(tmp_path.glob("*.jsonl"))) == expected
    lines = [json.loads(line) for path in sorted(tmp_path.glob("*.jsonl")) for line in path.read_text().splitlines()]
    asked = [c.text for stream in (0, 1) for c in cases(Recipe(), 6, stream=sampling.AWAY + stream)]
    assert [line["text"] for line in lines] == asked
    first = list(islice(sampling.again(tmp_path, 0, 0), 12))
    assert sorted(text for (text, _), _ in first) == sorted(asked)


def test_what_was_made_is_kept_where_sampling_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "IN_FILE", 2)

    def stop(asked: int, own: int, hard: int) -> None:
        if asked == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sampling.sample(ScriptedModel({"*": "nonsense = 1\n\n#"}), tmp_path, 6, n=2, report=stop)
    assert [len(path.read_text().splitlines()) for path in sorted(tmp_path.glob("*.jsonl"))] == [2, 2]
