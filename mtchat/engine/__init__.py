"""The engine: one turn at a time, from an intent to a record.

`engine` makes turns, `proposal` is what a turn could become, `candidates` takes completions to code, `trying` runs
code, `refining` betters turns that are there, `continuing` goes on with code that a person began, `states` keeps the
interpreter's states and rebuilds them, `effects` compares variables, `grants` says what programs may touch, `replay`
compares what recorded code does now with what it did. Knows nothing of terminals; whoever calls passes hooks.
"""

from mtchat.engine.continuing import continued
from mtchat.engine.effects import Effects, effects
from mtchat.engine.engine import Engine
from mtchat.engine.grants import limits_of, policy_of, sandbox_of
from mtchat.engine.proposal import Proposal
from mtchat.engine.refining import Alike, Rerun, fix, fix_intent, follow, instead, refactorings
from mtchat.engine.replay import Comparison, compare, regenerate, replay
from mtchat.engine.states import Files, States
from mtchat.engine.values import Hooks, Journal, Memory, Trial

__all__ = [
    "Alike",
    "Comparison",
    "Effects",
    "Engine",
    "Files",
    "Hooks",
    "Journal",
    "Memory",
    "Proposal",
    "Rerun",
    "States",
    "Trial",
    "compare",
    "continued",
    "effects",
    "fix",
    "fix_intent",
    "follow",
    "instead",
    "limits_of",
    "policy_of",
    "refactorings",
    "regenerate",
    "replay",
    "sandbox_of",
]
