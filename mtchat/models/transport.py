"""Requests to a model's server: tried again where nothing was lost, given up in time, ended when nobody listens.

Knows HTTP as the standard library speaks it, server-sent events, which failures pass (and how long to wait for them),
and what a refusal means in one line. Leaves to others: what is asked and what the answers say (`mtchat.models.http`).
"""

import http.client
import json
import random
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from mtchat.errors import ModelError

CONNECT = 10.0
"""Seconds to reach the server."""
SILENCE = 120.0
"""Seconds that a server may say nothing at all: a long queue, or a long text on a slow machine."""
TRIES = 5
_FIRST_WAIT = 0.25
"""Seconds before the second try; doubled for each further one, with chance in it, unless the server names a time."""
_LONGEST_WAIT = 30.0
_PASSING = {429, 502, 503, 504}
_LONGEST_LINE = 1 << 24


class Refused(ModelError):
    """The server answered, and not with what was asked for. `status` is HTTP's."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class _Passing(Exception):
    """A failure that another try may not meet. `wait`: seconds, where the server named them."""

    def __init__(self, error: ModelError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error, self.wait = error, wait


@dataclass(frozen=True)
class Server:
    """Where requests go: `base` is the path of the API ("/v1"); `key`, if any, is sent as a bearer's."""

    scheme: str
    host: str
    port: int | None
    base: str
    key: str | None = None
    silence: float = SILENCE

    @classmethod
    def at(cls, address: str, key: str | None = None, silence: float = SILENCE) -> "Server":
        """The server at `address`. Raises ModelError for what is no address, or would give the key away."""
        form = "write http://HOST:PORT/v1#NAME (a folder of that name: ./NAME)"
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise ModelError(f"{address!r} is no address of a server ({error}): {form}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f\x7f]", address):
            raise ModelError(f"{address!r} is no address of a server: {form}")
        if parts.username is not None or parts.query:
            raise ModelError("an address takes no password and no query: put the key into MTCHAT_API_KEY")
        if key and parts.scheme == "http" and not _loopback(parts.hostname):
            raise ModelError(f"{parts.hostname}: MTCHAT_API_KEY would travel unencrypted: use https, or unset it")
        return cls(parts.scheme, parts.hostname, port, parts.path.rstrip("/"), key, silence)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{f':{self.port}' if self.port else ''}{self.base}"

    def __repr__(self) -> str:
        return f"Server({self})"  # never the key

    def ask(self, path: str, body: Any = None, *, tries: int = TRIES) -> Any:
        """The JSON that the server answers to a GET, or to a POST of `body`. Raises ModelError, Refused for a refusal.

        `path` is below the API's, or with two slashes in front from the server's root.
        """
        answer: list[Any] = []
        Request(self, path, body, answer.append, tries).run()
        for said in answer:
            if isinstance(said, ModelError):
                raise said
        if not answer or answer[0] is None:
            raise ModelError(f"{self}{path} answered nothing: is it an OpenAI-compatible server?")
        return answer[0]


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


