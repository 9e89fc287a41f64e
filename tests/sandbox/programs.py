"""Random programs for the policy's property test: syntactically valid, and as rude as syntax allows.

Source text rather than trees, so that each is something a person could send.
"""

from collections.abc import Callable

from hypothesis import strategies as st


def _words(text: str) -> list[str]:
    return text.split()


_NAMES = "a b self cls x _p __q __init__ __class__ __name__ np os sys modules type getattr eval print _ match __dict__"
NAMES = 3 * _words(_NAMES) + _words("__builtins__ __globals__ __import__ __loader__ __spec__")
_ATTRIBUTES = """
x y count append real name _private __mangled __class__ __dict__ __init__ __getattribute__ __setattr__ __wrapped__
__defaults__ format format_map query eval agg sys os modules path environ np obj copy __name__ __doc__
"""
ATTRIBUTES = 4 * _words(_ATTRIBUTES)
ATTRIBUTES += _words("__globals__ __code__ __subclasses__ __reduce_ex__ gi_frame f_back tb_frame system")
"""What is refused outright is rarer, or hardly a program would be accepted."""
MODULES = 3 * _words("math os os.path sys json collections.abc enum")
MODULES += _words("numpy.ctypeslib subprocess builtins __main__ _io")

names = st.sampled_from(NAMES)
attributes = st.sampled_from(ATTRIBUTES)
literals = st.sampled_from(["0", "1.5", "'s'", "None", "...", "b''", "[]", "{}", "True"])


def _made(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda values: template.format(*values))


def _expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        _made("({}).{}", inner, attributes),
        _made("{}.{}", names, attributes),
        _made("({})[{}]", inner, inner),
        _made("({})[{}:{}, ...]", inner, inner, inner),
        _made("({})({}, *{}, k={}, **{})", inner, inner, inner, inner, inner),
        _made("({} + {})", inner, inner),
        _made("({} if {} else {})", inner, inner, inner),
        _made("(lambda {}, /, *_z, k={}: {})", names, inner, inner),
        _made("({} := {})", names, inner),
        _made("[{} for {} in {} if {}]", inner, names, inner, inner),
        _made("{{{}: {} for {} in {}}}", inner, inner, names, inner),
        _made("({} for {}, *_r in {})", inner, names, inner),
        _made("[{}, *{}]", inner, inner),
        _made("f'{{{}!r:>{{{}}}}}'", names, names),
        _made("f'{{({}).{}}}'", names, attributes),
        _made("({} < {} in {})", inner, inner, inner),
        _made("(not {} and {})", inner, inner),
    )


expressions = st.recursive(st.one_of(names, literals), _expressions, max_leaves=6)
targets = st.one_of(
    names,
    _made("{}.{}", names, attributes),
    _made("({}).{}", expressions, attributes),
    _made("({})[{}]", expressions, expressions),
    _made("({}, *{}.{})", names, names, attributes),
    _made("[{}.{}, ({}, {})]", names, attributes, names, names),
)
single_targets = st.one_of(
    names, _made("{}.{}", names, attributes), _made("({}).{}", expressions, attributes), _made("{}[0]", names)
)
patterns = st.one_of(
    names,
    st.just("_"),
    _made("{}() as {}", names, names),
    _made("{}({}={})", names, attributes, names),
    _made("{}.{}", names, attributes),
    _made("{}.{}({}, {}={})", names, attributes, names, attributes, names).filter(lambda text: text.count("(") == 1),
    _made("[{}, *{}]", names, names),
    _made("{{'k': {}, **{}}}", names, names),
    _made("{}.{} | 0", names, attributes),
)
simple = st.one_of(
    expressions,
    _made("{} = {}", targets, expressions),
    _made("{} = {} = {}", targets, targets, expressions),
    st.tuples(single_targets, st.sampled_from(_words("+ - * / // % ** @ & | ^ << >>")), expressions).map(
        lambda got: f"{got[0]} {got[1]}= {got[2]}"
    ),
    _made("{}: {} = {}", single_targets, expressions, expressions),
    _made("{}: {}", single_targets, expressions),
    _made("del {}", single_targets),
    _made("import {}", st.sampled_from(MODULES)),
    _made("import {} as {}", st.sampled_from(MODULES), names),
    _made("from {} import {} as {}", st.sampled_from(MODULES), st.sampled_from(ATTRIBUTES), names),
    _made("assert {}, {}", expressions, expressions),
    _made("global {}", names),
    st.just("pass"),
)


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.split("\n"))


def _block(template: str, body: st.SearchStrategy[str], *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """`template` with the block's lines at `<>`, and once more at each further `<>`."""

    def fill(values: tuple[str, ...]) -> str:
        return template.format(*values[1:]).replace("<>", _indented(values[0]))

    return st.tuples(body, *parts).map(fill)


def _statements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    block: Callable[..., st.SearchStrategy[str]] = _block
    body = st.lists(inner, min_size=1, max_size=3).map("\n".join)
    e, n = expressions, names
    waiting = "async def {}({}):\n    async for {} in {}:\n        await {}\n    async with {} as {}: pass\n<>"
    closing = "def {}(self):\n    shared = 1\n    def g():\n        nonlocal shared\n    yield {}\n<>"
    matching = "match {}:\n    case {} if {}:\n        pass\n    case {}:\n        pass\nif 1:\n<>"
    return st.one_of(
        block("if {}:\n<>\nelse:\n<>", body, e),
        block("while {}:\n<>", body, e),
        block("for {} in {}:\n<>", body, targets, e),
        block("with {} as {}:\n<>", body, e, targets),
        block("try:\n<>\nexcept {} as {}:\n<>", body, e, n),
        block("try:\n<>\nexcept* {} as {}:\n<>", body, e, n),
        block("def {}(self, {}={}, *args, k: {}) -> {}:\n<>", body, n, n, e, e, e),
        block("@{}\ndef {}(self):\n<>", body, e, n),
        block("@staticmethod\ndef {}(self):\n<>", body, n),
        block(waiting, body, n, n, targets, e, e, e, targets),
        block(closing, body, n, e),
        block("class {}({}, metaclass={}):\n<>", body, n, e, e),
        block("@{}\nclass {}:\n    'doc'\n    def m(self, {}):\n        self._x = {}\n<>", body, e, n, n, e),
        block(matching, body, e, patterns, e, patterns),
    )


statements = st.recursive(simple, _statements, max_leaves=6)
programs = st.lists(statements, min_size=1, max_size=4).map("\n".join)
