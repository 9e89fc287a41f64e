"""The command line as a process: runs, events, replay, exit codes, and errors in one line."""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mtchat.cli import cli
from mtchat.config import NAMES
from tests.models.checkpoints import save_checkpoint

SCRIPT = {
    "make nums": "nums = [3, 1, 2]",
    "sort": "nums.sort(reverse=True)",
    "sum": "print(sum(nums))",
    "value": "nums",
    "fail": "1 / 0",
    "loop": "while True: pass",
}
INTENTS = "make nums\n\nsort\n\n\nsum\n\nvalue\n"


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "script.json"
    path.write_text(json.dumps(SCRIPT))
    return f"scripted:{path}"


def mtchat(*arguments: str, feed: str | None = "", code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mtchat", *arguments]
    done = subprocess.run(command, input=feed, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr or "ZeroDivisionError" in done.stderr
    return done


def test_run_prints_code_and_output(script: str) -> None:
    done = mtchat("run", "--model", script, feed=INTENTS)
    assert "# sum\nprint(sum(nums))\n6\n" in done.stdout
    assert "# value\nnums\n[3, 2, 1]\n" in done.stdout


def test_run_tells_one_event_a_line(script: str) -> None:
    done = mtchat("run", "--json", "--model", script, feed=INTENTS)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    turns = [event for event in events if event["event"] == "turn"]
    assert [t["index"] for t in turns] == [1, 2, 3, 4]
    assert turns[2]["intent"] == "sum"
    assert turns[2]["code"] == "print(sum(nums))"
    assert (turns[2]["doubt"], turns[2]["larger"]) == (None, None)
    assert turns[2]["execution"]["stdout"] == "6\n"
    assert turns[3]["execution"]["value"] == "[3, 2, 1]"
    keys = ["status", "stdout", "stderr", "value", "display", "figures", "error", "inputs", "elapsed"]
    assert list(turns[0]["execution"]) == keys


def test_a_check_that_fails_is_told(script: str, tmp_path: Path) -> None:
    saved = tmp_path / "saved.mtchat.jsonl"
    mtchat("run", "--model", script, "--save", str(saved), feed="make nums\n\nsum\n")
    made = saved.read_text()
    saved.write_text(made.replace('"checks":[]', '"checks":["len(nums) == 3","nums"]'))
    assert "2 turns, as recorded" in mtchat("replay", str(saved), "--check").stdout
    saved.write_text(made.replace('"checks":[]', '"checks":["nums[0] == 1","nums.clear()\\nassert nums"]'))
    done = mtchat("replay", str(saved), "--check", code=1)
    assert "saved.mtchat.jsonl: turn 1: a check fails: nums[0] == 1: it is not so\n" in done.stdout
    assert "turn 2: a check fails: nums.clear() assert nums: AssertionError\n" in done.stdout
    assert "differs" not in done.stdout


def test_a_failed_turn_is_exit_code_1_and_the_rest_still_runs(script: str) -> None:
    done = mtchat("run", "--model", script, feed="make nums\n\nfail\n\nsum\n", code=1)
    assert "ZeroDivisionError" in done.stderr
    assert done.stdout.rstrip().endswith("6")


def test_run_from_a_file_saved_replayed_and_checked(script: str, tmp_path: Path) -> None:
    source, saved = tmp_path / "intents.txt", tmp_path / "saved.mtchat.jsonl"
    source.write_text(INTENTS)
    mtchat("run", str(source), "--model", script, "--save", str(saved))
    done = mtchat("replay", str(saved), "--check")
    assert done.stdout == "saved.mtchat.jsonl: 4 turns, as recorded\n"
    assert "print(sum(nums))\n6\n" in mtchat("replay", str(saved)).stdout
    mtchat("replay", "--check", "--regenerate", "--model", script, str(saved))
    saved.write_text(saved.read_text().replace('"stdout":"6\\n"', '"stdout":"7\\n"'))
    done = mtchat("replay", str(saved), "--check", code=1)
    assert "turn 3 differs: sum" in done.stdout
    assert "-stdout: 7\n+stdout: 6\n" in done.stdout
    assert "exists already" in mtchat("run", str(source), "--model", script, "--save", str(saved), code=2).stderr


def test_one_turn_and_continue(script: str) -> None:
    assert mtchat("-p", "make nums", "--model", script).stdout == "nums = [3, 1, 2]\n"
    assert mtchat("--model", script, "--continue", "-p", "sum").stdout == "print(sum(nums))\n6\n"
    assert mtchat("--model", script, "--continue", "-p", "value").stdout == "nums\n[3, 1, 2]\n"


@pytest.mark.slow
def test_a_doubt_is_said_on_standard_error_and_in_events(tmp_path: Path) -> None:
    folder = save_checkpoint(tmp_path / "unsure")
    weights = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    calibration = {"measure": "mean", "threshold": -0.001, "right_below": 0.1, "right_above": 0.9, "n": 1, "recall": 1}
    calibration |= {"precision": 1, "auc": 1, "weights": weights, "command": "", "date": ""}
    (folder / "calibration.json").write_text(json.dumps(calibration))
    flags = ["run", "--model", str(folder), "--device", "cpu", "--max-new-tokens", "12", "--seed", "1"]
    command = [sys.executable, "-m", "mtchat", *flags]

    def run(*more: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *more], input="sum", capture_output=True, text=True, timeout=60, env={**os.environ, **env},
            check=False,
        )  # fmt: skip

    said = "unsure of this one: try smaller steps, or a larger model (--model 350M-mono)"
    done = run()
    assert done.stderr.count(said) == 1
    assert "unsure" not in done.stdout
    assert said not in run(MTCHAT_SAY_DOUBT="no").stderr
    event = json.loads(run("--json").stdout)
    assert event["doubt"]["measure"] == "mean"
    assert event["doubt"]["confidence"] < event["doubt"]["threshold"] == -0.001
    assert event["larger"] == "350M-mono"


def test_a_named_session(script: str, own_home: Path) -> None:
    mtchat("--model", script, "--session", "demo", "-p", "make nums")
    assert mtchat("--model", script, "--session", "demo", "-p", "sum").stdout.endswith("6\n")
    assert (own_home / "data" / "mtchat" / "sessions" / "demo.mtchat.jsonl").exists()
    assert "as recorded" in mtchat("replay", "demo", "--check").stdout


def test_flags_before_a_command_count_too(script: str) -> None:
    assert "6\n" in mtchat("--model", script, "run", feed="make nums\n\nsum").stdout


def test_a_timeout_is_a_failed_turn(script: str) -> None:
    done = mtchat("run", "--model", script, "--timeout", "0.5", feed="loop", code=1)
    assert "ran longer than 0.5 s" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["run", "/nowhere/intents.txt"], 2, "/nowhere/intents.txt"),
        (["run", "-"], 2, "no intent"),
        (["replay", "/nowhere/s.mtchat.jsonl"], 3, "/nowhere/s.mtchat.jsonl"),
        (["--continue", "-p", "x"], 3, "no session to continue"),
        (["--temperature", "-1", "-p", "x"], 2, "--temperature"),
        (["--model", "scripted:/nowhere.json", "-p", "x"], 3, "/nowhere.json"),
        (["--model", "/no/such/folder", "-p", "x"], 3, "/no/such/folder"),
        (["-p", "  "], 2, "-p needs an intent"),
        (["dance"], 2, "dance"),
        (["--session", "a", "--continue", "-p", "x"], 2, "one of them"),
    ],
)
def test_bad_input_is_one_clear_line(arguments: list[str], code: int, says: str) -> None:
    done = mtchat(*arguments, code=code)
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) <= (1 if done.stderr.startswith("mtchat:") else 4)


