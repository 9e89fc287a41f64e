"""Packing: a training checkpoint and its tokenizer become the folder that ships.

Knows: the files of a CodeGen checkpoint, their size limit, the manifest with every file's hash. Leaves to others:
training
(`trainer`), reading the folder (`mtchat.models`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtchat.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

NAME = "mtchat-embedded-v0"
LIMIT = 16_000_000  # bytes of model.safetensors
TOKENIZER = ("tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json")


def sha256(path: Path) -> str:
    """The file's hash, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pack(
    model: dict[str, Tensor],
    facts: dict[str, Any],
    tokenizer: Path,
    out: Path,
    *,
    revision: str = "",
    limit: int = LIMIT,
) -> dict[str, Any]:
    """Write the weights `model`, with a checkpoint's `facts`, and the tokenizer's files to `out`; the manifest.

    Weights are stored as float16. Raises ModelError, before `out` is touched, if they take more than `limit` bytes.
    """
    from safetensors.torch import save

    weights = {name: tensor.half().contiguous() for name, tensor in model.items()}
    size = sum(tensor.numel() * 2 for tensor in weights.values())
    blob = save(weights, metadata={"format": "pt"}) if size <= limit else b""
    if not blob or len(blob) > limit:
        raise ModelError(
            f"the weights take {max(size, len(blob)):,} bytes, over the limit of {limit:,}: train a smaller model"
        )
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.safetensors").write_bytes(blob)
    for name in TOKENIZER:
        shutil.copyfile(tokenizer / name, out / name)
    end = facts["config"]["eos_token_id"]
    config = {"architectures": ["CodeGenForCausalLM"], "model_type": "codegen", "dtype": "float32", **facts["config"]}
    write(out / "config.json", config)
    write(
        out / "generation_config.json",
        {"bos_token_id": end, "eos_token_id": end, "pad_token_id": end, "do_sample": False},
    )
    files = sorted(p.name for p in out.iterdir() if p.is_file() and p.name != "manifest.json")
    hashes = {name: sha256(out / name) for name in files}
    manifest = {
        "name": NAME,
        "revision": revision or hashes["model.safetensors"][:12],
        "sha256": hashes,
        "seed": facts["plan"]["seed"],
        "trained_tokens": facts["progress"]["tokens"],
    }
    write(out / "manifest.json", manifest)
    return manifest


def write(path: Path, value: Any) -> None:
    """JSON, indented, with a newline at the end."""
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
