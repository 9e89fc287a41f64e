"""`mtchat bench latency` and `mtchat bench sandbox`: how fast this program is.

Knows the commands' flags and how their figures are shown. Leaves to others: measuring (`mtchat.bench`).
"""

import json
import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mtchat.bench.speed.latency import Waits
    from mtchat.bench.speed.sandbox import Figures, Sizes


@click.command("latency")
@click.option("--model", metavar="NAME", help="Measure this model instead of random weights.")
@click.option("--shape", default="350M", show_default=True, metavar="SHAPE", help="Random weights: 350M or tiny.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda, cuda:N or mps.")
@click.option("--dtype", default="auto", show_default=True, help="auto, float32, bfloat16, float16 or int8.")
@click.option("--repeats", type=click.IntRange(1), default=3, show_default=True, help="Conversations to measure.")
@click.option("--seed", type=int, default=0, show_default=True, help="What the conversations are made from.")
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON.")
@click.option("--markdown", is_flag=True, help="The section for docs/benchmarks.md.")
def latency_command(
    model: str | None, shape: str, device: str, dtype: str, repeats: int, seed: int, as_json: bool, markdown: bool
) -> None:
    """Time to the first token at turns 1, 5 and 10 of a growing conversation, with the prefix cache and without.

    A turn adds about 20 tokens of text and has 60 generated. Both are timed on the same text, one after the other.
    """
    from mtchat.bench.speed import latency

    subject = latency.prepare(model, shape, device, dtype)
    waits = latency.measure(subject, repeats=repeats, seed=seed, words=model is not None)
    told = latency.report(subject, waits)
    if as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    elif markdown:
        click.echo(_section(told, waits, repeats))
    else:
        click.echo(f"{_about(told)}\n\nTime to the first token, median (min–max) of {repeats}:\n")
        click.echo(latency.table(waits))


def _about(told: dict[str, Any]) -> str:
    machine = told["machine"]
    device = machine["cpu"] if machine["device"] == "cpu" else machine["device"]
    return (
        f"{told['model']}, {told['dtype']}; {device}, {machine['cores']} cores "
        f"({' '.join(machine['flags'])}), {machine['threads']} threads, load {machine['load']}; "
        f"Python {machine['python']}, torch {machine['torch']}, transformers {machine['transformers']}"
    )


def _section(told: dict[str, Any], waits: "list[Waits]", repeats: int) -> str:
    from mtchat.bench.speed.latency import table

    command = shlex.join(["mtchat", *sys.argv[1:]])
    about = f"{_about(told)}; median (min–max) of {repeats} conversations."
    return f"    {command}\n\n{about}\n\n{table(waits, markdown=True)}"


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
