"""Which modules a program may import, and which names of theirs it may touch: the data of the import policy.

Knows names only. Leaves to others: rewriting import statements (`policy`), looking at modules as they are reached
(`guards`). What is not listed is refused; docs/sandbox.md shows the list to people, a test keeps the two together.
"""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STANDARD = words(
    """
    __future__ abc array base64 binascii bisect calendar cmath collections collections.abc colorsys
    concurrent.futures contextlib contextvars copy csv dataclasses datetime decimal difflib enum errno fractions
    functools graphlib hashlib heapq hmac html io ipaddress itertools json keyword logging math numbers operator
    pprint queue random re reprlib sched secrets statistics string struct textwrap threading time timeit traceback
    types typing unicodedata urllib.parse uuid warnings weakref zlib zoneinfo asyncio
    """
)

LIBRARIES = words(
    "numpy pandas scipy sklearn matplotlib mpl_toolkits sympy networkx seaborn dateutil typing_extensions"
)
"""Roots of packages allowed whole, when installed, but for HIDDEN_MODULES and private submodules."""

HIDDEN_MODULES = words(
    """
    matplotlib.backends matplotlib.sphinxext matplotlib.testing matplotlib.tests networkx.tests numpy.compat
    numpy.conftest numpy.ctypeslib numpy.distutils numpy.f2py numpy.lib.format numpy.lib.npyio numpy.tests
    pandas.compat pandas.conftest pandas.core.computation pandas.io pandas.tests pandas.util scipy.conftest
    scipy.weave sklearn.conftest sklearn.externals sympy.external sympy.parsing.sympy_parser sympy.testing
    sympy.utilities.autowrap sympy.utilities.codegen sympy.utilities.runtests sympy.utilities.source
    """
)

ONLY: dict[str, frozenset[str]] = {
    "asyncio": words(
        """
        run sleep gather create_task wait wait_for as_completed shield timeout timeout_at Queue PriorityQueue LifoQueue
        QueueEmpty QueueFull Lock Event Condition Semaphore BoundedSemaphore Barrier Task Future TaskGroup Runner
        CancelledError TimeoutError InvalidStateError iscoroutine iscoroutinefunction isfuture current_task all_tasks
        ensure_future get_running_loop to_thread ALL_COMPLETED FIRST_COMPLETED FIRST_EXCEPTION
        """
    ),
    "io": words(
        "StringIO BytesIO TextIOBase IOBase RawIOBase BufferedIOBase TextIOWrapper UnsupportedOperation "
        "SEEK_SET SEEK_CUR SEEK_END DEFAULT_BUFFER_SIZE open"
    ),
    "concurrent.futures": words(
        "ThreadPoolExecutor Future as_completed wait Executor TimeoutError CancelledError "
        "ALL_COMPLETED FIRST_COMPLETED FIRST_EXCEPTION"
    ),
    "traceback": words(
        "print_exc format_exc print_exception format_exception format_exception_only format_tb print_tb"
    ),
    "types": words(
        """
        SimpleNamespace MappingProxyType MethodType FunctionType LambdaType BuiltinFunctionType BuiltinMethodType
        GeneratorType CoroutineType AsyncGeneratorType ModuleType NoneType EllipsisType NotImplementedType GenericAlias
        UnionType DynamicClassAttribute new_class prepare_class resolve_bases get_original_bases coroutine
        """
    ),
}
"""Modules of which only these names may be touched."""

HIDDEN_NAMES: dict[str, frozenset[str]] = {
    "typing": frozenset({"get_type_hints", "ForwardRef"}),
    "logging": frozenset({"FileHandler", "config", "handlers", "currentframe", "setLogRecordFactory"}),
    "threading": frozenset({"settrace", "setprofile", "settrace_all_threads", "setprofile_all_threads"}),
    "numpy": frozenset({"ctypeslib", "memmap", "fromfile", "DataSource", "f2py", "distutils"}),
    "numpy.testing": frozenset({"measure", "runstring", "rundocs", "run_module_suite", "import_nose"}),
    "pandas": frozenset({"read_pickle", "to_pickle", "HDFStore", "ExcelFile", "read_clipboard"}),
    "matplotlib.pyplot": frozenset({"switch_backend", "install_repl_displayhook"}),
    "sympy": frozenset({"preview", "test", "doctest", "source"}),
}
"""Names refused in modules that are otherwise allowed."""

DENIED_ORIGINS = words(
    """
    os posix nt posixpath ntpath genericpath sys subprocess _posixsubprocess importlib _frozen_importlib
    _frozen_importlib_external _imp imp inspect ctypes _ctypes shutil socket _socket pathlib tempfile glob pickle
    _pickle marshal gc runpy code codeop pty signal _signal multiprocessing mmap webbrowser http platform sysconfig site
    zipimport pkgutil linecache tokenize dis codecs _codecs joblib pdb bdb mtchat RestrictedPython
    """
)
"""Where a function came from (the root of its `__module__`) when it may not be had even through an allowed module."""

INSTEAD: dict[str, str] = {
    "os": "files are read and written with open(), inside the scratch directory only",
    "pathlib": "files are read and written with open(), inside the scratch directory only",
    "shutil": "files are read and written with open(), inside the scratch directory only",
    "tempfile": "files are read and written with open(), inside the scratch directory only",
    "glob": "files are read and written with open(), inside the scratch directory only",
    "sys": "exit() ends a program and print() writes; the interpreter itself is out of reach",
    "subprocess": "other programs cannot be started",
    "multiprocessing": "other processes cannot be started; threading and concurrent.futures.ThreadPoolExecutor can",
    "socket": "there is no network",
    "requests": "there is no network",
    "urllib": "there is no network; urllib.parse is allowed",
    "http": "there is no network",
    "pickle": "json or copy.deepcopy may serve",
    "ctypes": "native code cannot be called",
    "importlib": "write a plain import statement",
    "builtins": "the builtins are already there",
    "inspect": "the interpreter itself is out of reach",
}


class Imports:
    """The import policy of one sandbox: the lists above and what its `Policy` allows besides."""

    def __init__(self, extra: tuple[str, ...] = ()) -> None:
        self._extra = frozenset(extra)
        self._known: dict[str, str | None] = {}

    def refusal(self, name: str) -> str | None:
        """Why the module `name` is refused, with the way out; None when it is allowed."""
        if name not in self._known:
            self._known[name] = None if self._allows(name) else self._why(name)
        return self._known[name]

    def trusts(self, name: str) -> bool:
        """Whether the person asked for this module: then its public names are not looked at one by one."""
        return not self._extra.isdisjoint(_prefixes(name))

    def _allows(self, name: str) -> bool:
        if self.trusts(name) or name in STANDARD:
            return True
        parts = name.split(".")
        if any(part.startswith("_") for part in parts) or not HIDDEN_MODULES.isdisjoint(_prefixes(name)):
            return False
        return parts[0] in LIBRARIES

    def _why(self, name: str) -> str:
        root = name.partition(".")[0]
        way_out = INSTEAD.get(root, f"to allow it, pass --allow-import {name}")
        return f"the module '{name}' is not allowed in the sandbox ({way_out})"


def _prefixes(name: str) -> list[str]:
    """`a`, `a.b`, `a.b.c` of `a.b.c`."""
    parts = name.split(".")
    return [".".join(parts[: n + 1]) for n in range(len(parts))]
