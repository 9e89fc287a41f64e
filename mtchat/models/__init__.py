"""The models' room: loading a model by name, and saying which names there are.

Knows the doors, `load_model`, `load_for` (what settings name), `stats` and `known_models`, and opens them lazily:
importing this package imports neither torch nor transformers. Leaves to others: the backends (`base.BACKENDS`), the
catalogue (`names`), and what the text that goes in and comes out means (`conversation`).
"""

import importlib
import time

from mtchat.config import Settings
from mtchat.errors import ModelError
from mtchat.models.base import BACKENDS, Ask, Model, OnText, OnToken, Options, Prefill, Scorer, Scores, Stop
from mtchat.models.infill import complete_between
from mtchat.models.names import KnownModel, known_models, larger
from mtchat.models.preload import preload
from mtchat.models.traced import traced

__all__ = [
    "Ask",
    "KnownModel",
    "Model",
    "OnText",
    "OnToken",
    "Prefill",
    "Scorer",
    "Scores",
    "Stop",
    "complete_between",
    "known_models",
    "larger",
    "load_for",
    "load_model",
    "stats",
]


def load_model(
    name: str = "embedded",
    *,
    tokenizer: str | None = None,
    device: str = "auto",
    dtype: str = "auto",
    revision: str | None = None,
    trust_remote_code: bool = False,
) -> Model:
    """The model of that name, ready to complete text.

    `name` is "embedded", a short alias ("350M-mono", "html"), a hub name ("Salesforce/codegen-2B-multi"), a local
    folder, the address of a completion server ("http://HOST:PORT/v1#NAME"), or "scripted:FILE.json". `tokenizer` names
    another place to take the tokenizer from. `device` is auto, cpu, cuda, cuda:N or mps; `dtype` auto, float32,
    bfloat16, float16 or int8 (CodeGen on a CPU). `revision` pins a hub commit, branch or tag. Code that comes with a
    checkpoint runs only under `trust_remote_code`. Raises ModelError, one line with the way out.
    """
    options = Options(tokenizer, device, dtype, revision, trust_remote_code)
    prefix = next(p for p in BACKENDS if name.startswith(p))
    if not prefix:
        preload()
    backend = importlib.import_module(BACKENDS[prefix])
    return backend.load(name[len(prefix) :], options)


def load_for(settings: Settings) -> Model:
    """The model that the settings name, its draft model beside it if they name one. Raises ModelError."""
    start = time.monotonic()
    model = load_model(
        settings.model,
        tokenizer=settings.tokenizer,
        device=settings.device,
        dtype=settings.dtype,
        revision=settings.revision,
        trust_remote_code=settings.trust_remote_code,
    )
    if settings.draft_model is not None:
        take = getattr(model, "draft_with", None)
        if take is None:
            raise ModelError(f"{settings.model!r} takes no draft model: leave --draft-model out")
        take(
            load_model(
                settings.draft_model,
                device=settings.device,
                dtype=settings.dtype,
                trust_remote_code=settings.trust_remote_code,
            )
        )
    return traced(model, time.monotonic() - start)


def stats(model: Model) -> list[str]:
    """For a person: what the last call reused, and how guessing ahead does; nothing where a backend cannot tell."""
    prefill, ahead = getattr(model, "last_prefill", None), getattr(model, "ahead", None)
    lines = [] if ahead is None else ahead.lines()
    if prefill is None:
        return lines
    return [f"the last text: {prefill.reused} tokens were kept from before, {prefill.computed} were read", *lines]
