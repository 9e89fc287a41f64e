"""Where a module's public attributes lead: run as a script in plain Python, so that nothing is imported twice.

Argument: a JSON list of module names. Prints, for each, the shortest ways found to what a program must not have: real
modules of the interpreter, and their functions and classes. Knows only the standard library and its own list of what
is denied, which owes nothing to the sandbox's lists.
"""

import functools
import importlib
import json
import re
import sys
import types
import warnings
from typing import Any

DEPTH = 3
LOOKS = 6000
"""So many attributes are looked at for one module: some lead through half of a library."""
FOUND = 30
FROM_ONE = 4
"""So many ways are followed out of one denied object."""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DENIED = words(
    """
    os posix sys subprocess _posixsubprocess importlib _frozen_importlib _frozen_importlib_external _imp inspect ctypes
    _ctypes shutil socket _socket tempfile glob pickle _pickle marshal gc runpy code codeop pty signal _signal mmap
    multiprocessing webbrowser http ssl _ssl platform sysconfig site zipimport pkgutil linecache tokenize dis codecs
    _codecs builtins _io select selectors fcntl resource pwd grp _thread mtchat RestrictedPython ast traceback
    """
)
HARMLESS = re.compile(r"^(PathLike|\w*Error|\w*Exception|\w*Warning|GenericAlias|_empty|\w*IO\w*Base|W[A-Z]+)$")
"""Names from denied modules that say nothing: types of errors, abstract classes, what a status means."""
GIVEN = words(
    """
    getcwd listdir scandir walk mkdir makedirs remove unlink rename renames replace rmdir removedirs stat lstat access
    link symlink readlink truncate utime chmod stat_result getenv cpu_count urandom getpid getppid get_terminal_size
    terminal_size fspath fsencode fsdecode strerror times times_result uname uname_result getlogin getuid DirEntry
    _Environ exit exception exc_info getsizeof getrecursionlimit setrecursionlimit intern getrefcount
    getdefaultencoding getfilesystemencoding get_int_max_str_digits set_int_max_str_digits is_finalizing copy copy2
    copyfile copyfileobj copymode copystat copytree move rmtree ignore_patterns NamedTemporaryFile TemporaryFile
    SpooledTemporaryFile TemporaryDirectory mkdtemp gettempdir gettempprefix glob iglob escape has_magic translate
    python_version python_version_tuple python_implementation python_branch python_build python_compiler
    python_revision system machine release signature Signature Parameter BoundArguments getdoc cleandoc isclass
    isfunction ismethod isbuiltin isroutine isabstract isgenerator isgeneratorfunction iscoroutine iscoroutinefunction
    isawaitable isasyncgen isasyncgenfunction isdatadescriptor ismethoddescriptor isgetsetdescriptor ismodule unwrap
    """
)
"""What programs are given by name: files are held by the audit hook and the kernel, whoever opens them."""
TWINNED = ("builtins", "_io", "codecs", "_codecs", "_thread", "traceback", "ast", "dis", "tokenize", "linecache")
"""Of these only the module itself counts: their functions are everywhere and mostly harmless."""


def kind(value: Any) -> str | None:
    """What is denied about it; None where it is harmless or not known."""
    if type(value) is types.ModuleType:
        return "module" if value.__name__.partition(".")[0] in DENIED else None
    if not isinstance(value, type | types.FunctionType | types.BuiltinFunctionType):
        return None
    root = str(getattr(value, "__module__", None)).partition(".")[0]
    if root not in DENIED or root in TWINNED or HARMLESS.match(value.__name__) or _is_given(value):
        return None
    return "class" if isinstance(value, type) else "function"


def _is_given(value: Any) -> bool:
    return value.__name__ in GIVEN and not (value.__name__ == "system" and value.__module__ == "posix")


def text(value: Any) -> str:
    return re.sub(r" at 0x[0-9a-f]+", "", ascii(value))


def bookkeeping(module: types.ModuleType) -> list[list[str]]:
    """What every module leads to: its loader and its specification, a function's code, the module behind a builtin."""
    ways = ["__loader__", "__spec__"]
    functions = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    ways += [f"{name}.__code__" for name, value in functions.items() if type(value) is types.FunctionType][:1]
    ways += [f"{name}.__self__" for name, value in functions.items() if type(value) is types.BuiltinFunctionType][:1]
    found = [(way, functools.reduce(getattr, way.split("."), module)) for way in ways]
    return [["bookkeeping", way, text(value)] for way, value in found if value is not None]


def survey(name: str) -> list[list[str]]:
    """Breadth first: each denied object once, by its shortest way."""
    module = importlib.import_module(name)
    found = bookkeeping(module)
    level: list[tuple[tuple[str, ...], Any]] = [((), module)]
    seen, looks = {id(module)}, 0
    for _ in range(DEPTH):
        following = []
        for path, value in level:
            said = 0
            for attribute in sorted(dir(value), key=lambda name: name.startswith("_")):
                looks += 1
                if looks > LOOKS or len(found) >= FOUND or attribute.startswith("__"):
                    continue
                reached = _value(value, attribute)
                if id(reached) in seen:
                    continue
                seen.add(id(reached))
                step = (*path, attribute)
                if (what := kind(reached)) is not None and said < FROM_ONE:
                    said += kind(value) is not None
                    found.append([what, ".".join(step), text(reached)])
                if isinstance(reached, types.ModuleType | type) and attribute not in GIVEN:
                    following.append((step, reached))
        level = following
    return found


def _value(obj: Any, attribute: str) -> Any:
    try:
        return getattr(obj, attribute)
    except Exception:
        return None


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    ways = {}
    for each in json.loads(sys.argv[1]):
        try:
            ways[each] = survey(each)
        except ImportError:
            ways[each] = []
    print(json.dumps(ways))
