"""The embedded model's tokenizer: byte-level BPE, digits apart, files that transformers and tokenizers read alike.

Knows: how it is trained and saved, which of its tokens are words. Leaves to others: what text it learns from beyond
the generator's (`corpus`).
"""

from __future__ import annotations

import json
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mtchat.train.corpus import END, Recipe, conversations, layout

SOURCES = (
    "string",
    "textwrap",
    "random",
    "statistics",
    "datetime",
    "argparse",
    "fractions",
    "calendar",
    "csv",
    "heapq",
    "bisect",
    "shlex",
    "difflib",
    "cmd",
    "queue",
    "inspect",
    "typing",
    "functools",
    "logging/__init__",
    "unittest/case",
    "json/decoder",
    "collections/__init__",
)


def texts(seed: int, characters: int = 8_000_000) -> Iterator[str]:
    """Conversations with ordinary words, and some of the standard library for breadth of word parts."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    for name in SOURCES:
        path = folder / f"{name}.py"
        if path.is_file():
            yield path.read_text(encoding="utf-8")[:40_000]
    total = 0
    for conversation in conversations(Recipe(seed=seed), -1):
        text = "".join(piece for piece, _ in layout(conversation))
        total += len(text)
        yield text
        if total > characters:
            return


def train(seed: int, folder: Path, vocabulary: int = 4096) -> None:
    """Train on `texts(seed)` and save to `folder`. No digit takes part in a merge, so " 12" is the space, 1, 2."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), level])
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(
        list(texts(seed)), trainer
    )  # a list: turns run in this thread, where they can be interrupted
    tokenizer.pre_tokenizer = level
    tokenizer.decoder = decoders.ByteLevel()
    save(tokenizer, folder)


def save(tokenizer: Any, folder: Path) -> None:
    """tokenizer.json, vocab.json, merges.txt, and the small files that say which class and special tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    tokenizer.model.save(str(folder))
    kind = {
        "tokenizer_class": "CodeGenTokenizer",
        "add_prefix_space": False,
        "add_bos_token": False,
        "model_max_length": 1024,
        "clean_up_tokenization_spaces": False,
    }
    special = {"bos_token": END, "eos_token": END, "unk_token": END}
    (folder / "tokenizer_config.json").write_text(json.dumps({**kind, **special}, indent=2) + "\n")
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")


def load(folder: Path) -> Any:
    """The `tokenizers.Tokenizer` saved in `folder`."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def words(tokenizer: Any) -> tuple[str, ...]:
    """Every token that is letters only (with or without the space before it), without the space, sorted."""
    found = {token.removeprefix("Ġ") for token in tokenizer.get_vocab()}
    return tuple(sorted(w for w in found if w.isascii() and w.isalpha()))
