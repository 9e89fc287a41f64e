"""The conversation's text against the paper's format, both truncation rules, and what leaves a full context."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtchat import conversation
from mtchat.conversation import PAPER_PREFIX, comment, finished, fit, render, truncate, turn_end
from mtchat.errors import CommandError
from mtchat.turn import Execution, Turn


def test_every_development_problem_renders_as_the_paper_does(shared_data: Path) -> None:
    problems = [json.loads(line) for line in (shared_data / "mtpb_dev.jsonl").read_text().splitlines()]
    assert len(problems) == 19
    for problem in problems:
        for case in problem["inputs"]:
            prompts = [prompt.format(**case) for prompt in problem["prompts"]]
            codes = [f"step_{n} = {n}\nprint(step_{n})\n" * n for n in range(len(prompts))]
            expected = "# Import libraries.\n\nimport numpy as np\n\n"
            for n, prompt in enumerate(prompts):
                expected += "# " + prompt + "\n"
                history = list(zip(prompts[:n], codes[:n], strict=True))
                assert render(history, prompt, prefix=PAPER_PREFIX, literal=True) == expected
                expected += codes[n] + "\n\n"
            whole = zip(prompts, codes, strict=True)
            assert render(whole, None, prefix=PAPER_PREFIX, literal=True) == expected


@given(st.lists(st.tuples(st.text(), st.text())), st.text(), st.text())
def test_literal_rendering_is_plain_concatenation(history: list[tuple[str, str]], intent: str, prefix: str) -> None:
    expected = prefix + "".join(f"# {words}\n{code}\n\n" for words, code in history) + f"# {intent}\n"
    assert render(history, intent, prefix=prefix, literal=True) == expected


@given(st.text())
def test_every_line_of_a_typed_intent_becomes_a_comment(intent: str) -> None:
    assert all(line.startswith("#") for line in comment(intent).split("\n") if comment(intent))
    compile(comment(intent), "<intent>", "exec")


def test_a_typed_intent_of_several_lines() -> None:
    assert render([], "make a list:\n\n  one\n") == "# make a list:\n#\n#   one\n"


def test_an_intent_typed_as_a_comment_is_no_comment_twice() -> None:
    assert render([], "# Sort nums.\nthen print it") == "# Sort nums.\n# then print it\n"


def test_code_by_hand_stands_without_a_comment() -> None:
    assert render([("", "x = 1")], "Print x.") == "x = 1\n\n# Print x.\n"


@pytest.mark.parametrize(
    ("completion", "code"),
    [
        ("x = 1\n\n# Next\ny = 2", "x = 1"),
        ("print(a)\nprint(b)\n\n", "print(a)\nprint(b)"),
        (
            "def f():\n    # inside\n    return 1\n\n\ndef g():\n    return 2\n# end",
            "def f():\n    # inside\n    return 1\n\n\ndef g():\n    return 2",
        ),
        ("# a remark first\nx = 1\n# Next", "# a remark first\nx = 1"),
        ('s = """\n# no comment\n"""\nprint(s)\n# Next', 's = """\n# no comment\n"""\nprint(s)'),
        ("s = '# no'\n#Next", "s = '# no'"),
        ("s = 'it\\'s'\n# Next's", "s = 'it\\'s'"),
        ("x = 1  # why\ny = 2\n", "x = 1  # why\ny = 2"),
        ("x = 1<|endoftext|># more", "x = 1"),
        ("\n\nx = 1\n", "x = 1"),
        ('t = """never closed\n# still inside', 't = """never closed\n# still inside'),
        ("", ""),
    ],
)
def test_the_turn_rule(completion: str, code: str) -> None:
    assert truncate(completion) == code


