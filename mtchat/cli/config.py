"""`mtchat config`: the settings in force and where each comes from.

Knows how settings are listed. Leaves reading them to `mtchat.config`.
"""

from typing import Any

import click

from mtchat.cli.options import model_options, sampling_options, session_options
from mtchat.repl.plain import echo


@click.command("config")
@click.option("--path", is_flag=True, help="Print only where config.toml is looked for.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@session_options
@model_options
@sampling_options
def config_command(path: bool, as_json: bool, **flags: Any) -> None:
    """Show every setting, its value and where it comes from.

    Set one in config.toml (`temperature = 0.5`), in the environment (MTCHAT_TEMPERATURE=0.5) or by a flag; the later
    one of these counts: with flags, this shows what they would change.
    """
    import msgspec

    from mtchat import config
    from mtchat.cli.common import settings_of

    file = config.config_file()
    if path:
        echo(file)
        return
    settings = settings_of(flags)
    values = {name: getattr(settings, name) for name in config.NAMES}
    if as_json:
        echo(msgspec.json.encode({name: str(v) if name == "data_dir" else v for name, v in values.items()}).decode())
        return
    echo(f"# {file} ({'read' if file.exists() else 'not there: all defaults'})")
    for name, value in values.items():
        echo(f"{name:<24}{_toml(value):<24}# from {settings.sources.get(name, 'mtchat itself')}")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return f"= {str(value).lower()}"
    if isinstance(value, tuple):
        return f"= {list(value)}"
    return "= (none)" if value is None else f"= {value!r}" if isinstance(value, str) else f"= {value}"
