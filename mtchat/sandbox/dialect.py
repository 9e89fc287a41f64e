"""The language that programs are written in: restricted Python, or Python as it is.

Knows which builtins a program sees and what its tree goes through before it is compiled. `Restricted` puts together
the language layer (`policy`, `guards`, `twins`, `builtin`, `libraries`, `audit`); `Open` leaves it out, for when the
kernel alone is to hold, and is the seam for other languages. Leaves to others: running (`program`).
"""

import ast
import builtins
import os
from collections.abc import Callable
from typing import Any, Protocol

from mtchat.sandbox import builtin, guards, libraries, policy, twins
from mtchat.sandbox.allowlist import Imports
from mtchat.sandbox.audit import Audit


class Dialect(Protocol):
    """`builtins`: what a program's `__builtins__` is."""

    builtins: dict[str, Any]

    def restrict(self, tree: ast.Module) -> None:
        """Rewrite `tree` in place; PolicyError for what is refused."""

    def watch(self) -> None:
        """From here on a program may run, between its turns too: finalisers and threads do."""

    def after_import(self) -> None:
        """What a newly imported library needs before the program sees it."""


class Open:
    """Python as it is: no filter, no guards."""

    def __init__(self) -> None:
        self.builtins = dict(vars(builtins))

    def restrict(self, tree: ast.Module) -> None:
        pass

    def watch(self) -> None:
        pass

    def after_import(self) -> None:
        pass


class Restricted:
    """The language layer over `namespace`, by the rules of a `Policy`. `on_import` follows each import of a program's.

    At level `full` it is the fast one, which leaves to the kernel what would cost loops their speed (`policy`).
    """

    def __init__(
        self, rules: dict[str, Any], files: str, namespace: dict[str, Any], level: str, on_import: Callable[[], None]
    ) -> None:
        read, write = tuple(rules["read"]), tuple(rules["write"])
        self._imports = Imports(tuple(rules["allow_imports"]))
        self._audit = Audit(files, os.environ.get("HOME", files), read, write)
        self._audit.install()
        self._guards = guards.Guards(self._imports, on_import, fast=level == "full")
        twins.Twins(self._guards).install()
        self.builtins = builtin.build(self._guards, files, namespace, (*read, *write))
        libraries.install(self._guards, self.builtins)

    def restrict(self, tree: ast.Module) -> None:
        policy.restrict(tree, self._imports, self._guards.fast)

    def watch(self) -> None:
        self._audit.active = True

    def after_import(self) -> None:
        pass  # the guards prepare each module themselves
