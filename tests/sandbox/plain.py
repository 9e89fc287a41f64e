"""Programs run by CPython alone, for comparison: `python plain.py < programs.json`, titles to what each printed.

Knows how to start each program as the sandbox does: a namespace, a working directory and seeds of its own. Imports
nothing of ours. A program that fails has its traceback in place of the rest of its output.
"""

import contextlib
import io
import json
import os
import random
import sys
import tempfile
import traceback
import types
import warnings


def seed() -> None:
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)


def output(code: str) -> str:
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    written = io.StringIO()
    seed()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(written), contextlib.chdir(folder):
        try:
            exec(compile(code, "<plain>", "exec", dont_inherit=True), module.__dict__)
        except Exception:
            traceback.print_exc(file=written)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
        sys.modules["matplotlib.pyplot"].style.use("default")
    return written.getvalue()


def load(modules: list[str]) -> None:
    """Import what a program would find imported: numpy is then seeded before the program, not by it."""
    for name in modules:
        with contextlib.suppress(ImportError):
            __import__(name)


def main() -> None:
    os.environ["MPLBACKEND"] = "Agg"
    warnings.simplefilter("ignore")
    asked = json.load(sys.stdin)
    load(asked["modules"])
    json.dump({title: output(code) for title, code in asked["programs"].items()}, sys.stdout)


if __name__ == "__main__":
    main()
