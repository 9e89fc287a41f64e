"""`mtchat bench mtpb`, `humaneval` and `sessions`: how good a model is.

Knows the commands' flags and what is printed at the end. Leaves to others: what is measured (`mtchat.bench.setups`),
carrying it out (`mtchat.bench.campaign`).
"""

import json
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mtchat.cli.options import model_options, sampling_options, sandbox_options
from mtchat.errors import CommandError
from mtchat.repl.plain import echo

if TYPE_CHECKING:
    from mtchat.bench.campaign import Finished
    from mtchat.config import Settings

Command = TypeVar("Command", bound=Callable[..., Any])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


def run_options(command: Command) -> Command:
    """Add what every run of a benchmark takes."""
    for option in reversed(
        (
            click.option("--out", type=_FOLDER, metavar="DIR", help="Keep results there; the same command goes on."),
            click.option("--samples", type=click.IntRange(1), metavar="N", help="Samples a case."),
            click.option("--ids", metavar="ID,ID", help="Only these problems."),
            click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N problems."),
            click.option("--batch", type=click.IntRange(1), default=32, show_default=True, help="Samples at a time."),
            click.option("--workers", type=click.IntRange(1), help="Sandboxes at a time, on each machine."),
            click.option("--ray", metavar="ADDRESS", help="Spread the work: local, auto, HOST:PORT or ray://…"),
            click.option(
                "--policy",
                type=click.Choice(["restricted", "open"]),
                default="restricted",
                show_default=True,
                help="open: no language layer, the kernel's isolation alone.",
            ),
            click.option("--json", "as_json", is_flag=True, help="The summary as the last line of standard output."),
            click.option("--quiet", is_flag=True, help="No progress."),
        )
    ):
        command = option(command)
    return sandbox_options(model_options(sampling_options(command)))


@click.command("mtpb")
@click.option("--problems", type=_FILE, required=True, metavar="FILE", help="Problems, JSON lines (docs/bench.md).")
@click.option("--datasets", type=_FOLDER, metavar="DIR", help="Where the files are that problems read.")
@click.option("--single-turn", is_flag=True, help="Beside it, the same with all prompts in one turn.")
@click.option(
    "--single-cut",
    type=click.Choice(["paper", "program"]),
    default="paper",
    show_default=True,
    help="Where a single turn's completion ends: as any turn's, or where the program does.",
)
@click.option("--select", is_flag=True, help="Sample --candidates a turn and go on with the one chosen by execution.")
@click.option(
    "--rules",
    type=click.Choice(["reference", "strict"]),
    default="reference",
    show_default=True,
    help="What passes: as the benchmark's own grader says, or as a careful person would.",
)
@click.option("--rule", "changes", multiple=True, metavar="NAME=VALUE", help="One rule otherwise (docs/grading.md).")
@click.option("--no-perplexity", is_flag=True, help="Leave out the prompts' perplexity.")
@run_options
def mtpb_command(problems: Path, rules: str, changes: tuple[str, ...], no_perplexity: bool, **flags: Any) -> None:
    """Programs written over several turns: MTPB, or any file of that layout.

    The paper's prefix, sampling (40 samples a case, temperature 0.2, top-p 0.95) and judge, unless flags say
    otherwise. The programs run in the sandbox: once as a whole, which counts, and turn by turn as the REPL does.
    """
    from mtchat.bench import mtpb, setups
    from mtchat.bench.reading import digest

    wanted = setups.Wanted(
        digest(problems),
        policy=flags["policy"],
        rules=_rules(rules, changes),
        select=flags["select"],
        single_turn=flags["single_turn"],
        single_cut=flags["single_cut"],
        perplexity=not no_perplexity,
        datasets=flags["datasets"],
    )
    read = mtpb.read(problems)  # all of them make the setup: --ids and --limit leave it what it is
    _measure(
        flags,
        read,
        lambda settings, subject: setups.mtpb(settings, wanted, subject, read),
        samples=setups.SAMPLES,
    )


