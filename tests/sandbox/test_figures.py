"""Figures come out as PNG in the order they were shown, once, and are closed."""

import hashlib

import pytest

from mtchat.sandbox import Limits, Sandbox, Snapshot
from tests.sandbox.support import Run

pytest.importorskip("matplotlib")
PLOT = "import matplotlib.pyplot as plt\n"


def test_an_open_figure_is_taken_at_the_end(sandbox: Sandbox, warm: Snapshot) -> None:
    execution, after = sandbox.run(PLOT + "plt.plot([1, 2, 3])\nplt.title('a')", warm, timeout=60)
    assert (execution.status, execution.stderr) == ("ok", "")
    (figure,) = execution.figures
    assert figure.mime == "image/png"
    assert figure.data is not None
    assert figure.data.startswith(b"\x89PNG")
    assert figure.sha256 == hashlib.sha256(figure.data).hexdigest()
    assert sandbox.run("plt.get_fignums()", after)[0].value == "[]"
    assert sandbox.run("1", after)[0].figures == ()


def test_show_keeps_the_order_and_does_not_warn(run: Run, warm: Snapshot) -> None:
    code = PLOT + "for n in range(3):\n    plt.figure(figsize=(n + 1, 1))\n    plt.show()\nplt.figure(figsize=(9, 1))"
    execution = run(code, at=warm, timeout=60)
    assert (execution.status, execution.stderr) == ("ok", "")
    widths = [int.from_bytes(figure.data[16:20], "big") for figure in execution.figures if figure.data]
    assert widths == [100, 200, 300, 900]


def test_the_same_plot_is_the_same_image(run: Run, warm: Snapshot) -> None:
    code = PLOT + "plt.plot([1, 4])"
    assert run(code, at=warm, timeout=60).figures[0].sha256 == run(code, at=warm, timeout=60).figures[0].sha256


def test_figures_before_an_error_are_kept(run: Run, warm: Snapshot) -> None:
    execution = run(PLOT + "plt.plot([1])\n1 / 0", at=warm, timeout=60)
    assert (execution.status, len(execution.figures)) == ("error", 1)


def test_pandas_plots(run: Run, warm: Snapshot) -> None:
    pytest.importorskip("pandas")
    assert len(run("import pandas as pd\npd.Series([1, 2]).plot()\n1", at=warm, timeout=60).figures) == 1


def test_too_many_figures() -> None:
    with Sandbox(limits=Limits(figures=2)) as sandbox:
        execution, _ = sandbox.run(PLOT + "for _ in range(4): plt.figure(figsize=(1, 1))", timeout=60)
        assert (execution.status, len(execution.figures)) == ("ok", 2)
        assert "2 figure(s) over the limit were left out" in execution.stderr


def test_figures_can_be_saved_in_the_scratch_directory(sandbox: Sandbox, warm: Snapshot) -> None:
    _, at = sandbox.run(PLOT + "plt.plot([1])\nplt.savefig('a.png')", warm, timeout=60)
    assert sandbox.run("len(open('a.png', 'rb').read()) > 1000", at)[0].value == "True"
