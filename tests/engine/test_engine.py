"""Turns end to end with the scripted model and the real sandbox: state, failures, undo, retry, eviction, recovery."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtchat.config import Settings
from mtchat.engine import Engine, Hooks, Memory, States, regenerate, replay
from mtchat.errors import CommandError
from mtchat.models.confidence import Calibration
from mtchat.models.scripted import ScriptedModel
from mtchat.sandbox import Limits, Sandbox
from mtchat.session import Header, Session, Store, read
from mtchat.turn import Doubt, Turn

HEADER = Header(created="2026-11-21T09:00:00+00:00")
SCRIPT = {
    "make nums": "nums = [3, 1, 2]\n\n# and a hallucinated intent\nprint('never')",
    "sort": "nums.sort(reverse=True)",
    "sum": "print(sum(nums))",
    "value": "nums",
    "fail": "kept = 1\n1 / 0",
    "loop": "nums.append(99)\nwhile True:\n    pass",
    "forbidden": "import subprocess",
    "nothing": "# only words",
    "two ways": ["print('a')", "print('a')  # same", "print('b')", "raise ValueError", "print('a')"],
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
    "*": "pass",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def engine(sandbox: Sandbox, journal: object = None, model: ScriptedModel | None = None, **settings: object) -> Engine:
    scripted = model or ScriptedModel(SCRIPT)
    return Engine(journal or Memory(Session(HEADER)), sandbox, lambda: scripted, Settings(**settings))  # type: ignore[arg-type]


def value(engine: Engine, code: str) -> str | None:
    """What `code` gives at the head, without a turn."""
    return engine.sandbox.run(code, engine.restore())[0].value


def test_intents_become_code_output_and_state(sandbox: Sandbox) -> None:
    session = engine(sandbox)
    made = [session.submit(intent, Hooks()) for intent in ("make nums", "sort", "sum", "value")]
    assert [t.code for t in made] == ["nums = [3, 1, 2]", "nums.sort(reverse=True)", "print(sum(nums))", "nums"]
    assert made[2].execution.stdout == "6\n"
    assert made[3].execution.value == "[3, 2, 1]"
    assert made[0].defined == ("nums",)
    assert made[0].completion is not None
    assert made[0].completion.text == "nums = [3, 1, 2]\n\n#", "uncut, up to where it was stopped"
    assert [t.parent for t in made] == [None, *(t.id for t in made[:-1])]


def test_hooks_hear_text_code_and_output(sandbox: Sandbox) -> None:
    text: list[str] = []
    codes: list[str] = []
    out: list[tuple[str, str]] = []
    session = engine(sandbox)
    session.submit("make nums", Hooks())
    session.submit("sum", Hooks(text.append, codes.append, lambda stream, t: out.append((stream, t))))
    assert "".join(text) == "print(sum(nums))"
    assert codes == ["print(sum(nums))"]
    assert "".join(t for stream, t in out if stream == "stdout") == "6\n"


def test_a_program_that_raises_keeps_what_ran_and_its_place(sandbox: Sandbox) -> None:
    session = engine(sandbox)
    failed = session.submit("fail", Hooks())
    assert failed.execution.status == "error"
    assert failed.execution.error is not None
    assert (failed.execution.error.type, failed.execution.error.line) == ("ZeroDivisionError", 2)
    assert session.session.head == failed.id
    assert value(session, "kept") == "1"
    assert "1 / 0" in session.context("next", session.session.head, 10).text


@pytest.mark.parametrize(("intent", "status"), [("loop", "timeout"), ("forbidden", "denied"), ("nothing", "ok")])
def test_other_failures_leave_state_and_conversation(sandbox: Sandbox, intent: str, status: str) -> None:
    session = engine(sandbox, timeout=0.5)
    session.submit("make nums", Hooks())
    head = session.session.head
    failed = session.submit(intent, Hooks())
    assert failed.execution.status == status
    if status == "ok":
        return
    assert (session.session.head, failed.parent) == (head, head)
    assert value(session, "nums") == "[3, 1, 2]"
    assert intent not in session.context("next", session.session.head, 10).text


def test_no_code_is_a_refusal(sandbox: Sandbox) -> None:
    session = engine(sandbox, model=ScriptedModel(["\n\n"]))
    made = session.submit("whatever", Hooks())
    assert (made.execution.status, session.session.head) == ("denied", None)
    assert made.execution.error is not None
    assert "no code" in made.execution.error.message


def test_undo_and_redo_restore_variables(sandbox: Sandbox) -> None:
    session = engine(sandbox)
    for intent in ("make nums", "sort"):
        session.submit(intent, Hooks())
    session.undo()
    assert value(session, "nums") == "[3, 1, 2]"
    session.redo()
    assert value(session, "nums") == "[3, 2, 1]"
    session.undo(2)
    assert value(session, "'nums' in globals() or 'nums' in dir()") == "False"
    with pytest.raises(CommandError, match="cannot undo"):
        session.undo()
    session.submit("make nums", Hooks())
    assert len(session.session.turns) == 3, "the undone branch is still there"


def test_candidates_run_at_one_state_and_the_largest_group_wins(sandbox: Sandbox) -> None:
    session = engine(sandbox, candidates=5, temperature=0.8)
    made = session.submit("two ways", Hooks())
    assert (made.code, made.execution.stdout) == ("print('a')", "a\n")
    assert [(c.code, c.count) for c in made.candidates] == [
        ("print('a')  # same", 1),
        ("print('b')", 1),
        ("raise ValueError", 1),
    ]
    assert made.sampling is not None
    assert made.sampling.n == 5


def test_retry_offers_other_code_beside_the_last_turn(sandbox: Sandbox) -> None:
    session = engine(sandbox)
    first = session.submit("two ways", Hooks())
    second = session.retry(Hooks())
    assert second.code != first.code
    assert (second.parent, second.intent) == (first.parent, first.intent)
    assert [t.id for t in session.session.path()] == [second.id]
    for _ in range(2):
        session.retry(Hooks())
    with pytest.raises(CommandError, match="no other code"):
        session.retry(Hooks())


def test_edit_runs_at_the_parents_state_beside_the_last_turn(sandbox: Sandbox) -> None:
    session = engine(sandbox, timeout=0.5)
    session.submit("make nums", Hooks())
    looping = session.submit("loop", Hooks())
    assert session.last_turn() == looping
    edited = session.edit("nums.append(99)", Hooks())
    assert edited.edited
    assert edited.completion == looping.completion
    assert value(session, "nums") == "[3, 1, 2, 99]"
    session.edit("nums.append(7)", Hooks())
    assert value(session, "nums") == "[3, 1, 2, 7]"


def test_code_by_hand(sandbox: Sandbox) -> None:
    session = engine(sandbox)
    made = session.run_code("x = 5", Hooks())
    assert (made.intent, made.completion, made.edited) == ("", None, True)
    assert session.context("print x", made.id, 10).text == "x = 5\n\n# print x\n"
    with pytest.raises(CommandError, match="by hand"):
        session.retry(Hooks())


def test_cancel_while_the_model_writes_leaves_all_as_it_was(sandbox: Sandbox) -> None:
    cancel = threading.Event()
    session = engine(sandbox, model=ScriptedModel(["x = 1\n" * 500], delay=0.001))
    made = session.submit("long", Hooks(on_text=lambda delta: cancel.set(), cancel=cancel))
    assert made.execution.status == "interrupted"
    assert made.completion is not None
    assert made.completion.finish == "cancelled"
    assert made.code.startswith("x")
    assert session.session.head is None
    assert value(session, "'x' in globals()") == "False"


def test_cancel_while_the_program_runs(sandbox: Sandbox) -> None:
    cancel = threading.Event()
    model = ScriptedModel(["y = 1\nprint('in', flush=True)\nwhile True:\n    pass"])
    session = engine(sandbox, model=model)
    made = session.submit("spin", Hooks(on_output=lambda stream, text: cancel.set(), cancel=cancel))
    assert made.execution.status == "interrupted"
    assert session.session.head is None


def test_a_full_context_evicts_whole_turns_and_says_which(sandbox: Sandbox) -> None:
    model = ScriptedModel({"*": "a_rather_long_name = [1, 2, 3, 4, 5, 6, 7, 8, 9]"}, context_length=200)
    session = engine(sandbox, model=model, max_new_tokens=40)
    made = [session.submit(f"step {n} of a longer programme", Hooks()) for n in range(8)]
    assert made[0].evicted == ()
    assert made[-1].evicted == tuple(t.id for t in made[: len(made[-1].evicted)]) != ()
    assert "they defined: a_rather_long_name)" in session.context("next", session.session.head, 40).text


def test_states_are_rebuilt_from_the_records(tmp_path: Path) -> None:
    path = tmp_path / "s.mtchat.jsonl"
    with Store.create(path, HEADER) as store, Sandbox() as sandbox:
        first = engine(sandbox, store)
        for intent in ("make nums", "fail", "sort"):
            first.submit(intent, Hooks())
    notices: list[str] = []
    with Store.open(path) as store, Sandbox() as sandbox:
        again = Engine(store, sandbox, lambda: ScriptedModel(SCRIPT), Settings(), notices.append)
        assert value(again, "(nums, kept)") == "([3, 2, 1], 1)"
        again.undo(2)
        assert value(again, "nums") == "[3, 1, 2]"
        for kept in list(again.states._kept.values()):
            if kept.snapshot is not sandbox.root:
                sandbox.release(kept.snapshot)
        again.redo()
        assert value(again, "(nums, kept)") == "([3, 1, 2], 1)"
    assert notices == []


def test_a_rebuild_can_be_stopped_and_the_head_stays(sandbox: Sandbox) -> None:
    memory = Memory(Session(HEADER))
    first = engine(sandbox, memory, ScriptedModel(["import time\ntime.sleep(0.3)", "x = 1"]))
    made = [first.submit("wait", Hooks()), first.submit("then", Hooks())]
    cancel = threading.Event()
    cancel.set()
    with Sandbox() as empty:
        again = engine(empty, memory)
        with pytest.raises(CommandError, match="stopped while turn 1 was run again"):
            again.undo(1, cancel)
        assert again.session.head == made[1].id
        again.undo(1)
        assert again.session.head == made[0].id


def test_a_rebuilt_turn_that_does_something_else_is_told(tmp_path: Path) -> None:
    notices: list[str] = []
    with Sandbox() as sandbox:
        memory = Memory(Session(HEADER))
        first = engine(sandbox, memory, ScriptedModel(["import time\nprint(time.time())"]))
        made = first.submit("time", Hooks())
    with Sandbox() as sandbox:
        Engine(memory, sandbox, lambda: ScriptedModel(SCRIPT), Settings(), notices.append).restore()
    assert len(notices) == 1
    assert "turn 1" in notices[0]
    assert made.execution.ok


def test_a_prefix_runs_before_the_first_turn(sandbox: Sandbox) -> None:
    memory = Memory(Session(Header(created="now", prefix="import math\n\n")))
    session = engine(sandbox, memory, ScriptedModel(["math.floor(2.5)"]))
    assert session.submit("floor", Hooks()).execution.value == "2"
    assert session.context("x", None, 1).text == "import math\n\n# x\n"


def recorded(sandbox: Sandbox, *intents: str) -> Session:
    session = engine(sandbox)
    for intent in intents:
        session.submit(intent, Hooks())
    return session.session


def test_replay_agrees_with_the_record(sandbox: Sandbox) -> None:
    session = recorded(sandbox, "make nums", "sort", "fail", "sum", "value")
    found = list(replay(session, sandbox))
    assert [c.number for c in found] == [1, 2, 3, 4, 5]
    assert all(c.same for c in found)


def test_replay_shows_what_differs(sandbox: Sandbox) -> None:
    import msgspec

    session = recorded(sandbox, "make nums", "sum")
    head = session.turns[session.head]  # type: ignore[index]
    for field, other in (("stdout", "7\n"), ("stdout", "6"), ("value", "6"), ("status", "error")):
        wrong = msgspec.structs.replace(head, execution=msgspec.structs.replace(head.execution, **{field: other}))
        found = list(replay(Session(HEADER, {**session.turns, head.id: wrong}, head.id), sandbox))
        assert [c.same for c in found] == [True, False], field
        assert field in found[1].diff


def test_regenerate_passes_over_what_a_retry_passed_over(sandbox: Sandbox) -> None:
    session = engine(sandbox)
    session.submit("two ways", Hooks())
    session.retry(Hooks())
    assert len(session.session.turns) == 2
    assert all(c.same for c in regenerate(session.session, engine(sandbox)))


def test_addresses_do_not_count(sandbox: Sandbox) -> None:
    session = engine(sandbox, model=ScriptedModel(["print(object()); object()"]))
    session.submit("object", Hooks())
    with Sandbox(seed=1) as other:
        assert all(c.same for c in replay(session.session, other))


def test_regenerate_asks_the_model_and_compares_code(sandbox: Sandbox) -> None:
    session = recorded(sandbox, "make nums", "sum")
    assert all(c.same for c in regenerate(session, engine(sandbox)))
    other = engine(sandbox, model=ScriptedModel({"make nums": "nums = [4]", "*": "print(sum(nums))"}))
    found = list(regenerate(session, other))
    assert [c.same for c in found] == [False, False]
    assert "-stdout: 6" in found[1].diff
    assert "+stdout: 4" in found[1].diff


def doubting(sandbox: Sandbox, logprob: float) -> Engine:
    """An engine whose model finds each token so likely, and is doubted below -1 a token."""
    calibration = Calibration(
        measure="mean", threshold=-1.0, right_below=0.2, right_above=0.9, n=1, recall=0.5, precision=0.8, auc=0.9,
        weights=None, command="", date="",
    )  # fmt: skip
    return engine(sandbox, model=ScriptedModel(SCRIPT, logprob=logprob, calibration=calibration))


def test_code_that_the_model_is_unsure_of_is_doubted(sandbox: Sandbox) -> None:
    made = [doubting(sandbox, logprob).submit("make nums", Hooks()) for logprob in (-1.5, -0.5)]
    assert [turn.doubt for turn in made] == [Doubt("mean", -1.5, -1.0), None]
    assert made[0].id == made[1].id, "a doubt changes nothing about the turn"
    assert engine(sandbox).submit("make nums", Hooks()).doubt is None, "no calibration, no doubt"


def test_what_a_person_wrote_or_changed_is_not_doubted(sandbox: Sandbox) -> None:
    session = doubting(sandbox, -1.5)
    assert session.submit("make nums", Hooks(on_review=lambda code: "nums = [1]")).doubt is None
    assert session.submit("sum", Hooks()).doubt is not None
    assert session.edit("print(0)", Hooks()).doubt is None
    assert session.run_code("x = 1", Hooks()).doubt is None


def test_figures_are_part_of_the_turn(sandbox: Sandbox) -> None:
    pytest.importorskip("matplotlib")
    made: Turn = engine(sandbox).submit("figure", Hooks())
    assert made.execution.ok, made.execution
    assert [f.mime for f in made.execution.figures] == ["image/png"]
    assert made.execution.figures[0].data is not None


def test_the_file_holds_every_turn_when_it_is_shown_as_done(tmp_path: Path, sandbox: Sandbox) -> None:
    path = tmp_path / "s.mtchat.jsonl"
    with Store.planned(path, HEADER) as store:
        session = engine(sandbox, store)
        for n, intent in enumerate(("make nums", "sort"), 1):
            session.submit(intent, Hooks())
            assert len(read(path).path()) == n
    assert read(path).header.model is not None
    assert read(path).header.model.name == "scripted"  # type: ignore[union-attr]


def test_what_took_long_under_another_limit_is_rebuilt_and_replayed() -> None:
    with Sandbox(limits=Limits(timeout=0.5)) as short:
        slow = engine(short, model=ScriptedModel(["import time\ntime.sleep(0.8)\nx = 1"]), timeout=5)
        assert slow.submit("wait", Hooks()).execution.ok
        slow.states = States(short)
        assert value(slow, "x") == "1"
        assert [found.same for found in replay(slow.session, short)] == [True]
