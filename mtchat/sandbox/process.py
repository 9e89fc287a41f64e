"""A process of the sandbox seen from the host: who it is, whether it lives, what it holds, and signals to it.

Knows process ids as the kernel gives them (never as a program says), pidfds and `/proc`. Leaves to others: what is
said on a line's frames (`frames`), reaping (`keeper`), and what follows from a death (`attempt`). Host side only.
"""

import contextlib
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Iterable
from typing import Any

from mtchat.sandbox import protocol
from mtchat.sandbox.protocol import ProtocolError

_CREDENTIALS = struct.Struct("=iII")
_PASSCRED = getattr(socket, "SO_PASSCRED", None)


def readable(socks: Iterable[socket.socket], seconds: float) -> list[socket.socket]:
    """Those with something to read within this time. For descriptors of any number, which select() is not; a socket
    that another thread has closed counts as readable, so that nobody waits for it."""
    socks = list(socks)
    poll = select.poll()
    for sock in socks:
        if sock.fileno() < 0:
            return socks
        poll.register(sock, select.POLLIN)
    ready = {fd for fd, _ in poll.poll(max(0.0, seconds) * 1000)}
    return [sock for sock in socks if sock.fileno() in ready]


class Vanished(ProtocolError):
    """A process spoke and was gone before the host, on a busy machine, could look at it: how it ended is not known."""


class Process:
    """The process `pid` (a child of the keeper) until it is `close`d. `inner` is its id as the keeper sees it,
    `parent` the keeper's as we see it.

    Raises Vanished when there is no such process any more.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._owner = os.getpid()
        self._fd: int | None = None
        try:
            if sys.platform == "linux":
                self._fd = os.pidfd_open(pid)
            status = self._status()
            self.inner = int(status.get("NSpid", str(pid)).split()[-1])
            self.parent = int(status.get("PPid", "0"))
        except (OSError, ValueError):
            self.close()
            raise Vanished("a process ended before it could be looked at") from None

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __del__(self) -> None:
        self.close()

    @property
    def fd(self) -> int | None:
        """Readable once the process is dead; None where the system has no such thing."""
        return self._fd

    def is_dead(self) -> bool:
        if self._fd is not None:
            poll = select.poll()
            poll.register(self._fd, select.POLLIN)
            return bool(poll.poll(0))
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def signal(self, number: int) -> None:
        """Not from a fork of the host: what it inherited is its parent's."""
        if os.getpid() != self._owner:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._fd is not None:
                signal.pidfd_send_signal(self._fd, number)
            elif sys.platform != "linux":
                os.kill(self.pid, number)

    def stop(self) -> None:
        """A parked process must not go on running, whatever it thinks."""
        self.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)

    def threads(self) -> int:
        """How many threads it has, counted by the kernel; 1 where that cannot be seen."""
        try:
            return int(self._status().get("Threads", "1"))
        except (OSError, ValueError):
            return 1

    def private_memory(self) -> int:
        """An upper bound of its share in bytes, quickly: what is resident and not a file's."""
        with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{self.pid}/statm", "rb") as file:
            _, resident, shared, *_ = file.read().split()
            return (int(resident) - int(shared)) * os.sysconf("SC_PAGESIZE")
        return 0

    def written(self) -> int:
        """Bytes of files on disks that it has made the system write, files without a name too; 0 where unseen."""
        with contextlib.suppress(OSError, ValueError, KeyError), open(f"/proc/{self.pid}/io", "rb") as file:
            counts = dict(line.split(b": ") for line in file.read().splitlines())
            return int(counts[b"write_bytes"]) - int(counts[b"cancelled_write_bytes"])
        return 0

    def memory(self) -> int:
        """Its share of memory (PSS) in bytes; 0 where that cannot be seen."""
        with contextlib.suppress(OSError, ValueError), open(f"/proc/{self.pid}/smaps_rollup", "rb") as file:
            for line in file:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) << 10
        return 0

    def _status(self) -> dict[str, str]:
        if sys.platform != "linux":
            return {}
        fd = os.open(f"/proc/{self.pid}/status", os.O_RDONLY | os.O_CLOEXEC)
        try:
            text = os.read(fd, 1 << 14).decode("utf-8", "replace")
        finally:
            os.close(fd)
        return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


class Line:
    """The host's end of one process's socket: frames from it, and who sent them."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        if _PASSCRED is not None:
            sock.setsockopt(socket.SOL_SOCKET, _PASSCRED, 1)
        self.process: Process | None = None
        self.open = True
        self._frames = protocol.Frames()

    def __del__(self) -> None:
        self.socket.close()

    def read(self) -> list[bytes]:
        """What has arrived, without waiting. ProtocolError for what is no frame, or not from this line's process."""
        try:
            data, about, _, _ = self.socket.recvmsg(1 << 20, 256, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return []
        except OSError:
            data, about = b"", []
        _drop_descriptors(about)
        if not data:
            self.open = False
            return []
        if (sender := _sender(about)) is not None:
            if self.process is None:
                self.process = Process(sender)
            elif self.process.pid != sender:
                raise ProtocolError("a frame from another process")
        return self._frames.feed(data)

    def adopt(self, pid: int) -> None:
        """Take the process's own word for its id, where the kernel gives none."""
        if self.process is None:
            self.process = Process(pid)

    def end(self) -> None:
        """Kill the process at the other end and forget it."""
        if self.process is not None:
            self.process.kill()
            self.process.close()
            self.process = None
        self.open = False
        self.socket.close()


def _sender(about: list[Any]) -> int | None:
    for level, kind, data in about:
        if level == socket.SOL_SOCKET and kind == getattr(socket, "SCM_CREDENTIALS", None):
            pid: int = _CREDENTIALS.unpack_from(data)[0]
            if pid <= 0:
                raise ProtocolError("a frame from a process that is not ours")
            return pid
    return None


def _drop_descriptors(about: list[Any]) -> None:
    """Nobody sends us descriptors: close what came anyway."""
    for level, kind, data in about:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            for (fd,) in struct.iter_unpack("i", data[: len(data) // 4 * 4]):
                os.close(fd)
