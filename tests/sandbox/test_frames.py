"""Frames from the worker are not believed: whatever arrives, it is a frame or a ProtocolError."""

import contextlib
import json
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtchat.sandbox import frames, protocol
from mtchat.sandbox.protocol import HEADER, Frames, ProtocolError

PATIENT = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
OP = st.sampled_from(["hello", "failed", "figure", "done", "variables", "ready", "dead", "other"])
FIELD = st.sampled_from(["pid", "status", "value", "display", "error", "mime", "sha256", "data", "variables", "code"])


@PATIENT
@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    for decode in (frames.from_program, frames.from_keeper):
        with contextlib.suppress(ProtocolError):
            decode(body)


@PATIENT
@given(OP, st.dictionaries(FIELD, JSON, max_size=5))
def test_any_object_of_the_right_kind(op: str, fields: dict[str, object]) -> None:
    body = json.dumps({"op": op, **fields}).encode()
    try:
        frame = frames.from_program(body)
    except ProtocolError:
        return
    if isinstance(frame, frames.Image):
        with pytest.raises(ProtocolError):
            frame.figure()
    elif isinstance(frame, frames.Hello):
        assert isinstance(frame.pid, int)
    elif isinstance(frame, frames.Done):
        assert frame.value is None or isinstance(frame.value, str)


@PATIENT
@given(st.lists(st.binary(max_size=50), max_size=8), st.integers(1, 20))
def test_frames_survive_any_cutting(bodies: list[bytes], size: int) -> None:
    stream = b"".join(HEADER.pack(len(body)) + body for body in bodies)
    cut, out = Frames(), []
    for start in range(0, len(stream), size):
        out += cut.feed(stream[start : start + size])
    assert out == bodies


@pytest.mark.parametrize(
    "display",
    [
        [{"application/x-sh": "rm"}],
        [{"text/html": "x" * (frames.MOST_DISPLAYED + 1)}],
        [{"text/html": 1}],
        ["text/html"],
    ],
)
def test_a_display_of_another_kind_or_size_is_refused(display: list[object]) -> None:
    with pytest.raises(ProtocolError):
        frames.from_program(json.dumps({"op": "done", "status": "ok", "display": display}).encode())


def test_a_frame_over_the_limit() -> None:
    with pytest.raises(ProtocolError, match="limit"):
        Frames(100).feed(HEADER.pack(101))


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"\xff", b"[" * 100_000, b'{"op":1}', b'{"op":"done"}'])
def test_what_is_no_frame(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        frames.from_program(body)


def test_a_status_of_no_kind() -> None:
    with pytest.raises(ProtocolError):
        frames.from_program(b'{"op":"done","status":"fine"}')


@PATIENT
@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_a_round_trip(message: dict[str, object]) -> None:
    left, right = socket.socketpair()
    with left, right:
        protocol.send(left, message)
        got = protocol.receive(right)
    assert got is not None
    assert json.dumps(got[0]) == json.dumps(json.loads(json.dumps(message)))


@PATIENT
@given(st.text(alphabet=st.characters(codec=None, categories=["Cs", "L", "Nd"])))
def test_clean_text_is_valid(text: str) -> None:
    protocol.clean(text).encode("utf-8")


def test_descriptors_travel() -> None:
    left, right = socket.socketpair()
    with left, right, socket.socket() as passenger:
        protocol.send(left, {"op": "x"}, (passenger.fileno(),))
        got = protocol.receive(right)
        assert got is not None
        with socket.socket(fileno=got[1][0]):
            assert got[0] == {"op": "x"}


def test_a_peer_that_goes_away() -> None:
    left, right = socket.socketpair()
    with right:
        left.close()
        assert protocol.receive(right) is None
    left, right = socket.socketpair()
    with right:
        left.sendall(HEADER.pack(10) + b"abc")
        left.close()
        with pytest.raises(ProtocolError, match="middle"):
            protocol.receive(right)
