"""Best of n by execution: what a model writes for fresh intents, kept where it does what the reference does.

Knows: which of a model's programs are worth learning, the files that hold them (`samples/` in a run's folder). Leaves
to others: asking and judging (`evaluate`), their share of what is learnt (`mixture`).

Where none of a turn's programs is right, the reference is kept instead: those turns are what the model cannot do yet.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from mtchat.models import Model
from mtchat.train.corpus import Recipe
from mtchat.train.evaluate import STREAM, Case, Written, cases, written
from mtchat.turn import SamplingParams

FOLDER = "samples"
AWAY = 3 * STREAM
"""Sampling's streams: those of training, evaluation and calibration come nowhere near."""
IN_FILE = 2000
MOST = 2  # programs kept for one turn


def worth(case: Case, answers: list[Written]) -> list[str]:
    """What is learnt from a turn: at most MOST right programs that differ from the reference and from each other; the
    reference where none was right; nothing where all wrote the reference.
    """
    right = list(dict.fromkeys(a.code for a in answers if a.right and a.code.strip()))
    return [code for code in right if code != case.code][:MOST] if right else [case.code]


def sample(
    model: Model,
    folder: Path,
    count: int,
    *,
    n: int = 8,
    temperature: float = 0.8,
    seed: int = 0,
    recipe: Recipe | None = None,
    report: Callable[[int, int, int], None] | None = None,
) -> int:
    """Ask for `n` programs for each of `count` fresh turns and write what is worth learning to `folder`, a new file
    after those that are there and then one for each IN_FILE programs, so that little is lost where it is stopped; how
    many programs that were.

    `report` hears turns asked, programs of the model's own kept, references kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number = len(list(folder.glob("*.jsonl")))
    params = SamplingParams(temperature=temperature, top_p=0.95, max_new_tokens=200, n=n, seed=seed + number)
    asked = own = hard = made = 0
    lines = list[str]()

    def write() -> None:
        path = folder / f"{len(list(folder.glob('*.jsonl'))):04d}.jsonl"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        lines.clear()

    for case, answers in written(model, cases(recipe or Recipe(seed=seed), count, stream=AWAY + number), params, 4 * n):
        codes, asked = worth(case, answers), asked + 1
        hard += codes == [case.code]
        own += codes != [case.code] and len(codes)
        lines += [json.dumps({"text": case.text, "code": code}) for code in codes]
        made += len(codes)
        if report:
            report(asked, own, hard)
        if len(lines) >= IN_FILE:
            write()
    if lines:
        write()
    return made


def again(folder: Path, seed: int, stream: int) -> Iterator[list[tuple[str, bool]]]:
    """What lies in `folder`, pass after pass, shuffled anew each time, in pieces as `corpus.layout` gives them; nothing
    where there is nothing.
    """
    rng = random.Random(f"{seed}/samples/{stream}")
    kept = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in _lines(path)]
    while kept:
        rng.shuffle(kept)
        for line in kept:
            yield [(line["text"], False), (line["code"] + "\n\n", True)]


def _lines(path: Path) -> Iterable[str]:
    return path.read_text(encoding="utf-8").splitlines()
