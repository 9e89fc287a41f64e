"""All skills at hand: read from their files, derived from each other, minus what is held out.

Knows: which skill takes which kind, weights, what training sees and what an evaluation asks for. Leaves to others:
reading (`skill`), deriving (`derive`), choosing by hash (`holdout`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from mtchat.train.corpus import derive, holdout
from mtchat.train.corpus.skill import FOLDER, Skill, Story, read

DERIVED_SHARE = 0.45
"""Of the turns that operate on a list or text, how many do so by a derived skill where there is one."""


@dataclass(frozen=True)
class Library:
    """Skills by what they take. `held` says that it holds only what training never sees."""

    base: tuple[Skill, ...]
    derived: tuple[Skill, ...]
    stories: tuple[Story, ...]
    held: str = ""
    _cache: dict[tuple[str, frozenset[str]], tuple[list[Skill], list[float]]] = field(default_factory=dict)

    def taking(self, kinds: frozenset[str], rng: random.Random, which: str = "") -> Skill | None:
        """A skill whose first parameter may be of one of `kinds`; `which` is "base", "derived", "several" (of more than
        one operand) or "" for either of the first two.
        """
        which = which or ("derived" if rng.random() < DERIVED_SHARE else "base")
        for part in (which, "base" if which == "derived" else "derived"):
            found, weights = self.candidates(part, kinds)
            if found:
                return rng.choices(found, cum_weights=weights)[0]
        return None

    def candidates(self, which: str, kinds: frozenset[str]) -> tuple[list[Skill], list[float]]:
        """Every such skill, with cumulative weights."""
        key = (which, kinds)
        if key not in self._cache:
            pool = self.several if which == "several" else self.base if which == "base" else self.derived
            found = [s for s in pool if s.params and not kinds.isdisjoint(s.x.kinds)]
            self._cache[key] = (found, list(accumulate(s.weight for s in found)))
        return self._cache[key]

    @cached_property
    def several(self) -> list[Skill]:
        """Skills of more than one operand."""
        return [s for s in self.base if len(s.params) > 1]

    @cached_property
    def binary(self) -> list[Skill]:
        """Skills of two operands of the same kinds."""
        two = [s for s in self.base if len(s.params) > 1 and not s.params[1].of]
        return [s for s in two if set(s.params[1].kinds) & set(s.x.kinds)]


@lru_cache(maxsize=16)
def load(mode: str = "train", files: tuple[Path, ...] = ()) -> Library:
    """The library of a mode: "train", "everything", or one of `holdout.SETS` (then only what that set holds out,
    phrased as the set asks).
    """
    skills, stories = everything(files)
    if mode == "everything":
        return _library(skills, derive_all(skills), stories)
    known = tuple(_spoken(s, held=False) for s in skills if not holdout.skill(s.name))
    stories_known = tuple(s for s in stories if not holdout.skill(s.name))
    derived = derive_all(known)
    if mode == "skills":
        new = tuple(s for s in skills if holdout.skill(s.name))
        return _library(new, derive_all(new), tuple(s for s in stories if holdout.skill(s.name)), mode)
    if mode == "phrasings":
        rare = tuple(_spoken(s, held=True) for s in skills if not holdout.skill(s.name))
        return Library(tuple(s for s in rare if s.nouns or s.verbs or s.preds), (), (), mode)
    if mode == "combinations":
        return Library((), tuple(s for s in derived if holdout.combination(s.base)), (), mode)
    return _library(known, tuple(s for s in derived if not holdout.combination(s.base)), stories_known)


def _library(
    base: tuple[Skill, ...], derived: tuple[Skill, ...], stories: tuple[Story, ...], held: str = ""
) -> Library:
    """A library in which conditions on one value stand among the base: for a text or a number they are most of what is
    derived.
    """
    conditions = tuple(s for s in derived if s.name.startswith(("branch_", "choose_")))
    return Library((*base, *conditions), tuple(s for s in derived if s not in set(conditions)), stories, held)


def everything(files: tuple[Path, ...] = ()) -> tuple[tuple[Skill, ...], tuple[Story, ...]]:
    """Every skill and story of the given files, or of all."""
    found = [item for path in files or tuple(sorted(FOLDER.glob("*.skills"))) for item in read(path)]
    return tuple(s for s in found if isinstance(s, Skill)), tuple(s for s in found if isinstance(s, Story))


def derive_all(skills: Iterable[Skill]) -> tuple[Skill, ...]:
    """Everything that follows from skills by `derive.derived`."""
    return tuple(d for s in skills for d in derive.derived(s))


def _spoken(skill: Skill, held: bool) -> Skill:
    """The skill with only its held-out phrasings, or without them (a list of one or two is kept whole)."""

    def keep(found: tuple[str, ...]) -> tuple[str, ...]:
        if len(found) < 3:
            return () if held else found
        free = tuple(p for p in found if not holdout.pattern(skill.name, p) and not holdout.held_in(p))
        return tuple(p for p in found if holdout.pattern(skill.name, p)) if held else free or found[:1]

    said: dict[str, Any] = {name: keep(getattr(skill, name)) for name in ("nouns", "verbs", "asks", "preds")}
    bare: dict[str, Any] = {"adjectives": (), "measures": ()} if held else {}
    return replace(skill, **said, **bare)
