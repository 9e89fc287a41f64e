"""Flags that several commands share, as decorators.

Knows names and help of the flags; their values and bounds are `config`'s. None means "not given".
"""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def _together(*options: Callable[[Any], Any]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


session_options = _together(
    click.option("--session", metavar="NAME", help="Work on this session: a path, or a name in the sessions folder."),
    click.option("-c", "--continue", "continue_", is_flag=True, default=None, help="Go on with the last session."),
    click.option("--timeout", type=float, metavar="SECONDS", help="Wall-clock limit for one turn's program."),
    click.option("--allow-import", multiple=True, metavar="MODULE", help="Let programs import MODULE too."),
)
model_options = _together(
    click.option(
        "--model", metavar="NAME", help="Model: embedded, an alias such as 350M-mono, a hub name or a folder."
    ),
)
sampling_options = _together(
    click.option("--seed", type=int, help="Seed of the sampling."),
)
