"""All layers at once: the self-test finds them holding, misses them when they are off, and the libraries go on."""

from pathlib import Path

import pytest

from mtchat.sandbox import selftest
from tests.sandbox.kernel.support import AS_ROOT, USERS, needs_landlock, needs_seccomp, passes, skip_without_namespaces

_LOCK = """
import signal
PLACE, SCRATCH, OUTSIDE = {place!r}, {place!r} + "/scratch", {place!r} + "/out/old"
READ = [CODE, *SITE, *roots.system_paths()]
def locked(layers, run):
    '''As the launcher, the keeper and the worker do it.'''
    if "namespaces" in layers:
        namespaces.enter(READ, [], SCRATCH, 64 << 20)
    else:
        os.mkdir(SCRATCH); os.chmod(SCRATCH, 0o777)
    SEEN = [*READ, "/etc", "/proc", "/sys"] if "namespaces" in layers else READ
    child = os.fork()
    if child == 0:
        code = 1
        try:
            {dropping}
            kernel.set_death_signal()
            os.mkdir(SCRATCH + "/files"); os.mkdir(SCRATCH + "/home")
            if "landlock" in layers:
                landlock.restrict(SEEN, [SCRATCH], ["/dev/null"])
            worker = os.fork()
            if worker == 0:
                if "landlock" in layers:
                    landlock.restrict(SEEN, [SCRATCH + "/files", SCRATCH + "/home"], ["/dev/null"])
                if "seccomp" in layers: seccomp.install("refuse")
                os.chdir(SCRATCH + "/files")
                run()
                sys.stdout.flush()
                code = 0
            else:
                code = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
        finally:
            os._exit(code) if code == 0 else sys.excepthook(*sys.exc_info()) or os._exit(code)
    exits(child)
"""


def _passes(
    place: Path, snippet: str, user: str, dropping: str = "kernel.drop_privileges()", reachable: bool = False
) -> str:
    return passes(_LOCK.format(place=str(place), dropping=dropping) + snippet, user, reachable=reachable)


@needs_landlock
@needs_seccomp
@pytest.mark.parametrize("level", ["full", "no-landlock", "no-userns"])
@pytest.mark.parametrize("user", USERS)
def test_each_level_keeps_its_promises(place: Path, level: str, user: str) -> None:
    layers = selftest.PROMISED[level]
    if "namespaces" in layers:
        skip_without_namespaces(user)
    assert len(selftest.attempts("/a/b", "/c")) >= 20
    _passes(
        place,
        f"""
def run():
    found = selftest.violations({level!r}, OUTSIDE, SCRATCH + "/files")
    assert found == [], found
locked({set(layers)!r}, run)
""",
        user,
        reachable="namespaces" not in layers,  # root becomes nobody, who may not reach a Python below root's home
    )


@pytest.mark.skipif(not AS_ROOT, reason="only root may do all that is tried")
def test_an_unlocked_process_gets_everything_through(place: Path) -> None:
    """Each attempt is a real one: nothing refuses it but the layer it is there to look at."""
    _passes(
        place,
        """
def run():
    names = [attempt.name for attempt in selftest.attempts(OUTSIDE, SCRATCH + "/files")]
    through = selftest.through(["namespaces", "landlock", "seccomp"], OUTSIDE, SCRATCH + "/files")
    missed = set(names) - set(through)
    try: switched_off = open("/proc/sys/kernel/io_uring_disabled").read().strip() == "2"
    except OSError: switched_off = False
    assert missed <= ({"open io_uring"} if switched_off else set()), missed
    assert os.listdir(PLACE + "/out") == ["old"] and os.listdir() == []
locked(set(), run)
""",
        "root",
        dropping="pass",
    )


@needs_landlock
@needs_seccomp
def test_a_missing_layer_is_noticed(place: Path) -> None:
    _passes(
        place,
        """
def run():
    found = selftest.violations("full", OUTSIDE, SCRATCH + "/files")
    for name in ("read a file outside", "write a file outside", "list /", "look at process 1"):
        assert name in found, (name, found)
    assert "make a socket" not in found
locked({"seccomp"}, run)
""",
        "nobody",
    )


@needs_landlock
@needs_seccomp
def test_a_missing_filter_is_noticed(place: Path) -> None:
    _passes(
        place,
        """
def run():
    found = selftest.violations("no-userns", OUTSIDE, SCRATCH + "/files")
    for name in ("make a socket", "run another program", "fork", "unshare", "change a limit"):
        assert name in found, (name, found)
    assert "read a file outside" not in found
locked({"landlock"}, run)
""",
        "nobody",
    )


@needs_landlock
@needs_seccomp
@pytest.mark.parametrize("user", USERS)
def test_the_data_libraries_run_with_every_layer_on(place: Path, user: str) -> None:
    skip_without_namespaces(user)
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    output = _passes(
        place,
        """
def run():
    os.environ |= {"HOME": SCRATCH + "/home", "TMPDIR": SCRATCH + "/files", "MPLCONFIGDIR": SCRATCH + "/home"}
    import numpy, pandas, sklearn.cluster, matplotlib.pyplot as plot
    rng = numpy.random.default_rng(1)
    points = numpy.concatenate([rng.normal(0, 1, (50, 2)), rng.normal(9, 1, (50, 2))])
    labels = sklearn.cluster.KMeans(2, n_init=3, random_state=0).fit(points).labels_
    frame = pandas.DataFrame({"x": points[:, 0], "label": labels})
    frame.to_csv("points.csv")
    print(sorted(pandas.read_csv("points.csv").groupby("label").size()))
    mapped = numpy.memmap("mapped", dtype="f8", mode="w+", shape=(10,)); mapped[:] = 1; mapped.flush()
    print(numpy.linalg.solve(numpy.eye(3) * 2, numpy.ones(3)).tolist(), mapped.sum())
    plot.plot(points); plot.savefig("plot.png")
    print(open("plot.png", "rb").read(8) == b"\\x89PNG\\r\\n\\x1a\\n")
locked({"namespaces", "landlock", "seccomp"}, run)
""",
        user,
    )
    assert output.splitlines() == ["[50, 50]", "[0.5, 0.5, 0.5] 10.0", "True"]


@needs_landlock
@needs_seccomp
@pytest.mark.parametrize("user", USERS)
def test_the_keeper_sets_limits_that_the_program_cannot_touch(place: Path, user: str) -> None:
    skip_without_namespaces(user)
    _passes(
        place,
        """
import resource, signal
namespaces.enter(READ, [], SCRATCH, 64 << 20)
keeper = os.fork()
if keeper == 0:
    kernel.drop_privileges()
    landlock.restrict(READ, [SCRATCH], [])
    go, tell = os.pipe()
    worker = os.fork()
    if worker == 0:
        landlock.restrict(READ, [], [])
        seccomp.install("refuse")
        os.read(go, 1)
        try: bytearray(1 << 30)
        except MemoryError: os._exit(0)
        os._exit(1)
    resource.prlimit(worker, resource.RLIMIT_DATA, (512 << 20, 512 << 20))
    os.kill(worker, signal.SIGSTOP); os.waitpid(worker, os.WUNTRACED); os.kill(worker, signal.SIGCONT)
    os.write(tell, b"x")
    os._exit(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]))
exits(keeper)
""",
        user,
    )
