"""From a proposal to a turn: the person picks what was meant, or answers a question about it, or the best is taken.

Knows when it is worth asking. Leaves grouping and questions to `engine`, keys to `choices`.
"""

from typing import TYPE_CHECKING

from mtchat.engine import Grouping, Hooks, Proposal, Question, ask_about, dominated, grouping
from mtchat.repl.choices import Choices
from mtchat.repl.sidebyside import listing, title
from mtchat.turn import Turn

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

_COLUMNS = 80
_TO_ASK = 5
_LOOK = "l"


def submit(repl: "Repl", intent: str, hooks: Hooks) -> Turn:
    """A turn from an intent; where there are several candidates that differ, the one that the person picks.

    With `clarify` on there always are several to ask about. Raises KeyboardInterrupt where nothing is picked: then
    nothing is recorded.
    """
    settings = repl.engine.settings
    alone = repl.asks and settings.clarify == "on" and settings.candidates == 1
    sampling = repl.engine.varied(_TO_ASK) if alone else None
    return settle(repl, repl.engine.propose(intent, hooks, sampling=sampling), hooks)


def settle(repl: "Repl", proposal: Proposal, hooks: Hooks, listed: bool = False) -> Turn:
    """The turn that a proposal becomes; with `listed` its groups are shown even where they agree.

    Where nobody is there to ask, the best is taken, and so is the only one that a person let run. Raises
    KeyboardInterrupt where nothing is picked.
    """
    if listed and hooks.cancel.is_set():
        raise KeyboardInterrupt
    read = len(proposal.ran) < len(proposal.trials)
    several = len(proposal.ran) > 1 or (listed and not read)
    if not (repl.asks and several) or hooks.cancel.is_set():
        return _take(repl, proposal, hooks, proposal.best)
    found = grouping(repl.engine, proposal, hooks.cancel)
    question = None if listed or not _worth(repl, found) else ask_about(repl.engine, proposal, found, hooks.cancel)
    if hooks.cancel.is_set():
        raise KeyboardInterrupt
    if len(found.well or found.groups) == 1 and not listed:  # what failed beside it is nothing to pick
        return _take(repl, proposal, hooks, found.groups[0].first)
    taken, checks = _ask(repl, question) if question else (None, ())
    return _take(repl, proposal, hooks, _pick(repl, proposal, found) if taken is None else taken, checks)


def _worth(repl: "Repl", found: Grouping) -> bool:
    """Whether `clarify` has a question asked about these groups: `auto` where none dominates, `on` always."""
    wanted = repl.engine.settings.clarify
    return wanted == "on" or (wanted == "auto" and not dominated(found.well))


def _take(repl: "Repl", proposal: Proposal, hooks: Hooks, index: int, checks: tuple[str, ...] = ()) -> Turn:
    proposal.tell(index, hooks)
    return repl.engine.accept(proposal, index, checks=checks)


def _ask(repl: "Repl", question: Question) -> tuple[int | None, tuple[str, ...]]:
    """The candidate that the answer takes, with the check that it means if it is to be kept; None to see them all."""
    options = question.options
    rows = [f"×{option.count}  {option.text}" for option in options]
    repl.screen.fresh_line()
    choices = Choices(question.text, rows, [option.says for option in options], ((_LOOK, "look at the code"),))
    picked = repl.reader.among(choices)
    if picked.key == _LOOK:
        return None, ()
    chosen = options[picked.index]
    repl.screen.line(f"{question.text} {chosen.text}", "dim")
    if not (picked.marked and chosen.check):
        return chosen.take, ()
    repl.screen.line(f"kept as a check: {chosen.says}", "dim")
    return chosen.take, (chosen.check,)


def _pick(repl: "Repl", proposal: Proposal, found: Grouping) -> int:
    """The candidate of the group that the person picks, all of them shown first."""
    output, groups = repl.screen.output, found.groups
    columns = output.get_size().columns if output is not None else _COLUMNS
    repl.screen.fresh_line()
    repl.screen.show(listing(found, proposal, repl.engine.language, columns))
    rows = [title(number, found) for number in range(len(groups))]
    return groups[repl.reader.among(Choices("which one?", rows)).index].first
