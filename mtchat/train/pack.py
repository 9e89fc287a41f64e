"""Packing: a training checkpoint and its tokenizer become the folder that ships.

Knows: the files of a CodeGen checkpoint, how weights are split into files, the limits on their sizes, the manifest with
every file's hash. Leaves to others: training (`trainer`), reading the folder (`mtchat.models`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtchat.errors import ModelError
from mtchat.models.verify import sha256, weights_digest

if TYPE_CHECKING:
    from torch import Tensor

NAME = "mtchat-embedded"
SHARD = 16_000_000
"""Bytes that a file may have."""
LIMIT = 48_000_000
"""Bytes that all files of weights may have together."""
TOKENIZER = ("tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json")
OLD = ("*.safetensors", "*.safetensors.index.json", "calibration.json", "figures.json")
"""What a folder holds of earlier weights, and goes before new ones come."""
TIED = "lm_head.weight"


def pack(
    model: Mapping[str, Tensor],
    facts: Mapping[str, Any],
    tokenizer: Path,
    out: Path,
    *,
    revision: str = "",
    shard: int = SHARD,
    limit: int = LIMIT,
) -> dict[str, Any]:
    """Write the weights `model`, with a checkpoint's `facts`, and the tokenizer's files to `out`; the manifest.

    Weights are stored as bfloat16, in as few files of at most `shard` bytes as they fill in their order. What `out`
    held of earlier weights goes. Raises ModelError, before `out` is touched, if the weights take more than `limit`
    bytes or one tensor more than a file.
    """
    blobs = weights_files(stored(model, facts["config"]), shard, limit)
    out.mkdir(parents=True, exist_ok=True)
    for old in (file for pattern in OLD for file in out.glob(pattern)):
        old.unlink()
    for name, blob in blobs.items():
        (out / name).write_bytes(blob)
    for name in TOKENIZER:
        shutil.copyfile(tokenizer / name, out / name)
    end = facts["config"]["eos_token_id"]
    config = {"architectures": ["CodeGenForCausalLM"], "model_type": "codegen", "dtype": "float32", **facts["config"]}
    write(out / "config.json", config)
    write(
        out / "generation_config.json",
        {"bos_token_id": end, "eos_token_id": end, "pad_token_id": end, "do_sample": False},
    )
    weights = weights_digest(sorted(out / name for name in blobs if name.endswith(".safetensors"))) or ""
    files = sorted({*blobs, *TOKENIZER, "config.json", "generation_config.json"})
    manifest = {
        "name": NAME,
        "revision": revision or weights[:12],
        "sha256": {name: sha256(out / name) for name in files},
        "seed": facts["plan"]["seed"],
        "trained_tokens": facts["progress"]["tokens"],
    }
    write(out / "manifest.json", manifest)
    return manifest


def stored(model: Mapping[str, Tensor], config: Mapping[str, Any]) -> dict[str, Tensor]:
    """The tensors as they are stored: bfloat16, each once (a head that is tied to the embedding is that)."""
    import torch

    tied = config.get("tie_word_embeddings", False)
    kept = {name: tensor for name, tensor in model.items() if not (tied and name == TIED)}
    return {name: tensor.to(torch.bfloat16).contiguous() for name, tensor in kept.items()}


def weights_files(weights: dict[str, Tensor], shard: int = SHARD, limit: int = LIMIT) -> dict[str, bytes]:
    """The files of the weights by name: one, or several with an index as `from_pretrained` reads it.

    Raises ModelError for weights over `limit` bytes, and for a tensor that no file of `shard` bytes holds.
    """
    from safetensors.torch import save

    sizes = {name: tensor.numel() * tensor.element_size() for name, tensor in weights.items()}
    parts = split(sizes, shard)
    blobs = [save({name: weights[name] for name in part}, metadata={"format": "pt"}) for part in parts]
    if (size := sum(map(len, blobs))) > limit:
        raise ModelError(f"the weights take {size:,} bytes, over the limit of {limit:,}: train a smaller model")
    if len(blobs) == 1:
        return {"model.safetensors": blobs[0]}
    names = [f"model-{n:05}-of-{len(parts):05}.safetensors" for n in range(1, len(parts) + 1)]
    index = {
        "metadata": {"total_size": sum(sizes.values())},
        "weight_map": {tensor: name for name, part in zip(names, parts, strict=True) for tensor in part},
    }
    return {**dict(zip(names, blobs, strict=True)), "model.safetensors.index.json": as_json(index).encode()}


def split(sizes: Mapping[str, int], most: int = SHARD) -> list[list[str]]:
    """The tensors in their order, in runs whose safetensors files have at most `most` bytes each.

    `sizes` in bytes by name. Raises ModelError for one that is too large alone.
    """
    parts: list[list[str]] = []
    room = 0
    for name, size in sizes.items():
        needed = size + entry(name)
        if needed + HEAD > most:
            raise ModelError(f"{name} takes {size:,} bytes, over the {most:,} of a file: train a smaller model")
        if needed > room:
            parts.append([])
            room = most - HEAD
        parts[-1].append(name)
        room -= needed
    return parts


HEAD = 128
"""Bytes of a safetensors file that are no tensor's: length, metadata, padding."""


def entry(name: str) -> int:
    """The most bytes that a tensor's entry in a safetensors header takes."""
    return len(json.dumps(name)) + 160


def as_json(value: Any) -> str:
    """JSON, indented, with a newline at the end."""
    return json.dumps(value, indent=2) + "\n"


def write(path: Path, value: Any) -> None:
    """`as_json` to a file."""
    path.write_text(as_json(value), encoding="utf-8")
