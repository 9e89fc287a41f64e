"""What a command's arguments can be: files, sessions, models, settings and their values, commands.

Knows where each kind is listed. Every listing is short, quick and never fails: what cannot be read offers nothing.
Leaves to others: when they are offered (`completer`).
"""

import os
import time
from collections.abc import Callable, Iterator
from functools import cache

from mtchat import config
from mtchat.config import ONE_OF, Settings
from mtchat.repl.commands import COMMANDS
from mtchat.repl.commands.registry import usage
from mtchat.repl.commands.setting import FIXED, shown
from mtchat.session import SUFFIX, listing

Words = Iterator[tuple[str, str]]
"""(word, what is said about it)."""
MOST = 500


def files(typed: str, settings: Settings) -> Words:
    """Files and folders that begin with `typed`, folders with a slash behind."""
    folder, _, start = typed.rpartition("/")
    stem = f"{folder}/" if "/" in typed else ""
    try:
        with os.scandir(os.path.expanduser(stem) or ".") as found:
            entries = sorted((entry.name, entry.is_dir()) for entry in found if entry.name.startswith(start))
    except (OSError, ValueError):
        return
    for name, is_folder in entries[:MOST]:
        if start.startswith(".") or not name.startswith("."):
            yield f"{stem}{name}{'/' * is_folder}", "folder" if is_folder else ""


def sessions(typed: str, settings: Settings) -> Words:
    """Saved sessions, the newest first; a path leads to files."""
    if typed.startswith(("/", "~", ".")):
        yield from files(typed, settings)
        return
    for path in listing(settings.sessions_dir)[:MOST]:
        written = time.strftime("%Y-%m-%d %H:%M", time.localtime(path.stat().st_mtime))
        yield path.name.removesuffix(SUFFIX), f"written {written}"


@cache
def _models() -> tuple[tuple[str, str], ...]:
    from mtchat.models import known_models

    return tuple((model.name, model.about + ("" if model.bytes else " (to be downloaded)")) for model in known_models())


def models(typed: str, settings: Settings) -> Words:
    """The models that have a name; a path leads to folders."""
    if typed.startswith(("/", "~", ".")):
        yield from (found for found in files(typed, settings) if found[1])
        return
    yield from _models()


def options(typed: str, settings: Settings) -> Words:
    """The settings, those that can change as one goes first."""
    for name in sorted(config.NAMES, key=lambda name: name in FIXED):
        yield name, f"fixed: {FIXED[name]}" if name in FIXED else f"now {shown(getattr(settings, name))}"


def values(name: str, typed: str, settings: Settings) -> Words:
    """What a setting can be."""
    if name in ("model", "draft_model"):
        yield from models(typed, settings)
        return
    now = shown(getattr(settings, name, ""))
    choices = ONE_OF.get(name) or (("on", "off") if isinstance(getattr(settings, name, None), bool) else (now,))
    for choice in choices:
        yield choice, "as it is" if choice == now else ""


def commands(typed: str, settings: Settings) -> Words:
    """The commands' names without their slash, and `keys`."""
    for name, run in COMMANDS.items():
        yield name[1:], usage(run).partition(": ")[2]
    yield "keys", "the keys of the prompt"


ARGUMENTS: dict[str, Callable[[str, Settings], Words]] = {
    "/attach": files,
    "/save": files,
    "/export": files,
    "/load": sessions,
    "/model": models,
    "/set": options,
    "/help": commands,
}
