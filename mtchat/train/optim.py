"""Muon for the matrices, AdamW for the rest, and the schedule that both follow.

Knows: which parameter goes where, orthogonalised momentum, warm-up, stable, decay. Leaves to others: the loop
(`trainer`).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from mtchat.train.model import GROUPS


def orthogonalise(g: Tensor) -> Tensor:
    """The nearest orthogonal matrix to each of g (..., rows, columns), roughly: five Newton-Schulz steps, bfloat16."""
    tall = g.shape[-2] > g.shape[-1]
    x = g.mT if tall else g
    x = (x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)).bfloat16()
    for _ in range(5):
        a = x @ x.mT
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return (x.mT if tall else x).to(g.dtype)


def split_qkv(w: Tensor) -> Tensor:
    """CodeGen's (3 width, width) qkv weight as (3, width, width): query, value, key; its own inverse is `join_qkv`."""
    width = w.shape[1]
    return w.view(GROUPS, 3, width // GROUPS, width).transpose(0, 1).reshape(3, width, width)


def join_qkv(w: Tensor) -> Tensor:
    """The inverse of `split_qkv`."""
    width = w.shape[2]
    return w.view(3, GROUPS, width // GROUPS, width).transpose(0, 1).reshape(3 * width, width)


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised; query, key and value are orthogonalised apart."""

    def __init__(
        self, params: list[nn.Parameter], lr: float = 0.025, momentum: float = 0.95, decay: float = 0.01
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[Tensor]] = {}
            for p in group["params"]:
                by_shape.setdefault(p.shape, []).append(p)
            for shape, params in by_shape.items():
                self._move(params, shape, group)

    def _move(self, params: list[Tensor], shape: torch.Size, group: dict[str, Any]) -> None:
        updates = []
        for p in params:
            assert p.grad is not None
            m = self.state[p].setdefault("momentum", torch.zeros_like(p))
            m.lerp_(p.grad, 1 - group["momentum"])
            updates.append(p.grad.lerp(m, group["momentum"]))
        qkv = shape[0] == 3 * shape[1]
        stacked = torch.stack([split_qkv(u) if qkv else u for u in updates])
        scale = max(1.0, stacked.shape[-2] / stacked.shape[-1]) ** 0.5
        for p, o in zip(params, orthogonalise(stacked), strict=True):
            p.mul_(1 - group["lr"] * group["decay"])
            p.add_(join_qkv(o) if qkv else o, alpha=-group["lr"] * scale)


def optimizers(model: nn.Module, *, matrix_lr: float = 0.025, other_lr: float = 3e-3) -> list[torch.optim.Optimizer]:
    """Muon over the blocks' matrices, AdamW over embedding, head, norms and biases; each remembers its peak rate."""
    named = list(model.named_parameters())
    matrices = [p for name, p in named if p.ndim == 2 and ".h." in name]
    others = [p for name, p in named if not (p.ndim == 2 and ".h." in name)]
    found = [Muon(matrices, lr=matrix_lr), torch.optim.AdamW(others, lr=other_lr, betas=(0.9, 0.98), weight_decay=0.0)]
    for optimizer in found:
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return found


def rate(done: float, decay: float = 0.55, warm: float = 0.01) -> float:
    """The learning rate's factor when `done` (0 to 1) of the budget is spent: up, flat, down by a square root."""
    if done < warm:
        return max(done / warm, 0.02)
    return 1.0 if done <= 1 - decay else max(1 - (1 - max(1 - done, 0.0) / decay) ** 0.5, 0.005)


def set_rate(found: list[torch.optim.Optimizer], factor: float) -> None:
    """Set every group's rate to `factor` times its peak."""
    for optimizer in found:
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * factor
