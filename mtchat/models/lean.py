"""CodeGen's forward written out: on a CPU, several times faster than transformers' for small models.

Knows the architecture (fused qkv in four interleaved parts, rotary positions, attention beside the MLP) and how to
make **a row's scores bitwise the same whatever else is computed with it**: alone or in a batch, at any place of it,
prefilled in pieces or a token at a time, with any number of threads. In plain torch, two things do it:

- A matrix product picks its kernel, and with it the order of its sums, by the number of rows: one, two or three rows
  differ in the last bit from four and more (MKL; oneDNN is closer to it, and faster for few rows). Here every product
  has at least `TILE` rows, made up with zeros where there are fewer. With int8 weights sums are exact in any order, and
  each row's inputs have a scale of their own.
- Attention sums over the tokens before it, and how depends on how many those are. Here a query of block b (`BLOCK`
  tokens) always reads b + 1 whole blocks, what lies after it masked, whoever computes it with what.

This holds for one machine and build: another kind of CPU rounds in its own way. `CodeGen` is what this forward and the
one in C (`native`) share. Leaves to others: loading, sampling, and every other architecture and device (`padded`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from mtchat.models.codegen import PARTS, Shape, Source, shape_of

TILE = 4
"""Rows that every product has at least, and a multiple of."""
BLOCK = 32
"""Tokens of a block of keys and values."""
GROWTH = 256
"""Tokens by which the room for keys and values grows at least."""
ALONE = 100_000_000
"""Weights up to which one thread computes: more gain little then, and on a busy machine wait for each other at every
product (72 tokens a second with two threads where one made 731)."""
SLAB = 256
"""Rows of a weight that are in memory at once as float32 while it is packed."""
TINY = 1e-30
"""A scale's least: what is all zeros is not divided by zero."""
EXACT = 1024
"""Products of two int8 that float32 adds up exactly, in any order: 127 * 127 * 1024 < 2 ** 24."""


def fits(network: Any) -> bool:
    """Whether this forward computes what transformers' `network` does."""
    return (
        type(network).__module__ == "transformers.models.codegen.modeling_codegen"  # not code that came with weights
        and network.device.type == "cpu"
        and shape_of(network.config.to_dict()) is not None
    )


class Taken:
    """A network that `fits` as a `Source`. Takes it over: a weight that was read whole is the reader's."""

    def __init__(self, network: Any) -> None:
        shape = shape_of(network.config.to_dict())
        assert shape is not None
        self.shape, self._network = shape, network

    def rows(self, name: str, first: int, last: int) -> Tensor:
        """Rows `first` up to `last` of a tensor."""
        return self._network.get_parameter(name).detach()[first:last]

    def whole(self, name: str) -> Tensor:
        """A tensor; the network's layers let go of theirs."""
        weight: Tensor = self._network.get_parameter(name).detach()
        if weight.dim() == 2 and ".h." in name:
            self._network.get_parameter(name).data = weight.new_empty(0)
        return weight


