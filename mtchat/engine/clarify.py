"""The one question that is worth asking when candidates disagree, made from an input or a state on which they differ.

Knows when a group dominates, which call splits the candidates best, how a question and its answers read, and what an
answer means as a check. Leaves asking to the callers.
"""

import ast
import math
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from mtchat.engine.engine import Engine
from mtchat.engine.groups import Group, Grouping
from mtchat.engine.inputs import Call
from mtchat.engine.probing import answers
from mtchat.engine.proposal import Proposal
from mtchat.errors import SandboxError
from mtchat.sandbox import Variable
from mtchat.turn import Execution

MOST_OPTIONS = 5
"""What differs in more ways than a person takes in at once is better looked at as a list."""
_MOST_TRIES = 3


@dataclass(frozen=True)
class Option:
    """One answer: how it reads, how many completions are for it, whose candidate it takes, the check that it means.

    `check` is Python that `checks.failing` understands, None where the answer cannot be said so; `says` tells it.
    """

    text: str
    count: int
    take: int
    check: str | None = None
    says: str = ""
    call: Call | None = None


@dataclass(frozen=True)
class Question:
    text: str
    options: tuple[Option, ...]
    call: Call | None = None


def dominated(groups: Sequence[Group]) -> bool:
    """Whether one group holds more than half of the completions that ran well.

    Then it is likelier than everything else together; short of that, taking the largest goes against most of what the
    model wrote.
    """
    return not groups or 2 * max(group.count for group in groups) > sum(group.count for group in groups)


def question(found: Grouping, passed: frozenset[Call] = frozenset()) -> Question | None:
    """What to ask about the groups that ran well; None where they agree or differ in nothing short enough to say.

    Calls in `passed` are not asked about.
    """
    if len(found.well) < 2:
        return None
    return _about_call(found, passed) or _about_state(found.well)


def ask_about(
    engine: Engine, proposal: Proposal, found: Grouping, cancel: threading.Event | None = None
) -> Question | None:
    """As `question`, its call tried again by itself: what it gave may have hung on the calls before it."""
    passed: set[Call] = set()
    while (asked := question(found, frozenset(passed))) is not None and asked.call is not None:
        if all(_again(engine, proposal, option, cancel) for option in asked.options):
            return asked
        passed.add(asked.call)
        if len(passed) == _MOST_TRIES:
            return question(found, frozenset(found.calls))
    return asked


def _again(engine: Engine, proposal: Proposal, option: Option, cancel: threading.Event | None) -> bool:
    """Whether the option's call by itself gives the same."""
    tried = [option.call] if option.call else []
    with suppress(SandboxError):
        found = answers(engine.sandbox, proposal.trials[option.take].snapshot, tried, cancel)
        return [str(answer) for answer in found] == [option.text]
    return False


def _about_call(found: Grouping, passed: frozenset[Call]) -> Question | None:
    best: tuple[float, int] | None = None
    for place, call in enumerate(found.calls):
        split = _split(found.well, place)
        said = any(groups[0].answers[place].kind == "value" for groups in split)
        if not 2 <= len(split) <= MOST_OPTIONS or call in passed or not said:
            continue
        worth = (_evenness([sum(g.count for g in groups) for groups in split]), -place)
        best = max(best, worth) if best else worth
    if best is None:
        return None
    place = -best[1]
    call, split = found.calls[place], _split(found.well, place)
    options = tuple(_option(call, groups, place) for groups in split)
    given = ", ".join(f"{name} = {value}" for name, value in zip(call.parameters, call.arguments, strict=True))
    asked = f"{call.function}({', '.join(call.parameters)})"
    if any(groups[0].answers[place].printed for groups in split):
        return Question(f"for {given} what should {asked} do?", options, call)
    *most, last = [_short(option.text) for option in options]
    return Question(f"for {given} should {asked} be {', '.join(most)} or {last}?", options, call)


def _split(groups: Sequence[Group], place: int) -> list[list[Group]]:
    """The groups by what they answered to one call, the most completions first."""
    parts: dict[object, list[Group]] = {}
    for group in groups:
        parts.setdefault(group.answers[place].key, []).append(group)
    return sorted(parts.values(), key=lambda part: -sum(group.count for group in part))


def _evenness(counts: Sequence[int]) -> float:
    """The entropy of a split, in bits: what its answer is expected to tell."""
    total = sum(counts)
    return round(-sum(n / total * math.log2(n / total) for n in counts), 6)


def _option(call: Call, groups: list[Group], place: int) -> Option:
    count = sum(group.count for group in groups)
    largest = max(groups, key=lambda group: group.count)
    take, answer, call = largest.first, largest.answers[place], call.of(largest.function)
    if answer.kind == "error":
        return Option(str(answer), count, take, _raises(call, answer.text), f"{call} raises {answer.text}", call)
    if answer.kind == "value" and not answer.printed and _literal(answer.text):
        return Option(str(answer), count, take, f"{call} == {answer.text}", f"{call} == {answer.text}", call)
    return Option(str(answer), count, take, call=call)


def _raises(call: Call, error: str) -> str:
    return (
        f"try:\n    {call}\nexcept Exception as found:\n    assert type(found).__name__ == {error!r}\n"
        f"else:\n    assert False, 'no error'"
    )


def _short(text: str) -> str:
    return "an error" if text.startswith("an error (") else text


def _about_state(groups: Sequence[Group]) -> Question | None:
    texts = [headline(group, groups) for group in groups]
    if len(set(texts)) < len(texts) or len(texts) > MOST_OPTIONS:
        return None
    options = (
        Option(text, group.count, group.first, check, check or "")
        for text, group in zip(texts, groups, strict=True)
        for check in [_state_check(group, groups)]
    )
    return Question("which of these did you mean?", tuple(options))


def headline(group: Group, among: Sequence[Group]) -> str:
    """What tells a group from the others in a few words: a variable, what it printed, its value, its error."""
    execution = group.execution
    if execution.error:
        return f"{execution.error.type}: {execution.error.message}"
    if execution.stdout.strip() and _differ(among, lambda execution: execution.stdout):
        return _line(execution.stdout)
    if execution.value is not None and _differ(among, lambda execution: execution.value):
        return execution.value
    if told := _telling(group, among):
        return ", ".join(f"{v.name} = {v.repr}" if v.type != "function" else f"defines {v.name}" for v in told[:3])
    if group.effects.removed:
        return f"removes {', '.join(v.name for v in group.effects.removed)}"
    return _line(execution.stdout) or execution.value or "changes nothing"


def _differ(groups: Sequence[Group], part: Callable[[Execution], str | None]) -> bool:
    return len({part(group.execution) for group in groups}) > 1


def _line(text: str) -> str:
    first, *rest = text.strip().split("\n")
    return f"prints {first}{' …' if rest else ''}" if first else ""


def _bound(group: Group) -> list[Variable]:
    return [*group.effects.added, *(new for _, new in group.effects.changed)]


def _telling(group: Group, among: Sequence[Group]) -> list[Variable]:
    """The variables that not all groups leave alike; all it binds where each is left alike by the others that do."""
    others = [_bound(other) for other in among if other is not group]
    return [v for v in _bound(group) if not all(any(v == seen for seen in other) for other in others)] or _bound(group)


def _state_check(group: Group, among: Sequence[Group]) -> str | None:
    told = [v for v in _telling(group, among) if _literal(v.repr)]
    return f"{told[0].name} == {told[0].repr}" if told else None


def _literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return False
    return True
