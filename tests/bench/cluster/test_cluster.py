"""The bench on a real Ray cluster of two nodes on this machine: real processes, killed for real.

Every sample comes exactly once, the same as in one process, whatever dies.
"""

import dataclasses
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from mtchat.bench.cluster import Cluster, Ray, Share
from mtchat.bench.cluster.bench import work_of
from mtchat.bench.cluster.workers import QUEUE
from mtchat.bench.values import Sample, Unit
from mtchat.cli import cli
from mtchat.errors import CommandError, ModelError
from tests.bench.cluster import work
from tests.bench.problems import DOUBLE, SHOUT, TABLE, problems_file, script_file
from tests.conftest import ROOT

ray = pytest.importorskip("ray", reason="Ray is not installed (pip install 'mtchat[cluster]')")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
MEMORY = 100 << 20


@dataclasses.dataclass
class Nodes:
    """Two nodes on this machine: the head, which the test needs, and one that may be taken away."""

    cluster: Any
    second: Any

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    def add(self) -> Any:
        return self.cluster.add_node(num_cpus=2, object_store_memory=MEMORY)


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    """A short folder for everything that Ray and the sandboxes write; nothing is left of them at the end."""
    folder = Path(tempfile.mkdtemp(prefix="mtc-", dir="/tmp"))
    (folder / "ray").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setattr(tempfile, "tempdir", None)
        yield folder
    left = _left(folder)
    shutil.rmtree(folder, ignore_errors=True)
    assert left == []


@pytest.fixture(scope="module")
def nodes(temporary: Path) -> Iterator[Nodes]:
    from ray.cluster_utils import Cluster as Machines

    args: dict[str, Any] = {"num_cpus": 2, "object_store_memory": MEMORY, "include_dashboard": False}
    machines = Machines(initialize_head=True, head_node_args={**args, "temp_dir": str(temporary / "ray")})
    two = Nodes(machines, None)
    try:
        two.second = two.add()
        yield two
    finally:
        ray.shutdown()
        machines.shutdown()


@pytest.fixture(autouse=True)
def clean(temporary: Path) -> Iterator[None]:
    """No worker is left after a test, no sandbox and no file of theirs."""
    yield
    end = time.monotonic() + 20
    while (left := _pids(b"ray::ModelActor", b"ray::JudgeActor") + _folders(temporary)) and time.monotonic() < end:
        time.sleep(0.1)
    assert left == []


def _left(folder: Path, seconds: float = 20.0) -> list[str]:
    """Processes that still know the folder after some time."""
    end = time.monotonic() + seconds
    while (left := _processes(folder)) and time.monotonic() < end:
        time.sleep(0.2)
    return left


def _folders(temporary: Path) -> list[Any]:
    """What sandboxes left; a worker that was killed leaves its folder to the next one on that node."""
    return [*temporary.glob("mtchat-sandbox-*"), *temporary.glob("mtchat-worker-*/mtchat-sandbox-*")]


