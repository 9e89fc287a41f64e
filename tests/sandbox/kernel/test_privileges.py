"""What a process gives up stays given up."""

import pytest

from tests.sandbox.kernel.support import AS_ROOT, USERS, passes


@pytest.mark.parametrize("user", USERS)
def test_privileges_are_gone_for_good(user: str) -> None:
    passes(
        """
kernel.drop_privileges()
status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
    assert int(status[name], 16) == 0, (name, status[name])
assert status["NoNewPrivs"].strip() == "1"
assert 0 not in os.getresuid() + os.getresgid() + tuple(os.getgroups())
refused(os.setuid, 0)
refused(os.setgid, 0)
refused(os.chroot, "/")
assert kernel.capabilities() == 0
""",
        user,
    )


@pytest.mark.skipif(not AS_ROOT, reason="only root has a bounding set of its own to empty")
def test_root_leaves_no_bounding_set() -> None:
    passes(
        """
kernel.drop_privileges()
status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
assert int(status["CapBnd"], 16) == 0
refused(kernel.prctl, 28, 0)  # the securebits are locked
""",
        "root",
    )


def test_a_process_dies_with_its_parent() -> None:
    passes(
        """
import signal
reading, writing = os.pipe()
middle = os.fork()
if middle == 0:
    parent = os.getpid()
    if os.fork() == 0:
        os.close(reading)
        kernel.drop_user()
        kernel.set_death_signal()
        os.write(writing, b"x")
        signal.pause()
    os.read(reading, 1)
    os._exit(0)
os.close(writing)
os.waitpid(middle, 0)
assert os.read(reading, 9) == b""  # the pipe ends when its last holder does
"""
    )


def test_orphans_come_to_the_subreaper() -> None:
    passes(
        """
kernel.subreaper()
if os.fork() == 0:
    if os.fork() == 0:
        os._exit(3)
    os._exit(2)
assert sorted(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(2)) == [2, 3]
"""
    )


def test_an_unknown_machine_is_said_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from mtchat.sandbox import kernel, landlock, seccomp

    monkeypatch.setattr(kernel, "MACHINE", "riscv64")
    with pytest.raises(OSError, match=r"bpf: needs Linux on x86-64 or aarch64, this is .* on riscv64"):
        kernel.syscall("bpf", 0)
    assert landlock.abi() == 0
    assert landlock.why() == "needs Linux on x86-64 or aarch64"
    assert seccomp.why_not() == "needs Linux on x86-64 or aarch64"
