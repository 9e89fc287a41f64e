"""A lean CodeGen: the same parameters, under the same names, as `transformers.CodeGenForCausalLM`, and a forward pass
made for training.

Knows: CodeGen's layout (parallel attention and MLP, GPT-J rotary, qkv in four groups of query, value, key), which
attention is fast where. Leaves to others: where batches come from (`rows`), how weights move (`optim`), files (`pack`).
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mtchat.errors import ConfigError
from mtchat.train import native

GROUPS = 4  # CodeGen's qkv projection is laid out for four TPU cores, whatever the size


def config_dict(
    vocab: int, *, width: int, layers: int, heads: int, rotary: int, context: int, end: int
) -> dict[str, Any]:
    """The keyword arguments for `CodeGenConfig` (and the content of config.json).

    Raises ConfigError for a shape that CodeGen's layout does not allow.
    """
    if heads % GROUPS or width % heads or rotary % 2 or rotary > width // heads:
        raise ConfigError(
            f"width {width} with {heads} heads and {rotary} rotary features is no CodeGen: heads must be a multiple of "
            f"{GROUPS}, width one of heads, and each head at least as wide as the even number of rotary features"
        )
    return {
        "vocab_size": vocab,
        "n_positions": context,
        "n_ctx": context,
        "n_embd": width,
        "n_layer": layers,
        "n_head": heads,
        "rotary_dim": rotary,
        "n_inner": 4 * width,
        "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5,
        "resid_pdrop": 0.0,
        "embd_pdrop": 0.0,
        "attn_pdrop": 0.0,
        "bos_token_id": end,
        "eos_token_id": end,
        "tie_word_embeddings": False,
        "use_cache": True,
    }


def rotary_table(length: int, dim: int) -> tuple[Tensor, Tensor]:
    """Sines and cosines for positions 0..length-1: two tensors (length, dim), each angle repeated for its pair."""
    inverse = 1.0 / (10000 ** (torch.arange(0, dim, 2, dtype=torch.float32) / dim))
    angles = torch.outer(torch.arange(length, dtype=torch.float32), inverse).repeat_interleave(2, dim=1)
    return angles.sin(), angles.cos()


def rotate(x: Tensor, sin: Tensor, cos: Tensor) -> Tensor:
    """Turn the first `sin.shape[1]` features of x (batch, heads, time, head size) by their position, pair by pair."""
    dim = sin.shape[1]
    turned, rest = x[..., :dim], x[..., dim:]
    swapped = torch.stack((-turned[..., 1::2], turned[..., ::2]), dim=-1).flatten(-2)
    return torch.cat((turned * cos + swapped * sin, rest), dim=-1)


def pieces(time: int) -> int:
    """Into how many parts queries are best cut on a CPU: nothing after a part's end need be looked at."""
    return 2 if time <= 160 else 4 if time <= 448 else 8


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention over (batch, heads, time, head size).

    On a CPU plain products, part by part, take half the time of torch's fused kernel at head sizes of 32 to 64.
    """
    time = q.shape[2]
    if q.device.type != "cpu":
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    q, parts, n = q * q.shape[3] ** -0.5, [], pieces(time)
    for i in range(n):
        start, end = time * i // n, time * (i + 1) // n
        ahead = torch.full((end - start, end), float("-inf"), dtype=v.dtype).triu(start + 1)
        scores = torch.matmul(q[:, :, start:end], k[:, :, :end].transpose(-1, -2)) + ahead
        parts.append(torch.matmul(scores.softmax(-1), v[:, :, :end]))
    return torch.cat(parts, 2)


class Attention(nn.Module):
    """Causal attention with rotary positions."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv_proj = nn.Linear(width, 3 * width, bias=False)
        self.out_proj = nn.Linear(width, width, bias=False)

    def forward(self, x: Tensor, sin: Tensor, cos: Tensor) -> Tensor:
        batch, time, width = x.shape
        parts = self.qkv_proj(x).view(batch, time, GROUPS, 3, width // GROUPS)
        shape = (batch, time, self.heads, width // self.heads)
        q, v, k = (parts[:, :, :, i].reshape(shape).transpose(1, 2) for i in range(3))  # (B, H, T, D)
        q, k = rotate(q, sin, cos).to(v.dtype), rotate(k, sin, cos).to(v.dtype)
        return self.out_proj(attend(q, k, v).transpose(1, 2).reshape(batch, time, width))


class MLP(nn.Module):
    """Two linear layers around a tanh-approximated GELU."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc_in = nn.Linear(width, 4 * width)
        self.fc_out = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc_out(F.gelu(self.fc_in(x), approximate="tanh"))


class Block(nn.Module):
    """Attention and MLP read the same normalised input; both are added to the stream."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.mlp = MLP(width)

    def forward(self, x: Tensor, sin: Tensor, cos: Tensor) -> Tensor:
        normed = self.ln_1(x)
        return x + self.attn(normed, sin, cos) + self.mlp(normed)


class Body(nn.Module):
    """Embedding, blocks, last norm: `transformer.*` in the state dict."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        width = config["n_embd"]
        self.wte = nn.Embedding(config["vocab_size"], width)
        self.h = nn.ModuleList(Block(width, config["n_head"]) for _ in range(config["n_layer"]))
        self.ln_f = nn.LayerNorm(width)


class CodeGen(nn.Module):
    """`forward(ids)` gives logits (batch, time, vocab) for ids (batch, time)."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.config = config
        self.kernels = False
        self.transformer = Body(config)
        self.lm_head = nn.Linear(config["n_embd"], config["vocab_size"])
        sin, cos = rotary_table(config["n_positions"], config["rotary_dim"])
        self.register_buffer("sin", sin, persistent=False)
        self.register_buffer("cos", cos, persistent=False)
        self.apply(self._start)

    def _start(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)

    def hidden(self, ids: Tensor) -> Tensor:
        """The normalised stream (batch, time, width) before the head."""
        time = ids.shape[1]
        x, sin, cos = self.transformer.wte(ids), self.sin[:time], self.cos[:time]
        for block in self.transformer.h:
            x = native.block(block, x, sin, cos) if self.kernels else block(x, sin, cos)
        return self.transformer.ln_f(x)

    def use_kernels(self) -> bool:
        """Train with `native`'s kernels (bfloat16, on a CPU) from now on, where this machine can; whether it can."""
        head = self.config["n_embd"] // self.config["n_head"]
        self.kernels = native.kernels(head) is not None
        return self.kernels

    def forward(self, ids: Tensor) -> Tensor:
        return self.lm_head(self.hidden(ids))

    def loss(self, ids: Tensor, targets: Tensor) -> Tensor:
        """Mean cross-entropy over the positions whose target is not -100 (only those go through the head)."""
        flat = targets.flatten()
        wanted = flat.ne(-100).nonzero().squeeze(1)
        spare = (
            flat.eq(-100).nonzero().squeeze(1)[: -len(wanted) % 512]
        )  # few different sizes: a new one costs a new kernel
        wanted = torch.cat((wanted, spare))
        picked, chosen = self.hidden(ids).flatten(0, 1).index_select(0, wanted), flat.index_select(0, wanted)
        if self.kernels:
            return native.loss(self.lm_head, picked, chosen, self.config["n_embd"] // self.config["n_head"])
        return F.cross_entropy(self.lm_head(picked).float(), chosen)
