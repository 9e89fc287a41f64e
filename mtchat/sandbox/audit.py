"""The interpreter's own alarm: an audit hook that refuses what libraries would do on a program's behalf.

Knows audit events: files outside the scratch directory, processes, sockets, native libraries. It catches what the
language guards cannot see (`np.load(path)`, `pd.read_csv(url)`, a string evaluated inside sympy). Leaves to others:
what the program writes itself (`policy`, `guards`). Python code that got out of the language could switch it off: it
is an error layer, not a wall.
"""

import errno
import functools
import os
import sys
import sysconfig
import threading
from collections.abc import Callable
from typing import Any

from mtchat.sandbox.curated import WAYS_IN, words
from mtchat.sandbox.names import PolicyError

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_READABLE: tuple[str, ...] = (
    "/usr/share",
    "/usr/lib",
    "/usr/local/share/fonts",
    "/etc/localtime",
    "/etc/fonts",
    "/dev/urandom",
)
_READABLE += ("/dev/null", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")
_ABOUT_SELF = words("/proc/self/maps /proc/self/status /proc/self/cgroup /proc/self/mountinfo")
_REFUSED = words(
    """
    os.system os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile os.kill os.killpg os.chdir os.fchdir
    os.chroot subprocess.Popen pty.spawn socket.connect socket.bind socket.getaddrinfo socket.gethostbyname
    socket.gethostbyaddr socket.sendto socket.sendmsg urllib.Request http.client.connect ftplib.connect smtplib.connect
    imaplib.open poplib.connect telnetlib.Telnet.open nntplib.connect webbrowser.open sqlite3.enable_load_extension
    sqlite3.load_extension sys.settrace sys.setprofile sys.addaudithook gc.get_objects gc.get_referrers gc.get_referents
    pickle.find_class signal.pthread_kill syslog.openlog syslog.syslog pdb.Pdb
    """
)
_NATIVE = words("ctypes.dlopen ctypes.dlsym ctypes.dlsym/handle ctypes.call_function ctypes.cdata")
_NATIVE_CALLERS = ("threadpoolctl.py", os.sep + "numpy" + os.sep, os.sep + "scipy" + os.sep, "mkl" + os.sep)
_LIBRARY = os.path.dirname(os.path.abspath(os.__file__))
_PATH_MODULES = (
    "<frozen ",
    *(f"{_LIBRARY}/{name}" for name in ("genericpath.py", "glob", "os.py", "pathlib", "posixpath.py", "shutil.py")),
)
_PATHS = {
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.mkdir": 1,
    "os.chmod": 1,
    "os.chown": 1,
    "os.link": 2,
    "os.symlink": 2,
    "os.truncate": 1,
    "os.utime": 1,
    "os.setxattr": 1,
    "os.removexattr": 1,
    "shutil.rmtree": 1,
    "shutil.move": 2,
    "shutil.copyfile": 2,
    "shutil.unpack_archive": 2,
    "tempfile.mkstemp": 1,
    "tempfile.mkdtemp": 1,
}
"""Events that change files, and how many of their first arguments are paths: all must lie in the scratch directory."""


def _is_program(frame: Any) -> bool:
    """Whether the program asks, itself or through what only handles paths."""
    while frame is not None and frame.f_code.co_filename.startswith(_PATH_MODULES):
        frame = frame.f_back
    return frame is None or frame.f_code.co_filename.startswith(("<turn", "<string>"))


_ENDING = frozenset({"os.rmdir", "os.rename"})


class RefusedFile(PolicyError, PermissionError):
    """A refusal that libraries take for an ordinary lack of permission, so that they can do without."""

    __module__, __qualname__ = "builtins", "PolicyError"

    def __str__(self) -> str:
        return str(self.args[0])


class Audit:
    """Refuses while `active`: the worker's own business between runs is none of the hook's."""

    def __init__(self, files: str, home: str, read: tuple[str, ...] = (), write: tuple[str, ...] = ()) -> None:
        self.active = False
        self._here = threading.local()
        own = (files, home, *write)
        self._scratch = tuple(os.path.realpath(path) for path in own)
        paths = sysconfig.get_paths()
        roots = {sys.prefix, sys.base_prefix, sys.exec_prefix, paths["stdlib"], paths["platstdlib"]}
        roots |= {path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")}
        roots.add(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # our own package, not its surroundings
        roots |= set(read)
        self._readable = self._scratch + _READABLE + tuple(os.path.realpath(root) for root in roots if root)
        self._handlers: dict[str, Callable[[tuple[Any, ...]], None]] = {
            "open": self._open,
            "sqlite3.connect": self._sqlite,
            "os.listdir": self._listing,
            "os.scandir": self._listing,
        }

    def install(self) -> None:
        sys.addaudithook(self._hook)
        for name in ("stat", "lstat", "access", "readlink"):
            self._blind(name)

    def _blind(self, name: str) -> None:
        """Looking at a file raises no audit event: outside, a program that looks finds nothing. Libraries may look."""
        original = getattr(os, name)

        @functools.wraps(original)
        def look(path: Any, *args: Any, **kwargs: Any) -> Any:
            if self.active and not isinstance(path, int) and _is_program(sys._getframe(1)) and not self._may_see(path):
                if name == "access":
                    return False
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            return original(path, *args, **kwargs)

        del look.__wrapped__
        setattr(os, name, look)
        for names in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            if original in names:
                names.add(look)

    def _may_see(self, path: Any) -> bool:
        if getattr(self._here, "judging", False):
            return True
        try:
            return self._inside(path, self._readable) or self._is_above(path)
        except (TypeError, ValueError, OSError):
            return True  # not a path at all: the function itself says so

    def _is_above(self, path: Any) -> bool:
        real = self._real(path)
        return any(root.startswith(real.rstrip(os.sep) + os.sep) for root in self._scratch)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.active:
            return
        if event in self._handlers:
            self._handlers[event](args)
        elif event in _REFUSED:
            raise RefusedFile(f"{event} is not allowed in the sandbox")
        elif event in _NATIVE:
            self._native(event)
        elif event in _PATHS:
            self._paths(event, args[: _PATHS[event]])

    def _inside(self, path: Any, roots: tuple[str, ...]) -> bool:
        real = self._real(path)
        return any(real == root or real.startswith(root + os.sep) for root in roots)

    def _real(self, path: Any) -> str:
        if isinstance(path, os.PathLike):
            path = os.fspath(path)
        if type(path) is not str:  # a subclass could answer our questions with lies of its own
            path = str.__str__(path) if isinstance(path, str) else os.fsdecode(bytes(memoryview(path)))
        before, self._here.judging = getattr(self._here, "judging", False), True
        try:
            return os.path.realpath(path)
        finally:
            self._here.judging = before

    def _open(self, args: tuple[Any, ...]) -> None:
        path, mode, flags = args
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor that something opened before
        writing = bool(flags & _WRITING) if isinstance(flags, int) else False
        writing = writing or (isinstance(mode, str) and any(letter in mode for letter in "wax+"))
        if writing and not (self._inside(path, self._scratch) or os.fsdecode(path) == os.devnull):
            raise RefusedFile(
                f"writing {os.fsdecode(path)!r} is not allowed in the sandbox (only in its scratch directory; "
                f"{WAYS_IN})"
            )
        if not writing and path not in _ABOUT_SELF and not self._inside(path, self._readable):
            raise RefusedFile(
                f"reading {os.fsdecode(path)!r} is not allowed in the sandbox (only its scratch directory; {WAYS_IN})"
            )

    def _listing(self, args: tuple[Any, ...]) -> None:
        path = args[0] if args else None
        if not isinstance(path, int) and not self._inside(path or ".", self._readable):
            raise RefusedFile(f"listing {path!r} is not allowed in the sandbox (only its scratch directory; {WAYS_IN})")

    def _sqlite(self, args: tuple[Any, ...]) -> None:
        if args and args[0] not in (":memory:", b":memory:") and not self._inside(args[0], self._scratch):
            raise RefusedFile("a database outside the scratch directory is not allowed in the sandbox")

    def _paths(self, event: str, paths: tuple[Any, ...]) -> None:
        for path in paths:
            if isinstance(path, str | bytes | os.PathLike) and not self._inside(path, self._scratch):
                raise RefusedFile(f"{event} on {os.fsdecode(path)!r} is not allowed in the sandbox")
            if event in _ENDING and isinstance(path, str | bytes | os.PathLike) and self._real(path) in self._scratch:
                raise RefusedFile("the scratch directory itself stays where it is in the sandbox")

    def _native(self, event: str) -> None:
        frame: Any = sys._getframe(2)
        for _ in range(6):
            if frame is None:
                break
            if any(part in frame.f_code.co_filename for part in _NATIVE_CALLERS):
                return
            frame = frame.f_back
        raise RefusedFile(f"{event} is not allowed in the sandbox (native code cannot be called)")
