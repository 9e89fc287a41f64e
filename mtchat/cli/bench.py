"""`mtchat bench`: measurements, one command each.

Knows the commands' flags and how their figures are shown. Leaves to others: measuring (`mtchat.bench`).
"""

import json
import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mtchat.bench.latency import Waits


@click.group("bench")
def bench() -> None:
    """Measure models and this program."""


@bench.command("latency")
@click.option("--model", metavar="NAME", help="Measure this model instead of random weights.")
@click.option("--shape", default="350M", show_default=True, metavar="SHAPE", help="Random weights: 350M or tiny.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda, cuda:N or mps.")
@click.option("--dtype", default="auto", show_default=True, help="auto, float32, bfloat16 or float16.")
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
    from mtchat.bench import latency

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
    from mtchat.bench.latency import table

    command = shlex.join(["mtchat", *sys.argv[1:]])
    about = f"{_about(told)}; median (min–max) of {repeats} conversations."
    return f"    {command}\n\n{about}\n\n{table(waits, markdown=True)}"
