"""Which system calls a program's process may make: the data of the seccomp filter, numbers and cases.

Knows names, their numbers on x86-64 and aarch64 (`-` where there is none), and what is looked at in arguments.
Leaves to others: the filter's code (`bpf`) and loading it (`seccomp`). What is not listed is refused: exec, ptrace,
mount, namespaces, signals to others, sockets by name, links, modes and times of files, limits, keys, BPF, io_uring.
"""

import errno
import signal

from mtchat.sandbox.bpf import ALLOW, Case, Is, Rule, errno_action

REFUSED = errno_action(errno.EPERM)
UNKNOWN = errno_action(errno.ENOSYS)
WITHOUT = errno_action(errno.EOPNOTSUPP)
NEWEST = 462
"""The last number we have looked at (mseal). Later ones do not exist, as on an older kernel: libraries fall back."""

_ALLOWED = """
    read=0/63 write=1/64 readv=19/65 writev=20/66 pread64=17/67 pwrite64=18/68 preadv=295/69 pwritev=296/70
    preadv2=327/286 pwritev2=328/287 open=2/- openat=257/56 creat=85/- close=3/57 close_range=436/436 lseek=8/62
    stat=4/- fstat=5/80 lstat=6/- newfstatat=262/79 statx=332/291 access=21/- faccessat=269/48 faccessat2=439/439
    statfs=137/43 fstatfs=138/44 readlink=89/- readlinkat=267/78 getcwd=79/17 chdir=80/49 fchdir=81/50
    getdents=78/- getdents64=217/61 rename=82/- renameat=264/38 renameat2=316/276 mkdir=83/- mkdirat=258/34
    rmdir=84/- unlink=87/- unlinkat=263/35 truncate=76/45 ftruncate=77/46 fsync=74/82
    fdatasync=75/83 flock=73/32 umask=95/166 fadvise64=221/223 readahead=187/213 sendfile=40/71
    copy_file_range=326/285 pipe=22/- pipe2=293/59 dup=32/23 dup2=33/- dup3=292/24 poll=7/- ppoll=271/73
    select=23/- pselect6=270/72 epoll_create=213/- epoll_create1=291/20 epoll_ctl=233/21 epoll_wait=232/-
    epoll_pwait=281/22 epoll_pwait2=441/441 eventfd=284/- eventfd2=290/19 sendmsg=46/211 recvmsg=47/212
    recvfrom=45/207 recvmmsg=299/243 shutdown=48/210 getsockname=51/204 getpeername=52/205
    mprotect=10/226 munmap=11/215 mremap=25/216 madvise=28/233 brk=12/214 msync=26/227 rt_sigaction=13/134
    rt_sigprocmask=14/135 rt_sigreturn=15/139 rt_sigpending=127/136 rt_sigtimedwait=128/137 rt_sigsuspend=130/133
    sigaltstack=131/132 pause=34/- restart_syscall=219/128 alarm=37/- getitimer=36/102 setitimer=38/103
    nanosleep=35/101 clock_nanosleep=230/115 clock_gettime=228/113 clock_getres=229/114 gettimeofday=96/169
    time=201/- times=100/153 futex=202/98 futex_wait=455/455 futex_wake=454/454 futex_requeue=456/456
    futex_waitv=449/449 set_robust_list=273/99 rseq=334/293 set_tid_address=218/96 sched_yield=24/124
    sched_getaffinity=204/123 sched_get_priority_max=146/125 sched_get_priority_min=147/126 getcpu=309/168
    getpid=39/172 getppid=110/173 gettid=186/178 getpgrp=111/- getuid=102/174 geteuid=107/175 getgid=104/176
    getegid=108/177 getresuid=118/148 getresgid=120/150 getgroups=115/158 capget=125/90 getrlimit=97/163
    getrusage=98/165 sysinfo=99/179 uname=63/160 getrandom=318/278 exit=60/93 exit_group=231/94 wait4=61/260
    waitid=247/95
"""
"""Files by path (what may be opened is Landlock's and the mounts' to say), descriptors it holds, its memory, its own
signals' handlers, clocks, waiting, itself. `sendmsg` and `recvmsg` serve sockets it was given: see `socketpair`."""

_ABSENT = """
    clone3=435/435 openat2=437/437 io_uring_setup=425/425 io_uring_enter=426/426 io_uring_register=427/427
    memfd_create=319/279 memfd_secret=447/447 membarrier=324/283 mbind=237/235 set_mempolicy=238/237
    get_mempolicy=239/236 set_mempolicy_home_node=450/450 map_shadow_stack=453/453
"""
"""Where refusal would be an error, and absence makes libc or a library go another way. clone3 hides its flags in
memory, where a filter cannot look."""

_ATTRIBUTES = """
    getxattr=191/8 lgetxattr=192/9 fgetxattr=193/10 listxattr=194/11 llistxattr=195/12 flistxattr=196/13
"""
"""Files have no extended attributes here: what shutil.copy2 takes for an answer."""

_MODES = """
    chmod=90/- fchmod=91/52 fchmodat=268/53 fchmodat2=452/452 utime=132/- utimes=235/- futimesat=261/- utimensat=280/88
"""
"""Modes and times of files. Landlock does not look at these, so only where mounts keep them to scratch: shutil.copy
wants them."""

_SPACE = """
    fallocate=285/47
"""
"""Takes a disk's space without writing: where no mount of ours has a size, libc writes zeros instead, which count."""

_LOOKED_AT = """
    clone=56/220 prctl=157/167 ioctl=16/29 fcntl=72/25 prlimit64=302/261 mmap=9/222 socketpair=53/199 sendto=44/206
    arch_prctl=158/- getsockopt=55/209 getpgid=121/155 getsid=124/156
"""

