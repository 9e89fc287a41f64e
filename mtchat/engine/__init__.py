"""The engine: one turn at a time, from an intent to a record.

`engine` makes turns, `proposal` is what a turn could become, `candidates` takes completions to code, `trying` runs
code, `groups` tells candidates apart by what they did (variables: `effects`; functions: `probing`, on `inputs`),
`clarify` makes a question of it, `checks` evaluates what is kept with a turn, `refining` mends errors, `rerun` runs
again what follows a changed turn, `refactoring` finds simpler code, `continuing` goes on with code that a person began,
`states` keeps the interpreter's states and rebuilds them, `about` looks at a variable, `grants` says what programs may
touch, `replay` compares what recorded code does now with what it did. Knows nothing of terminals; whoever calls passes
hooks.
"""

from mtchat.engine.about import NAME, About, about, source
from mtchat.engine.checks import failing
from mtchat.engine.clarify import Question, ask_about, dominated, headline
from mtchat.engine.continuing import continued
from mtchat.engine.effects import Effects, effects
from mtchat.engine.engine import Engine
from mtchat.engine.grants import limits_of, policy_of, sandbox_of
from mtchat.engine.groups import Group, Grouping, grouping
from mtchat.engine.proposal import Proposal
from mtchat.engine.refactoring import Alike, refactorings
from mtchat.engine.refining import fix, fix_intent
from mtchat.engine.replay import Comparison, compare, regenerate, replay
from mtchat.engine.rerun import Rerun, follow
from mtchat.engine.states import Files, States
from mtchat.engine.values import Hooks, Journal, Memory, Trial

__all__ = [
    "NAME",
    "About",
    "Alike",
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
    "Rerun",
    "States",
    "Trial",
    "about",
    "ask_about",
    "compare",
    "continued",
    "dominated",
    "effects",
    "failing",
    "fix",
    "fix_intent",
    "follow",
    "grouping",
    "headline",
    "limits_of",
    "policy_of",
    "refactorings",
    "regenerate",
    "replay",
    "sandbox_of",
    "source",
]
