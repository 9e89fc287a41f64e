"""The flags that several commands share: which model, and how to sample.

Knows the flags' names, ranges and help. Every default is None, which means "take it from the configuration": a
command passes what it got to `sampling_params` with the configuration's values as the base. Leaves to others: the
commands, and what the configuration says (`mtchat.config`).
"""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from mtchat.turn import SamplingParams

Command = TypeVar("Command", bound=Callable[..., Any])


def model_options(command: Command) -> Command:
    """Add --model --tokenizer --device --dtype --revision --trust-remote-code, passed under those names."""
    for option in reversed(
        (
            click.option("--model", metavar="NAME", help="embedded, an alias, a hub name, a folder, scripted:FILE."),
            click.option("--tokenizer", metavar="NAME", help="Take the tokenizer from another model or folder."),
            click.option("--device", metavar="DEVICE", help="auto, cpu, cuda, cuda:N or mps."),
            click.option("--dtype", metavar="DTYPE", help="auto, float32, bfloat16 or float16."),
            click.option("--revision", metavar="COMMIT", help="Commit, branch or tag of a model on the hub."),
            click.option(
                "--trust-remote-code",
                is_flag=True,
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
            click.option("--greedy", is_flag=True, default=None, help="Always take the likeliest token."),
        )
    ):
        command = option(command)
    return command


def sampling_params(
    base: SamplingParams = SamplingParams(),  # noqa: B008 (frozen)
    *,
    seed: int | None = None,
    temperature: float | None = None,
    top_p: float | None = None,
    top_k: int | None = None,
    repetition_penalty: float | None = None,
    max_new_tokens: int | None = None,
    candidates: int | None = None,
    greedy: bool | None = None,
) -> SamplingParams:
    """`base` with every flag that was given in its place. A temperature given alone puts `greedy` off."""
    given = {
        "temperature": temperature,
        "top_p": top_p,
        "top_k": top_k,
        "repetition_penalty": repetition_penalty,
        "max_new_tokens": max_new_tokens,
        "greedy": False if greedy is None and temperature else greedy,
        "n": candidates,
        "seed": seed,
    }
    return SamplingParams(
        **{name: getattr(base, name) if value is None else value for name, value in given.items()}  # type: ignore[arg-type]
    )


def model_kwargs(
    model: str | None,
    tokenizer: str | None,
    device: str | None,
    dtype: str | None,
    revision: str | None,
    trust_remote_code: bool | None,
) -> dict[str, Any]:
    """What was given of `model_options`, as keywords for `mtchat.models.load_model`."""
    given = {
        "name": model,
        "tokenizer": tokenizer,
        "device": device,
        "dtype": dtype,
        "revision": revision,
        "trust_remote_code": trust_remote_code,
    }
    return {name: value for name, value in given.items() if value is not None}
