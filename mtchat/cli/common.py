"""What commands share: settings from flags, a session to work on, an engine around it.

Knows how the rooms are put together for one run. Leaves what a command does to its own module.
"""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from mtchat import config
from mtchat.config import Settings
from mtchat.engine import Engine, Journal, Memory, limits_of, policy_of, sandbox_of
from mtchat.errors import CommandError
from mtchat.models.base import Model
from mtchat.repl.plain import echo
from mtchat.session import SUFFIX, Header, Session, Store, latest, resolve
from mtchat.turn import ModelInfo


def _above() -> Mapping[str, Any]:
    """The flags that were given before the command's name."""
    context = click.get_current_context(silent=True)
    return (context.find_root().obj if context else None) or {}


def settings_of(flags: Mapping[str, Any]) -> Settings:
    """Settings with the flags of the command and, where it has none, those given before its name."""
    above = _above()
    given = {name: value for name, value in flags.items() if value is not None and value != ()}
    merged = {**above, **given}
    return config.load({name: value for name, value in merged.items() if name in config.NAMES})


def session_flags(flags: Mapping[str, Any]) -> tuple[str | None, bool]:
    """(--session, --continue) of the command or before its name. Raises CommandError if both are given."""
    above = _above()
    name = flags.get("session") or above.get("session")
    last = bool(flags.get("continue_") or above.get("continue_"))
    if name and last:
        raise CommandError("--session names one session and --continue the last: give one of them")
    return name, last


def to_attach(flags: Mapping[str, Any]) -> list[Path]:
    """The files that --attach names, of the command or before its name."""
    return [Path(name).expanduser() for name in flags.get("attach") or _above().get("attach") or ()]


def new_header(settings: Settings) -> Header:
    """The header of a session that starts now."""
    return Header(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        prefix=settings.prefix,
        policy=msgspec.to_builtins(policy_of(settings)),
        limits=msgspec.to_builtins(limits_of(settings)),
        model=ModelInfo(settings.model, settings.revision),
        seed=settings.seed,
    )


def fresh_path(folder: Path) -> Path:
    """A name for a session that starts now: the local time."""
    return folder / (datetime.now(UTC).astimezone().strftime("%Y-%m-%d-%H%M%S") + SUFFIX)


def open_store(flags: Mapping[str, Any], settings: Settings) -> Store:
    """The session that the flags name: the last, one by name (planned if absent), or a new one."""
    name, last = session_flags(flags)
    if last:
        return Store.open(latest(settings.sessions_dir))
    if name is None:
        return Store.planned(fresh_path(settings.sessions_dir), new_header(settings), named=False)
    path = resolve(name, settings.sessions_dir)
    return Store.open(path) if path.exists() else Store.planned(path, new_header(settings))


def say(text: str) -> None:
    """A word of ours on stderr."""
    echo(text, err=True)


@contextmanager
def engine_on(
    journal: Journal, settings: Settings, model: Callable[[], Model], notice: Callable[[str], None] = say
) -> Iterator[Engine]:
    """An engine on `journal` with a sandbox of its own, both closed at the end."""
    engine = Engine(journal, sandbox_of(journal.session.header, settings, notice), model, settings, notice)
    try:
        yield engine
    finally:  # the engine's own: /load puts another journal and sandbox there
        engine.sandbox.close()
        for used in (journal, engine.journal):
            if isinstance(used, Store):
                used.close()


def memory(settings: Settings) -> Memory:
    """A session that is not kept."""
    return Memory(Session(new_header(settings)))


def asking(fresh_line: Callable[[], object], cancel: threading.Event) -> Callable[[str], str | None]:
    """Who answers `input()`, on a line of its own: the person at the terminal, nobody where there is none."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return lambda prompt: None
    from mtchat.repl.reader import PromptReader, answering
    from mtchat.repl.screen import style

    ask = answering(PromptReader(style()), cancel)

    def below(prompt: str) -> str | None:
        fresh_line()
        return ask(prompt)

    return below


def read_text(source: str) -> str:
    """The text of a file, or of standard input for "-". Raises CommandError naming what cannot be read."""
    try:
        if source == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        return Path(source).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise CommandError(f"cannot read {source}: {said}") from None
