"""`mtchat bench latency` and `mtchat bench sandbox`: how fast this program is.

Knows the commands' flags and how their figures are shown. Leaves to others: measuring (`mtchat.bench`).
"""

import json
import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mtchat.cli.common import say

if TYPE_CHECKING:
    from mtchat.bench.speed.latency import Waits
    from mtchat.bench.speed.sandbox import Figures, Sizes

PARTS = ("decode", "conversation", "candidates", "embedded", "speculation", "memory", "waits")


@click.command("latency")
@click.option("--model", metavar="NAME", help="Measure this model instead of random weights.")
@click.option("--shape", default="350M", show_default=True, metavar="SHAPE", help="Random weights: 350M or tiny.")
@click.option("--device", default="auto", show_default=True, help="Of the waits: auto, cpu, cuda, cuda:N or mps.")
@click.option("--dtype", default="auto", show_default=True, help="As in `mtchat --dtype`.")
@click.option("--repeats", type=click.IntRange(1), default=3, show_default=True, help="Interleaved repeats.")
@click.option("--seed", type=int, default=0, show_default=True, help="What the texts are made from.")
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="Measure this alone (may be repeated).")
@click.option(
    "--sessions",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Saved sessions that guessing ahead is timed on.",
)
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON, on the last line.")
@click.option("--markdown", is_flag=True, help="The section for docs/benchmarks.md.")
def latency_command(as_json: bool, markdown: bool, **flags: Any) -> None:
    """How long a person waits for the model, beside transformers and CTranslate2 (pip install 'mtchat[bench]').

    On a CPU: tokens a second and what share of the memory's bandwidth that is, a conversation of ten turns, candidates,
    the embedded model, guessing ahead, memory; then the time to the first token at turns 1, 5 and 10 with the prefix
    cache and without. All of it takes about 15 minutes at the 350M shape; close other programs.
    """
    told, waits = _measured(**flags)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    command = f"    {shlex.join(['mtchat', *sys.argv[1:]])}\n\n" if markdown else ""
    figures = [(name, "not measured" if told[name] is None else f"{told[name]:g}") for name in told["figures"]]
    tables = [_table([("figure", "value"), *figures], markdown)] if figures else []
    if waits:
        from mtchat.bench.speed.latency import table

        tables.append(table(waits, markdown=markdown))
    spread = f"median (min–max) of {flags['repeats']}"
    click.echo(f"{command}{_about(told)}; {spread}.\n\n" + "\n\n".join(tables))


def _measured(
    model: str | None,
    shape: str,
    device: str,
    dtype: str,
    repeats: int,
    seed: int,
    parts: tuple[str, ...],
    sessions: Path | None,
) -> tuple[dict[str, Any], "list[Waits]"]:
    """(everything measured, for --json; the waits)."""
    from mtchat.bench.speed import headline, latency, made
    from mtchat.models import locate

    wanted, waits, found = parts or PARTS, list["Waits"](), headline.Headline()
    about: dict[str, Any] = {"model": model or f"random-{shape}", "dtype": dtype, "machine": latency.about_machine()}
    with tempfile.TemporaryDirectory(prefix="mtchat-bench-") as work:
        folder = str(locate.find(model).folder) if model else str(made.save(Path(work) / "made", shape, seed))
        plan = headline.Plan(folder, dtype, repeats, seed, Path(work), sessions, words=model is not None)
        if set(wanted) - {"waits"}:
            found = headline.measure(plan, wanted, say)
        if "waits" in wanted:
            subject = latency.prepare(folder, device, dtype)
            waits = latency.measure(subject, repeats=repeats, seed=seed, words=model is not None)
            about |= latency.report(subject, waits)
    told = {**about, "turns": about.pop("turns", []), "notes": found.notes, "raw": found.raw}
    told["machine"] = {**told["machine"], **found.machine}
    return {**told, "figures": list(found.figures), **found.figures}, waits


def _about(told: dict[str, Any]) -> str:
    machine = told["machine"]
    device = machine["cpu"] if machine["device"] == "cpu" else machine["device"]
    noise, read = machine.get("noise"), machine.get("bandwidth_gb_s")
    quiet = f", reads {read} GB/s, the slowest tenth takes {noise['slow']} of the median" if noise else ""
    return (
        f"{told['model']}, {told['dtype']}; {device}, {machine['cores']} cores "
        f"({' '.join(machine['flags'])}), {machine['threads']} threads, load {machine['load']}{quiet}; "
        f"Python {machine['python']}, torch {machine['torch']}, transformers {machine['transformers']}"
    )


@click.command("sandbox")
@click.option("--repeats", type=click.IntRange(1), default=5, show_default=True, help="Rounds of each measurement.")
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON, on one line.")
@click.option("--markdown", is_flag=True, help="The section for docs/benchmarks.md.")
def sandbox_command(repeats: int, as_json: bool, markdown: bool) -> None:
    """What the sandbox costs: a turn, undo, starting, parked snapshots, pure-Python loops.

    A turn is measured beside the round trip of a plain ipykernel (pip install 'mtchat[bench]'), a start beside the
    bare import of numpy and pandas (pip install 'mtchat[data]'), a loop beside CPython. Takes about a minute.
    """
    from mtchat.bench.speed import sandbox

    sizes = sandbox.Sizes(repeats=repeats)
    figures = sandbox.measure(sizes)
    if as_json:
        click.echo(json.dumps(sandbox.report(figures), ensure_ascii=False))
    else:
        click.echo(_sandbox_tables(figures, sizes, markdown))


def _sandbox_tables(figures: "Figures", sizes: "Sizes", markdown: bool) -> str:
    from mtchat.bench.speed.sandbox import loop_rows, rows

    told = figures.machine
    about = (
        f"isolation {figures.isolation}; {told['cpu']}, {told['cores']} cores, load {told['load']}; "
        f"Linux {told['kernel']}, Python {told['python']}; median (min–max) of {sizes.repeats} rounds"
    )
    tables = (
        _table([("measured", "figure", "beside it, and the target"), *rows(figures, sizes)], markdown),
        _table([("loop, ms", "sandbox", "CPython", "times"), *loop_rows(figures)], markdown),
    )
    command = f"    {shlex.join(['mtchat', *sys.argv[1:]])}\n\n" if markdown else ""
    return f"{command}{about}.\n\n" + "\n\n".join(tables)


def _table(lines: list[tuple[str, ...]], markdown: bool) -> str:
    if markdown:
        ruled = [lines[0], ("---",) * len(lines[0]), *lines[1:]]
        return "\n".join(f"| {' | '.join(line)} |" for line in ruled)
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)
