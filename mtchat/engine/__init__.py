"""The engine: one turn at a time, from an intent to a record.

`engine` makes turns, `states` keeps the interpreter's states and rebuilds them, `replay` compares what recorded code
does now with what it did. Knows nothing of terminals; whoever calls passes hooks.
"""

from mtchat.engine.engine import Engine, Hooks, Journal, Memory
from mtchat.engine.replay import Comparison, compare, regenerate, replay
from mtchat.engine.states import States

__all__ = ["Comparison", "Engine", "Hooks", "Journal", "Memory", "States", "compare", "regenerate", "replay"]
