"""`mtchat doctor`: what works here, what is missing, and what to do about it.

Knows which checks there are; each room answers for itself.
"""

import importlib.metadata
import platform
import sys
import time
from collections.abc import Iterator

import click

from mtchat.repl.plain import echo

EXTRAS = ("numpy", "pandas", "scikit-learn", "matplotlib")
LEVELS = {
    "no-landlock": ": code is shown before it runs",
    "no-userns": ": code is shown before it runs",
    "language-only": ": starts only with --allow-reduced-isolation",
}
WAYS_UP = {
    "namespace": (
        "to raise the level: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu 23.10 and later), "
        "kernel.unprivileged_userns_clone=1 (Debian), user.max_user_namespaces=10000 (where it is 0)",
        "in Docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt "
        "systempaths=unconfined lets the container make namespaces (and takes Docker's own filters away from it)",
    ),
    "landlock": (
        "for Landlock: Linux 5.13 or later, built with it and with landlock in its list of security modules "
        "(/sys/kernel/security/lsm; boot with lsm=landlock,…)",
    ),
    "seccomp": ("for seccomp: a kernel with CONFIG_SECCOMP_FILTER, and a container that lets filters be set",),
}


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
        echo(section)
        for good, needed, text in checks:
            echo(f"  {'ok ' if good else 'NO ' if needed else '-  '} {text}")
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
    from mtchat import config
    from mtchat.errors import ConfigError, MtchatError
    from mtchat.sandbox import Sandbox, isolation_report

    try:
        reduced = config.load().allow_reduced_isolation
    except ConfigError:  # told under "settings"
        reduced = False
    start = time.perf_counter()
    missing: list[str] = []
    try:
        with Sandbox(allow_reduced=reduced) as sandbox:
            level = sandbox.isolation.level
            missing = [layer.name for layer in sandbox.isolation.layers if not layer.holds]
            execution, _ = sandbox.run("6 * 7")
        took = (time.perf_counter() - start) * 1000
        yield execution.value == "42", True, f"a program runs in a process of its own ({took:.0f} ms with its start)"
        yield level == "full", False, f"isolation level: {level}{'' if level == 'full' else LEVELS.get(level, '')}"
        yield True, True, "self-test: the worker tried to break out as it started, and could not"
    except MtchatError as error:
        yield False, True, str(error)
    for layer, holds, says in isolation_report():
        yield holds, False, f"{layer}: {says}"
        missing += [layer] if not holds else []
    for way in ways_up(missing):
        yield False, False, way


def ways_up(missing: list[str]) -> list[str]:
    """What a person can do about the layers that do not hold."""
    return [way for word, ways in WAYS_UP.items() if any(word in layer.lower() for layer in missing) for way in ways]


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
