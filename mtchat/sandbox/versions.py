"""Versions of the scratch files: saved after a turn, brought back before another, so that undo undoes files too.

Knows one directory and what it held at each saved version; unchanged files are stored once. Trusts nothing that lies
there: links, pipes and sockets are never followed or kept, names are opened without following. Runs in the keeper,
which runs no program. Leaves to others: when to save and to restore (`keeper`), which version belongs to which
snapshot (`sandbox`).
"""

import contextlib
import os
import stat
import time
from typing import NamedTuple

_RACY_NS = 50_000_000
"""A file changed this shortly before it was saved may change again within the clock's grain: it is read again."""
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHUNK = 1 << 20
_LEAST = 4096
"""What a stored file counts at least: its inode and block are somebody's, too."""
_DEEPEST = 64
_TRASH = ".mtchat-trash"


class TooMuch(Exception):
    """The files are larger, or more, than they may be together."""


class Entry(NamedTuple):
    """One file or directory: what tells whether it changed, and the stored copy of a file's bytes."""

    mark: tuple[int, ...]
    blob: int | None
    racy: bool = False


Manifest = dict[str, Entry]


class Versions:
    """Versions of the directory `files`, their bytes kept in the directory `store`. What is there now is version 0.

    `limit` bytes and `most` files at most in one version.
    """

    def __init__(self, files: str, store: str, limit: int, most: int = 10_000) -> None:
        self.files, self.store, self.limit, self.most = files, store, limit, most
        self._saved: dict[int, Manifest] = {0: {}}
        self._at = 0
        self._next = self._next_blob = 1
        self._uses: dict[int, int] = {}
        self._sizes: dict[int, int] = {}
        self._unwanted: set[int] = set()
        self._first = frozenset(os.listdir(files))
        """Folders that are others' working directories, and named in their Landlock rules: they are never made anew."""
        self._saved[0] = {path: Entry(mark, None) for path, (mark, _) in self._look().items() if stat.S_ISDIR(mark[0])}

    @property
    def _current(self) -> Manifest:
        """What was saved or restored last."""
        return self._saved[self._at]

    @property
    def stored(self) -> int:
        """Bytes of all versions together."""
        return sum(self._sizes.values())

    def save(self) -> int:
        """The version of what is there now: an old number if it is what was saved or restored last. Raises TooMuch."""
        seen = self._look()
        if self._same(seen):
            return self._at
        manifest: Manifest = {}
        try:
            for path, (mark, racy) in seen.items():
                if _is_odd(mark):
                    continue
                manifest[path] = self._kept(path, mark, racy)
        except BaseException:
            self._release(manifest)
            raise
        self._saved[self._next] = manifest
        self._move_to(self._next)
        self._next += 1
        return self._at

    def restore(self, number: int) -> None:
        """Make the directory what it was at version `number`. Raises KeyError for one that is not there."""
        wanted = self._saved[number]
        try:
            seen = self._look()
        except TooMuch:
            self._empty()
            seen = {}
        if number == self._at and self._same(seen):
            return
        for path in sorted(seen, reverse=True):  # what is inside a directory before the directory
            if path not in wanted or wanted[path].mark[0] != seen[path][0][0]:
                self._remove(path)
        for path in sorted(wanted):
            if path not in seen or not self._is_as(path, seen[path][0], wanted):
                self._put_back(path, wanted[path])
        marks = self._look()
        fresh = {path: Entry(marks[path][0], entry.blob, marks[path][1]) for path, entry in wanted.items()}
        self._saved[number] = fresh
        self._move_to(number)

    def _is_as(self, path: str, mark: tuple[int, ...], wanted: Manifest) -> bool:
        """Whether what lies at `path`, marked `mark`, is known to be what `wanted` has there."""
        entry, now = wanted.get(path), self._current.get(path)
        if entry is None or entry.mark[0] != mark[0]:
            return False
        if entry.blob is None:
            return True
        return now is not None and now.blob == entry.blob and now.mark == mark and not now.racy

    def drop(self, number: int) -> None:
        """Forget a version that no snapshot needs, once it is not the present one. Version 0, nothing, stays."""
        if number and number in self._saved:
            self._unwanted.add(number)
            self._move_to(self._at)

    def _move_to(self, number: int) -> None:
        self._at = number
        for each in self._unwanted - {number}:
            self._release(self._saved.pop(each))
        self._unwanted &= {number}

    # Looking

    def _look(self) -> dict[str, tuple[tuple[int, ...], bool]]:
        """Everything below `files`: what marks it, and whether it changed just now. TooMuch past the limits."""
        found: dict[str, tuple[tuple[int, ...], bool]] = {}
        size, now = 0, time.time_ns()
        folders = [""]
        while folders:
            folder = folders.pop()
            for name, info in self._list(folder):
                path = os.path.join(folder, name)
                if stat.S_ISDIR(info.st_mode):
                    folders.append(path)
                    found[path] = ((stat.S_IFDIR, info.st_ino), False)
                elif stat.S_ISREG(info.st_mode):
                    size += max(info.st_size, info.st_blocks * 512)
                    mark = (stat.S_IFREG, info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns)
                    found[path] = (mark, now - info.st_ctime_ns < _RACY_NS)
                else:
                    found[path] = ((stat.S_IFMT(info.st_mode),), True)
            if size > self.limit:
                raise TooMuch(_too_much(size, self.limit))
            if len(found) > self.most or folder.count(os.sep) > _DEEPEST:
                raise TooMuch(f"the scratch directory holds more than {self.most} files or is nested too deep")
        return found

    def _list(self, folder: str) -> list[tuple[str, os.stat_result]]:
        try:
            fd = self._open_folder(folder)
        except OSError:
            return []
        try:
            with os.scandir(fd) as entries:
                return [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries]
        finally:
            os.close(fd)

    def _same(self, seen: dict[str, tuple[tuple[int, ...], bool]]) -> bool:
        current = self._current
        return seen.keys() == current.keys() and all(
            seen[path][0] == entry.mark and not entry.racy for path, entry in current.items()
        )

    # Storing

    def _kept(self, path: str, mark: tuple[int, ...], racy: bool) -> Entry:
        """The entry for a file or directory as it is now; its bytes are stored unless they are already."""
        before = self._current.get(path)
        if not stat.S_ISREG(mark[0]):
            return Entry(mark, None)
        if before is not None and before.blob is not None and before.mark == mark and not before.racy:
            self._uses[before.blob] += 1
            return Entry(mark, before.blob)
        blob, self._next_blob = self._next_blob, self._next_blob + 1
        self._uses[blob] = 1
        self._sizes[blob] = max(_LEAST, self._copy_in(path, self._blob(blob)))
        return Entry(mark, blob, racy)

    def _copy_in(self, path: str, target: str) -> int:
        folder, name = os.path.split(path)
        into = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            where = self._open_folder(folder)
            try:
                source = _reached(name, _READ, where)
            finally:
                os.close(where)
            try:
                return _copy(source, into, self.limit)
            finally:
                os.close(source)
        finally:
            os.close(into)

    def _release(self, manifest: Manifest) -> None:
        for entry in manifest.values():
            if entry.blob is not None:
                self._uses[entry.blob] -= 1
                if not self._uses[entry.blob]:
                    del self._uses[entry.blob]
                    self._sizes.pop(entry.blob, None)
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(self._blob(entry.blob))

    def _blob(self, number: int) -> str:
        return os.path.join(self.store, str(number))

    # Bringing back

    def _put_back(self, path: str, entry: Entry) -> None:
        folder, name = os.path.split(path)
        where = self._open_folder(folder)
        try:
            if entry.blob is None:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, 0o755, dir_fd=where)
                return
            into = _reached(
                name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, where
            )  # open files see it, too
            source = os.open(self._blob(entry.blob), _READ)
            try:
                _copy(source, into, self.limit)
            finally:
                os.close(source)
                os.close(into)
        finally:
            os.close(where)

    def put(self, name: str, source: int) -> None:
        """Write the bytes of the descriptor `source` as the file `name`, in place of what had that name.

        Folders on the way are made.
        """
        folder, plain = os.path.split(name)
        self._make_folders(folder)
        self._remove(name)
        where = self._open_folder(folder)
        try:
            into = os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644, dir_fd=where)
        finally:
            os.close(where)
        try:
            _copy(source, into, self.limit)
        finally:
            os.close(into)

    def _remove(self, path: str) -> None:
        folder, name = os.path.split(path)
        where = self._open_folder(folder)
        try:
            info = os.stat(name, dir_fd=where, follow_symlinks=False)
            if not stat.S_ISDIR(info.st_mode):
                os.unlink(name, dir_fd=where)
                return
            with contextlib.suppress(OSError):
                os.rmdir(name, dir_fd=where)
                return
            top = self._open_folder("")
            try:
                os.rename(name, _TRASH, src_dir_fd=where, dst_dir_fd=top)
            finally:
                os.close(top)
        except FileNotFoundError:
            return
        finally:
            os.close(where)
        self._empty(_TRASH)

    def _empty(self, *names: str) -> None:
        """Remove these, or all but the first folders. Folders are lifted to the top: none is too deep to walk."""
        top = self._open_folder("")
        try:
            waiting = [*(names or os.listdir(top))]
            for number, name in enumerate(waiting):  # grows as it is walked
                if not _is_folder(top, name):
                    os.unlink(name, dir_fd=top)
                    continue
                if name not in self._first:
                    with contextlib.suppress(OSError):  # most are empty: one call each
                        os.rmdir(name, dir_fd=top)
                        continue
                waiting += _lift(top, name, f"{_TRASH}-{number}")
                if name not in self._first:
                    os.rmdir(name, dir_fd=top)
        finally:
            os.close(top)

    def _make_folders(self, folder: str) -> None:
        above = ""
        for part in filter(None, folder.split(os.sep)):
            where = self._open_folder(above)
            try:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, 0o755, dir_fd=where)
            finally:
                os.close(where)
            above = os.path.join(above, part)

    def _open_folder(self, folder: str) -> int:
        """A descriptor of a directory below `files`, reached without following a link."""
        fd = os.open(self.files, _DIRECTORY)
        for part in filter(None, folder.split(os.sep)):
            try:
                inner = _reached_folder(part, fd)
            finally:
                os.close(fd)
            fd = inner
        return fd