class Request:
    """One request, made by `run` in whatever thread calls it: each piece of its answer goes to `put`, then None.

    A piece is the JSON of an event, or of the whole answer where there are no events. An error comes as a ModelError
    instead of None. `hang_up`, from any thread, ends it; nothing more is put then.
    """

    def __init__(self, server: Server, path: str, body: Any, put: Callable[[Any], None], tries: int = TRIES) -> None:
        self._server, self._put, self._tries = server, put, tries
        self._path = path[1:] if path.startswith("//") else server.base + path
        self._body = None if body is None else json.dumps(body).encode()
        self._ended = threading.Event()
        self._socket: socket.socket | None = None
        self._heard = False

    def run(self) -> None:
        """Make it, again where that may help."""
        for attempt in range(1, self._tries + 1):
            try:
                self._attempt()
            except _Passing as passing:
                wait = passing.wait if passing.wait is not None else _FIRST_WAIT * 2 ** (attempt - 1)
                if attempt == self._tries or self._heard:
                    return self._end(passing.error)
                if self._ended.wait(min(wait, _LONGEST_WAIT) * random.uniform(0.8, 1.2)):
                    return None
            except ModelError as error:
                return self._end(error)
            else:
                return self._end(None)
        return None

    def hang_up(self) -> None:
        """End it: the server sees that nobody listens."""
        self._ended.set()
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it is closed already

    def _end(self, error: ModelError | None) -> None:
        if not self._ended.is_set():
            self._put(error)

    def _attempt(self) -> None:
        connection = self._connected()
        try:
            self._exchange(connection)
        except TimeoutError:
            raise ModelError(f"{self._server} said nothing for {self._server.silence:.0f} s: ask again later") from None
        except (OSError, http.client.HTTPException, ValueError) as error:  # ValueError: closed under a reader
            raise _Passing(ModelError(f"{self._server} broke off ({_line(error)}): ask again")) from None
        finally:
            connection.close()

    def _connected(self) -> http.client.HTTPConnection:
        server = self._server
        secure = server.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(server.host, server.port, timeout=CONNECT)
        try:
            connection.connect()
        except ssl.SSLError as error:
            raise ModelError(f"{server} cannot be trusted ({_line(error)}): mend its certificate") from None
        except (OSError, UnicodeError) as error:
            why = ModelError(f"{server} cannot be reached ({_line(error)}): start it (mtchat serve), or mend --model")
            if isinstance(error, socket.gaierror | UnicodeError):
                raise why from None
            raise _Passing(why) from None
        connection.sock.settimeout(server.silence)
        self._socket = connection.sock
        if self._ended.is_set():
            self.hang_up()
        return connection

    def _exchange(self, connection: http.client.HTTPConnection) -> None:
        headers = {"Accept": "text/event-stream, application/json", "User-Agent": "mtchat"}
        if self._body is not None:
            headers["Content-Type"] = "application/json"
        if self._server.key:
            headers["Authorization"] = f"Bearer {self._server.key}"
        connection.request("GET" if self._body is None else "POST", self._path, self._body, headers)
        with connection.getresponse() as response:
            if response.status != 200:
                self._refuse(response)
            if response.headers.get_content_type() != "text/event-stream":
                return self._say(response.read())
            for data in _events(response):
                if data == b"[DONE]":
                    return None
                self._say(data)
        return None

    def _say(self, data: bytes) -> None:
        try:
            said = json.loads(data)
        except ValueError:
            raise ModelError(
                f"{self._server} answers no JSON: is it an OpenAI-compatible server, /v1 and all?"
            ) from None
        if not isinstance(said, dict):
            raise ModelError(
                f"{self._server} answers {type(said).__name__} where an object belongs: is it one of ours?"
            )
        if said.get("error"):
            raise ModelError(f"{self._server} failed: {_message(said)}")
        if not self._ended.is_set():
            self._heard = True
            self._put(said)

    def _refuse(self, response: http.client.HTTPResponse) -> None:
        """Raise what a status other than 200 means."""
        status, server = response.status, self._server
        try:
            said = _message(json.loads(response.read(_LONGEST_LINE)))
        except ValueError:
            said = response.reason or "no reason given"
        if status in (401, 403):
            raise Refused(f"{server} refuses the key ({said}): set MTCHAT_API_KEY to the right one", status)
        if 300 <= status < 400:
            to = _one_line(response.headers.get("Location") or "elsewhere")
            raise Refused(f"{server} sends on to {to}: name that address", status)
        error = Refused(f"{server} says {status}: {said}", status)
        if status in _PASSING:
            raise _Passing(error, _retry_after(response.headers))
        raise error


def _events(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """The data of each server-sent event; comments and other fields are left out."""
    while line := response.readline(_LONGEST_LINE):
        if line.startswith(b"data:"):
            yield line[5:].strip()


def _retry_after(headers: Message) -> float | None:
    try:
        return max(float(headers.get("Retry-After", "")), 0.0)
    except ValueError:
        return None


def _message(said: Any) -> str:
    """The message in the forms that servers give it."""
    error = said.get("error", said) if isinstance(said, dict) else said
    for _ in range(2):
        error = error.get("message") or error.get("detail") or "no reason given" if isinstance(error, dict) else error
    return _one_line(str(error))


def _one_line(text: str) -> str:
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:300]


def _line(error: BaseException) -> str:
    return _one_line(getattr(error, "strerror", None) or str(error) or type(error).__name__)
