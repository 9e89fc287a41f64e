"""`mtchat train`: make the embedded model again from a seed, look at its corpus, measure it.

Knows: options, progress on the terminal, how to go on after Ctrl-C. Leaves to others: the work (`mtchat.train`,
imported only when a command runs: torch is not needed for `--help`) and exit codes of errors (`mtchat.cli`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mtchat.train.evaluate import Score
    from mtchat.train.trainer import Progress

EMBEDDED = Path(__file__).parent.parent / "models" / "embedded"
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(invoke_without_command=True)
@click.option("--out", type=FOLDER, help="Working folder: tokenizer, checkpoint, and the packed model in embedded/.")
@click.option("--seed", type=int, default=0, show_default=True, help="Everything random follows from it.")
@click.option("--tokens", type=click.IntRange(min=0), default=0, help="Budget in tokens (repeatable).")
@click.option("--minutes", type=click.FloatRange(min=0), default=0.0, help="Budget in minutes of training.")
@click.option("--resume", is_flag=True, help="Go on with the run in the folder.")
@click.pass_context
def train(context: click.Context, out: Path | None, seed: int, tokens: int, minutes: float, resume: bool) -> None:
    """Train the embedded model: corpus, tokenizer, training, packing."""
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise click.UsageError("say where to work: --out DIR (or use a subcommand: corpus, skills, pack, evaluate)")
    if tokens and minutes:
        raise click.UsageError("--tokens and --minutes are two ways to give one budget; choose one")
    from mtchat.train.build import build
    from mtchat.train.trainer import Plan

    out.mkdir(parents=True, exist_ok=True)
    try:
        manifest = build(out, Plan(seed=seed, tokens=tokens, minutes=minutes), resume=resume, report=show_progress)
    except KeyboardInterrupt:
        click.echo(f"\nStopped; a checkpoint is saved. Go on with: mtchat train --out {out} --resume", err=True)
        context.exit(130)
    click.echo(
        f"\n{out / 'embedded'}: {manifest['name']} {manifest['revision']}, {manifest['trained_tokens']:,} tokens"
    )


def show_progress(progress: Progress, done: float, rate: float) -> None:
    """One line, rewritten: part done, loss, rate, time left."""
    left = progress.seconds * (1 - done) / done / 60 if done else 0.0
    line = (
        f"{done:6.1%}  {progress.tokens:,} tokens  loss {progress.loss:.3f}  {rate:,.0f} tokens/s  {left:.0f} min left"
    )
    click.echo(f"\r{line:<76}", nl=False, err=True)


@train.command()
@click.option("--show", type=click.IntRange(min=1), default=3, show_default=True, help="How many conversations.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--stream", type=int, default=0, show_default=True, help="Which of the seed's streams.")
@click.option(
    "--hold", type=str, default="", help="Show what is held out: skills, phrasings, words, combinations, pairs."
)
@click.option("--stats", type=click.IntRange(min=1), help="Figures over so many conversations, instead of showing any.")
def corpus(show: int, seed: int, stream: int, hold: str, stats: int | None) -> None:
    """Print conversations as the model sees them in training, or figures about them."""
    from itertools import islice

    from mtchat.train.corpus import END, Recipe, conversations, holdout, layout

    if hold and hold not in holdout.SETS:
        raise click.UsageError(f"--hold {hold}: there are {', '.join(holdout.SETS)}")
    if stats:
        from mtchat.train import stats as figures
        from mtchat.train import tokenizer as bpe

        for line in figures.report(stats, seed, bpe.load(EMBEDDED)):
            click.echo(line)
        return
    for conversation in islice(conversations(Recipe(seed=seed, hold=hold), stream), show):
        click.echo("".join(text for text, _ in layout(conversation)) + END)


@train.command()
@click.option("--show", type=click.IntRange(min=1), default=3, show_default=True, help="How many pieces.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--stream", type=int, default=0, show_default=True, help="Which of the seed's streams.")
@click.option("--kind", type=click.Choice(["pieces", "texts", "whole"]), default="pieces", show_default=True)
@click.option("--licences", is_flag=True, help="List what is read, under which licence, instead of showing any.")
@click.option("--stats", type=click.IntRange(min=1), help="Figures over so many files, instead of showing any.")
def realcode(show: int, seed: int, stream: int, kind: str, licences: bool, stats: int | None) -> None:
    """Print what is made of real code: permissively licensed Python that is installed here."""
    from itertools import islice

    from mtchat.train import realcode as real
    from mtchat.train.corpus import END, layout

    if licences:
        for name, version, terms, files in real.licences():
            click.echo(f"{name + ' ' + version:<32}{files:>6} files  {terms}")
    elif stats:
        from mtchat.train import tokenizer as bpe
        from mtchat.train.realcode import stats as figures

        for line in figures.report(stats, seed, bpe.load(EMBEDDED)):
            click.echo(line)
    elif kind == "pieces":
        for piece in islice(real.pieces(seed, stream), show):
            click.echo("".join(text for text, _ in layout(piece)) + END)
    else:
        for text in islice(real.texts(seed, stream) if kind == "texts" else real.whole(seed, stream), show):
            click.echo(f"{text}\n\n{END}")


@train.command()
@click.argument("files", type=click.Path(dir_okay=False, exists=True, path_type=Path), nargs=-1)
@click.option("--examples", type=click.IntRange(min=0), default=20, show_default=True, help="About how many to print.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.pass_context
def skills(context: click.Context, files: tuple[Path, ...], examples: int, seed: int) -> None:
    """Check skill FILES (all of the package's unless given): they read, run, agree with themselves and can be said.

    How to write one: mtchat/train/skills/README.md.
    """
    from mtchat.train.check import check
    from mtchat.train.corpus.skill import FOLDER

    faulty = 0
    for path in files or sorted(FOLDER.glob("*.skills")):
        reports = list(check(path, examples, seed))
        for report in reports:
            for example in report.examples:
                click.echo(f"{example}\n")
        for report in (r for r in reports if r.faults):
            click.echo(f"{path.name}: {report.name}\n" + "".join(f"    {fault}\n" for fault in report.faults), nl=False)
        wrong = sum(bool(r.faults) for r in reports)
        faulty += wrong
        more, said = sum(r.derived for r in reports), sum(r.phrasings for r in reports)
        click.echo(f"{path.name}: {len(reports)} skills, {said} phrasings, {more} derived skills, {wrong} with faults")
    context.exit(1 if faulty else 0)


@train.command("pack")
@click.argument("folder", type=FOLDER)
@click.argument("out", type=FOLDER)
def pack_command(folder: Path, out: Path) -> None:
    """Pack the checkpoint of the working FOLDER to OUT."""
    from mtchat.train.build import pack_up

    manifest = pack_up(folder, out)
    click.echo(f"{out}: {manifest['name']} {manifest['revision']}, {manifest['trained_tokens']:,} tokens")


@train.command()
@click.argument("folder", type=FOLDER, required=False)
@click.option("--count", type=click.IntRange(min=1), default=200, show_default=True, help="Turns in each set.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--wrong", is_flag=True, help="Show some of the turns that were wrong.")
def evaluate(folder: Path | None, count: int, seed: int, wrong: bool) -> None:
    """Measure a packed model (the embedded one unless FOLDER is given) by running what it writes."""
    from mtchat.errors import ModelError
    from mtchat.train import evaluate as measure

    folder = folder or EMBEDDED
    if not (folder / "model.safetensors").is_file():
        raise ModelError(f"{folder} holds no packed model; make one with: mtchat train --out DIR")

    def show(name: str, score: Score) -> None:
        click.echo(f"{name:<24}{score.right:>5} of {score.total:<5}{score.right / max(score.total, 1):7.1%}")
        for intent, reference, written in score.wrong if wrong else []:
            click.echo(f"    # {intent}\n    wanted  {reference!r}\n    written {written!r}")

    measure.evaluate(folder, count, seed, show)
