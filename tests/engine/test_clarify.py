"""Grouping candidates by what they did, the question that tells them apart, and the check that an answer means."""

import msgspec
import pytest

from mtchat.engine import Grouping, Hooks, Proposal, Question, ask_about, dominated, failing, grouping, replay
from mtchat.engine.engine import Engine
from mtchat.engine.groups import leftovers
from mtchat.engine.inputs import calls, functions
from mtchat.engine.probing import Answer, answers, to_try
from mtchat.models.scripted import ScriptedModel
from mtchat.sandbox import Sandbox, Variable
from mtchat.session import Session
from tests.engine.test_engine import HEADER, engine, sandbox

__all__ = ["sandbox"]

SUM = "def total(nums):\n    return sum(nums)"
LOOP = "def total(nums):\n    t = 0\n    for n in nums:\n        t += n\n    return t"
HEAD = "def total(nums):\n    t = nums[0]\n    for n in nums[1:]:\n        t += n\n    return t"
SQUARE = "def total(nums):\n    return sum(n * n for n in nums)"


def proposed(sandbox: Sandbox, ways: list[str], intent: str = "do it", before: str = "") -> tuple[Engine, Proposal]:
    session = engine(sandbox, model=ScriptedModel([ways]), candidates=len(ways))
    if before:
        session.run_code(before, Hooks())
    return session, session.propose(intent, Hooks())


def found(
    sandbox: Sandbox, ways: list[str], intent: str = "do it", before: str = ""
) -> tuple[Grouping, Question | None]:
    session, proposal = proposed(sandbox, ways, intent, before)
    made = grouping(session, proposal)
    return made, ask_about(session, proposal, made)


def counts(made: Grouping) -> list[int]:
    return [group.count for group in made.groups]


def test_codes_that_leave_the_same_are_one_group_however_they_are_written(sandbox: Sandbox) -> None:
    ways = ["t = sum(nums)", "t = 0\nfor n in nums:\n    t += n", "t = nums[0]", "import math\nt = math.fsum(nums)"]
    made, _ = found(sandbox, ways, before="nums = [1, 2]")
    assert [list(group.members) for group in made.groups] == [[0, 1], [2], [3]]
    assert [v.name for v in made.groups[0].effects.added] == ["t"]


def test_groups_that_ran_well_come_first_then_the_larger(sandbox: Sandbox) -> None:
    made, _ = found(sandbox, ["1 / 0", "1 / 0", "1 / 0", "x = 1", "x = 2", "x = 2", "while True: pass"])
    assert [(g.execution.status, g.count) for g in made.groups][:3] == [("ok", 2), ("ok", 1), ("error", 3)]


def test_a_value_of_before_that_changed_tells_groups_apart(sandbox: Sandbox) -> None:
    made, _ = found(sandbox, ["nums.sort()", "sorted(nums)", "nums = sorted(nums)"], before="nums = [2, 1]")
    assert counts(made) == [2, 1]
    assert made.groups[0].effects.changed[0][1].repr == "[1, 2]"


def test_states_that_were_let_go_are_told_apart_by_what_was_seen(sandbox: Sandbox) -> None:
    session, proposal = proposed(sandbox, [SUM, HEAD, "print(1)"], "total of a list")
    for trial in proposal.trials:
        sandbox.release(trial.snapshot)
    assert counts(grouping(session, proposal)) == [2, 1]


def test_a_variable_whose_repr_fails_hides_the_others_only(sandbox: Sandbox) -> None:
    bad = "class E:\n    def __repr__(self): raise ValueError\ne = E()\nx = "
    assert sum(counts(found(sandbox, [bad + "1", bad + "2"])[0])) == 2


def test_only_what_loops_alone_bind_is_left_over() -> None:
    assert leftovers("for i, x in y:\n    t = x\n") == {"i", "x"}
    assert leftovers("i = 0\nfor i in y:\n    pass") == frozenset()
    assert leftovers("for (") == frozenset()


@pytest.mark.parametrize(
    ("sizes", "dominates"), [((5, 3), True), ((4, 4), False), ((3, 2, 2), False), ((1,), True), ((), True)]
)
def test_more_than_half_dominates(sizes: tuple[int, ...], dominates: bool, sandbox: Sandbox) -> None:
    ways = [f"x = {place}" for place, size in enumerate(sizes) for _ in range(size)]
    groups = found(sandbox, ways)[0].groups if ways else ()
    assert dominated(groups) is dominates


def test_functions_are_told_apart_by_what_they_give(sandbox: Sandbox) -> None:
    made, asked = found(sandbox, [SUM, LOOP, HEAD, HEAD], "write a function total of a list")
    assert counts(made) == [2, 2]
    assert asked is not None
    assert asked.text == "for nums = [] should total(nums) be 0 or an error?"
    assert [(o.text, o.count) for o in asked.options] == [("0", 2), ("an error (IndexError)", 2)]
    assert asked.options[0].check == "total([]) == 0"
    assert asked.options[1].says == "total([]) raises IndexError"


def test_one_function_under_several_names_is_the_same_question(sandbox: Sandbox) -> None:
    made, asked = found(sandbox, [SUM, HEAD.replace("total", "add_up")], "write a function that sums a list")
    assert counts(made) == [1, 1]
    assert asked is not None
    assert [o.says for o in asked.options] == ["total([]) == 0", "add_up([]) raises IndexError"]


def test_the_question_splits_best(sandbox: Sandbox) -> None:
    made, asked = found(sandbox, [SUM, HEAD, SQUARE, SQUARE], "total of a list")
    assert asked is not None
    assert counts(made) == [2, 1, 1]
    assert len(asked.options) == 2, "no input tells all three apart"
    assert {o.count for o in asked.options} == {2}


