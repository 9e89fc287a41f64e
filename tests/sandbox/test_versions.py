"""Scratch files at each version: saved, brought back, stored once, and nothing odd is followed."""

import os
import shutil
import socket
import tempfile
import time
import traceback
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtchat.sandbox.versions import TooMuch, Versions


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    (tmp_path / "files").mkdir()
    (tmp_path / "store").mkdir()
    return Versions(str(tmp_path / "files"), str(tmp_path / "store"), 1 << 20)


def tree(versions: Versions) -> dict[str, bytes | None]:
    root = Path(versions.files)
    return {str(p.relative_to(root)): p.read_bytes() if p.is_file() else None for p in root.rglob("*")}


def test_nothing_there_is_version_nought(versions: Versions) -> None:
    assert versions.save() == 0
    assert versions.save() == 0


def test_there_and_back(versions: Versions) -> None:
    root = Path(versions.files)
    (root / "a").write_text("one")
    (root / "d").mkdir()
    (root / "d" / "b").write_text("two")
    first, seen = versions.save(), tree(versions)
    (root / "a").write_text("uno")
    (root / "d" / "b").unlink()
    (root / "d").rmdir()
    (root / "d").write_text("now a file")
    second, later = versions.save(), tree(versions)
    versions.restore(first)
    assert tree(versions) == seen
    versions.restore(0)
    assert tree(versions) == {}
    versions.restore(second)
    assert tree(versions) == later
    versions.restore(first)
    assert tree(versions) == seen


def test_a_change_of_the_same_size_within_the_clocks_grain_is_seen(versions: Versions) -> None:
    file = Path(versions.files, "a")
    file.write_text("one")
    first = versions.save()
    file.write_text("two")
    os.utime(file, ns=(1, 1))
    second = versions.save()
    versions.restore(first)
    assert file.read_text() == "one"
    file.write_text("six")
    versions.restore(first)
    assert file.read_text() == "one"
    versions.restore(second)
    assert file.read_text() == "two"


def test_an_unchanged_file_is_stored_once(versions: Versions) -> None:
    Path(versions.files, "big").write_bytes(b"x" * 100_000)
    os.utime(versions.files)
    versions.save()
    wait_past_the_grain()
    versions.save()
    stored = versions.stored
    for n in range(2):
        Path(versions.files, f"small{n}").write_text("s")
        wait_past_the_grain()
        versions.save()
    assert versions.stored == stored + 2 * 4096  # a file is a block at least


def wait_past_the_grain() -> None:
    time.sleep(0.06)


def test_dropping_frees_what_nobody_else_has(versions: Versions) -> None:
    root = Path(versions.files)
    numbers = []
    for text in ("a", "bb", "ccc"):
        (root / "f").write_text(text)
        numbers.append(versions.save())
    for number in numbers[:2]:
        versions.drop(number)
    assert versions.stored == 4096
    assert len(os.listdir(versions.store)) == 1
    with pytest.raises(KeyError):
        versions.restore(numbers[0])
    versions.drop(0)
    versions.restore(0)


def test_links_pipes_and_sockets_are_neither_followed_nor_kept(versions: Versions, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    root = Path(versions.files)
    (root / "dir").symlink_to(outside)
    (root / "file").symlink_to(outside / "secret")
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(root / "sock"))
    number = versions.save()
    assert os.listdir(versions.store) == []
    versions.restore(number)
    assert tree(versions) == {}
    assert (outside / "secret").read_text() == "secret"
    (root / "x").mkdir()
    (root / "x" / "f").write_text("1")
    number = versions.save()
    (root / "x" / "f").unlink()
    (root / "x").rmdir()
    (root / "x").symlink_to(outside)
    versions.restore(number)
    assert tree(versions) == {"x": None, "x/f": b"1"}
    assert os.listdir(outside) == ["secret"]


