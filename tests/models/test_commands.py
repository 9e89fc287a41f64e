"""`mtchat complete` and `mtchat models`, and that neither the room nor the commands load torch before they must."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mtchat.cli.complete import complete_command
from mtchat.cli.models import models_command
from mtchat.models import load_model
from mtchat.turn import SamplingParams

TEXT = "# Print hello world.\n"
SCRIPT = {"Print hello world.": ["x = 1\nprint(x)\nprint(2)\n", "y = 2\n# Next\nz = 3\n"]}


@pytest.fixture
def scripted(tmp_path: Path) -> str:
    (tmp_path / "script.json").write_text(json.dumps(SCRIPT), "utf-8")
    return f"scripted:{tmp_path / 'script.json'}"


def complete(*args: str, text: str = TEXT) -> str:
    result = CliRunner().invoke(complete_command, list(args), input=text, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_one_completion_of_standard_input_or_a_file(scripted: str, tmp_path: Path) -> None:
    expected = SCRIPT["Print hello world."][0]
    assert complete("--model", scripted) == expected
    (tmp_path / "text.py").write_text(TEXT, "utf-8")
    assert complete(str(tmp_path / "text.py"), "--model", scripted, text="") == expected


def test_a_real_model_writes_what_the_api_does(checkpoint: Path) -> None:
    params = SamplingParams(temperature=0.9, top_p=0.9, top_k=50, repetition_penalty=1.1, max_new_tokens=12, seed=4)
    expected = load_model(str(checkpoint), device="cpu").complete(TEXT, params)[0].text
    flags = (
        "--seed 4 --temperature 0.9 --top-p 0.9 --top-k 50 --repetition-penalty 1.1 --max-new-tokens 12 --device cpu"
    )
    assert complete("--model", str(checkpoint), *flags.split()).removesuffix("\n") == expected.removesuffix("\n")


def test_cut_before_patterns(scripted: str) -> None:
    assert complete("--model", scripted, "--truncate-before-pattern", "^#") == "x = 1\nprint(x)\n"
    out = complete("--model", scripted, "--truncate-before-pattern", "^#", "--candidates", "2")
    assert out == "--- 1 of 2 ---\nx = 1\nprint(x)\n--- 2 of 2 ---\ny = 2\n"


def test_several_and_json(scripted: str) -> None:
    assert complete("--model", scripted, "--candidates", "2").count("--- ") == 2
    lines = complete("--model", scripted, "--candidates", "2", "--json").splitlines()
    assert [json.loads(line)["text"] for line in lines] == SCRIPT["Print hello world."]
    assert set(json.loads(lines[0])) == {"text", "finish", "tokens", "logprob"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["/no/such/file"], "/no/such/file"),
        (["--truncate-before-pattern", "("], "--truncate-before-pattern"),
        (["--top-p", "2"], "--top-p"),
        (["--candidates", "0"], "--candidates"),
        (["--temperature", "-1"], "--temperature"),
    ],
)
def test_usage_errors(args: list[str], said: str) -> None:
    result = CliRunner().invoke(complete_command, args, input=TEXT)
    assert result.exit_code == 2
    assert said in result.output


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    result = CliRunner().invoke(complete_command, [str(tmp_path / "latin")])
    assert result.exit_code == 2
    assert "not UTF-8" in result.output


def test_models_as_table_and_json() -> None:
    table = CliRunner().invoke(models_command, catch_exceptions=False).output
    listed = json.loads(CliRunner().invoke(models_command, ["--json"], catch_exceptions=False).output)
    assert len(listed) >= 14
    for model in listed:
        assert model["name"] in table
        assert model["get"].endswith(model["name"])
    assert "BSD-3-Clause" in table
    assert "2.78B" in table


def test_torch_is_not_loaded_on_the_way() -> None:
    """Importing the room and the commands, listing models and asking for help needs neither torch nor transformers."""
    code = """if True:
        import sys
        import mtchat.models, mtchat.models.scripted
        import mtchat.cli.options, mtchat.cli.complete, mtchat.cli.models, mtchat.cli.bench
        mtchat.models.known_models()
        mtchat.cli.bench.bench.main(['latency', '--help'], standalone_mode=False)
        heavy = {'torch', 'transformers', 'numpy', 'tokenizers'} & set(sys.modules)
        sys.exit(f'loaded: {heavy}' if heavy else 0)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
