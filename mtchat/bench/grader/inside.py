"""The code of ours that runs inside the sandbox: the recorder of prints, and the look at the last one.

Knows what the reference does to a value before it compares; writes it down as text that both policies run. What comes
out is data, as Python literals. The expected output never goes in: only what kind of value it is and how large,
and that after the program has ended. Leaves to others: running it (`grade`), comparing (`compare`).
"""

import builtins
import re

from mtchat.bench.grader.rules import Rules

MARK = "\x1e"
"""Written at each recorded print, so that prints can be counted though the time was up."""


def recorder(rules: Rules, stop_after: int = -1) -> str:
    """Defines `print` and the record of its arguments. At print number `stop_after` the program ends by an exception.

    The module `sys` is looked at under the record's own name, so that no other name is left behind.
    """
    keep = "args" if rules.first_argument_only else "(args if len(args) < 2 else (text(args, kwargs),))"
    return _RECORDER.format(
        record=rules.record, keep=keep if rules.by_reference else f"copied({keep})", mark=MARK, stop=stop_after
    )


_RECORDER = """\
def {record}(real, out, seen):
    def text(args, kwargs):
        sep = kwargs.get('sep')
        return (' ' if sep is None else sep).join([str(each) for each in args])
    def copied(args):
        import copy
        try:
            return copy.deepcopy(args)
        except Exception:
            return args
    def print(*args, **kwargs):
        if len(seen) == {stop}:
            raise KeyboardInterrupt
        {record}.append({keep})
        seen.append(0)
        out.write({mark!r})
        if len(seen) == {stop}:
            raise KeyboardInterrupt
        return real(*args, **kwargs)
    return print
import sys as print_sys
print, {record} = {record}(print, print_sys.stdout, []), []
del print_sys
"""


def look(rules: Rules, kind: str, nodes: int, longest: int, shadowed: set[str]) -> str:
    """An expression's program: what the last print was given, coerced to `kind` and written as literals.

    `nodes` and `longest` are how many values and characters the expected output has: what is larger is cut short, since
    it cannot be equal. `shadowed` are built-in names that the program bound. The literal is a pair (shape, data), the
    shape being "value", "series" or "nothing" (nothing was printed).
    """
    fresh = "".join(f"try:\n    del {name}\nexcept:\n    pass\n" for name in sorted(shadowed))
    coerced = _COERCIONS[kind, getattr(rules, _LENIENT[kind])] if kind in _LENIENT else "x"
    return fresh + _LOOK.format(
        record=rules.record, coerced=coerced, series=rules.close_series, nodes=nodes, longest=longest, many=_MANY
    )


_MANY = 10_000
"""A longer Series is not looked at."""
_LENIENT = {
    "int": "lenient_numbers",
    "float": "lenient_numbers",
    "bool": "booleans_as_text",
    "str": "lenient_text",
    "list": "lenient_lists",
}
_COERCIONS = {
    ("int", True): "int(x)",
    ("int", False): "x",
    ("float", True): "float(x)",
    ("float", False): "x",
    ("bool", True): "str(x)",
    ("bool", False): "x",
    ("str", True): "str(x)",
    ("str", False): "x",
    ("list", True): "listed(x)",
    ("list", False): "listed(x) if type(x) in (list, tuple) else x",
}

_LOOK = """\
def mtchat_look():
    left = [{nodes} * 2]
    def is_array(x):
        return type(x).__module__ == 'numpy' and type(x).__name__ == 'ndarray'
    def is_scalar(x):
        return type(x).__module__ == 'numpy' and getattr(x, 'ndim', None) == 0
    def listed(x):
        found = []
        for each in x:
            found.append(each)
            if len(found) > {nodes}:
                break
        return found
    def plain(x):
        if is_array(x):
            return x.tolist()
        if is_scalar(x):
            return float(x) if type(x).__name__ == 'longdouble' else x.item()
        return x
    def ratio(x):
        try:
            return ('ratio', *[int(each) for each in x.as_integer_ratio()])
        except Exception:
            return ('other', type(x).__name__)
    def narrow(x):
        if is_scalar(x) and x.dtype.kind == 'f' and x.dtype.itemsize < 8:
            return ('narrow', x.dtype.itemsize, float(x))
        if is_scalar(x) and x.dtype.kind == 'f' and x.dtype.itemsize > 8:
            return ratio(x)
        if is_array(x) and x.size == 1:
            return ('one', data(x.reshape(-1)[0]))
        return None
    def number(x):
        if isinstance(x, complex):
            return number(x.real) if x.imag == 0 else ('other', 'complex')
        if isinstance(x, float):
            return float(x) if x - x == 0 else ('float', repr(float(x)))
        return int(x)
    def data(x):
        left[0] -= 1
        if left[0] < 0:
            return ('other', 'more')
        found = narrow(x)
        if found is not None:
            return found
        x = plain(x) if is_scalar(x) else x
        if x is None or x is True or x is False:
            return x
        if isinstance(x, str):
            return ''.join((x[:{longest} + 1],))
        if isinstance(x, (int, float, complex)):
            return number(x)
        if isinstance(x, list):
            return [data(each) for each in x[:left[0] + 1]]
        if isinstance(x, dict):
            return ('dict', [(data(key), data(x[key])) for key in list(x)[:left[0] + 1]])
        return ratio(x) if hasattr(x, 'as_integer_ratio') else ('other', type(x).__name__)
    if not {record} and type({record}) is list:
        return ('nothing', None)
    x = {record}[-1][0]
    if type(x).__name__ == 'Series' and type(x).__module__.split('.')[0] == 'pandas':
        if {series}:
            if x.dtype.kind not in 'biuf':
                raise TypeError('a Series of ' + str(x.dtype) + ' is not near anything')
            if len(x) > {many}:
                raise ValueError('the Series is too long to be looked at')
            return ('series', [number(plain(each)) for each in x.tolist()])
        x = x.tolist()
    x = plain(x)
    if type(x) is list and x and type(x[0]) is tuple:
        x = [list(each) for each in x]
    return ('value', data({coerced}))
mtchat_look()
"""

NAMES = frozenset(
    name for name in dir(builtins) if name.isidentifier() and re.search(rf"(?<![\w.']){name}\b", _LOOK)
) - {*("None", "True", "False", "print")}
"""The built-in names that the look uses."""
