"""Landlock: which files a process and all its children may touch, however they ask.

Knows the rights of each ABI and how a rule is told to the kernel. Leaves to others: which paths those are
(`isolation`), and what Landlock does not look at: stat, chmod, utime, chdir and existing descriptors (`seccomp`,
`namespaces`). It covers the calling thread and those it starts later: call it before any other thread exists.
"""

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Sequence

from mtchat.sandbox import kernel

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
_READ = EXECUTE | READ_FILE | READ_DIR
_WRITE = READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER
"""Not MAKE_CHAR, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK and MAKE_SYM: a program needs none, and nobody should meet one."""

_VERSION_ONLY = 1
_PATH_BENEATH = 1
_TCP_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_QUIET = 1
"""From ABI 7: refusals are not written to the machine's audit log, which is not ours to fill."""


def abi() -> int:
    """The version the kernel speaks, 0 where it has none or has it switched off."""
    try:
        return kernel.syscall("landlock_create_ruleset", 0, 0, _VERSION_ONLY)
    except OSError:
        return 0


def why() -> str | None:
    """Why there is no Landlock here; None if there is."""
    try:
        kernel.syscall("landlock_create_ruleset", 0, 0, _VERSION_ONLY)
    except OSError as error:
        if not kernel.LINUX or kernel.MACHINE not in ("x86_64", "aarch64"):
            return "needs Linux on x86-64 or aarch64"
        if error.errno == errno.EOPNOTSUPP:
            return "Landlock is built into this kernel but switched off at boot (lsm=)"
        if error.errno == errno.ENOSYS:
            return "this kernel has no Landlock (Linux 5.13 and later can)"
        return f"Landlock is refused here, as in a container with an old seccomp profile ({error.strerror})"
    return None


def restrict(read: Sequence[str], write: Sequence[str], devices: Sequence[str] = ()) -> int:
    """From here on this thread reads and maps beneath `read` alone, and writes beneath `write` alone; the ABI it used.

    `devices` are single files that may be read and written where they are (/dev/null). Paths that do not exist are
    passed over. Needs `kernel.no_new_privileges` first. A second call narrows further, never widens.
    """
    version = abi()
    handled = _handled(version)
    ruleset = _ruleset(version, handled)
    try:
        for paths, rights in ((read, _READ), (write, _WRITE), (devices, READ_FILE | WRITE_FILE | TRUNCATE)):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        kernel.syscall("landlock_restrict_self", ruleset, _QUIET if version >= 7 else 0)
    finally:
        os.close(ruleset)
    return version


def _handled(version: int) -> int:
    """Every right that this version knows: what is handled and not allowed is refused."""
    rights = (1 << 13) - 1
    for since, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        if version >= since:
            rights |= right
    return rights


def _ruleset(version: int, handled: int) -> int:
    fields = [handled]
    if version >= 4:
        fields.append(_TCP_BIND_AND_CONNECT)
    if version >= 6:
        fields.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    return kernel.syscall("landlock_create_ruleset", ctypes.c_char_p(attributes), len(attributes), 0)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    except PermissionError:
        return  # out of this user's reach already
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, fd)
        kernel.syscall("landlock_add_rule", ruleset, _PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(fd)
