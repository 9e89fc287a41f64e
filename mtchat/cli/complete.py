"""`mtchat complete`: continue a text, no conversation, no sandbox.

Knows reading the text and writing the completion, streamed where that is possible. Leaves to others: the model
(`mtchat.models`), the cut (`mtchat.conversation`), exit codes (`mtchat.cli`).
"""

import re
from collections.abc import Callable
from typing import Any, TextIO

import click
import msgspec

from mtchat.cli.options import model_options, sampling_options
from mtchat.repl.plain import echo
from mtchat.turn import Completion, SamplingParams


@click.command("complete")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-", metavar="[FILE]")
@click.option(
    "--truncate-before-pattern",
    "patterns",
    multiple=True,
    metavar="REGEX",
    help="Cut the completion before the earliest match (repeatable; ^ is the start of a line), as CodeGen's tokenizer "
    "does: also before a second line that begins with print, or with def.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a completion: text, finish, tokens, logprob.")
@model_options
@sampling_options
def complete_command(
    file: TextIO,
    patterns: tuple[str, ...],
    as_json: bool,
    **flags: Any,
) -> None:
    """Write what the model makes of the text in FILE (- or nothing: standard input).

    One completion is streamed as it is written, unless it is to be cut; several are separated by a line each.
    """
    _check(patterns)
    text = _read(file)
    from mtchat.cli.common import settings_of
    from mtchat.models import load_for

    settings = settings_of(flags)
    params = settings.sampling()
    loaded = load_for(settings)
    streamed = params.n == 1 and not patterns and not as_json
    try:
        outs = loaded.complete(text, params, stop=_stop(patterns), on_text=_echo if streamed else None)
    finally:
        loaded.close()
    _write(outs, params, patterns, as_json, streamed)


def _read(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{file.name} is not UTF-8 text ({error.reason})", param_hint="FILE") from error


def _check(patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise click.BadParameter(f"{pattern!r}: {error}", param_hint="--truncate-before-pattern") from error


def _stop(patterns: tuple[str, ...]) -> Callable[[str], bool] | None:
    """Stop when whole lines hold a cut: what a half-written line will match is not yet known."""
    if not patterns:
        return None
    from mtchat.conversation import truncate_before

    def stop(text: str) -> bool:
        lines = text[: text.rfind("\n") + 1]
        return len(truncate_before(lines, patterns)) < len(lines)

    return stop


def _echo(_row: int, delta: str) -> None:
    echo(delta, nl=False)


def _write(
    outs: list[Completion], params: SamplingParams, patterns: tuple[str, ...], as_json: bool, streamed: bool
) -> None:
    from mtchat.conversation import truncate_before

    for index, out in enumerate(outs):
        text = truncate_before(out.text, patterns)
        if as_json:
            record = {"text": text, "finish": out.finish, "tokens": out.tokens, "logprob": out.logprob}
            echo(msgspec.json.encode(record).decode("utf-8"))
            continue
        if params.n > 1:
            echo(f"--- {index + 1} of {params.n} ---")
        echo("" if streamed else text, nl=not text.endswith("\n"))
