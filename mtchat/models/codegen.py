"""What a CodeGen checkpoint is made of: its shape, the tensors that shape needs, and whether our own forward runs it.

Knows config.json's names and transformers' defaults for those left out. Leaves to others: reading tensors
(`checkpoint`), and the forward (`lean`, `native`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor

PARTS = 4
"""CodeGen keeps q, v and k of a quarter of the heads together, four times (its training's `mp_num`)."""


class Source(Protocol):
    """Where tensors come from, by name."""

    def rows(self, name: str, first: int, last: int) -> Tensor:
        """Rows `first` up to `last` of a tensor, of any floating type."""
        ...

    def whole(self, name: str) -> Tensor:
        """A tensor."""
        ...


@dataclass(frozen=True)
class Shape:
    """A CodeGen's sizes. `rotary` features of a head turn; `tied` says that the head's weight is the embedding's."""

    vocabulary: int
    context: int
    size: int
    layers: int
    heads: int
    inner: int
    rotary: int
    epsilon: float
    tied: bool

    @property
    def width(self) -> int:
        """Features of a head."""
        return self.size // self.heads

    @property
    def parameters(self) -> int:
        """Numbers in all tensors."""
        return sum(rows * max(columns, 1) for rows, columns in ((s[0], sum(s[1:])) for s in self.tensors().values()))

    @property
    def head(self) -> str:
        """The name of the head's weight."""
        return "transformer.wte.weight" if self.tied else "lm_head.weight"

    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Every tensor's name and shape."""
        vector, inner = (self.size,), (self.inner,)
        found: dict[str, tuple[int, ...]] = {"transformer.wte.weight": (self.vocabulary, self.size)}
        for i in range(self.layers):
            found |= {
                f"transformer.h.{i}.{name}": shape
                for name, shape in (
                    ("ln_1.weight", vector),
                    ("ln_1.bias", vector),
                    ("attn.qkv_proj.weight", (3 * self.size, self.size)),
                    ("attn.out_proj.weight", (self.size, self.size)),
                    ("mlp.fc_in.weight", (self.inner, self.size)),
                    ("mlp.fc_in.bias", inner),
                    ("mlp.fc_out.weight", (self.size, self.inner)),
                    ("mlp.fc_out.bias", vector),
                )
            }
        found |= {"transformer.ln_f.weight": vector, "transformer.ln_f.bias": vector}
        if not self.tied:
            found["lm_head.weight"] = (self.vocabulary, self.size)
        return {**found, "lm_head.bias": (self.vocabulary,)}


def shape_of(config: Mapping[str, Any]) -> Shape | None:
    """The shape that a config.json tells; None for what is not a CodeGen that our own forward computes."""
    known: dict[str, Any] = {
        "model_type": "",
        "vocab_size": 50400,
        "n_positions": 2048,
        "n_embd": 4096,
        "n_layer": 28,
        "n_head": 16,
        "rotary_dim": 64,
        "layer_norm_epsilon": 1e-5,
        "activation_function": "gelu_new",
    } | dict(config)
    numbers = [known[name] for name in ("vocab_size", "n_positions", "n_embd", "n_layer", "n_head", "rotary_dim")]
    if known["model_type"] != "codegen" or known.get("auto_map"):
        return None
    if not all(isinstance(n, int) and n > 0 for n in numbers):
        return None
    vocabulary, context, size, layers, heads, rotary = numbers
    inner = known.get("n_inner") or 4 * size
    if size % heads or heads % PARTS or rotary % 2 or rotary > size // heads or not isinstance(inner, int):
        return None
    if known["activation_function"] not in ("gelu_new", "gelu_pytorch_tanh"):
        return None
    tied = bool(known.get("tie_word_embeddings", False))
    return Shape(vocabulary, context, size, layers, heads, inner, rotary, float(known["layer_norm_epsilon"]), tied)


def differences(shape: Shape, found: Mapping[str, tuple[int, ...]]) -> tuple[list[str], list[str], list[str]]:
    """Names of tensors that are missing, that the shape has no place for, and that have another shape."""
    wanted = shape.tensors()
    other = [name for name in wanted.keys() & found.keys() if wanted[name] != found[name]]
    extra = found.keys() - wanted.keys() - ({"lm_head.weight"} if shape.tied else set())
    return sorted(wanted.keys() - found.keys()), sorted(extra), sorted(other)
