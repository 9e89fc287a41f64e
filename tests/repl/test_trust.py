"""When code is read before it runs, and how a level below full is told."""

import pytest

from mtchat.config import Settings
from mtchat.errors import CommandError, SandboxError
from mtchat.repl.trust import check_unasked, level_line, reviewing
from mtchat.sandbox import Sandbox


@pytest.mark.parametrize(
    ("trust", "level", "reviews"),
    [
        (None, "full", False),
        (None, "no-landlock", True),
        (None, "no-userns", True),
        (None, "language-only", True),
        ("auto", "no-userns", False),
        ("review", "full", True),
    ],
)
def test_code_is_read_first_where_isolation_is_reduced_unless_said_otherwise(
    trust: str | None, level: str, reviews: bool
) -> None:
    assert reviewing(Settings(trust=trust), level) is reviews


def test_the_line_names_the_level_and_the_reason() -> None:
    with Sandbox(without={"namespaces"}) as sandbox:
        level = sandbox.isolation.level
        why = next(layer.says for layer in sandbox.isolation.layers if not layer.holds)
        assert level_line(sandbox) == f"isolation: {level} ({why}) · mtchat doctor"
        assert level_line(sandbox, review=True) == (
            f"isolation: {level} ({why}); code is shown before it runs · mtchat doctor"
        )


def test_language_only_does_not_start_unasked() -> None:
    with Sandbox(without={"seccomp"}) as sandbox, pytest.raises(SandboxError, match="--allow-reduced-isolation"):
        level_line(sandbox)
    with Sandbox(without={"seccomp"}, allow_reduced=True) as sandbox:
        assert level_line(sandbox).startswith("isolation: language-only (")


def test_nobody_to_ask_is_no_review() -> None:
    check_unasked(Settings())
    with pytest.raises(CommandError, match="--trust auto"):
        check_unasked(Settings(trust="review"))
