"""`mtchat bench compare`: two runs side by side.

Knows which folders and setups are meant, and how a comparison is shown. Leaves comparing to
`mtchat.bench.figures.compare`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mtchat.errors import CommandError
from mtchat.render import counted
from mtchat.repl.plain import echo

if TYPE_CHECKING:
    from mtchat.bench.figures.compare import Side

_FOLDER = click.Path(path_type=Path)


@click.command("compare")
@click.argument("first", type=_FOLDER, metavar="A")
@click.argument("second", type=_FOLDER, metavar="B")
@click.option(
    "--setup",
    "setups",
    multiple=True,
    metavar="DIGEST",
    help="Of a folder with several; given twice, A's and B's.  [default: the one with the most samples]",
)
@click.option("--json", "as_json", is_flag=True, help="The comparison as one line of JSON.")
def compare_command(first: Path, second: Path, setups: tuple[str, ...], as_json: bool) -> None:
    """How much better run B is than run A: folders that --out of a run has filled.

    Paired over the problems and cases that both have; the interval (95 %) and p come from resampling problems. A folder
    is compared with itself if --setup names two of its setups, say multi-turn and single-turn.
    """
    from mtchat.bench.figures.compare import compare

    found = compare(*_sides(first, second, setups))
    if found["settings_differ"]:
        named = (f"{d['name']} ({_short(d['first'])} / {_short(d['second'])})" for d in found["settings_differ"])
        echo(f"the runs differ in more than the model: {', '.join(named)}", err=True)
    echo(json.dumps(found, ensure_ascii=False) if as_json else text(found))


def _sides(first: Path, second: Path, setups: tuple[str, ...]) -> "tuple[Side, Side]":
    from mtchat.bench.figures.compare import Side, choose
    from mtchat.bench.results import read

    if len(setups) > 2:
        raise CommandError("--setup names at most two setups: A's and B's")
    folders = (first, second)
    readings = [read(folder) for folder in folders]
    for reading in readings:
        if reading.dropped:
            echo(reading.dropped, err=True)
    wanted = setups if len(setups) == 2 else _each(readings, setups[0] if setups else "")
    chosen = [choose(r, str(f), w) for r, f, w in zip(readings, folders, wanted, strict=True)]
    one, two = (Side(str(f), *c, _told(f)) for f, c in zip(folders, chosen, strict=True))
    return one, two


def _each(readings: list[Any], wanted: str) -> tuple[str, ...]:
    """`wanted` for each folder that has such a setup; there is one that has."""
    has = [any(digest.startswith(wanted) for digest in reading.setups) for reading in readings]
    return tuple(wanted if there or not any(has) else "" for there in has)


def _told(folder: Path) -> dict[str, dict[str, Any]]:
    """What the run's summary says of each problem; nothing where there is none that can be read."""
    try:
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
        return {entry["id"]: {"name": entry["name"], "category": entry["category"]} for entry in summary["per_problem"]}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def text(found: Mapping[str, Any]) -> str:
    """The comparison for a person to read; Markdown that needs no rendering."""
    parts = [_runs(found), _headline(found), _categories(found), _changed(found), _unshared(found)]
    return "\n\n".join(part for part in parts if part)


def _runs(found: Mapping[str, Any]) -> str:
    from mtchat.bench.figures.report import percent, table

    rows = [
        (
            mark,
            run["name"],
            run["model"],
            f"{run['benchmark']}, {run['mode']}-turn",
            run["n"],
            run["setup"],
            percent(rate),
        )
        for mark, run, rate in (
            ("A", found["first"], found["first_pass_rate"]),
            ("B", found["second"], found["second_pass_rate"]),
        )
    ]
    return table(("", "folder", "model", "benchmark", "samples", "setup", "pass rate where shared"), rows, left=4)


def _headline(found: Mapping[str, Any]) -> str:
    over = f"over {counted(found['problems'], 'problem')}, {counted(found['cases'], 'case')}"
    said = f"B minus A: {_points(found['difference'])} points {over}"
    if found["p"] is None:
        return f"{said}; one problem is too few for an interval."
    if found["ci95"] is None:
        return f"{said}; no interval, for all problems differ by the same, p {found['p']:.4f}."
    return f"{said}; 95 % interval {_interval(found)}, p {found['p']:.4f}."


def _categories(found: Mapping[str, Any]) -> str:
    from mtchat.bench.figures.report import percent, table

    rows = [
        (
            name,
            figures["problems"],
            percent(figures["first_pass_rate"]),
            percent(figures["second_pass_rate"]),
            _points(figures["difference"]),
            _interval(figures),
            "–" if figures["p"] is None else f"{figures['p']:.3f}",
        )
        for name, figures in found["by_category"].items()
    ]
    head = ("category", "problems", "A", "B", "B − A", "95 %", "p")
    return table(head, rows) if len(rows) > 1 else ""


def _changed(found: Mapping[str, Any]) -> str:
    from mtchat.bench.figures.report import percent, table

    rows = [
        (c["id"], c["name"] or "", percent(c["first"]), percent(c["second"]), _points(c["difference"]))
        for c in found["changed"]
    ]
    return table(("id", "problems that changed most", "A", "B", "B − A"), rows, left=2) if rows else ""


def _unshared(found: Mapping[str, Any]) -> str:
    lines = []
    for mark, key in (("A", "only_first"), ("B", "only_second")):
        only = found[key]
        if only["cases"]:
            named = (
                f" (as a whole: problem{'s' * (len(only['problems']) > 1)} {_listed(only['problems'])})"
                if only["problems"]
                else ""
            )
            lines.append(f"Not compared: {counted(only['cases'], 'case')} that only {mark} has{named}.")
    return "\n".join(lines)


def _listed(ids: list[str], most: int = 12) -> str:
    return ", ".join(ids[:most]) + (f" and {len(ids) - most} more" if len(ids) > most else "")


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f}"


def _interval(figures: Mapping[str, Any]) -> str:
    return "–" if figures["ci95"] is None else " to ".join(_points(bound) for bound in figures["ci95"])


def _short(value: object) -> str:
    shown = "none" if value is None else str(value)
    return shown if len(shown) <= 24 else f"{shown[:12]}…"
