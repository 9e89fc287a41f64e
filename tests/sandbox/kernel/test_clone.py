"""A forked sibling is a whole process: its parent, its threads, its own forks, its death."""

import pytest

from tests.sandbox.kernel.support import needs_seccomp, passes

_FAMILY = """
def family(root):
    '''Run `root` in a child of ours, whose siblings are then ours to reap.'''
    pid = os.fork()
    if pid == 0:
        try:
            root()
            os._exit(0)
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(99)
    codes = {}
    while True:
        try:
            child, status = os.wait()
        except ChildProcessError:
            break
        codes[child] = os.waitstatus_to_exitcode(status)
    assert codes.pop(pid) == 0, codes
    return list(codes.values())

def sibling(run=None):
    pid = kernel.clone_sibling()
    if pid == 0:
        code = 98
        try:
            code = run() if run else 0
        finally:
            os._exit(code or 0)
    return pid
"""


def _passes(snippet: str) -> str:
    return passes(_FAMILY + snippet)


def test_a_sibling_is_the_parents_child() -> None:
    _passes(
        """
def root():
    parent, myself = os.getppid(), os.getpid()
    def copy():
        assert os.getppid() == parent
        assert os.getpid() != myself
        return 7
    pid = sibling(copy)
    assert pid not in (0, myself)
    refused(os.waitpid, pid, 0, code=errno.ECHILD)
assert family(root) == [7]
"""
    )


def test_many_siblings_after_numpy_and_threads() -> None:
    _passes(
        """
import numpy
def root():
    threads = [threading.Thread(target=lambda: numpy.dot(numpy.ones((50, 50)), 2)) for _ in range(5)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    def copy(number):
        found = []
        thread = threading.Thread(target=lambda: found.append(int(numpy.ones(number).sum())))
        thread.start(); thread.join()
        return found[0] % 256
    for number in range(200):
        sibling(lambda: copy(number))
assert sorted(family(root)) == list(range(200))
"""
    )


def test_no_deadlock_while_other_threads_want_the_interpreter() -> None:
    _passes(
        """
def root():
    sys.setswitchinterval(0.00001)
    stop = []
    def spin():
        while not stop: sum(range(50))
    threads = [threading.Thread(target=spin) for _ in range(3)]
    for thread in threads: thread.start()
    def copy():
        assert threading.active_count() == 1
        thread = threading.Thread(target=sum, args=([1],)); thread.start(); thread.join()
        return 5
    for _ in range(100): sibling(copy)
    stop.append(1)
    for thread in threads: thread.join()
assert family(root) == [5] * 100
"""
    )


def test_the_copy_knows_its_own_thread() -> None:
    _passes(
        """
import ctypes, signal
def root():
    def copy():
        assert threading.get_native_id() == os.getpid(), (threading.get_native_id(), os.getpid())
        seen = []
        signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))
        signal.raise_signal(signal.SIGUSR1)
        assert seen
        kernel.prctl(4, 0)  # PR_SET_DUMPABLE
        os.abort()
    sibling(copy)
assert family(root) == [-signal.SIGABRT]
"""
    )


def test_a_copy_forks_on() -> None:
    _passes(
        """
def root():
    def copy():
        child = os.fork()
        if child == 0: os._exit(3)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
        return 4 if sibling(lambda: 5) else 0
    sibling(copy)
assert sorted(family(root)) == [4, 5]
"""
    )


def test_hooks_run_as_for_a_fork() -> None:
    _passes(
        """
import random
ran = []
os.register_at_fork(before=lambda: ran.append("before"), after_in_parent=lambda: ran.append("parent"),
                    after_in_child=lambda: ran.append("child"))
def root():
    ran.clear()
    random.seed(1)
    state = random.getstate()
    def copy():
        assert ran == ["before", "child"], ran
        assert random.getstate() != state  # random starts anew in every fork: who keeps states puts it back
        random.setstate(state)
        return int(random.random() * 100)
    sibling(copy)
    assert ran == ["before", "parent"], ran
    assert random.getstate() == state
assert family(root) == [13]
"""
    )


@needs_seccomp
def test_a_refused_fork_is_an_error_and_no_more() -> None:
    passes(
        """
kernel.no_new_privileges()
seccomp.install("refuse")
for _ in range(50):
    refused(kernel.clone_sibling)
    refused(os.fork)
thread = threading.Thread(target=sum, args=([1],)); thread.start(); thread.join()
import decimal
"""
    )


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_each_machine_has_its_own_order_of_arguments(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from mtchat.sandbox import kernel

    monkeypatch.setattr(kernel, "MACHINE", machine)
    flags, stack, parent, *rest = kernel._in_order(17, 100, 200)
    assert (flags, stack, parent) == (17, 0, 100)
    assert rest == ([0, 200] if machine == "aarch64" else [200, 0])
