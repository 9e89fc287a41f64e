"""A summary as a picture: pass rate by category and by number of turns, with 95 % intervals, multi- beside single-turn.

Knows matplotlib (extra `data`), imported when a picture is drawn, without its global state. The same summary gives the
same bytes with the same matplotlib. Leaves the figures to `summary`.
"""

import importlib.util
import io
import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mtchat.errors import BenchError

INSTALL = "no plot: it needs matplotlib, pip install 'mtchat[data]'"
_MULTI, _SINGLE = "#2b6ca3", "#e39a3b"
_LONGEST = 24


def plot(summary: Mapping[str, Any], path: Path) -> bool:
    """Draw it into `path` (PNG); False where matplotlib is not installed (`INSTALL` says how).

    Raises BenchError if the file cannot be written.
    """
    if importlib.util.find_spec("matplotlib") is None:
        return False
    data = png(summary)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise BenchError(f"cannot write {path}: {error.strerror or error}") from None
    return True


def png(summary: Mapping[str, Any]) -> bytes:
    """The picture. Raises ImportError without matplotlib."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    groups = [summary["categories"], summary["turn_counts"]]
    widths = [max(2, len(group)) for group in groups]
    figure = Figure(figsize=(3.0 + 0.62 * sum(widths), 5.0), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, 2, sharey=True, width_ratios=widths)
    for axis, group, title in zip(axes, groups, ("by category", "by number of turns"), strict=True):
        _bars(axis, group, title)
    axes[0].set_ylim(0, _top([found for group in groups for found in group.values()]))  # the other shares it
    axes[0].set_ylabel("pass rate, %, and its 95 % interval")
    figure.suptitle(_plain(f"{summary['benchmark']}: {summary['model']}", 60), fontsize=12)
    if summary["single"]:
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper right", frameon=False, fontsize=9)
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that the font lacks is drawn as a box
        figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def _bars(axis: Any, groups: Mapping[str, Mapping[str, Any]], title: str) -> None:
    runs = [("multi-turn", _MULTI, list(groups.values()))]
    if any(found["single"] for found in groups.values()):
        runs.append(("single-turn", _SINGLE, [found["single"] for found in groups.values()]))
    width = 0.8 / len(runs)
    for place, (label, color, figures) in enumerate(runs):
        shift = (place - (len(runs) - 1) / 2) * width
        there = [(at + shift, found) for at, found in enumerate(figures) if found and found["pass_rate"] is not None]
        heights = [100 * found["pass_rate"] for _, found in there]
        below = [height - 100 * found["ci95"][0] for height, (_, found) in zip(heights, there, strict=True)]
        above = [100 * found["ci95"][1] - height for height, (_, found) in zip(heights, there, strict=True)]
        # rounding may put a bound a hair on the wrong side of the rate
        spread = [[max(0.0, by) for by in below], [max(0.0, by) for by in above]]
        line = {"elinewidth": 1, "ecolor": "#333333", "capsize": 2}
        axis.bar([at for at, _ in there], heights, width, label=label, color=color, yerr=spread, error_kw=line)
    _dress(axis, groups, title)


def _dress(axis: Any, groups: Mapping[str, Mapping[str, Any]], title: str) -> None:
    names = [f"{_plain(name, _LONGEST)} ({found['problems']})" for name, found in groups.items()]
    long = max(map(len, names), default=0) > 9
    axis.set_xticks(range(len(names)), names, rotation=35 if long else 0, ha="right" if long else "center", fontsize=9)
    axis.set_xlim(-0.6, max(1, len(names) - 1) + 0.6)
    axis.set_title(f"{title} (problems)", fontsize=10)
    axis.grid(axis="y", color="#dddddd", linewidth=0.8)
    axis.set_axisbelow(True)
    axis.spines[["top", "right"]].set_visible(False)


def _top(groups: list[Mapping[str, Any]]) -> int:
    """Where the axis ends, in percent: the next ten above every interval."""
    runs = [run for found in groups for run in (found, found["single"])]
    most = max((run["ci95"][1] for run in runs if run and run["ci95"]), default=1.0)
    return min(100, 10 * math.ceil(10 * most))


def _plain(text: str, most: int) -> str:
    """Text without matplotlib's mathematics, on one line, not longer than `most`."""
    line = " ".join(text.split())
    return (line if len(line) <= most else line[: most - 1] + "…").replace("$", r"\$")