def _reached(name: str, flags: int, where: int) -> int:
    """Open `name` in the folder `where`, taking back what its mode forbids its owner, which we are."""
    try:
        return os.open(name, flags, 0o644, dir_fd=where)
    except PermissionError:
        info = os.stat(name, dir_fd=where, follow_symlinks=False)
        if not (stat.S_ISDIR(info.st_mode) or stat.S_ISREG(info.st_mode)):
            raise
        os.chmod(name, 0o700 if stat.S_ISDIR(info.st_mode) else 0o600, dir_fd=where)
        return os.open(name, flags, 0o644, dir_fd=where)


def _reached_folder(name: str, where: int) -> int:
    """A descriptor of a folder in which entries may be made and removed."""
    fd = _reached(name, _DIRECTORY, where)
    mode = os.fstat(fd).st_mode
    if mode & 0o700 != 0o700:
        os.fchmod(fd, stat.S_IMODE(mode) | 0o700)
    return fd


def _lift(top: int, name: str, prefix: str) -> list[str]:
    """Empty the folder `name`: its files are removed, its folders become `top`'s, under the names returned."""
    lifted = []
    inside = _reached_folder(name, top)
    try:
        for place, each in enumerate(os.listdir(inside)):
            if _is_folder(inside, each):
                lifted.append(f"{prefix}-{place}")
                os.rename(each, lifted[-1], src_dir_fd=inside, dst_dir_fd=top)
            else:
                os.unlink(each, dir_fd=inside)
    finally:
        os.close(inside)
    return lifted


def _is_folder(where: int, name: str) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=where, follow_symlinks=False).st_mode)


def _is_odd(mark: tuple[int, ...]) -> bool:
    """Neither a file nor a directory: never kept."""
    return mark[0] not in (stat.S_IFREG, stat.S_IFDIR)


def _copy(source: int, into: int, limit: int) -> int:
    """Bytes copied, holes left out. TooMuch past `limit`."""
    total = 0
    while data := os.read(source, _CHUNK):
        total += len(data)
        if total > limit:
            raise TooMuch(_too_much(total, limit))
        while data:
            data = data[os.write(into, data) :]
    return total


def _too_much(size: int, limit: int) -> str:
    return f"the scratch files hold {size >> 20} MiB, over the limit of {limit >> 20} MiB"
