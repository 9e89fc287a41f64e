"""Small real checkpoints for tests: a CodeGen of random weights and a CodeGen tokenizer trained on a few lines."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

CORPUS = [
    "# Import libraries.\n\nimport numpy as np\n\n# Print hello world.\nprint('hello world')\n\n",
    "# Create a list of ten numbers\nnumbers = list(range(10))\n\n# Sum them\ntotal = sum(numbers)\nprint(total)\n\n",
    "def add(a, b):\n    return a + b\n\n# a café and a naïve 日本語 text 🙂\nname = 'Zoë'\n",
]
SHAPE = {"n_embd": 64, "n_layer": 3, "n_head": 4, "rotary_dim": 8, "n_positions": 256, "n_ctx": 256}


def save_tokenizer(folder: Path, size: int = 400) -> int:
    """Train a byte-level BPE with CodeGen's whitespace tokens and save it as CodeGenTokenizer; its length."""
    from transformers import CodeGenTokenizer

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=alphabet, special_tokens=["<|endoftext|>"], show_progress=False
    )
    raw.train_from_iterator(CORPUS * 4, trainer)
    folder.mkdir(parents=True, exist_ok=True)
    raw.model.save(str(folder))
    tokenizer = CodeGenTokenizer.from_pretrained(str(folder))
    tokenizer.add_tokens([" " * n for n in (4, 3, 2)])
    tokenizer.save_pretrained(str(folder))
    return len(tokenizer)


def save_network(folder: Path, vocabulary: int, *, seed: int = 0, scale: float = 0.3, **shape: int) -> None:
    """Save a random CodeGen whose scores are far apart enough to sample from, its vocabulary padded as CodeGen's is."""
    from transformers import CodeGenConfig, CodeGenForCausalLM

    torch.manual_seed(seed)
    config = CodeGenConfig(
        vocab_size=vocabulary, initializer_range=scale, bos_token_id=0, eos_token_id=0, **{**SHAPE, **shape}
    )
    CodeGenForCausalLM(config).save_pretrained(str(folder))


def save_checkpoint(folder: Path, *, padding: int = 40, **kwargs: int) -> Path:
    """A folder that `load_model` takes: weights, config and tokenizer."""
    from mtchat.models.quiet import quiet

    with quiet():
        size = save_tokenizer(folder)
        save_network(folder, size + padding, **kwargs)
    return folder
