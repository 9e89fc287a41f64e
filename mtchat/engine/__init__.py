"""The engine: one turn at a time, from an intent to a record.

`engine` makes turns, `proposal` is what a turn could become, `candidates` takes completions to code, `trying` runs
code, `groups` tells candidates apart by what they did (variables: `effects`; functions: `probing`, on `inputs`),
`clarify` makes a question of it, `checks` evaluates what is kept with a turn, `states` keeps the interpreter's states
and rebuilds them, `grants` says what programs may touch, `replay` compares what recorded code does now with what it
did. Knows nothing of terminals; whoever calls passes hooks.
"""

from mtchat.engine.checks import failing
from mtchat.engine.clarify import Question, ask_about, dominated, headline
from mtchat.engine.effects import Effects, effects
from mtchat.engine.engine import Engine
from mtchat.engine.grants import limits_of, policy_of, sandbox_of
from mtchat.engine.groups import Group, Grouping, grouping
from mtchat.engine.proposal import Proposal
from mtchat.engine.replay import Comparison, compare, regenerate, replay
from mtchat.engine.states import Files, States
from mtchat.engine.values import Hooks, Journal, Memory, Trial

__all__ = [
    "Comparison",
    "Effects",
    "Engine",
    "Files",
    "Group",
    "Grouping",
    "Hooks",
    "Journal",
    "Memory",
    "Proposal",
    "Question",
    "States",
    "Trial",
    "ask_about",
    "compare",
    "dominated",
    "effects",
    "failing",
    "grouping",
    "headline",
    "limits_of",
    "policy_of",
    "regenerate",
    "replay",
    "sandbox_of",
]
