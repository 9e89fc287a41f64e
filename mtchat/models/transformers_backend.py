"""The backend for checkpoints that transformers can load: CodeGen, and other causal language models with it.

Knows how the parts of the room make one model: folder, files, tokenizer, weights, forward (our own where it fits, which
needs no transformers, else transformers' own), prefix cache, token loop. Leaves to others: each of those parts, and
what the text means (`conversation`).
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from mtchat.errors import ModelError
from mtchat.models import codegen, confidence, lean, likelihood, loading, locate, names, sampling, verify
from mtchat.models.ahead import Ahead, Draft
from mtchat.models.base import Ask, OnText, Options, Prefill, Scores, Stop
from mtchat.models.cache import KEEP, PrefixCache
from mtchat.models.generate import Job, Loop, Runner
from mtchat.models.tokenization import Codec, load_codec
from mtchat.turn import Completion, ModelInfo, SamplingParams


def load(name: str, options: Options) -> "TransformersModel":
    """The model called `name`. Raises ModelError, one line, for everything that can be wrong with it."""
    device = loading.pick_device(options.device)
    loading.pick_dtype(options.dtype, device, None)
    smaller = "close other programs, pass --dtype bfloat16, or take a smaller model (see `mtchat models`)"
    with loading.memory_guard(f"while loading {name!r}", smaller):
        place = locate.find(name, revision=options.revision, with_code=options.trust_remote_code)
        config = verify.read_json(place.folder / "config.json")
        verify.check_config(config, place.name, options.trust_remote_code)
        info, files = _verified(place)
        codec = _codec(place, config, options)
        shape = None if config.get("auto_map") else codegen.shape_of(config)  # code of its own: another layout, perhaps
        dtype = loading.pick_dtype(options.dtype, device, config.get("dtype") or config.get("torch_dtype"), shape)
        if shape is not None and loading.runs_lean(shape, device, dtype):
            runner: Runner = loading.load_lean(place.folder, files, shape, dtype)
        else:
            runner = _padded(loading.load_weights(place.folder, device, dtype, options.trust_remote_code))
        model = TransformersModel(runner, codec, info)
        model.calibration = confidence.read(place.folder, info.sha256)
        return model


def runner_of(network: Any, dtype: torch.dtype | None = None) -> Runner:
    """What runs transformers' `network`, which it takes over: our own forward where it fits, in `dtype` if that is
    given, else transformers' own.
    """
    dtype = dtype or network.dtype
    if lean.fits(network):
        taken = lean.Taken(network)
        if loading.runs_lean(taken.shape, network.device, dtype):
            return loading.lean_model(taken.shape, taken, dtype)
    return _padded(network)


def _padded(network: Any) -> Runner:
    from mtchat.models.padded import PaddedRunner  # it imports transformers

    return PaddedRunner(network)


def _verified(place: locate.Place) -> tuple[ModelInfo, list[Path]]:
    """Check every weights file; which weights these are, and their files."""
    weights = verify.weights_files(place.folder)
    manifest = verify.manifest(place.folder, weights)
    if manifest is None and place.name == "embedded":
        raise ModelError(f"{place.folder} lacks manifest.json, so its weights cannot be verified: reinstall mtchat")
    for path in weights:
        if path.suffix == ".safetensors":
            verify.check_safetensors(path)
    revision = place.revision or (manifest or {}).get("revision")
    if manifest is not None and len(weights) == 1:
        return ModelInfo(place.name, revision, manifest["sha256"][weights[0].name]), weights
    return ModelInfo(place.name, revision, verify.weights_digest(weights)), weights


def _codec(place: locate.Place, config: dict[str, Any], options: Options) -> Codec:
    asked = options.tokenizer or names.TOKENIZERS.get(place.name)
    folder = place.folder
    if asked is not None:
        folder = locate.find(asked, only_tokenizer=True, with_code=options.trust_remote_code).folder
    eos = config.get("eos_token_id")
    eos_id = eos if isinstance(eos, int) else None
    return load_codec(folder, eos_id=eos_id, trust_remote_code=options.trust_remote_code)


class TransformersModel:
    """A causal language model behind the `Model` protocol.

    `network` is a runner, or a network of transformers, which is taken over: its weights may be moved, so nobody else
    can run it afterwards. `keep` bounds the bytes of
    keys and values kept for later calls (0 keeps none, and every call computes its whole text). `last_prefill` tells
    how much of the last call's texts came from there. One call at a time; a second waits.

    `exact` says whether a row's result is the same to the last bit whatever shares its batch or was kept before it:
    for CodeGen on a CPU (see `lean`). Elsewhere scores move by rounding, which now and then changes a token.
    """

    calibration: confidence.Calibration | None = None

    def __init__(self, network: Any, codec: Codec, info: ModelInfo, *, keep: int = KEEP) -> None:
        self._set_up(runner_of(network) if isinstance(network, torch.nn.Module) else network, codec, info, keep)

    def _set_up(self, runner: Runner, codec: Codec, info: ModelInfo, keep: int) -> None:
        if max(codec.ids) >= runner.vocabulary:
            raise ModelError(
                f"the tokenizer has ids up to {max(codec.ids)} and the model {runner.vocabulary} rows: "
                "pass the tokenizer the model was trained with (--tokenizer)"
            )
        self.info = info
        self.context_length = runner.context_length
        self.last_prefill = Prefill(0, 0)
        self._runner: Runner | None = runner
        self._codec = codec
        self._cache: PrefixCache[Any] = PrefixCache(runner.new, keep)
        self._lock = threading.Lock()
        self.ahead = Ahead() if runner.exact else None  # only where scores do not depend on pieces
        self._mute = torch.tensor([i not in codec.ids for i in range(runner.vocabulary)], device=runner.device)

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
        return self.complete_many([Ask(text, params, stop, on_text)], cancel=cancel)[0]

    def complete_many(self, asks: Sequence[Ask], *, cancel: threading.Event | None = None) -> list[list[Completion]]:
        """See `mtchat.models.base.Model.complete_many`. Asks with the same text have it computed once."""
        jobs = [self._job(ask, f"ask {i} of {len(asks)}: " * (len(asks) > 1)) for i, ask in enumerate(asks, 1)]
        longest, rows = max((len(job.ids) for job in jobs), default=0), sum(ask.params.n for ask in asks)
        doing = f"at {longest} tokens of text, {rows} completions"
        with (
            self._lock,
            loading.memory_guard(doing, "ask for fewer candidates, undo some turns or start a new session"),
            torch.inference_mode(),
            loading.threads(self._running().threads),
        ):
            loop = Loop(self._running(), self._cache, self._codec, self._mute, cancel, self.ahead)
            try:
                done = loop.run(jobs)
            except BaseException:
                self._cache.drop()
                raise
            self.last_prefill = loop.prefill
            return done

    def _job(self, ask: Ask, which: str) -> Job:
        """Encode one ask. Raises ModelError, beginning with `which`, if it cannot be answered."""
        sampling.check(ask.params, which)
        ids = self._codec.encode(ask.text) or [self._codec.eos]
        room = min(ask.params.max_new_tokens, self.context_length - len(ids))
        if room < 1:
            raise ModelError(
                f"{which}the text is {len(ids)} tokens and the model reads {self.context_length}, the completion among "
                "them: undo some turns or start a new session"
            )
        return Job(ask, ids, room)

    def score(self, text: str, *, hidden: bool = False) -> Scores:
        """See `mtchat.models.base.Scorer.score`."""
        tokens = self.count(text)
        if tokens > self.context_length:
            raise ModelError(
                f"the text is {tokens} tokens and the model reads {self.context_length}: score a part of it, or take "
                "a model with a longer context"
            )
        with (
            self._lock,
            loading.memory_guard(f"scoring {tokens} tokens", "score less text"),
            torch.inference_mode(),
            loading.threads(self._running().threads),
        ):
            return likelihood.score(text, self._running(), self._codec, hidden=hidden)

    def draft_with(self, draft: "TransformersModel") -> None:
        """Let `draft`, a smaller model of the same tokenizer, write ahead. Raises ModelError if it cannot."""
        if self.ahead is None:
            raise ModelError("a draft model needs a target whose scores do not depend on batches: CodeGen on a CPU")
        self.ahead.draft = Draft.of(draft._running(), draft._codec, self._codec)

    def _running(self) -> Runner:
        if self._runner is None:
            raise ModelError("this model is closed: load it again")
        return self._runner

    @property
    def exact(self) -> bool:
        """Whether results do not depend on batch and cache to the last bit."""
        return self._runner is not None and self._runner.exact

    @property
    def dtype(self) -> str:
        """The weights' type, as --dtype names it."""
        return str(self._running().dtype).removeprefix("torch.")

    def forget(self) -> None:
        """Empty the prefix cache: the next call computes its whole text."""
        with self._lock:
            self._cache.drop()

    def uncached(self) -> "TransformersModel":
        """The same weights without a prefix cache, to measure and to check against."""
        twin = TransformersModel.__new__(TransformersModel)
        twin._set_up(self._running(), self._codec, self.info, keep=0)
        return twin

    def close(self) -> None:
        """Let go of weights and cache."""
        self._cache.drop()
        self._runner = None
