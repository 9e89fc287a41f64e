"""Picking among candidates and answering a question about them, through a pipe input and on real terminals."""

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from mtchat.cli.common import engine_on, new_header
from mtchat.cli.talk import reopen
from mtchat.config import Settings
from mtchat.engine import Effects, Group, Grouping, Proposal
from mtchat.languages import PYTHON
from mtchat.models.scripted import ScriptedModel
from mtchat.render import plain, turn
from mtchat.repl.app import Repl
from mtchat.repl.loading import Loading
from mtchat.repl.reader import LineReader, PromptReader
from mtchat.repl.screen import Screen, style
from mtchat.repl.sidebyside import clipped, listing
from mtchat.sandbox import Variable
from mtchat.session import Session, Store
from mtchat.turn import Execution
from tests.repl.conftest import SIZES

Start = Callable[..., Any]

SUM, FIRST = "def total(nums):\n    return sum(nums)", "def total(nums):\n    return nums[0] + sum(nums[1:])"
SCRIPT = {
    "make nums": "nums = [3, 1, 2]",
    "greet": ["print('hello')", "print('hi')", "print('hi')  # again", "print('hey')"],
    "greet 'them'": ["print('hello')", "print('hi')"],
    "mostly": ["x = 1", "x = 1", "x = 1", "x = 2"],
    "one runs": ["1 / 0", "x = 1", "1 / 0"],
    "agree": ["x = 1", "x = 2 - 1"],
    "write total": [SUM, FIRST],
    "pick one": ["x = 1", "x = 2", "x = 3", "x = 4"],
    "time": ["import time\nt = time.time()", "t = 0"],
}


@contextmanager
def a_repl(path: Path, feed: str, input: PipeInput | None = None, **given: object) -> Iterator[tuple[Repl, Any]]:
    settings = Settings(data_dir=path, **{"trust": "auto", **given})  # type: ignore[arg-type]
    out = io.StringIO()
    loading = Loading(lambda: ScriptedModel(SCRIPT))
    store = Store.planned(path / "s.mtchat.jsonl", new_header(settings))
    with engine_on(store, settings, loading) as engine:
        if input is not None:
            input.send_text(feed)
        reader = PromptReader(style(), input=input, output=DummyOutput()) if input else LineReader(io.StringIO(feed))
        yield Repl(engine, loading, Screen(stream=out), reader, lambda _: ScriptedModel(SCRIPT), reopen), out
        store.close()


def typed(path: Path, feed: str, **given: object) -> tuple[Session, str, Repl]:
    with create_pipe_input() as keys, a_repl(path, feed + "\x04", keys, **given) as (repl, out):
        repl.talk()
        return repl.engine.session, out.getvalue(), repl


def codes(session: Session) -> list[str]:
    return [made.code for made in session.path()]


def test_the_groups_are_shown_and_enter_takes_the_first(tmp_path: Path) -> None:
    session, out, _ = typed(tmp_path, "greet\r\r", candidates=4, clarify="off")
    assert codes(session) == ["print('hi')"]
    assert "1  ×2  written in 2 ways" in out
    assert "hello" in out
    assert "hey" in out
    assert out.index("×2") < out.index("×1")
    assert out.endswith("│ print('hi')\nhi\n"), "the pick is shown as a turn"
    assert {c.code for c in session.path()[0].candidates} == {"print('hello')", "print('hi')  # again", "print('hey')"}


@pytest.mark.parametrize(
    ("keys", "code"), [("3\r", "x = 3"), ("\x1b[B\r", "x = 2"), ("\x1b[A\r", "x = 4"), ("9x2\r", "x = 2")]
)
def test_arrows_and_numbers_pick(tmp_path: Path, keys: str, code: str) -> None:
    session, _, _ = typed(tmp_path, "pick one\r" + keys, candidates=4, clarify="off")
    assert codes(session) == [code]


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_leaving_the_picker_keeps_all_as_it_was(tmp_path: Path, key: str) -> None:
    session, out, repl = typed(tmp_path, "pick one\r" + key + "agree\r", candidates=4)
    assert codes(session) == ["x = 1"]
    assert len(session.turns) == 1
    assert "left as it was" in out
    assert not repl.failed


