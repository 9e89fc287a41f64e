"""A conversation in the making: which turns it keeps.

Knows: that a turn must run, say something sensible and hold nothing that is held out. Leaves to others: which turn
comes next (`plans`), what a turn is (`forms`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mtchat.train.corpus import code as codes
from mtchat.train.corpus import forms, functions, holdout
from mtchat.train.corpus.forms import Turn
from mtchat.train.corpus.library import Library
from mtchat.train.corpus.limits import limited, ready
from mtchat.train.corpus.scene import Scene

_LIBRARY = re.compile(r"\b(?:" + "|".join(codes.IMPORTS) + r")\b")
_PRINT = re.compile(r"\bprint\(")
_ODD = re.compile(r" at 0x|<function|<generator|<built-in|\bnan\b|<class|<map|<zip|<filter|Warning")
_STRING_SET = re.compile(r"\{'[^':]*'(, '[^':]*')+\}")


@dataclass
class Plan:
    """A conversation in the making: the scene, what it may use, the turns so far."""

    scene: Scene
    library: Library
    rare: Library | None = None  # what an evaluation holds out
    hold: str = ""
    everything: bool = False
    turns: list[Turn] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)

    def commit(self, turn: Turn | None, rare: bool = False) -> bool:
        """Keep a turn if it may be kept, runs and says something sensible."""
        try:
            return self._commit(turn, rare)
        finally:
            self.scene.voice.used_held = False  # of a refused turn, too

    def _commit(self, turn: Turn | None, rare: bool) -> bool:
        if turn is None or not self._allowed(turn):
            return False
        scene = self.scene
        code = turn.code
        if _LIBRARY.search(code):
            missing = codes.imports(code, scene.space)
            code = "\n".join([*missing, code]) if missing else code
        output = attempt(scene, code)
        if output is None or not self._sensible(turn, output):
            if output is not None:
                scene.forget()
            return False
        for name in turn.targets:
            if name in scene.space:
                scene.note(name, turn.described, turn.spoken)
        turn = turn._replace(code=code, intent=self._completed(turn))
        self.turns.append(turn)
        self.outputs.append(output)
        pair = len(self.turns) > 1 and holdout.pair(self.turns[-2].skill, turn.skill)
        self.held.append(rare or scene.voice.used_held or (self.hold == "pairs" and pair))
        return True

    def _allowed(self, turn: Turn) -> bool:
        if turn.form in ("call", "print", "output") and any(turn.code == t.code for t in self.turns):
            return False  # nobody asks the same twice
        if turn.form not in ("input", "story", "call") and max(map(len, turn.code.split("\n"))) > 160:
            return False
        if len(turn.intent) > 400 or len(turn.code) > 900 or "\n\n" in turn.code:
            return False
        if self.everything:
            return True
        if self.hold != "words" and self.hold != "phrasings" and holdout.held_in(_unquoted(turn.intent)):
            return False
        if self.hold != "pairs" and self.turns and holdout.pair(self.turns[-1].skill, turn.skill):
            return False
        return self.hold == "combinations" or not forms.held(turn)

    def _sensible(self, turn: Turn, output: str) -> bool:
        scene = self.scene
        if (
            _PRINT.search(turn.code)
            and turn.form != "define"
            and not (output.strip() or "def " in turn.code or "class " in turn.code)
        ):
            return False
        if len(output) > 700 or _ODD.search(output) or _STRING_SET.search(output):
            return False
        return all(scene.small(name) for name in turn.targets)

    def _completed(self, turn: Turn) -> str:
        """The intent, with an example where it defines a function."""
        if (
            turn.form == "define"
            and turn.targets
            and turn.targets[0] in self.scene.functions
            and self.scene.rng.random() < 0.18
        ):
            added = functions.example(self.scene, turn.targets[0])
            if added:
                return turn.intent.rstrip(".?") + added
        return turn.intent


def _unquoted(intent: str) -> str:
    return re.sub(r"\"[^\"]*\"|'[^']*'|\[[^\]]*\]", "", intent)


def attempt(scene: Scene, code: str) -> str | None:
    """Run a turn; its output, None where it fails."""
    try:
        ready(code)
        with limited(5.0):
            return scene.run(code)
    except (Exception, SystemExit):
        return None
