"""From a seed to the folder that ships: tokenizer, training, packing, in one working folder.

Knows: what lies where in that folder (`tokenizer/`, `checkpoint.pt`, `embedded/`) and what resuming needs. Leaves to
others: each step.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from mtchat.errors import ConfigError, ModelError
from mtchat.train import pack, tokenizer, trainer

SHIPPED = "embedded"


def build(
    folder: Path, plan: trainer.Plan, *, resume: bool = False, report: trainer.Report | None = None
) -> dict[str, Any]:
    """Run every step that `folder` still lacks; the manifest of `folder/embedded`.

    Raises ConfigError where `folder` and `resume` do not fit together, ModelError where a checkpoint cannot be read.
    KeyboardInterrupt passes, after a checkpoint is saved.
    """
    plan = continued(folder, plan) if resume else fresh(folder, plan)
    if not (folder / "tokenizer" / "tokenizer.json").is_file():
        tokenizer.train(plan.seed, folder / "tokenizer")
    trainer.run(folder, plan, resume=resume, report=report)
    return pack_up(folder, folder / SHIPPED)


def pack_up(folder: Path, out: Path) -> dict[str, Any]:
    """Pack the checkpoint of a working folder to `out`; the manifest."""
    return pack.pack(read(folder), folder / "tokenizer", out)


def read(folder: Path) -> dict[str, Any]:
    """The checkpoint of a working folder; ModelError where there is none or it is broken."""
    try:
        return trainer.load(folder / trainer.CHECKPOINT)
    except FileNotFoundError as error:
        raise ModelError(
            f"{folder} holds no {trainer.CHECKPOINT}; train there first: mtchat train --out {folder}"
        ) from error
    except Exception as error:
        raise ModelError(
            f"{folder / trainer.CHECKPOINT} cannot be read ({error}); remove it and train again"
        ) from error


def fresh(folder: Path, plan: trainer.Plan) -> trainer.Plan:
    """The plan, for a folder that holds no run yet."""
    if (folder / trainer.CHECKPOINT).exists():
        raise ConfigError(f"{folder} already holds a training run; add --resume to go on with it or give another --out")
    if not plan.tokens and not plan.minutes:
        raise ConfigError("a training run needs a budget: --tokens N or --minutes M")
    return plan


def continued(folder: Path, plan: trainer.Plan) -> trainer.Plan:
    """The plan of the run in `folder`, with a new budget where `plan` has one."""
    kept = trainer.Plan(**read(folder)["plan"])
    if plan.tokens or plan.minutes:
        return replace(kept, tokens=plan.tokens, minutes=plan.minutes)
    return kept
