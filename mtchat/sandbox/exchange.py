"""What passes between a program and a person: the text it prints, up to a limit, and what its questions are answered.

Knows decoding, cutting, and the order of recorded and given answers. Leaves to others: pipes, frames and the clock
(`attempt`), and how text looks on a screen.
"""

import codecs
import time
from collections.abc import Callable, Sequence

OnOutput = Callable[[str, str], None]
OnInput = Callable[[str], str | None]


class Output:
    """stdout and stderr as text, up to `limit` characters together; past it they are counted and dropped."""

    def __init__(self, limit: int, on_output: OnOutput | None) -> None:
        self._left, self._limit, self._on_output = limit, limit, on_output
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in ("stdout", "stderr")}
        self._parts: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._cut = False

    def add(self, name: str, data: bytes, final: bool = False) -> None:
        text = self._decoders[name].decode(data, final)
        kept, self._left = text[: self._left], self._left - min(len(text), self._left)
        self._say(name, kept)
        if len(kept) < len(text) and not self._cut:
            self._cut = True
            self._say("stderr", f"\nmtchat: output over {self._limit} characters was cut\n")

    def _say(self, name: str, text: str) -> None:
        if text:
            self._parts[name].append(text)
            if self._on_output is not None:
                self._on_output(name, text)

    def show(self, text: str, aloud: bool) -> None:
        """Text that belongs into stdout though the program did not write it there; not `aloud` if it is on screen."""
        told, self._on_output = self._on_output, self._on_output if aloud else None
        self.add("stdout", text.encode("utf-8", "replace"))
        self._on_output = told

    def text(self, name: str) -> str:
        return "".join(self._parts[name])


class Answers:
    """What `input()` is answered: first what was recorded, then what `on_input` says; None when nobody answers."""

    def __init__(self, recorded: Sequence[str], on_input: OnInput | None) -> None:
        self._recorded, self._on_input = list(recorded), on_input
        self.given: list[str] = []
        self.waited = 0.0

    def answer(self, prompt: str, output: Output) -> str | None:
        recorded = bool(self._recorded)
        output.show(prompt, aloud=recorded or self._on_input is None)
        if recorded:
            said: str | None = self._recorded.pop(0)
        elif self._on_input is not None:
            start = time.monotonic()
            said = self._on_input(prompt)
            self.waited += time.monotonic() - start
        else:
            said = None
        if said is not None:
            self.given.append(said)
        return said
