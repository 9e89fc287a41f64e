"""`mtchat score`: how likely a model finds a text or a saved session, and what its states there are.

Knows which of the two a name means, and how features are written. Leaves measuring to `bench.scoring`, showing to
`score_view`.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from mtchat.cli.options import model_options
from mtchat.repl.plain import echo


@dataclass(frozen=True)
class Source:
    """What is to be scored: a text, or a session. `name` is for people; `path` None for standard input."""

    name: str
    path: Path | None
    text: str = ""
    session: Any | None = None


@click.command("score")
@click.argument("source", metavar="FILE|SESSION")
@click.option("--tokens", "by_token", is_flag=True, help="Then a line for each token: log-probability, text.")
@click.option(
    "--features",
    metavar="OUT.npy",
    help="Write the model's last hidden state at the end of each turn's code (of its intent, if it has no code), or of "
    "the text: a float32 array (turns or 1, width of the model).",
)
@click.option("--force", is_flag=True, help="Let --features write over a file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with every figure; natural logarithms.")
@model_options
def score_command(source: str, by_token: bool, features: str | None, force: bool, as_json: bool, **flags: Any) -> None:
    """Say how likely the model finds a text (FILE, or - for standard input) or a saved session.

    A session is a path or a name in the sessions folder; of each turn you see the perplexity of the intent and of the
    code, both given everything before them, and below the prompt perplexity of arXiv 2203.13474: as the turns were
    told, and of all intents in one comment without code. Comment marks and the line ends after intent and code count
    in the log-likelihood alone. The first token is scored as the start of a new text.

    What is longer than the model's context is scored in windows, each half filled with what comes before it.
    """
    from mtchat.cli.common import settings_of
    from mtchat.cli.score_view import write, write_json
    from mtchat.models import load_for

    settings = settings_of(flags)
    found = _find(source, settings.sessions_dir)
    target = _target(features, force, found) if features is not None else None
    model = load_for(settings)
    try:
        report = _measure(model, found, target is not None)
        info = model.info
    finally:
        model.close()
    if target is not None:
        _save(report.reading.states, target)
    if as_json:
        write_json(report, found.name, info, by_token)
    else:
        write(report, found.name, by_token)
        if target is not None:
            rows, width = report.reading.states.shape
            echo(f"features ({rows} x {width}) written to {features}", err=True)


def _find(name: str, sessions: Path) -> Source:
    """The text or session that `name` means: standard input, a file, else a session in the folder.

    Raises CommandError for what is neither, is empty or is no text; SessionError for a broken session.
    """
    from mtchat.errors import CommandError, SessionError
    from mtchat.session import SUFFIX, resolve

    if name == "-":
        return Source("standard input", None, _decoded(sys.stdin.buffer.read(), "standard input"))
    path = Path(name).expanduser()
    try:
        is_file = path.exists() and not path.is_dir()
        if is_file and not path.name.endswith(SUFFIX):
            data = path.read_bytes()
            return _session(path) if _is_session(data) else Source(name, path, _decoded(data, name))
    except OSError as error:
        raise CommandError(f"cannot read {name}: {error.strerror or error}") from None
    folder = f"{name} is a folder: give a file in it, or - for standard input"
    try:
        kept = path if is_file else resolve(name, sessions)
    except SessionError as error:
        raise CommandError(folder if name and path.is_dir() else str(error)) from None
    if kept.is_file():
        return _session(kept)
    if path.is_dir():
        raise CommandError(folder)
    raise CommandError(f"there is no file {name} and no session {kept}: see the sessions with /sessions in mtchat")


def _is_session(data: bytes) -> bool:
    """Whether `data` begins with a session's header: a session may be kept under any name."""
    from mtchat.errors import SessionError
    from mtchat.session.schema import decode_header

    try:
        decode_header(data.partition(b"\n")[0])
    except SessionError:
        return False
    return True


def _session(path: Path) -> Source:
    from mtchat.errors import CommandError
    from mtchat.session import read_with_word

    reading = read_with_word(path)
    if reading.dropped:
        echo(reading.dropped, err=True)
    if not reading.session.path():
        raise CommandError(f"{path.name} has no turns to score (mtchat --session NAME goes on with it)")
    return Source(path.name, path, session=reading.session)


def _decoded(data: bytes, name: str) -> str:
    from mtchat.errors import CommandError

    if not data:
        raise CommandError(f"{name} is empty: there is nothing to score")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = f"byte {error.start}"
        raise CommandError(f"{name} is not UTF-8 text (at {at}): convert it first, for example with iconv") from None


def _target(name: str, force: bool, source: Source) -> Path:
    """The file that --features names, checked before the model is loaded. Raises CommandError."""
    from mtchat.errors import CommandError

    path = Path(os.path.realpath(os.path.expanduser(name)))
    if not name or name == "-" or path.is_dir():
        raise CommandError(f"--features needs the name of a file to write, not {name!r}")
    if not path.parent.is_dir():
        raise CommandError(f"--features {name}: there is no folder {path.parent}")
    if not path.exists():
        return path
    if source.path is not None and path.samefile(source.path):
        raise CommandError(f"--features {name} is the file that is scored: choose another name")
    if not path.is_file():
        raise CommandError(f"--features {name} is no ordinary file: choose another name")
    if not force:
        raise CommandError(f"{name} exists already: choose another name, or write over it with --force")
    return path


def _measure(model: Any, source: Source, features: bool) -> Any:
    from mtchat.bench.likelihood.scoring import score_conversation, score_text
    from mtchat.languages import LANGUAGES, PYTHON

    if source.session is None:
        with _progress() as on_progress:
            return score_text(model, source.text, features=features, on_progress=on_progress)
    header = source.session.header
    turns = [(turn.intent, turn.code) for turn in source.session.path()]
    language = LANGUAGES.get(header.language, PYTHON)
    return score_conversation(model, header.prefix, turns, language=language, features=features)


@contextmanager
def _progress() -> Iterator[Callable[[float], None] | None]:
    """On a terminal, the share that is done, wiped away at the end."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(share: float) -> None:
        sys.stderr.write(f"\r{share:4.0%} scored")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r" + " " * len("100% scored") + "\r")


def _save(states: Any, target: Path) -> None:
    """Write the features whole or not at all, into exactly this file. Raises CommandError."""
    import numpy as np

    from mtchat.errors import CommandError

    temporary = target.with_name(f".{target.name[:200]}.{os.getpid()}.part")
    try:
        with open(temporary, "xb") as file:
            np.save(file, states, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except OSError as error:
        raise CommandError(f"cannot write {target}: {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)
