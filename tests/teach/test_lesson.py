"""A session as a lesson: which steps are done, and hints that tell more each time."""

from pathlib import Path

import pytest

from mtchat.errors import SessionError
from mtchat.session import Header, Store, TurnRecord
from mtchat.teach import Lesson, Tutor, lesson_of
from mtchat.turn import Execution, Turn

SESSIONS = Path(__file__).parent.parent.parent / "sessions"


def turn(intent: str, code: str, *defined: str, out: str = "", status: str = "ok") -> Turn:
    execution = Execution(status, stdout=out)  # type: ignore[arg-type]
    return Turn.of(parent=None, seq=1, intent=intent, code=code, execution=execution, defined=defined)


LESSON = Lesson(
    "numbers",
    (
        turn("Make a list named nums: 3, 1, 2.", "nums = [3, 1, 2]", "nums"),
        turn("Sort nums.", "nums.sort()"),
        turn("Print the sum of nums.", "print(sum(nums))", out="6\n"),
    ),
)
LIST = turn("my list", "nums = list((3, 1, 2))", "nums")


def test_each_hint_of_a_step_tells_more() -> None:
    tutor = Tutor(LESSON)
    assert tutor.welcome() == "lesson numbers: 3 steps; /hint says what comes next"
    head = "step 1 of 3: Make a list named nums: 3, 1, 2."
    assert tutor.hint([]) == [head, "/hint again says which names it takes"]
    assert tutor.hint([]) == [head, "it defines nums", "/hint again shows the code"]
    assert tutor.hint([]) == tutor.hint([]) == [head, "its code:", "nums = [3, 1, 2]"]
    assert tutor.hint([LIST])[0] == "step 2 of 3: Sort nums."
    assert len(tutor.hint([LIST])) == 3, "a new step begins with its first hint"


def test_a_step_is_done_by_what_it_does_and_other_turns_do_not_matter() -> None:
    tutor = Tutor(LESSON)
    other = turn("", "x = 1", "x")
    assert tutor.hint([other])[0].startswith("step 1")
    assert tutor.hint([LIST, other, turn("", "nums . sort( )")])[0].startswith("step 3")
    failed = turn("Sort nums.", "nums.srt()", status="error")
    assert tutor.hint([LIST, failed])[0].startswith("step 2")
    path = [LIST, turn("sort nums", "nums = sorted(nums)"), turn("", "6", out="6\n")]
    assert tutor.hint(path) == ["the lesson numbers is done: all 3 steps of it"]


@pytest.mark.parametrize("path", sorted(SESSIONS.glob("*.mtchat.jsonl")), ids=lambda path: path.name)
def test_every_example_session_is_a_lesson_that_its_own_turns_do(path: Path) -> None:
    lesson = lesson_of(path)
    assert "is done" in Tutor(lesson).hint(lesson.steps)[0]


def test_what_is_no_lesson_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, Header(created="x")) as store:
        store.append(TurnRecord(turn("", "x = 1", "x")))
    with pytest.raises(SessionError, match="is no lesson"):
        lesson_of(path)
    with pytest.raises(SessionError, match="cannot read"):
        lesson_of(tmp_path / "none.mtchat.jsonl")
