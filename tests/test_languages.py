"""Which names a piece of code defines."""

import pytest

from mtchat.languages import PYTHON


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("x = y = 1\nx = 2", ("x", "y")),
        ("a, (b, *c) = f()", ("a", "b", "c")),
        ("def f(x):\n    y = 1\nclass C:\n    z = 1\nasync def g(): pass", ("f", "C", "g")),
        ("import os.path, json as j\nfrom math import pi as p, tau\nfrom m import *", ("os", "j", "p", "tau")),
        ("for i in range(3):\n    k = i\nwhile (n := 1):\n    break", ("i", "k", "n")),
        ("with open('f') as h: pass", ("h",)),
        ("try:\n    t = 1\nexcept E as e:\n    u = 2", ("t", "u")),
        ("[q for q in r]; f = lambda s: (w := s)", ("f",)),
        ("match v:\n    case {'a': a, **rest}: pass\n    case [b, *c] | D(x=b, y=c): pass", ("rest", "a", "b", "c")),
        ("x.attr = 1; d[0] = 2; x: int = 3; y += 1", ("x", "y")),
        ("x = 1if 1 else 2", ("x",)),
        ("not ( valid", ()),
        ("\0", ()),
    ],
)
def test_names_in_order_of_binding(code: str, names: tuple[str, ...]) -> None:
    assert PYTHON.defines(code) == names
