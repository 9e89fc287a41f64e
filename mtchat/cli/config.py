"""`mtchat config`: the settings in force and where each comes from.

Knows how settings are listed. Leaves reading them to `mtchat.config`.
"""

import click

from mtchat.repl.plain import echo


@click.command("config")
@click.option("--path", is_flag=True, help="Print only where config.toml is looked for.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def config_command(path: bool, as_json: bool) -> None:
    """Show every setting, its value and where it comes from.

    Set one in config.toml (`temperature = 0.5`), in the environment (MTCHAT_TEMPERATURE=0.5) or by a flag; the later
    one of these counts.
    """
    import msgspec

    from mtchat import config

    file = config.config_file()
    if path:
        echo(file)
        return
    settings = config.load()
    values = {name: getattr(settings, name) for name in config.NAMES}
    if as_json:
        echo(msgspec.json.encode({name: str(v) if name == "data_dir" else v for name, v in values.items()}).decode())
        return
    echo(f"# {file} ({'read' if file.exists() else 'not there: all defaults'})")
    for name, value in values.items():
        source = settings.sources.get(name)
        echo(f"{name:<20}{_toml(value):<24}{f'# from {source}' if source else ''}".rstrip())


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return f"= {str(value).lower()}"
    if isinstance(value, tuple):
        return f"= {list(value)}"
    return "= (none)" if value is None else f"= {value!r}" if isinstance(value, str) else f"= {value}"
