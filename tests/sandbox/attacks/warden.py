"""The warden: a process of its own that sets the targets up, listens, and says afterwards what was reached.

It makes the canary (a file whose secret no living process has ever held: a shell pipes it there), the directory
outside, listening sockets, and a bystander process with a secret in its memory. The test process talks to it through
a socket and never sees a secret. Knows only the standard library, since it runs as a script.
"""

import base64
import hashlib
import json
import os
import re
import resource
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from typing import Any

WINDOW = 16
"""So many digits in a row of a secret are enough to have read it."""

_BYSTANDER = """
import hashlib, os, signal, sys
heard = sys.argv[1]
def hear(number, frame):
    with open(heard, 'a') as f: f.write(f'signal {number}\\n')
for number in set(range(1, 32)) - {9, 19, 17}: signal.signal(number, hear)
secret = os.environ['BYSTANDER']
with open(heard, 'w'): pass
print(hashlib.sha256(secret.encode()).hexdigest(), flush=True)
while True: signal.pause()
"""


class Warden:
    def __init__(self, host: int) -> None:
        self.host = host
        self.folder = tempfile.mkdtemp(prefix="mtchat-attacks-")
        os.chmod(self.folder, 0o755)
        self.canary, self.outside = self._path("canary.txt"), self._path("outside")
        self.heard: list[str] = []
        self.listeners = self._listen()
        self.connections: dict[int, socket.socket] = {}
        self.bystander: subprocess.Popen[str] | None = None
        self._set_up()

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    # The targets

    def _listen(self) -> dict[int, tuple[str, socket.socket]]:
        tcp = socket.create_server(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", self.port))
        self.unix, self.unixgram = self._path("listen.sock"), self._path("datagram.sock")
        self.abstract = f"mtchat-attacks-{os.getpid()}"
        stream, gram, abstract = (
            socket.socket(socket.AF_UNIX, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_STREAM)
        )
        for sock, address in ((stream, self.unix), (gram, self.unixgram), (abstract, "\0" + self.abstract)):
            sock.bind(address)
        for path in (self.unix, self.unixgram):
            os.chmod(path, 0o777)
        for sock in (stream, abstract):
            sock.listen()
        named = {"tcp": tcp, "udp": udp, "unix stream": stream, "unix datagram": gram, "abstract unix": abstract}
        for sock in named.values():
            sock.setblocking(False)
        return {sock.fileno(): (name, sock) for name, sock in named.items()}

    def _set_up(self, found: str = "outside canary bystander") -> None:
        """Make anew what the findings name."""
        for name in ("outside", "canary", "bystander"):
            if name in found:
                getattr(self, f"_renew_{name}")()
        self.heard.clear()
        self.before = self._looks()

    def _renew_canary(self) -> None:
        subprocess.run(["rm", "-rf", self.canary], check=True)
        pipe = f"od -An -v -tx1 -N32 /dev/urandom | tr -d ' \\n' > '{self.canary}'"
        subprocess.run(["sh", "-c", pipe], check=True)
        os.chmod(self.canary, 0o644)

    def _renew_outside(self) -> None:
        shutil.rmtree(self.outside, ignore_errors=True)
        os.makedirs(os.path.join(self.outside, "deep"))
        for path in (self.outside, os.path.join(self.outside, "deep")):
            os.chmod(path, 0o777)
        witness = os.path.join(self.outside, "witness.txt")
        with open(witness, "w") as file:
            file.write("nobody was here\n")
        os.chmod(witness, 0o666)

    def _renew_bystander(self) -> None:
        if self.bystander is not None:
            self.bystander.kill()
            self.bystander.communicate()
        secret = "bystander-" + os.urandom(32).hex()
        command = [sys.executable, "-I", "-S", "-c", _BYSTANDER, self._path("signals")]
        self.bystander = subprocess.Popen(command, env={"BYSTANDER": secret}, stdout=subprocess.PIPE, text=True)
        assert self.bystander.stdout is not None
        self.bystander_digest = self.bystander.stdout.readline().strip()

    def places(self) -> dict[str, str]:
        """What the placeholders of the programs stand for, now."""
        assert self.bystander is not None
        paths = {"CANARY": self.canary, "OUTSIDE": self.outside, "UNIX": self.unix, "UNIXGRAM": self.unixgram}
        numbers = {"PORT": str(self.port), "PID": str(self.bystander.pid), "HOST": str(self.host)}
        return {**paths, **numbers, "ABSTRACT": self.abstract}

    # What is seen of them

    def _looks(self) -> dict[str, Any]:
        assert self.bystander is not None
        seen: dict[str, Any] = {"the canary": _file(self.canary)}
        seen |= {path.replace(self.outside, "outside"): _file(path) for path in _walk(self.outside)}
        seen |= {f"the bystander: {key}": value for key, value in _process(self.bystander.pid).items()}
        seen |= {f"the host: {key}": value for key, value in _process(self.host).items() if key != "state"}
        with open(self._path("signals")) as file:
            seen["the bystander: signals"] = file.read()
        return seen

    def _drain(self) -> None:
        """Take in whatever has arrived at the listeners."""
        while ready := select.select([*self.listeners, *self.connections], [], [], 0)[0]:
            for fd in ready:
                self._hear(fd)

    def _hear(self, fd: int) -> None:
        if fd in self.connections:
            data = self.connections[fd].recv(1 << 16)
            if data:
                self.heard.append(f"{len(data)} bytes on a connection")
            else:
                self.connections.pop(fd).close()
            return
        name, sock = self.listeners[fd]
        if "stream" in name or name in ("tcp", "abstract unix"):
            connection, _ = sock.accept()
            connection.setblocking(False)
            self.connections[connection.fileno()] = connection
            self.heard.append(f"a connection ({name})")
        else:
            self.heard.append(f"a datagram of {len(sock.recv(1 << 16))} bytes ({name})")

    def judge(self, text: str) -> list[str]:
        """What was reached since the last time, in words; sets up again what was touched."""
        self._drain()
        after = self._looks()
        found = [f"the listener heard {each}" for each in self.heard]
        for key in {**self.before, **after}:
            if self.before.get(key) != after.get(key):
                found.append(f"{key}: {self.before.get(key)} became {after.get(key)}")
        found += self._secrets(text)
        if found:
            self._set_up(" ".join(found))
        return found

    def _secrets(self, text: str) -> list[str]:
        """In a fork, so that no process that lives on has read the secret."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writer, json.dumps(find_secrets(text, self.canary, self.bystander_digest)).encode()[:4000])
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as file:
            said = file.read()
        os.waitpid(child, 0)
        if not said:
            raise OSError("the judging process died")
        return list(json.loads(said))

    def close(self) -> None:
        assert self.bystander is not None
        self.bystander.kill()
        self.bystander.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)


def _walk(folder: str) -> list[str]:
    return [folder, *(os.path.join(at, name) for at, below, files in os.walk(folder) for name in (*below, *files))]


def _file(path: str) -> list[Any] | None:
    try:
        info = os.lstat(path)
    except OSError:
        return None
    size = None if stat.S_ISDIR(info.st_mode) else info.st_size
    return [info.st_ino, oct(info.st_mode), info.st_uid, info.st_gid, info.st_nlink, size, info.st_ctime_ns]


def _process(pid: int) -> dict[str, Any]:
    """What another process could have changed about this one."""
    try:
        with open(f"/proc/{pid}/status") as file:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
        with open(f"/proc/{pid}/oom_score_adj") as file:
            oom = file.read().strip()
        limits = [list(resource.prlimit(pid, n)) for n in range(16)]
        priority, affinity = os.getpriority(os.PRIO_PROCESS, pid), sorted(os.sched_getaffinity(pid))
    except OSError as error:
        return {"gone": type(error).__name__}
    state = "asleep" if status["State"][0] in "SRD" else status["State"]
    known = {"state": state, "tracer": status["TracerPid"], "oom": oom, "limits": limits}
    return known | {"priority": priority, "affinity": affinity, "parent": status["PPid"]}


def forms(secret: str) -> dict[str, str]:
    """The secret as it may come out: what each form is called, and how it reads."""
    raw = bytes.fromhex(secret)
    return {
        "as it is": secret,
        "reversed": secret[::-1],
        "in capitals": secret.upper(),
        "hex of the text": secret.encode().hex(),
        "base64 of the bytes": base64.b64encode(raw).decode(),
        "base64 of the text": base64.b64encode(secret.encode()).decode().rstrip("="),
        "base32 of the text": base64.b32encode(secret.encode()).decode().rstrip("="),
        "base85 of the text": base64.b85encode(secret.encode()).decode(),
        "numbers": ",".join(str(ord(each)) for each in secret),
        "numbers of the bytes": ",".join(str(each) for each in raw),
    }


def squeeze(text: str) -> str:
    """Without what is put between the characters of a text when it is shown."""
    return re.sub(r"\\x00|\\u0000|[\s\0'\"\[\](){}<>\\]", "", text)


def find_secrets(text: str, canary: str, bystander_digest: str) -> list[str]:
    with open(canary) as file:
        secret = file.read().strip()
    squeezed = squeeze(text)
    listed = squeezed.replace(",", "")
    found = []
    for name, form in ((name, squeeze(form)) for name, form in forms(secret).items()):
        width = WINDOW * max(1, len(form) // len(secret))
        if any(form[at : at + width] in seen for at in range(len(form) - width + 1) for seen in (squeezed, listed)):
            found.append(f"the canary's secret ({name})")
    for said in re.findall(r"bystander-[0-9a-f]{64}", squeezed + " " + squeezed[::-1]):
        if hashlib.sha256(said.encode()).hexdigest() == bystander_digest:
            found.append("the bystander's secret")
            break
    return found


def serve(line: socket.socket) -> None:
    """Answer the host's requests, one JSON line each, until it hangs up."""
    warden = Warden(os.getppid())
    with line, line.makefile("rw", encoding="utf-8", newline="\n") as file:
        try:
            print(json.dumps({"places": warden.places()}), file=file, flush=True)
            for request in file:
                found = warden.judge(json.loads(request))
                print(json.dumps({"found": found, "places": warden.places()}), file=file, flush=True)
        finally:
            warden.close()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(socket.socket(fileno=int(sys.argv[1])))
