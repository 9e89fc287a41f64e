"""What the server says: pieces as OpenAI's completion objects, whole or one at a time, and refusals as its errors.

Pure. Leaves to others: where pieces come from (`line`) and how bytes travel (`server`).
"""

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from mtchat.models.base import Model
from mtchat.serve.line import Done, Piece
from mtchat.serve.requests import Refusal


class Answer:
    """The answer to one request: `name` identifies it, `created` is in seconds since 1970."""

    def __init__(self, name: str, created: int, model: str, logprobs: bool) -> None:
        self._head = {"id": name, "object": "text_completion", "created": created, "model": model}
        self._logprobs = logprobs

    def part(self, piece: Piece) -> dict[str, Any]:
        """One event of a stream."""
        return {**self._head, "choices": [self._choice([piece])]}

    def usage(self, done: Done) -> dict[str, Any]:
        """The last event of a stream that wants it."""
        return {**self._head, "choices": [], "usage": usage(done)}

    def whole(self, pieces: Sequence[Piece], rows: int, done: Done) -> dict[str, Any]:
        """Everything at once."""
        choices = [self._choice([piece for piece in pieces if piece.index == i]) for i in range(rows)]
        return {**self._head, "choices": choices, "usage": usage(done)}

    def _choice(self, pieces: Sequence[Piece]) -> dict[str, Any]:
        told = None
        if self._logprobs:
            told = {
                "tokens": [token for piece in pieces for token in piece.tokens],
                "token_logprobs": [cost for piece in pieces for cost in piece.logprobs],
                "top_logprobs": None,
                "text_offset": [start for piece in pieces for start in piece.offsets],
            }
        text = "".join(piece.text for piece in pieces)
        return {"text": text, "index": pieces[0].index, "logprobs": told, "finish_reason": pieces[-1].finish}


def usage(done: Done) -> dict[str, Any]:
    told: dict[str, Any] = {
        "prompt_tokens": done.prompt,
        "completion_tokens": done.completion,
        "total_tokens": done.prompt + done.completion,
    }
    return told | ({"prompt_tokens_details": {"cached_tokens": done.cached}} if done.cached is not None else {})


def refusal(refused: Refusal) -> dict[str, Any]:
    kind = "invalid_request_error" if refused.status < 500 else "server_error"
    told = {"message": refused.message, "type": kind, "param": refused.field, "code": refused.code}
    return {"error": told}


def model_entry(model: Model, created: int) -> dict[str, Any]:
    """The served model, with what mtchat itself wants to know of it under "mtchat"."""
    calibration = model.calibration
    own = {
        "revision": model.info.revision,
        "sha256": model.info.sha256,
        "exact": getattr(model, "exact", False),
        "calibration": None if calibration is None else msgspec.to_builtins(calibration),
    }
    return {
        "id": model.info.name,
        "object": "model",
        "created": created,
        "owned_by": "mtchat",
        "max_model_len": model.context_length,
        "mtchat": own,
    }


def event(value: dict[str, Any] | None) -> bytes:
    """A server-sent event; None is the one that ends a stream."""
    return b"data: " + (b"[DONE]" if value is None else encoded(value)) + b"\n\n"


def encoded(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
