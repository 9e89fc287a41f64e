"""Standard-library modules that act on names and source text from their callers, taught the language's rules.

Knows which modules do it, and how each is held: a module's own global name shadows the builtin, so `dataclasses` gets
an `exec` that runs only what dataclasses itself would write, `typing` a `compile` that takes only annotations,
`argparse`, `copy` and others a `getattr` and `setattr` that refuse the interpreter's names. Libraries notice nothing.
Leaves to others: what programs call themselves (`twins`, `builtin`).
"""

import ast
import builtins
import string
import sys
import types
from collections.abc import Iterator
from typing import Any

from mtchat.sandbox.names import REFUSED_ATTRIBUTES, PolicyError, refused_attribute

_BY_NAME = (
    "argparse", "contextlib", "copy", "dataclasses", "enum",
    "unittest.case", "unittest.suite", "unittest.loader", "unittest.runner",
)  # fmt: skip
_OTHERS = ("asyncio.base_tasks", "copy", "dataclasses", "functools", "inspect", "logging", "typing")
_STREAMS = frozenset({"stdin", "stdout", "stderr"})
_ANNOTATION = (
    ast.Expression, ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.BinOp, ast.BitOr, ast.Tuple, ast.List,
    ast.Starred, ast.UnaryOp, ast.USub, ast.Load,
)  # fmt: skip
_OF_DATACLASSES = frozenset({"type", "super", "hash", "NotImplemented", "self", "cls"})
_DEEP = REFUSED_ATTRIBUTES | {
    f"__{name}__"
    for name in ("globals", "code", "closure", "builtins", "subclasses", "self", "loader", "spec", "import")
}
_NO_COPIES = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType)
_done: set[str] = set()


def tame() -> None:
    """Teach what is imported by now; cheap when there is nothing new."""
    for name in {*_BY_NAME, *_OTHERS} - _done:
        if is_there(name):
            _done.add(name)
            _teach(name, vars(sys.modules[name]))


def is_there(name: str) -> bool:
    """Whether the module `name` has been imported, to its end."""
    module = sys.modules.get(name)
    return module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False)


def _teach(name: str, own: dict[str, Any]) -> None:
    if name in _BY_NAME:
        own.update(getattr=_getattr, setattr=_setattr, hasattr=_hasattr)
    match name:
        case "typing":
            own["compile"] = compile_annotation
        case "dataclasses":
            own["exec"] = exec_dataclass
        case "inspect":
            own["eval"] = _no_eval
        case "logging":
            own["StrFormatStyle"]._format = _format_record
        case "copy":
            own["_reconstruct"] = _plain_reconstruct(own["_reconstruct"])
        case "functools":
            own["cached_property"].__get__ = _in_its_place(own["cached_property"].__get__)
        case "asyncio.base_tasks":  # C code holds the function itself, so that it must stay the same object
            own["_task_get_stack"].__code__ = _no_stack.__code__


def _no_stack(task: Any, limit: Any) -> Any:
    raise PermissionError("the stack of a task is out of reach in the sandbox")


def _dictionaries(cls: type) -> list[dict[str, Any]]:
    return [type.__dict__["__dict__"].__get__(each) for each in type.__dict__["__mro__"].__get__(cls)]


def _in_its_place(original: Any) -> Any:
    """A cached property that a class does not have under that name would read, or fill, any object's dictionary."""

    def __get__(self: Any, instance: Any, owner: Any = None) -> Any:
        if instance is not None:
            changed = any(
                name in own for own in _dictionaries(type(self))[:-1] for name in ("attrname", "__getattribute__")
            )
            name = None if changed else self.attrname
            found = [own[name] for own in _dictionaries(type(instance)) if name in own] if type(name) is str else []
            if not found or found[0] is not self:
                raise PolicyError("a cached property belongs to the class that it was made in, in the sandbox")
        return original(self, instance, owner)

    return __get__


