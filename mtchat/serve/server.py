"""HTTP on loopback: who may ask, what belongs to which path, and answers as they are written.

Knows the standard library's server, a thread a connection; which callers are refused (pages of a browser, other hosts'
names, a wrong key), and how it is seen that nobody listens any more. Leaves to others: requests, the queue, answers.
"""

import hmac
import queue
import re
import select
import socket
import sys
import time
import uuid
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from mtchat.errors import CommandError, MtchatError
from mtchat.models.base import Model
from mtchat.serve import answers, requests
from mtchat.serve.line import Done, Job, Line, Piece
from mtchat.serve.requests import Refusal

HOST = "127.0.0.1"
LONGEST = 8 << 20
"""Bytes of a request's body."""
TICK = 0.5
"""Seconds between two looks at whether the caller is still there."""
PULSE = 10.0
"""Seconds of silence after which a stream says that it still lives."""
_NAMES = {"127.0.0.1", "localhost", "[::1]"}
_PORT = re.compile(r":\d*$")
_PATHS = {
    "/health": "GET",
    "/v1/models": "GET",
    "/v1/completions": "POST",
    "/tokenize": "POST",
}


class Server:
    """The server of one model on loopback. `port` 0 takes a free one; a `key` has to be sent with every request.

    It takes connections from the start and answers once `run` is called. Raises CommandError for a port that is taken.
    """

    def __init__(self, port: int, *, key: str | None = None) -> None:
        try:
            self._http = _Http((HOST, port), _Handler)
        except OSError as error:
            raise CommandError(
                f"port {port} cannot be had ({error.strerror or error}): name another with --port, 0 takes a free one"
            ) from None
        self._http.key = key

    @property
    def address(self) -> str:
        """Where the API is, as `--model` takes it."""
        return f"http://{HOST}:{self._http.server_address[1]}/v1"

    def run(self, model: Model) -> None:
        """Answer until `stop` is called, or the thread is interrupted."""
        self._http.model, self._http.line = model, Line(model)
        try:
            self._http.serve_forever(poll_interval=0.1)
        finally:
            self._http.line.close()
            self._http.server_close()

    def stop(self) -> None:
        """End `run`, from another thread."""
        self._http.shutdown()

    def close(self) -> None:
        """Give the port back, if `run` never was called."""
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    model: Model
    line: Line
    key: str | None = None
    created = int(time.time())

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that left in the midst of something is no news; anything else is ours to mend."""
        error = sys.exception()
        if not isinstance(error, OSError):
            sys.stderr.write(f"mtchat: a request failed: {type(error).__name__}: {error}\n")


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "mtchat"
    sys_version = ""
    disable_nagle_algorithm = True  # a token would wait for the last one's receipt
    timeout = 60
    """Seconds that a caller may take to send its request, or to read what it is sent."""

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not written down."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the library refuses, in our form."""
        self._refuse(Refusal(code, message or HTTPStatus(code).phrase))

    @property
    def _http(self) -> _Http:
        return cast(_Http, self.server)

    def _serve(self, method: str) -> None:
        self._begun = self._read = False
        try:
            self._check_caller()
            path = self.path.partition("?")[0].rstrip("/") or "/"
            listed = path.startswith("/v1/models/")
            needs = "GET" if listed else _PATHS.get(path)
            if needs is None:
                raise Refusal(404, f"there is no {path} here; there are {', '.join(_PATHS)}", code="not_found")
            if needs != method:
                raise Refusal(405, f"{path} takes {needs}")
            body = self._body() if method == "POST" else b""
            if listed:
                self._model(path.removeprefix("/v1/models/"))
            elif path == "/v1/completions":
                self._complete(body)
            elif path == "/tokenize":
                self._tokenize(body)
            else:
                models = {"object": "list", "data": [answers.model_entry(self._http.model, self._http.created)]}
                self._send(200, models if path == "/v1/models" else {"status": "ok"})
        except Refusal as refused:
            self._refuse(refused)
        except OSError:
            self.close_connection = True  # nobody there

    def _check_caller(self) -> None:
        """Raise Refusal for who has no business here.

        A page in a browser can send requests to loopback, under its own origin or, by a name that is made to point here
        (DNS rebinding), under ours.
        """
        host = self.headers.get("Host", "localhost")
        if _PORT.sub("", host).lower() not in _NAMES:
            raise Refusal(403, "this server answers only under localhost or 127.0.0.1", code="host")
        if self.headers.get("Origin") is not None:
            raise Refusal(403, "this server does not answer the pages of a browser", code="origin")
        given = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        key = self._http.key
        if key is not None and not hmac.compare_digest(given.encode("utf-8", "replace"), key.encode()):
            raise Refusal(401, "the key is missing or wrong: send Authorization: Bearer KEY", code="invalid_api_key")

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise Refusal(411, "the request must say its Content-Length")
        if int(length) > LONGEST:
            raise Refusal(413, f"the request is {length} bytes, the most is {LONGEST}")
        data = self.rfile.read(int(length))
        self._read = True
        return data

    def _model(self, name: str) -> None:
        entry = answers.model_entry(self._http.model, self._http.created)
        if name != entry["id"]:
            raise Refusal(404, f"there is no model {name!r} here, only {entry['id']!r}", code="model_not_found")
        self._send(200, entry)

    def _tokenize(self, body: bytes) -> None:
        model = self._http.model
        text = requests.tokenize(body, model.info.name)
        try:
            count = model.count(text)
        except MtchatError as error:
            raise Refusal(500, str(error)) from None
        self._send(200, {"count": count, "max_model_len": model.context_length})

    def _complete(self, body: bytes) -> None:
        model = self._http.model.info.name
        wanted = requests.completion(body, model)
        answer = answers.Answer(f"cmpl-{uuid.uuid4().hex}", int(time.time()), model, wanted.logprobs)
        job = self._http.line.put(wanted)
        try:
            if wanted.stream:
                self._stream(job, answer)
            else:
                pieces: list[Piece] = []
                for said in self._said(job):
                    if isinstance(said, Piece):
                        pieces.append(said)
                    elif said is not None:
                        self._send(200, answer.whole(pieces, wanted.rows, said))
        finally:
            self._http.line.leave(job)

    def _stream(self, job: Job, answer: answers.Answer) -> None:
        quiet = time.monotonic()
        for said in self._said(job):
            if said is None:
                if time.monotonic() - quiet < PULSE:
                    continue
                self._event(b": waiting\n\n")
            elif isinstance(said, Piece):
                self._event(answers.event(answer.part(said)))
            else:
                if job.wanted.usage:
                    self._event(answers.event(answer.usage(said)))
                self._event(answers.event(None))
            quiet = time.monotonic()

    def _said(self, job: Job) -> Iterator[Piece | Done | None]:
        """What is said to `job` until its end, and None now and then. Raises Refusal; OSError when nobody listens."""
        while True:
            try:
                said = job.said.get(timeout=TICK)
            except queue.Empty:
                if self._left():
                    raise ConnectionResetError from None
                yield None
                continue
            if isinstance(said, Refusal):
                raise said
            yield said
            if isinstance(said, Done):
                return

    def _left(self) -> bool:
        """Whether the caller has closed its connection."""
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        return bool(poll.poll(0)) and self.connection.recv(1, socket.MSG_PEEK) == b""

    def _event(self, data: bytes) -> None:
        if not self._begun:
            self._begun = self.close_connection = True  # the end of the connection is the end of the stream
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream; charset=utf-8")
            self.send_header("Cache-Control", "no-cache")
            self.send_header("Connection", "close")
            self.end_headers()
        self.wfile.write(data)

    def _refuse(self, refused: Refusal) -> None:
        """Answer with an error: as a response, or as an event where the response has begun."""
        told = answers.refusal(refused)
        try:
            if getattr(self, "_begun", False):
                self.wfile.write(answers.event(told))
                return
            if self.command == "POST" and not getattr(self, "_read", True):
                self.close_connection = True  # its body is still to come
            self._send(refused.status, told, {"Retry-After": str(refused.wait)} if refused.wait else {})
        except OSError:
            self.close_connection = True

    def _send(self, status: int, value: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = answers.encoded(value)
        self.send_response(status)
        for name, text in {
            "Content-Type": "application/json",
            "Content-Length": str(len(data)),
            **(headers or {}),
        }.items():
            self.send_header(name, text)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
