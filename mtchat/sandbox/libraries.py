"""Data libraries that evaluate text or read attributes named in text, taught the language's rules.

Knows where sympy, pandas and matplotlib do it; each is taught once it has been imported, and notices nothing else.
Leaves to others: the standard library (`tame`, `twins`), files that libraries open (`audit`).
"""

import ast
import builtins
import functools
import string
import types
from typing import Any

from mtchat.sandbox import policy
from mtchat.sandbox.guards import Guards, exact, is_a
from mtchat.sandbox.names import PolicyError
from mtchat.sandbox.twins import hide_original, pandas_eval


def install(guards: Guards, table: dict[str, Any]) -> None:
    """`table` is what restricted code has as its builtins."""
    sympy = _Sympy(guards, table)
    guards.when("sympy.parsing.sympy_parser", sympy.parser)
    guards.when("sympy.utilities.lambdify", sympy.lambdify)
    guards.when("pandas", lambda pandas: guards.replace(pandas.eval, pandas_eval(pandas.eval)))
    guards.when("matplotlib.axes", _plain_labels)


class _Sympy:
    """sympy writes Python and runs it: let it, but under this language and these builtins."""

    def __init__(self, guards: Guards, table: dict[str, Any]) -> None:
        self._guards, self._table = guards, table

    def parser(self, parser: Any) -> None:
        table = self._table

        def eval_expr(code: str, local_dict: Any, global_dict: Any) -> Any:
            known = {k: v for k, v in table.items() if k in global_dict}
            return eval(self._compiled(code.strip(), "<string>", "eval"), self._scope(global_dict, known), local_dict)

        parser.eval_expr = eval_expr

    def lambdify(self, module: Any) -> None:
        commands = frozenset(command for *_, lines in module.MODULES.values() for command in lines)

        def exec_(code: Any, scope: dict[str, Any], local: dict[str, Any]) -> None:
            if is_a(code, types.CodeType):
                exec(code, self._scope(scope, self._builtins()), local)
            elif (text := exact(code)) in commands:
                exec(text, scope, local)  # sympy's own way to a library's names
            else:
                exec(self._compiled(text, "<string>", "exec"), self._scope(scope), local)

        def eval_(code: Any) -> Any:
            if (text := exact(code)) not in commands:
                raise PolicyError("lambdify evaluates no text in the sandbox")
            return eval(text, vars(module))

        module.compile, module.exec, module.eval = self._compiled, exec_, eval_

    def _compiled(self, source: str, filename: str, mode: str) -> types.CodeType:
        tree: Any = ast.parse(exact(source), filename, mode)
        policy.restrict(tree, self._guards.imports, self._guards.fast)
        return compile(tree, filename, mode, dont_inherit=True)

    def _scope(self, names: dict[str, Any], besides: dict[str, Any] | None = None) -> dict[str, Any]:
        """`names` as a program may have them: no modules but those that it might import."""
        scope = dict(names) | (besides or {}) | {"__builtins__": self._table}
        for name, value in names.items():
            if name not in (besides or {}) and is_a(value, types.ModuleType):
                if self._guards.imports.refusal(value.__name__) is None:
                    scope[name] = self._guards.facade(value)
                else:
                    scope.pop(name)
        scope["__builtins__"] = self._table
        return scope

    def _builtins(self) -> dict[str, Any]:
        """What the printers call `builtins`, for functions that a program's own names hide."""
        names = {name: value for name, value in self._table.items() if getattr(builtins, name, None) is value}
        return {"builtins": types.SimpleNamespace(**names)}


def _plain_labels(axes: Any) -> None:
    """`bar_label` formats its numbers by `str.format`."""
    original = axes.Axes.bar_label

    @functools.wraps(original)
    def bar_label(self: Any, container: Any, labels: Any = None, *, fmt: Any = "%g", **kwargs: Any) -> Any:
        if isinstance(fmt, str):
            fmt = exact(fmt)
            for _, field, spec, _ in string.Formatter().parse(fmt):
                if not set(".[").isdisjoint(field or "") or "{" in (spec or ""):
                    raise PolicyError("a label's format may not read attributes in the sandbox")
        return original(self, container, labels, fmt=fmt, **kwargs)

    axes.Axes.bar_label = hide_original(bar_label)
