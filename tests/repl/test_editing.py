"""Editing at the prompt, in one process: keys, history, completion, suggestions, the pager's rows, the picker."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.key_binding.bindings.open_in_editor import load_open_in_editor_bindings
from prompt_toolkit.key_binding.defaults import load_key_bindings
from prompt_toolkit.keys import ALL_KEYS
from prompt_toolkit.output import DummyOutput

from mtchat.cli.common import engine_on, memory
from mtchat.config import NAMES, Settings
from mtchat.engine import Engine, Hooks
from mtchat.models.scripted import ScriptedModel
from mtchat.repl import codekeys, keys, pager
from mtchat.repl.clipboard import sequence
from mtchat.repl.completer import EntryCompleter
from mtchat.repl.history import history
from mtchat.repl.loading import Loading
from mtchat.repl.picker import Picker
from mtchat.repl.reader import PromptReader
from mtchat.repl.screen import style
from mtchat.repl.suggest import Suggester, first_line

Read = Callable[..., list[str]]


@pytest.fixture
def read() -> Iterator[Read]:
    """What the prompt gives for keys: as many entries as there are, until Ctrl-D."""
    with create_pipe_input() as typed:

        def entries(feed: str, **given: object) -> list[str]:
            typed.send_text(feed)
            reader = PromptReader(style(), input=typed, output=DummyOutput(), **given)  # type: ignore[arg-type]
            found = []
            while True:
                try:
                    found.append(reader.read(1))
                except EOFError:
                    return found

        yield entries


@pytest.mark.parametrize(
    ("typed", "entries"),
    [
        ("sort nums:\r", ["sort nums:"]),
        ("sum (of\r", ["sum (of"]),
        (">>> f(1,\r2)\r", [">>> f(1,\n... 2)"]),
        (">>> for x in y:\rprint(x)\r\r", [">>> for x in y:\n...     print(x)\n...     "]),
        (">>> x = '''a\rb'''\r", [">>> x = '''a\n... b'''"]),
        (">>> 1 +\r", [">>> 1 +"]),
        (">>> x = 1\r", [">>> x = 1"]),
        ("one\ntwo\r", ["one\ntwo"]),
        ("\x1b[200~a = [1,\r\n\t2]\r\n\x1b[201~\r", ["a = [1,\n\t2]\n"]),
        ("ab\x01c\x0b\x19\r", ["cab"]),
    ],
)
def test_enter_sends_words_and_goes_on_in_code(read: Read, typed: str, entries: list[str]) -> None:
    assert read(typed + "\x04") == entries


def test_up_goes_by_what_is_typed_and_ctrl_r_searches(read: Read, tmp_path: Path) -> None:
    kept = history(tmp_path / "history")
    for entry in ("make nums", "sort nums", "make words\nof them", "sum"):
        kept.append_string(entry)
    assert read("sort\x1b[A\r\x04", history=tmp_path / "history") == ["sort nums"]
    assert read("\x12make nu\r\r\x04", history=tmp_path / "history") == ["make nums"]
    assert read("\x1b[A\x1b[A\r\x04", history=tmp_path / "history")[0] in ("sort nums", "make nums"), "the next session"


def test_a_long_history_is_read_from_its_end(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text("".join(f"\n# now\n+entry {n}\n+{'x' * 100}\n" for n in range(20_000)))
    found = list(history(path).load_history_strings())
    assert found[0] == "entry 19999\n" + "x" * 100
    assert 5000 < len(found) < 20_000
    assert all(entry.startswith("entry ") for entry in found)


def test_vi_keys(read: Read) -> None:
    given = {"settings": lambda: Settings(keys="vi")}
    assert read("abc\x1bxAd\r\x04", **given) == ["abd"]


def test_the_key_map_tells_what_is_bound() -> None:
    bound = [*load_key_bindings().bindings, *load_open_in_editor_bindings().bindings]
    bound += codekeys.more_keys(lambda begun, stop: "", marked=True).bindings
    theirs = {tuple(str(getattr(key, "value", key)) for key in b.keys) for b in bound}
    theirs |= {("c-d",), ("c-c",), ("c-z",), ("tab",)}  # bound by PromptSession itself
    alias = {"tab": "c-i", "enter": "c-m", "c-space": "c-@"}
    for key in keys.KEYS:
        for way in key.ways:
            assert all(part in ALL_KEYS or len(part) == 1 or part in alias for part in way), way
            assert key.do is not None or {way, tuple(alias.get(part, part) for part in way)} & theirs, way
    told = "".join(text for _, text in keys.told("vi"))
    assert "Alt+Enter" not in told
    assert "after Esc" in told
    assert "Alt+Enter" in "".join(text for _, text in keys.told("emacs"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    settings = Settings(data_dir=tmp_path)
    script = {
        "go": "nums = [3, 1]\nclass Word:\n    def shout(self):\n        'Say it loud.'\nword = Word()",
        "*": "x = 1",
    }
    with engine_on(memory(settings), settings, lambda: ScriptedModel(script)) as made:
        yield made


def offered(engine: Engine, text: str) -> dict[str, str]:
    completer = EntryCompleter(lambda: engine)
    found = completer.get_completions(Document(text), CompleteEvent(completion_requested=True))
    return {each.text: each.display_meta_text for each in found}


def test_commands_come_with_what_they_do(engine: Engine) -> None:
    assert offered(engine, "/un")["/undo"].startswith("take back")
    assert "undo" in offered(engine, "/help u")


def test_arguments_are_files_sessions_settings_and_values(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my data.csv").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / "demo.mtchat.jsonl").write_text("x")
    assert offered(engine, "/attach m") == {'"my data.csv"': ""}
    assert offered(engine, '/attach "my d') == {'"my data.csv"': ""}
    assert offered(engine, "/attach f") == {"folder/": "folder"}
    assert offered(engine, "/attach nowhere/") == {}
    assert list(offered(engine, "/load d")) == ["demo"]
    assert set(offered(engine, "/set ")) == set(NAMES)
    assert "fixed" in offered(engine, "/set mem")["memory"]
    assert offered(engine, "/set keys ") == {"emacs": "as it is", "vi": ""}
    assert list(offered(engine, "/set mouse o")) == ["on", "off"]
    assert "350M-mono" in offered(engine, "/model 350")


def test_variables_and_what_they_have(engine: Engine) -> None:
    engine.submit("go", Hooks())
    assert offered(engine, "sort nu") == {"nums": "list 2"}
    assert offered(engine, ">>> nums.app")["append"].startswith("method Append object")
    assert offered(engine, ">>> print(word.sh") == {"shout": "function Say it loud."}
    assert offered(engine, ">>> nothing.") == {}
    assert offered(engine, ">>> nums.append.__") == {}


def test_a_look_that_takes_long_is_given_up(engine: Engine) -> None:
    engine.run_code("class Slow:\n    def __dir__(self):\n        while True: pass\nslow = Slow()", Hooks())
    start = time.monotonic()
    assert offered(engine, ">>> slow.") == {}
    assert time.monotonic() - start < 5
    assert "slow" in offered(engine, ">>> slo")


def asked(engine: Engine, typed: PipeInput, text: str, pause: float) -> tuple[str, str]:
    """What the model suggests for `text` after a pause, and the entry that comes of it with the right arrow."""
    loading = Loading(engine.model)
    loading()
    suggester = Suggester(lambda: engine, lambda: loading)
    reader = PromptReader(style(), suggester=suggester, input=typed, output=DummyOutput())
    shown: list[str] = []
    buffer = reader._session.default_buffer
    buffer.on_suggestion_set += lambda _: shown.append(buffer.suggestion.text if buffer.suggestion else "")

    def press() -> None:
        time.sleep(pause)
        typed.send_text("\x1b[C\r")

    threading.Thread(target=press, daemon=True).start()
    typed.send_text(text)
    return shown[-1] if (entry := reader.read(1)) and shown else "", entry


@pytest.mark.parametrize(
    ("suggest", "pause", "entry"),
    [("model", 4.0, "make nums from it"), ("model", 0.1, "make nums"), ("history", 2.0, "make nums")],
)
def test_the_model_suggests_once_nobody_types(engine: Engine, suggest: str, pause: float, entry: str) -> None:
    engine.model = lambda: ScriptedModel({"make nums": " from it\nnums = 1", "*": "?"})
    engine.settings = Settings(suggest=suggest, data_dir=engine.settings.data_dir)
    with create_pipe_input() as typed:
        assert asked(engine, typed, "make nums", pause)[1] == entry


def test_a_suggestion_ends_with_its_line() -> None:
    assert first_line(" of the list\nnums = []") == " of the list"
    assert first_line(" now<|endoftext|># x") == " now"


def test_the_picker_filters_and_stays_in_its_window() -> None:
    picker = Picker("open", [(f"s{n}", f"{n} turns \x1b[31m") for n in range(50)])
    picker.move(200)
    assert picker.chosen == 49
    lines = "".join(text for _, text in picker.shown(30, 5)).splitlines()
    assert len(lines) == 5
    assert lines[-1].startswith("› s49")
    assert all(len(line) < 30 for line in lines)
    picker.type("s4 turns")
    assert [picker.rows[n][0] for n in picker.matching][:2] == ["s4", "s40"]
    picker.type("none such")
    assert picker.chosen is None
    assert "nothing matches" in "".join(text for _, text in picker.shown(30, 5))


def test_rows_are_counted_as_the_terminal_breaks_them() -> None:
    assert pager.rows("a\nbb\n\n", 80) == 3
    assert pager.rows("x" * 81, 80) == 2
    assert pager.rows("界" * 41, 80) == 2


def test_osc_52_holds_the_text() -> None:
    assert sequence(b"hi", False) == "\x1b]52;c;aGk=\a"
    assert sequence(b"hi", True) == "\x1bPtmux;\x1b\x1b]52;c;aGk=\a\x1b\\"


def test_editing_modes_can_change_between_prompts() -> None:
    modes = iter(["emacs", "vi"])
    with create_pipe_input() as typed:
        typed.send_text("a\ra\x1bxib\r")
        reader = PromptReader(style(), settings=lambda: Settings(keys=now), input=typed, output=DummyOutput())
        now = next(modes)
        assert reader.read(1) == "a"
        now = next(modes)
        assert reader.read(1) == "b"
    assert reader._mode is EditingMode.VI
