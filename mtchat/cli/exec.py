"""`mtchat exec`: run code in the sandbox, without a model.

Knows the command's options, its exit codes (0 ok, 1 the program failed, 130 interrupted; 3 is left to `mtchat.cli`)
and the JSON-lines conversation of `--json`. Leaves to others: running (`mtchat.sandbox`). Never imports torch, so that
it starts at once.
"""

import json
from typing import Any, TextIO

import click
import msgspec

from mtchat.cli.options import sandbox_options
from mtchat.repl.interrupt import Cancel, interruptible
from mtchat.repl.plain import echo
from mtchat.sandbox.sandbox import Sandbox
from mtchat.sandbox.values import Snapshot
from mtchat.turn import Execution, ProgramError

EXPECTED = 'expected a line of JSON like {"code": "print(1)"} or {"reset": true}'

MOST_CODE = 4_000_000  # characters; escaped, they fit into one of the sandbox's frames


@click.command("exec")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Read JSON lines, answer each with its Execution on one line.")
@sandbox_options
@click.pass_context
def exec_command(context: click.Context, file: TextIO, as_json: bool, **flags: Any) -> None:
    """Run Python code from FILE (or -, stdin) in the sandbox, without a model.

    Output is streamed; the value of a last bare expression is printed as a REPL does. input() asks on a terminal and
    finds the end of the input elsewhere. Exits with 0 when the program
    ran, 1 when it failed, 130 when it was interrupted.

    With --json, FILE is a stream of JSON lines: {"code": …} runs at the state that the lines before left, and is
    answered at once by one line, its Execution; {"reset": true} starts afresh.
    """
    from mtchat.cli.common import settings_of
    from mtchat.engine.grants import limits_of, policy_of
    from mtchat.repl.trust import level_line

    settings = settings_of(flags)
    reduced = settings.allow_reduced_isolation
    with Sandbox(policy_of(settings), limits_of(settings), allow_reduced=reduced) as sandbox:
        if said := level_line(sandbox):
            echo(said, err=True)
        try:
            code = answer_lines(sandbox, file) if as_json else run_once(sandbox, file.read())
        except KeyboardInterrupt:  # while reading
            code = 130
    context.exit(code)


def run_once(sandbox: Sandbox, code: str) -> int:
    from mtchat.cli.common import asking

    shown = _Shown()
    with interruptible(Cancel()) as cancel:
        execution, _ = sandbox.run(code, on_output=shown.add, on_input=asking(shown.fresh_line, cancel), cancel=cancel)
    if execution.value is not None:
        shown.add("stdout", execution.value + "\n")
    if execution.error is not None:
        shown.add("stderr", _failure(execution))
    return exit_code(execution)


def exit_code(execution: Execution) -> int:
    if execution.status == "interrupted":
        return 130
    return 0 if execution.ok else 1


def _failure(execution: Execution) -> str:
    """The program's own traceback, or one line for what the sandbox brought about."""
    assert execution.error is not None
    if execution.status == "error":
        return execution.error.traceback
    return f"{execution.status}: {execution.error.message}\n"


class _Shown:
    """Output as it comes. Knows whether a line is still open, over which a question would be written."""

    open = False

    def add(self, stream: str, text: str) -> None:
        echo(text, nl=False, err=stream == "stderr")
        self.open = not text.endswith("\n")

    def fresh_line(self) -> None:
        if self.open:
            self.add("stdout", "\n")


def answer_lines(sandbox: Sandbox, lines: TextIO) -> int:
    """Answer each line of JSON; 130 if a Ctrl-C ended the stream, else 0."""
    at = sandbox.root
    while line := lines.readline():
        if not line.strip():
            continue
        execution, at = _answer(sandbox, line, at)
        echo(msgspec.json.encode(execution).decode())
        if execution.status == "interrupted":
            return 130
    return 0


def _answer(sandbox: Sandbox, line: str, at: Snapshot) -> tuple[Execution, Snapshot]:
    match _parsed(line):
        case {"code": str(code)} if len(code) > MOST_CODE:
            said = f"{len(code)} characters of code are more than the {MOST_CODE} that one program may have"
            return Execution("limit", error=ProgramError("TooLong", said, None, "")), at
        case {"code": str(code)}:
            with interruptible(Cancel()) as cancel:
                return sandbox.run(code, at, cancel=cancel)
        case {"reset": True}:
            return Execution("ok"), sandbox.root
        case _:
            return Execution("denied", error=ProgramError("ProtocolError", EXPECTED, None, "")), at


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
