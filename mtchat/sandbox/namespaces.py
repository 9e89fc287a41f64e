"""Namespaces and a root directory of our own: the process sees a few read-only trees, its scratch, and nothing else.

Knows unshare, mounts and pivot_root. Leaves to others: which paths those are (`roots`, `isolation`), becoming nobody
(`kernel.drop_user`) and forking the first process of the new process namespace: it takes effect at the next fork. A
process in which `enter` failed half-way is good for nothing but saying so: end it.
"""

import contextlib
import ctypes
import errno
import os
import struct
from collections.abc import Iterator, Sequence

from mtchat.sandbox import kernel, roots

_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
_NEWUSER, _NEWPID, _NEWNET = 0x10000000, 0x20000000, 0x40000000
_ALL = _NEWNS | _NEWUTS | _NEWIPC | _NEWPID | _NEWNET

_RDONLY, _NOSUID, _NODEV, _NOEXEC = 1, 2, 4, 8
_REMOUNT, _BIND, _REC, _PRIVATE = 1 << 5, 1 << 12, 1 << 14, 1 << 18
_DETACH = 2
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_ROOT_OPTIONS = "size=16m,nr_inodes=4096,mode=0755"
_BYTES_AN_INODE, _MOST_INODES = 4096, 16_384
"""Scratch may hold as many files as if each had a page of its own, at least a few hundred, and no more than can be
cleared away in no time: more than `versions` keeps are of no use."""
_DEVICES = ("null", "full", "random", "urandom")
"""Not zero: a shared mapping of it is memory that no limit counts."""
_OLD = "/.old"


def enter(read: Sequence[str], write: Sequence[str], scratch: str, scratch_bytes: int) -> None:
    """Leave the machine behind: new namespaces, and a root with `read`, `write` and an empty `scratch` in it.

    For a process of one thread. As root the mounts are made with root's privileges, so that what lies below a closed
    home stays readable; the caller drops the user afterwards. The error's message begins with the step that failed.
    """
    plan = roots.plan(read, write)
    proc, etc = roots.proc_files(), roots.etc_files()
    os.umask(0o022)
    _unshare()
    with _step("mount a new root"):
        _mount(None, "/", None, _REC | _PRIVATE)
        _mount("tmpfs", "/tmp", "tmpfs", _NOSUID | _NODEV, _ROOT_OPTIONS)
        os.mkdir("/tmp" + _OLD)
    with _step("pivot_root"):
        kernel.syscall("pivot_root", ctypes.c_char_p(b"/tmp"), ctypes.c_char_p(f"/tmp{_OLD}".encode()))
        os.chdir("/")
    _build(plan, proc, etc)
    with _step("mount scratch"):
        _scratch(scratch, scratch_bytes)
    with _step("seal the root"):
        _check(kernel.LIBC.umount2(_OLD.encode(), _DETACH), "umount")
        os.rmdir(_OLD)
        _mount(None, "/", None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV)
    os.chdir("/")


def _unshare() -> None:
    user, group = os.geteuid(), os.getegid()
    with _step("unshare"):
        flags = _ALL if user == 0 else _ALL | _NEWUSER
        _check(kernel.LIBC.unshare(flags), "unshare")
    with contextlib.suppress(OSError):  # hides the names of the machine's control groups, where the kernel can
        _check(kernel.LIBC.unshare(_NEWCGROUP), "unshare")
    if user == 0:
        return
    with _step("map the user"):
        for name, line in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)


def _build(plan: roots.Plan, proc: dict[str, bytes], etc: dict[str, bytes]) -> None:
    """Everything in the new root but scratch, from the old one at `_OLD`."""
    for mount in plan.mounts:
        with _step(f"bind {mount.path}"):
            _bind(mount)
    with _step("link"):
        for path, target in plan.links:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with contextlib.suppress(FileExistsError):
                os.symlink(target, path)
    with _step("fill /proc and /etc"):
        for directory, files in (("/proc", proc), ("/etc", etc)):
            os.makedirs(directory, exist_ok=True)
            for name, content in files.items():
                path = os.path.join(directory, name)
                if not os.path.exists(path):  # a person who gives all of /etc has it there already
                    _write(path, content)
    with _step("fill /dev"):
        os.makedirs("/dev", exist_ok=True)
        for name in _DEVICES:
            _device(f"/dev/{name}")