@pytest.mark.parametrize("how", ["size", "sparse", "number", "depth"])
def test_too_much_is_refused_and_can_be_undone(versions: Versions, how: str) -> None:
    root = Path(versions.files)
    (root / "kept").write_text("kept")
    number = versions.save()
    if how == "size":
        (root / "big").write_bytes(b"x" * (2 << 20))
    elif how == "sparse":
        with open(root / "big", "wb") as file:
            file.truncate(1 << 40)
    elif how == "number":
        for n in range(versions.most + 1):
            (root / str(n)).touch()
    else:
        fd = os.open(root, os.O_RDONLY)
        for _ in range(300):
            os.mkdir("d", dir_fd=fd)
            inner = os.open("d", os.O_RDONLY, dir_fd=fd)
            os.close(fd)
            fd = inner
        os.close(fd)
    with pytest.raises(TooMuch):
        versions.save()
    versions.restore(number)
    assert tree(versions) == {"kept": b"kept"}


def test_the_first_folders_stay_the_same(tmp_path: Path) -> None:
    for name in ("tree", "store", "tree/files", "tree/home"):
        (tmp_path / name).mkdir()
    versions = Versions(str(tmp_path / "tree"), str(tmp_path / "store"), 1 << 20)
    inode = os.stat(tmp_path / "tree" / "files").st_ino
    (tmp_path / "tree" / "files" / "big").write_bytes(bytes(2 << 20))
    with pytest.raises(TooMuch):
        versions.save()
    versions.restore(0)
    assert tree(versions) == {"files": None, "home": None}
    assert os.stat(tmp_path / "tree" / "files").st_ino == inode


def test_put(versions: Versions, tmp_path: Path) -> None:
    (tmp_path / "source").write_text("data")
    for _ in range(2):
        fd = os.open(tmp_path / "source", os.O_RDONLY)
        versions.put("name", fd)
        os.close(fd)
    assert tree(versions) == {"name": b"data"}


@pytest.mark.parametrize("mode", [0o000, 0o500, 0o300, 0o400])
def test_modes_that_shut_their_owner_out(mode: int) -> None:
    """As another user than root, which no mode shuts out."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o777)
        assert shut_out(Path(place), mode) == 0


def shut_out(place: Path, mode: int) -> int:
    """The exit code of a process that is not root."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setresuid(65534, 65534, 65534)
            root = place / "files"
            root.mkdir()
            (place / "store").mkdir()
            versions = Versions(str(root), str(place / "store"), 1 << 20)
            (root / "d").mkdir()
            (root / "d" / "f").write_text("one")
            number = versions.save()
            (root / "d" / "f").write_text("two")
            (root / "d" / "e").mkdir()
            (root / "d" / "f").chmod(mode)
            (root / "d" / "e").chmod(mode)
            (root / "d").chmod(mode)
            later = versions.save()
            versions.restore(number)
            assert tree(versions) == {"d": None, "d/f": b"one"}
            versions.restore(later)
            assert tree(versions) == {"d": None, "d/e": None, "d/f": b"two"}
            versions.restore(0)
            assert tree(versions) == {}
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_an_open_file_sees_what_is_brought_back(versions: Versions) -> None:
    path = Path(versions.files, "f")
    path.write_text("one")
    number = versions.save()
    with path.open() as file:
        path.write_text("other")
        versions.restore(number)
        assert file.read() == "one"


NAME = st.sampled_from(["a", "b", "d", "d/a", "d/e", "d/e/f"])
STEP = st.one_of(
    st.tuples(st.just("write"), NAME, st.binary(max_size=4)),
    st.tuples(st.just("remove"), NAME),
    st.tuples(st.just("mkdir"), NAME),
    st.tuples(st.just("save")),
    st.tuples(st.just("restore"), st.integers(0, 9)),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=25))
def test_any_history(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[object, ...]]) -> None:
    base = tmp_path_factory.mktemp("versions")
    (base / "files").mkdir()
    (base / "store").mkdir()
    versions = Versions(str(base / "files"), str(base / "store"), 1 << 20)
    states: list[tuple[int, dict[str, bytes | None]]] = [(0, {})]
    for step in steps:
        if step[0] == "save":
            states.append((versions.save(), tree(versions)))
        elif step[0] == "restore":
            number, expected = states[step[1] % len(states)]  # type: ignore[operator]
            versions.restore(number)
            assert tree(versions) == expected
        else:
            change(base / "files" / str(step[1]), step)


def change(path: Path, step: tuple[object, ...]) -> None:
    try:
        if step[0] == "write":
            path.write_bytes(step[2])  # type: ignore[arg-type]
        elif step[0] == "mkdir":
            path.mkdir()
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError:
        pass
