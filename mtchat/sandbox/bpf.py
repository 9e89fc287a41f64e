"""A small assembler for seccomp filters: rules by system call and by argument become one classic BPF program.

Knows the instructions and how a filter sees a call (its number, its architecture, six arguments of 64 bits each).
Leaves to others: which calls are allowed (`syscalls`) and loading the program (`seccomp`).
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

KILL_PROCESS = 0x80000000
ERRNO = 0x00050000
USER_NOTIF = 0x7FC00000
ALLOW = 0x7FFF0000
X32_BIT = 0x40000000
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_NR, _ARCH, _ARGUMENTS = 0, 4, 16

Instruction = tuple[int, int, int, int]


class Is(NamedTuple):
    """True of a call whose argument (counted from 0), masked, has this value. All 64 bits are looked at unless `wide`
    is false: for arguments that the kernel itself cuts to 32 bits, whose upper half a caller may leave as it was."""

    argument: int
    value: int
    mask: int = 0xFFFFFFFF_FFFFFFFF
    wide: bool = True


Case = tuple[Sequence[Is], int]
"""When all of these hold, this action."""
Rule = int | tuple[Sequence[Case], int]
"""An action, or cases tried in order and the action where none holds."""


def errno_action(code: int) -> int:
    return ERRNO | code


def program(machine: str, rules: Mapping[int, Rule], default: int, newest: int, unknown: int) -> bytes:
    """The filter: the wrong architecture kills, numbers after `newest` are `unknown`, then the rules, the default."""
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, KILL_PROCESS),
        (_LOAD, 0, 0, _NR),
    ]
    if machine == "x86_64":
        code += [(_AT_LEAST, 0, 1, X32_BIT), (_RETURN, 0, 0, KILL_PROCESS)]
    code += [(_AT_LEAST, 0, 1, newest + 1), (_RETURN, 0, 0, unknown)]
    for number, rule in rules.items():
        body = [(_RETURN, 0, 0, rule)] if isinstance(rule, int) else _cases(*rule)
        code += [(_EQUAL, 0, len(body), number), *body]
    code.append((_RETURN, 0, 0, default))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def _cases(cases: Iterable[Case], otherwise: int) -> list[Instruction]:
    code: list[Instruction] = []
    for conditions, action in cases:
        code += _case(conditions, action)
    return [*code, (_RETURN, 0, 0, otherwise)]


def _case(conditions: Sequence[Is], action: int) -> list[Instruction]:
    """Every condition that fails jumps over the rest of this case."""
    tests = [test for condition in conditions for test in _tests(condition)]
    code: list[Instruction] = []
    length = 3 * len(tests) + 1
    for offset, mask, value in tests:
        code += [(_LOAD, 0, 0, offset), (_AND, 0, 0, mask)]
        code.append((_EQUAL, 0, length - len(code) - 1, value))
    return [*code, (_RETURN, 0, 0, action)]


def _tests(condition: Is) -> list[tuple[int, int, int]]:
    """A filter sees 32 bits at a time: the lower half of an argument comes first on both machines."""
    offset, low = _ARGUMENTS + 8 * condition.argument, 0xFFFFFFFF
    halves = [(offset, condition.mask & low, condition.value & low)]
    if condition.wide:
        halves.append((offset + 4, condition.mask >> 32, condition.value >> 32))
    return halves
