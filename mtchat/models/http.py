"""The backend for OpenAI-compatible completion servers: `mtchat serve`, vLLM and others (docs/serve.md).

Knows what to ask of such a server and how its answers become completions: several asks at a time, rows that stop, that
are cancelled, that break off. Leaves to others: the connection (`transport`), and sampling, which is the server's.
"""

import math
import queue
import threading
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import msgspec

from mtchat import config
from mtchat.errors import ModelError
from mtchat.models import locate
from mtchat.models.base import Ask, OnText, Options, Scores, Stop
from mtchat.models.confidence import MEASURES, Calibration
from mtchat.models.tokenization import END_OF_TEXT, Codec, load_codec
from mtchat.models.transport import Refused, Request, Server
from mtchat.turn import Completion, Finish, ModelInfo, SamplingParams

CONTEXT = 2048
"""Tokens that a server which does not say is taken to read: CodeGen's."""
PARALLEL = 16
"""Requests under way at once."""
_TICK = 0.05
"""Seconds between two looks at `cancel` while nothing arrives."""
_BYTES_A_TOKEN = 3
"""For servers that do not count: code has three to four bytes a token, so this errs on the safe side."""
_ABSENT = {404, 405, 501}


def load(name: str, options: Options) -> "HttpModel":
    """The model behind the address "http" + `name`, of which the part after # names one of the server's models.

    Of the options only the tokenizer matters, which then counts tokens here. Raises ModelError, one line, if the server
    cannot be reached, has no such model, or wants another key.
    """
    address, _, wanted = f"http{name}".partition("#")
    server = Server.at(address, config.api_key())
    codec = None
    if options.tokenizer is not None:
        place = locate.find(options.tokenizer, only_tokenizer=True, with_code=options.trust_remote_code)
        codec = load_codec(place.folder, trust_remote_code=options.trust_remote_code)
    return HttpModel(server, _entry(server, wanted), codec)


def _entry(server: Server, wanted: str) -> dict[str, Any]:
    """What the server says of the model called `wanted`, or of its only one."""
    try:
        listed = server.ask("/models", tries=3).get("data")
    except Refused as refused:
        if refused.status not in _ABSENT:
            raise
        if wanted:
            return {"id": wanted}
        raise ModelError(f"{server} lists no models: name one, as in {server}/v1#NAME") from None
    entries = {e["id"]: e for e in listed or () if isinstance(e, dict) and isinstance(e.get("id"), str)}
    if wanted in entries:
        return entries[wanted]
    if not wanted and len(entries) == 1:
        return next(iter(entries.values()))
    has = ", ".join(entries) or "none"
    if not wanted:
        raise ModelError(f"{server} has several models or none: name one as in {server}#NAME; it has: {has}"[:400])
    raise ModelError(f"{server} has no model {wanted!r}; it has: {has}"[:400])