class Rooms:
    """Keys and values of one sequence: `kept` (layers, 2, heads, room, width of a head), of which `length` are in use.

    What lies beyond `length` is zeros or what was forgotten, and never read unmasked; without `blank` it is anything.
    """

    def __init__(self, kept: Tensor, length: int = 0, blank: bool = True) -> None:
        self.kept, self.length, self.blank = kept, length, blank

    @property
    def nbytes(self) -> int:
        return self.kept.nbytes

    def crop(self, length: int) -> None:
        """Forget all but the first `length` tokens."""
        self.length = min(self.length, length)

    def copy(self, length: int) -> "Rooms":
        """The first `length` tokens, for another sequence to grow."""
        twin = Rooms(self.kept[:, :, :, :0], 0, self.blank)
        twin.reserve(length)
        twin.kept[:, :, :, :length] = self.kept[:, :, :, :length]
        twin.length = length
        return twin

    def reserve(self, length: int) -> None:
        """Have room for `length` tokens."""
        if length <= self.kept.shape[3]:
            return
        layers, two, heads, _, width = self.kept.shape
        shape = layers, two, heads, (length * 5 // 4 // GROWTH + 1) * GROWTH, width
        room = self.kept.new_zeros(shape) if self.blank else self.kept.new_empty(shape)
        room[:, :, :, : self.length] = self.kept[:, :, :, : self.length]
        self.kept = room


class CodeGen:
    """A CodeGen that runs on the CPU; what its forwards share. A subclass says what `states` and `scores` are."""

    exact = True
    device = torch.device("cpu")
    threads: int | None = 1
    _half = False
    _blank = True

    def __init__(self, shape: Shape, source: Source, dtype: torch.dtype) -> None:
        self.shape, self.dtype = shape, dtype
        self.context_length, self.vocabulary = shape.context, shape.vocabulary
        self._embed = _table(source, shape, {torch.int8: torch.float16}.get(dtype, dtype))

    def new(self) -> Rooms:
        """Keys and values of no tokens."""
        dtype = torch.float16 if self._half else torch.float32
        none = torch.zeros(self.shape.layers, 2, self.shape.heads, 0, self.shape.width, dtype=dtype)
        return Rooms(none, blank=self._blank)

    def read(self, ids: Sequence[int], kept: Rooms) -> Tensor:
        """Scores (1, vocabulary) after `ids`, which follow what is `kept`; it grows."""
        return self.scores(self.states([ids], [kept])[-1:])

    def read_all(self, ids: Sequence[int], kept: Rooms) -> tuple[Tensor, Tensor]:
        """Scores (tokens, vocabulary) and final states (tokens, n_embd) after each of `ids`."""
        states = self.states([ids], [kept])
        return self.scores(states), states

    def batch(self, rows: Sequence[Rooms]) -> "LeanBatch":
        """Rows to grow a token at a time; one that is named again is copied."""
        return LeanBatch(self, _own(rows))

    def step(self, ids: Sequence[int], rows: Sequence[Rooms]) -> Tensor:
        """Scores (rows, vocabulary) after one more token of each row."""
        return self.scores(self.states([[i] for i in ids], rows))

    def states(self, ids: Sequence[Sequence[int]], rows: Sequence[Rooms]) -> Tensor:
        """The last layer's states after the final norm, (new tokens of all rows, n_embd), float32; the rows grow."""
        raise NotImplementedError

    def scores(self, states: Tensor) -> Tensor:
        """Scores (rows, vocabulary), float32, of final states (rows, n_embd)."""
        raise NotImplementedError


@dataclass(frozen=True)
class Norm:
    """Layer norm."""

    gain: Tensor
    shift: Tensor
    epsilon: float

    def __call__(self, x: Tensor) -> Tensor:
        return functional.layer_norm(x, self.gain.shape, self.gain, self.shift, self.epsilon)


@dataclass(frozen=True)
class _Layer:
    """One block: `wide` makes q, k, v and the MLP's inner states in one product, `narrow` brings both back."""

    norm: Norm
    wide: "Linear | Int8Linear"
    narrow: "Linear | Int8Linear"


class Linear:
    """x @ weight.T + bias for x (rows, in), rows a multiple of `TILE`; packed for oneDNN where torch has it.

    The inputs of several `weights` (out, in) lie side by side in x.
    """

    def __init__(self, weights: Sequence[Tensor], bias: Tensor) -> None:
        weight = torch.cat([w.float() for w in weights], 1) if len(weights) > 1 else weights[0].float()
        self._bias = bias
        self._packed = torch.backends.mkldnn.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, TILE) if self._packed else weight

    def __call__(self, x: Tensor) -> Tensor:
        if self._packed:
            return torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, "none", [], "")
        return functional.linear(x, self._weight, self._bias)


class Int8Linear:
    """A `Linear` with int8 weights, one scale an output; its inputs become int8 too, one scale a row and weight."""

    def __init__(self, weights: Sequence[Tensor], bias: Tensor) -> None:
        self._bias = bias
        self._scales = [torch.cat([slab.abs().amax(1).float() / 127 for slab in w.split(SLAB)]) for w in weights]
        self._weights = [torch.empty(w.shape, dtype=torch.int8) for w in weights]
        for weight, scale, out in zip(weights, self._scales, self._weights, strict=True):
            for slab, its, place in zip(weight.split(SLAB), scale.split(SLAB), out.split(SLAB), strict=True):
                place.copy_((slab.float() / its[:, None].clamp(min=TINY)).round())

    def __call__(self, x: Tensor) -> Tensor:
        out = self._bias.expand(len(x), -1).clone()
        parts = x.split([weight.shape[1] for weight in self._weights], 1)
        for part, weight, scale in zip(parts, self._weights, self._scales, strict=True):
            size = part.abs().amax(1, keepdim=True) / 127
            whole = (part / size.clamp(min=TINY)).round()
            for first in range(0, len(weight), SLAB):
                sums = _exact(whole, weight[first : first + SLAB])
                out[:, first : first + SLAB] += sums * (scale[first : first + SLAB] * size)
        return out


def _exact(x: Tensor, weight: Tensor) -> Tensor:
    """x @ weight.T of whole numbers up to 127: each piece is exact whatever the order of its sums."""
    pieces = zip(x.split(EXACT, 1), weight.split(EXACT, 1), strict=True)
    return sum((a @ b.float().T for a, b in pieces), torch.zeros(()))


