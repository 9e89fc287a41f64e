"""The attack corpus as data: programs kept as text in `CLASS.txt`, and what each of them says about itself.

Knows the format (headings `### title`, options `#: key value`, turns, placeholders). Leaves to others: programs that
are generated (`walks`), running them (`support`), judging what they reached (`warden`).
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
MODES = ("language", "kernel", "no-userns", "both")
GOALS = ("canary", "listener", "outside", "process", "internals", "state", "end")
_OPTIONS = {"needs", "timeout", "goal", "ends", "proof", "no-control", "modes", "expect", "slow", "python", "root"}
_TURN = re.compile(r"^--- (next turn|undo|at root|other session)\n", re.MULTILINE)
PRELUDE = "def reached(thing): print('REACHED:', type(thing).__name__, ascii(thing)[:4000])\n"


@dataclass(frozen=True)
class Payload:
    """One program. `turns` are (how its state is chosen, code); `source` makes the code, when it is generated late."""

    group: str
    title: str
    source: Callable[[], str]
    needs: tuple[str, ...] = ()
    timeout: float = 10.0
    goal: str = "canary"
    ends: tuple[str, ...] = ()
    proof: str | None = None
    no_control: str | None = None
    modes: tuple[str, ...] = MODES
    expected: tuple[str, ...] = ()
    slow: bool = False
    root: bool = False
    python: tuple[int, ...] = (3, 11)

    @property
    def controlled(self) -> bool:
        return self.no_control is None and self.goal != "end"

    @property
    def id(self) -> str:
        return self.title.replace(" ", "-")

    def turns(self, places: dict[str, str]) -> list[tuple[str, str]]:
        """The programs to run in order, placeholders filled, each with the word on how its state is chosen."""
        code = self.source()
        for name, value in places.items():
            code = code.replace(f"@{name}@", value)
        first, *others = _TURN.split(code)
        turns = [("at root", first), *zip(others[::2], others[1::2], strict=True)]
        return [(how, _with_prelude(each)) for how, each in turns]


def _with_prelude(code: str) -> str:
    """Behind what must come first: `from __future__` lines stay where they are."""
    lines = code.splitlines(keepends=True)
    at = next((n for n, line in enumerate(lines) if line.startswith("from __future__")), -1) + 1
    return "".join(lines[:at]) + PRELUDE + "".join(lines[at:])


def _split_options(text: str) -> tuple[dict[str, str], str]:
    """Leading `#: key value` lines, and the rest."""
    options: dict[str, str] = {}
    lines = text.strip("\n").splitlines()
    while lines and lines[0].startswith("#: "):
        key, _, value = lines.pop(0)[3:].partition(" ")
        if key not in _OPTIONS:
            raise ValueError(f"there is no option {key!r}")
        options[key] = value
    return options, "\n".join(lines) + "\n"


def _payload(group: str, title: str, text: str, shared: dict[str, str]) -> Payload:
    own, code = _split_options(text)
    options = shared | own
    goal = options.get("goal", "canary")
    if goal not in GOALS or "/" in title:
        raise ValueError(f"{group}: {title}: no goal {goal!r}, or a slash in the title")
    return Payload(
        group,
        title,
        lambda: code,
        needs=tuple(options.get("needs", "").split()),
        timeout=float(options.get("timeout", 10)),
        goal=goal,
        ends=tuple(options.get("ends", "").split()),
        proof=options.get("proof"),
        no_control=options.get("no-control"),
        modes=tuple(options.get("modes", " ".join(MODES)).split()),
        expected=tuple(options.get("expect", "").partition(" ")[0].split(",")),
        slow="slow" in options,
        root="root" in options,
        python=tuple(int(each) for each in options.get("python", "3.11").split(".")),
    )


def parse(group: str, text: str) -> list[Payload]:
    head, *parts = ("\n" + text).split("\n### ")
    marked = "\n".join(line for line in head.splitlines() if line.startswith("#: "))
    shared, _ = _split_options(marked)
    titled = [part.partition("\n") for part in parts]
    titles = [title.strip() for title, _, _ in titled]
    if len(set(titles)) < len(titles):
        raise ValueError(f"{group}: two programs have the same title: {sorted(titles)}")
    return [_payload(group, title.strip(), code, shared) for title, _, code in titled]


@functools.cache
def corpus() -> tuple[Payload, ...]:
    """Every program, generated ones too, class by class."""
    from tests.sandbox.attacks import walks

    written = [each for path in sorted(FOLDER.glob("*.txt")) for each in parse(path.stem, path.read_text())]
    return (*written, *walks.payloads())
