"""The engine: one turn at a time, from an intent to a record.

`engine` makes turns, `candidates` takes completions to code, `states` keeps the interpreter's states and rebuilds
them, `replay` compares what recorded code does now with what it did. Knows nothing of terminals; whoever calls passes
hooks.
"""

from mtchat.engine.engine import Engine
from mtchat.engine.replay import Comparison, compare, regenerate, replay
from mtchat.engine.states import States, sandbox_of
from mtchat.engine.values import Hooks, Journal, Memory

__all__ = [
    "Comparison",
    "Engine",
    "Hooks",
    "Journal",
    "Memory",
    "States",
    "compare",
    "regenerate",
    "replay",
    "sandbox_of",
]
