"""MTPB's layout: what is read, what the model sees, where a completion ends."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from mtchat.bench import mtpb
from mtchat.bench.choosing import chosen
from mtchat.bench.values import Setup
from mtchat.conversation import PAPER_PREFIX
from mtchat.errors import CommandError
from mtchat.turn import ModelInfo, SamplingParams
from tests.bench.problems import DOUBLE, SHOUT, TABLE, problems_file

MULTI = Setup("mtpb", "", ModelInfo("none"), "", SamplingParams())
SINGLE = Setup("mtpb", "", ModelInfo("none"), "", SamplingParams(), mode="single")
PROGRAM = Setup("mtpb", "", ModelInfo("none"), "", SamplingParams(), mode="single", judge={"single_cut": "program"})


def test_problems_are_filled_in(tmp_path: Path) -> None:
    double, shout, table = mtpb.read(problems_file(tmp_path))
    assert (double.id, double.category, double.turns, double.max_new_tokens) == ("1", "math", 3, 32)
    assert double.cases[1].prompts == ("Let start be -3.", "Let twice be start doubled.", "Show twice.")
    assert [case.expected for case in shout.cases] == ["TREE", "A B", ""]
    assert shout.cases[0].prompts[1] == "Show word in capitals, as in {this}."
    assert shout.max_new_tokens == mtpb.MAX_NEW_TOKENS
    assert [problem.cases[0].needs for problem in (double, shout, table)] == [(), (), ("./tables/few.csv",)]


def test_a_packed_file(tmp_path: Path) -> None:
    path = tmp_path / "problems.jsonl.gz"
    path.write_bytes(gzip.compress(problems_file(tmp_path).read_bytes()))
    assert [problem.id for problem in mtpb.read(path)] == ["1", "2", "3"]


def test_what_the_model_sees(tmp_path: Path) -> None:
    problem = mtpb.read(problems_file(tmp_path))[0]
    case = problem.cases[0]
    assert mtpb.text(MULTI, problem, case, []) == PAPER_PREFIX + "# Let start be 4.\n"
    assert mtpb.text(MULTI, problem, case, ["start = 4\n", "twice = 8"]) == (
        PAPER_PREFIX + "# Let start be 4.\nstart = 4\n\n\n# Let twice be start doubled.\ntwice = 8\n\n# Show twice.\n"
    )
    assert mtpb.text(MULTI, problem, case, ["a", "b", "c"]).endswith("# Show twice.\nc\n\n")
    together = PAPER_PREFIX + "# Let start be 4.\n# Let twice be start doubled.\n# Show twice.\n"
    assert mtpb.text(SINGLE, problem, case, []) == together
    assert mtpb.text(SINGLE, problem, case, ["print(8)"]) == together + "print(8)\n\n"
    assert [mtpb.new_tokens(setup, problem, case) for setup in (MULTI, SINGLE)] == [32, 96]


def test_where_a_completion_ends() -> None:
    program = "def f():\n    pass\n\ndef g():\n    pass\n\n# use\nprint(f())\nprint(g())\n\n\nrest"
    assert mtpb.cut(MULTI, program) == mtpb.cut(SINGLE, program) == "def f():\n    pass\n\n"
    assert mtpb.cut(PROGRAM, program) == program.removesuffix("\n\n\nrest")
    assert mtpb.cut(PROGRAM, "x = 1\n<|endoftext|>y") == "x = 1\n"
    assert not mtpb.KIND.done(MULTI, "x = 1\n")
    assert mtpb.KIND.done(MULTI, "x = 1\n#")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"prompts": None}, "prompts must be a list of texts"),
        ({"prompts": []}, "prompts must be a list of texts"),
        ({"inputs": [1]}, "inputs must be a list of objects"),
        ({"outputs": [1]}, "outputs must be a list as long as inputs, 2"),
        ({"max_gen_length": "long"}, "max_gen_length is 'long'"),
        ({"prompts": ["Let {m} be."]}, "cannot be filled"),
        ({"prompts": ["Let {n be."]}, "cannot be filled"),
    ],
)
def test_unfit_problems(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=f"line 2: .*{said}"):
        mtpb.read(problems_file(tmp_path, SHOUT, {**DOUBLE, **change}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no problem in it"),
        ("\n\n", "no problem in it"),
        ("[1]", "line 1: a line must be a JSON object"),
        ('{"id"', "line 1: no JSON"),
        (json.dumps({k: v for k, v in TABLE.items() if k != "inputs"}), "the field 'inputs' is missing"),
        (json.dumps(SHOUT) + "\n" + json.dumps(SHOUT), "the id '2' is there twice"),
    ],
)
def test_unfit_files(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text(text)
    with pytest.raises(CommandError, match=said):
        mtpb.read(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        mtpb.read(tmp_path / "none.jsonl")
    (tmp_path / "broken.gz").write_bytes(b"no gzip")
    with pytest.raises(CommandError, match="cannot be read"):
        mtpb.read(tmp_path / "broken.gz")


def test_some_of_them(tmp_path: Path) -> None:
    problems = mtpb.read(problems_file(tmp_path))
    assert [p.id for p in chosen(problems, None, None)] == ["1", "2", "3"]
    assert [p.id for p in chosen(problems, "3, 1", None)] == ["1", "3"]
    assert [p.id for p in chosen(problems, "3,1", 1)] == ["1"]
    with pytest.raises(CommandError, match="no problem '9'; there are 1, 2, 3"):
        chosen(problems, "1,9", None)


def test_the_development_problems(shared_data: Path) -> None:
    problems = mtpb.read(shared_data / "mtpb_dev.jsonl")
    assert len(problems) == 19
    assert {len(problem.cases) for problem in problems} == {5}
    assert [problem.id for problem in problems if problem.cases[0].needs] == ["38"]