def test_help_imports_no_model_library_and_names_every_command() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "mtchat", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not imported & {"torch", "transformers", "numpy", "prompt_toolkit", "msgspec"}
    for name in [
        "run",
        "complete",
        "replay",
        "score",
        "exec",
        "train",
        "bench",
        "models",
        "doctor",
        "config",
        "completion",
    ]:
        assert f"  {name} " in done.stdout
        assert mtchat(name, "--help").stdout.startswith("Usage")


def test_config_shows_where_values_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTCHAT_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("MTCHAT_SEED", "5")
    (tmp_path / "config.toml").write_text("temperature = 0.9\n")
    out = mtchat("config").stdout
    assert f"temperature             = 0.9                   # from {tmp_path / 'config.toml'}" in out
    assert "top_p                   = 0.95                  # from mtchat itself" in out
    flagged = mtchat("config", "--temperature", "0.5", "--no-greedy").stdout
    assert "temperature             = 0.5                   # from --temperature" in flagged
    assert "greedy                  = false                 # from --greedy" in flagged
    assert "# from MTCHAT_SEED" in out
    assert mtchat("config", "--path").stdout.strip() == str(tmp_path / "config.toml")
    assert json.loads(mtchat("config", "--json").stdout)["seed"] == 5
    (tmp_path / "config.toml").write_text("temperature = 'x'\n")
    assert "must be a number" in mtchat("config", code=2).stderr


