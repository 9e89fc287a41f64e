"""Running a payload in a mode, and saying what it reached.

Knows how each mode's sandbox is made, and which processes stand by (the warden, plain CPython). Leaves to others: the
programs (`payloads`), looking at what was reached outside (`warden`). The test process itself never holds a secret.
"""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from mtchat.sandbox import Limits, Policy, Sandbox, Snapshot, SnapshotGone
from mtchat.sandbox.allowlist import Imports
from mtchat.sandbox.isolation import LAYERS
from mtchat.turn import Execution
from tests.sandbox.attacks.payloads import Payload

WARM = (
    "numpy",
    "pandas",
    "matplotlib.pyplot",
    "scipy.stats",
    "sklearn.linear_model",
    "sklearn.datasets",
    "sympy",
    "networkx",
)
RESTRICTED = frozenset({"language", "both"})
_MODULE = re.compile(r"<module '([\w.]+)' (?:from|\()")  # a façade says no more than its name
_REAL = frozenset({"os", "posix", "sys", "io", "builtins", "pathlib", "shutil", "inspect", "types", "tempfile"})
_INTERNALS = re.compile(
    r"<(frame|code object|cell|traceback) |'__builtins__'|\$[a-z]+-[0-9a-f]{16}"
    r"|<built-in function (system|_getframe|exec|eval|compile|__import__|fork|kill|getattr|setattr|get_objects)>"
    r"|<function (_wrap_close|Popen|import_module|_find_and_load|getframeinfo|walk_tb|code_info|call_tracing)"
    r"|<class '(os|posix|subprocess|_frozen_importlib\w*|importlib|ctypes|_ctypes|inspect|types|socket|mtchat|pathlib)"
    r"[.][\w.]*'|<class '(frame|code|cell)'>|<(bound method|function) \w+[.]?\w* (at|of) .*mtchat"
)


def new_sandbox(mode: str, limits: Limits | None = None) -> Sandbox:
    policy = Policy("restricted" if mode in RESTRICTED else "open")
    without = {"language": frozenset(LAYERS), "no-userns": frozenset({"namespaces"})}.get(mode, frozenset())
    return Sandbox(policy, limits, without=without, allow_reduced=mode == "language")


@dataclass
class Outcome:
    """What became of one payload in one mode."""

    statuses: list[str] = field(default_factory=list)
    text: str = ""
    reached: list[str] = field(default_factory=list)
    broken: str | None = None

    def add(self, execution: Execution) -> None:
        self.statuses.append(execution.status)
        seen = msgspec.to_builtins(execution)
        error = seen["error"] or {}
        parts = [seen["stdout"], seen["stderr"], seen["value"], *error.values()]
        parts += [each for bundle in seen["display"] for each in bundle.values()]
        self.text += "\n".join(str(part) for part in parts if part is not None) + "\n"

    def __str__(self) -> str:
        return f"{self.statuses} reached {self.reached or 'nothing'}\n{self.text[-3000:]}"


class Helper:
    """A process of ours that answers JSON lines."""

    def __init__(self, script: str) -> None:
        ours, theirs = socket.socketpair()
        path = Path(__file__).with_name(script)
        environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        environment |= {"MPLBACKEND": "Agg", "PYTHONHASHSEED": "0", "ATTACKED_HOST": "set in the host"}
        command = [sys.executable, str(path), str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)
        theirs.close()
        self._line, self._file = ours, ours.makefile("rw", encoding="utf-8", newline="\n")

    def hear(self) -> Any:
        return json.loads(self._file.readline())

    def ask(self, request: Any) -> Any:
        print(json.dumps(request), file=self._file, flush=True)
        return self.hear()

    def close(self) -> None:
        self._file.close()
        self._line.close()
        self._process.wait(20)


