"""Which models there are to ask for: the embedded one, the short aliases, and what lies in the local hub cache.

Knows names, sizes and licences, and how the hub's cache folder is laid out. Reads folders only: never the network,
never torch. Leaves to others: finding and downloading files (`locate`), loading them (`loading`).
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mtchat.errors import ModelError
from mtchat.models import verify
from mtchat.models.figures import Figure
from mtchat.models.figures import read as figures_in

EMBEDDED = Path(__file__).parent / "embedded"
HTML = "alecsharpie/codegen_350m_html"
HTML_TOKENIZER = "Salesforce/codegen-350M-multi"
_PARAMETERS = {"350M": 357_000_000, "2B": 2_780_000_000, "6B": 7_070_000_000, "16B": 16_100_000_000}
_DATA = {
    "nl": "the Pile",
    "multi": "the Pile, then code in six languages",
    "mono": "the Pile, code in six languages, then Python",
}
ALIASES: dict[str, str] = {
    f"{size}-{data}": f"Salesforce/codegen-{size}-{data}" for size in _PARAMETERS for data in _DATA
}
ALIASES["html"] = HTML
TOKENIZERS: dict[str, str] = {HTML: HTML_TOKENIZER}
"""Checkpoints that come without a tokenizer of their own -> where theirs is."""


@dataclass(frozen=True)
class KnownModel:
    """One line of `mtchat models`. `bytes` is what lies on this disk; None where nothing does."""

    name: str
    kind: str
    """"embedded", "alias" or "cached"."""
    source: str
    """The hub name or folder that the name stands for."""
    about: str
    parameters: int | None
    context: int | None
    licence: str | None
    bytes: int | None
    get: str
    """How to get or use it, as a command."""
    figures: tuple[Figure, ...] = ()
    """What was measured of it."""


def resolve(name: str) -> str:
    """The hub name an alias stands for; any other name as it is."""
    return ALIASES.get(name, name)


def larger(name: str) -> str | None:
    """The alias of the next larger Python model than `name` (of any kind), None for the largest."""
    sizes, hub = list(_PARAMETERS), resolve(name)
    own = next((alias for alias, known in ALIASES.items() if known == hub), "")
    above = sizes.index(own.split("-")[0]) + 1 if own.split("-")[0] in sizes else 0
    return f"{sizes[above]}-mono" if above < len(sizes) else None


def known_models() -> list[KnownModel]:
    """The embedded model, every alias, then whatever else the local hub cache holds."""
    cached = dict(_cached())
    aliased = set(ALIASES.values())
    others = [_other(name, size) for name, size in sorted(cached.items()) if name not in aliased]
    return [_embedded(), *(_alias(a, n, cached.get(n)) for a, n in ALIASES.items()), *others]


def _embedded() -> KnownModel:
    config = _json(EMBEDDED / "config.json")
    weights = _weights(EMBEDDED)
    return KnownModel(
        "embedded",
        "embedded",
        str(EMBEDDED),
        "small CodeGen model that comes with mtchat",
        _parameters_in(weights),
        config.get("n_positions"),
        "Apache-2.0",
        _folder_bytes(EMBEDDED) if weights else None,
        "mtchat --model embedded",
        figures_in(EMBEDDED) if weights else (),
    )


def _alias(alias: str, name: str, size: int | None) -> KnownModel:
    if alias == "html":
        about, parameters, licence = "CodeGen 350M tuned on HTML", _PARAMETERS["350M"], None
    else:
        shape, data = alias.split("-")
        about, parameters, licence = f"CodeGen, read {_DATA[data]}", _PARAMETERS[shape], "BSD-3-Clause"
    return KnownModel(alias, "alias", name, about, parameters, 2048, licence, size, f"mtchat --model {alias}")


def _other(name: str, size: int) -> KnownModel:
    return KnownModel(name, "cached", name, "in the local hub cache", None, None, None, size, f"mtchat --model {name}")


def _cached() -> Iterator[tuple[str, int]]:
    """(hub name, bytes) of each checkpoint in the local hub cache that holds weights."""
    from huggingface_hub.constants import HF_HUB_CACHE

    for folder in sorted(Path(HF_HUB_CACHE).glob("models--*")):
        if any(folder.glob("snapshots/*/*.safetensors")) or any(folder.glob("snapshots/*/*.bin")):
            yield folder.name.removeprefix("models--").replace("--", "/"), _folder_bytes(folder / "blobs")


def _weights(folder: Path) -> list[Path]:
    """The files of the weights in `folder`; none if they are not whole."""
    try:
        return verify.weights_files(folder)
    except ModelError:
        return []


def _parameters_in(weights: list[Path]) -> int | None:
    """Numbers in safetensors files, from their headers alone; None if there is none, or one cannot be read."""
    found = 0
    try:
        for path in weights:
            with path.open("rb") as file:
                header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
            found += sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")
    except (OSError, ValueError, KeyError, TypeError, MemoryError, OverflowError):
        return None
    return found or None


def _folder_bytes(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def _json(path: Path) -> dict:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