@pytest.mark.parametrize(
    ("completion", "code"),
    [
        ("print(a)\nprint(b)\n", "print(a)\n"),
        ("x = 1\nprint(x)\n\n# Next\n", "x = 1\nprint(x)\n\n"),
        ("def f():\n    return 1\n\ndef g():\n    return 2", "def f():\n    return 1\n\n"),
        ("x = 1\n\n\ny = 2", "x = 1"),
        ("x = 1\n'''doc'''", "x = 1\n"),
        ('x = 1\n"""doc"""', "x = 1\n"),
        ("x = 1<|endoftext|>y", "x = 1"),
        ("print(1)\ndef f(): pass\nprint(2)\ndef g(): pass\n# c", "print(1)\ndef f(): pass\n"),
        ("# at once", ""),
        ("    print(a)\n    print(b)", "    print(a)\n    print(b)"),
    ],
)
def test_the_paper_rule(completion: str, code: str) -> None:
    assert truncate(completion, rule="paper") == code


@given(st.text(alphabet="ab=1'\"#\n ()\\"), st.sampled_from(["turn", "paper"]))
def test_finished_means_that_more_text_changes_nothing(completion: str, rule: conversation.Rule) -> None:
    if finished(completion, rule=rule):
        assert truncate(completion, rule=rule) == truncate(completion + "\nz = 3\nprint(z)", rule=rule)


@given(st.text(alphabet="ab=1'\"#\n "))
def test_the_turns_end_is_a_comment_at_a_lines_start(completion: str) -> None:
    end = turn_end(completion)
    if end is not None:
        assert completion[end] == "#"
        assert completion[end - 1] == "\n"


def chain(count: int, names: int = 1) -> list[Turn]:
    turns: list[Turn] = []
    for n in range(count):
        defined = tuple(f"v{n}_{k}" for k in range(names))
        parent, evicted = (turns[-1].id, turns[-1].evicted) if turns else (None, ())
        code = f"v{n}_0 = {n}"
        turns.append(Turn.of(parent=parent, seq=n + 1, intent=f"step {n}", code=code, execution=Execution("ok"), defined=defined, evicted=evicted))  # fmt: skip  # noqa: E501
    return turns


def test_nothing_leaves_while_all_fits() -> None:
    turns = chain(3)
    rendered = fit(turns, "go on", count=len, context=1000, room=100)
    assert rendered.evicted == ()
    assert rendered.text == render([(t.intent, t.code) for t in turns], "go on")


def test_whole_turns_leave_from_the_oldest_down_to_seventy_percent() -> None:
    turns = chain(60)
    rendered = fit(turns, "go on", count=len, context=1000, room=100)
    assert rendered.evicted == tuple(t.id for t in turns[: len(rendered.evicted)])
    assert 0 < len(rendered.evicted) < 60
    assert len(rendered.text) <= 700 - 100
    first = rendered.text.splitlines()[0]
    assert first.startswith("# (earlier turns left out; they defined: v0_0, v1_0")
    assert "step 0\n" not in rendered.text
    assert rendered.text.endswith("step 59\nv59_0 = 59\n\n# go on\n")


def test_what_left_stays_out_until_the_context_is_full_again() -> None:
    turns = chain(60)
    out = fit(turns, "go on", count=len, context=1000, room=100).evicted
    more = Turn.of(parent=turns[-1].id, seq=61, intent="go on", code="w = 1", execution=Execution("ok"), evicted=out)
    before = fit(turns, "go on", count=len, context=1000, room=100).text
    after = fit([*turns, more], "next", count=len, context=1000, room=100)
    assert after.evicted == out
    assert after.text.startswith(before), "the model's prefix cache would be lost"


def test_after_undo_what_fits_is_back() -> None:
    turns = chain(60)
    assert fit(turns[:5], "go on", count=len, context=1000, room=100).evicted == ()


def test_an_intent_that_cannot_fit_is_refused_with_the_way_out() -> None:
    with pytest.raises(CommandError, match=r"needs \d+ tokens.*--max-new-tokens"):
        fit(chain(2), "x" * 2000, count=len, context=1000, room=100)


@given(st.integers(0, 30), st.integers(120, 2000), st.integers(0, 100))
def test_a_rendered_text_always_fits(count: int, context: int, room: int) -> None:
    turns = chain(count)
    try:
        rendered = fit(turns, "go on", count=len, context=context, room=room)
    except CommandError:
        return
    assert len(rendered.text) + room <= context