def _plain_reconstruct(original: Any) -> Any:
    """Copies are made by what an object's `__reduce_ex__` says, and it may say: write this into that."""

    def _reconstruct(x: Any, memo: Any, func: Any, args: Any, *state: Any, **options: Any) -> Any:
        def make(*given: Any) -> Any:
            made = func(*given)
            if issubclass(type(made), _NO_COPIES):
                raise PolicyError(f"a copy cannot be a {type(made).__name__} in the sandbox")
            return made

        return original(x, memo, make, args, *state, **options)

    return _reconstruct


def _checked(obj: Any, name: Any) -> str:
    name = str.__str__(name)  # a subclass could answer our questions with lies of its own
    if obj is sys and name not in _STREAMS:
        raise PolicyError("the interpreter itself is out of reach in the sandbox")
    if name in _DEEP:
        raise PolicyError(f"the attribute '{name}' is not allowed in the sandbox (it reaches into the interpreter)")
    return name


def _getattr(obj: Any, name: Any, *default: Any) -> Any:
    return builtins.getattr(obj, _checked(obj, name), *default)


def _setattr(obj: Any, name: Any, value: Any) -> None:
    builtins.setattr(obj, _checked(obj, name), value)


def _hasattr(obj: Any, name: Any) -> bool:
    return builtins.hasattr(obj, _checked(obj, name))


def _no_eval(*args: Any) -> Any:
    raise PolicyError("inspect does not evaluate text in the sandbox")


def compile_annotation(source: Any, filename: str, mode: str, *args: Any, **options: Any) -> Any:
    """`typing` compiles annotations that are strings, and may evaluate them later: names and subscripts, no calls."""
    if not isinstance(source, str):
        raise PolicyError("an annotation is text in the sandbox")
    for node in ast.walk(ast.parse(str.__str__(source), filename, "eval")):
        name = str(getattr(node, "attr", "") or getattr(node, "id", ""))
        if not isinstance(node, _ANNOTATION) or refused_attribute(name):
            raise PolicyError(f"the annotation {str.__str__(source)!r} is more than names in the sandbox")
    return compile(str.__str__(source), filename, mode, *args, **options)


def exec_dataclass(source: str, scope: Any, local: Any) -> None:
    """`dataclasses` writes methods as text, with the fields' names in it: only what it would write itself may run."""
    tree = ast.parse(source)
    outer = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(outer, ast.FunctionDef) or not _is_generated(outer):
        raise PolicyError("a field's name is not a name")
    exec(compile(tree, "<string>", "exec"), scope, local)


def _is_generated(outer: ast.FunctionDef) -> bool:
    given = {each.arg for each in outer.args.args}
    if ast.unparse(outer.args).split(", ") != [each.arg for each in outer.args.args] and given:
        return False
    functions = [each for each in outer.body if isinstance(each, ast.FunctionDef)]
    names = given | {each.name for each in functions} | _OF_DATACLASSES
    for function in functions:
        inner = {each.arg for each in _arguments(function)}
        outside = [
            *function.args.defaults,
            *function.args.kw_defaults,
            *(each.annotation for each in _arguments(function)),
        ]
        if not all(_names(each) <= given for each in outside if each is not None):
            return False
        if not all(_names(each) <= names | inner for each in function.body):
            return False
    return not any(
        isinstance(node, ast.Import | ast.ImportFrom | ast.Global) or _leads_out(node) for node in ast.walk(outer)
    )


def _arguments(function: ast.FunctionDef) -> Iterator[ast.arg]:
    yield from function.args.posonlyargs
    yield from function.args.args
    yield from function.args.kwonlyargs


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _leads_out(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and refused_attribute(node.attr) is not None


def _format_record(self: Any, record: Any) -> str:
    """A log format in `{}` style: names only. What is looked at is what is used, so it is asked for once."""
    fmt = str.__str__(self._fmt)
    for _, field, spec, _ in string.Formatter().parse(fmt):
        if not set(".[").isdisjoint(field or "") or "{" in (spec or ""):
            raise PolicyError("a log format may not read attributes in the sandbox")
    return fmt.format(**{**(self._defaults or {}), **record.__dict__})