class HttpModel:
    """A model that a server runs.

    `exact` is what the server says of itself. Sampling is the server's: a seed means the same again only there.
    Scores that it does not give are absent from completions (`logprob` 0, `logprobs` empty).
    """

    def __init__(self, server: Server, entry: dict[str, Any], codec: Codec | None = None) -> None:
        own = _object(entry, "mtchat")
        self._server, self._id, self._codec = server, entry["id"], codec
        self.info = ModelInfo(f"{server}#{self._id}", _text(own, "revision"), _text(own, "sha256"))
        self.context_length = _context(entry)
        self.exact = own.get("exact") is True
        self.calibration = _calibration(own.get("calibration"))
        self._counts: dict[str, int] = {}
        self._counted = True
        self._closed = False

    def count(self, text: str) -> int:
        """Tokens of `text`, as the tokenizer given or the server counts; else an estimate that is rather too high."""
        if self._codec is not None:
            return len(self._codec.encode(text))
        if text not in self._counts and self._counted:
            try:
                self._open()
                asked = {"model": self._id, "prompt": text, "add_special_tokens": False}
                if len(self._counts) > 200:
                    self._counts.clear()
                self._counts[text] = int(self._server.ask("//tokenize", asked)["count"])
            except Refused as refused:
                if refused.status not in _ABSENT:
                    raise
                self._counted = False
            except (KeyError, TypeError, ValueError):
                self._counted = False
        estimate = -(-len(text.encode("utf-8", "replace")) // _BYTES_A_TOKEN)
        return self._counts.get(text, estimate)

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
        """See `mtchat.models.base.Model.complete_many`; each ask is a request, `PARALLEL` at a time.

        What only the server can see to be wrong with an ask is told when it says so, perhaps in the midst of others.
        """
        self._open()
        talks = [self._talk(ask, f"ask {i} of {len(asks)}: " * (len(asks) > 1)) for i, ask in enumerate(asks, 1)]
        _Calls(talks, cancel).run()
        return [[row.completion() for row in talk.rows] for talk in talks]

    def _talk(self, ask: Ask, which: str) -> "_Talk":
        """What is to be asked. Raises ModelError, beginning with `which`, for a text that is known to be too long."""
        counted = self.count(ask.text)
        sure = self._codec is not None or self._counted
        room = min(ask.params.max_new_tokens, self.context_length - counted) if sure else ask.params.max_new_tokens
        if room < 1:
            raise ModelError(
                f"{which}the text is {counted} tokens and the model reads {self.context_length}, the completion among "
                "them: undo some turns or start a new session"
            )
        return _Talk(self._server, _body(self._id, ask, room), ask, which)

    def score(self, text: str, *, hidden: bool = False) -> Scores:
        """See `mtchat.models.base.Scorer.score`. Raises ModelError where the server tells no likelihoods of a text."""
        self._open()
        if hidden:
            raise ModelError(f"{self._server} gives no hidden states: name a checkpoint on this machine")
        tokens, logprobs = self._scored(text)
        if logprobs and logprobs[0] is None:
            logprobs[0] = self._first(tokens[0])
        begins = [0, *accumulate(map(len, tokens))]
        if any(cost is None for cost in logprobs) or "".join(tokens) != text:
            raise ModelError(f"{self._server} tells no likelihoods of a text: name a checkpoint on this machine")
        return Scores(tuple(tokens), tuple(begins[:-1]), tuple(map(float, logprobs)))

    def _first(self, token: str) -> float | None:
        """The log-probability of a text's first token after END_OF_TEXT; None if the server does not know that one."""
        tokens, logprobs = self._scored(END_OF_TEXT + token)
        return logprobs[1] if tokens == [END_OF_TEXT, token] else None

    def _scored(self, text: str) -> tuple[list[str], list[Any]]:
        asked = {"model": self._id, "prompt": text, "max_tokens": 0, "echo": True, "logprobs": 1, "temperature": 0}
        try:
            told = self._server.ask("/completions", asked)["choices"][0]["logprobs"]
            tokens, logprobs = list(told["tokens"]), list(told["token_logprobs"])
        except (KeyError, IndexError, TypeError):
            tokens, logprobs = [], [None]
        return tokens, logprobs

    def _open(self) -> None:
        if self._closed:
            raise ModelError("this model is closed: load it again")

    def close(self) -> None:
        """Nothing more is asked of the server."""
        self._closed = True


def _body(model: str, ask: Ask, room: int) -> dict[str, Any]:
    """The request for one ask: what is off is left out, for servers that know only OpenAI's own fields."""
    p = ask.params
    body: dict[str, Any] = {"model": model, "prompt": ask.text, "max_tokens": room, "stream": True, "logprobs": 1}
    if _greedy(p):
        body |= {"temperature": 0}
    else:
        body |= {"temperature": p.temperature, "top_p": p.top_p, "n": p.n, "seed": p.seed}
        body |= {"top_k": p.top_k} if p.top_k else {}
    return body | ({"repetition_penalty": p.repetition_penalty} if p.repetition_penalty != 1 else {})


def _greedy(params: SamplingParams) -> bool:
    return params.greedy or params.temperature == 0


class _Talk:
    """One ask under way. Greedy rows are all the same: one is asked for, since many servers refuse more."""

    def __init__(self, server: Server, body: dict[str, Any], ask: Ask, which: str) -> None:
        self.rows = [_Row(ask, i) for i in range(ask.params.n)]
        self.which = which
        self._server, self._body, self._same = server, body, _greedy(ask.params)

    def request(self, put: Any) -> Request:
        return Request(self._server, "/completions", self._body, put)

    @property
    def finished(self) -> bool:
        return all(row.finish is not None for row in self.rows)

    def rows_of(self, choice: Any) -> list["_Row"]:
        """The rows that a choice of the answer belongs to."""
        if not isinstance(choice, dict) or not isinstance(index := choice.get("index", 0), int):
            raise ModelError(f"{self._server} answers in a form of its own: it is no completion server")
        if self._same:
            return self.rows
        return self.rows[index : index + 1] if index >= 0 else []

    def check(self) -> None:
        """Raise ModelError unless every row has come to its end."""
        if not self.finished:
            raise ModelError(f"{self._server} broke off in the midst of a completion: ask again")


class _Calls:
    """Talks, some at a time; all that is heard is told in the thread that calls `run`."""

    def __init__(self, talks: Sequence[_Talk], cancel: threading.Event | None) -> None:
        self._talks, self._cancel = talks, cancel
        self._heard: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        self._open: dict[int, Request] = {}

    def run(self) -> None:
        """Until every row has finished, or is cancelled. Raises ModelError; no request stays open."""
        waiting = list(range(len(self._talks)))
        try:
            while (waiting or self._open) and not self._cancelled:
                while waiting and len(self._open) < PARALLEL:
                    self._start(waiting.pop(0))
                self._hear()
        finally:
            for request in self._open.values():
                request.hang_up()

    @property
    def _cancelled(self) -> bool:
        return self._cancel is not None and self._cancel.is_set()

    def _start(self, at: int) -> None:
        request = self._talks[at].request(lambda said: self._heard.put((at, said)))
        self._open[at] = request
        threading.Thread(target=request.run, name="mtchat-http", daemon=True).start()

    def _hear(self) -> None:
        try:
            at, said = self._heard.get(timeout=_TICK)
        except queue.Empty:
            return
        talk = self._talks[at]
        if at not in self._open:
            return  # said before it noticed that nobody listens
        if isinstance(said, ModelError):
            raise ModelError(f"{talk.which}{said}") from None
        if said is None:
            talk.check()
            del self._open[at]
            return
        for choice in said.get("choices") or ():
            for row in talk.rows_of(choice):
                if not self._cancelled:
                    row.take(choice)
        if talk.finished:
            self._open.pop(at).hang_up()


class _Row:
    """One completion while it arrives."""

    def __init__(self, ask: Ask, index: int) -> None:
        self._ask, self._index = ask, index
        self.text = ""
        self.finish: Finish | None = None
        self._pieces = 0
        self._logprobs: list[float] = []
        self._ends: list[int] = []

    def completion(self) -> Completion:
        finish, costs = self.finish or "cancelled", tuple(self._logprobs)
        tokens = len(costs) or self._pieces
        return Completion(self.text, finish, tokens, math.fsum(costs), costs, tuple(self._ends))

    def take(self, choice: dict[str, Any]) -> None:
        """Grow by a piece of the answer, pass it on, and see whether the row has finished."""
        if self.finish is not None:
            return
        delta, stopped = choice.get("text") or "", False
        before = len(self.text)
        if delta:
            self.text += delta
            self._pieces += 1
            if self._ask.on_text is not None:
                self._ask.on_text(self._index, delta)
            stopped = self._ask.stop is not None and self._ask.stop(self.text)
        self._count(choice.get("logprobs"), before)
        if stopped:
            self.finish = "stop"
        elif reason := choice.get("finish_reason"):
            self.finish = "length" if reason == "length" else "eos"

    def _count(self, told: Any, before: int) -> None:
        """Take in the tokens of a piece that began at `before`; the last one ends where the text now does."""
        tokens, costs = (told.get("tokens"), told.get("token_logprobs")) if isinstance(told, dict) else (None, None)
        if not tokens or not costs or len(tokens) != len(costs) or None in costs:
            return
        ends = [min(before + n, len(self.text)) for n in accumulate(map(len, tokens))]
        for end, cost in zip([*ends[:-1], len(self.text)], costs, strict=True):
            self._logprobs.append(float(cost))
            self._ends.append(end)
            if self._ask.on_token is not None:
                self._ask.on_token(self._index, float(cost), end)


def _object(entry: dict[str, Any], name: str) -> dict[str, Any]:
    value = entry.get(name)
    return value if isinstance(value, dict) else {}


def _text(own: dict[str, Any], name: str) -> str | None:
    return own[name] if isinstance(own.get(name), str) else None


def _context(entry: dict[str, Any]) -> int:
    """As vLLM, we and llama.cpp say it."""
    told = (entry.get("max_model_len"), entry.get("context_length"), _object(entry, "meta").get("n_ctx_train"))
    return next((n for n in told if isinstance(n, int) and n > 0), CONTEXT)


def _calibration(told: Any) -> Calibration | None:
    try:
        found = msgspec.convert(told, Calibration) if told else None
    except msgspec.ValidationError:
        return None
    return found if found is not None and found.measure in MEASURES else None