class Arena:
    """The targets, plain CPython, and one sandbox a mode (two where a payload asks), made when first needed."""

    def __init__(self) -> None:
        os.environ["ATTACKED_HOST"] = "set in the host"  # which no program may see
        self._warden, self._plain, self._stocked = Helper("warden.py"), Helper("plain.py"), Helper("plain.py")
        self.places: dict[str, str] = self._warden.hear()["places"]
        self._open = os.open(os.path.dirname(self.places["CANARY"]), os.O_RDONLY)
        os.set_inheritable(self._open, True)  # nor inherit
        self._sandboxes: dict[tuple[str, int], Sandbox] = {}
        self._warmed: dict[tuple[str, int], Snapshot] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        for sandbox in self._sandboxes.values():
            sandbox.close()
        for helper in (self._plain, self._stocked, self._warden):
            helper.close()
        os.close(self._open)
        del os.environ["ATTACKED_HOST"]

    def sandbox(self, mode: str, which: int = 0) -> Sandbox:
        if (mode, which) not in self._sandboxes:
            self._sandboxes[mode, which] = new_sandbox(mode)
        return self._sandboxes[mode, which]

    def _start(self, payload: Payload, mode: str, which: int) -> tuple[Sandbox, Snapshot]:
        """The sandbox and the state that the payload begins at: the root, or one with the libraries loaded."""
        sandbox = self.sandbox(mode, which)
        if not payload.needs:
            return sandbox, sandbox.root
        warm = self._warmed.get((mode, which))
        if warm is None or not warm.alive:
            lines = [f"try:\n    import {name} as m\nexcept ImportError: m = 1\n" for name in WARM]
            execution, warm = sandbox.run("".join(lines) + "del m", timeout=100)
            assert execution.ok, execution
            self._warmed[mode, which] = warm
        return sandbox, warm

    def attempt(self, payload: Payload, mode: str) -> Outcome:
        """Run the payload in the mode."""
        outcome = Outcome()
        try:
            self._attempt(payload, mode, outcome)
        except SnapshotGone as gone:  # the payload before this one took the warm state with it
            self._warmed.clear()
            outcome = Outcome(broken=None if outcome.statuses else str(gone))
            self._attempt(payload, mode, outcome)
        self._judge(payload, outcome, believed=payload.goal != "internals" or mode == "language")
        return outcome

    def _attempt(self, payload: Payload, mode: str, outcome: Outcome) -> None:
        sandbox, at = self._start(payload, mode, 0)
        before = at
        for how, code in payload.turns(self.places):
            if how == "undo":
                at = before
            elif how == "other session":
                sandbox, at = self._start(payload, mode, 1)
            elif how == "at root":
                at = self._start(payload, mode, 0)[1] if sandbox is self.sandbox(mode) else sandbox.root
            before = at
            execution, at = sandbox.run(code, at, timeout=payload.timeout)
            outcome.add(execution)

    def control(self, payload: Payload) -> Outcome:
        """Run the payload in plain CPython."""
        turns = [code for _, code in payload.turns(self.places)]
        needs = [name for name in WARM if name.partition(".")[0] in payload.needs]
        asked = {"turns": turns, "needs": needs, "seconds": payload.timeout * len(turns)}
        if needs and payload.goal == "listener":  # a library waits for an answer that nobody gives
            asked["patience"] = 0.2
        outcome = Outcome(["plain"], text=(self._stocked if needs else self._plain).ask(asked))
        self._judge(payload, outcome, believed=True)
        return outcome

    def _judge(self, payload: Payload, outcome: Outcome, believed: bool) -> None:
        answer = self._warden.ask(outcome.text)
        self.places = answer["places"]
        outcome.reached += answer["found"]
        claims = re.findall(r"^REACHED: (.*)", outcome.text, re.MULTILINE) if believed else []
        outcome.reached += [f"claims {claim[:300]}" for claim in claims if proves(claim, payload.proof)]


def proves(claim: str, pattern: str | None) -> bool:
    """Whether what follows `REACHED:` shows something that programs of the language layer must not have."""
    if pattern is not None:
        return re.search(pattern, claim) is not None
    modules = _MODULE.findall(claim)
    return _INTERNALS.search(claim) is not None or any(name in _REAL or Imports().refusal(name) for name in modules)


GOAL_WORDS: dict[str, Callable[[str], bool]] = {
    "canary": lambda found: "the canary's secret" in found,
    "listener": lambda found: "listener" in found,
    "outside": lambda found: found.startswith(("outside", "the canary:")),
    "process": lambda found: "bystander" in found or found.startswith("the host"),
    "state": lambda found: found.startswith("claims"),
    "internals": lambda found: found.startswith("claims"),
}


def achieved(payload: Payload, outcome: Outcome) -> bool:
    """Whether the control got what the payload goes for; a proof printed as REACHED will also do, and the secret."""
    also = (GOAL_WORDS["internals"], GOAL_WORDS["canary"], GOAL_WORDS[payload.goal])
    return any(is_it(found) for found in outcome.reached for is_it in also)
