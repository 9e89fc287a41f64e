"""Whether a checkpoint's files are whole and can be trusted, before anything is loaded from them.

Knows manifests (`manifest.json` with sha256 of each file), the safetensors header, and which CodeGen configurations
stock transformers would misread. Reads files; imports neither torch nor transformers. Leaves to others: where the
files came from (`locate`), and whether their tensors fit the architecture (`loading`).
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from mtchat.errors import ModelError

WEIGHTS = ("model.safetensors.index.json", "model.safetensors", "pytorch_model.bin.index.json", "pytorch_model.bin")
"""Ways to keep weights, best first."""
HASHED_UP_TO = 2 << 30
"""Bytes of weights that are hashed for `ModelInfo` (about a second a GB); larger folders without a manifest are not."""
CODEGEN2 = re.compile(r"codegen2-(1B|3[._]7B)", re.IGNORECASE)
_CODEGEN2_SHAPES = {(2048, 16), (4096, 16)}
"""(n_embd, n_layer) of CodeGen2 1B and 3.7B; no CodeGen 1 checkpoint has them."""
_CODEGEN2_HEADS = {128, 256}
"""Values of `head_dim` in the configurations of those two; CodeGen 1 and the larger CodeGen2 have no such entry."""
BLOCKS = 4
"""Blocks of rows in `qkv_proj` as transformers' CodeGen reads it."""
REGROUPED = "qkv_blocks"
"""The entry in config.json of a checkpoint that `mtchat convert --to codegen` has put in order."""


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in that file. Raises ModelError if it is missing or is not one."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{path.parent} holds no {path.name}: give a folder saved with save_pretrained") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read as JSON ({error}): fetch it again") from error
    if not isinstance(value, dict):
        raise ModelError(f"{path} is not a JSON object: fetch it again")
    return value


def weights_files(folder: Path) -> list[Path]:
    """The weights files of a checkpoint, each there. Raises ModelError for a folder without, or with some missing."""
    first = next((folder / f for f in WEIGHTS if (folder / f).is_file()), None)
    if first is None:
        raise ModelError(f"{folder} holds no weights: expected model.safetensors or pytorch_model.bin")
    if not first.name.endswith(".index.json"):
        return [first]
    shards = sorted(set(read_json(first).get("weight_map", {}).values()))
    missing = [s for s in shards if not (folder / s).is_file()]
    if missing or not shards:
        raise ModelError(f"{folder} lacks {len(missing)} of its {len(shards)} weights files: fetch it again")
    return [folder / s for s in shards]


def check_safetensors(path: Path) -> None:
    """Compare the file's size with what its header promises. Raises ModelError for a cut or garbled file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > size - 8:
            raise ModelError(f"{path} is cut short or is not safetensors: fetch it again")
        try:
            header = json.loads(file.read(length))
            end = max((t["data_offsets"][1] for k, t in header.items() if k != "__metadata__"), default=0)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path} has a garbled header: fetch it again") from error
    if 8 + length + end != size:
        raise ModelError(f"{path} is {size} bytes where its header promises {8 + length + end}: fetch it again")


def manifest(folder: Path, weights: list[Path]) -> dict[str, Any] | None:
    """The folder's manifest, every sha256 in it checked; None if there is none. Raises ModelError at a wrong one."""
    path = folder / "manifest.json"
    if not path.is_file():
        return None
    value = read_json(path)
    sums = value.get("sha256")
    if not isinstance(sums, dict) or any(w.name not in sums for w in weights):
        raise ModelError(f"{path} gives no sha256 of the weights: reinstall, or delete it to load unchecked")
    for file, expected in sums.items():
        if not (folder / file).is_file():
            raise ModelError(f"{folder / file} is missing though manifest.json lists it: reinstall")
        if sha256(folder / file) != expected:
            raise ModelError(f"{folder / file} is corrupt: its sha256 is not the one in manifest.json: reinstall")
    return value


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def weights_digest(weights: list[Path]) -> str | None:
    """sha256 of the weights: the file's own for one file, else that of the lines `hex  name` of all. None if too large.

    A file of the hub's cache is a link to a blob that is named by its sha256: no need to read it.
    """
    if sum(w.stat().st_size for w in weights) > HASHED_UP_TO and not all(_blob(w) for w in weights):
        return None
    sums = [_blob(w) or sha256(w) for w in weights]
    if len(sums) == 1:
        return sums[0]
    return hashlib.sha256("".join(f"{s}  {w.name}\n" for s, w in zip(sums, weights, strict=True)).encode()).hexdigest()


def _blob(path: Path) -> str | None:
    target = path.resolve()
    return target.name if target.parent.name == "blobs" and re.fullmatch(r"[0-9a-f]{64}", target.name) else None


def check_config(config: dict[str, Any], name: str, trust_remote_code: bool) -> None:
    """Refuse what would run foreign code unasked, or load silently wrong.

    CodeGen2 1B and 3.7B load without a complaint in transformers' own CodeGen, and write noise: see `qkv_blocks`. Only
    the code in their repositories reads them as they are.
    """
    ours = config.get("model_type") == "codegen"
    ordered = f"mtchat convert --to codegen {name} OUT, and load OUT"
    if config.get("auto_map") and not trust_remote_code:
        raise ModelError(
            f"{name!r} brings Python code of its own: read it, then pass --trust-remote-code if you trust it"
            + (f"; or do without it: {ordered}" if ours else "")
        )
    if ours and qkv_blocks(config, name) != BLOCKS and not config.get("auto_map"):
        raise ModelError(f"{name!r} is a CodeGen2 whose qkv layout transformers misreads: put it in order, {ordered}")
    heads = config.get("n_head")
    if config.get("model_type") == "codegen" and isinstance(heads, int) and heads % 4:
        raise ModelError(f"{name!r} has {heads} attention heads: CodeGen needs a multiple of 4")


def qkv_blocks(config: dict[str, Any], name: str) -> int:
    """How many blocks of queries, values and keys a CodeGen's `qkv_proj` is made of: 4, but 8 in CodeGen2 1B and 3.7B.

    Those are told by name, by shape, or by an entry that only they have.
    """
    if config.get(REGROUPED) == BLOCKS:
        return BLOCKS
    named = CODEGEN2.search(name) or CODEGEN2.search(str(config.get("_name_or_path", "")))
    shaped = (config.get("n_embd"), config.get("n_layer")) in _CODEGEN2_SHAPES
    return 2 * BLOCKS if named or shaped or config.get("head_dim") in _CODEGEN2_HEADS else BLOCKS
