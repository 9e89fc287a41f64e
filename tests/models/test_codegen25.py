"""CodeGen2.5's kind: a Llama, with a tokenizer that is code. Loaded right when trusted, else refused with reason."""

import json
from pathlib import Path

import pytest
import torch

from mtchat.errors import ModelError
from mtchat.models import load_model
from mtchat.models.quiet import quiet
from mtchat.turn import SamplingParams

CODE = '''
from transformers import PreTrainedTokenizer


class Letters(PreTrainedTokenizer):
    """A byte a token, as far from CodeGen's as can be."""

    def __init__(self, eos_token="<|endoftext|>", **kwargs):
        super().__init__(eos_token=eos_token, add_bos_token=False, **kwargs)

    @property
    def vocab_size(self):
        return 128

    def get_vocab(self):
        return {chr(i): i for i in range(128)} | self.added_tokens_encoder

    def _tokenize(self, text, **kwargs):
        return list(text)

    def _convert_token_to_id(self, token):
        return ord(token) if len(token) == 1 and ord(token) < 128 else 0

    def _convert_id_to_token(self, index):
        return chr(index)

    def convert_tokens_to_string(self, tokens):
        return "".join(tokens)
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("codegen25")
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=140,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=128,
        initializer_range=0.3,
        eos_token_id=128,
    )
    with quiet():
        LlamaForCausalLM(config).save_pretrained(str(folder))
    (folder / "letters.py").write_text(CODE, "utf-8")
    own = {"auto_map": {"AutoTokenizer": ["letters.Letters", None]}, "tokenizer_class": "Letters"}
    (folder / "tokenizer_config.json").write_text(json.dumps(own), "utf-8")
    return folder


def test_code_in_the_tokenizer_needs_trust(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"tokenizer .* is Python code.*--trust-remote-code.*--tokenizer"):
        load_model(str(folder), device="cpu")


@torch.inference_mode()
def test_what_is_trusted_writes_what_transformers_does(folder: Path) -> None:
    from transformers import AutoModelForCausalLM

    model = load_model(str(folder), device="cpu", dtype="float32", trust_remote_code=True)
    text = "def add(a, b):\n"
    out = model.complete(text, SamplingParams(greedy=True, max_new_tokens=8))[0]
    with quiet():
        network = AutoModelForCausalLM.from_pretrained(str(folder), dtype=torch.float32).eval()
    ids = [ord(c) for c in text]
    for _ in range(out.tokens):
        scores = network(torch.tensor([ids])).logits[0, -1]
        scores[129:] = float("-inf")  # ids without a token
        ids.append(int(scores.argmax()))
    assert out.text == "".join(chr(i) for i in ids[len(text) :] if i < 128)
    assert model.count(text) == len(text)
