"""`mtchat run` and `mtchat -p`: turns from a file, a pipe or the command line, without a REPL.

Knows how turns are written to a stream, as text or as JSON events. Leaves making them to `engine`.
"""

import functools
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from mtchat.cli.options import model_options, sampling_options, session_options
from mtchat.repl.plain import echo


@click.command("run")
@click.argument("file", default="-")
@click.option("--json", "as_json", is_flag=True, help="One event a line: each turn with its code and execution.")
@click.option("--save", type=click.Path(dir_okay=False), help="Keep the session in this file.")
@session_options
@model_options
@sampling_options
def run_command(file: str, as_json: bool, save: str | None, **flags: Any) -> None:
    """Run FILE (- for standard input): one intent a paragraph.

    Prints each turn's code and output as they come. Exit code 1 if a turn failed.
    """
    from mtchat.cli.common import memory, new_header, open_store, read_text, session_flags, settings_of, to_attach
    from mtchat.engine import Journal
    from mtchat.errors import CommandError
    from mtchat.session import Store, resolve

    settings = settings_of(flags)
    intents = paragraphs(read_text(file))
    if not intents:
        raise CommandError(f"{'standard input' if file == '-' else file} holds no intent: write one a paragraph")
    kept = any(session_flags(flags))
    if save and kept:
        raise CommandError("--save starts a session of its own: leave out --session and --continue")
    journal: Journal = open_store(flags, settings) if kept else memory(settings)
    if save:
        journal = Store.planned(resolve(str(Path.cwd() / save), Path.cwd()), new_header(settings))
        if journal.path.exists():
            raise CommandError(f"{journal.path} exists already: choose another name, or go on with it by --session")
    files = to_attach(flags)
    code = make_turns(intents, journal, settings, JsonSink() if as_json else TextSink(), files)
    if isinstance(journal, Store) and journal.begun and not as_json:
        echo(f"saved as {journal.path}", err=True)
    sys.exit(code)


def one_turn(intent: str, flags: Mapping[str, Any]) -> None:
    """`mtchat -p INTENT`: one turn on the session that the flags name, or a new one."""
    from mtchat.cli.common import open_store, settings_of, to_attach
    from mtchat.errors import CommandError

    settings = settings_of(flags)
    if not intent.strip():
        raise CommandError('-p needs an intent: mtchat -p "Print the first ten squares."')
    sys.exit(make_turns([intent], open_store(flags, settings), settings, TextSink(titled=False), to_attach(flags)))


def paragraphs(text: str) -> list[str]:
    """The paragraphs of `text`: what blank lines part."""
    return [part.strip("\n") for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


class TextSink:
    """Turns as text: the intent as a comment (`titled`), the code as it is written, what it printed."""

    def __init__(self, titled: bool = True) -> None:
        self.titled = titled
        self.open_line = False

    def start(self, intent: str, language: Any) -> Any:
        from mtchat import conversation
        from mtchat.repl.screen import CodeStream, Screen

        if self.titled:
            echo(conversation.comment(intent, language))
        screen = Screen()
        self.code = CodeStream(screen, language, gutter="")
        return self.code.feed, self.code.finish, self.output

    def output(self, stream: str, text: str) -> None:
        echo(text, nl=False, err=stream == "stderr")
        self.open_line = not text.endswith("\n") if stream == "stdout" else self.open_line

    def fresh_line(self) -> None:
        if self.open_line:
            echo()
        self.open_line = False

    def end(self, index: int, turn: Any, settings: Any) -> None:
        from mtchat import render

        self.fresh_line()
        if turn.execution.value is not None:
            echo(turn.execution.value)
        said = render.outcome(msgspec.structs.replace(turn.execution, value=None), settings.timeout)
        echo(render.plain(said), nl=False, err=True)
        if turn.doubt and settings.say_doubt:
            name = larger_than(turn)
            echo(render.doubt(f"--model {name}" if name else ""), err=True)
        if self.titled:
            echo()


class JsonSink:
    """Turns as JSON lines."""

    def start(self, intent: str, language: Any) -> Any:
        return (lambda delta: None), (lambda code: None), (lambda stream, text: None)

    def fresh_line(self) -> None:
        """Nothing is ever left open."""

    def end(self, index: int, turn: Any, settings: Any) -> None:
        from mtchat.session import slim

        turn = slim(turn)  # figures by their hash: their data is for `mtchat exec --json`
        event = {
            "event": "turn",
            "index": index,
            "intent": turn.intent,
            "code": turn.code,
            "execution": turn.execution,
            "id": turn.id,
            "evicted": turn.evicted,
            "doubt": turn.doubt,
            "larger": larger_than(turn) if turn.doubt else None,
        }
        echo(msgspec.json.encode(event).decode())


def larger_than(turn: Any) -> str | None:
    """The name of a larger model than the one that wrote `turn`; None where there is none."""
    from mtchat.models import larger

    return larger(turn.model.name) if turn.model else None


def make_turns(
    intents: Iterable[str], journal: Any, settings: Any, sink: TextSink | JsonSink, files: Iterable[Path] = ()
) -> int:
    """Attach the files, make the turns one after the other; the exit code. Raises MtchatError for our own failures."""
    from mtchat.cli.common import asking, engine_on, say
    from mtchat.engine import Hooks
    from mtchat.models import load_for
    from mtchat.repl.interrupt import Cancel, interruptible
    from mtchat.repl.reader import clean
    from mtchat.repl.trust import check_unasked, level_line

    check_unasked(settings)
    if dropped := getattr(journal, "dropped", ""):
        say(dropped)
    failed = False
    model = functools.cache(lambda: load_for(settings))
    with interruptible(Cancel()) as cancel, engine_on(journal, settings, model) as engine:
        if word := level_line(engine.sandbox):
            say(word)
        for file in files:
            engine.attach(file, cancel)
        for index, intent in enumerate(intents, 1):
            on_text, on_code, on_output = sink.start(intent, engine.language)
            hooks = Hooks(on_text, on_code, on_output, cancel, asking(sink.fresh_line, cancel))
            turn = engine.submit(clean(intent), hooks)
            sink.end(index, turn, settings)
            failed |= not turn.execution.ok
            if cancel.is_set():
                return 130
    return 1 if failed else 0