_THREADS = (0x003D0F00, 0x007D0F00)
"""pthread_create's flags, exactly: glibc's, and musl's, which adds CLONE_DETACHED."""
_FORK_BITS = 0x00008000 | 0x00100000 | 0x00200000 | 0x01000000
"""What a fork may ask for besides SIGCHLD: CLONE_PARENT, and where to write and clear the thread's id."""

_PRCTL = (2, 3, 15, 16, 21, 23, 39, 40, 0x53564D41)
"""PR_GET_PDEATHSIG, GET_DUMPABLE, SET_NAME, GET_NAME, GET_SECCOMP, CAPBSET_READ, GET_NO_NEW_PRIVS, GET_TID_ADDRESS,
SET_VMA (a name for a mapping)."""
_ARCH_PRCTL = (0x1021, 0x1022, 0x1023)
"""ARCH_GET_XCOMP_SUPP, GET_XCOMP_PERM, REQ_XCOMP_PERM: asking for AMX registers."""
_IOCTL = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TCGETS2, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX."""
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032, 1034)
"""Duplicating, flags, locks, a pipe's size, seals. Not F_SETOWN with F_SETSIG: that sends any signal to any process
of the same user."""

_SOCKET = (3, 4, 7, 8, 30, 38, 39)
"""SO_TYPE, SO_ERROR, SO_SNDBUF, SO_RCVBUF, SO_ACCEPTCONN, SO_PROTOCOL, SO_DOMAIN."""

_MAP_TYPE, _MAP_SHARED, _MAP_PRIVATE, _MAP_ANONYMOUS = 0x0F, 0x01, 0x02, 0x20
_MAP_GROWSDOWN_HUGETLB = 0x100 | 0x40000
_SOCK_TYPE, _SOCK_STREAM, _AF_UNIX = 0x0F, 1, 1


def rules(machine: str, fork: int, modes: bool = False) -> dict[int, Rule]:
    """Rules by number; `fork` is the action on a clone that forks. Those that look at arguments come first."""
    column = {"x86_64": 0, "aarch64": 1}[machine]
    looked_at, allowed, absent = (_numbers(text, column) for text in (_LOOKED_AT, _ALLOWED, _ABSENT))
    found: dict[int, Rule] = {looked_at[name]: rule for name, rule in _by_argument(fork).items() if name in looked_at}
    found |= dict.fromkeys(allowed.values(), ALLOW)
    found |= dict.fromkeys(_numbers(_ATTRIBUTES, column).values(), WITHOUT)
    if modes:
        found |= dict.fromkeys(_numbers(_MODES, column).values(), ALLOW)
    found |= dict.fromkeys(_numbers(_SPACE, column).values(), ALLOW if modes else WITHOUT)
    return found | dict.fromkeys(absent.values(), UNKNOWN)


def _numbers(text: str, column: int) -> dict[str, int]:
    pairs = [(name, numbers.split("/")[column]) for name, _, numbers in (word.partition("=") for word in text.split())]
    return {name: int(number) for name, number in pairs if number != "-"}


def _by_argument(fork: int) -> dict[str, Rule]:
    forks: Case = ([Is(0, signal.SIGCHLD, ~_FORK_BITS & 0xFFFFFFFF_FFFFFFFF)], fork)
    stream = [Is(0, _AF_UNIX, wide=False), Is(1, _SOCK_STREAM, _SOCK_TYPE, wide=False)]
    return {
        "clone": ([*(([Is(0, flags)], ALLOW) for flags in _THREADS), forks], REFUSED),
        "prctl": ([*_any_of(0, _PRCTL), ([Is(0, 1, wide=False), Is(1, signal.SIGKILL)], ALLOW)], REFUSED),
        "arch_prctl": (_any_of(0, _ARCH_PRCTL), REFUSED),
        "ioctl": (_any_of(1, _IOCTL), REFUSED),
        "fcntl": (_any_of(1, _FCNTL), REFUSED),
        # Reading one's own limits.
        "prlimit64": ([([Is(0, 0, wide=False), Is(2, 0)], ALLOW)], REFUSED),
        "mmap": (_mappings(), REFUSED),
        # A datagram socket could send to any socket file by name; a stream reaches its other end alone.
        "socketpair": ([(stream, ALLOW)], REFUSED),
        "sendto": ([([Is(4, 0)], ALLOW)], REFUSED),
        # Not SO_PEERPIDFD: a handle on the process at the other end.
        "getsockopt": ([([Is(1, 1, wide=False), Is(2, option, wide=False)], ALLOW) for option in _SOCKET], REFUSED),
        # One's own group and session: others' would tell which processes there are.
        "getpgid": ([([Is(0, 0, wide=False)], ALLOW)], REFUSED),
        "getsid": ([([Is(0, 0, wide=False)], ALLOW)], REFUSED),
    }


def _any_of(argument: int, values: tuple[int, ...]) -> list[Case]:
    """The kernel takes these arguments as 32 bits."""
    return [([Is(argument, value, wide=False)], ALLOW) for value in values]


def _mappings() -> list[Case]:
    """Private ones, and shared ones of files: RLIMIT_DATA counts neither shared anonymous nor huge pages."""
    private = Is(3, _MAP_PRIVATE, _MAP_TYPE | _MAP_GROWSDOWN_HUGETLB)
    shared = Is(3, _MAP_SHARED, _MAP_TYPE | _MAP_ANONYMOUS | _MAP_GROWSDOWN_HUGETLB)
    return [([private], ALLOW), ([shared], ALLOW)]
