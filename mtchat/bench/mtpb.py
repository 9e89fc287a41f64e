"""MTPB, the Multi-Turn Programming Benchmark (arXiv 2203.13474, section 4): its files, its text, its judge.

Knows the public layout (a JSON object a line: `id name description category prompts inputs outputs max_gen_length`;
prompts are `str.format` templates, filled from each of `inputs`), how prompts are put to the model turn by turn or all
at once, and which data files they name. Leaves to others: the grader's rules (`grader`), sampling (`sampler`).
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from mtchat import conversation
from mtchat.bench.desk import Desk
from mtchat.bench.kind import Kind
from mtchat.bench.likelihood.perplexity import prompt_perplexity, single_prompt_perplexity
from mtchat.bench.likelihood.windows import Reader
from mtchat.bench.reading import json_lines, once, unfit
from mtchat.bench.values import Case, Conversation, Problem, Setup, Verdict

MAX_NEW_TOKENS = 256
"""For a problem that names no `max_gen_length` (arXiv 2203.13474, appendix D)."""

_READS = re.compile(r"\b(?:read|load|open|import|from)\b", re.IGNORECASE)
_DATA_FILE = re.compile(r"""["']((?:\./)?[\w./ -]+\.(?:csv|tsv|json|jsonl|txt|xlsx|parquet|pkl))["']""")


def read(path: Path) -> list[Problem]:
    """The problems of a file. Raises CommandError that names the line and what is wrong with it."""
    problems = [_problem(raw, f"{path}, line {number}") for number, raw in json_lines(path)]
    once(path, problems)
    return problems


def _problem(raw: dict[str, Any], where: str) -> Problem:
    lacking = [field for field in ("id", "prompts", "inputs", "outputs") if field not in raw]
    if lacking:
        raise unfit(where, f"the field {lacking[0]!r} is missing")
    prompts, inputs, outputs = raw["prompts"], raw["inputs"], raw["outputs"]
    if not (isinstance(prompts, list) and prompts and all(isinstance(p, str) for p in prompts)):
        raise unfit(where, "prompts must be a list of texts")
    if not (isinstance(inputs, list) and inputs and all(isinstance(i, dict) for i in inputs)):
        raise unfit(where, "inputs must be a list of objects")
    if not (isinstance(outputs, list) and len(outputs) == len(inputs)):
        raise unfit(where, f"outputs must be a list as long as inputs, {len(inputs)}")
    length = raw.get("max_gen_length") or MAX_NEW_TOKENS
    if not isinstance(length, int) or length < 1:
        raise unfit(where, f"max_gen_length is {length!r}, but it must be a whole number of tokens")
    cases = tuple(_case(prompts, given, expected, where) for given, expected in zip(inputs, outputs, strict=True))
    name, category = str(raw.get("name", raw["id"])).strip(), str(raw.get("category") or "none").strip()
    return Problem(str(raw["id"]), name, category, cases, length, conversation.PAPER_PREFIX)


def _case(prompts: Sequence[str], given: dict[str, Any], expected: Any, where: str) -> Case:
    try:
        filled = tuple(prompt.format(**given) for prompt in prompts)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise unfit(where, f"a prompt cannot be filled from its inputs ({error!r})") from None
    needs = (name for prompt in filled if _READS.search(prompt) for name in _DATA_FILE.findall(prompt))
    return Case(filled, expected, tuple(dict.fromkeys(needs)))


def asked(setup: Setup, case: Case) -> tuple[str, ...]:
    """What is asked turn by turn; in `single` mode all prompts in one turn, a comment line each."""
    return case.prompts if setup.mode == "multi" else ("\n# ".join(case.prompts),)


def text(setup: Setup, problem: Problem, case: Case, codes: Sequence[str]) -> str:
    """What the model sees before turn `len(codes)`; the whole conversation when all turns are there."""
    prompts = asked(setup, case)
    intent = prompts[len(codes)] if len(codes) < len(prompts) else None
    history = zip(prompts, codes, strict=False)
    return conversation.render(history, intent, prefix=problem.prefix, literal=True)


def cut(setup: Setup, completion: str) -> str:
    """The code of a completion: the paper's rule, or (`single_cut` "program") up to what can only follow a program."""
    if setup.mode == "single" and setup.judge.get("single_cut") == "program":
        return completion[: _ends(completion)]
    return conversation.truncate(completion, rule="paper")


_END = re.compile("|".join((re.escape(conversation.END_OF_TEXT), "^'''", '^"""', "\n\n\n")), re.MULTILINE)


def _ends(completion: str) -> int:
    found = _END.search(completion)
    return found.start() if found else len(completion)


def new_tokens(setup: Setup, problem: Problem, case: Case) -> int:
    """The longest completion: the problem's for a turn, as much for each prompt where all are asked at once."""
    return problem.max_new_tokens * (len(case.prompts) if setup.mode == "single" else 1)


def judge(setup: Setup, problem: Problem, case: Case, told: Conversation, desk: Desk) -> tuple[Verdict, Verdict | None]:
    """What the reference grader says of the conversation run once, and of running it turn by turn as the REPL does."""
    from mtchat.bench.grader import Rules, grade_joined, grade_turns

    rules, limit = msgspec.convert(setup.judge["rules"], Rules), float(setup.judge["timeout"])
    lacks = desk.lacks(case)
    with desk.at(case) as at:
        whole = text(setup, problem, case, told.codes)
        joined = grade_joined(desk.sandbox, whole, case.expected, rules=rules, timeout=limit, at=at)
        if setup.mode == "single":
            return verdict(joined, lacks), None
        turns = grade_turns(desk.sandbox, problem.prefix, told.codes, case.expected, rules=rules, timeout=limit, at=at)
    return verdict(joined, lacks), verdict(turns, lacks)


def verdict(graded: Any, lacks: Sequence[str] = ()) -> Verdict:
    """The verdict for what a grader said, where the files `lacks` were not there for the program."""
    if graded.passed:
        return Verdict("passed", graded.status)
    if lacks:
        return Verdict("missing", graded.status, f"there is no {', '.join(lacks)}: --datasets names the folder")
    return Verdict("refused" if graded.status == "denied" else "failed", graded.status, graded.message)


def perplexity(model: Reader, setup: Setup, problem: Problem, case: Case, codes: Sequence[str]) -> tuple[float, int]:
    """(sum of natural-log probabilities, count) of the prompts' tokens, given all before them (section 4.2)."""
    if setup.mode == "single":
        return single_prompt_perplexity(model, problem.prefix, case.prompts)
    return prompt_perplexity(model, problem.prefix, case.prompts, codes)


KIND = Kind(
    turns=lambda setup, case: len(asked(setup, case)),
    text=text,
    cut=cut,
    done=lambda setup, completion: len(cut(setup, completion)) < len(completion),
    new_tokens=new_tokens,
    judge=judge,
    perplexity=perplexity,
)
