"""Running and judging one sample.

Knows how a conversation becomes a line of a results file. Leaves to others: the rules (each benchmark's `judge`), the
sandbox (`desk`).
"""

import time

import msgspec

from mtchat.bench.desk import Desk
from mtchat.bench.kind import kind_of
from mtchat.bench.values import Conversation, Sample, Unit, Verdict
from mtchat.selection import steady


def judge(unit: Unit, row: int, told: Conversation, desk: Desk) -> Sample:
    """The sample of the unit's row `row`, of which the model wrote `told`."""
    start = time.perf_counter()
    case, _ = unit.rows[row]
    verdict, turns = kind_of(unit.setup).judge(unit.setup, unit.problem, unit.problem.cases[case], told, desk)
    elapsed = round(time.perf_counter() - start, 3)
    return Sample(unit.names()[row], told, _steady(verdict), turns and _steady(turns), elapsed)


def _steady(verdict: Verdict) -> Verdict:
    """The same without the addresses in its message, which no two runs share."""
    return msgspec.structs.replace(verdict, message=steady(verdict.message))