def _bind(mount: roots.Mount) -> None:
    """The same tree at the same path, with everything mounted below it; flags are added, since none may be taken."""
    old = _OLD + mount.path
    if os.path.isdir(old):
        os.makedirs(mount.path, exist_ok=True)
    elif not os.path.exists(mount.path):
        os.makedirs(os.path.dirname(mount.path), exist_ok=True)
        _write(mount.path, b"")
    _mount(old, mount.path, None, _BIND | _REC)
    _set_flags(mount.path, _NOSUID | _NODEV | (0 if mount.writable else _RDONLY))


def _device(path: str) -> None:
    if os.path.exists(_OLD + path):
        _write(path, b"")
        _mount(_OLD + path, path, None, _BIND)
        _set_flags(path, _NOSUID | _NOEXEC)


def _scratch(path: str, size: int) -> None:
    """Files of its own, in memory, gone with the last process; nobody's, where root is about to become nobody."""
    owner = (kernel.NOBODY, kernel.NOBODY) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    os.makedirs(path, exist_ok=True)
    options = f"size={size},nr_inodes={min(max(512, size // _BYTES_AN_INODE), _MOST_INODES)},mode=0700"
    try:
        _mount("tmpfs", path, "tmpfs", _NOSUID | _NODEV, f"{options},uid={owner[0]},gid={owner[1]}")
    except OSError as error:
        if error.errno != errno.EINVAL:  # the root of a rootless container, where there is no nobody
            raise
        _mount("tmpfs", path, "tmpfs", _NOSUID | _NODEV, options)


def _set_flags(path: str, flags: int) -> None:
    """mount_setattr, for the mount and all below it. Its first four flags are mount(2)'s own."""
    attributes = struct.pack("=4Q", flags, 0, 0, 0)
    where, pointer = ctypes.c_char_p(os.fsencode(path)), ctypes.c_char_p(attributes)
    kernel.syscall("mount_setattr", _AT_FDCWD, where, _AT_RECURSIVE, pointer, len(attributes))


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind, options)]
    _check(kernel.LIBC.mount(*words[:3], ctypes.c_ulong(flags), words[3]), "mount")


def _check(result: int, what: str) -> None:
    if result != 0:
        raise kernel.failure(what)


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)


@contextlib.contextmanager
def _step(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, f"{name}: {os.strerror(error.errno or 0)}") from error


def reason(error: OSError) -> str:
    """Why `enter` failed, in a sentence for a person."""
    step = error.strerror or str(error)
    if error.errno == errno.ENOSPC and step.startswith("unshare"):
        return f"{step} (this machine allows no more user namespaces: user.max_user_namespaces)"
    if error.errno == errno.ENOSYS:
        return f"{step} (this kernel is too old: Linux 5.12 and later can)"
    if error.errno not in (errno.EPERM, errno.EACCES) or step.startswith("bind "):
        return step
    if os.geteuid() != 0 and _sysctl("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return f"{step} (user namespaces are switched off: kernel.apparmor_restrict_unprivileged_userns, as on Ubuntu)"
    if os.geteuid() != 0 and _sysctl("kernel/unprivileged_userns_clone") == "0":
        return f"{step} (user namespaces are switched off: kernel.unprivileged_userns_clone)"
    if _filtered():
        return f"{step} (a seccomp filter refuses it, as in a Docker container with the default profile)"
    return f"{step} (this user may not: a container without the privilege, or a security module)"


def _sysctl(name: str) -> str | None:
    try:
        with open(f"/proc/sys/{name}") as file:
            return file.read().strip()
    except OSError:
        return None


def _filtered() -> bool:
    """Whether somebody's seccomp filter is on this process."""
    try:
        with open("/proc/self/status") as file:
            return any(line.split() == ["Seccomp:", "2"] for line in file)
    except OSError:
        return False