@click.command("humaneval")
@click.option("--problems", type=_FILE, required=True, metavar="FILE", help="HumanEval.jsonl or .jsonl.gz.")
@click.option("--k", "ks", default="1,10,100", show_default=True, metavar="K,K", help="Which pass@k.")
@click.option("--at", "pairs", multiple=True, metavar="K=T", help="The temperature for a k.  [default: the paper's]")
@run_options
def humaneval_command(problems: Path, ks: str, pairs: tuple[str, ...], **flags: Any) -> None:
    """Functions from signature and docstring: pass@k, each k at the temperature the paper took it at.

    Those are 0.2 for pass@1, 0.6 for pass@10 and 0.8 for pass@100; 200 samples a problem as there, unless --samples
    says less. A k above --samples is left out. --temperature sets one for all.
    """
    from mtchat.bench import humaneval, setups
    from mtchat.bench.reading import digest
    from mtchat.cli.common import settings_of

    wanted = setups.Wanted(digest(problems), policy=flags["policy"])
    at = _temperatures(ks, pairs, flags["samples"], settings_of(flags))
    _measure(
        flags,
        humaneval.read(problems),
        lambda settings, subject: setups.human_eval(settings, wanted, subject, at.values()),
        samples=humaneval.SAMPLES,
        at=at,
    )


@click.command("sessions")
@click.argument("sessions", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "--history",
    type=click.Choice(["own", "recorded"]),
    default="own",
    show_default=True,
    help="What the model sees before a turn: its own earlier code, or the recorded.",
)
@run_options
def sessions_command(sessions: tuple[str, ...], history: str, **flags: Any) -> None:
    """Saved sessions as problems: the model writes each turn again, and must do what the record says it did.

    A session is a path or a name in the sessions folder. One sample a session, the likeliest, unless flags say
    otherwise.
    """
    from mtchat.bench import setups
    from mtchat.bench.reading import digest
    from mtchat.bench.sessions import read
    from mtchat.cli.common import say, settings_of
    from mtchat.session import resolve

    settings = settings_of(flags)
    paths = [resolve(name, settings.sessions_dir) for name in sessions]
    for name, path in zip(sessions, paths, strict=True):
        if not path.is_file():
            folder = f"{name} is a folder: name the sessions in it"
            raise CommandError(folder if Path(name).is_dir() else f"{name} is no session: there is no file {path}")
    wanted = setups.Wanted(digest(*paths), policy=flags["policy"], history=history)
    if not _asked(settings, "temperature") and flags["samples"] is None:
        flags["greedy"] = True
    _measure(
        flags,
        read(paths, settings, say),
        lambda settings, subject: setups.sessions(settings, wanted, subject),
        samples=1,
    )


def _rules(name: str, changes: Sequence[str]) -> dict[str, Any]:
    import msgspec

    from mtchat.bench.grader import REFERENCE, STRICT, changed

    return dict(msgspec.to_builtins(changed({"reference": REFERENCE, "strict": STRICT}[name], changes)))


def _temperatures(ks: str, pairs: Sequence[str], samples: int | None, settings: "Settings") -> dict[int, float]:
    """k -> temperature, for the ks that there are samples for."""
    from mtchat.bench.humaneval import SAMPLES, TEMPERATURES

    try:
        wanted = sorted({int(k) for k in ks.split(",")})
        given = {int(k): float(t) for k, _, t in (pair.partition("=") for pair in pairs)}
    except ValueError:
        raise CommandError("--k takes numbers such as 1,10 and --at pairs such as 10=0.6") from None
    if idle := [k for k in given if k not in wanted]:
        raise CommandError(
            f"--at {idle[0]}={given[idle[0]]:g}: --k does not ask for pass@{idle[0]}: add it, or leave --at out"
        )
    if unfit := [k for k, t in given.items() if not 0 <= t < math.inf]:
        raise CommandError(f"--at {unfit[0]}={given[unfit[0]]:g}: a temperature is a number of at least 0")
    samples = 1 if settings.greedy else samples or SAMPLES
    ks_there = [k for k in wanted if 1 <= k <= samples]
    if not ks_there:
        raise CommandError(f"--k {ks}: no k is between 1 and the number of samples, {samples}")
    nearest = {k: TEMPERATURES[max(t for t in TEMPERATURES if t <= k)] for k in ks_there}
    if _asked(settings, "temperature"):
        nearest = dict.fromkeys(ks_there, settings.temperature)
    return {k: given.get(k, nearest[k]) for k in ks_there}