def test_groups_that_agree_are_not_asked_about(tmp_path: Path) -> None:
    session, out, _ = typed(tmp_path, "agree\r", candidates=2, clarify="on")
    assert (codes(session), "×" in out) == (["x = 1"], False)


def test_the_only_group_that_ran_well_is_taken(tmp_path: Path) -> None:
    session, out, _ = typed(tmp_path, "one runs\r/sample 3 one runs\r2\r", candidates=3)
    assert codes(session) == ["x = 1", "1 / 0"]
    assert "ZeroDivisionError: division by zero" in out


def test_sample_gives_other_code_for_the_last_intent_without_running_it_again(tmp_path: Path) -> None:
    session, out, _ = typed(tmp_path, "pick one\r/sample 4\r2\r")
    assert codes(session) == ["x = 3"], "x = 1 is there already"
    assert len(session.turns) == 2
    assert "+ x = 3" in out


def test_sample_takes_an_intent_as_it_is_typed(tmp_path: Path) -> None:
    session, _, _ = typed(tmp_path, "/sample 2 greet 'them'\r2\r/sample greet 'them'\r\r")
    assert [made.intent for made in session.path()] == ["greet 'them'"] * 2
    assert [made.sampling.n for made in session.path() if made.sampling] == [2, 8]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("/sample", "there is no turn yet"),
        ("/sample 0", "the least is 1"),
        ("/sample 999", "the most is 256"),
        ("make nums\r/sample", "no other code"),
    ],
)
def test_a_sample_that_cannot_be_is_one_line(tmp_path: Path, entry: str, said: str) -> None:
    assert said in typed(tmp_path, entry + "\r")[1]


def test_where_none_dominates_one_question_is_asked(tmp_path: Path) -> None:
    session, out, _ = typed(tmp_path, "write total\r2\r", candidates=2)
    assert codes(session) == [FIRST]
    assert "for nums = [] should total(nums) be 0 or an error? an error (IndexError)\n" in out
    assert session.path()[0].checks == ()


def test_the_answer_becomes_a_check_if_wanted(tmp_path: Path) -> None:
    session, out, _ = typed(tmp_path, "write total\rc\r", candidates=2)
    assert session.path()[0].checks == ("total([]) == 0",)
    assert "kept as a check: total([]) == 0\n" in out
    assert "check: total([]) == 0\n" in plain(turn(session.path()[0], 1, PYTHON))


def test_the_codes_can_be_looked_at_before_answering(tmp_path: Path) -> None:
    session, out, _ = typed(tmp_path, "write total\rl2\r", candidates=2)
    assert codes(session) == [FIRST]
    assert "total([]) → an error (IndexError)" in out


def test_a_dominating_group_is_asked_about_only_where_clarify_is_on(tmp_path: Path) -> None:
    for place, (clarify, asked) in enumerate((("auto", False), ("on", True), ("off", False))):
        (tmp_path / str(place)).mkdir()
        session, out, _ = typed(tmp_path / str(place), f"/set clarify {clarify}\rmostly\r\r", candidates=4)
        assert ("which of these did you mean? x = 1" in out) is asked
        assert codes(session) == ["x = 1"]


def test_clarify_on_draws_several_to_ask_about(tmp_path: Path) -> None:
    session, _, _ = typed(tmp_path, "make nums\r/set clarify on\rwrite total\r2\r/show\r")
    assert codes(session) == [SCRIPT["make nums"], FIRST]
    assert [made.sampling.n for made in session.path() if made.sampling] == [1, 5]


def test_the_pick_keeps_the_state_that_was_seen(tmp_path: Path) -> None:
    with (
        create_pipe_input() as keys,
        a_repl(tmp_path, "time\r\r\x04", keys, candidates=2, clarify="off") as (repl, out),
    ):
        repl.talk()
        (variable,) = [v for v in repl.engine.sandbox.variables(repl.engine.restore()) if v.name == "t"]
    assert f"+ t = {variable.repr}" in out.getvalue()


