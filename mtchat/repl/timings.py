"""How long turns took, as `/stats` and the line below a turn tell it.

Knows seconds, tokens and rates. Pure; leaves measuring to `view`, drawing to `render`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtchat.turn import Turn


@dataclass(frozen=True)
class Wrote:
    """What the model did for one turn: seconds until its first text and until its last, tokens of all completions."""

    first: float
    seconds: float
    tokens: int

    @property
    def rate(self) -> float:
        """Tokens a second."""
        return self.tokens / self.seconds if self.seconds > 0 else 0.0


def seconds(value: float) -> str:
    """A time in words.

    >>> seconds(0.0004), seconds(0.25), seconds(12.34), seconds(75)
    ('0 ms', '250 ms', '12.3 s', '75 s')
    """
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    return f"{value:.1f} s" if value < 60 else f"{value:.0f} s"


def rate(value: float) -> str:
    """Tokens a second, with as many digits as they mean something."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def forms(wrote: Wrote | None, elapsed: float) -> list[str]:
    """What is told of one turn, from long to short. `elapsed` is the program's time in seconds."""
    ran = seconds(elapsed)
    if wrote is None:
        return [f"program {ran}", ran]
    took = seconds(wrote.seconds)
    if not wrote.tokens:
        return [f"model {took} · program {ran}", f"{took} · {ran}"]
    speed = f"{rate(wrote.rate)} tokens/s"
    return [f"model {took} · {speed} · program {ran}", f"{took} · {speed} · {ran}", f"{took} · {speed}", speed]


def lines(path: Sequence[Turn], wrote: Mapping[str, Wrote]) -> list[str]:
    """A line for each of the last turns of `path` and one for all: the model's time only where it wrote since start."""
    shown = list(enumerate(path, 1))[-10:]
    told = [f"turn {number}: {forms(wrote.get(turn.id), turn.execution.elapsed)[0]}" for number, turn in shown]
    done = [wrote[turn.id] for turn in path if turn.id in wrote]
    if done:
        all_tokens, all_seconds = sum(each.tokens for each in done), sum(each.seconds for each in done)
        whole = Wrote(0.0, all_seconds, all_tokens)
        first = sorted(each.first for each in done)[len(done) // 2]
        told.append(
            f"the model, since mtchat started: {all_tokens} tokens in {seconds(all_seconds)}, {rate(whole.rate)} "
            f"tokens/s, first text after {seconds(first)} (median)"
        )
    ran = sum(turn.execution.elapsed for turn in path)
    return [*told, f"the programs of this path: {seconds(ran)}"] if path else told
