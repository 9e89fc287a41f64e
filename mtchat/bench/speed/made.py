"""A checkpoint of random weights on disk, so that every program that is compared loads the same files.

Knows CodeGen's shapes, and a tokenizer of numbers: each token is one, as in " 17 4 1931". Such a text has one
tokenization, so that what a model wrote is found again in the next turn's text, as it is for a trained model's code.
Leaves to others: loading it (`mtchat.models`, `writers`).
"""

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import CodeGenConfig, CodeGenForCausalLM

from mtchat.errors import ModelError
from mtchat.models.quiet import quiet

SHAPES: dict[str, dict[str, int]] = {
    "350M": {"n_embd": 1024, "n_layer": 20, "n_head": 16, "rotary_dim": 32, "vocab_size": 51200, "n_positions": 2048},
    "tiny": {"n_embd": 32, "n_layer": 2, "n_head": 4, "rotary_dim": 8, "vocab_size": 512, "n_positions": 2048},
}


def save(folder: Path, shape: str, seed: int = 0) -> Path:
    """Write the checkpoint into `folder`, its weights in float16 as Salesforce's are. Raises ModelError for no shape.

    The last id ends a text, which is never written: every answer is as long as it may be.
    """
    if shape not in SHAPES:
        raise ModelError(f"unknown shape {shape!r}: {', '.join(SHAPES)}")
    sizes = SHAPES[shape]
    end = sizes["vocab_size"] - 1
    torch.manual_seed(seed)
    with quiet():
        config = CodeGenConfig(**sizes, n_ctx=sizes["n_positions"], bos_token_id=end, eos_token_id=end)
        network = CodeGenForCausalLM(config)
        network.lm_head.bias.data[end] = -1e4
        network.half().save_pretrained(str(folder))
    words = Tokenizer(models.WordLevel({str(i): i for i in range(end)} | {"end": end}, unk_token="end"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    words.save(str(folder / "tokenizer.json"))
    told = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "end", "eos_token": "end", "unk_token": "end"}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    return folder
