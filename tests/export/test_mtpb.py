"""A session as a benchmark problem: the prompts give its intents, its code gives the answer, or a word says why not."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mtchat.cli.export import export_command
from mtchat.config import Settings
from mtchat.conversation import PAPER_PREFIX, render
from mtchat.engine import Engine, Hooks, Memory
from mtchat.errors import CommandError
from mtchat.export import EXPORTERS, Subject, exporter
from mtchat.export.answers import answer
from mtchat.export.cases import read_cases, with_cases
from mtchat.export.mtpb import problem
from mtchat.models.scripted import ScriptedModel
from mtchat.sandbox import Sandbox
from mtchat.session import SUFFIX, Attach, Header, Session, Store, TurnRecord, read
from mtchat.turn import Execution, Turn

EXAMPLES = sorted((Path(__file__).parents[2] / "sessions").glob("*" + SUFFIX))
HEADER = Header(created="2026-11-21T09:00:00+00:00")
LOOKING = "seen = []\ndef print(*given, **how):\n    seen.append(given[0])\n"
FIELDS = ["id", "name", "description", "category", "prompts", "inputs", "outputs", "max_gen_length"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def made(sandbox: Sandbox, *turns: tuple[str, str]) -> Session:
    """A session whose turns have run for real, each an (intent, code)."""
    engine = Engine(Memory(Session(HEADER)), sandbox, lambda: ScriptedModel([]), Settings())
    for intent, code in turns:
        engine.run_code(code, Hooks(), intent)
    return engine.session


def judged(sandbox: Sandbox, session: Session) -> object:
    """The first argument of the last print of the whole conversation in paper form, run as one program."""
    told = [(turn.intent, turn.code) for turn in session.path()]
    tree = ast.parse(render(told, None, prefix=PAPER_PREFIX.replace("import numpy as np", ""), literal=True))
    end = tree.body[-1]
    if isinstance(end, ast.Expr) and not ast.unparse(end).startswith("print("):
        end.value = ast.Call(ast.Name("print", ast.Load()), [end.value], [])
    execution, _ = sandbox.run(f"{LOOKING}{ast.unparse(ast.fix_missing_locations(tree))}\nseen[-1]")
    assert execution.ok, execution.error
    return ast.literal_eval(execution.value or "")


CONVERSATIONS = {
    "list": ([("Let {x} be [2, 1].", "x = [2, 1]"), ("Print x sorted.", "print(sorted(x))")], [1, 2]),
    "value": ([("Let s be 'a\"b'.", "s = 'a\"b'"), ("s", "s")], 'a"b'),
    "loop": ([("Print 1 to 3", "for i in [1, 2, 3]:\n    print(i)")], 3),
    "tuple": ([("Print both.", "print((1, 'a'))")], [1, "a"]),
    "two": ([("Print 5, then a word.", "print(5)\nprint('x' + 'y')")], "xy"),
    "lines": ([("Print two lines.", "print('a\\nb')")], "a\nb"),
    "text that looks like a number": ([("Print 7 as text.", "print(str(7))")], "7"),
    "flag": ([("Is it so?", "1 < 2")], True),
    "floats": ([("Print thirds.", "print([1 / 3, 2 / 3])")], [1 / 3, 2 / 3]),
    "ünïcode": ([("Say “größe” 🙂.", "print('größe')")], "größe"),
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_the_recorded_code_gives_the_exported_answer(sandbox: Sandbox, name: str) -> None:
    turns, expected = CONVERSATIONS[name]
    session = made(sandbox, *turns)
    line = json.loads(exporter("mtpb")(Subject(name, session)))
    assert list(line) == FIELDS
    assert [p.format(**line["inputs"][0]) for p in line["prompts"]] == [intent for intent, _ in turns]
    assert line["outputs"] == [expected]
    found = judged(sandbox, session)
    assert (list(found) if isinstance(found, tuple) else found) == expected


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name.removesuffix(SUFFIX))
def test_the_example_sessions_are_problems(sandbox: Sandbox, path: Path) -> None:
    session = read(path)
    line = json.loads(exporter("mtpb")(Subject("x", session)))
    assert [p.format(**line["inputs"][0]) for p in line["prompts"]] == [turn.intent for turn in session.path()]
    assert line["outputs"] == [judged(sandbox, session)]


def test_an_answer_is_read_as_the_reference_compares_it() -> None:
    def printed(text: str, code: str = "print(x)") -> object:
        return answer([code], Execution("ok", stdout=text + "\n"))

    assert printed("{'a': 1}") == "{'a': 1}", "the reference compares no dictionaries, but their text"
    assert printed("None") == "None"
    assert printed("[(1, 2), (3, 4)]") == [[1, 2], [3, 4]]
    assert printed("((1, 2), (3, 4))") == "((1, 2), (3, 4))", "it makes lists of tuples in lists only"
    assert printed("[{1}]") == "[{1}]"
    assert printed("[[1 2]\n [3 4]]") == [[1, 2], [3, 4]]
    assert printed("[['A b' ' ']\n ['c' 'd']]") == [["A b", " "], ["c", "d"]]
    assert printed("[ True False]") == [True, False]
    assert printed("[1.  0.5]") == [1.0, 0.5]
    assert printed("[np.float64(0.5), np.int64(2)]") == [0.5, 2]
    assert printed("nan") == "nan"
    assert printed("  7 ") == "  7 "
    assert printed("1_0") == "1_0"
    assert printed("fig 7", "for k, v in d.items():\n    print(k, v)") == "fig"
    assert answer(["x"], Execution("ok", value="array([1, 2])")) == [1, 2]


@pytest.mark.parametrize(
    ("codes", "execution", "why"),
    [
        (["x = 1"], Execution("ok"), "ends with an assignment"),
        (["print(1)\nx = 2"], Execution("ok", stdout="1\n"), "ends with an assignment"),
        (["x.sort()"], Execution("ok"), "has no value"),
        (["f"], Execution("ok", value="<function f at 0x7f>"), "no literal form"),
        (["for x in y: pass"], Execution("ok"), "prints nothing"),
        (["print('Sum', 1, 'a b')"], Execution("ok", stdout="Sum 1 a b\n"), "print one value"),
        (["print(*x)"], Execution("ok", stdout="1 2\n"), "print and one value"),
        (["print()"], Execution("ok", stdout="\n"), "prints nothing"),
        (["print(1)\nprint(x)"], Execution("ok", stdout="1\n[[1]\n [2]]\n"), "where the last print"),
        (["print(1, end='')\nprint(2)"], Execution("ok", stdout="12\n"), "end="),
        (["print(x)"], Execution("ok", stdout="1" * 30_000), "too long"),
        (["print(iter(x))"], Execution("ok", stdout="<list_iterator object at 0x7f2>\n"), "an address"),
        (["print(x)"], Execution("ok", stdout="0    1\n1    2\ndtype: int64\n"), "a pandas Series"),
        (["print(x)"], Execution("ok", stdout="[1.41421356 2.]\n"), "rounded numbers"),
        (["x"], Execution("ok", value="array([1.41421356])"), "rounded numbers"),
        (["print(x)"], Execution("ok", stdout="[(1, 2), 3]\n"), "mixes tuples"),
        (["print(x)"], Execution("ok", stdout="[((1, 2), (3, 4))]\n"), "nests tuples"),
        (["print(x)\nfor y in z: x.append(y)"], Execution("ok", stdout="[]\n"), "goes on after"),
        (["print_it(x)"], Execution("ok", value="1"), "takes for a print"),
        (["import sys\nsys.stdout.write('a')\nprint(1)"], Execution("ok", stdout="a1\n"), "sys.stdout itself"),
        (["((("], Execution("ok", stdout="1\n"), "no code that parses"),
    ],
)
def test_what_the_record_does_not_settle_is_no_answer(codes: list[str], execution: Execution, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        answer(codes, execution)


def test_what_a_line_has_no_place_for_is_refused_in_words(sandbox: Sandbox) -> None:
    def why(session: Session) -> str:
        with pytest.raises(CommandError) as caught:
            problem(Subject("mine", session))
        assert str(caught.value).startswith("mine cannot become a problem: ")
        return str(caught.value)

    good = ("Print 1.", "print(1)")
    assert "no turn" in why(Session(HEADER))
    assert "turn 2 was written by hand" in why(made(sandbox, good, ("", "x = 1"), good))
    assert "turn 1 ended with ZeroDivisionError" in why(made(sandbox, ("Divide.", "1 / 0"), good))
    assert "several lines" in why(made(sandbox, ("Print\n1.", "print(1)")))
    assert "prefix" in why(Session(Header(created="", prefix="import os")).apply(_turn("print(1)", "1\n")))
    asked = Execution("ok", stdout="1\n", inputs=("1",))
    assert "asked for input" in why(Session(HEADER).apply(TurnRecord(_bare("print(input())", asked))))
    attached = Session(HEADER).apply(Attach("a.csv", "0" * 64, 1, None, "/a.csv")).apply(_turn("print(1)", "1\n"))
    assert "a.csv" in why(attached)
    later = Session(HEADER).apply(_turn("print(1)", "1\n"))
    later = later.apply(Attach("a.csv", "0" * 64, 1, later.head, "/a.csv"))
    assert problem(Subject("mine", later)).outputs == (1,), "no turn found it"


def _turn(code: str, stdout: str) -> TurnRecord:
    return TurnRecord(_bare(code, Execution("ok", stdout=stdout)))


def _bare(code: str, execution: Execution) -> Turn:
    return Turn.of(parent=None, seq=1, intent="Print it.", code=code, execution=execution)


def test_further_cases_are_answered_by_the_recorded_code(sandbox: Sandbox) -> None:
    turns = [
        ('Assign "abc" to s.', "s = 'abc'"),
        ("Print s 2 times, 'abc' first.", "print(s * 2)"),
        ("Let p be (1, 2).", "p = (1, 2)"),
        ("Print s and p.", "print([s, sum(p)])"),
    ]
    subject = Subject("mine", made(sandbox, *turns))
    assert problem(subject).inputs == ({"A": "abc", "B": 2, "C": "(1, 2)"},)
    found = with_cases(subject, [{"A": 'x"{'}, {"C": "(5, 6)", "B": 3}], sandbox)
    assert found.outputs == (["abc", 3], ['x"{', 3], ["abc", 11])
    assert found.inputs[2] == {"A": "abc", "B": 3, "C": "(5, 6)"}
    for case, why in {
        '{"D": 1}': "no parameter 'D'",
        '{"B": "x"}': "does not fit B",
        '{"A": 3}': "does not fit A",
        '{"C": [1, 2]}': "does not fit C",
        '{"A": "a\\nb"}': "several lines",
        '{"C": "(1, \'x\')"}': "turn 4 ends with TypeError",
    }.items():
        with pytest.raises(CommandError, match=f"case 1: .*{why}"):
            with_cases(subject, [json.loads(case)], sandbox)


def test_a_case_is_refused_where_it_is_not_clear_what_changes(sandbox: Sandbox) -> None:
    subject = Subject(
        "mine", made(sandbox, ("Add 1 to each.", "x = [5, 6]\nfor i in range(1, 2):\n    x[i] += 1\nprint(x)"))
    )
    assert problem(subject).inputs == ({"A": 1},)
    with pytest.raises(CommandError, match="more often than its intent"):
        with_cases(subject, [{"A": 2}], sandbox)
    assert with_cases(subject, [{"A": 1}], sandbox).outputs == ([5, 7], [5, 7])
    lucky = Session(HEADER).apply(_turn("print(len('abc'))", "4\n"))
    with pytest.raises(CommandError, match="answers 3 and not 4 as recorded"):
        with_cases(Subject("mine", lucky), [{}], sandbox)


def test_a_file_of_cases_is_read_line_by_line() -> None:
    assert read_cases('{"A": 1}\n\n{"B": [2]}\n', "f") == [{"A": 1}, {"B": [2]}]
    with pytest.raises(CommandError, match="f, line 2: no JSON object"):
        read_cases('{"A": 1}\n[1]\n', "f")
    with pytest.raises(CommandError, match="holds no case"):
        read_cases("\n", "f")


def test_every_exporter_in_the_table_is_there() -> None:
    assert all(callable(exporter(name)) for name in EXPORTERS)
    with pytest.raises(CommandError, match="no exporter 'docx': py, mtpb"):
        exporter("docx")


def test_the_command_writes_a_line_a_session_and_no_file_twice(tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(export_command, ["--to", "mtpb", *arguments])
        return done.output if done.exception is None else str(done.exception)

    paths, target = [str(path) for path in EXAMPLES[:2]], tmp_path / "problems.jsonl"
    printed = run(*paths)
    assert [json.loads(line)["id"] for line in printed.splitlines()] == [
        path.name.removesuffix(SUFFIX) for path in EXAMPLES[:2]
    ]
    run(*paths, "-o", str(target))
    assert target.read_text("utf-8") == printed
    assert "exists already" in run(paths[0], "-o", str(target))
    assert target.read_text("utf-8") == printed
    run(paths[0], "-o", str(target), "--force")
    assert target.read_text("utf-8") == printed.splitlines(keepends=True)[0]
    assert "two of the sessions" in run(paths[0], paths[0])
    assert "one session" in run(*paths, "--inputs", "x")
    with Store.create(tmp_path / "empty.mtchat.jsonl", HEADER):
        pass
    assert "no turn yet" in run(paths[0], str(tmp_path / "empty.mtchat.jsonl"), "-o", str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()
    (tmp_path / "cases").write_text('{"A": "one two"}')
    strings = str(next(path for path in EXAMPLES if "strings" in path.name))
    assert json.loads(run(strings, "--inputs", str(tmp_path / "cases")))["outputs"][1] == "ONE TWO"
