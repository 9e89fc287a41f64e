"""What the cluster's workers do in tests: small stand-ins, importable on every node, and the real ones.

A unit says with its problem's category what goes wrong with it: see `MISHAPS`.
"""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from mtchat.bench.cluster import Work
from mtchat.bench.values import Case, Conversation, Problem, Sample, Setup, Unit, Verdict, turn_seed
from mtchat.errors import ModelError
from mtchat.models import Model, load_model
from mtchat.models.base import Scores
from mtchat.sandbox import Sandbox
from mtchat.turn import ModelInfo, SamplingParams

INFO = ModelInfo("standin", "1", "ab12")
MISHAPS = ("model dies once", "model dies", "judge dies once", "judge dies", "model fails", "slow")


class Standin:
    """A model that is asked nothing."""

    info = INFO
    dtype = "float32"

    def score(self, text: str, *, hidden: bool = False) -> Scores:
        raise ModelError("a stand-in has no likelihoods")


def other_on(pid_file: str) -> Standin:
    """A model with other weights in every process but the first that asks."""
    model = Standin()
    if not first(pid_file):
        model.info = ModelInfo("standin", "1", "cd34")  # type: ignore[misc]
    return model


def missing() -> Standin:
    raise ModelError("there is no model 'nowhere'")


def first(path: str) -> bool:
    """Whether nobody asked this before, on any node of this machine."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def sandbox(setup: Setup) -> Sandbox:
    return Sandbox()


def _mishap(unit: Unit, kind: str) -> None:
    """Die or fail, if the unit says so; its problem's prefix is the path of a mark for what happens once."""
    what = unit.problem.category
    if what == f"{kind} dies" or (what == f"{kind} dies once" and first(unit.problem.prefix)):
        os.kill(os.getpid(), signal.SIGKILL)
    if what == f"{kind} fails":
        raise ValueError("this unit cannot be written")
    if what == "slow" and kind == "model":
        time.sleep(0.2)


def write(unit: Unit, model: Standin, room: Sandbox | None) -> list[Conversation]:
    """Programs that print a number of their own; candidates are looked at where the setup selects."""
    _mishap(unit, "model")
    codes = [f"print({turn_seed(7, unit.problem.id, case, sample, 0)} % 1009)" for case, sample in unit.rows]
    if room is not None:
        codes = [f"print({room.run(code)[0].stdout.strip()})" for code in codes]
    return [Conversation((code,), (code,), 1, -0.5) for code in codes]


def run(unit: Unit, row: int, conversation: Conversation, room: Sandbox) -> Sample:
    """Runs the last code; what it printed is the message."""
    _mishap(unit, "judge")
    execution, _ = room.run(conversation.codes[-1])
    return Sample(unit.names()[row], conversation, Verdict("passed", execution.status, execution.stdout.strip()))


def generate(unit: Unit, model: Model, room: Sandbox | None) -> list[Conversation]:
    """What the model makes of the problem's prompt, a few tokens, seeded by row."""
    made = []
    for case, sample in unit.rows:
        seed = turn_seed(0, unit.problem.id, case, sample, 0)
        params = SamplingParams(temperature=0.8, max_new_tokens=24, seed=seed)
        prompt = f"# {unit.problem.cases[case].prompts[0]}\n"
        out = model.complete(prompt, params)[0]
        made.append(Conversation((out.text.split("\n#")[0],), (out.text,), out.tokens, out.logprob))
    return made


STANDIN = Work(Standin, sandbox, write, run)
EMBEDDED = Work(partial(load_model, "embedded", device="cpu"), sandbox, generate, run, device="cpu")


def units(
    count: int, *, rows: int = 6, category: str = "", special: dict[int, str] | None = None, mark: Path | None = None,
    select: int = 1, model: ModelInfo = INFO,
) -> Iterator[Unit]:  # fmt: skip
    """Made-up units; `special` gives some of them another category."""
    setup = Setup("made-up", "0", model, "float32", SamplingParams(), select=select)
    for number in range(count):
        kind = (special or {}).get(number, category)
        prompts = (f"Assign the list [{number}, 2, 1] to a variable named nums and print it sorted.",)
        problem = Problem(f"p{number}", "made up", kind, (Case(prompts, None),), prefix=str(mark or ""))
        yield Unit(setup, problem, tuple((0, sample) for sample in range(rows)))


def alone(work: Work, some: Iterator[Unit]) -> list[Sample]:
    """The same in this process, one after the other: what a cluster has to give."""
    model, done = work.load(), []
    with Sandbox() as room:
        for unit in some:
            written = work.sample(unit, model, room if unit.setup.select > 1 else None)
            done += [work.judge(unit, row, conversation, room) for row, conversation in enumerate(written)]
    return sorted(done, key=lambda sample: sample.key)
