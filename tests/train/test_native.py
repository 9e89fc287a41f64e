"""The C kernels against plain torch: the same block, the same loss, the same gradients, within bfloat16's rounding."""

from __future__ import annotations

import ctypes

import pytest
import torch
from torch import Tensor

from mtchat.train import native
from mtchat.train.model import Block, CodeGen, config_dict, rotary_table

pytestmark = pytest.mark.skipif(
    not native.usable(), reason="the kernels need a C compiler and a processor with AVX-512 and bfloat16 products"
)
WIDTH, HEADS = 96, 4  # heads of 24: neither a multiple of 16 nor of the 40 that the embedded model has


def far(a: Tensor, b: Tensor) -> float:
    return float((a.detach() - b.detach()).norm() / b.detach().norm())


@pytest.mark.parametrize("time", [1, 5, 64, 131])
def test_block_and_its_gradients(time: int) -> None:
    torch.manual_seed(time)
    block = Block(WIDTH, HEADS)
    for name, p in block.named_parameters():
        torch.nn.init.normal_(p, std=0.1 if p.ndim == 2 else 0.3, mean=1.0 if name == "ln_1.weight" else 0.0)
    sin, cos = (t[:time] for t in rotary_table(256, 8))
    one, two = (torch.randn(3, time, WIDTH, generator=torch.Generator().manual_seed(7)) for _ in range(2))
    one.requires_grad_(), two.requires_grad_()
    upstream = torch.randn(3, time, WIDTH)
    plain = block(one, sin, cos)
    plain.backward(upstream)
    expected = {name: p.grad for name, p in block.named_parameters()}
    block.zero_grad()
    ours = native.block(block, two, sin, cos)
    ours.backward(upstream)
    assert far(ours, plain) < 0.01
    assert one.grad is not None
    assert two.grad is not None
    assert far(two.grad, one.grad) < 0.01
    for name, p in block.named_parameters():
        grad = expected[name]
        assert p.grad is not None
        assert grad is not None
        assert far(p.grad, grad) < 0.02 or grad.norm() < 1e-4, name


def test_loss_and_its_gradients() -> None:
    torch.manual_seed(0)
    head = torch.nn.Linear(WIDTH, 300)
    hidden, targets = torch.randn(1100, WIDTH, requires_grad=True), torch.randint(0, 300, (1100,))
    targets[::3] = -100
    expected = torch.nn.functional.cross_entropy(head(hidden), targets)
    gradients = torch.autograd.grad(expected, [hidden, head.weight, head.bias])
    ours = native.loss(head, hidden, targets, WIDTH // HEADS)
    assert abs(float(ours.detach()) - float(expected.detach())) < 0.01
    found = torch.autograd.grad(ours, [hidden, head.weight, head.bias])
    assert all(far(a, b) < 0.01 for a, b in zip(found, gradients, strict=True))


def test_nothing_later_is_seen_in_rows_of_unlike_content() -> None:
    torch.manual_seed(1)
    model = CodeGen(config_dict(300, width=WIDTH, layers=2, heads=HEADS, rotary=8, context=128, end=0))
    assert model.use_kernels()
    ids = torch.randint(1, 300, (2, 70))
    changed = ids.clone()
    changed[:, 50:] = 5
    with torch.no_grad():
        one, two = model.hidden(ids), model.hidden(changed)
    assert torch.equal(one[:, :50], two[:, :50])
    assert not torch.equal(one[:, 50:], two[:, 50:])


def test_many_threads_give_the_same_sums_every_time() -> None:
    lib, threads = native.kernels(WIDTH // HEADS), ctypes.CDLL("libgomp.so.1")
    assert lib is not None
    n, seen, before = 997, set[bytes](), threads.omp_get_max_threads()
    torch.manual_seed(0)
    z, dcat = (torch.randn(n, parts * WIDTH).bfloat16() for parts in (7, 5))
    threads.omp_set_num_threads(6)
    for _ in range(30):
        bias = torch.zeros(4 * WIDTH)
        native._call(lib.gelu_backward, z, dcat, torch.empty_like(z), bias, n, WIDTH)
        seen.add(bias.numpy().tobytes())
    threads.omp_set_num_threads(before)
    assert len(seen) == 1


def test_a_head_that_does_not_fit_is_left_to_torch() -> None:
    assert native.kernels(25) is None
    assert native.kernels(130) is None


def test_subnormal_numbers_stay() -> None:
    assert native.kernels(WIDTH // HEADS) is not None
    assert float(torch.tensor([1e-310], dtype=torch.float64) / 1) == 1e-310
    assert 5e-324 / 1 * 1.0 > 0.0
