"""From a seed to the folder that ships: tokenizer, training, packing, in one working folder.

Knows: what lies where in that folder (`tokenizer/`, `checkpoint/`, `embedded/`) and what resuming needs. Leaves to
others: each step.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from mtchat.errors import ConfigError, ModelError
from mtchat.train import checkpoint, pack, sampling, tokenizer, trainer

SHIPPED = "embedded"
MAY_CHANGE = ("tokens", "minutes", "decay", "sampled")


def build(
    folder: Path, *, resume: bool = False, report: trainer.Report | None = None, **settings: Any
) -> dict[str, Any]:
    """Run every step that `folder` still lacks; the manifest of `folder/embedded`.

    `settings` are fields of `trainer.Plan`, None where nothing is said; of a run that is gone on with, tokens, minutes,
    decay and sampled may change.
    Raises ConfigError where `folder` and `resume` do not fit together or another setting of a begun run would change,
    ModelError where a checkpoint cannot be read.
    KeyboardInterrupt passes, after a checkpoint is saved.
    """
    said = {name: value for name, value in settings.items() if value is not None}
    if resume:
        plan = continued(folder, **said)
    else:
        plan = fresh(folder, trainer.Plan(**said))
    if plan.sampled and not any((folder / sampling.FOLDER).glob("*.jsonl")):
        raise ConfigError(f"{folder} holds no sampled programs; make some with: mtchat train sample {folder}")
    if not (folder / "tokenizer" / "tokenizer.json").is_file():
        tokenizer.train(plan.seed, folder / "tokenizer")
    trainer.run(folder, plan, resume=resume, report=report)
    return pack_up(folder, folder / SHIPPED)


def pack_up(folder: Path, out: Path) -> dict[str, Any]:
    """Pack the averaged weights of a working folder's checkpoint to `out`; the manifest."""
    tensors, facts = read(folder)
    return pack.pack(checkpoint.part(tensors, "average."), facts, folder / "tokenizer", out)


def read(folder: Path) -> tuple[checkpoint.Tensors, dict[str, Any]]:
    """The checkpoint of a working folder; ModelError where there is none or it is broken."""
    try:
        return checkpoint.load(folder)
    except FileNotFoundError as error:
        raise ModelError(f"{folder} holds no checkpoint; train there first: mtchat train --out {folder}") from error
    except Exception as error:
        raise ModelError(f"{folder / checkpoint.FOLDER} cannot be read ({error}); remove it and train again") from error


def fresh(folder: Path, plan: trainer.Plan) -> trainer.Plan:
    """The plan, for a folder that holds no run yet."""
    if checkpoint.exists(folder):
        raise ConfigError(f"{folder} already holds a training run; add --resume to go on with it or give another --out")
    if not plan.tokens and not plan.minutes:
        raise ConfigError("a training run needs a budget: --tokens N or --minutes M")
    return plan


def continued(folder: Path, **changes: Any) -> trainer.Plan:
    """The plan of the run in `folder` with another budget, decay or share; a budget of 0 says nothing."""
    kept = trainer.read_plan(read(folder)[1])
    for name, value in changes.items():
        if name not in MAY_CHANGE and value != getattr(kept, name):
            flag = "--" + name.replace("_", "-")
            raise ConfigError(
                f"{flag} {value}: the run in {folder} was begun with {getattr(kept, name)}; leave {flag} out"
            )
    budget = {name: changes[name] for name in ("tokens", "minutes") if changes.get(name)}
    if budget:
        kept = replace(kept, tokens=0, minutes=0.0)
    return replace(kept, **budget, **{name: changes[name] for name in ("decay", "sampled") if name in changes})
