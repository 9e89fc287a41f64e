"""The builtins a program sees: Python's own where they are benign, guarded twins where they reach further.

Knows each builtin by name; a builtin that is not listed is absent. Leaves to others: the guards themselves (`guards`).
"""

import ast
import builtins
import os
import sys
import types
import weakref
from typing import Any, NoReturn

from mtchat.sandbox import policy, system, tame
from mtchat.sandbox.curated import WAYS_IN, words
from mtchat.sandbox.guards import Guards
from mtchat.sandbox.hot import hot
from mtchat.sandbox.names import PolicyError
from mtchat.sandbox.own import MAIN, exact, is_a, is_own
from mtchat.sandbox.patterns import Patterns
from mtchat.sandbox.twins import refused

BENIGN = words(
    """
    abs aiter all anext any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod enumerate filter
    float format frozenset hash hex id input int isinstance issubclass iter len list map max memoryview min next object
    oct ord pow print property range repr reversed round set slice sorted staticmethod str sum super tuple type zip
    Ellipsis False None NotImplemented True __build_class__ __debug__ __import__
    """
)
"""`__import__` is there for C code that runs in a program's frames; no program can spell it."""


def build(guards: Guards, scratch: str, namespace: dict[str, Any], roots: tuple[str, ...] = ()) -> dict[str, Any]:
    """The `__builtins__` of restricted code."""
    system.install(guards)
    tame.tame()
    holder = types.ModuleType("builtins")
    table = vars(holder)
    table.clear()
    table["__name__"] = MAIN
    table |= {name: getattr(builtins, name) for name in BENIGN if hasattr(builtins, name)}
    table |= {name: value for name, value in vars(builtins).items() if _is_exception(value)}
    table |= {"exit": exit_, "quit": exit_, "compile": refused("compile"), "breakpoint": refused("breakpoint")}
    table |= _attributes(guards) | _namespaces(guards, namespace) | _evaluation(guards, holder)
    table["open"] = _scratch_open(scratch, roots)
    table |= hot(guards) | {
        policy.SPECIAL: guards.special,
        policy.IMPORT: guards.import_,
        policy.FROM: guards.from_,
        policy.STAR: guards.star,
        policy.SUBJECT: guards.subject,
        policy.CAPTURED: guards.captured,
        policy.PATTERNS: Patterns(guards, table),
    }
    for name in ("open", "getattr", "setattr", "delattr", "hasattr", "vars", "eval", "exec", "globals", "locals"):
        guards.replace(getattr(builtins, name), table[name])
    for name in ("__import__", "compile", "breakpoint"):
        guards.replace(getattr(builtins, name), refused(name))
    guards.hide(_machinery())
    return table


