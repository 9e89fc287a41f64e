"""The command line: one module a command, loaded when it is called.

The one place that turns errors into exit codes: 0 all ok, 1 a turn or check failed, 2 usage, 3 our own failure, 130
interrupted, 141 nobody reads. Importing it imports no model library, so that `mtchat --help` is quick.
"""

import io
import os
import signal
import sys
from typing import Any, NoReturn

import click

from mtchat import __version__
from mtchat.cli.lazy import Commands
from mtchat.cli.options import model_options, sampling_options, session_options
from mtchat.errors import CommandError, ConfigError, MtchatError, unexpected
from mtchat.repl.plain import echo

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("mtchat.cli.run:run_command", "Run a file of intents, one a paragraph."),
    "complete": ("mtchat.cli.complete:complete_command", "Complete a text, as it is."),
    "replay": ("mtchat.cli.replay:replay_command", "Run saved sessions again and compare."),
    "score": ("mtchat.cli.score:score_command", "Say how likely the model finds a text or a session."),
    "export": ("mtchat.cli.export:export_command", "Write sessions in another form."),
    "exec": ("mtchat.cli.exec:exec_command", "Run code in the sandbox, without a model."),
    "serve": ("mtchat.cli.serve:serve_command", "Offer the model to other programs on this machine."),
    "convert": ("mtchat.cli.convert:convert_command", "Write a checkpoint in a form that others read."),
    "bench": ("mtchat.cli.bench:bench", "Measure."),
    "train": ("mtchat.cli.train:train", "Make the embedded model."),
    "models": ("mtchat.cli.models:models_command", "List models and where they are."),
    "doctor": ("mtchat.cli.doctor:doctor_command", "What works here, what is missing."),
    "config": ("mtchat.cli.config:config_command", "Show the settings and where they come from."),
    "completion": ("mtchat.cli.completion:completion_command", "Let bash, zsh or fish complete mtchat's own words."),
}
"""name -> (where the command lies, its line in `mtchat --help`)."""


class _Program(Commands):
    """The commands, ended with 141 when nobody reads what they write: click's own 1 would say that a check failed.

    `--debug` alone takes no word that follows for its file: `mtchat --debug run` runs.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, ["--debug=" if arg == "--debug" else arg for arg in args])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _to_nowhere()
            raise SystemExit(141) from None


@click.group(
    cls=_Program, table=COMMANDS, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="mtchat")
@click.option("-p", "--prompt", metavar="INTENT", help="Make one turn and leave.")
@click.option("--debug", metavar="[=FILE]", help="Write to FILE (debug.log in the data folder) what goes on inside.")
@click.option("--lesson", metavar="FILE", help="Take a session's steps as a lesson: /hint gives the next.")
@session_options
@model_options
@sampling_options
@click.pass_context
def cli(ctx: click.Context, prompt: str | None, debug: str | None, **flags: Any) -> None:
    """Build programs turn by turn, in plain words.

    Without a command: the REPL, or with -p one turn.
    """
    ctx.obj = flags
    if debug is not None:
        from mtchat.cli.debug import write_down

        write_down(debug, flags)
    if ctx.invoked_subcommand is not None:
        if prompt is not None:
            raise click.UsageError("-p makes a turn of its own: leave out the command")
        return
    if prompt is not None:
        from mtchat.cli.run import one_turn

        one_turn(prompt, flags)
    else:
        from mtchat.cli.talk import talk

        talk(flags)


def main() -> NoReturn:
    """Run the command line and exit. Errors of ours are one line on stderr."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        _streams()
        code = cli.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        sys.exit(130)
    except KeyboardInterrupt:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except MtchatError as error:
        echo(f"mtchat: {error}", err=True)
        sys.exit(2 if isinstance(error, CommandError | ConfigError) else 3)
    except OSError as error:
        _to_nowhere()
        echo(f"mtchat: {error}", err=True)
        sys.exit(3)
    except Exception as error:
        echo(f"mtchat: {unexpected(error)}", err=True)
        sys.exit(3)
    finally:  # Python takes itself apart now: Ctrl-C there would be a traceback
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def _streams() -> None:
    """Closed streams become empty ones; bytes that are no UTF-8 and characters that cannot be shown end nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  (for as long as we run)
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _to_nowhere() -> None:
    """What is still buffered for a standard output that takes no more would fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
