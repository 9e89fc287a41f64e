"""`mtchat bench`: measurements, one command each, loaded when it is called.

Knows which there are. Leaves to others: flags and figures (the commands' modules), measuring (`mtchat.bench`).
"""

import click

from mtchat.cli.lazy import Commands

COMMANDS: dict[str, tuple[str, str]] = {
    "mtpb": ("mtchat.cli.bench_run:mtpb_command", "Programs written over several turns (MTPB)."),
    "humaneval": ("mtchat.cli.bench_run:humaneval_command", "Functions from docstrings (HumanEval)."),
    "sessions": ("mtchat.cli.bench_run:sessions_command", "Saved sessions, written again by a model."),
    "compare": ("mtchat.cli.bench_compare:compare_command", "Two runs side by side, paired."),
    "latency": ("mtchat.cli.bench_speed:latency_command", "The wait for the first token."),
    "sandbox": ("mtchat.cli.bench_speed:sandbox_command", "What the sandbox costs."),
}


@click.group("bench", cls=Commands, table=COMMANDS)
def bench() -> None:
    """Measure models and this program."""
