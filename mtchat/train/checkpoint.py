"""A training run on disk: weights, their average, the optimizers' memory and where the run is, in small files.

Knows: the folder `checkpoint/` (safetensors of at most 16 MB each, so that a run moves between machines, and one JSON
file), how it is replaced whole or not at all. Leaves to others: what the values mean (`trainer`).
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

FOLDER, FACTS = "checkpoint", "state.json"
LIMIT = 15_500_000  # bytes of tensors in one file

Tensors = dict[str, Tensor]


def split(tensors: Tensors, limit: int = LIMIT) -> list[Tensors]:
    """The tensors in order, in groups of at most `limit` bytes (a larger tensor is a group of its own)."""
    groups, size = list[Tensors](), 0
    for name, tensor in tensors.items():
        if not groups or size + tensor.nbytes > limit:
            groups.append({})
            size = 0
        groups[-1][name] = tensor
        size += tensor.nbytes
    return groups


def save(folder: Path, tensors: Tensors, facts: dict[str, Any]) -> None:
    """Write `folder/checkpoint` anew; what was there is removed only when the new one is complete."""
    from safetensors.torch import save_file

    new, old = folder / f"{FOLDER}.part", folder / f"{FOLDER}.old"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for number, group in enumerate(split({n: t.detach().cpu().contiguous() for n, t in tensors.items()})):
        save_file(group, new / f"part-{number:03d}.safetensors")
    (new / FACTS).write_text(json.dumps(facts) + "\n", encoding="utf-8")
    shutil.rmtree(old, ignore_errors=True)
    if (folder / FOLDER).exists():
        os.replace(folder / FOLDER, old)
    os.replace(new, folder / FOLDER)
    shutil.rmtree(old, ignore_errors=True)


def exists(folder: Path) -> bool:
    """Whether there is a checkpoint in the working folder."""
    return any((folder / name / FACTS).is_file() for name in (FOLDER, f"{FOLDER}.old"))


def load(folder: Path) -> tuple[Tensors, dict[str, Any]]:
    """Tensors and facts as saved; FileNotFoundError where there is no checkpoint."""
    from safetensors.torch import load_file

    found = folder / FOLDER
    if not (found / FACTS).is_file():  # killed between the two renames
        found = folder / f"{FOLDER}.old"
    facts: dict[str, Any] = json.loads((found / FACTS).read_text(encoding="utf-8"))
    tensors: Tensors = {}
    for path in sorted(found.glob("part-*.safetensors")):
        tensors |= load_file(path)
    return tensors, facts


def remembered(optimizers: list[torch.optim.Optimizer]) -> Tensors:
    """What the optimizers keep of each parameter, by name."""
    kept: Tensors = {}
    for number, optimizer in enumerate(optimizers):
        for index, state in optimizer.state_dict()["state"].items():
            for name, tensor in state.items():
                kept[f"optimizer.{number}.{index}.{name}"] = tensor
    return kept


def remind(optimizers: list[torch.optim.Optimizer], tensors: Tensors) -> None:
    """Give the optimizers back what `remembered` took."""
    for number, optimizer in enumerate(optimizers):
        whole = optimizer.state_dict()
        state: dict[int, dict[str, Tensor]] = {}
        for key, tensor in part(tensors, f"optimizer.{number}.").items():
            index, name = key.split(".", 1)
            state.setdefault(int(index), {})[name] = tensor
        optimizer.load_state_dict({**whole, "state": state})


def part(tensors: Tensors, prefix: str) -> Tensors:
    """The tensors whose names begin with `prefix`, without it."""
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