def _machinery() -> set[type]:
    """The sandbox's own types, but for errors."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("mtchat.")]
    return {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__.startswith("mtchat.") and not _is_exception(value)
    }


def _is_exception(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def exit_(code: Any = None) -> NoReturn:
    raise SystemExit(code)


_MISSING = object()


def _attributes(guards: Guards) -> dict[str, Any]:
    def getattr_(obj: Any, name: str, default: Any = _MISSING, /) -> Any:
        try:
            return guards.special(obj, exact(name))
        except AttributeError:
            if default is _MISSING:
                raise
            return default

    def hasattr_(obj: Any, name: str, /) -> bool:
        try:
            guards.special(obj, exact(name))
        except AttributeError:
            return False
        return True

    def setattr_(obj: Any, name: str, value: Any, /) -> None:
        name = exact(name)
        setattr(guards.write(obj, name), name, value)

    def delattr_(obj: Any, name: str, /) -> None:
        name = exact(name)
        delattr(guards.write(obj, name), name)

    return {"getattr": getattr_, "hasattr": hasattr_, "setattr": setattr_, "delattr": delattr_}


_VIEWS: "weakref.WeakSet[type]" = weakref.WeakSet()


def _view(namespace: dict[str, Any]) -> dict[str, Any]:
    """What `globals()` gives: the program's names without the machinery; writing one binds it.

    A class of its own each time: what it knows must be nothing that the object, or a class made from it, has.
    """

    class Globals(dict[str, Any]):
        __slots__ = ()

        def __setitem__(self, name: str, value: Any) -> None:
            name = _bindable(name)
            super().__setitem__(name, value)
            namespace[name] = value

        def __delitem__(self, name: str) -> None:
            super().__delitem__(name)
            del namespace[_bindable(name)]

        def update(self, *args: Any, **kwargs: Any) -> None:
            for name, value in dict(*args, **kwargs).items():
                self[name] = value

    _VIEWS.add(Globals)
    return Globals({name: value for name, value in namespace.items() if not _is_machinery(name)})


def _bindable(name: Any) -> str:
    if not isinstance(name, str) or _is_machinery(str.__str__(name)):
        raise PolicyError(f"the name {name!r} cannot be bound in the sandbox")
    return str.__str__(name)


def _is_machinery(name: str) -> bool:
    return name.startswith("$") or name in ("__builtins__", "__loader__", "__spec__")


def _namespaces_of_libraries() -> tuple[type, ...]:
    argparse: Any = sys.modules.get("argparse")
    return (types.SimpleNamespace, argparse.Namespace) if argparse else (types.SimpleNamespace,)


def _caller(depth: int = 2) -> types.FrameType:
    return sys._getframe(depth)


def _locals(frame: types.FrameType) -> Any:
    return _view(frame.f_globals) if frame.f_locals is frame.f_globals else frame.f_locals


def _namespaces(guards: Guards, namespace: dict[str, Any]) -> dict[str, Any]:
    def globals_() -> dict[str, Any]:
        return _view(_caller().f_globals)

    def locals_() -> Any:
        return _locals(_caller())

    def vars_(*objects: Any) -> Any:
        if not objects:
            return _locals(_caller())
        if is_a(objects[0], types.ModuleType):
            raise PolicyError("vars() of a module is not allowed in the sandbox; dir() lists its names")
        if not is_own(objects[0]) and not is_a(objects[0], _namespaces_of_libraries()):
            if not hasattr(objects[0], "__dict__"):
                raise TypeError("vars() argument must have __dict__ attribute")
            raise PolicyError(f"vars() of a '{type(objects[0]).__name__}' is not allowed in the sandbox")
        return vars(*objects)

    def dir_(*objects: Any) -> list[str]:
        if objects:
            guards.check_value(objects[0])
            return dir(*objects)
        return sorted(name for name in _caller().f_locals if not _is_machinery(name))

    return {"globals": globals_, "locals": locals_, "vars": vars_, "dir": dir_}


def _evaluation(guards: Guards, holder: types.ModuleType) -> dict[str, Any]:
    """eval and exec. `holder` is a module, since a program sees what its own dictionary gets as `__builtins__`."""

    def run(source: Any, scope: dict[str, Any] | None, local: Any, mode: str, frame: types.FrameType) -> Any:
        if not isinstance(source, str):
            raise PolicyError(f"{mode}() takes only source text in the sandbox")
        if any(type(each) not in (dict, type(None)) and type(each) not in _VIEWS for each in (scope, local)):
            if (scope is not None and type(scope) is not dict) or mode == "exec":
                raise PolicyError(f"{mode}() takes plain dictionaries in the sandbox")
            local = dict(local)
        if scope is None:
            scope, local = frame.f_globals, frame.f_locals if local is None else local
        elif type(scope) is dict:
            scope["__builtins__"] = holder
        else:
            scope = frame.f_globals
        tree: Any = ast.parse(source.lstrip(" \t") if mode == "eval" else source, "<string>", mode)
        policy.restrict(tree, guards.imports, guards.fast)
        code = compile(tree, "<string>", mode, dont_inherit=True)
        return eval(code, scope, scope if local is None else local)

    def eval_(source: Any, globals: Any = None, locals: Any = None, /) -> Any:
        return run(source, globals, locals, "eval", _caller())

    def exec_(source: Any, globals: Any = None, locals: Any = None, /) -> None:
        run(source, globals, locals, "exec", _caller())

    return {"eval": eval_, "exec": exec_}


def _scratch_open(scratch: str, roots: tuple[str, ...] = ()) -> Any:
    """`open`, for files in the scratch directory (and `roots`, which a person opened) only."""
    scratch = os.path.realpath(scratch)
    inside = (scratch, *map(os.path.realpath, roots))

    class ScratchOpen:
        __slots__ = ()
        __name__ = "open"

        def __call__(self, file: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(file, os.PathLike):
                file = os.fspath(file)
            if not isinstance(file, str):
                raise PolicyError("open() takes only a file's name in the sandbox")
            file = exact(file)
            path = os.path.realpath(os.path.join(scratch, file))
            if not any(path == root or path.startswith(root + os.sep) for root in inside):
                raise PolicyError(
                    f"open({file!r}) is not allowed in the sandbox "
                    f"(only files in its own scratch directory: give a plain file name; {WAYS_IN})"
                )
            kwargs.pop("opener", None)
            return open(file, *args[:6], **kwargs)

        def __repr__(self) -> str:
            return "<built-in function open>"

    ScratchOpen.__name__ = ScratchOpen.__qualname__ = "builtin_function_or_method"  # what an error calls it
    return ScratchOpen()
