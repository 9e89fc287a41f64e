"""The language that programs are written in: restricted Python, or Python as it is.

Knows which builtins a program sees and what its tree goes through before it is compiled. `Restricted` puts together
the language layer (`policy`, `guards`, `twins`, `builtin`, `audit`); `Open` leaves it out, for when the kernel alone is
to hold, and is the seam for other languages. Leaves to others: running (`program`).
"""

import ast
import builtins
import os
import sys
from collections.abc import Callable
from typing import Any, Protocol

from mtchat.sandbox import builtin, guards, policy, twins
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
    """The language layer over `namespace`. `on_import` is called after each import of the program's."""

    def __init__(
        self, imports: Imports, files: str, namespace: dict[str, Any], level: str, on_import: Callable[[], None]
    ) -> None:
        self._imports = imports
        self._audit = Audit(files, os.environ.get("HOME", files))
        self._audit.install()
        self._guards = guards.Guards(imports, on_import)
        twins.Twins(self._guards).install()
        self.builtins = builtin.build(self._guards, files, namespace)

    def restrict(self, tree: ast.Module) -> None:
        policy.restrict(tree, self._imports)

    def watch(self) -> None:
        self._audit.active = True

    def after_import(self) -> None:
        self._tame_sympy()
        pandas: Any = sys.modules.get("pandas")
        if hasattr(pandas, "eval") and id(pandas.eval) not in self._guards.replacements:
            self._guards.replace(pandas.eval, twins.pandas_eval(pandas.eval))

    def _tame_sympy(self) -> None:
        """sympy evaluates strings as Python: let it, but under this language and these builtins."""
        parser: Any = sys.modules.get("sympy.parsing.sympy_parser")
        if parser is None or getattr(parser.eval_expr, "__module__", None) == __name__:
            return
        table = self.builtins

        def eval_expr(code: str, local_dict: Any, global_dict: Any) -> Any:
            tree = ast.parse(code.strip(), "<string>", "eval")
            policy.restrict(tree, self._imports)
            scope = {**global_dict, **{k: v for k, v in table.items() if k in global_dict}, "__builtins__": table}
            return eval(compile(tree, "<string>", "eval"), scope, local_dict)

        parser.eval_expr = eval_expr
