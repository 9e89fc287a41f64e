"""The filter's program, run by a small machine here: for both architectures, since only one can be tried for real."""

import struct
from itertools import pairwise

import pytest

from mtchat.sandbox import bpf, syscalls

MACHINES = ["x86_64", "aarch64"]
CLONE = {"x86_64": 56, "aarch64": 220}
FORK = 0x7FC00000


def decide(code: bytes, number: int, *arguments: int, machine: str) -> int:
    """What the kernel would do: classic BPF over seccomp_data."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, bpf.AUDIT_ARCH[machine], 0, *padded)
    at = accumulator = 0
    while True:
        operation, jump, other, value = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        match operation:
            case 0x20:
                accumulator = struct.unpack_from("=I", data, value)[0]
            case 0x54:
                accumulator &= value
            case 0x15:
                at += jump if accumulator == value else other
            case 0x35:
                at += jump if accumulator >= value else other
            case 0x06:
                return value
            case _:
                raise AssertionError(operation)


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def code(machine: str) -> bytes:
    return bpf.program(machine, syscalls.rules(machine, FORK), syscalls.REFUSED, syscalls.NEWEST, syscalls.UNKNOWN)


def test_the_kernel_would_take_it(code: bytes) -> None:
    assert 0 < len(code) // 8 <= 4096
    assert len(code) % 8 == 0


def test_what_is_not_listed_is_refused(code: bytes, machine: str) -> None:
    known = syscalls.rules(machine, FORK)
    for number in range(syscalls.NEWEST + 1):
        if number not in known:
            assert decide(code, number, machine=machine) == syscalls.REFUSED, number


def test_what_is_listed_whole_is_as_listed(code: bytes, machine: str) -> None:
    for number, rule in syscalls.rules(machine, FORK).items():
        if isinstance(rule, int):
            assert decide(code, number, machine=machine) == rule, number


def test_later_calls_do_not_exist(code: bytes, machine: str) -> None:
    for number in (syscalls.NEWEST + 1, 600, 0x3FFFFFFF):
        assert decide(code, number, machine=machine) == syscalls.UNKNOWN


def test_the_x32_calls_and_other_machines_kill(code: bytes, machine: str) -> None:
    if machine == "x86_64":
        for number in (0x40000000, 0x40000000 | 39, 0xFFFFFFFF):
            assert decide(code, number, machine=machine) == bpf.KILL_PROCESS
    other = MACHINES[1 - MACHINES.index(machine)]
    assert decide(code, 0, machine=other) == bpf.KILL_PROCESS


@pytest.mark.parametrize(
    ("flags", "action"),
    [
        (0x3D0F00, bpf.ALLOW),  # a thread of glibc's
        (0x7D0F00, bpf.ALLOW),  # and of musl's
        (17, FORK),
        (17 | 0x8000, FORK),
        (17 | 0x8000 | 0x100000 | 0x200000 | 0x1000000, FORK),
        (17 | 0x100, syscalls.REFUSED),  # shared memory, as vfork
        (17 | 0x4000, syscalls.REFUSED),
        (17 | 0x10000000, syscalls.REFUSED),  # a user namespace
        (17 | 0x20000000, syscalls.REFUSED),
        (17 | 0x2000, syscalls.REFUSED),  # CLONE_PTRACE
        (17 | 0x1000, syscalls.REFUSED),  # CLONE_PIDFD
        (17 | 1 << 33, syscalls.REFUSED),
        (0x3D0F00 | 0x10000000, syscalls.REFUSED),
        (0x3D0F00 | 1 << 40, syscalls.REFUSED),
        (0x10F00, syscalls.REFUSED),
        (0, syscalls.REFUSED),
        (9, syscalls.REFUSED),
    ],
)
def test_clone_is_a_thread_or_a_fork_and_nothing_else(code: bytes, machine: str, flags: int, action: int) -> None:
    assert decide(code, CLONE[machine], flags, machine=machine) == action


def test_a_condition_looks_at_both_halves() -> None:
    rules: dict[int, bpf.Rule] = {5: ([([bpf.Is(2, 0x1_00000002)], 1), ([bpf.Is(2, 2, wide=False)], 2)], 3)}
    code = bpf.program("aarch64", rules, 4, 99, 5)
    for value, action in ((0x1_00000002, 1), (2, 2), (0x7_00000002, 2), (0x1_00000003, 3), (0x1_00000000, 3)):
        assert decide(code, 5, 0, 0, value, machine="aarch64") == action
    assert decide(code, 6, machine="aarch64") == 4
    assert decide(code, 100, machine="aarch64") == 5


def test_all_conditions_of_a_case_must_hold() -> None:
    rules: dict[int, bpf.Rule] = {1: ([([bpf.Is(0, 1), bpf.Is(1, 2, 0xF), bpf.Is(5, 0)], 7)], 8)}
    code = bpf.program("aarch64", rules, 9, 99, 5)
    assert decide(code, 1, 1, 0xF2, 0, 0, 0, 0, machine="aarch64") == 7
    for arguments in ((2, 2), (1, 3), (1, 2, 0, 0, 0, 1)):
        assert decide(code, 1, *arguments, machine="aarch64") == 8


def test_no_number_is_listed_twice(machine: str) -> None:
    column = MACHINES.index(machine)
    texts = (syscalls._ALLOWED, syscalls._MODES, syscalls._ATTRIBUTES, syscalls._ABSENT, syscalls._LOOKED_AT)
    numbers = sorted(number for text in texts for number in syscalls._numbers(text, column).values())
    assert all(one != other for one, other in pairwise(numbers))
    assert numbers[-1] <= syscalls.NEWEST
    assert set(syscalls._by_argument(0)) == set(syscalls._numbers(syscalls._LOOKED_AT, 0))
