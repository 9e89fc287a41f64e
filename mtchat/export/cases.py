"""Further cases for an exported problem: other values for its parameters, and what the recorded code answers to them.

Knows how a value becomes a literal in the code, and runs the code in the sandbox as the session did, turn by turn.
Leaves to others: the problem (`mtpb`), which literal is which parameter (`literals`).
"""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from mtchat.engine.states import patience, run_prefix
from mtchat.errors import CommandError
from mtchat.export import Subject
from mtchat.export.answers import answer
from mtchat.export.literals import (
    Key,
    Lifted,
    NoLiteral,
    Parameter,
    evaluated,
    expressions,
    key_of,
    parsed,
    replaced,
)
from mtchat.export.mtpb import Problem, lifted_of, problem
from mtchat.sandbox import Sandbox
from mtchat.session import Session

_NUMBERS = ("int", "float")


def read_cases(text: str, source: str) -> list[dict[str, Any]]:
    """The cases of a file: one JSON object a line, parameter to value. Raises CommandError naming the line."""
    cases = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            cases.append(msgspec.json.decode(line, type=dict[str, Any]))
        except (msgspec.DecodeError, ValueError):
            raise CommandError(f'{source}, line {number}: no JSON object such as {{"A": 3}}, one case a line') from None
    if not cases:
        raise CommandError(f"{source} holds no case: one JSON object a line, parameter to value")
    return cases


def with_cases(subject: Subject, cases: Sequence[Mapping[str, Any]], sandbox: Sandbox) -> Problem:
    """The problem with the recorded case and then `cases`; a parameter that a case leaves out keeps its value.

    Each answer is what the recorded code, with the case's values in place of the lifted literals, answers in the
    sandbox. Raises CommandError where a value does not fit, code fails on it, or it is not clear what to replace.
    """
    made = problem(subject)
    lifted = lifted_of(subject.session.path())
    recorded = _answer(subject.session, lifted, {}, sandbox, "run again, the recorded case")
    if recorded != made.outputs[0]:
        raise CommandError(
            f"{subject.name}: run again, its code answers {recorded!r} and not {made.outputs[0]!r} as recorded, so "
            "what it answers to other values is no answer either"
        )
    inputs, outputs = [*made.inputs], [*made.outputs]
    for number, case in enumerate(cases, 1):
        changed = _changed(lifted, case, f"case {number}")
        filled = {**lifted.inputs, **case}
        _check_prompts(made.prompts, filled, f"case {number}")
        inputs.append(filled)
        outputs.append(_answer(subject.session, lifted, changed, sandbox, f"case {number}"))
    return msgspec.structs.replace(made, inputs=tuple(inputs), outputs=tuple(outputs))


def _check_prompts(prompts: Sequence[str], inputs: Mapping[str, Any], where: str) -> None:
    if any(len(prompt.format(**inputs).splitlines()) > 1 for prompt in prompts):
        raise CommandError(f"{where}: a value has several lines, and a prompt is one comment line")


def _changed(lifted: Lifted, case: Mapping[str, Any], where: str) -> dict[str, Any]:
    """letter -> the value in the code, for what is not as recorded. Raises CommandError for what does not fit."""
    known = {parameter.letter: parameter for parameter in lifted.parameters}
    if unknown := [letter for letter in case if letter not in known]:
        raise CommandError(f"{where}: there is no parameter {unknown[0]!r}; there are {', '.join(known) or 'none'}")
    meant = {letter: _meant(known[letter], value, where) for letter, value in case.items()}
    return {letter: value for letter, value in meant.items() if key_of(value) != known[letter].key}


def _meant(parameter: Parameter, value: Any, where: str) -> Any:
    """What the code has for `value` in the prompt: a number may take another number's place, else types agree."""
    kind = parameter.key[0]
    if kind == "str":
        escapes = parameter.key[1] != repr(parameter.value)
        found = evaluated(f'"{value}"') if escapes and isinstance(value, str) else value
    else:
        found = evaluated(format(value))
    fits = type(found).__name__ == kind or (kind in _NUMBERS and type(found).__name__ in _NUMBERS)
    if not fits or evaluated(repr(found)) is NoLiteral:
        raise CommandError(
            f"{where}: {value!r} does not fit {parameter.letter}, which was {parameter.value!r} ({kind})"
        )
    return found


def _answer(session: Session, lifted: Lifted, changed: Mapping[str, Any], sandbox: Sandbox, where: str) -> Any:
    codes = []
    state = run_prefix(sandbox, session.header.prefix)
    for number, turn in enumerate(session.path()):
        code = replaced(turn.code, _values(lifted, changed, number, turn.code, where))
        codes.append(code)
        execution, state = sandbox.run(code, state, timeout=patience(sandbox, turn))
        if not execution.ok:
            said = f"{execution.error.type}: {execution.error.message}" if execution.error else execution.status
            raise CommandError(f"{where}: turn {number + 1} ends with {said}")
    try:
        return answer(codes, execution)
    except CommandError as error:
        raise CommandError(f"{where}: {error}") from None


def _values(lifted: Lifted, changed: Mapping[str, Any], number: int, code: str, where: str) -> dict[Key, Any]:
    """What to replace in the code of turn `number` (from 0). Raises CommandError where that is not clear."""
    values: dict[Key, Any] = {}
    for parameter in sorted(lifted.parameters, key=lambda p: number not in p.turns):
        if parameter.letter not in changed or not (parameter.telling or number in parameter.turns):
            continue
        if not parameter.telling and _times(code, parameter.key) > parameter.turns.count(number):
            raise CommandError(
                f"{where}: the code of turn {number + 1} has {parameter.value!r} more often than its intent, so it is "
                f"not clear which of them is {parameter.letter}"
            )
        values.setdefault(parameter.key, changed[parameter.letter])
    return values


def _times(code: str, key: Key) -> int:
    found: list[ast.expr] = list(expressions(parsed(code)))
    return sum(1 for node in found if (value := evaluated(node)) is not NoLiteral and key_of(value) == key)
