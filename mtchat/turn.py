"""The values that everything else passes around: one turn and what it is made of.

Knows the shape of the records (frozen since schema version 1: the session file, `--json` output and the bench all
write exactly these fields in this order, volatile ones last) and how a turn's id is computed. Leaves to others: how
text becomes code (`conversation`), how code becomes an `Execution` (`sandbox`), where records are kept (`session`).
"""

import hashlib
import json
from typing import Any, Literal, get_args

import msgspec

Status = Literal["ok", "error", "timeout", "memory", "denied", "interrupted", "crashed", "limit"]
STATUSES: tuple[str, ...] = get_args(Status)
ADVANCING: frozenset[str] = frozenset({"ok", "error"})
"""Statuses after which the head moves on; every other one leaves head and state as they were."""

Finish = Literal["stop", "eos", "length", "cancelled"]


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """An image that a program made. `data` (raw bytes, base64 in JSON) is for the store and `exec --json` alone."""

    mime: str
    sha256: str
    data: bytes | None = None

    def without_data(self) -> "Figure":
        return Figure(self.mime, self.sha256)


class ProgramError(msgspec.Struct, frozen=True):
    """What a program raised. `line` counts from 1 within the turn's code, None where no line of it is to blame."""

    type: str
    message: str
    line: int | None
    traceback: str


class Execution(msgspec.Struct, frozen=True):
    """What running one turn's code did. `value` is the repr of a last bare expression; `elapsed` is in seconds.

    `inputs` is what `input()` was answered, in order: running the code again needs nobody to answer.
    """

    status: Status
    stdout: str = ""
    stderr: str = ""
    value: str | None = None
    display: tuple[dict[str, str], ...] = ()
    figures: tuple[Figure, ...] = ()
    error: ProgramError | None = None
    inputs: tuple[str, ...] = ()
    elapsed: float = 0.0

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    @property
    def advances(self) -> bool:
        """Whether the session's head moves to a turn that ended so."""
        return self.status in ADVANCING


class SamplingParams(msgspec.Struct, frozen=True):
    """How to sample. `temperature` 0 or `greedy` takes the likeliest token; `top_k` 0 and `top_p` 1 are off."""

    temperature: float = 0.2
    top_p: float = 0.95
    top_k: int = 0
    repetition_penalty: float = 1.0
    max_new_tokens: int = 256
    greedy: bool = False
    n: int = 1
    seed: int = 0


class ModelInfo(msgspec.Struct, frozen=True):
    """Which weights wrote a completion: `revision` a commit hash or version, `sha256` of the weights, where known."""

    name: str
    revision: str | None = None
    sha256: str | None = None


class Completion(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the model wrote, uncut. `tokens` counts what was generated, `logprob` sums their natural-log probabilities.

    `logprobs` (one a token, of the untempered distribution) and `ends` (where each token's text ends in `text`, in
    characters) are kept in memory for scoring and left out of records.
    """

    text: str
    finish: Finish
    tokens: int
    logprob: float
    logprobs: tuple[float, ...] = ()
    ends: tuple[int, ...] = ()

    def without_logprobs(self) -> "Completion":
        return Completion(self.text, self.finish, self.tokens, self.logprob)


class Candidate(msgspec.Struct, frozen=True):
    """One distinct code among a turn's completions, with what it did. `count` completions truncated to it."""

    code: str
    count: int
    completion: Completion | None
    execution: Execution


class Doubt(msgspec.Struct, frozen=True):
    """The model was less sure of a turn's code than it is where it is right: `confidence` lies below `threshold`.

    Both in nats, of the `measure` that its calibration names (`mtchat.models.confidence`).
    """

    measure: str
    confidence: float
    threshold: float


class Turn(msgspec.Struct, frozen=True, omit_defaults=True):
    """One turn of a session, as recorded. `candidates` holds those not chosen; `evicted` the ids the model did not see.

    `completion` is None for code written by hand; `edited` says that `code` is not what truncation made of it.
    `defined` are the top-level names that the code binds. `seq` grows by one with each turn of a session. `doubt` is
    left out of the record where there is none.
    """

    id: str
    parent: str | None
    seq: int
    intent: str
    completion: Completion | None
    code: str
    edited: bool
    language: str
    sampling: SamplingParams | None
    model: ModelInfo | None
    candidates: tuple[Candidate, ...]
    checks: tuple[str, ...]
    evicted: tuple[str, ...]
    defined: tuple[str, ...]
    execution: Execution
    doubt: Doubt | None = None

    @classmethod
    def of(
        cls,
        *,
        parent: str | None,
        seq: int,
        intent: str,
        code: str,
        execution: Execution,
        language: str = "python",
        completion: Completion | None = None,
        edited: bool = False,
        sampling: SamplingParams | None = None,
        model: ModelInfo | None = None,
        candidates: tuple[Candidate, ...] = (),
        checks: tuple[str, ...] = (),
        evicted: tuple[str, ...] = (),
        defined: tuple[str, ...] = (),
        doubt: Doubt | None = None,
    ) -> "Turn":
        """A turn with its id computed from parent, intent, code and seq."""
        return cls(
            turn_id(parent, intent, code, seq),
            parent,
            seq,
            intent,
            completion,
            code,
            edited,
            language,
            sampling,
            model,
            candidates,
            checks,
            evicted,
            defined,
            execution,
            doubt,
        )


def canonical(value: Any) -> bytes:
    """Canonical JSON: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def turn_id(parent: str | None, intent: str, code: str, seq: int) -> str:
    """sha256 (hex) of the canonical JSON of the four things that make a turn what it is."""
    return hashlib.sha256(canonical({"parent": parent, "intent": intent, "code": code, "seq": seq})).hexdigest()
