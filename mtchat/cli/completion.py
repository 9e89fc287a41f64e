"""`mtchat completion`: the script with which a shell completes mtchat's command line.

Knows the shells and where each keeps such a script. Leaves the script, and answering it, to click.
"""

import click

from mtchat.repl.plain import echo

SHELLS = {
    "bash": 'eval "$(mtchat completion bash)" in ~/.bashrc',
    "zsh": 'eval "$(mtchat completion zsh)" in ~/.zshrc, after compinit',
    "fish": "mtchat completion fish > ~/.config/fish/completions/mtchat.fish",
}


@click.command("completion", epilog="To keep it: " + "; ".join(SHELLS.values()) + ".")
@click.argument("shell", type=click.Choice(list(SHELLS)))
def completion_command(shell: str) -> None:
    """Print the script that completes commands, flags, models and sessions after mtchat and Tab."""
    from click.shell_completion import get_completion_class

    from mtchat.cli import cli

    made = get_completion_class(shell)
    assert made is not None
    echo(made(cli, {}, "mtchat", "_MTCHAT_COMPLETE").source())
