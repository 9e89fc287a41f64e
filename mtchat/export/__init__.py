"""Exporters: what a session becomes outside mtchat.

Knows the table of exporters, each loaded when it is asked for. Adding one is one function and one table line. Leaves
each form to its own module, files and flags to `mtchat.cli.export`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from mtchat.errors import CommandError
from mtchat.session import Session

EXPORTERS: dict[str, tuple[str, str]] = {
    "py": ("mtchat.export.script:script", "a Python script, each turn's code below its intent"),
    "mtpb": ("mtchat.export.mtpb:line", "one problem a line, as the Multi-Turn Programming Benchmark writes them"),
}
"""name -> (where its function lies, what it makes in words). The function takes a `Subject` and gives text."""

FORMS = {".jsonl": "mtpb"}
"""The form that a suffix means, where it is not the form's own name."""


@dataclass(frozen=True)
class Subject:
    """A session to export, and the name that its file has."""

    name: str
    session: Session


Exporter = Callable[[Subject], str]


def exporter(name: str) -> Exporter:
    """The exporter of that name. Raises CommandError if there is none."""
    if name not in EXPORTERS:
        raise CommandError(f"there is no exporter {name!r}: {', '.join(EXPORTERS)}")
    module, function = EXPORTERS[name][0].split(":")
    found: Exporter = getattr(import_module(module), function)
    return found


def form_of(path: Path) -> str:
    """The form that a file's suffix asks for. Raises CommandError for one that none has."""
    suffix = path.suffix.lower()
    form = FORMS.get(suffix, suffix.removeprefix("."))
    if form not in EXPORTERS:
        known = {name: next((s for s, f in FORMS.items() if f == name), f".{name}") for name in EXPORTERS}
        raise CommandError(f"{path} does not say which form it is to have: let it end in {' or '.join(known.values())}")
    return form
