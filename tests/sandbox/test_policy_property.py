"""Whatever the policy accepts is guarded: a property of all programs, tried on random ones.

After the transformation no attribute is read or written but through a guard (in fast mode also natively: plain names
that are not sensitive, harmless names of the data model, and what belongs to a method's own first parameter), no
import statement is left but that of __future__, no name that the program wrote is reserved, and it still compiles.

Subscripts have no guard, and need none: what may be had out of a container is what somebody put into it, and whatever
comes out is looked at when it is used, that is, when an attribute of it is asked for. What is checked here is that
the transformation brought in no subscript of its own.
"""

import ast
import warnings
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from mtchat.sandbox import policy
from mtchat.sandbox.allowlist import Imports
from mtchat.sandbox.names import DATA_MODEL, UNSAFE_DUNDERS, is_dunder, is_native, refused_attribute
from tests.sandbox.programs import programs

IMPORTS = Imports()
MODES = pytest.mark.parametrize("fast", [False, True], ids=["strict", "fast"])
Transform = Any


def faults(source: str, fast: bool, restrict: Transform = policy.restrict) -> list[str] | None:
    """What is unguarded in `source` after `restrict`; None when it is refused."""
    tree = _parsed(source)
    written = Counter(type(node.ctx).__name__ for node in ast.walk(tree) if isinstance(node, ast.Subscript))
    try:
        restrict(tree, IMPORTS, fast)
    except policy.PolicyError:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(tree, "<turn 1>", "exec", dont_inherit=True)
        except SyntaxError as error:
            if "before global declaration" in error.msg or "before nonlocal declaration" in error.msg:
                return None  # not Python, though CPython lets it through when it is an import that comes before
            raise
    found = [why for node in ast.walk(tree) if (why := _fault(node))]
    found += _attributes(tree, fast)
    if written != Counter(type(node.ctx).__name__ for node in ast.walk(tree) if isinstance(node, ast.Subscript)):
        found.append("a subscript that the program did not write")
    return found


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def _fault(node: ast.AST) -> str | None:
    """What is wrong with one node, whatever is around it."""
    if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module != "__future__"):
        return "an import"
    bound = [getattr(node, field, None) for field in ("id", "name", "arg", "rest", "asname")]
    bound += node.names if isinstance(node, ast.Global | ast.Nonlocal) else []
    for name in bound:
        if isinstance(name, str) and is_dunder(name) and name not in DATA_MODEL:
            return f"the name {name}"
    return None


def _attributes(tree: ast.AST, fast: bool) -> list[str]:
    """Attributes that no guard looks at."""
    found = []
    for node, first, patterned in _walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        name = node.attr
        if refused_attribute(name):
            found.append(f"the attribute {name}")
        elif patterned or _is_guarded(node):
            continue
        elif not fast or not _may_be_native(node, first):
            found.append(f"unguarded {ast.unparse(node)}")
    return found


def _may_be_native(node: ast.Attribute, first: set[str]) -> bool:
    name, reading = node.attr, isinstance(node.ctx, ast.Load)
    if is_dunder(name):
        return reading and name not in UNSAFE_DUNDERS
    if isinstance(node.value, ast.Name) and node.value.id in first:
        return name.startswith("_") or is_native(name)
    return reading and is_native(name)


def _is_guarded(node: ast.Attribute) -> bool:
    """`guard(x).name = …`, `(x if type(x) in own else guard(x)).name = …`, `(x if type(x) in safe else box(x,
    "name")).name`, or `x.name if type(x) in safe else …`."""
    value, reading = node.value, isinstance(node.ctx, ast.Load)
    if isinstance(value, ast.IfExp) and _is_type_test(value.test, value.body):
        value = value.orelse
    match value:
        case ast.Call(ast.Name(policy.WRITE | policy.AUGMENT)):
            return not reading
        case ast.Call(ast.Name(policy.BOX | policy.PRIVATE_BOX), [ast.Name(), ast.Constant(name)]):
            return reading and (name == node.attr or (node.attr.startswith("__") and name.endswith(node.attr)))
    return bool(getattr(node, "tested", False))