class LeanCodeGen(CodeGen):
    """The forward in torch, its weights float32 or int8."""

    def __init__(self, shape: Shape, source: Source, dtype: torch.dtype = torch.float32) -> None:
        super().__init__(shape, source, dtype)
        self.threads = 1 if shape.parameters <= ALONE else None
        self.heads, self.width = shape.heads, shape.width
        self._make: type[Linear | Int8Linear] = Int8Linear if dtype == torch.int8 else Linear
        self._cos, self._sin, self._swap = _rotary(shape)
        self._layers = [self._layer(LayerSource(shape, source, i)) for i in range(shape.layers)]
        gain, shift = (source.whole(f"transformer.ln_f.{name}").float() for name in ("weight", "bias"))
        self._norm = Norm(gain, shift, shape.epsilon)
        self._mask = torch.full((BLOCK, BLOCK), float("-inf")).triu(1)
        self._head = self._make([source.whole(shape.head)], source.whole("lm_head.bias").float())

    def _layer(self, take: "LayerSource") -> _Layer:
        wide = self._make([torch.cat(list(take.wide()))], take.inner_bias())
        narrow = self._make([take("attn.out_proj.weight"), take("mlp.fc_out.weight")], take("mlp.fc_out.bias"))
        return _Layer(Norm(take("ln_1.weight"), take("ln_1.bias"), self.shape.epsilon), wide, narrow)

    def scores(self, states: Tensor) -> Tensor:
        """See `CodeGen.scores`."""
        return self._head(_tall(states))[: len(states)]

    def states(self, ids: Sequence[Sequence[int]], rows: Sequence[Rooms]) -> Tensor:
        """See `CodeGen.states`."""
        spans = spans_of(ids, rows)
        for row, (_, _, _, length) in zip(rows, spans, strict=True):
            row.reserve(-(-length // BLOCK) * BLOCK)
        places = torch.tensor([p for _, _, had, length in spans for p in range(had, length)])
        x = _tall(self._embed[torch.tensor([i for row in ids for i in row])].float())
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


class LeanBatch:
    """Rows that grow together; each lies where it lay, so that joining and leaving costs nothing."""

    def __init__(self, runner: CodeGen, rows: list[Rooms]) -> None:
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


def spans_of(ids: Sequence[Sequence[int]], rows: Sequence[Rooms]) -> list[tuple[int, int, int, int]]:
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


def slabs_of(source: Source, name: str, rows: int) -> Iterator[Tensor]:
    """A tensor of so many rows as float32, at most `SLAB` rows at a time."""
    for first in range(0, rows, SLAB):
        yield source.rows(name, first, min(first + SLAB, rows)).float()


class LayerSource:
    """One block's tensors, as float32."""

    def __init__(self, shape: Shape, source: Source, index: int) -> None:
        self._shape, self._source, self._name = shape, source, f"transformer.h.{index}."

    def __call__(self, name: str) -> Tensor:
        return self._source.whole(self._name + name).float()

    def slabs(self, name: str, rows: int) -> Iterator[Tensor]:
        """A tensor of so many rows, some at a time."""
        return slabs_of(self._source, self._name + name, rows)

    def wide(self) -> Iterator[Tensor]:
        """The weight that makes q, k and v of head 0, 1, … and the MLP's inner states, attention's scale in q, some
        rows at a time: (3 · n_embd + n_inner, n_embd).
        """
        some = self._shape.size // PARTS
        for which, scale in ((0, self._shape.width**-0.5), (2, 1.0), (1, 1.0)):  # in each part q, v, k
            for first in range(which * some, 3 * self._shape.size, 3 * some):
                yield self._source.rows(self._name + "attn.qkv_proj.weight", first, first + some).float() * scale
        yield from self.slabs("mlp.fc_in.weight", self._shape.inner)

    def inner_bias(self) -> Tensor:
        """The bias of q, k and v (none) and of the MLP's inner states."""
        bias = self("mlp.fc_in.bias")
        return torch.cat((bias.new_zeros(3 * self._shape.size), bias))


def _table(source: Source, shape: Shape, dtype: torch.dtype) -> Tensor:
    """The embedding (vocabulary, n_embd), read a slab at a time."""
    table = torch.empty(shape.vocabulary, shape.size, dtype=dtype)
    for place, slab in zip(
        table.split(SLAB), slabs_of(source, "transformer.wte.weight", shape.vocabulary), strict=True
    ):
        place.copy_(slab)
    return table


def _rotary(shape: Shape) -> tuple[Tensor, Tensor, Tensor]:
    """(cos, sin with signs, each (length, width); the pairs' swap): x · cos + x[swap] · sin turns a head's states."""
    cosines, sines = angles(shape)
    turned, width = shape.rotary, shape.width
    cos, sin, swap = torch.ones(shape.context, width), torch.zeros(shape.context, width), torch.arange(width)
    cos[:, :turned] = cosines.repeat_interleave(2, 1)
    sin[:, 0:turned:2], sin[:, 1:turned:2] = -sines, sines
    swap[:turned] = swap[:turned].view(-1, 2).flip(1).flatten()
    return cos, sin, swap


def angles(shape: Shape) -> tuple[Tensor, Tensor]:
    """Cosines and sines of every place's angles, each (context, rotary / 2), in the steps that transformers takes."""
    turns = 1.0 / (10000 ** (torch.arange(0, shape.rotary, 2, dtype=torch.int64) / shape.rotary))
    angle = torch.arange(shape.context, dtype=torch.int64).float()[:, None] * turns
    return angle.cos(), angle.sin()
