"""Output while the program runs, and stopping it."""

import threading

import pytest

from mtchat.sandbox import Sandbox


def test_output_arrives_while_the_program_runs(sandbox: Sandbox) -> None:
    """It is heard while the program runs: nothing else ends this one."""
    seen: list[str] = []
    cancel = threading.Event()

    def hear(name: str, text: str) -> None:
        seen.append(text)
        if "two" in "".join(seen):
            cancel.set()

    code = "print('one')\nprint('two')\nwhile True: pass"
    execution, _ = sandbox.run(code, on_output=hear, cancel=cancel, timeout=60)
    assert execution.status == "interrupted"
    assert "".join(seen) == execution.stdout == "one\ntwo\n"


def test_both_streams_are_told_apart(sandbox: Sandbox) -> None:
    seen: list[tuple[str, str]] = []
    execution, _ = sandbox.run(
        "import warnings\nprint('out')\nwarnings.warn('err')", on_output=lambda name, text: seen.append((name, text))
    )
    assert {name for name, _ in seen} == {"stdout", "stderr"}
    assert (execution.stdout, "err" in execution.stderr) == ("out\n", True)


def test_characters_are_never_cut_apart(sandbox: Sandbox) -> None:
    seen: list[str] = []
    sandbox.run("print('é🙂' * 50000)", on_output=lambda name, text: seen.append(text))
    assert "".join(seen) == "é🙂" * 50000 + "\n"


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import time\ntime.sleep(60)",
        "import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    print('stopped')\n    raise",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    x = 5",
    ],
    ids=["loop", "sleep", "handler", "stubborn", "swallowed"],
)
def test_cancel(sandbox: Sandbox, code: str) -> None:
    _, at = sandbox.run("x = 1")
    cancel = threading.Event()

    def begun(name: str, text: str) -> None:
        if text.startswith("begun"):
            threading.Timer(0.3, cancel.set).start()

    execution, after = sandbox.run(f"x = 2\nprint('begun')\n{code}", at, on_output=begun, cancel=cancel, timeout=30)
    assert execution.status == "interrupted"
    assert execution.stdout.startswith("begun\n")
    assert ("stopped" in execution.stdout) == ("stopped" in code)
    assert execution.elapsed > 0
    assert after is at
    assert sandbox.run("x", at)[0].value == "1"


def test_cancelled_before_it_began(sandbox: Sandbox) -> None:
    cancel = threading.Event()
    cancel.set()
    execution, after = sandbox.run("while True: pass", cancel=cancel, timeout=30)
    assert (execution.status, after) == ("interrupted", sandbox.root)


def test_a_listener_that_fails_ends_the_run(sandbox: Sandbox) -> None:
    _, at = sandbox.run("x = 1")

    def fail(name: str, text: str) -> None:
        raise LookupError("the screen is gone")

    with pytest.raises(LookupError, match="screen"):
        sandbox.run("x = 2\nprint('a')\nwhile True: pass", at, on_output=fail)
    assert sandbox.run("x", at)[0].value == "1"


def test_close_from_another_thread_ends_a_run() -> None:
    from mtchat.errors import SandboxError

    sandbox = Sandbox()
    sandbox.run("1")
    threading.Timer(0.3, sandbox.close).start()
    with pytest.raises(SandboxError):
        sandbox.run("while True: pass", timeout=30)


def test_runs_from_several_threads_take_turns(sandbox: Sandbox) -> None:
    values: list[str | None] = []
    threads = [threading.Thread(target=lambda n=n: values.append(sandbox.run(f"{n}")[0].value)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(value or "" for value in values) == [str(n) for n in range(8)]
