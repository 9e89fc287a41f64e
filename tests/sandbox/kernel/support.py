"""What the tests of the kernel's layers share: fresh processes that lock themselves down, as root and as nobody.

A snippet runs in an interpreter of its own, since what is locked cannot be unlocked. It has the modules of
`mtchat.sandbox` at hand as names, and fails by assertion.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import textwrap
from functools import cache
from pathlib import Path

import pytest

import mtchat.sandbox
from mtchat.sandbox import landlock, seccomp

NOBODY = 65534
AS_ROOT = os.geteuid() == 0
USERS = [
    pytest.param("root", marks=pytest.mark.skipif(not AS_ROOT, reason="needs root")),
    "nobody",
]
"""`nobody` is whoever runs the tests, where that is not root."""

needs_landlock = pytest.mark.skipif(landlock.abi() == 0, reason=str(landlock.why()))
needs_seccomp = pytest.mark.skipif(seccomp.why_not() is not None, reason=str(seccomp.why_not()))

_PRELUDE = """
import errno, os, socket, sys, threading
sys.path[:0] = [{code!r}]
sys.path += {site!r}
from mtchat.sandbox import bpf, kernel, landlock, namespaces, roots, seccomp, selftest, syscalls
CODE, SITE = {code!r}, {site!r}

def refused(call, *arguments, code=errno.EPERM):
    try:
        result = call(*arguments)
    except OSError as error:
        assert error.errno == code, (call, arguments, error)
    else:
        raise AssertionError((call, arguments, "went through", result))

def exits(pid):
    assert pid > 0, pid
    assert os.waitpid(pid, 0)[1] == 0
"""


@cache
def code_for_everyone() -> str:
    """A copy of the sandbox's modules that nobody may read, wherever the checkout is."""
    top = tempfile.mkdtemp(prefix="mtchat-kernel-code-")
    os.chmod(top, 0o755)
    package = Path(top, "mtchat")
    shutil.copytree(Path(mtchat.sandbox.__file__).parent, package / "sandbox", ignore=shutil.ignore_patterns("__py*"))
    (package / "__init__.py").write_text("")
    subprocess.run(["chmod", "-R", "a+rX", top], check=True)
    return top


def remove_code() -> None:
    shutil.rmtree(code_for_everyone(), ignore_errors=True)


@cache
def python_for(user: str) -> str:
    """An interpreter of this version that the user may run; nobody cannot reach one below a closed home."""
    for candidate in (sys.executable, f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"):
        identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if AS_ROOT and user == "nobody" else {}
        try:
            done = subprocess.run([candidate, "-S", "-c", ""], capture_output=True, cwd="/", **identity)  # type: ignore[call-overload]
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    pytest.skip("nobody can run no Python of this version here")


def run(snippet: str, user: str = "nobody", reachable: bool = False) -> subprocess.CompletedProcess[str]:
    """Run it to its end, whatever that is; `reachable`: in a Python that nobody may run, too."""
    site = [path for path in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")} if path]
    program = _PRELUDE.format(code=code_for_everyone(), site=site) + textwrap.dedent(snippet)
    identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if AS_ROOT and user == "nobody" else {}
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [python_for("nobody" if reachable else user), "-S", "-s", "-P", "-X", "utf8", "-c", program],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd="/",
        env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "JOBLIB_MULTIPROCESSING": "0", "MPLBACKEND": "Agg"},
        timeout=100,
        **identity,
    )


def passes(snippet: str, user: str = "nobody", reachable: bool = False) -> str:
    """Run it; it must end well. What it printed."""
    done = run(snippet, user, reachable)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def skip_without_namespaces(user: str) -> None:
    """Skip where this user may not unshare, with the module's own reason."""
    done = run(
        "try: namespaces.enter([], [], '/tmp/x', 1 << 20)\nexcept OSError as e: print(namespaces.reason(e))", user
    )
    assert done.returncode == 0, done.stderr
    if done.stdout:
        pytest.skip(done.stdout.strip())
