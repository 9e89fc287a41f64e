"""Tokens guessed ahead of the model, so that one pass of it may write several.

Knows two who guess (what stood in the conversation after the same few tokens, and a smaller model of the same
tokenizer), how far ahead to guess, and by the clock whether guessing pays on this machine with this text. A guess
never changes what is written: every token is chosen as it would have been, from the same scores and the same draw, and
a guess only says which passes can be made at once. That holds for greedy and sampled text alike, but only where a
row's scores do not depend on how many tokens are computed with it (`lean`); elsewhere nobody guesses. Leaves to
others: checking a guess (`generate`).
"""

import statistics
from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

import torch
from torch import Tensor

from mtchat.errors import ModelError
from mtchat.models import loading
from mtchat.models.cache import PrefixCache, common
from mtchat.models.tokenization import Codec

SHORT, LONG = 3, 15
"""Tokens of a guess: the first, and the most. With the token before them they are whole tiles of four rows."""
SAME = (4, 3, 2)
"""Tokens that must stand alike for what followed them to be guessed again: the longest match wins, then the latest.
One token alike is right half as often, and is judged by itself: where a pass of four rows costs what one of a single
row does, it pays too."""
TRIAL = 8
"""Rounds until it is judged whether somebody's guesses pay, and plain steps that they are held against."""
RECENT = 24
"""Rounds and plain steps that are judged by."""
AGAIN = 48
"""Guesses not asked for until one whose guesses did not pay is tried again; rounds until a plain step is timed anew."""
DRAFT_KEEP = 1 << 28
"""Bytes of keys and values that a draft model keeps between calls."""
PIECE = 256
"""Tokens that a draft model reads at once."""


class Reader(Protocol):
    """What a draft model's network must do (part of `generate.Runner`)."""

    vocabulary: int
    context_length: int
    threads: int | None
    device: torch.device

    def new(self) -> Any: ...

    def read(self, ids: Sequence[int], kept: Any) -> Tensor: ...


class Record:
    """How one source of guesses has done. `right` of `guessed` tokens were what the model wrote, in `rounds`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rounds = self.guessed = self.right = 0
        self._recent: deque[tuple[float, int]] = deque(maxlen=RECENT)
        self._passed = 0

    def add(self, guessed: int, written: int, seconds: float) -> None:
        """A round wrote `written` tokens, the last of them the model's own, and took `seconds`."""
        self.rounds, self.guessed = self.rounds + 1, self.guessed + guessed
        self.right += written - 1
        self._recent.append((seconds, written))

    def pays(self, plain: float) -> bool:
        """Whether recent rounds wrote faster than a token in `plain` seconds does; True while too few tell."""
        if len(self._recent) < TRIAL:
            return True
        usual = statistics.median(seconds for seconds, _ in self._recent)
        return usual < plain * statistics.fmean(written for _, written in self._recent)

    def wanted(self, plain: float) -> bool:
        """Whether to ask for a guess now: where it pays, and now and then where it did not."""
        if self.pays(plain):
            return True
        self._passed = (self._passed + 1) % AGAIN
        return not self._passed


class Ahead:
    """What is known of guessing for one model, over all its calls. `draft` may be set and taken away between calls.

    `steps` counts tokens written without a guess while guessing was possible.
    """

    def __init__(self, draft: "Draft | None" = None) -> None:
        self.draft = draft
        self.looking, self.drafting = Record("looked up in the conversation"), Record("written by the draft model")
        self.glancing = Record("looked up by a single token")
        self.steps = 0
        self._plain: deque[float] = deque(maxlen=RECENT)
        self._rounds = 0

    @property
    def records(self) -> list[Record]:
        """Who has guessed so far."""
        return [record for record in (self.looking, self.drafting, self.glancing) if record.rounds]

    @property
    def accepted(self) -> float:
        """The share of all guessed tokens that were right; 0 before any was guessed."""
        return sum(r.right for r in self.records) / max(sum(r.guessed for r in self.records), 1)

    @property
    def plain(self) -> float | None:
        """Seconds of a step without a guess; None until enough are known, or when they are to be timed again."""
        if len(self._plain) < TRIAL or self._rounds >= AGAIN:
            return None
        return statistics.median(self._plain)

    def stepped(self, seconds: float) -> None:
        """A token was written without a guess."""
        self.steps, self._rounds = self.steps + 1, 0
        self._plain.append(seconds)

    def guessed(self, record: Record, guessed: int, written: int, seconds: float) -> None:
        """A round with a guess is over: see `Record.add`."""
        self._rounds += 1
        record.add(guessed, written, seconds)

    def follow(self, ids: Sequence[int]) -> "Following":
        """A row that goes on after `ids`."""
        return Following(self, ids)

    def lines(self) -> list[str]:
        """For a person: what was guessed and how much of it was right."""
        written = self.steps + sum(record.right + record.rounds for record in self.records)
        said = [
            f"{record.name}: {record.right} of {record.guessed} tokens right "
            f"({100 * record.right / record.guessed:.0f} %), {100 * record.right / written:.0f} % of all written"
            + ("" if self.plain is None or record.pays(self.plain) else "; off, as it does not pay")
            for record in self.records
        ]
        return said or ["nothing was guessed ahead yet"]


