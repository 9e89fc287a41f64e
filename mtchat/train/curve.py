"""The loss of a run as a picture.

Knows: smoothing and drawing. Leaves to others: the figures (`trainer.Progress.losses`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mtchat.errors import ModelError


def smoothed(losses: Sequence[float], past: float = 0.98) -> list[float]:
    """Each step's loss averaged with those before it, older ones less."""
    found = list[float]()
    for loss in losses:
        found.append(past * found[-1] + (1 - past) * loss if found else loss)
    return found


def draw(losses: Sequence[float], tokens: int, path: Path) -> None:
    """Write the curve of a run over so many tokens to `path` (PNG or SVG by its name): every step, and smoothed.

    Raises ModelError where matplotlib is missing.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise ModelError("the picture of the loss needs matplotlib: pip install matplotlib") from error
    matplotlib.use("Agg")
    from matplotlib import pyplot

    at = [tokens * (i + 1) / len(losses) / 1e6 for i in range(len(losses))]
    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    axes.plot(at, losses, color="0.8", linewidth=0.6, label="step")
    axes.plot(at, smoothed(losses), color="tab:blue", linewidth=1.4, label="smoothed")
    axes.set(xlabel="million tokens", ylabel="loss on code (nats a token)", yscale="log")
    axes.grid(True, which="both", linewidth=0.3)
    axes.legend()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
