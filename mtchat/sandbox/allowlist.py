"""Which modules a program may import, and which names of theirs it may touch: the data of the import policy.

Knows names only (`curated` has those of the modules that are given in part). Leaves to others: rewriting import
statements (`policy`), looking at modules as they are reached (`guards`). What is not listed is refused;
docs/sandbox.md shows the list to people, a test keeps the two together.
"""

from mtchat.sandbox.curated import CURATED, INSTEAD_OF_NAMES, words

STANDARD = words(
    """
    __future__ abc argparse array ast asyncio base64 binascii bisect bz2 calendar cmath collections collections.abc
    colorsys concurrent.futures configparser contextlib contextvars copy csv dataclasses datetime decimal difflib enum
    errno fnmatch fractions functools getopt glob graphlib gzip hashlib heapq hmac html html.entities html.parser
    inspect io ipaddress itertools json keyword locale logging lzma math numbers operator os os.path pathlib platform
    pprint queue random re reprlib sched secrets shlex shutil statistics string struct sys tempfile textwrap threading
    time timeit tomllib traceback types typing unicodedata unittest urllib.parse uuid warnings weakref
    xml.etree.ElementTree zipfile zlib zoneinfo
    """
)
ALIASES = {"posixpath": "os.path"}
"""What a module calls itself, when not what programs call it."""

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

HIDDEN_NAMES: dict[str, frozenset[str]] = {
    "ast": frozenset({"main"}),
    "enum": frozenset({"global_enum", "global_str", "global_enum_repr", "global_flag_repr"}),
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
    _frozen_importlib_external _imp imp inspect ctypes _ctypes shutil socket _socket tempfile pickle
    _pickle marshal gc runpy code codeop pty signal _signal multiprocessing mmap webbrowser http platform sysconfig site
    zipimport pkgutil linecache tokenize dis codecs _codecs joblib pdb bdb mtchat RestrictedPython
    """
)
"""Where a function came from (the root of its `__module__`) when it may not be had even through an allowed module."""

INSTEAD: dict[str, str] = {
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
    "signal": "a turn's time is limited from outside",
    "getpass": "ask with input()",
    "gc": "the interpreter itself is out of reach",
    "sqlite3": "dictionaries and pandas may serve; --allow-import sqlite3 gives it, and with it ATTACH of any file",
    "doctest": "write assert statements",
}


class Imports:
    """The import policy of one sandbox: the lists above and what its `Policy` allows besides."""

    def __init__(self, extra: tuple[str, ...] = ()) -> None:
        self._extra = frozenset(extra)
        self._known: dict[str, str | None] = {}
        self._listed = STANDARD | self._extra
        parents = {each for name in self._listed for each in _prefixes(name)[:-1]} - self._listed - LIBRARIES
        self._parents = {
            parent: frozenset(
                name.removeprefix(parent + ".").partition(".")[0]
                for name in self._listed
                if name.startswith(parent + ".")
            )
            for parent in parents
        }
        """Packages that are there only as the way to a module on the list, with the names that lead to it."""

    def refusal(self, name: str) -> str | None:
        """Why the module `name` is refused, with the way out; None when it is allowed."""
        if name not in self._known:
            self._known[name] = None if self._allows(name) else self._why(name)
        return self._known[name]

    def trusts(self, name: str) -> bool:
        """Whether the person asked for this module: then its public names are not looked at one by one."""
        return not self._extra.isdisjoint(_prefixes(ALIASES.get(name, name)))

    def only(self, module: str) -> frozenset[str] | None:
        """The names of `module` that may be touched; None when there is no such list."""
        if self.trusts(module):
            return None
        return CURATED.get(module, self._parents.get(module))

    def name_refusal(self, module: str, name: str) -> str | None:
        """Why the name `name` of an allowed module is refused; None when what it stands for decides."""
        if name == "*" or self.trusts(module):
            return None
        only = self.only(module)
        if (only is None or name in only) and name not in HIDDEN_NAMES.get(module, ()):
            return None
        if module in self._parents:
            return self._why(f"{module}.{name}")
        way_out = INSTEAD_OF_NAMES.get(f"{module}.{name}", INSTEAD_OF_NAMES.get(module))
        return f"'{module}.{name}' is not allowed in the sandbox" + (f" ({way_out})" if way_out else "")

    def _allows(self, name: str) -> bool:
        name = ALIASES.get(name, name)
        if self.trusts(name) or name in STANDARD or name in self._parents:
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
