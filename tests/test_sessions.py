"""The example sessions: each replays as recorded, and was made by the embedded model with no code edited by hand."""

from pathlib import Path

import pytest

from mtchat.cli.common import sandbox_of
from mtchat.config import Settings
from mtchat.engine import replay
from mtchat.session import SUFFIX, read_with_word

SESSIONS = sorted((Path(__file__).parent.parent / "sessions").glob("*" + SUFFIX))


def test_there_are_sessions_of_each_kind() -> None:
    assert len(SESSIONS) >= 4
    code = {path.name: "\n".join(turn.code for turn in read_with_word(path).session.path()) for path in SESSIONS}
    for sign in ('"', "{", "def ", "print"):
        assert any(sign in text for text in code.values())


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.name.removesuffix(SUFFIX))
def test_it_replays_as_recorded(path: Path) -> None:
    reading = read_with_word(path)
    assert reading.dropped == ""
    turns = reading.session.path()
    assert len(turns) >= 4
    for turn in turns:
        assert not turn.edited
        assert turn.completion is not None
        assert turn.completion.text.strip().startswith(turn.code), "the code is what the model wrote"
        assert turn.model is not None
        assert turn.model.name == "embedded"
        assert turn.execution.ok
    with sandbox_of(reading.session.header, Settings()) as sandbox:
        differing = [found.diff for found in replay(reading.session, sandbox) if not found.same]
    assert differing == []
