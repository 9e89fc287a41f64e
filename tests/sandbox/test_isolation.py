"""The report of layers is honest, and the document shows the same lists as the code."""

import subprocess
import sys
from pathlib import Path

from mtchat.sandbox import isolation_report
from mtchat.sandbox.allowlist import LIBRARIES, STANDARD
from mtchat.sandbox.values import Limits

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text()


def test_the_report_claims_no_boundary() -> None:
    report = {name: (holds, words) for name, holds, words in isolation_report()}
    assert report["language policy"][0]
    assert report["empty environment"][0]
    for name in ("namespaces", "Landlock", "seccomp", "security boundary"):
        assert not report[name][0]
    assert all("\n" not in words and words for _, words in report.values())


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
