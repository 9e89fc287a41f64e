"""`mtchat train`: make the embedded model again from a seed, look at its corpus, measure it.

Knows: options, progress on the terminal, how to go on after Ctrl-C. Leaves to others: the work (`mtchat.train`,
imported only when a command runs: torch is not needed for `--help`) and exit codes of errors (`mtchat.cli`).
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mtchat.train.calibrate import Trial
    from mtchat.train.evaluate import Score
    from mtchat.train.trainer import Progress

EMBEDDED = Path(__file__).parent.parent / "models" / "embedded"
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(invoke_without_command=True)
@click.option("--out", type=FOLDER, help="Working folder: tokenizer, checkpoint, and the packed model in embedded/.")
@click.option("--seed", type=int, help="Everything random follows from it (0).")
@click.option("--tokens", type=click.IntRange(min=0), default=0, help="Budget in tokens (repeatable).")
@click.option("--minutes", type=click.FloatRange(min=0), default=0.0, help="Budget in minutes of training.")
@click.option("--decay", type=click.FloatRange(0, 1), help="The last part of the budget, with falling rates (0.3).")
@click.option("--sampled", type=click.FloatRange(0, 0.5), help="Share of what `train sample` made (0).")
@click.option("--width", type=click.IntRange(min=8), help="Of the hidden states (320).")
@click.option("--layers", type=click.IntRange(min=1), help="Blocks (6).")
@click.option("--heads", type=click.IntRange(min=4), help="A multiple of four (8).")
@click.option("--batch", type=click.IntRange(min=1024), help="Tokens in a step (8192).")
@click.option(
    "--resume", is_flag=True, help="Go on with the run in the folder (with another budget and decay if given)."
)
@click.pass_context
def train(context: click.Context, out: Path | None, tokens: int, minutes: float, resume: bool, **shape: Any) -> None:
    """Train the embedded model: corpus, tokenizer, training, packing."""
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise click.UsageError("say where to work: --out DIR (or use a subcommand: corpus, skills, pack, evaluate)")
    if tokens and minutes:
        raise click.UsageError("--tokens and --minutes are two ways to give one budget; choose one")
    from mtchat.train.build import build

    out.mkdir(parents=True, exist_ok=True)
    for number in (signal.SIGINT, signal.SIGTERM):  # in the background of a shell Ctrl-C's signal would be ignored
        signal.signal(number, signal.default_int_handler)
    try:
        manifest = build(out, resume=resume, report=show_progress, tokens=tokens, minutes=minutes, **shape)
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
@click.argument("folder", type=FOLDER)
@click.option("--count", type=click.IntRange(min=1), default=1000, show_default=True, help="Turns to ask for.")
@click.option("--n", type=click.IntRange(min=2), default=8, show_default=True, help="Programs for each.")
@click.option("--temperature", type=click.FloatRange(min=0.1), default=0.8, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
def sample(folder: Path, count: int, n: int, temperature: float, seed: int) -> None:
    """Let the packed model of the working FOLDER write programs for fresh turns; keep the right ones to learn from.

    Then go on with: mtchat train --out FOLDER --resume --sampled 0.2 --tokens N
    """
    from mtchat.train import sampling, tokenizer
    from mtchat.train.build import SHIPPED
    from mtchat.train.corpus import Recipe
    from mtchat.train.evaluate import load

    def show(asked: int, own: int, hard: int) -> None:
        click.echo(f"\r{asked:,} turns, {own:,} own programs, {hard:,} beyond it   ", nl=False, err=True)

    model = load(folder / SHIPPED)
    recipe = Recipe(seed=seed, tokens=tokenizer.words(tokenizer.load(folder / SHIPPED)))
    into = folder / sampling.FOLDER
    kept = sampling.sample(model, into, count, n=n, temperature=temperature, seed=seed, recipe=recipe, report=show)
    click.echo(f"\n{into}: {kept:,} programs more")


@train.command()
@click.argument("folder", type=FOLDER)
@click.argument("picture", type=click.Path(dir_okay=False, path_type=Path))
def curve(folder: Path, picture: Path) -> None:
    """Draw the loss of the run in the working FOLDER to PICTURE, a PNG or SVG file."""
    from mtchat.train.build import read
    from mtchat.train.curve import draw

    progress = read(folder)[1]["progress"]
    draw(progress["losses"], progress["tokens"], picture)
    click.echo(f"{picture}: {len(progress['losses']):,} steps, {progress['tokens']:,} tokens")


@train.command()
@click.argument("folder", type=FOLDER, required=False)
@click.option("--count", type=click.IntRange(min=1), default=200, show_default=True, help="Turns in each set.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--wrong", is_flag=True, help="Show some of the turns that were wrong.")
@click.option("--keep", is_flag=True, help="Keep the figures in the model's folder (see mtchat train figures).")
def evaluate(folder: Path | None, count: int, seed: int, wrong: bool, keep: bool) -> None:
    """Measure a packed model (the embedded one unless FOLDER is given) by running what it writes."""
    from mtchat.train import evaluate as measure

    def show(name: str, score: Score) -> None:
        low, high = score.interval
        click.echo(
            f"{name:<24}{score.right:>5} of {score.total:<5}{score.right / max(score.total, 1):7.1%}"
            f"   ({low:.1%} to {high:.1%})"
        )
        for intent, reference, written in score.wrong if wrong else []:
            click.echo(f"    # {intent}\n    wanted  {reference!r}\n    written {written!r}")

    found = measure.evaluate(folder or EMBEDDED, count, seed, show)
    if keep:
        from mtchat.cli.figures import of_score
        from mtchat.models import figures

        command = f"mtchat train evaluate --count {count} --seed {seed}"
        new = [of_score(f"turns, {name}", score, command) for name, score in found.items()]
        figures.keep(folder or EMBEDDED, new)


@train.command("figures")
@click.argument("folder", type=FOLDER)
@click.argument("runs", type=click.Path(file_okay=False, exists=True, path_type=Path), nargs=-1)
def figures_command(folder: Path, runs: tuple[Path, ...]) -> None:
    """Keep what RUNS of mtchat bench (their --out folders) measured of the packed model in FOLDER, and show all it has.

    They lie in FOLDER/figures.json, with the weights' sha256, and are shown by `mtchat models`; printed here as rows
    for the model's card. `mtchat train evaluate --keep` adds its own.
    """
    from mtchat.cli.figures import of_run
    from mtchat.models import figures

    new = [of_run(run, folder) for run in runs]
    for row in figures.rows(figures.keep(folder, new) if new else figures.read(folder)):
        click.echo(row)


@train.command()
@click.argument("folder", type=FOLDER)
@click.option("--count", type=click.IntRange(min=1), default=300, show_default=True, help="Turns in each set.")
@click.option("--seed", type=int, default=0, show_default=True)
def calibrate(folder: Path, count: int, seed: int) -> None:
    """Find when a packed model's code is to be doubted, and keep that in its FOLDER as calibration.json.

    The model writes generated turns; the threshold is the highest confidence that at most one right turn in ten lies
    below. mtchat then says so where a turn lies below it.
    """
    from mtchat.train.calibrate import calibrate as find

    def show(name: str, made: Sequence[Trial]) -> None:
        click.echo(f"{name:<24}{sum(trial.right for trial in made):>5} of {len(made):<5} right")

    found = find(folder, count, seed, show)
    click.echo(
        f"below {found.threshold:.3f} ({found.measure}) {found.right_below:.0%} of turns are right, above "
        f"{found.right_above:.0%}; {found.recall:.0%} of the wrong ones are doubted (AUC {found.auc:.2f}, "
        f"{found.n} other turns)"
    )
