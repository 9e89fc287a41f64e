"""CodeGen's forward written out: on a CPU in float32, several times faster than transformers' for small models.

Knows the architecture (fused qkv in four interleaved parts, rotary positions, attention beside the MLP) and how to
make **a row's scores bitwise the same whatever else is computed with it**: alone or in a batch, at any place of it,
prefilled in pieces or a token at a time, with any number of threads. Two things do it:

- A matrix product picks its kernel, and with it the order of its sums, by the number of rows: one, two or three rows
  differ in the last bit from four and more (MKL; oneDNN is closer to it, and faster for few rows). Here every product
  has at least `TILE` rows, made up with zeros where there are fewer.
- Attention sums over the tokens before it, and how depends on how many those are. Here a query of block b (`BLOCK`
  tokens) always reads b + 1 whole blocks, what lies after it masked, whoever computes it with what.

This holds for one machine and build: another kind of CPU rounds in its own way. Leaves to others: loading, sampling,
and every other architecture, device and dtype (`padded`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

TILE = 4
"""Rows that every product has at least, and a multiple of."""
BLOCK = 32
"""Tokens of a block of keys and values."""
GROWTH = 256
"""Tokens by which the room for keys and values grows at least."""
ALONE = 100_000_000
"""Weights up to which one thread computes: more gain little then, and on a busy machine wait for each other at every
product (72 tokens a second with two threads where one made 731)."""
_PARTS = 4
"""CodeGen keeps q, v and k of a quarter of the heads together, four times (its training's `mp_num`)."""


def fits(network: Any) -> bool:
    """Whether this forward computes what `network` does, as fast."""
    config = network.config
    return (
        type(network).__module__ == "transformers.models.codegen.modeling_codegen"  # not code that came with weights
        and config.activation_function in ("gelu_new", "gelu_pytorch_tanh")
        and config.num_attention_heads % _PARTS == 0
        and network.device.type == "cpu"
        and network.dtype == torch.float32
    )


class Rooms:
    """Keys and values of one sequence: `kept` (layers, 2, heads, room, width of a head), of which `length` are in use.

    What lies beyond `length` is finite and never read unmasked.
    """

    def __init__(self, kept: Tensor, length: int = 0) -> None:
        self.kept, self.length = kept, length

    @property
    def nbytes(self) -> int:
        return self.kept.nbytes

    def crop(self, length: int) -> None:
        """Forget all but the first `length` tokens."""
        self.length = min(self.length, length)

    def copy(self, length: int) -> "Rooms":
        """The first `length` tokens, for another sequence to grow."""
        twin = Rooms(self.kept[:, :, :, :0], 0)
        twin.reserve(length)
        twin.kept[:, :, :, :length] = self.kept[:, :, :, :length]
        twin.length = length
        return twin

    def reserve(self, length: int) -> None:
        """Have room for `length` tokens."""
        if length <= self.kept.shape[3]:
            return
        layers, two, heads, _, width = self.kept.shape
        room = self.kept.new_zeros(layers, two, heads, (length * 5 // 4 // GROWTH + 1) * GROWTH, width)
        room[:, :, :, : self.length] = self.kept[:, :, :, : self.length]
        self.kept = room


@dataclass(frozen=True)
class _Layer:
    """One block: `wide` makes q, k, v and the MLP's inner states in one product, `narrow` brings both back."""

    norm: nn.LayerNorm
    wide: "Linear"
    narrow: "Linear"


class Linear:
    """x @ weight.T + bias for x (rows, in), rows a multiple of `TILE`; packed for oneDNN where torch has it."""

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        self._bias = bias
        self._packed = torch.backends.mkldnn.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, TILE) if self._packed else weight

    def __call__(self, x: Tensor) -> Tensor:
        if self._packed:
            return torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, "none", [], "")
        return functional.linear(x, self._weight, self._bias)


class LeanCodeGen:
    """Runs a `CodeGenForCausalLM` that `fits`. Takes the network over: its weights are moved, not copied."""

    dtype = torch.float32
    device = torch.device("cpu")

    def __init__(self, network: Any) -> None:
        config, body = network.config, network.transformer
        self.heads, self.width = config.num_attention_heads, config.n_embd // config.num_attention_heads
        self.context_length = int(config.max_position_embeddings)
        self.threads = 1 if sum(weight.numel() for weight in network.parameters()) <= ALONE else None
        self._embed, self._norm = body.wte, body.ln_f
        self.vocabulary = network.lm_head.weight.shape[0]
        self._cos, self._sin, self._swap = _rotary(body.h[0].attn, self.context_length, self.width)
        order = _qkv_order(self.heads, self.width)
        self._layers = [_layer(block, order, self.width**-0.5) for block in body.h]
        self._mask = torch.full((BLOCK, BLOCK), float("-inf")).triu(1)
        self._head = Linear(network.lm_head.weight.detach(), network.lm_head.bias)
        if network.lm_head.weight is not body.wte.weight:
            _let_go(network.lm_head)

    def new(self) -> Rooms:
        """Keys and values of no tokens."""
        return Rooms(torch.zeros(len(self._layers), 2, self.heads, 0, self.width))

    def read(self, ids: Sequence[int], kept: Rooms) -> Tensor:
        """Scores (1, vocabulary) after `ids`, which follow what is `kept`; it grows."""
        return self._scores(self.states([ids], [kept])[-1:])

    def read_all(self, ids: Sequence[int], kept: Rooms) -> tuple[Tensor, Tensor]:
        """Scores (tokens, vocabulary) and final states (tokens, n_embd) after each of `ids`."""
        states = self.states([ids], [kept])
        return self._scores(states), states

    def batch(self, rows: Sequence[Rooms]) -> "LeanBatch":
        """Rows to grow a token at a time; one that is named again is copied."""
        return LeanBatch(self, _own(rows))

    def step(self, ids: Sequence[int], rows: Sequence[Rooms]) -> Tensor:
        """Scores (rows, vocabulary) after one more token of each row."""
        return self._scores(self.states([[i] for i in ids], rows))

    def states(self, ids: Sequence[Sequence[int]], rows: Sequence[Rooms]) -> Tensor:
        """The last layer's states after the final norm, (new tokens of all rows, n_embd); the rows grow."""
        spans = _spans(ids, rows)
        for row, (_, _, _, length) in zip(rows, spans, strict=True):
            row.reserve(-(-length // BLOCK) * BLOCK)
        places = torch.tensor([p for _, _, had, length in spans for p in range(had, length)])
        x = _tall(self._embed(torch.tensor([i for row in ids for i in row])))
        cos, sin = _tall(self._cos[places])[:, None], _tall(self._sin[places])[:, None]
        for index, layer in enumerate(self._layers):
            x = self._block(x, index, layer, cos, sin, [(*s, r) for s, r in zip(spans, rows, strict=True)])
        for row, (_, _, _, length) in zip(rows, spans, strict=True):
            row.length = length
        return self._norm(x)[: len(places)]

    def _block(self, x: Tensor, index: int, layer: _Layer, cos: Tensor, sin: Tensor, spans: Sequence[Any]) -> Tensor:
        size = self.heads * self.width
        wide = layer.wide(layer.norm(x))
        qkv = wide[:, : 3 * size].view(len(x), 3 * self.heads, self.width)
        turned = qkv[:, : 2 * self.heads]  # q and k
        torch.addcmul(turned * cos, turned.index_select(2, self._swap), sin, out=turned)
        both = wide.new_zeros(len(x), wide.shape[1] - 2 * size)  # attention's result beside the MLP's
        mixed = both[:, :size].view(len(x), self.heads, self.width)
        for first, last, had, length, row in spans:
            keys, values = kept = row.kept[index]
            new = qkv[first:last, self.heads :].unflatten(1, (2, self.heads)).permute(1, 2, 0, 3)
            kept[:, :, had:length] = new
            self._attend(qkv[first:last, : self.heads], keys, values, had, mixed[first:last])
        both[:, size:] = functional.gelu(wide[:, 3 * size :], approximate="tanh")
        return x + layer.narrow(both)

    def _attend(self, q: Tensor, keys: Tensor, values: Tensor, had: int, out: Tensor) -> None:
        """Attention of queries (tokens, heads, width) at places `had`, had + 1, …, a block at a time, into `out`."""
        done = 0
        while done < len(q):
            at = had + done
            start = at // BLOCK * BLOCK
            count = min(len(q) - done, start + BLOCK - at)
            tall = _tall(q[done : done + count]).transpose(0, 1)  # (heads, TILE or more, width)
            scores = torch.bmm(tall, keys[:, : start + BLOCK].transpose(1, 2))
            scores[:, :count, start:] += self._mask[at - start : at - start + count]
            out[done : done + count] = torch.bmm(scores.softmax(-1), values[:, : start + BLOCK])[:, :count].transpose(
                0, 1
            )
            done += count

    def _scores(self, states: Tensor) -> Tensor:
        return self._head(_tall(states))[: len(states)]


class LeanBatch:
    """Rows that grow together; each lies where it lay, so that joining and leaving costs nothing."""

    def __init__(self, runner: LeanCodeGen, rows: list[Rooms]) -> None:
        self._runner, self._rows = runner, rows

    def step(self, ids: Sequence[int]) -> Tensor:
        """Scores (rows, vocabulary) after one more token of each row."""
        return self._runner.step(ids, self._rows)

    def leave(self, rows: Sequence[int]) -> list[Rooms]:
        """Take `rows` (rising) out of the batch."""
        gone = [self._rows[i] for i in rows]
        self._rows = [row for i, row in enumerate(self._rows) if i not in set(rows)]
        return gone


def _own(rows: Sequence[Rooms]) -> list[Rooms]:
    """Each of `rows` once, those that come again as copies."""
    first = {id(row): i for i, row in reversed(list(enumerate(rows)))}
    return [row if first[id(row)] == i else row.copy(row.length) for i, row in enumerate(rows)]


def _spans(ids: Sequence[Sequence[int]], rows: Sequence[Rooms]) -> list[tuple[int, int, int, int]]:
    """For each row: where its new tokens begin and end among all, its length before and after."""
    spans, first = [], 0
    for new, row in zip(ids, rows, strict=True):
        spans.append((first, first + len(new), row.length, row.length + len(new)))
        first += len(new)
    return spans


def _tall(x: Tensor) -> Tensor:
    """`x` with rows of zeros added to the next multiple of `TILE`."""
    lacks = -len(x) % TILE
    return torch.cat((x, x.new_zeros(lacks, *x.shape[1:]))) if lacks else x


def _qkv_order(heads: int, width: int) -> Tensor:
    """Which rows of CodeGen's qkv weight are q, k and v of head 0, 1, …: (3 · heads · width,)."""
    part = torch.arange(3 * heads * width).view(_PARTS, 3, -1)  # in each part q, v, k
    return torch.cat([part[:, i].flatten() for i in (0, 2, 1)])


def _layer(block: Any, order: Tensor, scale: float) -> _Layer:
    """Pack one block's weights and let go of the originals. `scale` (attention's) goes into q."""
    qkv = block.attn.qkv_proj.weight.detach()[order]
    qkv[: len(qkv) // 3] *= scale
    inner = block.mlp.fc_in
    wide = Linear(torch.cat((qkv, inner.weight.detach())), torch.cat((qkv.new_zeros(len(qkv)), inner.bias.detach())))
    narrow = Linear(torch.cat((block.attn.out_proj.weight, block.mlp.fc_out.weight), 1).detach(), block.mlp.fc_out.bias)
    for linear in (block.attn.qkv_proj, inner, block.attn.out_proj, block.mlp.fc_out):
        _let_go(linear)
    return _Layer(block.ln_1, wide, narrow)


def _let_go(linear: nn.Linear) -> None:
    linear.weight = nn.Parameter(linear.weight.new_empty(0), requires_grad=False)


def _rotary(attention: Any, length: int, width: int) -> tuple[Tensor, Tensor, Tensor]:
    """(cos, sin with signs, each (length, width); the pairs' swap): x · cos + x[swap] · sin turns a head's states."""
    sines, cosines = attention.embed_positions[:length].float().chunk(2, 1)
    turned = 2 * sines.shape[1]
    cos, sin, swap = torch.ones(length, width), torch.zeros(length, width), torch.arange(width)
    cos[:, :turned] = cosines.repeat_interleave(2, 1)
    sin[:, 0:turned:2], sin[:, 1:turned:2] = -sines, sines
    swap[:turned] = swap[:turned].view(-1, 2).flip(1).flatten()
    return cos, sin, swap