def _processes(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if f"{folder}".encode() in words and (entry / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                found.append(f"{entry.name} {words[:80]!r}")
    return found


def _pids(*titles: bytes) -> list[Any]:
    """Ray's workers of these tests (others may run Ray on this machine) with those process titles."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cmdline").read_bytes().startswith(titles):
                mine = f"TMPDIR={os.environ['TMPDIR']}".encode() in (entry / "environ").read_bytes()
                found += [int(entry.name)] if mine else []
        except OSError:
            continue
    return found


def _all(workers: Ray, units: Iterator[Unit]) -> list[Sample]:
    return sorted((sample for unit in workers.run(units) for sample in unit), key=lambda sample: sample.key)


def _bytes(samples: list[Sample]) -> bytes:
    return b"\n".join(msgspec.json.encode(sample) for sample in samples)


def test_two_nodes_give_what_one_process_gives(nodes: Nodes) -> None:
    with Ray(nodes.address, work.EMBEDDED) as workers:
        model = workers.start().model
        assert model is not None
        units = partial(work.units, 6, rows=3, model=model)
        assert _bytes(_all(workers, units())) == _bytes(work.alone(work.EMBEDDED, units()))


def test_never_more_units_are_open_than_workers_can_hold(nodes: Nodes) -> None:
    drawn, done, most = 0, 0, 0

    def counted() -> Iterator[Unit]:
        nonlocal drawn
        for unit in work.units(60, rows=9):
            drawn += 1
            yield unit

    with Ray(nodes.address, work.STANDIN) as workers:
        for _ in workers.run(counted()):
            done += 1
            most = max(most, drawn - done)
    assert done == drawn == 60
    assert 1 < most <= QUEUE * 4  # a model and a judge on each node
    assert workers.most_queued == QUEUE


@pytest.mark.parametrize("mishap", ["model dies once", "judge dies once"])
def test_a_killed_worker_s_units_are_done_again(nodes: Nodes, tmp_path: Path, mishap: str) -> None:
    said: list[str] = []
    with Ray(nodes.address, work.STANDIN, say=said.append) as workers:
        got = _all(workers, work.units(20, special={7: mishap}, mark=tmp_path / "died"))
    (tmp_path / "died").touch()
    assert _bytes(got) == _bytes(work.alone(work.STANDIN, work.units(20, special={7: mishap}, mark=tmp_path / "died")))
    assert len([line for line in said if f"a {mishap.split()[0]} on" in line and "was lost" in line]) == 1


def test_every_worker_is_killed_from_outside(nodes: Nodes) -> None:
    got: list[Sample] = []
    with Ray(nodes.address, work.STANDIN) as workers:
        for number, samples in enumerate(workers.run(work.units(40, category="slow"))):
            got += samples
            if number == 5:
                killed = _pids(b"ray::ModelActor", b"ray::JudgeActor")
                for pid in killed:
                    os.kill(pid, signal.SIGKILL)
    assert len(killed) == 4
    got.sort(key=lambda sample: sample.key)
    assert _bytes(got) == _bytes(work.alone(work.STANDIN, work.units(40)))


def test_a_node_is_lost_and_another_joins(nodes: Nodes, capfd: pytest.CaptureFixture[str]) -> None:
    got: list[Sample] = []
    said: list[str] = []
    enough = False

    def until_enough() -> Iterator[Unit]:
        for unit in work.units(2000, category="slow"):
            if enough:
                return
            yield unit

    with Ray(nodes.address, work.STANDIN, say=said.append) as workers:
        for number, samples in enumerate(workers.run(until_enough())):
            got += samples
            if number == 8:
                nodes.cluster.remove_node(nodes.second, allow_graceful=False)
                nodes.second = nodes.add()
            gone = any("left the cluster" in line for line in said)
            enough = number > 20 and gone and len(_pids(b"ray::ModelActor")) == 2
    assert any("a model on" in line and "was lost; its 2 jobs are done again" in line for line in said)
    count = len({sample.key.problem for sample in got})
    got.sort(key=lambda sample: sample.key)
    assert _bytes(got) == _bytes(work.alone(work.STANDIN, work.units(count)))
    told = capfd.readouterr()
    assert "aylet" not in told.out + told.err


@pytest.mark.parametrize("mishap", ["model dies", "judge dies", "model fails"])
def test_a_poisoned_unit_is_named_after_all_others_are_done(nodes: Nodes, mishap: str) -> None:
    got: list[list[Sample]] = []
    expected = pytest.raises(CommandError, match=r"problem p3 .*failed 3 times")
    with Ray(nodes.address, work.STANDIN) as workers, expected:
        got.extend(workers.run(work.units(8, special={3: mishap})))
    assert {sample.key.problem for unit in got for sample in unit} == {f"p{n}" for n in range(8)} - {"p3"}


def test_when_everything_fails_the_run_ends_soon(nodes: Nodes) -> None:
    units = work.units(500, category="model fails")
    with Ray(nodes.address, work.STANDIN) as workers, pytest.raises(CommandError, match="this unit cannot be written"):
        _all(workers, units)
    assert int(next(units).problem.id[1:]) < 20


def test_candidates_are_run_in_the_model_s_own_sandbox(nodes: Nodes) -> None:
    with Ray(nodes.address, work.STANDIN) as workers:
        got = _all(workers, work.units(4, select=3))
    assert _bytes(got) == _bytes(work.alone(work.STANDIN, work.units(4, select=3)))


def test_models_that_differ_are_refused(nodes: Nodes, tmp_path: Path) -> None:
    other = msgspec.structs.replace(work.STANDIN, load=partial(work.other_on, str(tmp_path / "first")))
    with Ray(nodes.address, other) as workers, pytest.raises(CommandError, match="has another model"):
        _all(workers, work.units(40, category="slow"))


def test_a_model_that_cannot_be_loaded_is_said_once_with_its_node(nodes: Nodes) -> None:
    nowhere = msgspec.structs.replace(work.STANDIN, load=work.missing)
    with Ray(nodes.address, nowhere) as workers, pytest.raises(ModelError, match=r"\(node .*there is no model 'nowh"):
        workers.start()


def test_a_cluster_where_nobody_gets_ready_ends_the_wait(nodes: Nodes) -> None:
    slow = msgspec.structs.replace(work.STANDIN, load=partial(time.sleep, 60))
    with (
        Ray(nodes.address, slow, patience=3) as workers,
        pytest.raises(CommandError, match=r"no model .*ready for 3 s"),
    ):
        workers.start()


def test_other_code_on_a_node_is_refused(nodes: Nodes, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "mtchat", temporary / "old" / "mtchat", ignore=shutil.ignore_patterns("*.safetensors"))
    with (temporary / "old" / "mtchat" / "turn.py").open("a") as file:
        file.write("# changed\n")
    monkeypatch.chdir(temporary)  # where we are comes first on every node, if it is there
    monkeypatch.setenv("PYTHONPATH", str(temporary / "old"))
    third = nodes.add()
    try:
        with (
            Ray(nodes.address, work.STANDIN) as workers,
            pytest.raises(CommandError, match="runs other code than this"),
        ):
            _all(workers, work.units(40, category="slow"))
    finally:
        nodes.cluster.remove_node(third)


def test_breaking_off_leaves_nothing_running(nodes: Nodes) -> None:
    with Ray(nodes.address, work.STANDIN, share=Share(models=1, judges=2)) as workers:
        running = workers.run(work.units(100, category="slow"))
        next(running)
        assert len(_pids(b"ray::ModelActor", b"ray::JudgeActor")) == 6
        running.close()  # type: ignore[attr-defined]


def test_a_cancelled_run_ends_early_and_raises_nothing(nodes: Nodes) -> None:
    cancel = threading.Event()
    got = []
    with Ray(nodes.address, work.STANDIN, cancel=cancel) as workers:
        for samples in workers.run(work.units(100, category="slow")):
            got.append(samples)
            cancel.set()
    assert 1 <= len(got) < 20


_LOCAL = """
import sys
from mtchat.bench.cluster import Ray
from tests.bench.cluster import work
with Ray("local", work.STANDIN, cpus=2) as workers:
    for samples in workers.run(work.units(int(sys.argv[1]), category="slow")):
        print(samples[0].key.problem, flush=True)
"""


def _script(temporary: Path, *args: str) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    command = [sys.executable, "-W", "error", "-c", _LOCAL, *args]
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=ROOT, start_new_session=True)


def test_a_cluster_of_our_own_says_nothing_and_ends(temporary: Path) -> None:
    before = set(Path("/tmp").glob("mtchat-ray-*"))
    out, err = _script(temporary, "6").communicate(timeout=120)
    assert sorted(out.split()) == [f"p{n}" for n in range(6)]
    assert err == ""
    assert set(Path("/tmp").glob("mtchat-ray-*")) <= before


def test_ctrl_c_ends_all_of_it(temporary: Path) -> None:
    before = set(Path("/tmp").glob("mtchat-ray-*"))
    process = _script(temporary, "1000")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("p")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the whole group
    _, err = process.communicate(timeout=60)
    assert err.splitlines()[-1] == "KeyboardInterrupt"
    assert set(Path("/tmp").glob("mtchat-ray-*")) <= before


def test_nobody_at_the_address() -> None:
    with Ray("127.0.0.1:9", work.STANDIN) as workers, pytest.raises(CommandError, match=r"no Ray cluster answers"):
        workers.start()
    with Ray("nowhere.invalid:6379", work.STANDIN) as workers, pytest.raises(CommandError, match=r"no Ray cluster ans"):
        workers.start()


def test_somebody_else_at_the_address() -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"127.0.0.1:{server.server_port}"
        with Ray(address, work.STANDIN) as workers, pytest.raises(CommandError, match="answers there is no Ray"):
            workers.start()
        server.shutdown()


def _campaign(out: Path, problems: Path, workers: Any, settings: Any) -> dict[str, bytes]:
    """The bench as its command runs it; the summary, and the results without their times."""
    from mtchat.bench import mtpb, setups
    from mtchat.bench.campaign import SUMMARY, Plan, campaign

    wanted = setups.Wanted("0" * 64, single_turn=True)
    read = mtpb.read(problems)
    plan = Plan(read, lambda settings, subject: setups.mtpb(settings, wanted, subject, read), samples=3, batch=4)
    with workers:
        campaign(plan, settings, workers, out, quiet=True)
    return {"summary": (out / SUMMARY).read_bytes(), "results": _timeless(out / "results.jsonl")}


def _timeless(path: Path) -> bytes:
    lines = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
    for line in lines:
        line.pop("elapsed", None)
    return b"\n".join(sorted(msgspec.json.encode(line) for line in lines))


@pytest.mark.parametrize("name", ["scripted", "embedded"])
def test_a_campaign_leaves_the_same_files(nodes: Nodes, tmp_path: Path, name: str) -> None:
    from mtchat.bench.desk import Desk
    from mtchat.bench.runner import Local
    from mtchat.config import Settings

    settings = Settings(model=script_file(tmp_path) if name == "scripted" else name, device="cpu")
    problems = problems_file(tmp_path, DOUBLE, SHOUT)
    load = functools.cache(work_of(settings).load)
    here = _campaign(tmp_path / "here", problems, Local(load, Desk, 1), settings)
    there = _campaign(tmp_path / "there", problems, Cluster(nodes.address, settings), settings)
    assert there == here
    assert here["results"].count(b'"passed"') > 5


def test_the_command_finds_data_files_from_where_it_was_given(
    nodes: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers have other working folders."""
    (tmp_path / "data" / "tables").mkdir(parents=True)
    (tmp_path / "data" / "tables" / "few.csv").write_text("a\nb\nc\n")
    problems, model = problems_file(tmp_path, TABLE), script_file(tmp_path)
    monkeypatch.chdir(tmp_path)
    args = ("--problems", str(problems), "--model", model, "--samples", "1", "--datasets", "data", "--json", "--quiet")
    result = CliRunner().invoke(cli, ["bench", "mtpb", *args, "--ray", nodes.address])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout.splitlines()[-1])["pass_rate"] == 1.0
