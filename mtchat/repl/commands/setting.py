"""The REPL itself: its help, its model, its settings, leaving it.

Knows which settings can change as one goes. Leaves their meaning to `config`.
"""

import difflib
import inspect
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from mtchat import config
from mtchat.errors import CommandError
from mtchat.repl import keys
from mtchat.repl.commands.registry import COMMANDS, command, find, usage
from mtchat.repl.loading import Loading
from mtchat.repl.trust import trusting

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


@command
def help_(repl: "Repl", words: list[str]) -> None:
    """/help [COMMAND]: all commands, one in full, or the keys (/help keys, or F1)"""
    if words and words[0].lstrip("/") == "keys":
        repl.screen.show(keys.told(repl.engine.settings.keys))
        return
    if words:
        _tell_command(repl, words[0])
        return
    repl.screen.line("Type what the program should do, one step at a time. Commands:")
    width = max(len(usage(run).partition(": ")[0]) for run in COMMANDS.values())
    for run in COMMANDS.values():
        form, _, says = usage(run).partition(": ")
        repl.screen.show([("class:number", f"  {form:<{width}}  "), ("", f"{says}\n")])
    repl.screen.line("/help COMMAND tells all of one; F1 or /help keys the keys", "dim")


def _tell_command(repl: "Repl", word: str) -> None:
    name = find("/" + word.lstrip("/"))
    form, _, says = usage(COMMANDS[name]).partition(": ")
    more = inspect.cleandoc(COMMANDS[name].__doc__ or "").partition("\n")[2].strip("\n")
    repl.screen.show(
        [("class:number", form), ("", f"\n  {says}\n"), ("", textwrap.indent(more, "  ") + "\n" * bool(more))]
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
    change(repl, "model", words[0])
    repl.screen.line(f"{repl.loading().info.name} writes the code from now on", "dim")


def use_model(repl: "Repl", settings: config.Settings) -> None:
    """Load the model that `settings` name and use it from now on; the old one stays if that fails."""
    loading = Loading(lambda: repl.load(settings))
    loading.wait(repl.cancel)
    repl.loading, repl.engine.model, repl.engine.settings = loading, loading, settings


MODELS = {"model", "tokenizer", "draft_model", "device", "dtype", "revision", "trust_remote_code"}
"""Settings with which another model has to be loaded."""
_SANDBOX = "the sandbox that holds your variables was started with it"
_STARTED = "it counts for sessions that begin"
FIXED: dict[str, str] = {
    "memory": _SANDBOX,
    "allow_import": _SANDBOX,
    "allow_read": _SANDBOX,
    "allow_write": _SANDBOX,
    "allow_reduced_isolation": _SANDBOX,
    "prefix": _STARTED,
    "data_dir": "the history and this session lie there",
}
"""Settings that cannot change as one goes, with the reason."""


@command
def set_(repl: "Repl", words: list[str]) -> None:
    """/set [NAME [VALUE]]: the settings and where each comes from, one of them, or another value for it

    The value counts until you leave; config.toml keeps it (mtchat config --path says where that is). Another model,
    tokenizer, device or dtype is loaded at once. What only a new start can change says so.
    """
    if not words:
        for name in config.NAMES:
            _tell(repl, name)
        return
    name = words[0].replace("-", "_").lower()
    if name not in config.NAMES:
        near = difflib.get_close_matches(name, config.NAMES, 1)
        raise CommandError(
            f"there is no setting {words[0]!r}; " + (f"did you mean {near[0]}?" if near else "/set lists them")
        )
    if len(words) == 1:
        _tell(repl, name)
        return
    if name in FIXED:
        flag = "--" + name.replace("_", "-")
        raise CommandError(f"{name} cannot change as you go: {FIXED[name]}; leave and start with {flag}")
    change(repl, name, " ".join(words[1:]))
    repl.screen.line(f"{name} = {shown(getattr(repl.engine.settings, name))}", "dim")


def change(repl: "Repl", name: str, value: str) -> None:
    """Another value for a setting that can change. Raises ConfigError for a bad one, ModelError where none loads."""
    settings = repl.engine.settings
    if name == "model":  # these were the other one's
        settings = replace(settings, tokenizer=None, revision=None, draft_model=None)
    changed = config.with_value(settings, name, value, "/set")
    if name in MODELS:
        use_model(repl, changed)
    elif name == "trust" and value:
        trusting(repl, value, "/set")
    else:
        repl.engine.settings = changed


def _tell(repl: "Repl", name: str) -> None:
    settings = repl.engine.settings
    source = settings.sources.get(name, "mtchat itself") + ("; fixed" if name in FIXED else "")
    repl.screen.show(
        [("class:number", f"  {name:<24}"), ("", shown(getattr(settings, name))), ("class:dim", f"  from {source}\n")]
    )


def shown(value: object) -> str:
    """A setting's value as it is typed."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)


@command
def quit_(repl: "Repl", words: list[str]) -> bool:
    """/quit: leave; the session stays saved"""
    return False
