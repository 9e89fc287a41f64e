"""Generated payloads: for each allowed module, the ways through its attributes to what is denied, in source form.

Knows which modules are walked and how a way is written down as a program. Leaves to others: finding the ways (`survey`,
in a process of its own, when the first of these payloads runs). Each way is tried four times: by attributes, by
`from … import`, by getattr, and through a proxy; what comes out must be the very object that plain Python has there.
"""

import functools
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from mtchat.sandbox.allowlist import STANDARD, words
from tests.sandbox.attacks.payloads import Payload

LIBRARIES = words(
    "numpy numpy.linalg numpy.random numpy.fft numpy.ma numpy.polynomial numpy.testing numpy.lib.stride_tricks "
    "pandas pandas.api.types pandas.plotting pandas.errors pandas.tseries.offsets pandas.core.frame "
    "scipy scipy.stats scipy.optimize scipy.linalg scipy.sparse scipy.signal scipy.integrate scipy.spatial "
    "sklearn sklearn.linear_model sklearn.cluster sklearn.preprocessing sklearn.model_selection sklearn.pipeline "
    "sklearn.datasets sklearn.utils sklearn.metrics matplotlib matplotlib.pyplot matplotlib.figure matplotlib.cbook "
    "matplotlib.style matplotlib.animation matplotlib.font_manager sympy sympy.core sympy.parsing sympy.plotting "
    "networkx networkx.readwrite dateutil dateutil.parser dateutil.tz typing_extensions"
)

_TRIAL = """
ways = {ways}
for what, path, text, sources in ways:
    for source in sources:
        scope = {{'x': None}}
        try:
            exec(source, scope)
            got = ascii(scope['x'])
        except Exception:
            continue
        at = got.find(' at 0x')
        got = got if at < 0 else got[:at] + '>'
        if got == text:
            print('REACHED: WALKED', what, source.replace(chr(10), '; '), got)
"""


def payloads() -> tuple[Payload, ...]:
    return (*_group("modules", tuple(sorted(STANDARD - {"__future__"}))), *_group("library-modules", _libraries()))


def _libraries() -> tuple[str, ...]:
    roots = {name.partition(".")[0] for name in LIBRARIES}
    installed = {root for root in roots if importlib.util.find_spec(root) is not None}
    return tuple(name for name in sorted(LIBRARIES) if name.partition(".")[0] in installed)


def _group(group: str, modules: tuple[str, ...]) -> list[Payload]:
    return [
        Payload(
            group,
            f"ways from {module}",
            functools.partial(_program, module, modules),
            needs=() if group == "modules" else (module.partition(".")[0],),
            timeout=60,
            goal="internals",
            proof="^WALKED",
        )
        for module in modules
    ]


def _program(module: str, modules: tuple[str, ...]) -> str:
    ways = [[*way, _sources(module, way[1])] for way in surveyed(modules)[module]]
    return _TRIAL.format(ways=json.dumps(ways))


def _sources(module: str, path: str) -> list[str]:
    """The way as programs would write it."""
    parent, _, name = f"{module}.{path}".rpartition(".")
    first, *others = path.split(".")
    chain = functools.reduce(lambda inner, step: f"getattr({inner}, {step!r})", [first, *others], "m")
    return [
        f"import {module} as m\nx = m.{path}",
        f"from {parent} import {name} as x",
        f"import {module} as m\nx = {chain}",
        f"import weakref\nimport {module} as m\nx = weakref.proxy(m).{path}",
    ]


@functools.cache
def surveyed(modules: tuple[str, ...]) -> dict[str, list[list[str]]]:
    """For each module, (what, way, what it looks like) of all it leads to."""
    environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}
    script = Path(__file__).with_name("survey.py")
    command = [sys.executable, "-P", str(script), json.dumps(modules)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    ways: dict[str, list[list[str]]] = json.loads(done.stdout.splitlines()[-1])
    return ways
