"""Machines that have less: containers, old kernels, no /proc. The level is the right one, or the refusal says why."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mtchat.sandbox import Policy, Sandbox, kernel

ROOT = Path(__file__).resolve().parents[2]
SAYS = """
from mtchat.errors import SandboxError
from mtchat.sandbox import Policy, Sandbox
try:
    with Sandbox(Policy("open"), allow_reduced=REDUCED) as sandbox:
        level = sandbox.isolation.level
        _, one = sandbox.run("open('f', 'w').write('1')")
        sandbox.run("open('f', 'w').write('2')", one)
        assert sandbox.run("open('f').read()", one)[0].value == "'1'"
        missing = [f"{layer.name}: {layer.says}" for layer in sandbox.isolation.layers if not layer.holds]
        print(level, *missing, sep="\\n")
except SandboxError as error:
    print("refused", error, sep="\\n")
"""

pytestmark = pytest.mark.skipif(not kernel.LINUX, reason="Linux only")


@pytest.fixture(scope="module")
def level() -> str:
    with Sandbox(allow_reduced=True) as sandbox:
        return sandbox.isolation.level


def _said(*before: str, reduced: bool = False) -> tuple[str, str]:
    """The level, or "refused", and the words, of a sandbox that is started by a command that begins with `before`."""
    command = [*before, sys.executable, "-c", SAYS.replace("REDUCED", str(reduced))]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    first, _, rest = done.stdout.partition("\n")
    assert done.returncode == 0, done.stderr
    return first, rest


def _filtered(*words: str, reduced: bool = False) -> tuple[str, str]:
    return _said(sys.executable, "-m", "tests.sandbox.filtered", *words, "--", reduced=reduced)


@pytest.mark.parametrize(
    ("words", "expected", "says"),
    [
        (("unshare=EPERM", "mount=EPERM"), "no-userns", "as in a Docker container with the default profile"),
        (("mount=EPERM",), "no-userns", "mount a new root: Operation not permitted"),
        (("landlock_create_ruleset=ENOSYS",), "no-landlock", "this kernel has no Landlock"),
        (("landlock_create_ruleset=EOPNOTSUPP",), "no-landlock", "switched off at boot"),
        (("unshare=EPERM", "landlock_create_ruleset=ENOSYS"), "refused", "--allow-reduced-isolation"),
        (("pidfd_open=ENOSYS",), "refused", "pidfd_open (Linux 5.3 and later"),
        (("listener",), "refused", "forks cannot be supervised"),
    ],
)
def test_a_machine_with_less(words: tuple[str, ...], expected: str, says: str, level: str) -> None:
    if level != "full":
        pytest.skip(f"this machine has less itself: {level}")
    found, said = _filtered(*words)
    assert (found, says in said) == (expected, True), (found, said)


def test_a_listener_of_others_leaves_only_the_language(level: str) -> None:
    if level != "full":
        pytest.skip(f"this machine has less itself: {level}")
    assert _filtered("listener", reduced=True)[0] == "language-only"


@pytest.mark.parametrize("options", ["-Ur", "-Urm", "-Urpf --mount-proc"])
def test_the_root_of_a_rootless_container(options: str, level: str) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, *options.split(), "true"], capture_output=True).returncode:
        pytest.skip("no user namespaces to be had")
    assert _said(unshare, *options.split())[0] == level


@pytest.mark.parametrize(
    ("change", "expected"),
    [("umount -l /proc", "refused"), ("mount -t proc -o hidepid=2 proc /proc", "")],
)
def test_a_proc_that_shows_less(change: str, expected: str, level: str) -> None:
    unshare = shutil.which("unshare")
    alone = [unshare or "", "-m" if os.geteuid() == 0 else "-Urm"]
    if unshare is None or subprocess.run([*alone, "sh", "-c", change], capture_output=True).returncode:
        pytest.skip("/proc cannot be changed here")
    found, said = _said(*alone, "sh", "-c", f'{change}; exec "$@"', "sh")
    assert found == (expected or level)
    assert expected == "" or "/proc" in said


def test_of_python_s_own_directory_only_the_libraries_are_given() -> None:
    """It may be /usr/local, a home directory or a project: they hold more."""
    with Sandbox(Policy("open"), without={"landlock"}, allow_reduced=True) as sandbox:
        if sandbox.isolation.level != "no-landlock":
            pytest.skip(f"no namespaces here: {sandbox.isolation}")
        _, state = sandbox.run("import os, sys\nprefix = set(os.listdir(sys.prefix))")
        assert sandbox.run("prefix <= {'bin', 'lib', 'lib32', 'lib64', 'local', 'share'}", state)[0].value == "True"
        few = "len(os.listdir(f'{sys.prefix}/bin')) < 2 if 'bin' in prefix else True"
        assert sandbox.run(few, state)[0].value == "True"
