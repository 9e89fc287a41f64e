"""`mtchat score`: texts and sessions as a real model finds them, features in their file, and wrong input."""

import json
import math
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from mtchat import models
from mtchat.bench.likelihood.windows import read as read_text
from mtchat.cli.score import score_command
from mtchat.conversation import render
from mtchat.errors import CommandError, MtchatError, SessionError
from mtchat.models import load_model
from mtchat.models.base import Scores
from mtchat.session import read

TEXT = "# Print hello.\nprint('hello ñ🙂')\n"
EMBEDDED = Path(models.__file__).parent / "embedded"
SESSION = Path(__file__).parents[2] / "sessions" / "numbers.mtchat.jsonl"


@pytest.fixture(scope="module")
def model() -> object:
    return load_model(device="cpu")


def score(*arguments: str, feed: str = "") -> str:
    """Standard output of the command, in this process: torch is loaded once."""
    done = CliRunner().invoke(score_command, [*arguments, "--device", "cpu"], input=feed, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(*arguments: str, feed: bytes = b"") -> str:
    with pytest.raises(MtchatError) as caught:
        CliRunner().invoke(score_command, list(arguments), input=feed, catch_exceptions=False)
    assert isinstance(caught.value, CommandError | SessionError)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture(scope="module")
def plain() -> tuple[object, object]:
    """The embedded network and tokenizer as transformers and tokenizers have them, without any of mtchat."""
    from tokenizers import Tokenizer
    from transformers import CodeGenForCausalLM

    from mtchat.models.quiet import quiet

    with quiet():
        network = CodeGenForCausalLM.from_pretrained(str(EMBEDDED)).eval()
    return network, Tokenizer.from_file(str(EMBEDDED / "tokenizer.json"))


def loss(plain: tuple[object, object], before: str, text: str) -> tuple[float, int]:
    """Log-probability and tokens of `text` after `before`, as transformers' own loss has them.

    The first token of all is given end-of-text, which stands before no other.
    """
    network, tokenizer = plain
    head, ids = tokenizer.encode(before).ids, tokenizer.encode(before + text).ids
    assert ids[: len(head)] == head
    labels = [-100] * len(head) + ids[len(head) :]
    start = [network.config.eos_token_id, ids[0]]
    first = 0.0 if head else -_mean_loss(network, start, start)
    counted = len(ids) - max(len(head), 1)
    return first - _mean_loss(network, ids, labels) * counted, len(ids) - len(head)


def _mean_loss(network: object, ids: list[int], labels: list[int]) -> float:
    import torch

    with torch.no_grad():
        return float(network(input_ids=torch.tensor([ids]), labels=torch.tensor([labels])).loss)


def test_a_text_scores_what_transformers_computes(plain: tuple[object, object]) -> None:
    expected, tokens = loss(plain, "", TEXT)
    made = json.loads(score("-", "--json", "--tokens", feed=TEXT))
    assert (made["kind"], made["tokens"], made["short"]) == ("text", tokens, 0)
    assert made["logprob"] == pytest.approx(expected, abs=1e-3)
    assert made["perplexity"] == pytest.approx(math.exp(-expected / tokens), rel=1e-4)
    assert "".join(each["text"] for each in made["each"]) == TEXT
    assert made["model"]["name"] == "embedded"


def test_a_session_by_turn_with_features(model: object, plain: tuple[object, object], tmp_path: Path) -> None:
    target = tmp_path / "turns"  # no suffix is added
    made = json.loads(score(str(SESSION), "--json", "--features", str(target)))
    session = read(SESSION)
    turns = [(turn.intent, turn.code) for turn in session.path()]
    assert [turn["intent"] for turn in made["turns"]] == [intent for intent, _ in turns]
    text = render(turns, None, prefix=session.header.prefix)
    assert made["logprob"] == pytest.approx(loss(plain, "", text)[0], abs=1e-2)
    assert math.fsum(turn["logprob"] for turn in made["turns"]) == pytest.approx(made["logprob"])
    prompt = loss(plain, render(turns[:1], None) + "#", " " + turns[1][0])
    code = loss(plain, render(turns[:1], turns[1][0]), turns[1][1])
    for name, (logprob, tokens) in [("prompt", prompt), ("code", code)]:
        assert made["turns"][1][name]["tokens"] == tokens
        assert made["turns"][1][name]["logprob"] == pytest.approx(logprob, abs=1e-2)
    states = np.load(target)
    assert (states.dtype, states.shape) == (np.float32, (len(turns), 256))
    first = model.score(text[: len(render(turns[:1], None)) - 2], hidden=True).hidden[-1]
    np.testing.assert_allclose(states[0], first, atol=1e-4)
    assert os.listdir(tmp_path) == ["turns"]


def test_what_people_read(own_home: Path) -> None:
    kept = own_home / "data" / "mtchat" / "sessions" / "kept.mtchat.jsonl"
    kept.parent.mkdir(parents=True)
    shutil.copy(SESSION, kept)
    out = score("kept")
    assert "Keep only the even numbers of nums" in out
    assert "\nprompt perplexity   " in out
    out = score("-", "--tokens", feed=TEXT)
    assert out.startswith("tokens              ")
    assert "  ' hello'\n" in out
    assert "\x1b" not in out


def test_features_are_written_over_nothing_unasked(tmp_path: Path) -> None:
    target = tmp_path / "f.npy"
    target.write_text("mine")
    assert "--force" in refused("-", "--features", str(target), feed=TEXT.encode())
    assert target.read_text() == "mine"
    score("-", "--features", str(target), "--force", feed=TEXT)
    assert np.load(target).shape == (1, 256)


@dataclass(frozen=True)
class Narrow:
    """A model that reads only `context_length` tokens at a time."""

    model: object
    context_length: int

    def count(self, text: str) -> int:
        return self.model.count(text)

    def score(self, text: str, *, hidden: bool = False) -> Scores:
        assert self.count(text) <= self.context_length
        return self.model.score(text, hidden=hidden)


def test_windows_have_the_tokens_of_the_whole_text_and_condition_each_other(model: object) -> None:
    text = Path(__file__).read_text("utf-8")[:900]
    whole, split = read_text(model, text), read_text(Narrow(model, 64), text, [len(text)])
    assert (split.tokens, split.starts) == (whole.tokens, whole.starts)
    first = len(whole.starts) - split.short
    assert 45 < first <= 64
    np.testing.assert_allclose(split.logprobs[:first], whole.logprobs[:first], atol=1e-3)
    assert split.logprobs[first + 20] != pytest.approx(whole.logprobs[first + 20], abs=1e-6)
    assert split.states.shape == (1, 256)


@pytest.mark.slow
def test_a_text_longer_than_the_context_says_so() -> None:
    done = CliRunner().invoke(score_command, ["-", "--device", "cpu"], input="x = 1\n" * 300, catch_exceptions=False)
    assert "476 of 1500 tokens were scored in windows" in done.stderr


def test_wrong_input_is_one_line_before_any_model_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"\x7fELF\xff\xfe")
    (tmp_path / "none.mtchat.jsonl").write_bytes(SESSION.read_bytes().splitlines(keepends=True)[0])
    (tmp_path / "broken.mtchat.jsonl").write_text("no header\n")
    no_model = ("--model", "/no/such/model")
    for source, says in [
        ("-", "standard input is empty"),
        (f"{tmp_path}/blob", "not UTF-8"),
        (f"{tmp_path}/none.mtchat.jsonl", "no turns"),
        (f"{tmp_path}/broken.mtchat.jsonl", "no session file"),
        (f"{tmp_path}", "is a folder"),
        ("..", "is a folder"),
        ("nowhere", "no file nowhere and no session"),
        ("", "no name"),
    ]:
        assert says in refused(source, *no_model)
    for name, says in [("/no/folder/f.npy", "no folder"), (str(tmp_path), "name of a file"), ("/dev/null", "ordinary")]:
        assert says in refused(str(SESSION), *no_model, "--features", name, "--force")
    assert "is scored" in refused(str(SESSION), *no_model, "--features", str(SESSION), "--force")


def test_wrong_input_ends_the_process_with_2() -> None:
    command = [sys.executable, "-m", "mtchat", "score", "nowhere"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("mtchat: there is no file nowhere")


@pytest.mark.slow
def test_a_session_in_a_process_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mtchat", "score", str(SESSION), "--features", str(tmp_path / "f.npy")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, f"features (8 x 256) written to {tmp_path / 'f.npy'}\n")
    assert done.stdout.count("\n") == 1 + 8 + 1 + 6
