"""Other code for turns that are there already.

Knows what a person may ask for after seeing a turn. Leaves making turns to `engine`, differences to `diff`.
"""

from typing import TYPE_CHECKING

from mtchat import engine, render
from mtchat.errors import CommandError
from mtchat.repl import diff, review
from mtchat.repl.commands.registry import command, number
from mtchat.repl.interrupt import interruptible
from mtchat.repl.reader import answering, clean
from mtchat.turn import Turn

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

_MOST_LINES = 8


@command
def retry(repl: "Repl", words: list[str]) -> None:
    """/retry: other code for the last intent, in place of the last turn"""
    repl.make(repl.engine.retry)


@command
def fix(repl: "Repl", words: list[str]) -> None:
    """/fix [HINT]: after an error, a turn that mends it: several codes are tried, one that runs is taken"""
    hint = " ".join(words)
    told = engine.fix_intent(repl.engine, hint)
    repl.screen.line("\n".join(f"# {line}" for line in told.split("\n")), "dim")
    made = repl.make(lambda hooks: engine.fix(repl.engine, hooks, hint))
    if made.intent != told:
        repl.screen.line("none that runs looked like a fix: this is the step itself once more", "dim")


@command
def edit(repl: "Repl", words: list[str]) -> None:
    """/edit [N]: change the last turn's code, or turn N's; what followed runs again on top of it"""
    last = repl.engine.last_turn()
    if not words:
        code = clean(repl.reader.edit(last.code))
        repl.make(lambda hooks: repl.engine.edit(code, hooks), needs_model=False)
        return
    path, wanted = repl.engine.session.path(), number(words, 0)
    if not 1 <= wanted <= len(path):
        raise CommandError(f"there is no turn {wanted}: there are {len(path)}")
    _edit_turn(repl, path[wanted - 1], path[wanted:])


def _edit_turn(repl: "Repl", turn: Turn, followers: list[Turn]) -> None:
    code = clean(repl.reader.edit(turn.code))
    if code == turn.code:
        raise CommandError("the code is as it was: nothing to run")
    made = repl.make(lambda hooks: repl.engine.again(turn, hooks, parent=turn.parent, code=code), needs_model=False)
    if not made.execution.advances or not followers:
        return
    with interruptible(repl.cancel):
        hooks = engine.Hooks(cancel=repl.cancel, on_input=answering(repl.reader, repl.cancel))
        again = []
        for found in engine.follow(repl.engine, followers, made, hooks):
            _show_rerun(repl, found)
            again.append(found)
    _say_rerun(repl, again, len(followers))


def _show_rerun(repl: "Repl", found: engine.Rerun) -> None:
    word = "as before" if found.same else "changed"
    intent = (found.now.intent or "(by hand)").split("\n")[0]
    kind = "class:dim" if found.same else "class:notice"
    repl.screen.fresh_line()
    repl.screen.show([("class:number", f"[{found.number}] "), ("class:intent", intent), (kind, f" · {word}\n")])
    lines = [line for line in found.diff.splitlines() if line[:1] in "+-" and line[:3] not in ("---", "+++")]
    for name, then, now in found.values:
        lines += [f"-{name} = {then}"] * (then is not None) + [f"+{name} = {now}"] * (now is not None)
    repl.screen.show(diff.styled(lines[:_MOST_LINES]))
    if len(lines) > _MOST_LINES:
        repl.screen.line(f"({len(lines) - _MOST_LINES} more lines: /show {found.number})", "dim")


def _say_rerun(repl: "Repl", again: list[engine.Rerun], followers: int) -> None:
    last, changed = again[-1], sum(not found.same for found in again)
    if not last.now.execution.advances:
        left = render.counted(followers - len(again) + 1, "turn")
        repl.screen.line(f"turn {last.number} left nothing now: {left} of the old path did not follow", "error")
        repl.failed = True
    elif len(again) < followers:
        repl.screen.line(f"stopped after turn {last.number}; the old path is still in the session", "notice")
    else:
        said = f"{render.counted(len(again), 'turn')} ran again on top of it, {changed or 'none'} changed"
        repl.screen.line(f"{said}; the old path is still in the session", "dim")


@command
def refactor(repl: "Repl", words: list[str]) -> None:
    """/refactor: simpler code that does what the last turn did, if the model finds it; you see the difference first"""
    with interruptible(repl.cancel):
        repl.await_model()
        repl.screen.line("trying other code…", "dim")
        found = review.making(repl, lambda hooks: engine.refactorings(repl.engine, hooks), lambda: _unheard(repl))
    if not found.simpler:
        tried = render.counted(len(found.proposal.trials), "other code")
        raise CommandError(f"nothing simpler was found: of {tried}, {found.same} did the same")
    _offer(repl, found, found.simpler[0], words)


def _unheard(repl: "Repl") -> engine.Hooks:
    """Hooks for code that runs only to be compared: the person may have to read it first, but hears nothing of it."""
    return engine.Hooks(
        cancel=repl.cancel,
        on_review=lambda code: review.one(repl, code, shown=False),
        on_reviews=lambda codes: review.several(repl, codes),
    )


def _offer(repl: "Repl", found: engine.Alike, index: int, words: list[str]) -> None:
    old, new = found.turn.code, found.proposal.trials[index].code
    repl.screen.fresh_line()
    repl.screen.show(diff.diff(old, new))
    calls = f", and so is what {render.counted(found.tried, 'call')} gave" if found.tried else ""
    repl.screen.line(f"{_gain(old, new)}; the output and the variables are the same{calls}", "dim")
    if found.unseen:
        names = ", ".join(found.unseen[:5])
        repl.screen.line(f"only the names could be compared of: {names}", "notice")
    if not repl.asks and words != ["yes"]:
        raise CommandError("there is no terminal to ask on: /refactor yes takes it")
    if not repl.asks or repl.reader.choose("take it? [y]es [n]o", "yn") == "y":
        repl.engine.accept(found.proposal, index)
        repl.screen.line("taken, in place of the last turn", "dim")
    else:
        repl.screen.line("left as it was", "dim")


def _gain(old: str, new: str) -> str:
    """How `new` is less than `old`, in words.

    >>> _gain("a = 1\\nb = 2", "a, b = 1, 2")
    'shorter: 1 line for 2'
    """
    before, after = old.count("\n") + 1, new.count("\n") + 1
    if after < before:
        return f"shorter: {render.counted(after, 'line')} for {before}"
    if len(new) < len(old):
        return f"shorter: {len(new)} characters for {len(old)}"
    return "simpler"
