"""The training step's own kernels on a CPU: what lies between the matrix products, in C.

Knows: on which machines they run (Linux on x86-64 with AVX-512 and bfloat16 dot products, and a C compiler), how they
are built for a head size, the block and the loss as autograd functions. Leaves to others: the same in plain torch,
which is the reference and what every other machine uses (`model`).

A block here is two matrix products forward: the normalised input with query, key, value and the MLP's input weights
side by side, and attention's output and the MLP's hidden layer side by side with both output weights. Everything else
is in `kernels.c`, in bfloat16 with sums in float32.
"""

from __future__ import annotations

import ctypes
import functools
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

NEEDED = {"avx512f", "avx512bw", "avx512vl", "avx512_bf16"}
FLAGS = ("-Ofast", "-march=native", "-fopenmp", "-fPIC")


def usable() -> bool:
    """Whether this machine can build and run the kernels."""
    try:
        flags = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags"))
    except (OSError, StopIteration):
        return False
    return set(flags.split()) >= NEEDED and shutil.which("gcc") is not None


@functools.cache
def kernels(head: int) -> ctypes.CDLL | None:
    """The kernels for heads of so many features, a multiple of 2 up to 128; None where they cannot be had."""
    if not usable() or head % 2 or head > 128:
        return None
    source = Path(__file__).with_name("kernels.c")
    with tempfile.TemporaryDirectory() as folder:
        compiled, linked = Path(folder) / "kernels.o", Path(folder) / "kernels.so"
        commands = (
            ["gcc", *FLAGS, f"-DHEAD={head}", "-c", str(source), "-o", str(compiled)],
            ["gcc", "-shared", "-fopenmp", str(compiled), "-o", str(linked), "-lmvec", "-lm"],
        )  # linked apart: with -Ofast the linker would turn off subnormal numbers in the whole process
        if any(subprocess.run(command, capture_output=True, check=False).returncode for command in commands):
            return None
        return ctypes.CDLL(str(linked))


def _call(function: Any, *arguments: Tensor | int | float) -> None:
    plain = [
        ctypes.c_void_p(a.data_ptr())
        if isinstance(a, Tensor)
        else ctypes.c_float(a)
        if isinstance(a, float)
        else ctypes.c_long(a)
        for a in arguments
    ]
    function(*plain)


class Block(torch.autograd.Function):
    """A CodeGen block: x (batch, time, width) float32 to the same; `sin` and `cos` as `model.rotary_table` gives."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, gain: Tensor, shift: Tensor, qkv: Tensor, out: Tensor, fc_in: Tensor, bias_in: Tensor,
        fc_out: Tensor, bias_out: Tensor, sin: Tensor, cos: Tensor, heads: int,
    ) -> Tensor:  # fmt: skip
        batch, time, width = x.shape
        n, lib = batch * time, kernels(width // heads)
        assert lib is not None
        x = x.contiguous()
        first = torch.cat((qkv, fc_in)).bfloat16()
        second = torch.cat((out, fc_out), 1).bfloat16()
        normed = torch.empty(n, width, dtype=torch.bfloat16)
        mean, rstd, lse = torch.empty(n), torch.empty(n), torch.empty(batch * heads * time)
        _call(lib.norm_forward, x, gain, shift, normed, mean, rstd, n, width)
        bias = torch.cat((bias_in.new_zeros(3 * width), bias_in)).bfloat16()
        z = torch.addmm(bias, normed, first.t())
        cat = torch.empty(n, 5 * width, dtype=torch.bfloat16)
        _call(lib.attention_forward, z, cat, lse, batch, time, heads, sin.shape[1], sin, cos)
        _call(lib.gelu_forward, z, cat, n, width)
        y = torch.addmm(bias_out.bfloat16(), cat, second.t())
        ctx.save_for_backward(x, gain, normed, mean, rstd, lse, z, cat, first, second, sin, cos)
        ctx.heads = heads
        return (x.view(n, width) + y).view_as(x)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, gain, normed, mean, rstd, lse, z, cat, first, second, sin, cos = ctx.saved_tensors
        batch, time, width = x.shape
        n, heads, lib = batch * time, ctx.heads, kernels(width // ctx.heads)
        assert lib is not None
        dx = grad.reshape(n, width).clone()
        dy, dbias_out = dx.bfloat16(), dx.sum(0)
        dcat = dy @ second
        dsecond = (dy.t() @ cat).float()
        dz = torch.empty_like(z)
        _call(lib.attention_backward, z, cat, lse, dcat, dz, batch, time, heads, sin.shape[1], sin, cos)
        dbias_in = torch.zeros(4 * width)
        _call(lib.gelu_backward, z, dcat, dz, dbias_in, n, width)
        dnormed = dz @ first
        dfirst = (dz.t() @ normed).float()
        dgain, dshift = torch.zeros(width), torch.zeros(width)
        _call(lib.norm_backward, dnormed, x, gain, mean, rstd, dx, dgain, dshift, n, width)
        return (
            dx.view_as(x), dgain, dshift, dfirst[: 3 * width], dsecond[:, :width], dfirst[3 * width :], dbias_in,
            dsecond[:, width:], dbias_out, None, None, None,
        )  # fmt: skip


class Entropy(torch.autograd.Function):
    """Mean cross-entropy of `hidden` (n, width) through a head (vocabulary, width) against targets (n); negative
    targets count nothing. The gradients are made on the way forward, some rows at a time.
    """

    ROWS = 1024

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, bias: Tensor, targets: Tensor, head: int) -> Tensor:
        lib = kernels(head)
        assert lib is not None
        w, b, h = weight.bfloat16(), bias.bfloat16(), hidden.bfloat16()
        dh, dw, db = torch.empty_like(h), torch.zeros_like(weight), torch.zeros_like(bias)
        losses = torch.empty(len(h))
        scale = 1.0 / max(int(targets.ge(0).sum()), 1)
        for at in range(0, len(h), Entropy.ROWS):
            part, wanted = h[at : at + Entropy.ROWS], targets[at : at + Entropy.ROWS].contiguous()
            logits = torch.addmm(b, part, w.t())
            _call(lib.entropy, logits, wanted, losses[at:], len(part), len(w), scale)
            dh[at : at + len(part)] = logits @ w
            dw += logits.t() @ part
            db += logits.sum(0, dtype=torch.float32)
        ctx.save_for_backward(dh, dw, db)
        return losses.sum() * scale

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        dh, dw, db = ctx.saved_tensors
        return dh * grad, dw * grad, db * grad, None, None


def block(module: Any, x: Tensor, sin: Tensor, cos: Tensor) -> Tensor:
    """`model.Block` by the kernels: x (batch, time, width), sin and cos (time, rotary), all float32."""
    norm, attention, mlp = module.ln_1, module.attn, module.mlp
    found: Tensor = Block.apply(
        x, norm.weight, norm.bias, attention.qkv_proj.weight, attention.out_proj.weight, mlp.fc_in.weight,
        mlp.fc_in.bias, mlp.fc_out.weight, mlp.fc_out.bias, sin, cos, attention.heads,
    )  # fmt: skip
    return found


def loss(linear: Any, hidden: Tensor, targets: Tensor, head: int) -> Tensor:
    """Mean cross-entropy of `hidden` (n, width) through `linear` against targets (n); -100 counts nothing."""
    found: Tensor = Entropy.apply(hidden, linear.weight, linear.bias, targets, head)
    return found
