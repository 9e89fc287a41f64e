"""`mtchat export`: sessions in other forms, on standard output or in a file.

Knows flags and files. Leaves the forms to `mtchat.export`.
"""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mtchat.cli.options import sandbox_options
from mtchat.repl.plain import echo

if TYPE_CHECKING:
    from mtchat.export import Subject


@click.command("export")
@click.argument("sessions", nargs=-1, required=True)
@click.option(
    "--to", "form", required=True, metavar="FORM", help="py: a script. mtpb: a benchmark problem, one line a session."
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
@click.option("--force", is_flag=True, help="Write over FILE if it exists.")
@click.option(
    "--inputs",
    metavar="FILE",
    help='Further cases for a problem: one JSON object a line, such as {"A": 3}; the recorded code is run for answers.',
)
@sandbox_options
def export_command(
    sessions: tuple[str, ...], form: str, output: str | None, force: bool, inputs: str | None, **flags: Any
) -> None:
    """Write SESSION… in another form. A session is a path or a name in the sessions folder.

    Nothing is written unless all of them can be. Programs run only with --inputs, in the sandbox.
    """
    from mtchat.cli.common import settings_of
    from mtchat.errors import CommandError
    from mtchat.export import exporter

    settings = settings_of(flags)
    make = exporter(form)
    if inputs is not None and (form != "mtpb" or len(sessions) != 1):
        raise CommandError("--inputs gives one problem its cases: use it with --to mtpb and one session")
    target = _target(output, force)
    subjects = [_subject(name, settings) for name in sessions]
    if twice := [name for name, times in Counter(each.name for each in subjects).items() if times > 1]:
        raise CommandError(f"two of the sessions are named {twice[0]!r}, which would be one name for two: rename one")
    if inputs is not None:
        _write(_with_cases(subjects[0], inputs, settings), target)
    else:
        _write("".join(make(subject) for subject in subjects), target)


def _subject(name: str, settings: Any) -> "Subject":
    from mtchat.export import Subject
    from mtchat.session import SUFFIX, read_with_word, resolve

    path = resolve(name, settings.sessions_dir)
    reading = read_with_word(path)
    if reading.dropped:
        echo(reading.dropped, err=True)
    return Subject(path.name.removesuffix(SUFFIX).removesuffix(".jsonl"), reading.session)


def _with_cases(subject: "Subject", inputs: str, settings: Any) -> str:
    from mtchat.cli.common import read_text, say
    from mtchat.engine import sandbox_of
    from mtchat.export.cases import read_cases, with_cases
    from mtchat.export.mtpb import encoded

    cases = read_cases(read_text(inputs), inputs)
    with sandbox_of(subject.session.header, settings, say) as sandbox:
        return encoded(with_cases(subject, cases, sandbox))


def _target(output: str | None, force: bool) -> Path | None:
    """The file to write, None for standard output. Raises CommandError if it exists and may not be written over."""
    from mtchat.errors import CommandError

    if output in (None, "-"):
        return None
    path = Path(str(output)).expanduser()
    if path.exists() and not force:
        raise CommandError(f"{path} exists already: choose another name, or pass --force to write over it")
    return path


def _write(text: str, target: Path | None) -> None:
    from mtchat.errors import CommandError

    if target is None:
        echo(text, nl=False)
        return
    try:
        target.write_text(text, "utf-8")
    except OSError as error:
        raise CommandError(f"cannot write {target}: {error.strerror or error}") from None
    echo(f"wrote {target}", err=True)
