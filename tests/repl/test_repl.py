"""The whole REPL in one process: prompt_toolkit's pipe input, the scripted model, the real sandbox."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from mtchat.cli.common import engine_on, new_header
from mtchat.cli.talk import reopen
from mtchat.config import Settings
from mtchat.engine import replay
from mtchat.errors import ModelError
from mtchat.models.base import Model
from mtchat.models.confidence import Calibration
from mtchat.models.scripted import ScriptedModel
from mtchat.repl.app import Repl
from mtchat.repl.commands import COMMANDS
from mtchat.repl.history import history as history_in
from mtchat.repl.loading import Loading
from mtchat.repl.plain import printable
from mtchat.repl.reader import LineReader, PromptReader
from mtchat.repl.screen import Screen, style
from mtchat.sandbox import Sandbox
from mtchat.session import Store, read

SCRIPT = {
    "make nums": "nums = [3, 1, 2]\n\n# and then\nprint('never')",
    "sort": "nums.sort(reverse=True)",
    "sum": "print(sum(nums))",
    "two": "print(1)",
    "random": "import random\nrandom.random()",
    "first line\nsecond line": "x = 'both'",
    "second line": "x = 'both'",
    "fail": "1 / 0",
    "read": "print(open('my data.txt').read())",
    "loop": "while True:\n    pass",
    "greet": ["print('hello')", "print('hi')"],
    "escape": "print('\\x1b[31mred\\x07')",
    "show": "class E:\n    def _repr_html_(self): return '<b>bold</b>'\n    def __repr__(self): return 'plain'\nE()",
    "open line": "print('no newline', end='')",
}

Talk = Callable[..., str]


@contextmanager
def repl_on(
    path: Path,
    feed: str,
    input: PipeInput | None,
    logprob: float = 0.0,
    calibration: Calibration | None = None,
    **given: object,
) -> Iterator[tuple[Repl, io.StringIO]]:
    settings = Settings(data_dir=path.parent, **{"trust": "auto", **given})  # type: ignore[arg-type]
    out = io.StringIO()
    screen = Screen(stream=out)

    def load(settings: Settings) -> Model:
        if settings.model == "broken":
            raise ModelError("the model 'broken' cannot be loaded: choose another")
        return ScriptedModel(SCRIPT, logprob=logprob, calibration=calibration)

    loading = Loading(lambda: load(settings))
    store = Store.open(path) if path.exists() else Store.planned(path, new_header(settings))
    with engine_on(store, settings, loading, lambda text: screen.line(text)) as engine:
        if input is None:
            reader: object = LineReader(io.StringIO(feed))
        else:
            reader = PromptReader(style(), input=input, output=DummyOutput())
            input.send_text(feed)
        repl = Repl(engine, loading, screen, reader, load, reopen)  # type: ignore[arg-type]
        yield repl, out
        if isinstance(engine.journal, Store):
            engine.journal.close()


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    """Feed lines to a REPL on one session file; what it printed."""

    def run(*lines: str, **given: object) -> str:
        with repl_on(tmp_path / "s.mtchat.jsonl", "\n".join(lines) + "\n", None, **given) as (repl, out):
            repl.pipe()
            return out.getvalue()

    return run


def session_of(tmp_path: Path):  # type: ignore[no-untyped-def]
    return read(tmp_path / "s.mtchat.jsonl")


def test_typed_keys_become_turns(tmp_path: Path) -> None:
    with create_pipe_input() as keys, repl_on(tmp_path / "s.mtchat.jsonl", "make nums\rsum\r\x04", keys) as (repl, out):
        repl.talk()
    assert "│ nums = [3, 1, 2]\n" in out.getvalue()
    assert "│ print(sum(nums))\n6\n" in out.getvalue()
    assert "never" not in out.getvalue()


@pytest.mark.parametrize("newline", ["\x1b\r", "\n", "\x1b[200~first line\nsecond line\x1b[201~"])
def test_alt_enter_ctrl_j_and_paste_open_a_line(tmp_path: Path, newline: str) -> None:
    typed = newline if "first" in newline else f"first line{newline}second line"
    with create_pipe_input() as keys, repl_on(tmp_path / "s.mtchat.jsonl", typed + "\r\x04", keys) as (repl, _):
        repl.talk()
    assert [t.intent for t in session_of(tmp_path).path()] == ["first line\nsecond line"]


UNSURE = {
    "logprob": -1.5,
    "calibration": Calibration(
        measure="mean", threshold=-1.0, right_below=0.2, right_above=0.9, n=1, recall=0.5, precision=0.8, auc=0.9,
        weights=None, command="", date="",
    ),
}  # fmt: skip


@pytest.mark.parametrize("given", [{}, {"say_doubt": False}])
def test_a_doubt_is_one_line_after_the_turn(tmp_path: Path, given: dict[str, object]) -> None:
    with (
        create_pipe_input() as keys,
        repl_on(tmp_path / "s.mtchat.jsonl", "make nums\rsum\r\x04", keys, **UNSURE, **given) as (repl, out),
    ):
        repl.talk()
    said = "unsure of this one: try smaller steps, or a larger model (/model 350M-mono)\n"
    assert out.getvalue().count("unsure") == (0 if given else 2)
    assert given or f"6\n{said}" in out.getvalue()
    assert all(turn.doubt for turn in session_of(tmp_path).path()), "the record has it in any case"


def test_from_a_pipe_a_doubt_is_on_standard_error(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    assert "unsure" not in talk("make nums", **UNSURE)
    assert capsys.readouterr().err == "unsure of this one: try smaller steps, or a larger model (--model 350M-mono)\n"


def test_ctrl_c_at_the_prompt_drops_the_line_only(tmp_path: Path) -> None:
    feed = "make nu\x03make nums\r\x04"
    with create_pipe_input() as keys, repl_on(tmp_path / "s.mtchat.jsonl", feed, keys) as (repl, _):
        repl.talk()
    assert [t.intent for t in session_of(tmp_path).path()] == ["make nums"]


def test_edit_offers_the_last_code(tmp_path: Path) -> None:
    feed = "make nums\r/edit\r + [9]\x1b\r/vars\r\x04"
    with create_pipe_input() as keys, repl_on(tmp_path / "s.mtchat.jsonl", feed, keys) as (repl, out):
        repl.talk()
    assert [t.code for t in session_of(tmp_path).path()] == ["nums = [3, 1, 2] + [9]"]
    assert "[3, 1, 2, 9]" in out.getvalue()


def test_undo_restores_variables_and_redo_brings_them_back(talk: Talk) -> None:
    out = talk("make nums", "sort", "/undo", "/vars", "/redo", "/vars", "/undo 2", "/vars", "/undo")
    assert "undone; you are after turn 1: make nums\nnums  list  3  [3, 1, 2]\n" in out
    assert "redone; you are after turn 2: sort\nnums  list  3  [3, 2, 1]\n" in out
    assert "nothing is defined yet" in out
    assert "cannot undo 1" in out


def test_show_context_and_raw(talk: Talk) -> None:
    out = talk("make nums", "sum", "/show 2", "/context", "/raw", "/show", "/show 9")
    assert "[2] sum\nprint(sum(nums))\n6\n" in out
    assert "# make nums\nnums = [3, 1, 2]\n\n# sum\nprint(sum(nums))\n\n" in out
    assert "there is no turn 9" in out
    assert "nothing was cut" in out
    out = talk("/undo 2", "make nums", "/raw")
    assert "nums = [3, 1, 2]\n\n#\n3 of 19 characters were cut" in out


def test_retry_and_sessions_and_save_and_load(talk: Talk, tmp_path: Path) -> None:
    copy = tmp_path / "sessions" / "copy.mtchat.jsonl"
    copy.parent.mkdir()
    out = talk("/save", "make nums", "/save", f"/save {copy}", "sort", "/sessions", "/load copy", "/vars", "/load none")
    assert "nothing to save yet" in out
    assert str(tmp_path / "s.mtchat.jsonl") in out
    assert "copy  1 turn  make nums" in out
    assert "loaded copy; you are after turn 1: make nums\nnums  list  3  [3, 1, 2]\n" in out
    assert "there is no session" in out
    assert len(session_of(tmp_path).path()) == 2
    out = talk("greet", "/retry", "/retry")
    assert out.index("hello\n") < out.index("hi\n")
    assert "no other code" in out


def test_reset_and_redo(talk: Talk) -> None:
    out = talk("make nums", "/reset", "/vars", "/redo", "/vars")
    assert "reset; you are at the start" in out
    assert out.rstrip().endswith("nums  list  3  [3, 1, 2]")


def test_model_and_set(talk: Talk, tmp_path: Path) -> None:
    out = talk("/model", "/set temperature 0.7", "/set temperature hot", "/set colour 1", "/set", "two")
    assert "scripted, revision unknown" in out
    assert "temperature = 0.7" in out
    assert "/set: temperature is 'hot', but it must be a number" in out
    assert "there is no setting 'colour'" in out
    sampling = session_of(tmp_path).path()[0].sampling
    assert sampling is not None
    assert sampling.temperature == 0.7


def test_a_model_that_does_not_load_is_told_and_another_one_helps(talk: Talk, tmp_path: Path) -> None:
    out = talk(
        "make nums", "/vars", "/model broken", "/model embedded", "make nums", "/model broken", "sum", model="broken"
    )
    assert out.count("the model 'broken' cannot be loaded: choose another") == 3
    assert "scripted writes the code from now on" in out
    assert out.rstrip().endswith("6"), "the model before stays in place"
    assert [t.intent for t in session_of(tmp_path).path()] == ["make nums", "sum"]


def test_stats_of_a_model_that_has_none(talk: Talk) -> None:
    assert "this model tells nothing about itself" in talk("/stats")


def test_help_names_every_command(talk: Talk) -> None:
    out = talk("/help")
    assert all(name in out for name in COMMANDS)
    needed = {"help", "undo", "redo", "retry", "edit", "vars", "show", "context", "raw", "save"}
    needed |= {"load", "sessions", "reset", "model", "set", "quit", "attach", "stats"}
    needed |= {"fix", "refactor", "py", "complete", "auto", "review", "sample"}
    needed |= {"goto", "branch", "branches", "tree", "diff", "explain", "hint", "about", "copy", "export"}
    assert set(COMMANDS) == {f"/{name}" for name in needed}


@pytest.mark.parametrize(("line", "says"), [("/nope", "no command"), ("/s", "ambiguous"), ("/undo x", "not a number")])
def test_a_bad_command_is_one_line_and_nothing_is_lost(talk: Talk, line: str, says: str) -> None:
    out = talk("make nums", line, "/vars", "/edit", "/quit", "sum")
    assert says in out
    assert "nums  list" in out
    assert "/edit needs a terminal" in out
    assert "6\n" not in out, "/quit leaves at once"


def test_the_program_s_own_error_and_a_timeout(talk: Talk) -> None:
    out = talk("make nums", "fail", "loop", "/vars", timeout=0.5)
    assert "ZeroDivisionError" in out
    assert "mtchat/" not in out.partition("ZeroDivisionError")[0], "no frames of ours"
    assert "ran longer than 0.5 s" in out
    assert "nums  list" in out


def test_resuming_shows_where_one_was(talk: Talk) -> None:
    talk("make nums", "sort", "/undo")
    out = talk("/vars")
    assert "resuming a session of 1 turn" in out
    assert "[1] make nums" in out
    assert "nums  list  3  [3, 1, 2]" in out


def test_a_state_that_cannot_be_rebuilt_keeps_nobody_out(talk: Talk, tmp_path: Path) -> None:
    talk("make nums", "sort")
    path = tmp_path / "s.mtchat.jsonl"
    path.write_text(path.read_text().replace('"nums.sort(reverse=True)","edited"', '"import subprocess","edited"'))
    out = talk("/undo", "/vars")
    assert "turn 2 cannot be rebuilt: its code now ends with denied; /undo goes back to before it" in out
    assert out.rstrip().endswith("nums  list  3  [3, 1, 2]")


def test_output_without_a_newline_keeps_what_follows_apart(talk: Talk) -> None:
    assert "no newline\n│ print(1)" in talk("open line", "two")


def test_a_value_is_shown_as_plain_text_and_its_html_is_kept(talk: Talk, tmp_path: Path) -> None:
    out = talk("show", "/show")
    assert "\nplain\n" in out
    assert "<b>bold</b>'" in out, "in the code"
    assert "<b>bold</b>\n" not in out
    (turn,) = session_of(tmp_path).path()
    assert turn.execution.display == ({"text/plain": "plain", "text/html": "<b>bold</b>"},)


def test_attaching_in_the_repl(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "my data.txt").write_text("3 1 2")
    out = talk("/attach", f"/attach '{tmp_path / 'my data.txt'}'", "read", "/attach", "/attach a b", "/attach nowhere")
    assert "nothing is attached yet" in out
    assert "attached: programs find it as 'my data.txt' (5 bytes)" in out
    assert "\n3 1 2\n" in out
    assert f"my data.txt  5 bytes, from the start, from {tmp_path / 'my data.txt'}\n" in out
    assert "/attach takes one file" in out
    assert "cannot attach nowhere: No such file" in out
    assert talk("/undo", "read").endswith("\n3 1 2\n")


def test_output_cannot_steer_the_terminal() -> None:
    assert printable("\x1b[31mred\x07\ttab\nline\r\x9b") == "^[[31mred^G\ttab\nline�"


def test_ctrl_d_in_edit_leaves_the_code_and_not_mtchat(tmp_path: Path) -> None:
    feed = "two\r/edit\r\x01\x0b\x04sum of it\r\x04"
    with create_pipe_input() as keys, repl_on(tmp_path / "s.mtchat.jsonl", feed, keys) as (repl, out):
        repl.talk()
    assert "left as it was" in out.getvalue()
    assert "the script has no completion for 'sum of it'" in out.getvalue(), "it goes on"
    assert [t.code for t in session_of(tmp_path).path()] == ["print(1)"]


def test_edited_code_is_kept_as_valid_text(tmp_path: Path) -> None:
    with repl_on(tmp_path / "s.mtchat.jsonl", "two\n/edit\n", None) as (repl, _):
        repl.reader.edit = lambda code: "x = '\udcff'"  # type: ignore[method-assign]
        repl.pipe()
    assert [t.code for t in session_of(tmp_path).path()] == ["x = '?'"]


def test_load_goes_to_that_sessions_sandbox(tmp_path: Path, talk: Talk) -> None:
    other = tmp_path / "sessions" / "other.mtchat.jsonl"
    with repl_on(other, "random\n", None, seed=5) as (repl, _):
        repl.pipe()
    out = talk("two", "/load other", "random", seed=7)
    assert "something else" not in out
    session = read(other)
    with Sandbox(seed=5) as sandbox:
        assert [found.same for found in replay(session, sandbox)] == [True, True]


def test_loading_the_session_one_is_in_says_so(tmp_path: Path, talk: Talk) -> None:
    assert "is the session you are in" in talk("two", f"/load {tmp_path / 's'}")


def test_load_says_what_a_crash_cut_off(tmp_path: Path, talk: Talk) -> None:
    other = tmp_path / "other.mtchat.jsonl"
    with repl_on(other, "two\n", None) as (repl, _):
        repl.pipe()
    with other.open("a") as file:
        file.write('{"record": "tu')
    assert "its last line was cut short" in talk(f"/load {other}")


def test_another_model_brings_its_own_tokenizer_and_revision(tmp_path: Path) -> None:
    given = {"tokenizer": "a/b", "revision": "main"}
    with repl_on(tmp_path / "s.mtchat.jsonl", "/model other\n", None, **given) as (repl, _):
        repl.pipe()
        settings = repl.engine.settings
    assert (settings.model, settings.tokenizer, settings.revision) == ("other", None, None)


def test_a_history_file_that_is_refused_later_costs_the_history_only(tmp_path: Path) -> None:
    history = history_in(tmp_path / "history")
    (tmp_path / "history").unlink()
    (tmp_path / "history").mkdir()
    history.append_string("make nums")
    assert history.get_strings() == ["make nums"]


def test_what_is_typed_is_kept_from_one_prompt_to_the_next(tmp_path: Path) -> None:
    held: list[bool] = []
    entries = iter(["two", "/vars"])

    class Held(LineReader):
        @contextmanager
        def busy(self) -> Iterator[None]:  # type: ignore[override]
            held.append(True)
            yield
            held.append(False)

        def read(self, number: int) -> str:
            if (entry := next(entries, None)) is None:
                raise EOFError
            return entry

    with repl_on(tmp_path / "s.mtchat.jsonl", "", None) as (repl, _):
        repl.reader = Held(io.StringIO())
        repl.talk()
    assert held == [True, False], "once around all, no gap between a turn and its prompt"
