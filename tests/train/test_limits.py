"""Generated code that runs away is stopped, and generation goes on."""

import resource

import pytest

from mtchat.train.corpus.limits import limited


def test_a_turn_that_grows_too_large_is_stopped() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(MemoryError), limited(5.0):
        bytearray(3 << 30)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    with limited(5.0):
        assert len(bytearray(1 << 20)) == 1 << 20


def test_a_turn_that_runs_too_long_is_stopped() -> None:
    with pytest.raises(TimeoutError), limited(0.05):
        exec("while True: pass")
