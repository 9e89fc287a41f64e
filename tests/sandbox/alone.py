"""The language layer alone, without the worker around it: `python -m tests.sandbox.alone strict|fast`.

Reads programs as a JSON object {title: code}, runs each in a fork of its own, and writes {title: [status, text]}:
`ok` with the last expression's repr, `denied` with the refusal, `error` with the last line of the traceback.
"""

import ast
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import traceback
import types
from pathlib import Path
from typing import Any

from mtchat.sandbox import builtin, policy, twins
from mtchat.sandbox.allowlist import Imports
from mtchat.sandbox.audit import Audit
from mtchat.sandbox.guards import Guards

ROOT = Path(__file__).resolve().parents[2]
Results = dict[str, tuple[str, str]]


def results(codes: dict[str, str], mode: str) -> Results:
    """What the programs come to in `mode`, each by itself."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.sandbox.alone", mode],
        input=json.dumps(codes),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return {title: (status, text) for title, (status, text) in json.loads(run.stdout).items()}


class Alone:
    def __init__(self, mode: str) -> None:
        self.imports = Imports()
        self.fast = mode == "fast"
        self.module = types.ModuleType("__main__")
        sys.modules["__main__"] = self.module
        guards = Guards(self.imports, lambda: None, self.fast)
        twins.Twins(guards).install()
        vars(self.module)["__builtins__"] = builtin.build(guards, os.getcwd(), vars(self.module))
        self.audit = Audit(os.getcwd(), os.getcwd())
        self.audit.install()

    def run(self, code: str) -> tuple[str, str]:
        tree = ast.parse(code)
        last = tree.body[-1]
        if isinstance(last, ast.Expr):
            target = ast.copy_location(ast.Name("_value", ast.Store()), last)
            tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
        random.seed(0)
        try:
            self.audit.active = True
            policy.restrict(tree, self.imports, self.fast)
            exec(compile(tree, "<turn 1>", "exec", dont_inherit=True), vars(self.module))
            return "ok", repr(vars(self.module).get("_value"))
        except policy.PolicyError as refusal:
            return "denied", str(refusal)
        except BaseException as error:
            self.audit.active = False
            return "error", "".join(traceback.format_exception_only(error)).strip()


def in_fork(alone: Alone, code: str) -> Any:
    reader, writer = os.pipe()
    if os.fork() == 0:
        sys.stdout = sys.stderr = io.StringIO()
        os.write(writer, json.dumps(alone.run(code)).encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as answer:
        text = answer.read()
    os.wait()
    return json.loads(text) if text else ("crashed", "")


def main(mode: str) -> None:
    codes = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        alone = Alone(mode)
        json.dump({title: in_fork(alone, code) for title, code in codes.items()}, sys.stdout)
        os.chdir("/")


if __name__ == "__main__":
    main(sys.argv[1])
