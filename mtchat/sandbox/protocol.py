"""Frames: how the two sides of the sandbox talk over a Unix socket.

Knows that a frame is four bytes of length (big-endian) and that much JSON, one object; that descriptors may ride on
a frame's first byte; and the limits past which a peer is broken or hostile. Leaves to others: what the frames mean
(`keeper`, `worker`, `link`) and whether their fields can be believed (`frames`). Imported by both sides, so it needs
the standard library only.
"""

import json
import re
import socket
import struct
from typing import Any

MAX_FRAME = 48 * 1024 * 1024
MAX_TEXT, MAX_MESSAGE, MAX_NAME, MAX_VARIABLES = 200_000, 10_000, 200, 10_000
"""How long a traceback, an error's message and a name may be, and how many variables there are: both sides hold it."""
HEADER = struct.Struct(">I")
_SURROGATE = re.compile("[\ud800-\udfff]")


class ProtocolError(Exception):
    """The peer sent what is no frame: too long, cut short, or not a JSON object."""


def clean(text: str) -> str:
    """`text` as valid Unicode: a lone surrogate becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def encode(message: dict[str, Any]) -> bytes:
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    if len(body) > MAX_FRAME:
        raise ProtocolError(f"a frame of {len(body)} bytes is over the limit of {MAX_FRAME}")
    return HEADER.pack(len(body)) + body


def send(sock: socket.socket, message: dict[str, Any], fds: tuple[int, ...] = ()) -> None:
    """Send one frame, whole. `fds` arrive with it."""
    data = encode(message)
    if fds:
        sent = socket.send_fds(sock, [data], list(fds))
        data = data[sent:]
    if data:
        sock.sendall(data)


def receive(sock: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Wait for one frame and the descriptors that came with it; None when the peer is gone."""
    first, fds, _, _ = socket.recv_fds(sock, 1, 8)
    if not first:
        return None
    (length,) = HEADER.unpack(first + _exactly(sock, HEADER.size - 1))
    if length > MAX_FRAME:
        raise ProtocolError(f"a frame of {length} bytes is over the limit of {MAX_FRAME}")
    return decode(_exactly(sock, length)), list(fds)


def decode(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"a frame is not JSON: {type(error).__name__}") from None
    if not isinstance(message, dict):
        raise ProtocolError("a frame is not a JSON object")
    return message


def _exactly(sock: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = sock.recv(min(count, 1 << 20))
        if not part:
            raise ProtocolError("the peer went away in the middle of a frame")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


class Frames:
    """Cuts a stream of bytes, however it arrives, into the bodies of frames."""

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._limit = limit
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        self._buffer += data
        bodies = []
        while len(self._buffer) >= HEADER.size:
            (length,) = HEADER.unpack_from(self._buffer)
            if length > self._limit:
                raise ProtocolError(f"a frame of {length} bytes is over the limit of {self._limit}")
            end = HEADER.size + length
            if len(self._buffer) < end:
                break
            bodies.append(bytes(self._buffer[HEADER.size : end]))
            del self._buffer[:end]
        return bodies
