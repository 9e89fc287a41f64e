"""A run that is killed again and again, and goes on each time, ends as one that nobody disturbed."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.problems import problems_file, script_file

KILLS = 20


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_killed_run_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    problems, model = problems_file(tmp_path), script_file(tmp_path)
    args = ["mtpb", "--problems", str(problems), "--model", model, "--samples", "60", "--batch", "3", "--single-turn"]
    command = [sys.executable, "-m", "mtchat", "bench", *args, "--quiet", "--out"]
    calm, disturbed = tmp_path / "calm", tmp_path / "disturbed"
    subprocess.run([*command, calm], check=True, capture_output=True)
    draws, grown = random.Random(4), set()
    for _ in range(KILLS):
        running = subprocess.Popen([*command, disturbed], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running.wait(draws.uniform(0.5, 4.0))
        except subprocess.TimeoutExpired:
            running.send_signal(draws.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM]))
            running.wait()
        lines = disturbed / "results.jsonl"
        grown.add(lines.read_bytes().count(b"\n") if lines.exists() else 0)
    assert len(grown) > 3, "it was killed in the middle of its work, not before or after it"
    subprocess.run([*command, disturbed], check=True, capture_output=True)
    for name in ("summary.json", "report.md", "plot.png"):
        assert (disturbed / name).read_bytes() == (calm / name).read_bytes(), name
    assert _keys(disturbed) == _keys(calm)


def _keys(folder: Path) -> list[str]:
    lines = (folder / "results.jsonl").read_text("utf-8").splitlines()
    return sorted(line[: line.index('"conversation"')] for line in lines if line.startswith('{"key"'))
