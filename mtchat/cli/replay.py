"""`mtchat replay`: saved sessions run again, compared with what they recorded.

Knows how a comparison is shown. Leaves comparing to `engine.replay`.
"""

import functools
import sys
from pathlib import Path
from typing import Any

import click

from mtchat.cli.options import model_options, sampling_options, sandbox_options
from mtchat.repl.plain import echo


@click.command("replay")
@click.argument("sessions", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Say only whether each session does what it did.")
@click.option(
    "--regenerate", is_flag=True, help="Ask the model again for each intent, instead of running recorded code."
)
@sandbox_options
@model_options
@sampling_options
def replay_command(sessions: tuple[str, ...], check: bool, regenerate: bool, **flags: Any) -> None:
    """Run SESSION… again without any model and compare code, output and errors with the record.

    A session is a path or a name in the sessions folder. Exit code 1, and a diff, where something differs or a check
    that was kept with a turn fails.
    """
    from mtchat.cli.common import settings_of
    from mtchat.repl.interrupt import Cancel, interruptible
    from mtchat.session import resolve

    settings = settings_of(flags)
    failed = False
    with interruptible(Cancel()) as cancel:
        for name in sessions:
            path = resolve(name, settings.sessions_dir)
            failed |= not _one(path, settings, check, regenerate, cancel)
            if cancel.is_set():
                sys.exit(130)
    sys.exit(1 if failed else 0)


def _one(path: Path, settings: Any, check: bool, regenerate: bool, cancel: Any) -> bool:
    from mtchat import render
    from mtchat.engine import Hooks
    from mtchat.session import attached, read_with_word

    reading = read_with_word(path)
    if reading.dropped:
        echo(reading.dropped, err=True)
    compared = differing = 0
    files = functools.partial(attached, path)
    for found in _comparisons(reading.session, settings, regenerate, Hooks(cancel=cancel), files):
        compared += 1
        differing += not found.same
        if not check:
            _show(found, settings.timeout)
        if found.diff:
            echo(f"{path.name}: turn {found.number} differs: {found.then.intent or '(by hand)'}")
            echo(found.diff)
        for line in found.failed:
            echo(f"{path.name}: turn {found.number}: a check fails: {line}")
    word = "as recorded" if not differing else f"{differing} not as recorded"
    echo(f"{path.name}: {render.counted(compared, 'turn')}, {word}")
    return not differing and not cancel.is_set()


def _comparisons(session: Any, settings: Any, again: bool, hooks: Any, files: Any) -> Any:
    from mtchat.cli.common import engine_on, say
    from mtchat.engine import Memory, regenerate, replay, sandbox_of
    from mtchat.models import load_for
    from mtchat.session import Session

    if not again:
        with sandbox_of(session.header, settings, say) as sandbox:
            _say_level(sandbox)
            yield from replay(session, sandbox, hooks, files)
        return
    given = {"temperature", "top_p", "top_k", "repetition_penalty", "max_new_tokens", "candidates", "greedy", "seed"}
    override = bool(given & set(settings.sources))
    with engine_on(Memory(Session(session.header)), settings, functools.cache(lambda: load_for(settings))) as engine:
        _say_level(engine.sandbox)
        made, now = session.header.model, engine.model().info
        if made and (made.name, made.sha256 or now.sha256) != (now.name, now.sha256):
            said = f"{made.name} ({made.revision or 'unknown revision'})"
            echo(
                f"the session was made with {said}, now {now.name} ({now.revision or 'unknown revision'}) writes",
                err=True,
            )
        yield from regenerate(session, engine, lambda turn: None if override else turn.sampling, hooks, files)


@functools.cache
def _said(line: str) -> None:
    """A line on stderr, the first time only."""
    echo(line, err=True)


def _say_level(sandbox: Any) -> None:
    """The level, if it is not full, once for all sessions."""
    from mtchat.repl.trust import level_line

    if line := level_line(sandbox):
        _said(line)


def _show(found: Any, timeout: float) -> None:
    import msgspec

    from mtchat import render
    from mtchat.languages import LANGUAGES

    shown = msgspec.structs.replace(found.then, code=found.code, execution=found.now)
    echo(render.plain(render.turn(shown, found.number, LANGUAGES.get(shown.language, LANGUAGES["python"]), timeout)))
