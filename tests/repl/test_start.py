"""What the prompt waits for, and what goes on behind it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from mtchat.errors import SandboxError
from mtchat.repl.behind import Behind
from mtchat.repl.loading import Loading
from mtchat.repl.reader import PromptReader
from mtchat.repl.screen import style
from mtchat.sandbox import Sandbox
from mtchat.sandbox.isolation import LAYERS
from tests.repl.test_repl import repl_on

MODULES = "mtchat.cli.talk mtchat.repl.app mtchat.repl.behind mtchat.repl.completer mtchat.repl.leaving"
HEAVY = {"torch", "transformers", "tokenizers", "safetensors", "numpy", "pandas", "huggingface_hub", "RestrictedPython"}


def test_the_prompt_waits_for_nothing_heavy() -> None:
    code = f"import json, sys, {MODULES.replace(' ', ', ')}; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(json.loads(done.stdout))


def test_a_sandbox_that_cannot_hold_programs_ends_mtchat_with_its_reason(tmp_path: Path) -> None:
    with create_pipe_input() as typed, repl_on(tmp_path / "s.mtchat.jsonl", "", typed) as (repl, _):
        repl.engine.sandbox = repl.engine.states.sandbox = Sandbox(without=set(LAYERS) - {"language"})
        behind = Behind(repl)
        repl.reader = PromptReader(style(), before=behind.flush, input=typed, output=DummyOutput())
        repl.reader.when_shown(behind.start)
        with pytest.raises(SandboxError, match="the kernel cannot hold programs here"):
            repl.talk()


def test_what_the_sandbox_lacks_is_said_above_the_prompt(tmp_path: Path) -> None:
    with create_pipe_input() as typed, repl_on(tmp_path / "s.mtchat.jsonl", "", typed) as (repl, out):
        repl.engine.sandbox = Sandbox(without=set(LAYERS) - {"language"}, allow_reduced=True)
        behind = Behind(repl)
        behind.flush()
        assert out.getvalue() == ""
        behind._run()
        behind.flush()
        assert out.getvalue().startswith("isolation: language-only")


def test_a_model_loads_once_and_only_when_it_may() -> None:
    begun: list[int] = []
    loading = Loading(lambda: begun.append(1), at_once=False)  # type: ignore[arg-type,func-returns-value]
    assert begun == []
    assert not loading.under_way
    loading.start()
    loading.start()
    loading._thread.join()
    assert begun == [1]
