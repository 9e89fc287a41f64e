"""The REPL itself: its help, its model, its settings, leaving it.

Knows which settings can change as one goes. Leaves their meaning to `config`.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from mtchat import config
from mtchat.errors import CommandError
from mtchat.repl.commands.registry import COMMANDS, command, usage
from mtchat.repl.loading import Loading
from mtchat.repl.trust import trusting

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


@command
def help_(repl: "Repl", words: list[str]) -> None:
    """/help: this list"""
    repl.screen.line("Type what the program should do, one step at a time. Commands:")
    for run in COMMANDS.values():
        form, _, says = usage(run).partition(": ")
        repl.screen.show([("class:number", f"  {form:<22}"), ("", f"{says}\n")])
    repl.screen.line(
        "Ctrl-C stops the model or the program, Ctrl-D leaves; Alt+Enter or Ctrl+J opens a new line", "dim"
    )


@command
def model(repl: "Repl", words: list[str]) -> None:
    """/model [NAME]: which model writes the code, or another one from now on"""
    if not words:
        info = repl.await_model().info
        repl.screen.line(
            f"{info.name}, revision {info.revision or 'unknown'}, sha256 {info.sha256 or 'unknown'}", "dim"
        )
        return
    own = replace(repl.engine.settings, tokenizer=None, revision=None, draft_model=None)  # those were the other one's
    settings = config.with_value(own, "model", words[0], "/model")
    use_model(repl, settings)
    repl.screen.line(f"{repl.loading().info.name} writes the code from now on", "dim")


def use_model(repl: "Repl", settings: config.Settings) -> None:
    """Load the model that `settings` name and use it from now on; the old one stays if that fails."""
    loading = Loading(lambda: repl.load(settings))
    loading.wait(repl.cancel)
    repl.loading, repl.engine.model, repl.engine.settings = loading, loading, settings


_LIVE = {
    "temperature",
    "top_p",
    "top_k",
    "repetition_penalty",
    "max_new_tokens",
    "candidates",
    "clarify",
    "greedy",
    "seed",
    "timeout",
    "trust",
    "figures",
}


@command
def set_(repl: "Repl", words: list[str]) -> None:
    """/set [NAME VALUE]: the settings that can change as you go, or one of them"""
    settings = repl.engine.settings
    if not words:
        for name in sorted(_LIVE):
            repl.screen.line(f"  {name:<20}{getattr(settings, name)}")
        return
    if len(words) != 2 or words[0] not in _LIVE:
        raise CommandError(f"/set NAME VALUE, where NAME is one of {', '.join(sorted(_LIVE))}")
    if words[0] == "trust":
        trusting(repl, words[1], "/set")
    else:
        repl.engine.settings = config.with_value(settings, words[0], words[1], "/set")
    repl.screen.line(f"{words[0]} = {getattr(repl.engine.settings, words[0])}", "dim")


@command
def quit_(repl: "Repl", words: list[str]) -> bool:
    """/quit: leave; the session stays saved"""
    return False