class Following:
    """One row while it grows: who guesses next, how far, and what became of it."""

    def __init__(self, ahead: Ahead, ids: Sequence[int]) -> None:
        self._ahead, self._ids = ahead, list(ids)
        self._lookups = Lookup(ids, SAME), Lookup(ids, (1,))
        self._drafted = ahead.draft.follow() if ahead.draft is not None else None
        self._sources: list[tuple[Record, Source]] = [(ahead.looking, self._lookups[0])]
        if self._drafted is not None:
            self._sources.append((ahead.drafting, self._drafted))
        self._sources.append((ahead.glancing, self._lookups[1]))
        self._far = {id(record): SHORT for record, _ in self._sources}
        self._record: Record | None = None
        self._guess: list[int] = []

    def guess(self, most: int) -> list[int]:
        """Up to `most` tokens that may follow; none where nobody knows or it does not pay."""
        self._record, self._guess = None, []
        plain = self._ahead.plain
        if plain is None or most < 1:
            return []
        for record, source in self._sources:
            if record.wanted(plain):
                self._guess = source.guess(self._ids, min(most, self._far[id(record)]))
            if self._guess:
                self._record = record
                break
        return self._guess

    def wrote(self, ids: Sequence[int], seconds: float) -> None:
        """The row went on with `ids`, one more than was guessed right, in `seconds` with the guess."""
        self._ids += ids
        for lookup in self._lookups:
            lookup.add(ids)
        if self._record is None:
            self._ahead.stepped(seconds)
            return
        self._ahead.guessed(self._record, len(self._guess), len(ids), seconds)
        right = len(ids) > len(self._guess)
        self._far[id(self._record)] = min(2 * self._far[id(self._record)] + 1, LONG) if right else SHORT

    def end(self) -> None:
        """The row is finished: a draft model keeps what it read."""
        if self._drafted is not None:
            self._drafted.end()


class Source(Protocol):
    """Somebody who guesses."""

    def guess(self, ids: Sequence[int], most: int) -> list[int]: ...


class Lookup:
    """What followed the last tokens of a text, as many as one of `same` says, when they stood in it before."""

    def __init__(self, ids: Sequence[int], same: Sequence[int]) -> None:
        self._text, self._same = bytearray(), same
        self.add(ids)

    def add(self, ids: Sequence[int]) -> None:
        """The text grows."""
        for i in ids:
            self._text += i.to_bytes(4, "little")

    def guess(self, ids: Sequence[int], most: int) -> list[int]:
        """Up to `most` tokens; `ids` are those added so far."""
        for same in self._same:
            at = self._before(same)
            if at is not None:
                return list(ids[at : at + most])
        return []

    def _before(self, same: int) -> int | None:
        """Where the text went on after its last `same` tokens had stood in it before, the latest such place."""
        size, end = 4 * same, len(self._text)
        if end <= size:
            return None
        wanted, last = bytes(self._text[-size:]), end - 4
        while (found := self._text.rfind(wanted, 0, last)) % 4 and found >= 0:  # across two tokens: no match
            last = found + size - 1
        return None if found < 0 else found // 4 + same


class Draft:
    """A smaller model of the same tokenizer that writes ahead. `mute` (vocabulary,) marks its ids without a token."""

    def __init__(self, runner: Reader, mute: Tensor) -> None:
        self.runner, self.mute = runner, mute
        self.cache: PrefixCache[Any] = PrefixCache(runner.new, DRAFT_KEEP)

    @classmethod
    def of(cls, runner: Reader, codec: Codec, target: Codec) -> "Draft":
        """A draft of `runner`, whose tokenizer is `codec`. Raises ModelError unless that is the target's."""
        spell, wanted = codec.spell or str, target.spell or str
        if codec.eos != target.eos or {i: spell(i) for i in codec.ids} != {i: wanted(i) for i in target.ids}:
            raise ModelError("the draft model's tokenizer is another one than the model's: name a model of the same")
        return cls(runner, torch.tensor([i not in codec.ids for i in range(runner.vocabulary)], device=runner.device))

    def follow(self) -> "Drafted":
        """Guesses for a row."""
        return Drafted(self)


class Drafted:
    """What a draft model has read of one row, and writes ahead of it."""

    def __init__(self, draft: Draft) -> None:
        self._draft, self._read = draft, list[int]()
        self._kept: Any = None

    def guess(self, ids: Sequence[int], most: int) -> list[int]:
        """Up to `most` tokens after `ids`, its likeliest; none beyond its context or the text's end."""
        draft = self._draft
        most = min(most, draft.runner.context_length - len(ids))
        if most < 1:
            return []
        with loading.threads(draft.runner.threads):
            scores = self._after(ids)
            guess = [self._likeliest(scores)]
            while len(guess) < most:
                scores = draft.runner.read(guess[-1:], self._kept)
                self._read.append(guess[-1])
                guess.append(self._likeliest(scores))
        return guess

    def end(self) -> None:
        """Keep what was read for the next call."""
        if self._kept is not None:
            self._draft.cache.put(self._read, self._kept)
            self._kept = None

    def _after(self, ids: Sequence[int]) -> Tensor:
        """Scores (1, vocabulary) after `ids`; what was read of other guesses is forgotten."""
        if self._kept is None:
            (self._kept,) = self._draft.cache.take([ids])
            self._read = list(ids[: self._kept.length])
        had = min(common(self._read, ids), len(ids) - 1)
        self._kept.crop(had)
        for start in range(had, len(ids), PIECE):
            scores = self._draft.runner.read(list(ids[start : start + PIECE]), self._kept)
        self._read = list(ids)
        return scores

    def _likeliest(self, scores: Tensor) -> int:
        return int(scores.masked_fill(self._draft.mute, float("-inf")).argmax())
