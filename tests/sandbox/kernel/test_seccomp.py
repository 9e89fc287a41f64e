"""The filter on real processes: what is refused, what goes on working, and forks that wait for an answer."""

import signal

import pytest

from mtchat.sandbox import kernel
from tests.sandbox.kernel.support import USERS, needs_seccomp, passes, run

pytestmark = needs_seccomp

_FILTER = """
import fcntl, mmap, resource, select, signal, struct, tempfile
kernel.no_new_privileges()
"""


def _passes(snippet: str, user: str = "nobody") -> str:
    return passes(_FILTER + snippet, user)


@pytest.mark.parametrize("user", USERS)
def test_refused(user: str) -> None:
    _passes(
        """
directory = tempfile.mkdtemp(); os.chdir(directory)
open("file", "w").close()
pair = socket.socketpair()
seccomp.install("refuse")
for call in (
    lambda: os.execv("/nonexistent", ["x"]), os.fork, os.forkpty, lambda: os.posix_spawn("/bin/true", ["true"], {}),
    lambda: os.kill(os.getpid(), 0), lambda: os.kill(os.getppid(), 0), lambda: os.killpg(0, 0),
    lambda: os.pidfd_open(os.getpid()), lambda: signal.raise_signal(signal.SIGURG),
    lambda: signal.pthread_kill(threading.get_ident(), signal.SIGURG),
    socket.socket, lambda: socket.socket(socket.AF_UNIX), lambda: socket.socket(socket.AF_NETLINK),
    lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM), lambda: pair[0].bind("s"),
    lambda: pair[0].connect("s"), lambda: pair[0].listen(), lambda: pair[0].sendto(b"x", "s"),
    lambda: pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20),
    lambda: os.chmod("file", 0o777), lambda: os.utime("file"), lambda: os.chown("file", -1, -1),
    lambda: os.symlink("/", "l"), lambda: os.link("file", "l"), lambda: os.mkfifo("p"),
    lambda: os.setxattr("file", "user.x", b""), lambda: os.chroot("."), lambda: os.setuid(os.getuid()),
    lambda: os.setpgid(0, 0), os.setsid, lambda: os.nice(1), lambda: os.sched_setaffinity(0, {0}),
    lambda: os.setpriority(os.PRIO_PROCESS, 0, 1), lambda: mmap.mmap(-1, 4096),
    lambda: mmap.mmap(-1, 4096, mmap.MAP_SHARED),
    lambda: fcntl.fcntl(pair[0], fcntl.F_SETOWN, 1), lambda: fcntl.fcntl(pair[0], 10, signal.SIGKILL),
    lambda: fcntl.fcntl(pair[0], 1031, 1 << 20), lambda: fcntl.ioctl(pair[0], 0x5412, b"x"),
    lambda: kernel.prctl(1, 0), lambda: kernel.prctl(4, 1), lambda: kernel.prctl(36, 1), lambda: kernel.prctl(59, 1),
    lambda: kernel.syscall("seccomp", 1, 0, 0), lambda: kernel.syscall("bpf", 0, 0, 0), lambda: os.getsid(os.getppid()),
    lambda: kernel.syscall("landlock_create_ruleset", 0, 0, 1), lambda: kernel.syscall("ptrace", 0, 0, 0, 0),
):
    refused(call)
for limits in ((1, 1), resource.getrlimit(resource.RLIMIT_CORE)):
    try: resource.setrlimit(resource.RLIMIT_CORE, limits)
    except (OSError, ValueError): pass
    else: raise AssertionError(limits)
refused(lambda: kernel.syscall("io_uring_setup", 1, 0), code=errno.ENOSYS)
refused(lambda: os.memfd_create("x"), code=errno.ENOSYS)
assert kernel.raw_fork() == -1
assert kernel.LIBC.unshare(0) == -1 and kernel.LIBC.umount2(b"/", 0) == -1
os.unlink("file"); os.chdir("/"); os.rmdir(directory)
""",
        user,
    )


