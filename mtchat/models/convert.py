"""A CodeGen checkpoint in a form that other programs read: GPT-J's, or CodeGen's own with its rows in order.

Knows where queries, keys and values lie in `qkv_proj`, which of CodeGen's names GPT-J shares, and how weights are read
and written a file at a time, so that memory holds the largest of them. Leaves to others: finding and verifying
checkpoints (`locate`, `verify`), and running what comes out.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mtchat.errors import ModelError
from mtchat.models import locate, verify
from mtchat.models.loading import memory_guard
from mtchat.models.locate import first_line

_QKV = ".attn.qkv_proj.weight"
_TABLES = re.compile(r"\.attn\.(causal_mask|bias|masked_bias|embed_positions)$")
"""What old checkpoints carry and every program computes."""
_FACTS = (
    "vocab_size n_positions n_embd n_layer n_head rotary_dim n_inner activation_function layer_norm_epsilon "
    "initializer_range bos_token_id eos_token_id use_cache dtype torch_dtype resid_pdrop embd_pdrop attn_pdrop"
)
_OTHERS = (
    "tokenizer.json tokenizer_config.json vocab.json merges.txt special_tokens_map.json added_tokens.json "
    "generation_config.json"
)

Tensors = Iterator[tuple[str, Tensor]]


def convert(name: str, form: str, out: Path, *, revision: str | None = None) -> Path:
    """Write the CodeGen checkpoint called `name` into the new folder `out` in `form` ("gptj" or "codegen"); the folder.

    "gptj" is a GPTJForCausalLM with the same logits, for vLLM and others that know no CodeGen. "codegen" puts the
    qkv rows of CodeGen2 1B and 3.7B into the order that transformers' CodeGen reads. Nothing is left behind by a
    conversion that fails. Raises ModelError, one line.
    """
    if form not in FORMS:
        raise ModelError(f"there is no form {form!r}: {' or '.join(FORMS)}")
    if out.exists():
        raise ModelError(f"{out} exists already: name a new folder")
    place = locate.find(name, revision=revision)
    config = verify.read_json(place.folder / "config.json")
    if config.get("model_type") != "codegen":
        raise ModelError(f"{name!r} is a {config.get('model_type')} model: only CodeGen is converted")
    blocks = verify.qkv_blocks(config, place.name)
    if not isinstance(config.get("n_head"), int) or config["n_head"] % blocks:
        raise ModelError(f"{name!r} has {config.get('n_head')} attention heads: CodeGen needs a multiple of {blocks}")
    weights = verify.weights_files(place.folder)
    verify.manifest(place.folder, weights)
    describe, split = FORMS[form]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as made,
            memory_guard(f"while converting {name!r}", "close other programs"),
        ):
            folder = Path(made) / out.name
            folder.mkdir()
            _write(weights, folder, lambda key, value: split(key, value, blocks))
            (folder / "config.json").write_text(json.dumps(describe(config), indent=2) + "\n", "utf-8")
            for other in _OTHERS.split():
                if (place.folder / other).is_file():
                    shutil.copyfile(place.folder / other, folder / other)
            folder.rename(out)
    except OSError as error:
        raise ModelError(f"{out} cannot be written ({error.strerror or error}): free space, or name another") from None
    return out


def parts(qkv: Tensor, blocks: int) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values (n_embd, n_embd) of CodeGen's `qkv_proj` (3 * n_embd, n_embd).

    Its rows are `blocks` times queries, values, keys of a share of the heads (a block was a TPU core's).
    """
    query, value, key = qkv.reshape(blocks, 3, -1, qkv.shape[-1]).unbind(1)
    return query.flatten(0, 1), key.flatten(0, 1), value.flatten(0, 1)


def joined(query: Tensor, key: Tensor, value: Tensor, blocks: int) -> Tensor:
    """The `qkv_proj` (3 * n_embd, n_embd) whose `parts` those are."""
    shares = [each.reshape(blocks, -1, each.shape[-1]) for each in (query, value, key)]
    return torch.stack(shares, 1).flatten(0, 2)


def _gptj(key: str, value: Tensor, blocks: int) -> Tensors:
    if not key.endswith(_QKV):
        yield key, value
        return
    for letter, part in zip("qkv", parts(value, blocks), strict=True):
        yield key.replace("qkv_proj", f"{letter}_proj"), part


def _codegen(key: str, value: Tensor, blocks: int) -> Tensors:
    yield key, joined(*parts(value, blocks), verify.BLOCKS) if key.endswith(_QKV) else value


def _as_gptj(config: dict[str, Any]) -> dict[str, Any]:
    kept = {fact: config[fact] for fact in _FACTS.split() if fact in config}
    return {"architectures": ["GPTJForCausalLM"], "model_type": "gptj", **kept, "tie_word_embeddings": False}


def _as_codegen(config: dict[str, Any]) -> dict[str, Any]:
    kept = {fact: config[fact] for fact in (*_FACTS.split(), "n_ctx") if fact in config}
    own = {"architectures": ["CodeGenForCausalLM"], "model_type": "codegen", **kept}
    return {**own, "tie_word_embeddings": False, verify.REGROUPED: verify.BLOCKS}


Describe = Callable[[dict[str, Any]], dict[str, Any]]
FORMS: dict[str, tuple[Describe, Callable[[str, Tensor, int], Tensors]]] = {
    "gptj": (_as_gptj, _gptj),
    "codegen": (_as_codegen, _codegen),
}
"""Form -> (its config from CodeGen's, what becomes of a tensor given how many blocks qkv rows come in)."""


def _write(weights: list[Path], folder: Path, change: Callable[[str, Tensor], Tensors]) -> None:
    """Each weights file as one of the new checkpoint, and the index where there are several."""
    from safetensors.torch import save_file

    places, size = dict[str, str](), 0
    for i, path in enumerate(weights, 1):
        name = "model.safetensors" if len(weights) == 1 else f"model-{i:05}-of-{len(weights):05}.safetensors"
        old = _read(path)
        new = dict[str, Tensor]()
        for key in list(old):
            value = old.pop(key)
            if not _TABLES.search(key):
                new |= {to: part.contiguous().clone() for to, part in change(key, value)}
        places |= dict.fromkeys(new, name)
        size += sum(value.nbytes for value in new.values())
        save_file(new, folder / name, metadata={"format": "pt"})
    if len(weights) > 1:
        index = {"metadata": {"total_size": size}, "weight_map": places}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n", "utf-8")


def _read(path: Path) -> dict[str, Tensor]:
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            verify.check_safetensors(path)
            return load_file(path)
        return dict(torch.load(path, map_location="cpu", weights_only=True, mmap=True))
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(f"{path} cannot be read ({first_line(error)}): fetch it again") from error