def _asked(settings: "Settings", name: str) -> bool:
    """Whether a flag says so, of this command or before its name."""
    return settings.sources.get(name) == f"--{name}"


def _measure(
    flags: dict[str, Any],
    problems: Sequence[Any],
    setups: Callable[..., Sequence[Any]],
    samples: int,
    at: Mapping[int, float] | None = None,
) -> None:
    """Carry a run out, print what came of it, and exit."""
    from mtchat.bench.campaign import Plan, campaign
    from mtchat.bench.choosing import chosen
    from mtchat.cli.common import settings_of
    from mtchat.repl.interrupt import Cancel, interruptible

    settings = settings_of(flags)
    _refuse_idle(flags)
    if settings.greedy and (flags["samples"] or samples) > 1:
        if flags["samples"]:
            echo("greedily every sample is the same: one a case is taken", err=True)
        flags["samples"] = 1
    plan = Plan(
        problems=chosen(problems, flags["ids"], flags["limit"]),
        setups=setups,
        samples=flags["samples"] or samples,
        batch=flags["batch"],
        at=dict(at or {}),
    )
    try:
        with interruptible(Cancel()) as cancel, _workers(flags, settings, cancel) as workers:
            finished = campaign(plan, settings, workers, flags["out"], quiet=flags["quiet"], cancel=cancel)
    except KeyboardInterrupt:  # only loading lets it through
        echo("stopped while the model was being loaded", err=True)
        raise SystemExit(130) from None
    _say(finished, flags, cancel.is_set())


def _refuse_idle(flags: Mapping[str, Any]) -> None:
    """Raises CommandError for a flag that would change nothing."""
    if flags["candidates"] and "select" not in flags:
        raise CommandError("--candidates does nothing here: --samples says how many are written and judged")
    if flags["candidates"] and not flags["select"]:
        raise CommandError("--candidates is how many --select chooses among: give both or neither")
    if flags.get("single_cut", "paper") != "paper" and not flags["single_turn"]:
        raise CommandError("--single-cut says where a completion of --single-turn ends: give both or neither")


def _workers(flags: Mapping[str, Any], settings: Any, cancel: threading.Event) -> Any:
    """Who does the work: this machine, or a cluster."""
    import functools
    import os

    from mtchat.bench.desk import Desk
    from mtchat.bench.runner import Local
    from mtchat.cli.common import say
    from mtchat.models import load_for
    from mtchat.repl.interrupt import impatient

    if flags["ray"]:
        from mtchat.bench.cluster import Cluster, Share

        share = Share(judges=flags["workers"])
        return Cluster(flags["ray"], settings, datasets=flags.get("datasets"), cancel=cancel, share=share, say=say)
    reduced = settings.allow_reduced_isolation
    desk = functools.partial(Desk, datasets=flags.get("datasets"), allow_reduced=reduced)
    model = functools.cache(impatient(lambda: load_for(settings)))
    return Local(model, desk, flags["workers"] or os.cpu_count() or 1, cancel)


def _say(finished: "Finished", flags: Mapping[str, Any], cancelled: bool) -> None:
    if cancelled:
        kept = f"; the same command goes on from {flags['out']}" if flags["out"] else "; with --out it could go on"
        echo(f"stopped after {finished.done} of {finished.wanted} samples{kept}", err=True)
        raise SystemExit(130)
    if flags["as_json"]:
        echo(json.dumps(finished.summary, ensure_ascii=False))
    else:
        echo(finished.report)
    for path in finished.files:
        echo(f"wrote {path}", err=True)