def test_what_programs_need_goes_on() -> None:
    output = _passes(
        """
import asyncio, random, shutil, sqlite3, time
from concurrent.futures import ThreadPoolExecutor
directory = tempfile.mkdtemp(); os.chdir(directory)
seccomp.install("refuse")
async def both(): return await asyncio.gather(asyncio.sleep(0.001, 1), asyncio.to_thread(len, "ab"))
assert asyncio.run(both()) == [1, 2]
with ThreadPoolExecutor(8) as pool: assert sum(pool.map(len, ["a"] * 100)) == 100
with open("file", "w+b") as file:
    file.truncate(8192)
    with mmap.mmap(file.fileno(), 8192) as mapped: mapped[0] = 65
    with mmap.mmap(file.fileno(), 8192, mmap.MAP_PRIVATE) as mapped: mapped[1] = 66
    fcntl.flock(file, fcntl.LOCK_EX); fcntl.fcntl(file, fcntl.F_GETFL)
assert open("file", "rb").read(2) == b"A\\0"
shutil.copyfile("file", "copy"); os.replace("copy", "moved"); assert sorted(os.listdir()) == ["file", "moved"]
base = sqlite3.connect("base"); base.execute("create table t (x)"); base.commit(); base.close()
one, other = socket.socketpair()
reading, writing = os.pipe()
one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", writing))])
data, fds, _, _ = socket.recv_fds(other, 1, 1)
os.write(fds[0], b"passed"); assert os.read(reading, 9) == b"passed"
again = socket.socket(fileno=one.detach()); again.setblocking(False); again.shutdown(socket.SHUT_RDWR)
os.dup2(reading, 40); os.set_inheritable(40, False); assert not os.isatty(40)
select.select([40], [], [], 0)
signal.signal(signal.SIGALRM, lambda *_: None); signal.setitimer(signal.ITIMER_REAL, 0.001)
time.sleep(0.01); os.getrandom(4); os.uname(); os.getgroups(); resource.getrlimit(resource.RLIMIT_AS); os.cpu_count()
assert len(bytearray(64 << 20)) == 64 << 20
kernel.set_death_signal(); kernel.LIBC.prctl(15, b"name", 0, 0, 0)
# An id is 0 where the session was begun outside the process namespace the tests run in.
print(os.getpgid(0) >= 0, os.getsid(0) >= 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0)
shutil.rmtree(directory)
"""
    )
    assert output == "True True True\n"


def test_modes_and_times_where_mounts_keep_them_in() -> None:
    _passes(
        """
import shutil
directory = tempfile.mkdtemp(); os.chdir(directory)
open("file", "w").close()
seccomp.install("refuse", modes=True)
shutil.copy2("file", "copy"); os.utime("copy"); os.chmod("copy", 0o600)
refused(os.chown, "copy", -1, -1)
refused(os.symlink, "/", "link")
shutil.rmtree(directory)
"""
    )


@pytest.mark.skipif(kernel.MACHINE != "x86_64", reason="x86-64 alone has a second set of calls by a bit")
def test_the_x32_calls_kill() -> None:
    done = run(_FILTER + "seccomp.install('refuse'); kernel.LIBC.syscall(0x40000000 | 39); print('alive')")
    assert done.returncode == -signal.SIGSYS
    assert not done.stdout


@pytest.mark.skipif(kernel.MACHINE != "x86_64", reason="x86-64 alone has the calls of a 32-bit machine beside its own")
def test_the_32_bit_calls_kill() -> None:
    done = run(
        _FILTER
        + """
import ctypes
page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))  # getpid as int 0x80 has it
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
seccomp.install("refuse")
call()
print("alive")
"""
    )
    assert done.returncode in (-signal.SIGSYS, -signal.SIGSEGV)  # the second: the kernel has no such calls at all
    assert not done.stdout


def test_every_thread_is_filtered() -> None:
    _passes(
        """
go, seen = threading.Event(), []
def later():
    go.wait()
    refused(os.symlink, "/", "/tmp/never")
    seen.append(1)
thread = threading.Thread(target=later); thread.start()
seccomp.install("refuse")
go.set(); thread.join()
assert seen
"""
    )