def _is_type_test(test: ast.expr, asked: ast.expr) -> bool:
    """`type(asked) in safe`, of one name."""
    match test:
        case ast.Compare(ast.Call(ast.Name(policy.TYPE), [ast.Name(one)]), [ast.In()], [ast.Name(known)]):
            return isinstance(asked, ast.Name) and asked.id == one and known in (policy.SAFE, policy.OWN)
    return False


def _walk(node: ast.AST, first: frozenset[str] = frozenset(), in_class: bool = False, patterned: bool = False) -> Any:
    """Every node, with the names that are a method's first parameter there, and whether it is part of a pattern."""
    match node:
        case ast.IfExp(test, ast.Attribute(value) as body) if _is_type_test(test, value):
            body.tested = isinstance(body.ctx, ast.Load)  # type: ignore[attr-defined]
    yield node, first, patterned
    patterned = patterned or isinstance(node, ast.MatchClass | ast.MatchValue)
    for field, child in ast.iter_fields(node):
        for each in child if isinstance(child, list) else [child]:
            if isinstance(each, ast.AST):
                yield from _walk(
                    each, *_scope(node, field, first, in_class), patterned and not isinstance(each, ast.stmt)
                )


def _scope(node: ast.AST, field: str, first: frozenset[str], in_class: bool) -> tuple[frozenset[str], bool]:
    if isinstance(node, ast.ClassDef) and field == "body":
        return frozenset(), True
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or field != "body":
        return first, in_class
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    given_names = [each.arg for each in every if each is not None]
    if not in_class or isinstance(node, ast.Lambda):
        return first - frozenset(given_names), False
    stores = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
    positional = [*node.args.posonlyargs, *node.args.args]
    return frozenset({positional[0].arg} - stores if positional else ()), False


TRIED = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def parses(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<plain>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


@MODES
@given(source=programs)
@TRIED
def test_whatever_is_accepted_is_guarded(fast: bool, source: str) -> None:
    assume(parses(source))
    assert not faults(source, fast)


class ForgetsAugmented(policy.Language):
    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        return node


class ForgetsDecorators(policy.Language):
    def visit_FunctionDef(self, node: Any) -> ast.AST:
        node.body = self._block(node.body)
        return node


class TrustsEverybody(policy.Language):
    def _is_native(self, node: ast.Attribute, name: str) -> bool:
        return True


class KeepsImports(policy.Language):
    def visit_Import(self, node: ast.Import) -> Any:
        return node


class ForgetsNames(policy.Language):
    def check_name(self, node: Any, name: str | None, allow_magic_methods: bool = False) -> None:
        pass


BROKEN = {
    ForgetsAugmented: "a.x += 1",
    ForgetsDecorators: "@a.__mangled\ndef f(self): pass",
    TrustsEverybody: "a._private",
    KeepsImports: "import math",
    ForgetsNames: "__builtins__",
}


@MODES
@pytest.mark.parametrize("broken", BROKEN, ids=lambda each: each.__name__)
def test_a_broken_transformer_is_caught(broken: type[policy.Language], fast: bool) -> None:
    def restrict(tree: ast.Module, imports: Imports, fast: bool) -> None:
        broken(imports, fast).visit(tree)
        ast.fix_missing_locations(tree)

    assert faults(BROKEN[broken], fast, restrict)
    assert not faults(BROKEN[broken], fast)


def test_the_generator_reaches_far() -> None:
    """Most of what is generated is valid, a good part accepted, and every kind of statement comes up."""
    seen: set[str] = set()
    counts: Counter[str] = Counter()

    @given(source=programs)
    @TRIED
    def collect(source: str) -> None:
        if not parses(source):
            counts["invalid"] += 1
            return
        seen.update(type(node).__name__ for node in ast.walk(_parsed(source)))
        counts["refused" if faults(source, True) is None else "accepted"] += 1

    collect()
    wanted = {
        "Import",
        "ImportFrom",
        "Match",
        "MatchClass",
        "Lambda",
        "ListComp",
        "ClassDef",
        "AsyncFunctionDef",
        "Starred",
    }
    wanted |= {"NamedExpr", "Delete", "With", "TryStar", "Global", "Nonlocal", "JoinedStr", "AnnAssign", "AugAssign"}
    assert wanted <= seen
    assert counts["accepted"] > 40
    assert counts["refused"] > 40
