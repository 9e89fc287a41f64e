"""The results folder: append-only, one writer, torn lines, and a writer killed again and again."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from mtchat.bench.results import FILE, Results, read
from mtchat.bench.values import Conversation, Sample, Verdict
from mtchat.errors import BenchError
from tests.bench.made import sample, setup

SETUP = setup()
ROOT = Path(__file__).parents[2]


def fill(folder: Path, count: int = 3) -> Path:
    with Results.open(folder) as results:
        results.add_setup(SETUP)
        results.append([sample(SETUP, "7", 0, n, elapsed=0.5) for n in range(count)])
    return folder / FILE


def test_what_is_appended_is_read_back(tmp_path: Path) -> None:
    path = fill(tmp_path / "a" / "b")
    wanted = {s.key: s for s in (sample(SETUP, "7", 0, n, elapsed=0.5) for n in range(3))}
    found = read(path.parent)
    assert found.samples == {SETUP.digest: wanted}
    assert (found.setups, found.dropped) == ({SETUP.digest: SETUP}, "")
    with Results.open(path.parent) as results:
        assert dict(results.samples(SETUP.digest)) == wanted
        assert results.dropped == ""


def test_lines_are_as_documented(tmp_path: Path) -> None:
    first, *rest = [json.loads(line) for line in fill(tmp_path).read_text("utf-8").splitlines()]
    assert first == {"setup": SETUP.digest, "values": msgspec.to_builtins(SETUP)}
    assert [list(line)[-1] for line in rest] == ["elapsed"] * 3
    assert rest[1]["key"] == {"setup": SETUP.digest, "problem": "7", "case": 0, "sample": 1}


def test_missing_are_the_keys_without_a_sample_in_order(tmp_path: Path) -> None:
    fill(tmp_path)
    other = sample(setup(seed=1), "7").key
    keys = [sample(SETUP, "7", 0, n).key for n in (4, 2, 3)]
    with Results.open(tmp_path) as results:
        assert results.missing([*keys, other]) == [keys[0], keys[2], other]


def test_the_first_sample_of_a_key_stays(tmp_path: Path) -> None:
    path = fill(tmp_path)
    before = path.read_bytes()
    again = sample(SETUP, "7", 0, 1, "failed")
    with Results.open(tmp_path) as results:
        results.add_setup(SETUP)
        assert results.append([again]) == 0
        assert path.read_bytes() == before
        fresh = sample(SETUP, "7", 1, 0)
        assert results.append([fresh, msgspec.structs.replace(fresh, elapsed=9.0), again]) == 1
        assert results.samples(SETUP.digest)[fresh.key] == fresh
    assert path.read_bytes() == before + msgspec.json.encode(fresh) + b"\n"


def test_setups_stand_beside_each_other(tmp_path: Path) -> None:
    fill(tmp_path)
    other = setup(mode="single")
    with Results.open(tmp_path) as results:
        results.add_setup(other)
        assert results.append([sample(other, "7")]) == 1
    assert list(read(tmp_path).setups.values()) == [SETUP, other]
    assert [len(samples) for samples in read(tmp_path).samples.values()] == [3, 1]


def test_a_sample_of_an_unknown_setup_is_refused(tmp_path: Path) -> None:
    with Results.open(tmp_path) as results, pytest.raises(BenchError, match="problem 7, case 0, sample 0"):
        results.append([sample(SETUP, "7")])


def test_a_second_writer_is_refused_and_readers_are_not(tmp_path: Path) -> None:
    with Results.open(tmp_path) as results:
        results.add_setup(SETUP)
        with pytest.raises(BenchError, match="another run") as caught:
            Results.open(tmp_path)
        assert str(tmp_path) in str(caught.value)
        assert read(tmp_path).setups == {SETUP.digest: SETUP}
    Results.open(tmp_path).close()


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_torn_last_line_is_dropped_with_a_word(tmp_path: Path, cut: int) -> None:
    path = fill(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    found = read(tmp_path)
    assert "cut short" in found.dropped
    assert len(found.samples[SETUP.digest]) == 2
    assert path.read_bytes() == whole[:-cut]  # reading changes nothing
    with Results.open(tmp_path) as results:
        assert "cut short" in results.dropped
        assert results.append([sample(SETUP, "7", 0, 2, elapsed=0.5)]) == 1
    assert path.read_bytes() == whole


def test_a_file_torn_within_its_first_line_starts_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"setup":"12')
    fill(tmp_path)
    assert len(read(tmp_path).samples[SETUP.digest]) == 3


BROKEN = {
    "not JSON": (2, b"nonsense\n"),
    "no sample": (2, b'{"key": 1}\n'),
    "unknown setup": (2, msgspec.json.encode(sample(setup(seed=3), "7")) + b"\n"),
    "a setup that is not its digest": (3, b'{"setup":"0123456789abcdef","values":{"bench":"x"}}\n'),
    "a setup without a digest": (3, b'{"setup":null,"values":{}}\n'),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_named(tmp_path: Path, name: str) -> None:
    path = fill(tmp_path)
    number, line = BROKEN[name]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[: number - 1], line, *lines[number - 1 :]]))
    for use in (read, Results.open):
        with pytest.raises(BenchError, match=f"line {number}: ") as caught:
            use(tmp_path)
        assert "\n" not in str(caught.value)


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("work of years")
    with pytest.raises(BenchError, match="--out"):
        Results.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("text", ["work of years", '{"id": 1}\n', "\n"])
def test_another_kind_of_file_by_that_name_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    for use in (read, Results.open):
        with pytest.raises(BenchError, match="no results file"):
            use(tmp_path)
    assert (tmp_path / FILE).read_text() == text


def test_what_cannot_be_a_folder_is_told_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for use in (Results.open, read):
        with pytest.raises(BenchError, match="file"):
            use(file)
    with pytest.raises(BenchError, match="holds no results"):
        read(tmp_path / "nowhere")


def test_half_a_surrogate_pair_is_kept_as_what_can_be_written(tmp_path: Path) -> None:
    odd = msgspec.structs.replace(sample(SETUP, "7"), verdict=Verdict("failed", "error", "no \ud800"))
    with Results.open(tmp_path) as results:
        results.add_setup(SETUP)
        results.append([odd])
        assert results.samples(SETUP.digest)[odd.key].verdict.message == "no ?"
        held = dict(results.samples(SETUP.digest))
    assert read(tmp_path).samples[SETUP.digest] == held


def test_a_figure_that_json_cannot_hold_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = fill(tmp_path)
    before = path.read_bytes()
    endless = Sample(sample(SETUP, "8").key, Conversation((), (), 0, float("nan")), Verdict("failed"))
    with Results.open(tmp_path) as results, pytest.raises(BenchError, match="problem 8"):
        results.append([sample(SETUP, "9"), endless])
    assert path.read_bytes() == before


_WRITER = """
import sys
from pathlib import Path
from mtchat.bench.results import Results
from tests.bench.made import sample, setup
made, total = setup(), int(sys.argv[2])
with Results.open(Path(sys.argv[1])) as results:
    digest = results.add_setup(made)
    for start in range(0, total, 4):
        unit = [sample(made, "7" * 3000, start, n) for n in range(4)]
        if results.missing([s.key for s in unit]):
            results.append(unit)
            print(start, flush=True)
