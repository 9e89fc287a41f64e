"""Text to ids and back, whichever tokenizer a checkpoint came with.

Knows `tokenizer.json` (read as it stands, which is exact and needs no transformers), transformers' AutoTokenizer for
folders without one, where in a text its tokens begin, and how to show text while it is being generated without
splitting a character. Leaves to others: finding the folder (`locate`) and what the ids mean to the weights (`loading`).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from mtchat.errors import ModelError
from mtchat.models.locate import first_line
from mtchat.models.quiet import quiet
from mtchat.models.verify import read_json

END_OF_TEXT = "<|endoftext|>"
_WINDOW = 8
"""Tokens of the prompt that are decoded along with the first new ones, for decoders that look at what came before."""


@dataclass(frozen=True)
class Codec:
    """A tokenizer reduced to what generation needs. `ids` are those that have a token; `eos` ends a text.

    `spell` gives a token as the vocabulary writes it, where there is one.
    """

    encode: Callable[[str], list[int]]
    decode: Callable[[Sequence[int]], str]
    ids: frozenset[int]
    eos: int
    spell: Callable[[int], str | None] | None = None

    def starts(self, text: str) -> list[int]:
        """Where each token of `text` begins, in characters; that of its first byte's character if it splits one."""
        ids = self.encode(text)
        pieces = [_bytes(self.spell(i) or "") for i in ids] if self.spell else []
        if b"".join(pieces) == _clean(text).encode():
            begins = [0, *accumulate(len(char.encode()) for char in _clean(text))]
            return [bisect_right(begins, at) - 1 for at in accumulate(map(len, pieces), initial=0)][: len(ids)]
        return list(_shown_before(self, ids))  # not byte-level: as far as whole characters tell


def load_codec(folder: Path, *, eos_id: int | None = None, trust_remote_code: bool = False) -> Codec:
    """The tokenizer in `folder`. `eos_id` is the model's own end-of-text id, used if the tokenizer names none.

    Raises ModelError for a folder without a tokenizer, a broken one, or one without an end-of-text token.
    """
    if (folder / "tokenizer.json").is_file():
        tokenizer, named = _from_file(folder), _eos_name(folder)
    else:
        _check_files(folder, trust_remote_code)
        tokenizer, named = _from_transformers(folder, trust_remote_code)
    vocab = tokenizer.get_vocab()
    eos = next((vocab[t] for t in (named, END_OF_TEXT) if t in vocab), eos_id)
    if eos is None or eos not in vocab.values():
        raise ModelError(f"the tokenizer in {folder} has no end-of-text token: pass the model's own with --tokenizer")
    ids = frozenset(vocab.values())
    if type(tokenizer).__module__.startswith("tokenizers"):
        encode, decode = (lambda text: tokenizer.encode(_clean(text)).ids), (lambda t: tokenizer.decode(t, False))
        return Codec(encode, decode, ids, eos, tokenizer.id_to_token)
    return Codec(
        lambda text: list(tokenizer.encode(_clean(text))),
        lambda t: tokenizer.decode(t, clean_up_tokenization_spaces=False),
        ids,
        eos,
    )


def _check_files(folder: Path, trust_remote_code: bool) -> None:
    """Refuse code unasked (CodeGen2.5's tokenizer is some), and folders that transformers makes a tokenizer up for."""
    path = folder / "tokenizer_config.json"
    if path.is_file() and read_json(path).get("auto_map") and not trust_remote_code:
        raise ModelError(
            f"the tokenizer in {folder} is Python code that comes with it: read it, then pass --trust-remote-code if "
            "you trust it, or name another tokenizer with --tokenizer"
        )
    has = {f.name for f in folder.iterdir()}
    if {"vocab.json", "merges.txt"} <= has or "tokenizer.model" in has or any(f.endswith(".py") for f in has):
        return
    lacks = "merges.txt" if "vocab.json" in has else "tokenizer.json"
    raise ModelError(f"{folder} holds no {lacks}: pass a folder or hub name with a tokenizer to --tokenizer")


def _clean(text: str) -> str:
    """`text` with lone surrogates (which have no UTF-8, and no token) as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _from_file(folder: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # tokenizers raises bare Exception
        raise ModelError(f"{folder / 'tokenizer.json'} cannot be read ({first_line(error)}): fetch it again") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _eos_name(folder: Path) -> str | None:
    path = folder / "tokenizer_config.json"
    token = read_json(path).get("eos_token") if path.is_file() else None
    return token.get("content") if isinstance(token, dict) else token


def _from_transformers(folder: Path, trust_remote_code: bool) -> tuple[Any, str | None]:
    """(tokenizer, name of its end-of-text token) as AutoTokenizer loads it; the inner fast one where there is one."""
    from transformers import AutoTokenizer

    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(
                str(folder), local_files_only=True, trust_remote_code=trust_remote_code
            )
    except Exception as error:
        raise ModelError(
            f"{folder} holds no tokenizer that can be read ({first_line(error)}): pass one with --tokenizer"
        ) from error
    return getattr(tokenizer, "backend_tokenizer", None) or tokenizer, tokenizer.eos_token


@cache
def _byte_of() -> dict[str, int]:
    """The characters that byte-level vocabularies write bytes as: printable ones themselves, the rest from 256 on."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [b for b in range(256) if b not in plain]
    return {chr(b): b for b in plain} | {chr(256 + i): b for i, b in enumerate(others)}


def _bytes(token: str) -> bytes:
    """A byte-level token's bytes; what was added to the vocabulary later stands there as itself."""
    return b"".join(bytes([_byte_of()[c]]) if c in _byte_of() else c.encode() for c in token)


def _shown_before(codec: Codec, ids: Sequence[int]) -> Iterator[int]:
    words, shown = Detokenizer(codec), 0
    for token in ids:
        yield shown
        shown += len(words.feed(token))


class Detokenizer:
    """The text of a growing list of ids, given out in whole characters.

    Decodes a short window at a time, so that the cost of a token does not grow with the text; a delta is held back
    while the window ends in the replacement character, which is how bytes of an unfinished character decode.
    """

    def __init__(self, codec: Codec, before: Sequence[int] = ()) -> None:
        self._decode = codec.decode
        self._ids = list(before[-_WINDOW:])
        self._start = 0
        self._shown = self._decode(self._ids) if self._ids else ""

    def feed(self, token: int) -> str:
        """The text that became whole with this token; "" while a character is unfinished."""
        self._ids.append(token)
        text = self._decode(self._ids[self._start :])
        if text.endswith("�") or len(text) <= len(self._shown):
            return ""
        return self._advance(text)

    def flush(self) -> str:
        """What was held back, unfinished bytes as replacement characters."""
        return self._advance(self._decode(self._ids[self._start :])) if self._ids else ""

    def _advance(self, text: str) -> str:
        delta, self._start = text[len(self._shown) :], max(self._start, len(self._ids) - _WINDOW)
        self._shown = self._decode(self._ids[self._start :])
        return delta
