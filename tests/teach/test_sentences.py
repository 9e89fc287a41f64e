"""Code in plain English: what is said of each kind of statement, and that no program is too odd to be read."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mtchat
from mtchat.render import plain
from mtchat.teach import explanation, steps
from mtchat.teach.mishaps import plain as plainly
from mtchat.teach.mishaps import why
from mtchat.teach.sentences import folded
from mtchat.turn import STATUSES, Execution, ProgramError, Turn

SAID = {
    "x = 5": "Sets x to 5.",
    "name = 'Ann'": "Sets name to the text 'Ann'.",
    "a, b = b, a": "Sets a to b and b to a, all at once.",
    "first, *rest = nums": "Takes nums apart into first and *rest.",
    "total += sum(nums)": "Adds the sum of nums to total.",
    "d['fig'] = 7": "Puts 7 into d at 'fig'.",
    "nums[0] = 3": "Puts 3 into nums at place 0.",
    "nums[1:3] = []": "Puts an empty list in place of nums from place 1 up to, but not including, 3.",
    "self.x = 1": "Sets x of self to 1.",
    "import numpy as np, math": "Loads numpy (called np) and math.",
    "from math import pi": "Takes pi from math.",
    "last = nums[-1]": "Sets last to the last item of nums.",
    "top = nums[:3]": "Sets top to the first 3 of nums.",
    "back = text[::-1]": "Sets back to text in reverse order.",
    "text[2:5]": "Shows text from place 2 up to, but not including, 5.",
    "s = f'{name}, {x:.2f}'": "Sets s to a text with name and x put in.",
    "nums.sort(reverse=True)": "Sorts nums in place, largest first.",
    "words.sort(key=len)": "Sorts words in place, by their length, smallest first.",
    "w = sorted(d, key=lambda k: d[k])": "Sets w to the items of d sorted, by d[k] for each k, smallest first.",
    "long = max(words, key=len)": "Sets long to the largest of words, by their length.",
    "avg = sum(nums) / len(nums)": "Sets avg to the sum of nums divided by the length of nums.",
    "even = [n for n in nums if n % 2 == 0]": (
        "Sets even to a list of n for each n of nums, only where n is even."
    ),
    "c = a % b == 0": "Sets c to whether a can be divided by b without a rest.",
    "sq = {n: n * n for n in nums}": "Sets sq to a dictionary from n to n * n for each n of nums.",
    "any(n > 3 for n in nums)": "Shows whether n is greater than 3 for any n of nums.",
    "nums.append(4)": "Adds 4 to the end of nums.",
    "print(total)": "Prints total.",
    "print()": "Prints an empty line.",
    "del x": "Removes x.",
    "assert x == 1": "Makes sure that x equals 1, and stops otherwise.",
    "r = x if x > 0 else -x": "Sets r to x if x is greater than 0, else -x.",
    "f = lambda a, b: a + b": "Sets f to a small function that takes a and b and gives back a + b.",
    "is_prime(97)": "Calls is_prime with 97.",
    "nums": "Shows nums.",
}  # fmt: skip


@pytest.mark.parametrize("code", SAID)
def test_one_statement_is_one_sentence(code: str) -> None:
    (step,) = steps(code)
    assert step.says == SAID[code]


BLOCKS = '''\
def area(width, height=2):
    """Of a box."""
    if width < 0:
        raise ValueError("negative")
    elif not height:
        return 0
    else:
        return width * height
while True:
    break
for k, v in d.items():
    print(k)
class Dog(Animal):
    pass
with open("a.txt") as f:
    t = f.read()
try:
    v = int("x")
except (ValueError, TypeError) as e:
    raise
finally:
    v = 0
match x:
    case [a, b] if a > b:
        pass
    case _:
        pass
'''


def test_what_is_inside_of_a_statement_stands_one_step_deeper() -> None:
    assert [f"{step.line} {'  ' * step.depth}{step.says}" for step in steps(BLOCKS)] == [
        "1 Defines a function area that takes width and height (2 unless given):",
        "2   A text that says what this is for.",
        "3   If width is less than 0:",
        "4     Stops with the error ValueError('negative').",
        "5   Otherwise, if height is empty, zero or false:",
        "6     Gives back 0.",
        "7   Otherwise:",
        "8     Gives back width * height.",
        "9 Again and again, until a break:",
        "10   Leaves the loop.",
        "11 For each k, v of the keys and values of d:",
        "12   Prints k.",
        "13 Defines a class Dog, a kind of Animal:",
        "14   Does nothing.",
        "15 Opens the file 'a.txt' as f, for what comes now:",
        "16   Sets t to all that f holds.",
        "17 Tries this:",
        "18   Sets v to 'x' as a whole number.",
        "19 If a ValueError or TypeError comes up there, called e:",
        "20   Passes the error on.",
        "21 In any case, at the end:",
        "22   Sets v to 0.",
        "23 Compares x with these forms, one after the other:",
        "24 If it looks like [a, b] and a is greater than b:",
        "25   Does nothing.",
        "26 Otherwise:",
        "27   Does nothing.",
    ]


def test_long_code_is_folded_from_the_inside() -> None:
    code = "".join(f"def f{n}(x):\n    if x:\n        return 1\n    return 2\n" for n in range(15))
    shown, left = folded(steps(code))
    assert len(shown) == 15
    assert (left, shown[0].folded) == (0, 3)
    shown, left = folded(steps("x = 1\n" * 100))
    assert (len(shown), left) == (40, 60)


def test_real_code_is_read_whole() -> None:
    files = sorted(Path(mtchat.__file__).parent.glob("teach/*.py"))
    for file in files:
        code = file.read_text()
        lines = {node.lineno for node in ast.walk(ast.parse(code)) if isinstance(node, ast.stmt)}
        assert lines <= {line for step in steps(code) for line in range(step.line, step.end + 1)}


names = st.sampled_from(["x", "nums", "d", "words"])
atoms = st.one_of(
    names, st.integers(-9, 99).map(str), st.sampled_from(["'{0}'", "''", "None", "...", "b'a'", "1j", "[]", "{}", "()"])
)


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two, three = st.tuples(inner, inner), st.tuples(inner, inner, inner)
    return st.one_of(
        two.map("({0[0]} + {0[1]})".format),
        two.map("({0[0]} % 2 == {0[1]})".format),
        two.map("({0[0]})[{0[1]}]".format),
        three.map("({0[0]})[{0[1]}:{0[2]}]".format),
        two.map("[{0[0]} for n, (m, *o) in {0[1]} if n]".format),
        two.map("sorted({0[0]}, key={0[1]}, reverse=True)".format),
        two.map("max({0[0]}, *{0[1]})".format),
        two.map("({0[0]}).replace({0[1]})".format),
        two.map("({0[0]} if {0[1]} else 1)".format),
        two.map("{{{0[0]}: {0[1]}, **d}}".format),
        inner.map("(lambda *a, b=1: {0})".format),
        inner.map("(not ({0}))".format),
        two.map("f({0[0]}, k={0[1]}, *a, **k)".format),
        inner.map("({0}).pop({0})".format),
        two.map("({0[0]} and {0[1]} is not None)".format),
        inner.map("any(q for q in ({0}))".format),
    )


expressions = st.recursive(atoms, _wider, max_leaves=8)


def _statement(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    block = inner.map(lambda text: "".join(f"    {line}\n" for line in text.splitlines()))
    both = st.tuples(expressions, block, block)
    return st.one_of(
        both.map("if {0[0]}:\n{0[1]}else:\n{0[2]}".format),
        both.map("for x, nums[0] in {0[0]}:\n{0[1]}else:\n{0[2]}".format),
        both.map("while {0[0]}:\n{0[1]}".format),
        both.map("try:\n{0[1]}except (A, B) as e:\n{0[2]}finally: pass\n".format),
        both.map("@{0[0]}\ndef f(a, /, b=1, *c, d, **e):\n{0[1]}".format),
        both.map("class C(A, m=B):\n{0[1]}{0[2]}".format),
        both.map("with ({0[0]}) as x, d:\n{0[1]}".format),
        both.map("match {0[0]}:\n    case {{'a': [1, *b]}} if b: pass\n".format),
        st.tuples(inner, inner).map(lambda two: two[0].rstrip("\n") + "\n" + two[1]),
    )


simple = st.one_of(
    expressions.map("{0}\n".format),
    st.tuples(names, expressions).map("{0[0]} = {0[1]}\n".format),
    st.tuples(names, expressions).map("{0[0]} //= {0[1]}\n".format),
    expressions.map("a, *b = {0}\n".format),
    expressions.map("print({0})\n".format),
    expressions.map("nums.insert({0})\n".format),
    expressions.map("x: int = {0}\n".format),
    st.sampled_from(
        ["pass\n", "import a.b as c\n", "from . import *\n", "del x, d[1]\n", "raise\n", "x = y = 1; z = 2\n"]
    ),
    expressions.map("assert {0}, 'no'\n".format),
    expressions.map("d[1:2], x.y = {0}\n".format),
)
programs = st.recursive(simple, _statement, max_leaves=10)


def turn_of(code: str, execution: Execution) -> Turn:
    return Turn.of(parent=None, seq=1, intent="do it", code=code, execution=execution)


@given(programs, st.sampled_from([20, 40, 80]))
@settings(max_examples=50, deadline=None)
def test_no_program_is_too_odd(code: str, width: int) -> None:
    ast.parse(code)
    made = steps(code)
    assert made
    assert all(step.says and 1 <= step.line <= step.end <= len(code.splitlines()) for step in made)
    assert [step.line for step in made] == sorted(step.line for step in made)
    assert all("\n" not in step.says for step in made)
    text = plain(explanation(turn_of(code, Execution("ok")), 1, [], width))
    assert text.startswith("[1] do it\n")
    assert text == plain(explanation(turn_of(code, Execution("ok")), 1, [], width)), "the same each time"


@given(st.text(max_size=80), st.sampled_from(STATUSES), st.text(max_size=20), st.text(max_size=40), st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_no_text_and_no_error_is_too_odd(code: str, status: str, kind: str, message: str, line: int) -> None:
    error = None if status == "ok" else ProgramError(kind, message, line, "")
    explanation(turn_of(code, Execution(status, error=error)), 1, [], 40)  # type: ignore[arg-type]


WHY = {
    ("NameError", "name 'totl' is not defined"): "nothing is called totl here: is total meant?",
    ("NameError", "name 'q' is not defined"): "nothing is called q here: it was not made yet, or it is spelt otherwise",
    ("ZeroDivisionError", "division by zero"): "something is divided by zero",
    ("KeyError", "'fig'"): "the dictionary has no key 'fig'",
    ("IndexError", "list index out of range"): (
        "there is no item at that place: the list is shorter than that. Places count from 0"
    ),
    ("TypeError", 'can only concatenate str (not "int") to str'): (
        "a str can only be joined with another str, not with int: convert that one first"
    ),
    ("ValueError", "invalid literal for int() with base 10: 'x'"): (
        "'x' is not a whole number, so int cannot make one of it"
    ),
    ("AttributeError", "'list' object has no attribute 'push'"): "list has nothing called push",
    ("IndentationError", "expected an indented block after 'for' statement on line 2"): (
        "'for' statement of line 2 has nothing inside of it"
    ),
    ("MyError", "odd"): "MyError: odd",
    ("MyError", ""): "MyError",
}


@pytest.mark.parametrize("error", WHY)
def test_common_errors_have_plain_words(error: tuple[str, str]) -> None:
    assert plainly(ProgramError(*error, 1, ""), ["total", "nums"]) == WHY[error]


@pytest.mark.parametrize("status", [status for status in STATUSES if status not in ("ok", "error")])
def test_every_way_to_end_has_plain_words(status: str) -> None:
    assert why(Execution(status)).startswith("it ") or status == "denied"  # type: ignore[arg-type]
    assert why(Execution("ok")) == ""
