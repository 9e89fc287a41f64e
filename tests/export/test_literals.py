"""Lifting: which literals become parameters, and that the templates always give the intents back."""

import ast
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat.export.literals import keys_of, letters, lift, replaced

LITERALS = st.recursive(
    st.one_of(st.integers(), st.floats(), st.text(max_size=6), st.booleans(), st.none(), st.binary(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.text(max_size=3), inner, max_size=2),
    ),
    max_leaves=6,
)
BITS = ["{", "}", '"', "'", "[", "]", "(", ")", "-", "1", "0.5", ",", " ", "\\", "“", "”"]


@st.composite
def turn(draw: st.DrawFn) -> tuple[str, str]:
    """An intent of words and literals in any order, and code that has those literals."""
    words = st.one_of(st.sampled_from(BITS), st.text(max_size=8)).map(lambda text: (text, ""))
    bare = LITERALS.map(lambda value: (repr(value), repr(value)))
    quoted = st.text(max_size=8).map(lambda text: (f'"{text}"', repr(text)))
    parts = draw(st.lists(st.one_of(words, bare, quoted), max_size=6))
    return "".join(text for text, _ in parts), "\n".join(["0.5, 1, -1, '[', ' '", *(code for _, code in parts)])


@given(st.lists(turn(), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_the_templates_give_the_intents_back(turns: list[tuple[str, str]]) -> None:
    """Through JSON, as another program would read them."""
    lifted = lift(turns)
    inputs = json.loads(json.dumps(lifted.inputs))
    assert [prompt.format(**inputs) for prompt in lifted.prompts] == [intent for intent, _ in turns]


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.lists(st.text(max_size=6))))
@settings(max_examples=60, deadline=None)
def test_any_number_or_list_of_a_sentence_is_lifted_where_code_has_it(value: object) -> None:
    assert lift([(f"Assign {value!r} to x.", f"x = {value!r}")]).prompts == ("Assign {A} to x.",)
    assert lift([(f"Assign {value!r} to x.", "x = y")]).inputs == {}


@pytest.mark.parametrize(
    ("intent", "code", "prompt", "inputs"),
    [
        ("Assign [3, 1, 2] to nums.", "nums = [3, 1, 2]", "Assign {A} to nums.", {"A": [3, 1, 2]}),
        ("Assign [3,1,2] to nums.", "nums = [3, 1, 2]", "Assign {A} to nums.", {"A": "[3,1,2]"}),
        ("Let p be (3, 4).", "p = (3, 4)", "Let p be {A}.", {"A": "(3, 4)"}),
        ("Let p be (3, 4).", "p = [3, 4]", "Let p be ({A}, {B}).", {"A": 3, "B": 4}),
        ("Let d be {'a': 1}.", "d = {'a': 1}", "Let d be {A}.", {"A": {"a": 1}}),
        ('Let d be {"a": 1}.', "d = {'a': 1}", "Let d be {A}.", {"A": '{"a": 1}'}),
        ("Let d be {1: 2}.", "d = {1: 2}", "Let d be {A}.", {"A": "{1: 2}"}),
        ('Greet "Zoë {x}".', "print('Zoë {x}')", 'Greet "{A}".', {"A": "Zoë {x}"}),
        ("Greet “Ann” twice.", "print('Ann' * 2)", "Greet “{A}” twice.", {"A": "Ann"}),
        (r'Split at "\n".', r"x.split('\n')", 'Split at "{A}".', {"A": r"\n"}),
        ("Don't print 'a' or it's wrong", "print('a')", "Don't print '{A}' or it's wrong", {"A": "a"}),
        ("Subtract 5 from -5", "-5 - 5", "Subtract {A} from {B}", {"A": 5, "B": -5}),
        ("Numbers 3-5", "range(3, 5)", "Numbers {A}-{B}", {"A": 3, "B": 5}),
        ("Add 1e3 and 2.50 to x1.", "1000.0 + 2.5 + 1", "Add {A} and {B} to x1.", {"A": "1e3", "B": "2.50"}),
        ("Print the top 3 words.", "print(words[:3])", "Print the top {A} words.", {"A": 3}),
        ("Step 2: print it.", "print(it)", "Step 2: print it.", {}),
        ("Count to 1,000 in steps of 1.", "range(0, 1000, 1)", "Count to 1,000 in steps of {A}.", {"A": 1}),
        ("Take 3.5.2 and 3rd", "3.5, 3, 5.2", "Take 3.5.2 and 3rd", {}),
        ("Use {x} and 10.", "f'{x} 10'", "Use {{x}} and 10.", {}),
        ("Use 7 in an f-string.", "f'{x * 7}'", "Use {A} in an f-string.", {"A": 7}),
        ("Print True.", "print(True)", "Print True.", {}),
        ("Add 5.", "x += (", "Add 5.", {}),
    ],
)
def test_what_is_lifted(intent: str, code: str, prompt: str, inputs: dict[str, object]) -> None:
    lifted = lift([(intent, code)])
    assert (lifted.prompts, lifted.inputs) == ((prompt,), inputs)


def test_the_same_value_has_the_same_letter_in_all_intents() -> None:
    turns = [
        ('Assign "abba" to s and 3 to n.', "s = 'abba'\nn = 3"),
        ('Is "abba" the same backwards? Step 3.', "print(s == s[::-1])"),
        ("Print s 3 times, not 4.", "print(s * 3)"),
    ]
    lifted = lift(turns)
    assert lifted.prompts == (
        'Assign "{A}" to s and {B} to n.',
        'Is "{A}" the same backwards? Step 3.',
        "Print s {B} times, not 4.",
    )
    assert lifted.inputs == {"A": "abba", "B": 3}


def test_letters_go_on_after_z() -> None:
    names = letters()
    first = [next(names) for _ in range(30)]
    assert first[:2] == ["A", "B"]
    assert first[25:28] == ["Z", "AA", "AB"]
    assert len(set(first)) == 30


def test_literals_in_code_are_replaced_as_wholes() -> None:
    values = {("list", "[1, 2]"): [9], ("int", "1"): 7, ("str", "'a'"): "{'}"}
    code = "x = [1, 2]\nprint(f'a{x}{1}', 'a', -1, True, 1.0)"
    assert keys_of(code) >= values.keys()
    new = replaced(code, values)
    assert ast.dump(ast.parse(new)) == ast.dump(ast.parse("x = [9]\nprint(f'a{x}{7}', \"{'}\", -7, True, 1.0)"))
    assert replaced(code, {("int", "5"): 6}) == code