def test_more_than_two_answers_read_as_a_list(sandbox: Sandbox) -> None:
    _, asked = found(sandbox, [f"def f(n):\n    return n + {more}" for more in range(3)], "write f of a number")
    assert asked is not None
    assert asked.text == "for n = 0 should f(n) be 0, 1 or 2?"


def test_a_function_that_does_not_end_is_an_answer_too(sandbox: Sandbox) -> None:
    endless = "def f(n):\n    while n < 0: pass\n    return n"
    _, asked = found(sandbox, ["def f(n):\n    return n", endless], "write f of a number")
    assert asked is not None
    assert (asked.text, asked.options[1].text) == (
        "for n = -1 should f(n) be -1 or no answer in time?",
        "no answer in time",
    )


def test_a_function_that_prints_is_asked_about_in_other_words(sandbox: Sandbox) -> None:
    _, asked = found(sandbox, ["def f(n):\n    print(n)", "def f(n):\n    return n"], "write f")
    assert asked is not None
    assert asked.text.endswith("what should f(n) do?")
    assert {o.text for o in asked.options} == {"'0' printed", "0"}


def test_states_are_asked_about_at_once(sandbox: Sandbox) -> None:
    _, asked = found(sandbox, ["t = sum(nums)", "t = len(nums)"], before="nums = [3, 3]")
    assert asked is not None
    assert asked.text == "which of these did you mean?"
    assert [(o.text, o.check) for o in asked.options] == [("t = 6", "t == 6"), ("t = 2", "t == 2")]


def test_outputs_are_asked_about_at_once(sandbox: Sandbox) -> None:
    _, asked = found(sandbox, ["print(1)\nprint(2)", "print(3)"])
    assert asked is not None
    assert [o.text for o in asked.options] == ["prints 1 …", "prints 3"]


def test_what_differs_in_nothing_short_is_not_asked(sandbox: Sandbox) -> None:
    assert found(sandbox, ["print(1)\nprint(2)", "print(1)\nprint(3)"])[1] is None
    assert found(sandbox, ["x = 1", "x = 1"])[1] is None
    assert found(sandbox, [f"x = {n}" for n in range(6)])[1] is None, "too many: they are listed"
    assert found(sandbox, ["1 / 0", "raise ValueError"])[1] is None


def test_an_answer_that_hung_on_the_calls_before_is_not_asked_about(sandbox: Sandbox) -> None:
    counting = "seen = []\ndef f(n):\n    seen.append(n)\n    return len(seen) if len(seen) > 2 else n"
    _, asked = found(sandbox, ["seen = []\ndef f(n):\n    return n", counting], "write f of a number")
    assert asked is None or asked.call is None or str(asked.call) != "f(-1)"


def test_inputs_come_from_names_words_and_values() -> None:
    said = [str(c) for c in calls(SUM, "total", "total of [7, 8]", [Variable("xs", "list", "[4, 4]", "2")])]
    assert {"total([])", "total([7, 8])", "total([4, 4])"} <= set(said)
    assert [str(c) for c in calls("def f(s): return s.upper()", "f", "", [])][:2] == ["f('')", "f('a')"]
    assert str(calls("def f(q: list[str]): pass", "f", "", [])[1]) == "f(['a'])"
    assert str(calls("def f(a, b=1): pass", "f", "", [])[0]) == "f(0)"
    assert len(calls("def f(a, b, c): pass", "f", "", [])) == 40
    assert calls("def f(): pass", "f", "", []) == []
    assert calls("def f(a, *, b): pass", "f", "", []) == []


def test_only_functions_that_two_codes_define_are_tried() -> None:
    assert list(functions("f = lambda x: x\ndef g(): pass\nclass A: pass")) == ["f", "g"]
    assert to_try(["def f(n): pass\ndef h(): pass", "def g(n): pass"], "", [])[0] == []
    assert to_try(["def f(n): pass", "def g(n): pass"], "", [])[1] == ["f", "g"]
    assert functions("def (") == {}


def test_answers_leave_the_state_as_it_is(sandbox: Sandbox) -> None:
    code = "seen = []\ndef f(n):\n    seen.append(n)\n    print('hi')\n    return n / n"
    _, at = sandbox.run(code, sandbox.root)
    tried = calls(code, "f", "", [])[:2]
    assert answers(sandbox, at, tried) == (Answer("error", "ZeroDivisionError", "hi\n"), Answer("value", "1.0", "hi\n"))
    assert sandbox.run("seen", at)[0].value == "[]"
    assert Answer("value", "1.0").key == Answer("value", "1").key != Answer("value", "True").key


def test_checks_are_kept_and_evaluated(sandbox: Sandbox) -> None:
    session, proposal = proposed(sandbox, [SUM, HEAD], "total of a list")
    asked = ask_about(session, proposal, grouping(session, proposal))
    assert asked is not None
    kept = [(o.take, o.check) for o in asked.options if o.check]
    for take, check in kept:
        made = session.accept(proposal, take, checks=(check,))
        session.states.at(session.session, made.id)
        assert failing(sandbox, session.restore(), made.checks) == ()
        assert [c.same for c in replay(Session(HEADER, {made.id: made}, made.id), sandbox)] == [True]
        wrong = msgspec.structs.replace(made, checks=(kept[1 - take][1] or "", "1 +", "1 / 0", "total([1]) == 1"))
        (compared,) = replay(Session(HEADER, {made.id: wrong}, made.id), sandbox)
        assert not compared.same
        assert len(compared.failed) == 3
        assert compared.diff == ""
        assert compared.failed[2] == "1 / 0: ZeroDivisionError: division by zero"