def test_every_setting_has_a_flag() -> None:
    assert set(NAMES) <= {parameter.name for parameter in cli.params}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_gets_its_completion(shell: str, tmp_path: Path) -> None:
    assert "_MTCHAT_COMPLETE" in mtchat("completion", shell).stdout
    sessions = tmp_path / "data" / "sessions"
    sessions.mkdir(parents=True)
    (sessions / "demo.mtchat.jsonl").write_text("x")
    words = {"bash": {"COMP_WORDS": "mtchat --session d", "COMP_CWORD": "2"}}
    words["zsh"] = words["bash"]
    words["fish"] = {"COMP_WORDS": "mtchat --session d", "COMP_CWORD": "d"}
    env = {**os.environ, "_MTCHAT_COMPLETE": f"{shell}_complete", "MTCHAT_DATA_DIR": str(tmp_path / "data")}
    code = "import sys; sys.argv[0] = 'mtchat'; from mtchat.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**env, **words[shell]}, capture_output=True, text=True, check=False
    )
    assert "demo" in done.stdout, done.stderr


def test_doctor_says_what_holds() -> None:
    done = subprocess.run([sys.executable, "-m", "mtchat", "doctor"], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1)
    for section in ("versions", "settings", "sandbox", "models"):
        assert f"{section}\n" in done.stdout
    assert "a program runs in a process of its own" in done.stdout
    assert ("NO " in done.stdout) == (done.returncode == 1)


def test_a_closed_pipe_is_no_traceback(script: str) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "mtchat", "run", "--model", script]
    with os.fdopen(write, "wb") as nobody:
        done = subprocess.run(command, input=INTENTS, stdout=nobody, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (141, "")


def test_ctrl_c_ends_a_run_with_130_and_the_turns_kept(script: str, tmp_path: Path) -> None:
    import signal

    saved = tmp_path / "s.mtchat.jsonl"
    command = [sys.executable, "-m", "mtchat", "run", "--model", script, "--save", str(saved)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert process.stdin is not None
    process.stdin.write("make nums\n\nloop\n\nsum\n")
    process.stdin.close()
    end = time.monotonic() + 30
    while time.monotonic() < end and not (saved.exists() and '"make nums"' in saved.read_text()):
        time.sleep(0.05)
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(20) == 130
    assert process.stdout is not None
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    assert mtchat("replay", str(saved), "--check").stdout.startswith("s.mtchat.jsonl: 1 turn, as recorded")


def test_events_name_figures_by_their_hash(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "plot.json"
    path.write_text(json.dumps(["import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"]))
    done = mtchat("run", "--json", "--model", f"scripted:{path}", feed="plot\n")
    (figure,) = json.loads(done.stdout)["execution"]["figures"]
    assert list(figure) == ["mime", "sha256"]


@pytest.mark.parametrize("name", [".", "..", "/", "a" * 300])
def test_what_is_no_name_for_a_session_is_one_line(script: str, name: str) -> None:
    done = mtchat("--model", script, "--session", name, "-p", "sort", code=3)
    assert done.stderr.startswith("mtchat: ")
    mtchat("replay", name, code=3)


def test_save_takes_a_jsonl_name_as_it_is(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    mtchat("run", "--model", script, "--save", "out.jsonl", feed="make nums\n")
    assert (tmp_path / "out.jsonl").exists()


def test_continue_passes_over_what_is_no_session_and_says_what_was_cut(script: str, own_home: Path) -> None:
    mtchat("--model", script, "-p", "make nums")
    folder = own_home / "data" / "mtchat" / "sessions"
    (folder / "empty.mtchat.jsonl").touch()
    (folder / "dangling.mtchat.jsonl").symlink_to("/nowhere/at/all")
    (kept,) = folder.glob("2*.mtchat.jsonl")
    with kept.open("a") as file:
        file.write('{"record": "tu')
    done = mtchat("--model", script, "-c", "-p", "sum")
    assert done.stdout.endswith("6\n")
    assert "its last line was cut short" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_output_that_takes_no_more_is_one_line() -> None:
    command = [sys.executable, "-m", "mtchat", "exec"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, input="print(1)", stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr


def test_a_closed_standard_input_is_an_empty_one(script: str) -> None:
    command = f"exec <&-; {sys.executable} -m mtchat --model {script}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_bytes_that_are_no_text_are_replaced(script: str, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8:strict")
    command = [sys.executable, "-m", "mtchat", "--model", script]
    done = subprocess.run(command, input=b"m\xffn\nsum\n", capture_output=True, check=False)
    assert done.returncode == 1
    assert b"no completion for 'm?n'" in done.stdout
    assert done.stderr == b""
