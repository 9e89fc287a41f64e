"""The session file: append-only, fsynced, locked, torn lines, figures, versions; and the tree it holds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat.errors import CommandError, SessionError
from mtchat.session import (
    VERSION,
    Header,
    HeadMove,
    Note,
    Session,
    Store,
    Title,
    TurnRecord,
    attached,
    blob,
    copy,
    latest,
    listing,
    read,
    read_with_word,
    resolve,
)
from mtchat.turn import Completion, Doubt, Execution, Figure, ModelInfo, ProgramError, SamplingParams, Status, Turn

FIXTURES = Path(__file__).parent / "fixtures"
HEADER = Header(created="2026-11-21T09:00:00+00:00", model=ModelInfo("embedded"), seed=7)


def turn(session: Session, code: str, status: Status = "ok", intent: str = "do it", **more: object) -> TurnRecord:
    execution = Execution(status, stdout=f"{code}\n", elapsed=0.01)
    made = Turn.of(parent=session.head, seq=session.next_seq, intent=intent, code=code, execution=execution, **more)  # type: ignore[arg-type]
    return TurnRecord(made)


def grow(store: Store, *codes: str) -> None:
    for code in codes:
        store.append(turn(store.session, code))


def test_what_is_appended_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        grow(store, "x = 1", "y = 2")
        store.append(Title("numbers"))
        store.append(Note("a remark"))
        session = store.session
    assert read(path) == session
    assert [t.code for t in read(path).path()] == ["x = 1", "y = 2"]
    assert (read(path).title, read(path).notes) == ("numbers", ("a remark",))


def test_keys_stand_in_a_fixed_order_with_volatile_ones_last(tmp_path: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        grow(store, "x = 1")
    header, record = (json.loads(line) for line in path.read_text().splitlines())
    assert list(header) == ["format", "version", "created", "language", "prefix", "policy", "limits", "model", "seed"]
    assert list(record) == ["record", "turn"]
    assert list(record["turn"]) == [
        "id",
        "parent",
        "seq",
        "intent",
        "completion",
        "code",
        "edited",
        "language",
        "sampling",
        "model",
        "candidates",
        "checks",
        "evicted",
        "defined",
        "execution",
    ]
    assert list(record["turn"]["execution"]) == [
        "status",
        "stdout",
        "stderr",
        "value",
        "display",
        "figures",
        "error",
        "inputs",
        "elapsed",
    ]


def test_a_turns_id_is_the_hash_of_parent_intent_code_and_seq() -> None:
    import hashlib

    made = turn(Session(HEADER), "x = 1").turn
    canonical = '{"code":"x = 1","intent":"do it","parent":null,"seq":1}'
    assert made.id == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_failed_turn_stands_beside_the_path(tmp_path: Path) -> None:
    with Store.create(tmp_path / "a.mtchat.jsonl", HEADER) as store:
        grow(store, "x = 1")
        head = store.session.head
        for status in ("timeout", "memory", "denied", "interrupted", "crashed", "limit"):
            store.append(turn(store.session, f"bad_{status}", status))
        assert store.session.head == head
        assert len(store.session.turns) == 7
        store.append(turn(store.session, "1 / 0", "error"))
        assert [t.code for t in store.session.path()] == ["x = 1", "1 / 0"]


def test_undo_redo_and_branches(tmp_path: Path) -> None:
    with Store.create(tmp_path / "a.mtchat.jsonl", HEADER) as store:
        grow(store, "a", "b", "c")
        store.append(HeadMove(store.session.undo_target(2)))
        assert [t.code for t in store.session.path()] == ["a"]
        store.append(HeadMove(store.session.redo_target()))
        assert [t.code for t in store.session.path()] == ["a", "b"]
        store.append(HeadMove(store.session.redo_target()))
        assert [t.code for t in store.session.path()] == ["a", "b", "c"]
        with pytest.raises(CommandError, match="nothing to redo"):
            store.session.redo_target()
        store.append(HeadMove(None))
        with pytest.raises(CommandError, match="cannot undo 1"):
            store.session.undo_target()
        grow(store, "d")
        with pytest.raises(CommandError, match="nothing to redo"):
            store.session.redo_target()
        assert read(store.path) == store.session


@given(st.lists(st.sampled_from(["turn", "undo", "redo", "fail"]), max_size=30))
@settings(max_examples=60)
def test_reading_the_records_gives_the_session_that_wrote_them(moves: list[str]) -> None:
    from mtchat.session.schema import decode_record, encode

    session, lines = Session(HEADER), []
    for n, move in enumerate(moves):
        try:
            match move:
                case "turn":
                    record = turn(session, f"x = {n}")
                case "fail":
                    record = turn(session, f"x = {n}", "timeout")
                case "undo":
                    record = HeadMove(session.undo_target())  # type: ignore[assignment]
                case _:
                    record = HeadMove(session.redo_target())  # type: ignore[assignment]
        except CommandError:
            continue
        lines.append(encode(record))
        session = session.apply(record)
    again = Session(HEADER)
    for line in lines:
        again = again.apply(decode_record(line))
    assert again == session


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_a_torn_last_line_is_dropped_with_a_word(tail: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mtchat.jsonl"
        with Store.create(path, HEADER) as store:
            grow(store, "x = 1")
            whole, session = path.read_bytes(), store.session
        tail = b"{" + tail.replace(b"\n", b" ").replace(b"\r", b" ")
        path.write_bytes(whole + tail)
        assert read_with_word(path).dropped
        with Store.open(path) as store:
            assert store.session == session
            assert "cut short" in store.dropped
            grow(store, "y = 2")
        assert [t.code for t in read(path).path()] == ["x = 1", "y = 2"]


def test_every_cut_of_the_file_gives_back_the_turns_before_it(tmp_path: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        grow(store, "a", "b")
    data = path.read_bytes()
    ends = [n + 1 for n, byte in enumerate(data) if byte == 10]
    for cut in range(ends[0], len(data), 37):
        path.write_bytes(data[:cut])
        assert len(read(path).path()) == sum(end <= cut for end in ends) - 1


def test_a_broken_middle_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        grow(store, "a", "b")
    lines = path.read_bytes().splitlines(keepends=True)
    for bad in (b"not json\n", b'{"record":"turn"}\n', b'{"record":"dance"}\n', b"[]\n"):
        path.write_bytes(lines[0] + bad + lines[2])
        with pytest.raises(SessionError, match="line 2"):
            read(path)
    path.write_bytes(lines[0] + lines[2])
    with pytest.raises(SessionError, match=r"line 2.*not in the file"):
        read(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"hello\n", "no session file"),
        (b'{"format":"other"}\n', "no session file"),
        (b"\xff\xfe\n", "no session file"),
        (b'{"format":"mtchat-session","version":99,"created":"x"}\n', "newer mtchat.*upgrade"),
        (b'{"format":"mtchat-session","version":"1","created":"x"}\n', "version"),
        (b'{"format":"mtchat-session","version":1}\n', "created"),
    ],
)
def test_what_is_no_session_is_refused_with_its_path(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    path.write_bytes(content)
    with pytest.raises(SessionError, match=says) as caught:
        read(path)
    assert str(path) in str(caught.value)
    with pytest.raises(SessionError, match=says):
        Store.open(path)
    assert path.read_bytes() == content


def test_one_writer_at_a_time_and_readers_never_block(tmp_path: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        grow(store, "x = 1")
        code = f"from mtchat.session import Store; from pathlib import Path; Store.open(Path({str(path)!r}))"
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "open in another mtchat" in other.stderr
        assert len(read(path).path()) == 1
    Store.open(path).close()


def test_a_planned_session_leaves_nothing_until_its_first_turn(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.mtchat.jsonl"
    with Store.planned(path, HEADER) as store:
        store.revise(Header(created="now"))
        assert not path.parent.exists()
        grow(store, "x = 1")
        store.revise(HEADER)
    assert read(path).header.created == "now"


def test_sessions_begun_in_the_same_second_both_find_a_name(tmp_path: Path) -> None:
    path = tmp_path / "now.mtchat.jsonl"
    with Store.planned(path, HEADER, named=False) as first, Store.planned(path, HEADER, named=False) as second:
        grow(first, "x = 1")
        grow(second, "y = 2")
        assert (first.path.name, second.path.name) == ("now.mtchat.jsonl", "now-2.mtchat.jsonl")
    assert [read(p).path()[0].code for p in (first.path, second.path)] == ["x = 1", "y = 2"]


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    Store.create(path, HEADER).close()
    with pytest.raises(SessionError, match="exists already"):
        Store.create(path, HEADER)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        grow(store, "x = 1")
        before, session = path.read_bytes(), store.session
        limited = (
            "import resource, signal; from pathlib import Path; from mtchat.session import *; import sys;"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
            f"path = Path({str(path)!r});"
            "store = Store.open(path); size = path.stat().st_size + 40;"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (size, size));"
            "store.append(Note('n' * 1000))"
        )
        store.close()
        other = subprocess.run([sys.executable, "-c", limited], capture_output=True, text=True, check=False)
    assert "cannot write" in other.stderr
    assert "nothing was lost" in other.stderr
    assert path.read_bytes() == before
    assert read(path) == session


def test_figures_lie_beside_the_file_and_travel_with_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    figure = Figure("image/png", "ab" * 32, b"PNG bytes")
    with Store.create(path, HEADER) as store:
        made = Turn.of(parent=None, seq=1, intent="plot", code="p()", execution=Execution("ok", figures=(figure,)))
        store.append(TurnRecord(made))
        assert blob(path, figure) == tmp_path / "a.mtchat.blobs" / f"{'ab' * 32}.png"
        assert blob(path, figure).read_bytes() == b"PNG bytes"
        assert b"PNG" not in path.read_bytes()
        target = tmp_path / "b.mtchat.jsonl"
        copy(read(path), path, target)
    assert read(target).turns == read(path).turns
    assert blob(target, figure).read_bytes() == b"PNG bytes"


def test_records_keep_every_field(tmp_path: Path) -> None:
    error = ProgramError("ValueError", "no", 2, "Traceback …")
    execution = Execution("error", "out\n", "err\n", "3", ({"text/plain": "3"},), (), error, ("4",), 0.5)
    completion = Completion("x = 1\n\n# more", "stop", 9, -1.25, (-0.5, -0.75), (5, 13))
    made = Turn.of(
        parent=None, seq=1, intent="ä\n\u2028\0", code="x", execution=execution, completion=completion, edited=True,
        sampling=SamplingParams(), model=ModelInfo("m", "r", "s"), checks=("x == 1",), evicted=("e",), defined=("x",),
        doubt=Doubt("mean", -2.5, -1.0),
    )  # fmt: skip
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        store.append(TurnRecord(made))
    again = read(path).path()[0]
    assert again.completion is not None
    assert (again.completion.logprobs, again.completion.ends) == ((), ())
    assert again.doubt == made.doubt
    assert again.completion.text == completion.text
    assert (again.intent, again.execution, again.sampling, again.defined) == (
        made.intent,
        execution,
        made.sampling,
        ("x",),
    )


def test_a_turn_without_doubt_is_written_as_before(tmp_path: Path) -> None:
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        store.append(TurnRecord(Turn.of(parent=None, seq=1, intent="i", code="x = 1", execution=Execution("ok"))))
    record = json.loads(path.read_text().splitlines()[1])["turn"]
    assert list(record)[-1] == "execution"
    assert read(path).path()[0].doubt is None


def test_the_last_session_and_names(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="no session to continue"):
        latest(tmp_path)
    for n, name in enumerate(["old", "new"]):
        Store.create(tmp_path / f"{name}.mtchat.jsonl", HEADER).close()
        os.utime(tmp_path / f"{name}.mtchat.jsonl", (n, n))
    assert latest(tmp_path).name == "new.mtchat.jsonl"
    assert len(listing(tmp_path)) == 2
    assert resolve("new", tmp_path) == tmp_path / "new.mtchat.jsonl"
    assert resolve("./here/x.mtchat.jsonl", tmp_path) == Path("here/x.mtchat.jsonl")
    assert resolve("here/x", tmp_path) == Path("here/x.mtchat.jsonl")


def test_the_kept_file_of_each_version_still_opens() -> None:
    for version in range(1, VERSION + 1):
        session = read(FIXTURES / f"v{version}.mtchat.jsonl")
        assert [t.code for t in session.path()] == ["nums = [3, 1, 2]", "print(sum(nums))"]
        assert session.title == "sums"
        assert len(session.turns) == 3
        assert session.header.version == VERSION


def test_the_kept_file_of_version_2_holds_what_came_with_it() -> None:
    path = FIXTURES / "v2.mtchat.jsonl"
    session = read(path)
    assert session.header.policy["read"] == ["/home/me/data"]
    assert session.path()[-1].execution.inputs == ("4",)
    (record,) = session.files(None)
    assert (record.name, attached(path, record)) == ("nums.txt", b"3\n1\n2\n")


def test_the_memory_limit_that_nobody_chose_is_left_out_of_version_1(tmp_path: Path) -> None:
    line = {"format": "mtchat-session", "version": 1, "created": "now", "limits": {"timeout": 5, "memory": 2 << 30}}
    path = tmp_path / "old.mtchat.jsonl"
    path.write_text(json.dumps(line) + "\n")
    assert read(path).header.limits == {"timeout": 5}


def test_a_disk_too_full_for_the_header_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SessionError, match="No space left"):
        Store.create(tmp_path / "a.mtchat.jsonl", HEADER)
    assert not list(tmp_path.iterdir())
