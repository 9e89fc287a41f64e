"""What programs may touch, from the command line, in the real sandbox: paths, files, limits, reduced isolation."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "mtchat"]
SWITCH_OFF = 'for kind in user mnt; do echo 0 > /proc/sys/user/max_${kind}_namespaces || exit; done; exec "$@"'
REDUCED = ["unshare", "-Ur", "sh", "-c", SWITCH_OFF, "sh"]  # of mounts too: root needs no user namespace
"""A command in front of another, which then finds user namespaces switched off."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "my data"
    folder.mkdir()
    (folder / "nums.txt").write_text("3\n1\n2\n")
    return folder


@pytest.fixture
def script(tmp_path: Path, data: Path) -> str:
    path = tmp_path / "script.json"
    read = f"print(open({str(data / 'nums.txt')!r}).read().split())"
    path.write_text(json.dumps({"read it": read, "attached": "print(open('nums.txt').read().split())"}))
    return f"scripted:{path}"


def mtchat(*arguments: str, feed: str = "", code: int = 0, before: list[str] | None = None, **environment: str):  # type: ignore[no-untyped-def]
    command, env = [*(before or []), *COMMAND, *arguments], {**os.environ, **environment}
    done = subprocess.run(command, input=feed, capture_output=True, text=True, timeout=60, check=False, env=env)
    assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def test_a_path_is_read_only_where_it_is_granted(data: Path) -> None:
    program = f"path = {str(data / 'nums.txt')!r}\nprint(open(path).read().split())\nopen(path, 'w')"
    assert mtchat("exec", feed=program, code=1).stdout == ""
    done = mtchat("exec", "--allow-read", str(data), feed=program, code=1)
    assert done.stdout == "['3', '1', '2']\n"
    assert (data / "nums.txt").read_text() == "3\n1\n2\n"
    done = mtchat("exec", feed=program, code=1, MTCHAT_ALLOW_READ=os.pathsep.join(["/usr/share", str(data)]))
    assert done.stdout == "['3', '1', '2']\n"


def test_a_granted_path_is_written_for_good(data: Path) -> None:
    program = f"with open({str(data / 'out.txt')!r}, 'w') as file:\n    file.write('kept')"
    mtchat("exec", feed=program, code=1)
    assert not (data / "out.txt").exists()
    mtchat("exec", "--allow-write", str(data), feed=program)
    assert (data / "out.txt").read_text() == "kept"


@pytest.mark.slow
def test_a_session_names_what_it_was_granted_and_is_not_granted_it_again(
    script: str, data: Path, tmp_path: Path
) -> None:
    saved = str(tmp_path / "s.mtchat.jsonl")
    mtchat("run", "--model", script, "--allow-read", str(data), "--save", saved, feed="read it\n")
    header = json.loads(Path(saved).read_text().splitlines()[0])
    assert (header["policy"]["read"], header["policy"]["write"]) == ([str(data)], [])
    done = mtchat("replay", "--check", saved, code=1)
    assert f"the session was made with --allow-read '{data}': not granted" in done.stderr
    assert mtchat("replay", "--check", "--allow-read", str(data), saved).stderr == ""
    done = mtchat("--model", script, "--session", saved, "-p", "read it", code=3)
    assert "turn 1 cannot be rebuilt" in done.stderr or "not granted" in done.stderr
    mtchat("--model", script, "--session", saved, "--allow-read", str(data), "-p", "read it")


@pytest.mark.parametrize("where", ["run", "-p", "pipe"])
def test_a_file_is_attached_wherever_turns_are_made(script: str, data: Path, tmp_path: Path, where: str) -> None:
    flags = ["--model", script, "--attach", str(data / "nums.txt")]
    if where == "run":
        done = mtchat("run", *flags, "--save", str(tmp_path / "s.mtchat.jsonl"), feed="attached\n")
        assert mtchat("replay", "--check", str(tmp_path / "s.mtchat.jsonl")).stdout.endswith("as recorded\n")
    elif where == "-p":
        done = mtchat(*flags, "-p", "attached")
        assert mtchat("--model", script, "--continue", "-p", "attached").stdout.endswith("['3', '1', '2']\n")
    else:
        done = mtchat(*flags, feed="attached\n/attach\n")
        assert f"nums.txt  6 bytes, from the start, from {data / 'nums.txt'}\n" in done.stdout
    assert "['3', '1', '2']\n" in done.stdout
    assert "No such file" in mtchat("--model", script, "--attach", "nowhere", "-p", "attached", code=2).stderr


def test_memory_is_a_limit_with_a_unit() -> None:
    program = "x = bytearray(300 << 20)\nprint(len(x))"
    assert mtchat("exec", "--memory", "600M", feed=program).stdout == f"{300 << 20}\n"
    assert mtchat("exec", "--memory", "128M", feed=program, code=1).stderr.startswith("memory:")
    assert "such as 512M or 2G" in mtchat("exec", "--memory", "lots", feed="1", code=2).stderr


def test_input_finds_its_end_where_nobody_can_answer(script: str) -> None:
    assert "EOFError" in mtchat("exec", feed="input('name? ')", code=1).stderr


def test_a_pipe_gets_the_bytes_as_they_are() -> None:
    assert mtchat("exec", feed="print('\\x1b]0;t\\x07\\x9b2J\\u202e')").stdout == "\x1b]0;t\x07\x9b2J\u202e\n"


def test_review_needs_someone_to_ask(script: str) -> None:
    for arguments in (["-p", "read it"], ["run"], []):
        done = mtchat("--model", script, "--trust", "review", *arguments, feed="read it\n", code=2)
        assert "--trust auto" in done.stderr
    done = mtchat("--model", script, feed="attached\n", code=2, MTCHAT_TRUST="review")
    assert done.stdout == ""


@pytest.fixture
def reduced() -> list[str]:
    if (
        shutil.which("unshare") is None
        or subprocess.run([*REDUCED, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("user namespaces cannot be switched off for one command here")
    return REDUCED


@pytest.mark.slow
def test_where_namespaces_are_off_everything_runs_with_a_word(reduced: list[str], script: str, data: Path) -> None:
    flags = ["--model", script, "--attach", str(data / "nums.txt")]
    for arguments in (["-p", "attached"], ["run"], []):
        done = mtchat(*flags, *arguments, feed="attached\n", before=reduced)
        assert "['3', '1', '2']\n" in done.stdout
        (line,) = done.stderr.splitlines()
        assert line.startswith("isolation: no-userns (")
        assert line.endswith(") · mtchat doctor")
    done = mtchat("doctor", before=reduced)
    assert "isolation level: no-userns" in done.stdout
    assert "kernel.apparmor_restrict_unprivileged_userns" in done.stdout


def test_doctor_names_the_level_each_layer_and_the_self_test() -> None:
    done = mtchat("doctor")
    for word in ("isolation level: ", "namespaces: ", "landlock: ", "seccomp: ", "self-test: "):
        assert word in done.stdout
