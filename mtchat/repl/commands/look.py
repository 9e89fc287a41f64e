"""Looking at what is there: variables, turns, the text that the model sees, its figures.

Changes nothing. Leaves styles to `render`.
"""

from typing import TYPE_CHECKING

from mtchat import conversation, render
from mtchat.errors import CommandError
from mtchat.models import stats as model_stats
from mtchat.repl import timings
from mtchat.repl.commands.registry import command, number
from mtchat.turn import Turn

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


@command
def show(repl: "Repl", words: list[str]) -> None:
    """/show [N]: all turns up to here, or turn N"""
    path = repl.engine.session.path()
    chosen = list(enumerate(path, 1))
    if words:
        wanted = number(words, 0)
        if not 1 <= wanted <= len(path):
            raise CommandError(f"there is no turn {wanted}: there are {len(path)}")
        chosen = [(wanted, path[wanted - 1])]
    for place, turn in chosen:
        repl.show_turn(turn, place)
    if not chosen:
        repl.screen.line("no turn yet", "dim")


@command
def context(repl: "Repl", words: list[str]) -> None:
    """/context: the exact text that the model sees before your next intent"""
    model = repl.await_model()
    room = repl.engine.settings.max_new_tokens
    rendered = repl.engine.context("", repl.engine.session.head, room)
    repl.screen.fresh_line()
    repl.screen.show(render.code(rendered.text, repl.engine.language))
    repl.screen.line(f"{model.count(rendered.text)} of {model.context_length} tokens, {room} kept for the code", "dim")
    if rendered.evicted:
        repl.screen.line(f"turns 1–{len(rendered.evicted)} are left out", "notice")


@command
def raw(repl: "Repl", words: list[str]) -> None:
    """/raw: the last completion uncut, and what truncation took away"""
    last: Turn = repl.engine.last_turn()
    if last.completion is None:
        raise CommandError("the last turn was written by hand: there is no completion")
    text = last.completion.text
    end = conversation.turn_end(text, repl.engine.language)
    repl.screen.fresh_line()
    repl.screen.show(render.code(text[:end], repl.engine.language))
    if end is not None and text[end:]:
        repl.screen.show([("class:dim", text[end:])])
    kept = (
        f"{len(text) - len(last.code)} of {len(text)} characters were cut" if last.code != text else "nothing was cut"
    )
    done = last.completion
    repl.screen.line(f"{kept}; {done.tokens} tokens, log-probability {done.logprob:.2f}, ended by {done.finish}", "dim")


@command
def stats(repl: "Repl", words: list[str]) -> None:
    """/stats: how long turns took, what the model reused, how many of the tokens guessed ahead were right"""
    for line in timings.lines(repl.engine.session.path(), repl.wrote):
        repl.screen.line(line, "dim")
    for line in model_stats(repl.await_model()) or ["this model tells nothing about itself"]:
        repl.screen.line(line, "dim")
