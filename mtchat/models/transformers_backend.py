"""The backend for checkpoints that transformers can load: CodeGen, and other causal language models with it.

Knows how the parts of the room make one model: folder, files, tokenizer, weights, prefix cache, token loop. Leaves to
others: each of those parts, and what the text means (`conversation`).
"""

import threading
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from mtchat.errors import ModelError
from mtchat.models import loading, locate, names, sampling, verify
from mtchat.models.base import Ask, OnText, Options, Prefill, Stop
from mtchat.models.cache import PrefixCache
from mtchat.models.generate import Job, grow, prefill
from mtchat.models.quiet import quiet
from mtchat.models.tokenization import Codec, load_codec
from mtchat.turn import Completion, ModelInfo, SamplingParams


def load(name: str, options: Options) -> "TransformersModel":
    """The model called `name`. Raises ModelError, one line, for everything that can be wrong with it."""
    device = loading.pick_device(options.device)
    loading.pick_dtype(options.dtype, device, None)
    smaller = "close other programs, pass --dtype bfloat16, or take a smaller model (see `mtchat models`)"
    with quiet(), loading.memory_guard(f"while loading {name!r}", smaller):
        place = locate.find(name, revision=options.revision, with_code=options.trust_remote_code)
        config = verify.read_json(place.folder / "config.json")
        verify.check_config(config, place.name, options.trust_remote_code)
        info = _verified(place)
        codec = _codec(place, config, options)
        saved = config.get("dtype") or config.get("torch_dtype")
        dtype = loading.pick_dtype(options.dtype, device, saved)
        network = loading.load_weights(place.folder, device, dtype, options.trust_remote_code)
        return TransformersModel(network, codec, info)


def _verified(place: locate.Place) -> ModelInfo:
    """Check every weights file; say which weights these are."""
    weights = verify.weights_files(place.folder)
    manifest = verify.manifest(place.folder, weights)
    if manifest is None and place.name == "embedded":
        raise ModelError(f"{place.folder} lacks manifest.json, so its weights cannot be verified: reinstall mtchat")
    for path in weights:
        if path.suffix == ".safetensors":
            verify.check_safetensors(path)
    revision = place.revision or (manifest or {}).get("revision")
    if manifest is not None and len(weights) == 1:
        return ModelInfo(place.name, revision, manifest["sha256"][weights[0].name])
    return ModelInfo(place.name, revision, verify.weights_digest(weights))


def _codec(place: locate.Place, config: dict[str, Any], options: Options) -> Codec:
    asked = options.tokenizer or names.TOKENIZERS.get(place.name)
    folder = place.folder
    if asked is not None:
        folder = locate.find(asked, only_tokenizer=True, with_code=options.trust_remote_code).folder
    eos = config.get("eos_token_id")
    eos_id = eos if isinstance(eos, int) else None
    return load_codec(folder, eos_id=eos_id, trust_remote_code=options.trust_remote_code)


class TransformersModel:
    """A causal language model of transformers behind the `Model` protocol.

    `reuse=False` switches the prefix cache off: every call then computes its whole text. `last_prefill` tells how much
    of the last call's text came from the cache. One call at a time; a second waits.
    """

    def __init__(self, network: Any, codec: Codec, info: ModelInfo, *, reuse: bool = True) -> None:
        vocabulary = network.get_output_embeddings().weight.shape[0]
        if max(codec.ids) >= vocabulary:
            raise ModelError(
                f"the tokenizer has ids up to {max(codec.ids)} and the model {vocabulary} rows: "
                "pass the tokenizer the model was trained with (--tokenizer)"
            )
        self.info = info
        self.context_length = int(network.config.max_position_embeddings)
        self.last_prefill = Prefill(0, 0)
        self._network, self._codec = network, codec
        self._cache = PrefixCache(enabled=reuse)
        self._lock = threading.Lock()
        self._mute = torch.tensor([i not in codec.ids for i in range(vocabulary)], device=network.device)

    def count(self, text: str) -> int:
        """Tokens of `text`."""
        return len(self._codec.encode(text))

    def complete(
        self,
        text: str,
        params: SamplingParams,
        *,
        stop: Stop | None = None,
        on_text: OnText | None = None,
        cancel: threading.Event | None = None,
    ) -> list[Completion]:
        """See `mtchat.models.base.Model.complete`."""
        sampling.check(params)
        ids = self._codec.encode(text) or [self._codec.eos]
        room = min(params.max_new_tokens, self.context_length - len(ids))
        if room < 1:
            raise ModelError(
                f"the text is {len(ids)} tokens and the model reads {self.context_length}, the completion among them: "
                "undo some turns or start a new session"
            )
        job = Job(ids, params, self._codec, room, self._mute, stop, on_text, cancel)
        doing = f"at {len(ids)} tokens of text, {params.n} completions"
        with (
            self._lock,
            loading.memory_guard(doing, "ask for fewer candidates, undo some turns or start a new session"),
            torch.inference_mode(),
        ):
            return self._run(job)

    def complete_many(self, asks: Sequence[Ask], *, cancel: threading.Event | None = None) -> list[list[Completion]]:
        """See `mtchat.models.base.Model.complete_many`."""
        return [self.complete(a.text, a.params, stop=a.stop, on_text=a.on_text, cancel=cancel) for a in asks]

    def _run(self, job: Job) -> list[Completion]:
        if self._network is None:
            raise ModelError("this model is closed: load it again")
        cache, reused = self._cache.take(job.ids)
        scores = prefill(job, self._forward, cache, reused)
        self.last_prefill = Prefill(reused, cache.get_seq_length() - reused)
        completions, ids, cache = grow(job, self._forward, cache, scores)
        self._cache.put(ids, cache)
        return completions

    def _forward(self, ids: Tensor, cache: Any) -> Tensor:
        out = self._network(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
        return out.logits[:, -1].float()

    @property
    def dtype(self) -> str:
        """The weights' type, as --dtype names it."""
        return str(self._network.dtype).removeprefix("torch.")

    def forget(self) -> None:
        """Empty the prefix cache: the next call computes its whole text."""
        with self._lock:
            self._cache.drop()

    def uncached(self) -> "TransformersModel":
        """The same weights without a prefix cache, to measure and to check against."""
        return TransformersModel(self._network, self._codec, self.info, reuse=False)

    def close(self) -> None:
        """Let go of weights and cache."""
        self._cache.drop()
        self._network = None