def test_it_needs_no_new_privileges() -> None:
    passes("refused(seccomp.install, 'refuse', code=errno.EACCES)")


def test_a_filter_that_allows_forks() -> None:
    _passes(
        """
seccomp.install("allow")
child = os.fork()
if child == 0:
    refused(os.symlink, "/", "/tmp/never")
    os._exit(0)
exits(child)
refused(os.posix_spawn, "/bin/true", ["true"], {})
"""
    )


_SUPERVISED = """
def supervised(root):
    '''Run `root` filtered in a child; its supervisor, and its process id.'''
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            fd = seccomp.install("notify")
            socket.send_fds(there, [b"f"], [fd]); os.close(fd)
            root()
            code = 0
        finally:
            os._exit(code) if code == 0 else sys.excepthook(*sys.exc_info()) or os._exit(code)
    there.close()
    return seccomp.Supervisor(socket.recv_fds(here, 1, 1)[1][0]), child

def ready(supervisor):
    poll = select.poll(); poll.register(supervisor)
    events = poll.poll(20_000)
    assert events, "no notice came"
    return events[0][1]
"""


@pytest.mark.parametrize("user", USERS)
def test_forks_wait_for_an_answer(user: str) -> None:
    _passes(
        _SUPERVISED
        + """
def root():
    for _ in range(20):
        refused(os.fork, code=errno.EAGAIN)
        pid = kernel.clone_sibling()
        if pid == 0: os._exit(7)
supervisor, child = supervised(root)
for _ in range(20):
    assert ready(supervisor) & select.POLLIN
    first = supervisor.receive()
    assert (first.pid, first.is_sibling) == (child, False)
    assert supervisor.refuse(first.id, errno.EAGAIN)
    second = supervisor.receive()
    assert (second.pid, second.is_sibling) == (child, True)
    assert supervisor.allow(second.id)
codes = []
while len(codes) < 21: codes.append(os.waitstatus_to_exitcode(os.wait()[1]))
assert sorted(codes) == [0] + [7] * 20, codes
while not ready(supervisor) & select.POLLHUP: pass
supervisor.close()
""",
        user,
    )


def test_threads_do_not_wait_but_their_forks_do() -> None:
    _passes(
        _SUPERVISED
        + """
def root():
    def fork(): refused(os.fork)
    for _ in range(5):
        thread = threading.Thread(target=fork); thread.start(); thread.join()
supervisor, child = supervised(root)
for _ in range(5):
    notice = supervisor.receive()
    assert notice.pid != child  # the thread's id
    supervisor.refuse(notice.id)
exits(child)
"""
    )


def test_who_died_waiting_is_passed_over() -> None:
    _passes(
        _SUPERVISED
        + """
supervisor, child = supervised(os.fork)
ready(supervisor)
notice = supervisor.receive()
os.kill(child, signal.SIGKILL); os.waitpid(child, 0)
assert not supervisor.allow(notice.id)
assert not supervisor.refuse(notice.id)
"""
    )


def test_a_copy_is_under_the_same_supervisor() -> None:
    _passes(
        _SUPERVISED
        + """
def root():
    if kernel.clone_sibling() == 0:
        refused(kernel.clone_sibling)
        refused(os.fork)
        os._exit(5)
supervisor, child = supervised(root)
supervisor.allow(supervisor.receive().id)
for _ in range(2): supervisor.refuse(supervisor.receive().id)
assert sorted(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(2)) == [0, 5]
"""
    )


def test_a_fork_without_a_supervisor_is_refused() -> None:
    _passes(
        _SUPERVISED
        + """
go, tell = os.pipe()
def root():
    os.read(go, 1)
    refused(os.fork, code=errno.ENOSYS)
    refused(kernel.clone_sibling, code=errno.ENOSYS)
supervisor, child = supervised(root)
supervisor.close()
os.write(tell, b"x")
exits(child)
"""
    )
