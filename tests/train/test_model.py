from __future__ import annotations

import warnings

import pytest
import torch

from mtchat.errors import ConfigError
from mtchat.train import model as network
from mtchat.train.model import CodeGen, config_dict
from mtchat.train.optim import join_qkv, optimizers, orthogonalise, rate, set_rate, split_qkv

CONFIG = config_dict(300, width=64, layers=2, heads=4, rotary=8, context=64, end=0)


def lean() -> CodeGen:
    torch.manual_seed(0)
    model = CodeGen(CONFIG)
    for p in model.parameters():  # away from the start's symmetric zeros and ones
        torch.nn.init.normal_(p, std=0.15)
    return model


@pytest.mark.parametrize(("width", "heads", "rotary"), [(64, 8, 16), (96, 6, 8), (70, 4, 8), (64, 4, 5)])
def test_shapes_that_no_codegen_has_are_refused(width: int, heads: int, rotary: int) -> None:
    with pytest.raises(ConfigError, match="multiple of 4"):
        config_dict(300, width=width, layers=1, heads=heads, rotary=rotary, context=64, end=0)


def test_logits_equal_those_of_transformers() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transformers import CodeGenConfig, CodeGenForCausalLM

        theirs = CodeGenForCausalLM(CodeGenConfig(**CONFIG)).eval()
    model = lean()
    theirs.load_state_dict(model.state_dict())  # strict: the same names, none left over
    ids = torch.randint(0, 300, (3, 40), generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        torch.testing.assert_close(model(ids), theirs(ids).logits, atol=2e-4, rtol=1e-3)


@pytest.mark.parametrize("time", [1, 7, 161, 450])
def test_attention_part_by_part_equals_the_fused_kernel(time: int) -> None:
    q, k, v = torch.randn(3, 2, 4, time, 16, generator=torch.Generator().manual_seed(3))
    fused = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    torch.testing.assert_close(network.attend(q, k, v), fused, atol=1e-5, rtol=1e-4)


def test_loss_counts_only_wanted_positions() -> None:
    model = lean()
    ids = torch.randint(0, 300, (2, 16))
    targets = torch.full_like(ids, -100)
    targets[0, 3], targets[1, 7] = 5, 9
    logits = model(ids)
    wanted = torch.stack((logits[0, 3], logits[1, 7]))
    expected = torch.nn.functional.cross_entropy(wanted, torch.tensor([5, 9]))
    torch.testing.assert_close(model.loss(ids, targets), expected, atol=1e-5, rtol=1e-4)


def test_qkv_splits_into_query_value_key() -> None:
    weight = torch.arange(3 * 8 * 8, dtype=torch.float32).view(24, 8)
    parts = split_qkv(weight)
    assert torch.equal(join_qkv(parts), weight)
    assert torch.equal(parts[0, :2], weight[0:2])  # first group of query: width / 4 rows
    assert torch.equal(parts[1, :2], weight[2:4])  # then value
    assert torch.equal(parts[2, :2], weight[4:6])  # then key
    assert torch.equal(parts[0, 2:4], weight[6:8])  # then the second group of query


def test_orthogonalised_singular_values_are_near_one() -> None:
    for shape in ((32, 32), (64, 16), (16, 64)):
        values = torch.linalg.svdvals(orthogonalise(torch.randn(3, *shape, generator=torch.Generator().manual_seed(2))))
        assert values.max() < 1.5
        assert values.median() > 0.6


def test_matrices_of_blocks_go_to_muon_and_the_rest_to_adamw() -> None:
    muon, adamw = optimizers(lean())
    shapes = sorted(tuple(p.shape) for p in muon.param_groups[0]["params"])
    assert shapes == sorted([(192, 64), (64, 64), (256, 64), (64, 256)] * 2)
    total = sum(p.numel() for o in (muon, adamw) for g in o.param_groups for p in g["params"])
    assert total == sum(p.numel() for p in lean().parameters())


def test_rate_warms_up_stays_and_decays_to_near_zero() -> None:
    assert rate(0.0) < 0.05
    assert rate(0.3) == 1.0
    assert abs(rate(0.75, decay=0.5) - (1 - 0.5**0.5)) < 1e-9
    assert rate(1.0) < 0.01
    found = optimizers(lean())
    set_rate(found, 0.5)
    assert found[0].param_groups[0]["lr"] == 0.0125
