"""A session file may come from a stranger: what its header asks for is told, and granted only by this start."""

from pathlib import Path

import msgspec
import pytest

from mtchat import config
from mtchat.config import Settings
from mtchat.engine import Engine, Hooks, Memory, sandbox_of
from mtchat.errors import SessionError
from mtchat.models.scripted import ScriptedModel
from mtchat.sandbox import Limits, Policy
from mtchat.session import Header, Session


def header(policy: Policy | None = None, limits: dict[str, object] | None = None) -> Header:
    return Header(created="now", policy=msgspec.to_builtins(policy or Policy()), limits=limits or {})


def opened(header: Header, settings: Settings) -> tuple[Policy, Limits, list[str]]:
    said: list[str] = []
    with sandbox_of(header, settings, said.append) as sandbox:
        return sandbox.policy, sandbox.limits, said


def test_nothing_is_granted_because_the_file_says_so(tmp_path: Path) -> None:
    asked = Policy(allow_imports=("socket", "json"), read=("/home/me/my data",), write=("/tmp",))
    policy, _, said = opened(header(asked), Settings())
    assert policy == Policy()
    flags = "--allow-import socket --allow-read '/home/me/my data' --allow-write /tmp"
    assert said == [f"the session was made with {flags}: not granted, pass it again if you trust the session's code"], (
        "json is on the built-in list"
    )


def test_what_this_start_grants_is_granted_without_a_word(tmp_path: Path) -> None:
    settings = config.load({"allow_import": ("os",), "allow_read": (str(tmp_path),)})
    policy, _, said = opened(header(Policy(allow_imports=("os",), read=(str(tmp_path),))), settings)
    assert (policy.allow_imports, policy.read, policy.write) == (("os",), (str(tmp_path),), ())
    assert said == []


def test_a_module_from_the_header_is_refused_when_the_program_wants_it() -> None:
    asked = header(Policy(allow_imports=("subprocess",)))
    with sandbox_of(asked, Settings()) as sandbox:
        memory = Memory(Session(asked))
        engine = Engine(memory, sandbox, lambda: ScriptedModel(["import subprocess"]), Settings())
        made = engine.submit("x", Hooks())
    assert made.execution.status == "denied"
    assert made.execution.error is not None
    assert "subprocess" in made.execution.error.message


def test_limits_are_never_above_ones_own() -> None:
    large = {"timeout": 3600.0, "memory": 64 << 30, "processes": 10_000, "output": 1 << 40}
    _, limits, said = opened(header(limits=large), Settings())
    assert limits == Limits()
    assert said[0] == "the session was made with timeout 3600.0: here it has 10.0; --timeout 3600.0 gives it that"
    assert [line.split()[5] for line in said] == ["timeout", "memory", "output", "processes"]
    assert "--output" not in said[2], "there is no such flag"


def test_smaller_limits_stay_and_a_flag_counts_before_both() -> None:
    small = {"timeout": 2.0, "memory": 128 << 20}
    _, limits, said = opened(header(limits=small), Settings())
    assert (limits.timeout, limits.memory, said) == (2.0, 128 << 20, [])
    _, limits, said = opened(header(limits=small), config.load({"memory": "2G", "timeout": 20}))
    assert (limits.timeout, limits.memory, said) == (20.0, 2 << 30, [])


@pytest.mark.parametrize("limits", [{"timeout": 0}, {"memory": -1}, {"output": "much"}])
def test_limits_that_are_none_are_refused(limits: dict[str, object]) -> None:
    with pytest.raises(SessionError, match="limit"):
        opened(header(limits=limits), Settings())


def test_a_session_cannot_switch_the_language_layer_off() -> None:
    with pytest.raises(SessionError, match="asks for the policy 'open'"):
        opened(header(Policy(name="open")), Settings())
