"""Figures that were measured of a checkpoint, kept beside its weights in `figures.json`.

Knows what a figure says, the file, and how figures are written as lines for a terminal and rows for the model's card.
Leaves to others: measuring (`bench`, `mtchat.train.evaluate`), and asking for them to be kept (`mtchat train figures`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mtchat.errors import ModelError
from mtchat.models import verify

FILE = "figures.json"


@dataclass(frozen=True)
class Figure:
    """A share `value` of `n`, both ends of its 95 % interval, and the `command` that gave it on `date` (ISO 8601)."""

    name: str
    value: float
    n: int
    low: float
    high: float
    command: str
    date: str


@dataclass(frozen=True)
class _File:
    """What the file holds; `weights` is the sha256 of those measured (as `ModelInfo` has it)."""

    weights: str | None
    figures: tuple[Figure, ...]


def read(folder: Path) -> tuple[Figure, ...]:
    """The figures of the checkpoint in `folder`; none where there is no file, or it is of other weights.

    Raises ModelError for a file that cannot be read, or a folder without weights.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_File)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} holds no figures ({error}): delete it, or mtchat train figures {folder}") from None
    return found.figures if found.weights == weights_of(folder) else ()


def keep(folder: Path, new: Iterable[Figure]) -> tuple[Figure, ...]:
    """Add figures to those in `folder`, in place of those of the same name; all that are there then."""
    merged = {figure.name: figure for figure in (*read(folder), *new)}
    kept = _File(weights_of(folder), tuple(merged.values()))
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")
    return kept.figures


def weights_of(folder: Path) -> str | None:
    """The sha256 of the weights in `folder`, as `ModelInfo` has it. Raises ModelError where there are none."""
    return verify.weights_digest(verify.weights_files(folder))


def lines(figures: Sequence[Figure]) -> list[str]:
    """For a terminal: the name, the share, its interval, how many."""
    width = max((len(figure.name) for figure in figures), default=0)
    return [f"{f.name:<{width}}  {_share(f):>7}  {_interval(f):<13}  n {f.n}" for f in figures]


def rows(figures: Iterable[Figure]) -> list[str]:
    """For the card: a row of a Markdown table each, under `| Measured | Right | 95 % | n | Command | Date |`."""
    return [f"| {f.name} | {_share(f)} | {_interval(f)} | {f.n} | `{f.command}` | {f.date} |" for f in figures]


def _share(figure: Figure) -> str:
    return f"{100 * figure.value:.1f} %"


def _interval(figure: Figure) -> str:
    return f"{100 * figure.low:.1f} to {100 * figure.high:.1f}"