"""


def _killed_until_done(folder: Path, total: int, kills: int) -> int:
    """How often a writer was killed, at moments drawn at random after its first line, before one came to its end."""
    stream, killed = random.Random(4), 0
    while True:
        command = [sys.executable, "-c", _WRITER, str(folder), str(total)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            if killed < kills:
                time.sleep(stream.random() * 0.02)
                writer.send_signal(signal.SIGKILL)
            code = writer.wait()
        if code == 0:
            return killed
        assert code == -signal.SIGKILL
        killed += 1


def _survives(folder: Path, total: int, kills: int) -> None:
    killed = _killed_until_done(folder, total, kills)
    keys = [json.loads(line)["key"] for line in (folder / FILE).read_bytes().splitlines()[1:]]
    assert killed > kills // 2
    assert sorted((key["case"], key["sample"]) for key in keys) == [
        (c, n) for c in range(0, total, 4) for n in range(4)
    ]


def test_a_writer_killed_again_and_again_loses_and_repeats_nothing(tmp_path: Path) -> None:
    _survives(tmp_path, total=1200, kills=4)


@pytest.mark.slow
def test_a_writer_killed_forty_times_loses_and_repeats_nothing(tmp_path: Path) -> None:
    _survives(tmp_path, total=20000, kills=40)
