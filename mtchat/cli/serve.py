"""`mtchat serve`: the model for other programs, as an OpenAI-compatible completion server on loopback.

Knows flags, signals and the line that says where it is. Leaves the server to `mtchat.serve`.
"""

import contextlib
import signal
from typing import Any, NoReturn

import click

from mtchat.cli.options import model_options
from mtchat.repl.plain import echo

PORT = 8765


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@model_options
def serve_command(port: int, **flags: Any) -> None:
    """Offer the model to other programs on this machine, on 127.0.0.1, until Ctrl-C.

    It speaks OpenAI's completion API: /v1/completions, /v1/models. Several mtchat share one model in memory by
    `mtchat --model ADDRESS`. If MTCHAT_API_KEY is set, callers have to send it.
    """
    from mtchat import config
    from mtchat.cli.common import settings_of
    from mtchat.models import load_for
    from mtchat.serve import Server

    signal.signal(signal.SIGTERM, _interrupt)
    settings = settings_of(flags)
    server = Server(port, key=config.api_key())
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as closing:
        closing.callback(server.close)
        model = load_for(settings)
        closing.callback(model.close)
        echo(f"{model.info.name} answers at {server.address}; Ctrl-C ends it")
        echo(f"use it: mtchat --model {server.address}")
        server.run(model)


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
