"""A turn run again statement by statement in the real sandbox: values before and after, rounds, where it stopped."""

import threading
from collections.abc import Callable, Iterator

import pytest

from mtchat.render import plain
from mtchat.sandbox import Sandbox
from mtchat.teach import Watch, explanation
from mtchat.turn import Turn

Explain = Callable[..., str]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def explain(sandbox: Sandbox) -> Explain:
    """The explanation of `code`, run after `before`."""

    def run(code: str, before: str = "pass", timeout: float = 5.0, inputs: tuple[str, ...] = ()) -> str:
        _, at = sandbox.run(before)
        known = sandbox.variables(at)
        execution, _ = sandbox.run(code, at, timeout=timeout, inputs=inputs)
        turn = Turn.of(parent=None, seq=1, intent="do it", code=code, execution=execution)
        text = plain(explanation(turn, 1, Watch(sandbox).turn(turn, at), 80))
        assert sandbox.variables(at) == known, "the state is as it was"
        return text

    return run


def test_values_before_and_after(explain: Explain) -> None:
    assert explain("nums.sort()\ntop = nums[-1]\ntop", "nums = [3, 1, 2]") == (
        "[1] do it\n"
        "  1 nums.sort()\n"
        "    Sorts nums in place, smallest first.\n"
        "    nums: [3, 1, 2] → [1, 2, 3]\n"
        "  2 top = nums[-1]\n"
        "    Sets top to the last item of nums.\n"
        "    with nums = [1, 2, 3]\n"
        "    top = 3\n"
        "  3 top\n"
        "    Shows top.\n"
        "    with top = 3\n"
        "    shows: 3\n"
    )


def test_a_loop_shows_its_first_rounds_and_how_many_there_were(explain: Explain) -> None:
    text = explain(
        "for n in range(5):\n    if n == 1:\n        continue\n    total += n\n    print(total)", "total = 10"
    )
    assert "    round 1: n = 0, prints 10\n    round 2: n = 1\n    round 3: n = 2, total = 12, prints 12\n" in text
    assert "    … 5 rounds in all\n    total: 10 → 19\n    n = 4\n    prints: 10 ⏎ 12 ⏎ 15 ⏎ 19\n" in text
    text = explain("n = 2\nwhile n:\n    n -= 1\nelse:\n    done = True")
    assert "round 1: n = 1\n    round 2: n = 0\n    2 rounds\n    n: 2 → 0\n    done = True\n" in text
    assert "mtchat" not in text
    assert "0 rounds" in explain("for n in []:\n    pass")


def test_which_way_a_test_went(explain: Explain) -> None:
    assert "If n is greater than 3:\n    with n = 5\n    it is so\n" in explain("if n > 3:\n    big = True", "n = 5")
    assert "    it is not so\n" in explain("if n > 3:\n    big = True", "n = 1")


def test_where_and_why_a_turn_stopped(explain: Explain) -> None:
    text = explain("a = 5\nfor n in [2, 1, 0]:\n    print(a / n)\nb = 1")
    assert "It stopped at line 3, in round 3 of the loop: something is divided by zero.\nWhat ran before" in text
    text = explain("x = 1\nwhile True:\n    x += 1", timeout=0.5)
    assert "round 3: x = 4\n" in text
    assert "It stopped at line 2: it ran longer than it may" in text
    assert "Nothing of it is kept" in text
    text = explain("def f(d):\n    return d['k']\nf({})")
    assert "It stopped at line 2: the dictionary has no key 'k'." in text
    text = explain("x = 1\nfor n in [1]:\ny = 2")
    assert "It stopped at line 3: 'for' statement of line 2 has nothing inside of it." in text
    assert "  3 y = 2\n" in text
    assert "the sandbox does not allow" in explain("import subprocess")


def test_decorators_classes_and_answers(explain: Explain) -> None:
    text = explain(
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\np = P(int(input('a ')))\nq = input()",
        inputs=("3", "four"),
    )
    assert "p = P(x=3)\n" in text
    assert "q = 'four'\n" in text
    assert "  2 @dataclass\n  3 class P:\n    Defines a class P, through dataclass:\n" in text


def test_what_is_set_inside_of_an_object_is_seen(explain: Explain) -> None:
    before = "class P:\n    def __init__(self, x): self.x = x"
    text = explain("p = P(3)\np.x += 1\np.y = 'new'\nprint(p.x)", before)
    assert "    Sets p to a new P from 3.\n    p = <__main__.P object>\n" in text
    assert "    Adds 1 to p.x.\n    p.x: 3 → 4\n" in text
    assert "    p.y = 'new'\n" in text
    assert "    Prints p.x.\n    prints: 4\n" in text


def test_names_that_a_program_took_are_no_hindrance(explain: Explain) -> None:
    assert "round 2: n = 2\n" in explain("for n in [1, 2]:\n    pass", "range = print = iter = len = None")


def test_what_is_long_or_deep_is_still_explained(explain: Explain, sandbox: Sandbox) -> None:
    text = explain("x = 0\nfor n in [1]:\n    x += " + " + ".join(["n"] * 400))
    assert "x: 0 → 400" in text
    code = "\n".join(f"x{n} = {n}" for n in range(100))
    text = explain(code)
    assert "\n 40 x39 = 39\n    Sets x39 to 39.\n    x39 = 39\n… 60 more statements: /explain 1 all\n" in text


def test_an_interrupt_stops_at_the_next_statement(sandbox: Sandbox) -> None:
    cancel = threading.Event()
    cancel.set()
    execution, _ = sandbox.run("a = 1\nb = 2")
    turn = Turn.of(parent=None, seq=1, intent="", code="a = 1\nb = 2", execution=execution)
    assert Watch(sandbox, cancel).turn(turn, sandbox.root) == []
