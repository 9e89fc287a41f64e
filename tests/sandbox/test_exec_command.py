"""`mtchat exec`: what it prints, what it exits with, and its conversation in JSON lines."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mtchat.cli.exec import exec_command
from mtchat.errors import ConfigError


def invoke(*arguments: str, input: str = "") -> Result:
    return CliRunner().invoke(exec_command, list(arguments), input=input)


def answers(*lines: str) -> list[dict[str, Any]]:
    result = invoke("--json", input="\n".join(lines) + "\n")
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_output_and_value() -> None:
    result = invoke(input="print('hi')\n1 + 1")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "hi\n2\n", "")


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 'é'\nx")
    assert invoke(str(path)).stdout == "'é'\n"
    assert invoke(str(tmp_path / "none.py")).exit_code == 2


def test_a_failed_program() -> None:
    result = invoke(input="print('a')\n1 / 0")
    assert (result.exit_code, result.stdout) == (1, "a\n")
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert result.stderr.endswith("ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize(
    ("code", "words"),
    [("import os", "denied: line 1: the module 'os'"), ("while True: pass", "timeout: the program ran")],
)
def test_one_line_for_what_the_sandbox_brought_about(code: str, words: str) -> None:
    result = invoke("--timeout", "0.5", input=code)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(words)
    assert result.stderr.count("\n") == 1


def test_allow_import() -> None:
    assert invoke("--allow-import", "platform", input="import platform").exit_code == 0


def test_json_lines_carry_state() -> None:
    one, two, three = answers('{"code": "x = 2"}', "", '{"code": "print(x); x * 2"}', '{"code": "1 / 0"}')
    assert (one["status"], two["stdout"], two["value"]) == ("ok", "2\n", "4")
    assert (three["status"], three["error"]["type"], three["error"]["line"]) == ("error", "ZeroDivisionError", 1)
    assert list(one) == ["status", "stdout", "stderr", "value", "display", "figures", "error", "inputs", "elapsed"]


def test_json_reset() -> None:
    _, reset, after = answers('{"code": "x = 2"}', '{"reset": true}', '{"code": "x"}')
    assert (reset["status"], reset["stdout"], reset["error"]) == ("ok", "", None)
    assert (after["status"], after["error"]["type"]) == ("error", "NameError")


@pytest.mark.parametrize("line", ["nonsense", "[]", "{}", '{"code": 1}', '{"reset": false}', "[" * 5000, "\0"])
def test_json_lines_that_are_none(line: str) -> None:
    _, wrong, after = answers('{"code": "x = 2"}', line, '{"code": "x"}')
    assert (wrong["status"], "expected" in wrong["error"]["message"]) == ("denied", True)
    assert after["value"] == "2"


def test_json_goes_on_after_a_time_out() -> None:
    result = invoke("--json", "--timeout", "0.5", input='{"code": "x = 1"}\n{"code": "while 1: pass"}\n{"code": "x"}\n')
    assert [json.loads(line)["status"] for line in result.stdout.splitlines()] == ["ok", "timeout", "ok"]


def test_json_holds_figures() -> None:
    pytest.importorskip("matplotlib")
    (answer,) = answers(json.dumps({"code": "import matplotlib.pyplot as plt\nplt.plot([1])\n1"}))
    (figure,) = answer["figures"]
    assert figure["mime"] == "image/png"
    assert figure["data"].startswith("iVBOR")


COMMAND = [sys.executable, "-c", "from mtchat.cli.exec import exec_command; exec_command()"]


def test_each_line_is_answered_at_once() -> None:
    process = subprocess.Popen([*COMMAND, "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(json.dumps({"code": f"{number}"}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["value"] == str(number)
        process.stdin.close()
        assert process.wait(20) == 0


def test_ctrl_c() -> None:
    with subprocess.Popen([*COMMAND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("print('begun')\nwhile True: pass")
        process.stdin.close()
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130


def test_ctrl_c_while_reading() -> None:
    with subprocess.Popen([*COMMAND, "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write('{"code": "1"}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["value"] == "1"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130


def test_torch_is_not_imported() -> None:
    code = "import sys, mtchat.cli.exec; print(sorted({'torch', 'transformers', 'prompt_toolkit'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_json_goes_on_after_code_that_is_too_long() -> None:
    too_long, after = answers(json.dumps({"code": "#" * 60_000_000}), '{"code": "1"}')
    assert (too_long["status"], after["value"]) == ("limit", "1")


def test_the_time_limit_is_the_configured_one_and_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTCHAT_TIMEOUT", "0.3")
    assert invoke(input="import time\ntime.sleep(5)").stderr.startswith("timeout:")
    assert isinstance(invoke("--timeout", "nan", input="1").exception, ConfigError)
