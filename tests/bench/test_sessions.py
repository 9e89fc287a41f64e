"""Saved sessions as problems, judged in the real sandbox."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mtchat import conversation
from mtchat.bench.behaviour import Judged, judge_session, judge_turns, recorded, stale
from mtchat.bench.desk import Desk
from mtchat.bench.sessions import KIND, asked, filled, problem_of, read, text_for
from mtchat.bench.values import Case, Conversation, Problem, Setup
from mtchat.config import Settings
from mtchat.engine import Engine, Hooks
from mtchat.errors import SessionError
from mtchat.models.scripted import ScriptedModel
from mtchat.sandbox import Sandbox
from mtchat.session import SUFFIX, Header, Store
from mtchat.turn import ModelInfo, SamplingParams

EXAMPLES = sorted((Path(__file__).parents[2] / "sessions").glob("*" + SUFFIX))
HEADER = Header(created="2026-11-21T09:00:00+00:00", prefix="import math\n\n")
CODES = ["nums = [3, 1, 2]", "nums.sort()", "total = sum(nums)\nprint(total)", "nums"]
INTENTS = ["Assign [3, 1, 2] to nums.", "Sort nums.", "Print the total of nums.", "Show nums."]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def saved(sandbox: Sandbox, path: Path, *turns: tuple[str, str], header: Header = HEADER, attach: str = "") -> Path:
    """A session file whose turns a scripted model wrote; a turn with no intent was written by hand."""
    model = ScriptedModel([code for intent, code in turns if intent] or ["pass"])
    with Store.create(path, header) as store:
        engine = Engine(store, sandbox, lambda: model, Settings())
        if attach:
            engine.attach(Path(attach))
        for intent, code in turns:
            if intent:
                engine.submit(intent, Hooks(on_input=lambda prompt: "7"))
            else:
                engine.run_code(code, Hooks())
    return path


@pytest.fixture(scope="module")
def problem(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Problem:
    path = tmp_path_factory.mktemp("sessions") / ("sums" + SUFFIX)
    return read([saved(sandbox, path, *zip(INTENTS, CODES, strict=True))])[0]


def judged(sandbox: Sandbox, problem: Problem, *codes: str, forced: bool = False) -> Judged:
    return judge_turns(sandbox, problem.cases[0], codes, problem.prefix, forced=forced)


def same(found: Judged) -> list[bool]:
    return [turn.same for turn in found.turns]


def test_a_session_is_a_problem_that_travels_as_json(problem: Problem) -> None:
    assert (problem.id, problem.name, problem.turns, problem.max_new_tokens) == ("sums", "sums", 4, 256)
    assert problem.cases[0].prompts == tuple(INTENTS)
    assert problem.prefix == "import math\n\n"
    again = msgspec.json.decode(msgspec.json.encode(problem), type=Problem)
    assert again == problem
    records = recorded(again.cases[0])
    assert [record.code for record in records] == CODES
    assert [record.stdout for record in records] == ["", "", "6\n", ""]
    assert records[3].value == "[1, 2, 3]"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name.removesuffix(SUFFIX))
def test_the_example_sessions_pass_with_their_own_code(sandbox: Sandbox, path: Path) -> None:
    made = read([path])[0]
    assert stale(sandbox, made) == ""


def test_other_code_of_the_same_behaviour_passes(sandbox: Sandbox, problem: Problem) -> None:
    codes = ["nums = list((3, 1, 2))", "nums = sorted(nums)", "print(int(math.fsum(nums)))", "[*nums]"]
    assert judge_session(sandbox, problem.cases[0], codes, problem.prefix).passed
    assert judged(sandbox, problem, *codes).share == 1


def test_the_message_names_the_first_turn_that_differs(sandbox: Sandbox, problem: Problem) -> None:
    found = judged(sandbox, problem, CODES[0], "nums.sort(reverse=True)", CODES[2], CODES[3])
    assert found.verdict.outcome == "failed"
    assert found.verdict.message == "turn 4: its value is '[3, 2, 1]' and it was '[1, 2, 3]'"
    assert same(found) == [True, True, True, False]
    assert found.share == 0.75
    found = judged(sandbox, problem, "1 / 0")
    assert found.verdict.status == "error"
    assert found.verdict.message == "turn 1: it ended with error (ZeroDivisionError: division by zero) and was ok"
    assert found.turns[1].why == "the model wrote no code"
    assert same(found) == [False] * 4


def test_what_the_policy_refuses_is_counted_apart(sandbox: Sandbox, problem: Problem) -> None:
    verdict = judge_session(sandbox, problem.cases[0], ["import ctypes", *CODES[1:]], problem.prefix)
    assert (verdict.outcome, verdict.status) == ("refused", "denied")


def test_forced_each_turn_runs_on_the_recorded_state(sandbox: Sandbox, problem: Problem) -> None:
    assert same(judged(sandbox, problem, "nums = []", *CODES[1:])) == [True, True, False, False]
    found = judged(sandbox, problem, "nums = []", *CODES[1:], forced=True)
    assert same(found) == [False, True, True, True]
    assert found.verdict.message == "turn 1: nums is '[]' and was '[3, 1, 2]'", "silent, but it does something else"
    found = judged(sandbox, problem, "numbers = [3, 1, 2]", "x = 1", "print(6)", "[1, 2, 3]", forced=True)
    assert same(found) == [False, False, False, True]
    assert found.turns[2].why == "total is not there and was '6'", "the intent names it"


def test_free_text_has_the_own_answers_and_forced_text_the_recorded_ones(problem: Problem) -> None:
    case = problem.cases[0]
    told = text_for(problem, case, ["nums = 5", "pass"])
    assert told == conversation.render(
        list(zip(INTENTS[:2], ["nums = 5", "pass"], strict=True)), INTENTS[2], prefix="import math\n\n"
    )
    assert text_for(problem, case, ["nums = 5", "pass"], forced=True) == conversation.render(
        list(zip(INTENTS[:2], CODES[:2], strict=True)), INTENTS[2], prefix="import math\n\n"
    )
    assert text_for(problem, case, CODES) == conversation.render(
        list(zip(INTENTS, CODES, strict=True)), None, prefix="import math\n\n"
    )
    assert text_for(problem, case, []) == f"import math\n\n# {INTENTS[0]}\n"


def test_turns_that_no_longer_fitted_are_left_out_as_they_were(sandbox: Sandbox, tmp_path: Path) -> None:
    model, room, seen = ScriptedModel(CODES, context_length=84), 16, []
    with Store.create(tmp_path / f"long{SUFFIX}", HEADER) as store:
        engine = Engine(store, sandbox, lambda: model, Settings(max_new_tokens=room))
        for intent in INTENTS:
            seen.append(engine.context(intent, engine.session.head, room).text)
            engine.submit(intent, Hooks())
    made = read([store.path])[0]
    assert [text_for(made, made.cases[0], CODES[:n]) for n in range(4)] == seen
    assert seen[3].startswith("import math\n\n# (earlier turns left out; they defined: nums")
    assert INTENTS[0] in seen[2]
    assert INTENTS[0] not in seen[3]


def test_turns_by_hand_keep_their_code(sandbox: Sandbox, tmp_path: Path) -> None:
    path = saved(sandbox, tmp_path / f"hand{SUFFIX}", ("Make x.", "x = 4"), ("", "y = x + 1"), ("Print y.", "print(y)"))
    made = read([path])[0]
    case = made.cases[0]
    assert asked(case) == [0, 2]
    assert filled(case, []) == []
    assert filled(case, ["x = 9"]) == ["x = 9", "y = x + 1"]
    assert text_for(made, case, ["x = 9"]).endswith("x = 9\n\ny = x + 1\n\n# Print y.\n")
    assert "x = 4\n\ny = x + 1\n\n# Print y.\n" in text_for(made, case, ["x = 9", "print(1)"], forced=True)
    found = judged(sandbox, made, "x = 2 + 2", "never_run()", "print(y)")
    assert found.verdict.passed
    assert [turn.asked for turn in found.turns] == [True, False, True]
    assert (
        judged(sandbox, made, "x = 5", "", "print(y)").verdict.message == "turn 3: it printed '6\\n' and it was '5\\n'"
    )


def test_files_and_answers_are_there_again(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text("3 4")
    turns = [("Read n.txt.", "t = open('n.txt').read()\nprint(t)"), ("Ask.", "print(input())")]
    path = saved(sandbox, tmp_path / f"files{SUFFIX}", *turns, attach=str(tmp_path / "n.txt"))
    (tmp_path / "n.txt").unlink()
    made = read([path])[0]
    assert (
        judged(sandbox, made, "with open('n.txt') as f:\n    print(f.read())", "print(input('?'), end='\\n')").share
        == 0.5
    )
    assert judged(sandbox, made, "with open('n.txt') as f:\n    print(f.read())", "print(int(input()))").verdict.passed
    for blob in tmp_path.glob("*.blobs/*"):
        blob.write_text("5 6")
    verdict = judge_session(sandbox, made.cases[0], [code for _, code in turns], made.prefix)
    assert verdict.outcome == "missing"
    assert "n.txt is not what was attached" in verdict.message


def test_chance_falls_as_in_the_session(sandbox: Sandbox, tmp_path: Path) -> None:
    code = "import random\nprint(random.random())"
    header = msgspec.structs.replace(HEADER, seed=5)
    with Sandbox(seed=5) as own:
        made = read([saved(own, tmp_path / f"dice{SUFFIX}", ("Roll.", code), header=header)])[0]
    assert sandbox.seed == 0
    assert judged(sandbox, made, code).verdict.passed
    again = msgspec.structs.replace(recorded(made.cases[0])[0], seed=0)
    assert not judge_session(sandbox, Case(("Roll.",), msgspec.to_builtins([again])), [code], made.prefix).passed


def test_what_is_no_problem_is_refused_in_words(sandbox: Sandbox, tmp_path: Path) -> None:
    by_hand = saved(sandbox, tmp_path / f"hand{SUFFIX}", ("", "x = 1"))
    with pytest.raises(SessionError, match="no turn that a model wrote"):
        read([by_hand])
    good = saved(sandbox, tmp_path / f"good{SUFFIX}", ("One.", "1"))
    with pytest.raises(SessionError, match="named 'good' too"):
        read([good, good])
    with pytest.raises(SessionError, match="not made from a session"):
        recorded(Case(("One.",), [1, 2]))


def test_a_header_grants_nothing_and_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    header = msgspec.structs.replace(
        HEADER, policy={"name": "restricted", "allow_imports": ["socket"], "read": ["/etc"]}
    )
    path = saved(sandbox, tmp_path / f"strange{SUFFIX}", ("One.", "1"), header=header)
    said: list[str] = []
    made = read([path], Settings(), said.append)
    assert len(said) == 1
    assert "--allow-import socket --allow-read /etc" in said[0]
    assert judge_session(sandbox, made[0].cases[0], ["import socket"], made[0].prefix).outcome == "refused"


@pytest.mark.parametrize("history", ["own", "recorded"])
def test_the_bench_judges_a_conversation(problem: Problem, history: str) -> None:
    setup = Setup("sessions", "", ModelInfo("scripted"), "float32", SamplingParams(), judge={"history": history})
    case, wrong = problem.cases[0], ["nums = [1]", *CODES[1:]]
    assert KIND.turns(setup, case) == 4
    assert KIND.cut(setup, "x = 1\n\n# Next.\ny") == "x = 1"
    assert KIND.done(setup, "x = 1\n\n# N")
    assert (CODES[0] in KIND.text(setup, problem, case, wrong[:1])) == (history == "recorded")
    with Desk(setup) as desk:
        verdict, other = KIND.judge(setup, problem, case, _told(*CODES), desk)
        assert verdict.passed
        assert other is None
        verdict, _ = KIND.judge(setup, problem, case, _told(*wrong), desk)
        said = {"own": "turn 3: it printed '1\\n' and it was '6\\n'; 2 of 4 turns as recorded"}
        assert verdict.message == said.get(
            history, "turn 1: nums is '[1]' and was '[3, 1, 2]'; 3 of 4 turns as recorded"
        )
        other_record = msgspec.structs.replace(recorded(case)[3], value="[0]")
        changed = Case(case.prompts, [*case.expected[:3], msgspec.to_builtins(other_record)])
        gone = msgspec.structs.replace(problem, cases=(changed,))
        verdict, _ = KIND.judge(setup, gone, changed, _told(*CODES), desk)
        assert "the recorded code itself does otherwise here (turn 4:" in verdict.message


def _told(*codes: str) -> Conversation:
    return Conversation(codes, codes, 0, 0.0)


def test_problem_of_takes_the_path_to_the_head(sandbox: Sandbox, tmp_path: Path) -> None:
    path = saved(sandbox, tmp_path / f"back{SUFFIX}", ("One.", "1"), ("Two.", "2"))
    with Store.open(path) as store:
        Engine(store, sandbox, lambda: ScriptedModel([]), Settings()).undo()
        assert problem_of(store.session, path).cases[0].prompts == ("One.",)
