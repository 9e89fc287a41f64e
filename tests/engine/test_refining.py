"""Better code for turns that are there: what each hangs below, what is taken, what stays as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtchat.config import Settings
from mtchat.engine import Engine, Hooks, Memory, fix, follow, refactorings, regenerate
from mtchat.errors import CommandError
from mtchat.models.scripted import ScriptedModel
from mtchat.sandbox import Sandbox
from mtchat.session import Header, Session

SCRIPT = {
    "make nums": "nums = [3, 1, 2]",
    "sort": "nums.sort(reverse=True)",
    "sum": "print(sum(nums))",
    "fixed": "greeting = 'hello'",
    "first": "first = nums[0]\nprint(first)",
    "fail": "kept = 1\ntotal = totl(nums)",
    "fix: NameError: name 'totl' is not defined": ["total = totl(nums)", "pass", "pass", "total = sum(nums)"],
    "mistaken": ["total = nums.total()", "total = sum(nums)"],
    "fix: AttributeError: 'list' object has no attribute 'total'": "pass",
    "with a hint": "total = sum(nums)",
    "twice wrong": "1 / 0",
    "fix: ZeroDivisionError: division by zero": ["1 / 0", "2 / 0", "raise ValueError"],
    "loop": "while True:\n    pass",
    "fix: it ran too long": "for n in range(3):\n    pass",
    "add up": [
        "total = 0\nfor _ in nums:\n    total += _\ndel _\nprint(total)",
        "total = sum(nums)\nprint(total)",
        "print(6)",
        "total = 6\nprint(total)",
        "print(sum(nums))\ntotal = 7",
    ],
    "one way": ["print(6)", "print(7)"],
    "function": ["def f(n):\n    m = n + 1\n    return m", "def f(n): return n + 2", "def f(n): return n + 1"],
    "class": ["class C:\n    x: int = 1", "class C:\n    x = 1"],
    "loop over": ["total = 0\nfor n in nums:\n    total += n", "total = sum(nums)"],
    "ask": ["name = str(input('? '))\nprint(name)", "name = input('? ')\nprint(name)"],
    "greet": ["print('hello')", "print('hi')", "print('good day')"],
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def engine(sandbox: Sandbox, *intents: str, **settings: object) -> Engine:
    scripted = ScriptedModel(SCRIPT)
    made = Engine(Memory(Session(Header(created="now"))), sandbox, lambda: scripted, Settings(**settings))  # type: ignore[arg-type]
    for intent in intents:
        made.submit(intent, Hooks())
    return made


def value(engine: Engine, code: str) -> str | None:
    return engine.sandbox.run(code, engine.restore())[0].value


def test_a_fix_follows_the_error_and_binds_what_it_was_to_bind(sandbox: Sandbox) -> None:
    session = engine(sandbox, "make nums", "fail")
    shown: list[str] = []
    made = fix(session, Hooks(on_code=shown.append))
    path = session.session.path()
    assert [turn.execution.status for turn in path] == ["ok", "error", "ok"]
    assert made.intent == "fix: NameError: name 'totl' is not defined"
    assert made.code == shown[-1] == "total = sum(nums)", "not what most completions said, which binds nothing"
    assert "# fix: NameError: name 'totl' is not defined\n" in session.context("x", made.id, 10).text
    session.undo()
    assert session.session.head == path[1].id, "one step back is the error"
    assert value(session, "kept") == "1"


def test_a_fix_takes_a_hint(sandbox: Sandbox) -> None:
    session = engine(sandbox, "make nums", "fail")
    assert fix(session, Hooks(), "with a hint").intent.endswith("is not defined\nwith a hint")


def test_where_nothing_runs_nothing_is_kept(sandbox: Sandbox) -> None:
    session = engine(sandbox, "twice wrong")
    with pytest.raises(CommandError, match="no other code of the model runs"):
        fix(session, Hooks())
    assert len(session.session.turns) == 1


def test_what_does_not_look_like_a_fix_gives_way_to_the_intent_itself(sandbox: Sandbox) -> None:
    session = engine(sandbox, "make nums", "mistaken")
    made = fix(session, Hooks())
    assert (made.intent, made.code) == ("mistaken", "total = sum(nums)")
    assert [turn.execution.status for turn in session.session.path()] == ["ok", "error", "ok"]
    session = engine(sandbox, "make nums")
    session.run_code("total = nums.total()", Hooks())
    assert fix(session, Hooks()).code == "pass", "by hand there is no intent: what runs is taken"


def test_what_left_nothing_is_asked_for_again_with_the_reason(sandbox: Sandbox) -> None:
    session = engine(sandbox, "make nums", "loop", timeout=0.5)
    made = fix(session, Hooks())
    assert made.intent == "loop\nfix: it ran too long"
    assert [turn.intent for turn in session.session.path()] == ["make nums", made.intent]


def test_nothing_to_fix(sandbox: Sandbox) -> None:
    session = engine(sandbox, "make nums")
    with pytest.raises(CommandError, match="without an error"):
        fix(session, Hooks())
    session.submit("sum", Hooks(on_review=lambda code: None))
    with pytest.raises(CommandError, match="did not run"):
        fix(session, Hooks())
    session.run_code("import subprocess", Hooks())
    with pytest.raises(CommandError, match="/edit"):
        fix(session, Hooks())


def test_what_follows_an_edited_turn_runs_again_and_tells_what_changed(sandbox: Sandbox) -> None:
    session = engine(sandbox, "make nums", "sort", "fixed", "sum", "first")
    path = session.session.path()
    changed = session.again(path[0], Hooks(), parent=None, code="nums = [3, 3, 0]")
    found = list(follow(session, path[1:], changed, Hooks()))
    assert [again.number for again in found] == [2, 3, 4, 5]
    assert [again.same for again in found] == [False, True, True, True]
    assert found[0].values == (("nums", "[3, 2, 1]", "[3, 3, 0]"),)
    assert [turn.code for turn in session.session.path()] == ["nums = [3, 3, 0]", *(turn.code for turn in path[1:])]
    assert session.session.path()[0].edited
    assert not session.session.path()[1].edited
    assert session.session.path(path[-1].id) == path, "the old path stays"
    changed = session.again(path[0], Hooks(), parent=None, code="nums = [9]")
    found = list(follow(session, path[1:], changed, Hooks()))
    assert [again.same for again in found] == [False, True, False, False]
    assert "-stdout: 6\n" in found[2].diff
    assert "+stdout: 9\n" in found[2].diff
    assert found[3].values == (("first", "3", "9"),)


def test_what_cannot_follow_ends_the_new_path(sandbox: Sandbox) -> None:
    session = engine(sandbox, "make nums", "sum", timeout=1.0)
    session.run_code("while not nums:\n    pass", Hooks())
    session.submit("fixed", Hooks())
    path = session.session.path()
    changed = session.again(path[0], Hooks(), parent=None, code="nums = []")
    found = list(follow(session, path[1:], changed, Hooks()))
    assert [again.now.execution.status for again in found] == ["ok", "timeout"]
    assert [turn.intent for turn in session.session.path()] == ["make nums", "sum"]


def test_files_that_were_attached_between_are_there_again(sandbox: Sandbox, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    session = engine(sandbox, "make nums")
    session.attach(tmp_path / "a.txt")
    session.run_code("print(open('a.txt').read())", Hooks())
    session.attach(tmp_path / "b.txt")
    path = session.session.path()
    changed = session.again(path[0], Hooks(), parent=None, code="nums = []")
    (found,) = follow(session, path[1:], changed, Hooks())
    assert found.now.execution.stdout == "a.txt\n"
    assert value(session, "open('b.txt').read()") == "'b.txt'"


def test_simpler_code_that_does_the_same_is_found(sandbox: Sandbox) -> None:
    session = engine(sandbox, "make nums", "add up")
    last = session.session.path()[-1]
    found = refactorings(session, Hooks())
    assert session.session.path()[-1] == last, "nothing is recorded yet"
    assert [found.proposal.trials[n].code for n in found.simpler][:1] == ["total = 6\nprint(total)"]
    assert "total = sum(nums)\nprint(total)" in [found.proposal.trials[n].code for n in found.simpler]
    assert found.same == len(found.simpler) == 2, "neither what forgets the variable nor what gives it another value"
    assert not found.unseen
    made = session.accept(found.proposal, found.simpler[0])
    assert made.parent == last.parent
    assert value(session, "total") == "6"


def test_functions_are_compared_by_what_they_give(sandbox: Sandbox) -> None:
    session = engine(sandbox, "function")
    found = refactorings(session, Hooks())
    assert [found.proposal.trials[n].code for n in found.simpler] == ["def f(n): return n + 1"]
    assert found.tried > 2
    assert not found.unseen


def test_what_neither_a_look_nor_a_call_tells_is_named(sandbox: Sandbox) -> None:
    session = engine(sandbox, "class")
    found = refactorings(session, Hooks())
    assert found.unseen == ("C",)
    assert len(found.simpler) == 1


def test_what_a_loop_left_over_does_not_count(sandbox: Sandbox) -> None:
    session = engine(sandbox, "make nums", "loop over")
    assert len(refactorings(session, Hooks()).simpler) == 1


def test_answers_are_given_again_and_no_simpler_code_is_none(sandbox: Sandbox) -> None:
    session = engine(sandbox)
    session.submit("ask", Hooks(on_input=lambda prompt: "Ada"))
    found = refactorings(session, Hooks())
    assert [found.proposal.trials[n].code for n in found.simpler] == ["name = input('? ')\nprint(name)"]
    session.submit("one way", Hooks())
    found = refactorings(session, Hooks())
    assert (found.simpler, found.same) == ((), 0)
    session.run_code("x = 1", Hooks())
    with pytest.raises(CommandError, match="by hand"):
        refactorings(session, Hooks())
    session.submit("twice wrong", Hooks())
    with pytest.raises(CommandError, match="/fix"):
        refactorings(session, Hooks())


def test_rejected_codes_are_not_offered_again_and_a_replay_knows(sandbox: Sandbox) -> None:
    session = engine(sandbox)
    refused = frozenset({"print('hello')"})
    made = session.submit("greet", Hooks(rejected=refused))
    assert made.code == "print('hi')"
    assert made.sampling is not None
    assert (made.sampling.n, made.sampling.temperature) == (8, 0.8)
    fresh = engine(sandbox)
    assert [found.same for found in regenerate(session.session, fresh)] == [True]
    with pytest.raises(CommandError, match="no other code"):
        session.submit("greet", Hooks(rejected=frozenset(SCRIPT["greet"])))
