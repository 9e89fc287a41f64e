"""From settings and flags to setups: what exactly a run of each benchmark measures.

Knows each benchmark's defaults (the paper's) and which settings enter a setup, so that two runs of one setup can be
told to be alike. Leaves the flags' names to the command line, carrying out to `runner`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from mtchat.bench import humaneval
from mtchat.bench.desk import data_file
from mtchat.bench.values import Problem, Setup
from mtchat.config import Settings
from mtchat.engine import limits_of, policy_of
from mtchat.errors import CommandError, ModelError
from mtchat.models.base import Model
from mtchat.turn import ModelInfo, SamplingParams

SAMPLES = 40
"""Samples a case, in the paper (arXiv 2203.13474, section 4.2)."""
CANDIDATES = 8
TIMEOUT = 20.0
"""Seconds a conversation's program may run: the reference grader's."""
LONGEST = 2048
"""Tokens of a completion where neither flag nor problem says less: the published models' context."""


@dataclass(frozen=True)
class Subject:
    """What is measured: the weights, as loaded.

    `scores` says whether they tell how likely a text is, `exact` whether a sample is the same to the last bit
    whatever is sampled beside it.
    """

    model: ModelInfo
    dtype: str
    scores: bool = True
    exact: bool = False


def subject_of(model: Model) -> Subject:
    """What `model` is."""
    scores = True
    try:
        model.score("#")
    except ModelError:
        scores = False
    return Subject(model.info, getattr(model, "dtype", ""), scores, getattr(model, "exact", False))


@dataclass(frozen=True)
class Wanted:
    """What the flags ask for, besides settings. `problems` is the digest of the problem files."""

    problems: str
    policy: str = "restricted"
    rules: Mapping[str, Any] | None = None
    select: bool = False
    single_turn: bool = False
    single_cut: str = "paper"
    perplexity: bool = True
    datasets: Path | None = None
    history: str = "own"


def sampling_of(settings: Settings, select: bool) -> SamplingParams:
    """One completion a turn, as the settings say; its length left to the problem unless a setting names one."""
    if settings.greedy and select:
        raise CommandError("--greedy writes the same candidate every time: leave it out, or leave out --select")
    longest = settings.max_new_tokens if "max_new_tokens" in settings.sources else LONGEST
    return msgspec.structs.replace(settings.sampling(), n=1, max_new_tokens=longest)


def mtpb(settings: Settings, wanted: Wanted, subject: Subject, problems: Sequence[Problem]) -> list[Setup]:
    """The multi-turn setup, and its single-turn counterpart if wanted."""
    judge = {
        **_room(settings, wanted, TIMEOUT),
        "rules": dict(wanted.rules or {}),
        "datasets": _datasets(wanted.datasets, problems),
    }
    multi = _setup("mtpb", settings, wanted, subject, judge)
    if not wanted.single_turn:
        return [multi]
    alone = msgspec.structs.replace(multi, mode="single", select=1, judge={**judge, "single_cut": wanted.single_cut})
    return [multi, alone]


def human_eval(settings: Settings, wanted: Wanted, subject: Subject, temperatures: Iterable[float]) -> list[Setup]:
    """One setup for each temperature."""
    judge = _room(settings, wanted, humaneval.TIMEOUT)
    setup = _setup("humaneval", settings, wanted, subject, judge)
    return [
        msgspec.structs.replace(
            setup, perplexity=False, sampling=msgspec.structs.replace(setup.sampling, temperature=temperature)
        )
        for temperature in dict.fromkeys(temperatures)
    ]


def sessions(settings: Settings, wanted: Wanted, subject: Subject) -> list[Setup]:
    """The setup for saved sessions."""
    judge = {**_room(settings, wanted, settings.timeout), "history": wanted.history}
    return [msgspec.structs.replace(_setup("sessions", settings, wanted, subject, judge), perplexity=False)]


def _setup(bench: str, settings: Settings, wanted: Wanted, subject: Subject, judge: dict[str, Any]) -> Setup:
    select = settings.candidates if "candidates" in settings.sources else CANDIDATES
    return Setup(
        bench,
        wanted.problems,
        subject.model,
        subject.dtype,
        sampling_of(settings, wanted.select),
        select=select if wanted.select else 1,
        perplexity=wanted.perplexity and subject.scores,
        judge=judge,
    )


def _room(settings: Settings, wanted: Wanted, timeout: float) -> dict[str, Any]:
    """Policy, limits and time of the sandbox, as plain JSON."""
    policy = msgspec.structs.replace(policy_of(settings), name=wanted.policy)
    seconds = settings.timeout if "timeout" in settings.sources else timeout
    limits = msgspec.structs.replace(limits_of(settings), timeout=seconds)
    return {"policy": msgspec.to_builtins(policy), "limits": msgspec.to_builtins(limits), "timeout": seconds}


def _datasets(folder: Path | None, problems: Sequence[Problem]) -> dict[str, str | None]:
    """Data files by the name that problems give them: sha256 of what is there, None for what is not."""
    if folder is not None and not folder.is_dir():
        raise CommandError(f"{folder} is no folder: --datasets names the one that holds the problems' data files")
    names = sorted({name for problem in problems for case in problem.cases for name in case.needs})
    found = {name: data_file(folder, name) for name in names}
    return {name: None if data is None else hashlib.sha256(data).hexdigest() for name, data in found.items()}
