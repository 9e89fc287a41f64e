"""Attached files: their record, their bytes beside the session, and what a file made by hand may not do with either."""

import hashlib
import json
import os
from pathlib import Path

import msgspec
import pytest

from mtchat.errors import CommandError, SessionError
from mtchat.session import Attach, Header, HeadMove, Store, TurnRecord, attachment, blob, copy, read
from mtchat.session.schema import MOST_ATTACHED
from mtchat.turn import Execution, Figure, Turn

HEADER = Header(created="2026-11-21T09:00:00+00:00")
DATA = b"3\n1\n2\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "nums.txt"
    path.write_bytes(DATA)
    return path


def attach(store: Store, source: Path) -> Attach:
    record, data = attachment(source, store.session.head)
    store.attach(record, data)
    return record


def grow(store: Store, code: str) -> str:
    head, seq = store.session.head, store.session.next_seq
    store.append(TurnRecord(Turn.of(parent=head, seq=seq, intent="", code=code, execution=Execution("ok"))))
    assert store.session.head is not None
    return store.session.head


def test_a_file_is_kept_beside_the_session_and_read_back(tmp_path: Path, source: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    with Store.planned(path, HEADER) as store:
        record = attach(store, source)
        source.unlink()
        assert store.attached(record) == DATA
    sha256 = hashlib.sha256(DATA).hexdigest()
    assert record == Attach("nums.txt", sha256, 6, None, str(source.resolve()))
    assert (tmp_path / "a.mtchat.blobs" / sha256).read_bytes() == DATA
    assert read(path).files(None) == (record,)
    line = json.loads(path.read_bytes().splitlines()[1])
    assert list(line) == ["record", "name", "sha256", "size", "after", "path"]


def test_a_turn_sees_what_was_attached_before_it_and_nothing_later(tmp_path: Path, source: Path) -> None:
    with Store.create(tmp_path / "a.mtchat.jsonl", HEADER) as store:
        first = grow(store, "a = 1")
        second = grow(store, "b = 2")
        store.append(HeadMove(first))
        record = attach(store, source)
        other = grow(store, "c = 3")
        session = store.session
    assert session.files(first) == (record,)
    assert session.files(first, session.turns[second]) == ()
    assert session.files(first, session.turns[other]) == (record,)
    assert session.files(None) == session.files(other) == ()


def test_a_copy_keeps_files_and_who_saw_them(tmp_path: Path, source: Path) -> None:
    with Store.create(tmp_path / "a.mtchat.jsonl", HEADER) as store:
        first = grow(store, "a = 1")
        grow(store, "b = 2")
        store.append(HeadMove(first))
        attach(store, source)
        grow(store, "c = 3")
        attach(store, source)
        session = store.session
    target = tmp_path / "sub" / "b.mtchat.jsonl"
    copy(session, tmp_path / "a.mtchat.jsonl", target)
    again = read(target)
    assert (again.attached, again.head, again.turns) == (session.attached, session.head, session.turns)
    with Store.open(target) as store:
        assert [store.attached(record) for _, record in again.attached] == [DATA, DATA]


def test_a_missing_or_altered_file_is_told_by_name(tmp_path: Path, source: Path) -> None:
    with Store.create(tmp_path / "a.mtchat.jsonl", HEADER) as store:
        record = attach(store, source)
        kept = blob(store.path, record)
        kept.write_bytes(b"4\n1\n2\n")
        with pytest.raises(SessionError, match=r"nums\.txt is not what was attached: .* has been changed"):
            store.attached(record)
        kept.unlink()
        with pytest.raises(SessionError, match=r"nums\.txt cannot be read from .*No such file"):
            store.attached(record)
        os.mkfifo(kept)
        with pytest.raises(SessionError, match="no regular file"):
            store.attached(record)


def test_what_cannot_be_attached_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        attachment(tmp_path / "none", None)
    with pytest.raises(CommandError, match="regular file"):
        attachment(tmp_path, None)
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(CommandError, match="regular file"):
        attachment(tmp_path / "fifo", None)
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(MOST_ATTACHED + 1)
    with pytest.raises(CommandError, match=r"larger than 16 MiB.*--allow-read"):
        attachment(large, None)
    large.write_bytes(b"")
    os.truncate(large, MOST_ATTACHED)
    assert attachment(large, None)[0].size == MOST_ATTACHED


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "../x"},
        {"name": "/etc/passwd"},
        {"name": ".."},
        {"name": ""},
        {"name": "a\0"},
        {"name": "n" * 256},
        {"sha256": "../../secret"},
        {"sha256": "AB" * 32},
        {"size": -1},
        {"size": MOST_ATTACHED + 1},
        {"after": "nobody"},
    ],
)
def test_a_record_made_by_hand_reaches_no_other_file(tmp_path: Path, source: Path, wrong: dict[str, object]) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        attach(store, source)
    header, line = path.read_bytes().splitlines()
    path.write_bytes(header + b"\n" + msgspec.json.encode({**json.loads(line), **wrong}) + b"\n{}\n")
    with pytest.raises(SessionError, match="line 2"):
        read(path)


def test_a_figure_with_a_path_for_a_hash_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    path = tmp_path / "a.mtchat.jsonl"
    made = Execution("ok", figures=(Figure("image/png", "../secret"),))
    with Store.create(path, HEADER) as store:
        store.append(TurnRecord(Turn.of(parent=None, seq=1, intent="", code="p()", execution=made)))
    with pytest.raises(SessionError, match=r"sha256 is '\.\./secret'"):
        copy(read(path), path, tmp_path / "b.mtchat.jsonl")


def test_a_file_of_version_1_goes_on_with_attachments(tmp_path: Path, source: Path) -> None:
    path = tmp_path / "v1.mtchat.jsonl"
    path.write_bytes((Path(__file__).parent / "fixtures" / "v1.mtchat.jsonl").read_bytes())
    with Store.open(path) as store:
        record = attach(store, source)
    assert read(path).files(read(path).head) == (record,)
    assert read(path).header.version == 2
