"""`mtchat doctor`: what works here, what is missing, and what to do about it.

Knows which checks there are; each room answers for itself.
"""

import importlib.metadata
import platform
import sys
import time
from collections.abc import Iterator

import click

EXTRAS = ("numpy", "pandas", "scikit-learn", "matplotlib")


@click.command("doctor")
def doctor_command() -> None:
    """Check this installation. Exit code 1 if something that mtchat needs does not work."""
    broken = False
    for section, checks in (
        ("versions", _versions()),
        ("settings", _settings()),
        ("sandbox", _sandbox()),
        ("models", _models()),
    ):
        click.echo(section)
        for good, needed, text in checks:
            click.echo(f"  {'ok ' if good else 'NO ' if needed else '-  '} {text}")
            broken |= needed and not good
    sys.exit(1 if broken else 0)


Check = tuple[bool, bool, str]
"""(holds, whether mtchat needs it, one line)."""


def _versions() -> Iterator[Check]:
    yield True, True, f"Python {platform.python_version()} on {platform.platform()}"
    for name in ("torch", "transformers", "prompt_toolkit", "RestrictedPython"):
        yield True, True, f"{name} {importlib.metadata.version(name)}"
    for name in EXTRAS:
        try:
            yield True, False, f"{name} {importlib.metadata.version(name)}, for generated programs"
        except importlib.metadata.PackageNotFoundError:
            yield False, False, f"{name} is not installed: programs cannot import it (pip install 'mtchat[data]')"


def _settings() -> Iterator[Check]:
    from mtchat import config
    from mtchat.errors import ConfigError
    from mtchat.session import listing

    file = config.config_file()
    try:
        settings = config.load()
    except ConfigError as error:
        yield False, True, str(error)
        return
    yield True, True, f"{file} ({'read' if file.exists() else 'not there: all defaults'})"
    folder = settings.sessions_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (probe := folder / ".doctor").touch()
        probe.unlink()
        yield True, True, f"sessions are kept in {folder}, {len(listing(folder))} so far"
    except OSError as error:
        yield False, True, f"sessions cannot be kept in {folder}: {error.strerror}; set data_dir"


def _sandbox() -> Iterator[Check]:
    from mtchat.errors import MtchatError
    from mtchat.sandbox import Sandbox, isolation_report

    start = time.perf_counter()
    try:
        with Sandbox() as sandbox:
            execution, _ = sandbox.run("6 * 7")
        took = (time.perf_counter() - start) * 1000
        yield execution.value == "42", True, f"a program runs in a process of its own ({took:.0f} ms with its start)"
    except MtchatError as error:
        yield False, True, str(error)
    for layer, holds, says in isolation_report():
        yield holds, False, f"{layer}: {says}"


def _models() -> Iterator[Check]:
    from mtchat.errors import ModelError
    from mtchat.models import known_models, load_model

    try:
        model = load_model("embedded")
        yield True, True, f"embedded: {model.info.name}, context {model.context_length} tokens, loads and is intact"
        model.close()
    except ModelError as error:
        yield False, True, f"embedded: {error}"
    here = [model.name for model in known_models() if model.kind != "embedded" and model.bytes]
    said = ", ".join(here) if here else "no other model is on this disk"
    yield bool(here), False, f"{said}; mtchat models lists those there are"
