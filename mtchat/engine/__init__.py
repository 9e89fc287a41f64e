"""The engine: one turn at a time, from an intent to a record.

`engine` makes turns, `candidates` takes completions to code, `states` keeps the interpreter's states and rebuilds
them, `effects` compares variables, `about` looks at one, `grants` says what programs may touch, `replay` compares
what recorded code does now with what it did. Knows nothing of terminals; whoever calls passes hooks.
"""

from mtchat.engine.about import NAME, About, about, source
from mtchat.engine.effects import Effects, effects
from mtchat.engine.engine import Engine
from mtchat.engine.grants import limits_of, policy_of, sandbox_of
from mtchat.engine.replay import Comparison, compare, regenerate, replay
from mtchat.engine.states import Files, States
from mtchat.engine.values import Hooks, Journal, Memory, Trial

__all__ = [
    "NAME",
    "About",
    "Comparison",
    "Effects",
    "Engine",
    "Files",
    "Hooks",
    "Journal",
    "Memory",
    "States",
    "Trial",
    "about",
    "compare",
    "effects",
    "limits_of",
    "policy_of",
    "regenerate",
    "replay",
    "sandbox_of",
    "source",
]
