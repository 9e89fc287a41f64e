"""A model that says what a script tells it: for tests of everything above the models' room, and for teaching.

Knows how to pick a completion and to hand it out in small pieces through the same seam as a real model, with stop,
cancel and length honoured. Leaves to others: nothing is sampled here, so temperature and seed change nothing.
"""

import json
import re
import threading
import time
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from mtchat.errors import ModelError
from mtchat.models.base import Ask, OnText, Options, Scores, Stop
from mtchat.models.confidence import Calibration
from mtchat.models.verify import sha256
from mtchat.turn import Completion, Finish, ModelInfo, SamplingParams

Script = Sequence[str | Sequence[str]] | Mapping[str, str | Sequence[str]]
_PIECE = re.compile(r"\w+|\s|[^\w\s]")
_COMMENT = re.compile(r"^\s*(?:#|//|<!--)\s*(.*?)\s*(?:-->)?\s*$")


def load(name: str, options: Options) -> "ScriptedModel":
    """The model whose script is the JSON file `name`. Raises ModelError for a file that is missing or no script.

    The file is the script itself, or `{"script": …, "delay": SECONDS, "loading": SECONDS, "context": TOKENS}` with any
    of the numbers: a pause before each token, one before the model is there, and how much it reads (2048).
    """
    path = Path(name).expanduser()
    try:
        script, pace = _paced(json.loads(path.read_text("utf-8")))
        info, context = ModelInfo(f"scripted:{name}", None, sha256(path)), int(pace["context"])
        model = ScriptedModel(script, info=info, context_length=context, delay=pace["delay"])
        time.sleep(pace["loading"])
        return model
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"scripted:{name} cannot be used ({error}): give a JSON list of completions, or an object "
            "from intent to completion"
        ) from error


class ScriptedModel:
    """Completions from a list (one entry a call, the last one again and again) or a mapping.

    A mapping's keys are intents, compared with the text's last comment line; "*" stands for any other. An entry is a
    text, or a list with a text for each row (over again when there are more rows). A token is a word, a blank or a
    mark. `delay` is the pause before each, in seconds, `logprob` what each is said to have cost.
    """

    exact = True

    def __init__(
        self,
        script: Script,
        *,
        info: ModelInfo | None = None,
        context_length: int = 2048,
        delay: float = 0.0,
        logprob: float = 0.0,
        calibration: Calibration | None = None,
    ) -> None:
        entries = list(script.values()) if isinstance(script, Mapping) else list(script)
        if isinstance(script, str) or not entries or not all(_is_entry(e) for e in entries):
            raise TypeError("a script is a list or an object of texts, or of lists of texts")
        self.info = info or ModelInfo("scripted")
        self.context_length = context_length
        self.calibration = calibration
        self._script, self._delay, self._logprob, self._calls = script, delay, logprob, 0

    def count(self, text: str) -> int:
        """Words, blanks and marks in `text`."""
        return len(_PIECE.findall(text))

    def complete(
        self,
        text: str,
        params: SamplingParams,
        *,
        stop: Stop | None = None,
        on_text: OnText | None = None,
        cancel: threading.Event | None = None,
    ) -> list[Completion]:
        """See `mtchat.models.base.Model.complete`; the rows come one after the other. Raises ModelError off script."""
        return self.complete_many([Ask(text, params, stop, on_text)], cancel=cancel)[0]

    def complete_many(self, asks: Sequence[Ask], *, cancel: threading.Event | None = None) -> list[list[Completion]]:
        """See `mtchat.models.base.Model.complete_many`; an ask is a call, for a script that is a list."""
        rooms = [self._room(ask, f"ask {i} of {len(asks)}: " * (len(asks) > 1)) for i, ask in enumerate(asks, 1)]
        entries = [self._entry(ask.text) for ask in asks]
        waiting = cancel or threading.Event()
        return [
            [self._row(i, rows[i % len(rows)], room, ask, waiting) for i in range(ask.params.n)]
            for ask, rows, room in zip(asks, entries, rooms, strict=True)
        ]

    def score(self, text: str, *, hidden: bool = False) -> Scores:
        """Refuses: a script has no likelihoods."""
        raise ModelError(f"{self.info.name} has no likelihoods, it only says its script: name a checkpoint")

    def _room(self, ask: Ask, which: str) -> int:
        room = min(ask.params.max_new_tokens, self.context_length - self.count(ask.text))
        if room < 1:
            raise ModelError(
                f"{which}the text is longer than the {self.context_length} tokens this model reads: undo some turns"
            )
        return room

    def _entry(self, text: str) -> Sequence[str]:
        entry = self._found(text)
        return [entry] if isinstance(entry, str) else entry

    def _found(self, text: str) -> str | Sequence[str]:
        self._calls += 1
        if not isinstance(self._script, Mapping):
            return self._script[min(self._calls, len(self._script)) - 1]
        comments = [m[1] for line in text.splitlines() if (m := _COMMENT.match(line))]
        intent = comments[-1] if comments else ""
        if intent not in self._script and "*" not in self._script:
            raise ModelError(f"the script has no completion for {intent!r}; it knows: {', '.join(self._script)}"[:300])
        return self._script.get(intent, self._script.get("*", ""))

    def _row(self, row: int, script: str, room: int, ask: Ask, cancel: threading.Event) -> Completion:
        said, pieces = "", list[str]()
        finish: Finish = "eos"
        for piece in _PIECE.findall(script):
            if cancel.wait(self._delay) if self._delay else cancel.is_set():
                finish = "cancelled"
                break
            if len(pieces) == room:
                finish = "length"
                break
            pieces.append(piece)
            said += piece
            if ask.on_text is not None:
                ask.on_text(row, piece)
            stopped = ask.stop is not None and ask.stop(said)
            if ask.on_token is not None:
                ask.on_token(row, self._logprob, len(said))
            if stopped:
                finish = "stop"
                break
        tokens = len(pieces)
        costs, ends = (self._logprob,) * tokens, tuple(accumulate(map(len, pieces)))
        return Completion(said, finish, tokens, self._logprob * tokens, costs, ends)

    def close(self) -> None:
        """Nothing to let go of."""


def _paced(read: Any) -> tuple[Script, dict[str, float]]:
    """The script that was read, and its pace: a number is no completion, so no script is taken for another."""
    pace = {"delay": 0.0, "loading": 0.0, "context": 2048.0}
    given = {
        name: float(read[name]) for name in pace if isinstance(read, dict) and isinstance(read.get(name), int | float)
    }
    if not given or read.keys() != {"script", *given}:
        return read, pace
    return read["script"], pace | given


def _is_entry(entry: object) -> bool:
    return isinstance(entry, str) or (
        isinstance(entry, list | tuple) and bool(entry) and all(isinstance(e, str) for e in entry)
    )
