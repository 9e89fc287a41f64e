"""What stands in for names of `os`, `sys` and `unittest` that programs may have, but not as they are.

Knows the harmless stand-ins. Leaves to others: which names there are (`curated`), files outside of the scratch
directory (`audit`).
"""

import os
import sys
from typing import Any, NoReturn

from mtchat.sandbox.guards import Guards
from mtchat.sandbox.names import PolicyError
from mtchat.sandbox.own import MAIN

MAX_RECURSION = 20_000
"""What setrecursionlimit gives at most: deeper, and C code that recurses would crash the process."""
_HARMLESS = ("HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PATH")


def install(guards: Guards) -> None:
    """Give programs the stand-ins wherever they would reach the originals."""
    sys.argv = [""]
    environment = {name: os.environ[name] for name in _HARMLESS if name in os.environ}
    guards.named |= {
        ("os", "environ"): environment,
        ("os", "getenv"): environment.get,
        ("sys", "setrecursionlimit"): setrecursionlimit,
        ("unittest", "main"): main,
    }
    guards.replace(sys.setrecursionlimit, setrecursionlimit)
    guards.when("socket", lambda socket: guards.hide({socket.socket}))
    guards.when("unittest", lambda unittest: guards.named.update(_loaders(unittest)))


def setrecursionlimit(limit: int, /) -> None:
    if limit > 0:
        limit = min(limit, MAX_RECURSION)
    sys.setrecursionlimit(limit)


def _loaders(unittest: Any) -> dict[tuple[str, str], Any]:
    class TestLoader:
        """A test loader without files and without names in strings: it takes TestCase classes."""

        __module__ = "unittest"

        def loadTestsFromTestCase(self, case: Any) -> Any:
            return unittest.TestLoader().loadTestsFromTestCase(case)

        def __getattr__(self, name: str) -> NoReturn:
            if hasattr(unittest.TestLoader, name):
                raise PolicyError(f"TestLoader.{name} is not allowed in the sandbox (loadTestsFromTestCase is there)")
            raise AttributeError(f"'TestLoader' object has no attribute '{name}'", name=name, obj=self)

    return {("unittest", "TestLoader"): TestLoader, ("unittest", "defaultTestLoader"): TestLoader()}


def main(*args: Any, verbosity: int = 1, exit: bool = True, **options: Any) -> Any:
    """`unittest.main()`: the program's own TestCase classes, in the order of their definition."""
    import unittest

    cases = [
        value
        for value in list(vars(sys.modules[MAIN]).values())
        if isinstance(value, type) and issubclass(value, unittest.TestCase) and value.__module__ == MAIN
    ]
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in dict.fromkeys(cases))
    result = unittest.TextTestRunner(verbosity=verbosity).run(suite)
    if exit:
        raise SystemExit(not result.wasSuccessful())
    return result
