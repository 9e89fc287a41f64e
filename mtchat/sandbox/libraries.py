"""Data libraries that evaluate text or read attributes named in text, taught the language's rules.

Knows where sympy, pandas and matplotlib do it; each is taught once it has been imported, and notices nothing else.
Leaves to others: the standard library (`tame`, `twins`), files that libraries open (`audit`).
"""

import ast
import builtins
import functools
import operator
import string
import sys
import types
from typing import Any

from mtchat.sandbox import policy
from mtchat.sandbox.guards import Guards
from mtchat.sandbox.names import PolicyError, refused_attribute
from mtchat.sandbox.own import exact, is_a
from mtchat.sandbox.twins import hide_original, pandas_eval, refused


def install(guards: Guards, table: dict[str, Any]) -> None:
    """`table` is what restricted code has as its builtins."""
    sympy = _Sympy(guards, table)
    guards.when("sympy.parsing.sympy_parser", sympy.parser)
    guards.when("sympy.utilities.lambdify", sympy.lambdify)
    guards.when("pandas", lambda pandas: _pandas(guards, pandas))
    guards.when("pandas.io.formats.style", _plain_styles)
    guards.when("jinja2", lambda jinja2: guards.hide({jinja2.Environment, jinja2.Template}))
    guards.when("sklearn.feature_selection._base", lambda base: vars(base).update(attrgetter=_attrgetter))
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


def _attrgetter(*names: str) -> Any:
    for name in names:
        for part in exact(name).split("."):
            if (why := refused_attribute(part)) is not None:
                raise PolicyError(why)
    return operator.attrgetter(*map(exact, names))


def _pandas(guards: Guards, pandas: Any) -> None:
    guards.replace(pandas.eval, pandas_eval(pandas.eval))
    original = pandas.DataFrame.style.fget

    @functools.wraps(original)
    def style(self: Any) -> Any:
        styler = original(self)  # imports what writes templates, on the first use
        guards.settle()
        return styler

    pandas.DataFrame.style = property(hide_original(style))


def _plain_styles(style: Any) -> None:
    """Templates are programs; and a format that is a text is one for `str.format`."""
    style.Styler.from_custom_template = refused("from_custom_template")
    render = sys.modules["pandas.io.formats.style_render"]
    original = vars(render)["_maybe_wrap_formatter"]

    def wrap(formatter: Any = None, *args: Any, **kwargs: Any) -> Any:
        if isinstance(formatter, str):
            _check_fields(formatter := exact(formatter))
        return original(formatter, *args, **kwargs)

    vars(render)["_maybe_wrap_formatter"] = wrap


def _check_fields(fmt: str) -> None:
    for _, field, spec, _ in string.Formatter().parse(fmt):
        if not set(".[").isdisjoint(field or "") or "{" in (spec or ""):
            raise PolicyError("a number's format may not read attributes in the sandbox")


def _plain_labels(axes: Any) -> None:
    """`bar_label` formats its numbers by `str.format`."""
    original = axes.Axes.bar_label

    @functools.wraps(original)
    def bar_label(self: Any, container: Any, labels: Any = None, *, fmt: Any = "%g", **kwargs: Any) -> Any:
        if isinstance(fmt, str):
            _check_fields(fmt := exact(fmt))
        return original(self, container, labels, fmt=fmt, **kwargs)

    axes.Axes.bar_label = hide_original(bar_label)
