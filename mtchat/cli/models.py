"""`mtchat models`: which models there are, which are on this disk, and how to get the others.

Knows the table's columns. Leaves to others: the catalogue (`mtchat.models.names`).
"""

import dataclasses
import json

import click

from mtchat.models import KnownModel, figures, known_models
from mtchat.repl.plain import echo


@click.command("models")
@click.option("--json", "as_json", is_flag=True, help="A JSON list with every field.")
def models_command(as_json: bool) -> None:
    """List the embedded model, the aliases and what is in the local cache of the hub.

    A model that is not on this disk is downloaded when it is first asked for. Any other name on the hub, and any
    folder with a checkpoint, will do as well.
    """
    known = known_models()
    if as_json:
        echo(json.dumps([dataclasses.asdict(model) for model in known], indent=2))
        return
    rows = [("NAME", "SIZE", "CONTEXT", "LICENCE", "ON DISK", "WHAT IT IS"), *map(_row, known)]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    for row in rows:
        echo("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[5]]))
    for model in (model for model in known if model.figures):
        echo(f"\n{model.name}, share of what was asked that it got right (95 %):")
        for line in figures.lines(model.figures):
            echo(f"  {line}")
    echo("\nUse one with `mtchat --model NAME`; what is not on disk is downloaded on first use.")


def _row(model: KnownModel) -> tuple[str, ...]:
    about = model.about if model.kind == "embedded" else f"{model.about} ({model.source})"
    return (
        model.name,
        "?" if model.parameters is None else _short(model.parameters).replace("G", "B"),
        "?" if model.context is None else str(model.context),
        model.licence or "?",
        "no" if model.bytes is None else f"{_short(model.bytes)}B",
        model.about if model.source == model.name else about,
    )


def _short(number: float) -> str:
    """1234567 -> "1.2M"."""
    for unit in ("", "k", "M", "G"):
        if number < 1000:
            return f"{number:.3g}{unit}"
        number /= 1000
    return f"{number:.3g}T"
