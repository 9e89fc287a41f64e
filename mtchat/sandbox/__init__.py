"""The sandbox: one verb, `Sandbox.run(code, at=snapshot) -> (Execution, Snapshot)`.

Knows the room's public names and imports them only when asked for, because the worker imports this package too and
must not pull in the host's side. docs/sandbox.md says what the sandbox holds and what it does not.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtchat.sandbox.sandbox import Sandbox, isolation_report
    from mtchat.sandbox.values import Isolation, Layer, Limits, Policy, Snapshot, SnapshotGone, Variable

__all__ = [
    "Isolation",
    "Layer",
    "Limits",
    "Policy",
    "Sandbox",
    "Snapshot",
    "SnapshotGone",
    "Variable",
    "isolation_report",
]

_HOMES = {"Sandbox": "sandbox", "isolation_report": "sandbox"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'values')}"), name)
