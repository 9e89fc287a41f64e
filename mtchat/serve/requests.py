"""What is asked of the server: the bytes of a request become a `Wanted`, or are refused in a way that helps.

Knows the fields of OpenAI's completion API, their defaults, the ones that vLLM added and those that are not had here.
Pure. Leaves to others: the model's limits (`line`) and HTTP (`server`).
"""

import secrets
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from mtchat.errors import ModelError
from mtchat.models import infill
from mtchat.turn import SamplingParams

PROMPTS = 64
ROWS = 256
STOPS = 16


class Refusal(Exception):
    """What is answered instead: HTTP's `status`, a message, the field to blame, a code for programs."""

    def __init__(
        self, status: int, message: str, *, field: str | None = None, code: str | None = None, wait: int | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.field, self.code, self.wait = status, message, field, code, wait


_Share = Annotated[float, msgspec.Meta(gt=0, le=1)]
_Natural = Annotated[int, msgspec.Meta(ge=0, le=1 << 31)]
_Count = Annotated[int, msgspec.Meta(ge=1, le=ROWS)]


class _StreamOptions(msgspec.Struct):
    include_usage: bool | None = None


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    """The request as it is written; null means the default."""

    prompt: str | list[Any]
    model: str | None = None
    suffix: str | None = None
    max_tokens: _Natural | None = None
    temperature: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None
    top_p: _Share | None = None
    top_k: Annotated[int, msgspec.Meta(ge=-1)] | None = None
    repetition_penalty: Annotated[float, msgspec.Meta(gt=0, le=100)] | None = None
    n: _Count | None = None
    seed: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] | None = None
    stop: str | list[str] | None = None
    stream: bool | None = None
    stream_options: _StreamOptions | None = None
    logprobs: Annotated[int, msgspec.Meta(ge=0)] | None = None
    echo: bool | None = None
    user: str | None = None
    best_of: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logit_bias: dict[str, float] | None = None


class _Tokenize(msgspec.Struct):
    prompt: str
    model: str | None = None


@dataclass(frozen=True)
class Wanted:
    """A request for completions. `texts` are what the model is to continue; `params.max_new_tokens` 0 only scores."""

    texts: tuple[str, ...]
    params: SamplingParams
    stops: tuple[str, ...] = ()
    infills: bool = False
    stream: bool = False
    usage: bool = False
    logprobs: bool = False
    echo: bool = False

    @property
    def rows(self) -> int:
        """How many completions it wants."""
        return len(self.texts) * self.params.n

    @property
    def scores(self) -> bool:
        """Whether the texts' own likelihoods are wanted."""
        return self.echo and self.logprobs


def completion(data: bytes, served: str) -> Wanted:
    """The request in `data`, to the model called `served`. Raises Refusal."""
    body = _decoded(data, _Body)
    _check_model(body.model, served)
    _check_absent(body)
    stops = _stops(body.stop)
    texts = _texts(body.prompt)
    echo, stream = body.echo is True, body.stream is True
    if body.suffix:
        texts, stops = tuple(_between(text, body.suffix) for text in texts), (*stops, infill.END)
    if body.max_tokens == 0 and not echo:
        raise Refusal(400, "max_tokens 0 writes nothing: give 1 or more, or echo", field="max_tokens")
    if echo and (stream or body.suffix):
        raise Refusal(400, "echo goes with neither stream nor suffix: leave one out", field="echo")
    options = body.stream_options
    wanted = Wanted(
        texts,
        _params(body),
        stops,
        bool(body.suffix),
        stream,
        options is not None and options.include_usage is True,
        body.logprobs is not None,
        echo,
    )
    if wanted.rows > ROWS:
        raise Refusal(400, f"prompts times n is {wanted.rows}, the most is {ROWS}: ask in parts", field="n")
    return wanted


def tokenize(data: bytes, served: str) -> str:
    """The text whose tokens are to be counted. Raises Refusal."""
    body = _decoded(data, _Tokenize)
    _check_model(body.model, served)
    return body.prompt


def _decoded(data: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].rstrip("`") if "$." in str(error) else None
        raise Refusal(400, f"the request is not understood: {error}", field=field) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(400, f"the request is no JSON: {error}") from None


def _check_model(named: str | None, served: str) -> None:
    if named not in (None, served):
        raise Refusal(404, f"there is no model {named!r} here, only {served!r}", field="model", code="model_not_found")


def _check_absent(body: _Body) -> None:
    """Refuse what would change the answer and is not had here; harmless values pass."""
    n = body.n or 1
    asked = {
        "best_of": body.best_of not in (None, n),
        "presence_penalty": bool(body.presence_penalty),
        "frequency_penalty": bool(body.frequency_penalty),
        "logit_bias": bool(body.logit_bias),
    }
    for field, given in asked.items():
        if given:
            raise Refusal(400, f"{field} is not had here: leave it out", field=field)
    if (body.logprobs or 0) > 1:
        raise Refusal(400, "only the chosen tokens' log-probabilities are had: logprobs 0 or 1", field="logprobs")


def _texts(prompt: str | list[Any]) -> tuple[str, ...]:
    texts = (prompt,) if isinstance(prompt, str) else tuple(prompt)
    if not texts or len(texts) > PROMPTS:
        raise Refusal(400, f"prompt has {len(texts)} texts: give 1 to {PROMPTS}", field="prompt")
    if not all(isinstance(text, str) for text in texts):
        raise Refusal(400, "prompt is a text or a list of texts: token ids are not taken", field="prompt")
    return texts


def _stops(stop: str | list[str] | None) -> tuple[str, ...]:
    stops = (stop,) if isinstance(stop, str) else tuple(stop or ())
    if len(stops) > STOPS or not all(stops):
        raise Refusal(400, f"stop is a text or up to {STOPS} of them, none empty", field="stop")
    return stops


def _between(prefix: str, suffix: str) -> str:
    try:
        return infill.between(prefix, suffix)
    except ModelError as error:
        raise Refusal(400, str(error), field="suffix") from None


def _params(body: _Body) -> SamplingParams:
    def given(value: Any, default: Any) -> Any:
        return default if value is None else value

    return SamplingParams(
        temperature=float(given(body.temperature, 1.0)),
        top_p=float(given(body.top_p, 1.0)),
        top_k=max(given(body.top_k, 0), 0),
        repetition_penalty=float(given(body.repetition_penalty, 1.0)),
        max_new_tokens=given(body.max_tokens, 16),
        n=given(body.n, 1),
        seed=given(body.seed, secrets.randbits(31)),
    )