def test_a_pipe_is_never_asked_and_shows_what_was_printed(tmp_path: Path) -> None:
    with a_repl(tmp_path, "greet\nwrite total\n/sample 4 pick one\n", candidates=4, clarify="on") as (repl, out):
        repl.pipe()
        assert codes(repl.engine.session) == ["print('hi')", SUM, "x = 1"]
    assert "│ print('hi')\nhi\n" in out.getvalue()
    assert "×" not in out.getvalue()


def test_in_review_the_one_that_may_run_is_the_turn(tmp_path: Path) -> None:
    session, out, _ = typed(tmp_path, "write total\rar/sample 4 pick one\rr", candidates=2, trust="review")
    assert codes(session) == [FIRST, "x = 1"]
    assert out.count(FIRST.splitlines()[1]) == 1, "read once, not shown again"
    assert {c.execution.status for c in session.path()[0].candidates} == {"denied"}


def shown(columns: int, groups: int = 4) -> list[str]:
    from mtchat.engine.values import Trial
    from mtchat.sandbox.values import Snapshot
    from mtchat.turn import Candidate, ModelInfo, SamplingParams

    done = Execution("ok", stdout="日本語 " * 30)
    trials = tuple(
        Trial(f"name = 'a long value of candidate {n}' * 100\nx = {n}", done, Snapshot(n)) for n in range(groups)
    )
    candidates = tuple(Candidate(trial.code, 1, None, done) for trial in trials)
    proposal = Proposal("say", None, SamplingParams(), ModelInfo("m"), (), trials, candidates)
    seen = Effects((Variable("x", "int", "1"),), ((Variable("y", "str", "'a'"), Variable("y", "str", "'b'")),))
    found = Grouping(tuple(Group((n,), 1, done, seen) for n in range(groups)))
    return plain(listing(found, proposal, PYTHON, columns)).splitlines()


@pytest.mark.parametrize(("columns", "across"), [(40, 1), (80, 2), (160, 4)])
def test_columns_where_the_window_is_wide(columns: int, across: int) -> None:
    from prompt_toolkit.utils import get_cwidth

    lines = shown(columns)
    assert max(map(get_cwidth, lines)) < columns
    assert sum("×1" in line for line in lines) == 4 // across
    assert lines[0].count("×1") == across


def test_what_does_not_fit_is_cut_and_said() -> None:
    assert plain(clipped([("", "abc"), ("", "defg")], 5)) == "abcd…"
    assert plain(clipped([("", "\x1b[2J日本")], 6)) == "^[[2J…"


@SIZES
def test_a_question_and_a_pick_on_a_real_terminal(spawn: Start, tmp_path: Path, rows: int, columns: int) -> None:
    script = tmp_path / "ways.json"
    script.write_text(json.dumps(SCRIPT))
    flags = ["--model", f"scripted:{script}", "--trust", "auto", "--candidates", "4"]
    terminal = spawn(*flags, rows=rows, columns=columns)
    terminal.until(r"^\[1\]")
    terminal.type("write total\r")
    terminal.until(r"for nums = \[\] should total\(nums\) be 0\s+or\s+an\s+error\?[\s\S]*▸ 1  ×2  0[\s\S]*Esc")
    terminal.type("c")
    terminal.until("✓")
    terminal.type("\r")
    terminal.until(r"kept as a check: total\(\[\]\) == 0[\s\S]*^\[2\]")
    terminal.type("/sample 4 pick one\r")
    text = terminal.until(r"▸ 1  ×1  x = 1[\s\S]*  4  ×1  x = 4[\s\S]*Esc")
    if columns == 160:
        assert re.search(r"1  ×1 .*2  ×1 .*3  ×1 .*4  ×1", text), "side by side"
    terminal.type("\x1b")
    terminal.until(r"left as it was[\s\S]*^\[2\]")
    terminal.type("/sample 4 pick one\r")
    terminal.until(r"▸ 1  ×1  x = 1[\s\S]*Esc")
    terminal.type("\x1b[B3\r")
    terminal.until(r"│ x = 3[\s\S]*^\[3\]")
    terminal.type("\x04")
    assert terminal.ended() == 0
