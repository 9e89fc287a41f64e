"""The report of layers is honest, and the document shows the same lists as the code."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mtchat.errors import SandboxError
from mtchat.sandbox import Policy, Sandbox, isolation_report, link
from mtchat.sandbox.allowlist import LIBRARIES, STANDARD
from mtchat.sandbox.isolation import LAYERS
from mtchat.sandbox.values import Limits

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text()


def test_the_report_says_what_holds_and_why_not() -> None:
    report = {name: (holds, words) for name, holds, words in isolation_report()}
    assert report["language policy"][0]
    assert report["empty environment"][0]
    assert {"namespaces", "landlock", "seccomp", "supervised forks", "privileges"} <= report.keys()
    assert all("\n" not in words and words for _, words in report.values())


@pytest.mark.parametrize(
    ("without", "level"),
    [
        ((), "full"),
        (("landlock",), "no-landlock"),
        (("namespaces",), "no-userns"),
        (("seccomp",), "language-only"),
        (LAYERS, "language-only"),
    ],
)
def test_the_level_is_named_by_what_is_missing(without: tuple[str, ...], level: str) -> None:
    with Sandbox(without=without, allow_reduced=True) as sandbox:
        layers = {layer.name: layer for layer in sandbox.isolation.layers}
        if any(not layers[name].holds and name not in without for name in LAYERS):
            pytest.skip(f"this machine has less: {sandbox.isolation}")
        assert sandbox.isolation.level == level
        for name in without:
            assert (layers[name].holds, layers[name].says) == (False, "left out on purpose")
        assert sandbox.run("x = 20\nx + 1")[0].value == "21"


def test_the_language_alone_starts_only_when_asked_for() -> None:
    with Sandbox(without=LAYERS) as sandbox, pytest.raises(SandboxError, match="--allow-reduced-isolation"):
        sandbox.run("1")


def test_what_the_self_test_gets_away_with_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose filter was left out though its level promises it: the boot line leaves it out secretly."""
    hole = "from mtchat.sandbox import isolation; isolation.filter_calls = lambda config: (None, ''); "
    monkeypatch.setattr(link, "_BOOT", link._BOOT.replace("from mtchat", hole + "from mtchat", 1))
    with Sandbox() as sandbox, pytest.raises(SandboxError, match=r"self-test was not stopped from: .*make a socket"):
        sandbox.run("1")


@pytest.mark.parametrize("wrong", [{"without": ("walls",)}, {"policy": Policy("lax")}])
def test_unknown_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(SandboxError, match="there are"):
        Sandbox(**wrong)


def test_the_worker_imports_nothing_of_the_host() -> None:
    code = "import sys, mtchat.sandbox.keeper; print(*sorted(sys.modules))"
    root = Path(__file__).resolve().parents[2]
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root).stdout
    names = set(output.split())
    assert names.isdisjoint({"msgspec", "click", "torch", "prompt_toolkit", "numpy", "mtchat.turn", "mtchat.errors"})
    assert {name for name in names if name.startswith("mtchat.")} == {
        name for name in names if name.startswith("mtchat.sandbox")
    }


def test_the_document_lists_the_modules() -> None:
    for name in STANDARD | LIBRARIES:
        assert f"`{name}`" in DOCUMENT, name


def test_the_document_lists_the_limits() -> None:
    for field in Limits.__struct_fields__:
        assert f"`{field}`" in DOCUMENT, field
