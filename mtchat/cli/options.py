"""The flags that several commands share: which model, how to sample, which session, what programs may do.

Knows the flags' names, ranges and help. Every default is None, which means "take it from the configuration": a
command hands what it got to `common.settings_of`. Leaves to others: the commands, and what the configuration says
(`mtchat.config`).
"""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def models(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
    """The models that there are names for, for the shell."""
    from mtchat.models.names import ALIASES

    return [name for name in ("embedded", *ALIASES) if name.startswith(typed)]


def sessions(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
    """The saved sessions, for the shell."""
    from mtchat import config
    from mtchat.session import SUFFIX, listing

    names = [path.name.removesuffix(SUFFIX) for path in listing(config.load().sessions_dir)]
    return [name for name in names if name.startswith(typed)]


def model_options(command: Command) -> Command:
    """Add --model --tokenizer --draft-model --device --dtype --revision --trust-remote-code, under those names."""
    for option in reversed(
        (
            click.option(
                "--model",
                metavar="NAME",
                shell_complete=models,
                help="embedded, an alias, a hub name, a folder, http://… of a server.",
            ),
            click.option("--tokenizer", metavar="NAME", help="Take the tokenizer from another model or folder."),
            click.option(
                "--draft-model", metavar="NAME", help="A smaller model of the same tokenizer that writes ahead."
            ),
            click.option("--device", metavar="DEVICE", help="auto, cpu, cuda, cuda:N or mps."),
            click.option("--dtype", metavar="DTYPE", help="auto, float32, bfloat16, float16 or int8."),
            click.option("--revision", metavar="COMMIT", help="Commit, branch or tag of a model on the hub."),
            click.option(
                "--trust-remote-code/--no-trust-remote-code",
                default=None,
                help="Run Python code that comes with a model: only after reading it.",
            ),
        )
    ):
        command = option(command)
    return command


def sampling_options(command: Command) -> Command:
    """Add --seed --temperature --top-p --top-k --repetition-penalty --max-new-tokens --candidates --greedy."""
    above_0 = click.FloatRange(0, min_open=True)
    for option in reversed(
        (
            click.option("--seed", type=int, help="The same seed writes the same completions."),
            click.option("--temperature", type=click.FloatRange(0), help="0 takes the likeliest token."),
            click.option("--top-p", type=click.FloatRange(0, 1, min_open=True), help="1 switches it off."),
            click.option("--top-k", type=click.IntRange(0), help="0 switches it off."),
            click.option("--repetition-penalty", type=above_0, help="Above 1: fewer words that are there already."),
            click.option("--max-new-tokens", type=click.IntRange(1), help="Longest completion, in tokens."),
            click.option("--candidates", type=click.IntRange(1), help="Completions to sample."),
            click.option("--greedy/--no-greedy", default=None, help="Always take the likeliest token."),
        )
    ):
        command = option(command)
    return command


def sandbox_options(command: Command) -> Command:
    """Add what programs may use and touch: --timeout --memory --allow-import --allow-read --allow-write and isolation.

    Everything that makes a sandbox takes these.
    """
    for option in reversed(
        (
            click.option("--timeout", type=float, metavar="SECONDS", help="Wall-clock limit for a turn's program."),
            click.option("--memory", metavar="SIZE", help="Memory that a program may use, such as 512M or 2G."),
            click.option("--allow-import", multiple=True, metavar="MODULE", help="Let programs import MODULE too."),
            click.option("--allow-read", multiple=True, metavar="PATH", help="Let programs read this file or folder."),
            click.option("--allow-write", multiple=True, metavar="PATH", help="Let them write there, too; no undo."),
            click.option(
                "--allow-reduced-isolation/--no-allow-reduced-isolation",
                default=None,
                help="Run programs even where the kernel isolates them too little (see mtchat doctor).",
            ),
        )
    ):
        command = option(command)
    return command


def screen_options(command: Command) -> Command:
    """Add what a person at the prompt may like otherwise: --keys --suggest --mouse --pager --say-doubt."""
    for option in reversed(
        (
            click.option("--keys", type=click.Choice(["emacs", "vi"]), help="How the prompt is edited."),
            click.option(
                "--suggest", type=click.Choice(["history", "model", "off"]), help="Who offers the rest of a line."
            ),
            click.option("--mouse/--no-mouse", default=None, help="A click moves the cursor in the prompt."),
            click.option("--pager", type=click.Choice(["auto", "off"]), help="Leaf through what does not fit."),
            click.option(
                "--figures",
                type=click.Choice(["auto", "kitty", "iterm", "sixel", "blocks", "off"]),
                help="How figures are drawn in the terminal.",
            ),
            click.option("--say-doubt/--no-say-doubt", default=None, help="Say when the model is unsure of its code."),
        )
    ):
        command = option(command)
    return command


def session_options(command: Command) -> Command:
    """Add --session --continue (as `continue_`) --attach --trust --clarify --prefix --data-dir, sandbox and screen."""
    command = screen_options(sandbox_options(command))
    for option in reversed(
        (
            click.option(
                "--session",
                metavar="NAME",
                shell_complete=sessions,
                help="A session file, or a name in the sessions folder.",
            ),
            click.option(
                "-c", "--continue", "continue_", is_flag=True, default=None, help="Go on with the last session."
            ),
            click.option("--attach", multiple=True, metavar="FILE", help="Copy FILE to where programs find it."),
            click.option("--trust", type=click.Choice(["auto", "review"]), help="review: see code before it runs."),
            click.option("--prefix", metavar="CODE", help="Code that a new session begins with."),
            click.option("--data-dir", metavar="FOLDER", help="Where sessions and the history are kept."),
            click.option(
                "--clarify",
                type=click.Choice(["auto", "on", "off"]),
                help="Ask what was meant where candidates differ.",
            ),
        )
    ):
        command = option(command)
    return command
