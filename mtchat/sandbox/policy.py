"""The language: which Python constructs a program may use, and how they are rewritten so that guards see them.

Knows syntax trees: RestrictedPython's transformer, opened for what ordinary programs need. Attribute access and
imports become calls of guards; everything else stays as written, so that it means what Python means by it. Guards are
found in the builtins under names no program can spell or guess. What is unknown is refused. Leaves to others: what
the guards allow at run time (`guards`) and which modules there are (`allowlist`).
"""

import ast
import secrets
from typing import Any

from RestrictedPython import RestrictingNodeTransformer
from RestrictedPython.transformer import INSPECT_ATTRIBUTES, copy_locations

from mtchat.sandbox.allowlist import Imports, words

_SECRET = secrets.token_hex(8)
"""Part of the guards' names, so that no mapping of a program's own can answer for them."""
ATTR, PRIVATE, SPECIAL = (f"${name}-{_SECRET}" for name in ("attr", "private", "special"))
WRITE, AUGMENT = (f"${name}-{_SECRET}" for name in ("write", "augment"))
IMPORT, FROM, STAR = (f"${name}-{_SECRET}" for name in ("import", "from", "star"))
LAST, SUBJECT, CAPTURED = (f"${name}-{_SECRET}" for name in ("last", "subject", "captured"))
GUARDS = (ATTR, PRIVATE, SPECIAL, WRITE, AUGMENT, IMPORT, FROM, STAR, LAST, SUBJECT, CAPTURED)

_DATA_MODEL = words(
    """
    new init del repr str bytes format lt le eq ne gt ge hash bool getattr getattribute setattr delattr dir get
    set delete set_name slots init_subclass class_getitem instancecheck subclasscheck subclasshook call len
    length_hint getitem setitem delitem missing iter next reversed contains add sub mul matmul truediv floordiv
    mod divmod pow lshift rshift and xor or radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rpow rlshift
    rrshift rand rxor ror iadd isub imul imatmul itruediv ifloordiv imod ipow ilshift irshift iand ixor ior neg
    pos abs invert complex int float index round trunc floor ceil enter exit await aiter anext aenter aexit
    prepare mro_entries match_args post_init copy deepcopy fspath sizeof array array_ufunc array_function
    array_priority buffer release_buffer replace class name qualname doc module dict annotations type_params
    weakref defaults kwdefaults func wrapped bases mro base traceback cause context suppress_context notes
    dataclass_fields dataclass_params members order ignore abstractmethods isabstractmethod total version author
    all debug file license date email credits getstate setstate status copyright main orig_bases parameters args
    origin optional_keys required_keys
    """
)
DATA_MODEL = frozenset(f"__{name}__" for name in _DATA_MODEL)
"""Double-underscore names a program may write and read: the data model and common metadata. Others are refused."""

REFUSED_ATTRIBUTES = INSPECT_ATTRIBUTES | {"f_lasti", "co_consts", "co_names", "func_globals", "func_code"}
WATCHED_ATTRIBUTES = frozenset({"format", "format_map", "query", "eval", "agg", "aggregate", "apply", "transform"})
"""Ordinary names whose methods take an expression or a name in a string: a guard looks at the object first."""


class PolicyError(Exception):
    """The sandbox refused something: says what, and what to do instead. `line` is set when found in the source."""

    __module__ = "builtins"  # what a traceback puts before the name
    line: int | None = None


def is_dunder(name: str) -> bool:
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def refused_attribute(name: str) -> str | None:
    """Why no object may be asked for this attribute; None when the object decides."""
    if name in REFUSED_ATTRIBUTES or (is_dunder(name) and name not in DATA_MODEL):
        return f"the attribute '{name}' is not allowed in the sandbox (it reaches into the interpreter)"
    return None


def is_plain(name: str) -> bool:
    """Whether the name says nothing: any object may be asked for it, only the answer is looked at."""
    return not name.startswith("_") and name not in WATCHED_ATTRIBUTES


def _reader(name: str) -> str:
    if is_plain(name):
        return ATTR
    return PRIVATE if name.startswith("_") and not is_dunder(name) else SPECIAL


def _name(id: str) -> ast.Name:
    return ast.Name(id, ast.Load())


def _call(guard: str, *args: ast.expr) -> ast.Call:
    return ast.Call(func=_name(guard), args=list(args), keywords=[])


class Language(RestrictingNodeTransformer):
    """Rewrites one tree. `refusals` holds (line, what) afterwards; when it is not empty nothing may be run."""

    def __init__(self, imports: Imports) -> None:
        super().__init__()
        self._imports = imports
        self._classes: list[str] = []
        self.refusals: list[tuple[int | None, str]] = []

    # What is refused, and how it is said

    def error(self, node: ast.AST, info: str) -> None:
        self.refusals.append((getattr(node, "lineno", None), info))

    def not_allowed(self, node: ast.AST) -> None:
        self.error(node, f"the construct {type(node).__name__} is not known to the sandbox")

    def check_name(self, node: Any, name: str | None, allow_magic_methods: bool = False) -> None:
        if name is not None and is_dunder(name) and name not in DATA_MODEL:
            self.error(node, f"the name '{name}' is not allowed in the sandbox (it reaches into the interpreter)")

    def _mangled(self, name: str) -> str:
        """A private name as the compiler would mangle it, for guards that get it as a string."""
        if not self._classes or not name.startswith("__") or name.endswith("__"):
            return name
        owner = self._classes[-1].lstrip("_")
        return f"_{owner}{name}" if owner else name

    def _contents(self, node: Any) -> Any:
        return self.node_contents_visit(node)

    # Names and attributes

    def visit_Name(self, node: ast.Name) -> ast.AST:
        self.check_name(node, node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        name = self._mangled(node.attr)
        if (why := refused_attribute(name)) is not None:
            self.error(node, why)
        node = self._contents(node)
        constant = ast.Constant(name)
        if isinstance(node.ctx, ast.Load):
            new: ast.expr = _call(_reader(name), node.value, constant)
            copy_locations(new, node)
            return new
        guarded = _call(WRITE, node.value, constant)
        copy_locations(guarded, node.value)
        node.value = guarded
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """`a.b += c` becomes `$augment(a, "b").b += c`: the guard looks at both the read and the write."""
        target = node.target
        node = self._contents(node)
        if isinstance(target, ast.Attribute):
            assert isinstance(target.value, ast.Call)
            target.value.func = ast.copy_location(_name(AUGMENT), target)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return self._contents(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return self._contents(node)

    # Imports

    def visit_Import(self, node: ast.Import) -> Any:
        new: list[ast.stmt] = []
        for alias in node.names:
            self._check_module(node, alias.name)
            bound = alias.asname or alias.name.partition(".")[0]
            self.check_name(node, bound)
            value = _call(IMPORT, ast.Constant(alias.name), ast.Constant(alias.asname is not None))
            new.append(ast.Assign(targets=[ast.Name(bound, ast.Store())], value=value))
        return self._placed(new, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        if node.module == "__future__":
            return node
        if node.level or node.module is None:
            self.error(node, "relative imports have no package to start from here")
            return node
        self._check_module(node, node.module)
        new = [self._from(node, node.module, alias) for alias in node.names]
        return self._placed(new, node)

    def _from(self, node: ast.ImportFrom, module: str, alias: ast.alias) -> ast.stmt:
        if alias.name == "*":
            return ast.Expr(_call(STAR, ast.Constant(module)))
        self.check_name(node, alias.asname or alias.name)
        value = _call(FROM, ast.Constant(module), ast.Constant(alias.name))
        return ast.Assign(targets=[ast.Name(alias.asname or alias.name, ast.Store())], value=value)

    def _check_module(self, node: ast.AST, name: str) -> None:
        if (why := self._imports.refusal(name)) is not None:
            self.error(node, why)

    def _placed(self, new: list[ast.stmt], node: ast.stmt) -> list[ast.stmt]:
        for each in new:
            copy_locations(each, node)
        return new

    # Statements

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        return self._contents(node)

    visit_AnnAssign = visit_Delete = visit_For = visit_AsyncFor = visit_With = visit_AsyncWith = _contents
    visit_Await = visit_TryStar = visit_Module = visit_NamedExpr = visit_comprehension = _contents
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _contents

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> ast.AST:
        for name in node.names:
            self.check_name(node, name)
        return node

    visit_Nonlocal = visit_Global

    # Functions and classes

    def visit_FunctionDef(self, node: Any) -> ast.AST:
        self.check_name(node, node.name)
        self.check_function_argument_names(node)
        return self._contents(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Decorators, bases and keywords belong to the outside: private names there are not mangled with this class."""
        self.check_name(node, node.name)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.bases = [self.visit(each) for each in node.bases]
        node.keywords = [self.visit(each) for each in node.keywords]
        for each in getattr(node, "type_params", []):
            self.visit(each)
        self._classes.append(node.name)
        body: list[ast.stmt] = [ast.Global(list(GUARDS))]  # not to be looked up in what a metaclass prepared
        ast.copy_location(body[0], node)
        if ast.get_docstring(node, clean=False) is not None:
            body.insert(0, node.body.pop(0))
        for statement in node.body:
            new = self.visit(statement)
            body.extend(new if isinstance(new, list) else [new])
        node.body = body
        self._classes.pop()
        return node

    visit_TypeAlias = visit_TypeVar = visit_ParamSpec = visit_TypeVarTuple = _contents

    # match: class patterns read attributes by name, so what they capture is looked at before the case is taken

    def visit_Match(self, node: ast.Match) -> ast.AST:
        node = self._contents(node)
        subject = _call(SUBJECT, node.subject)
        copy_locations(subject, node.subject)
        node.subject = subject
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        pattern = node.pattern
        node = self._contents(node)
        names = sorted(_captures(pattern))
        if names and any(isinstance(each, ast.MatchClass) for each in ast.walk(pattern)):
            check: ast.expr = _call(CAPTURED, *map(_name, names))
            node.guard = ast.BoolOp(ast.And(), [check, node.guard] if node.guard else [check])
            if len(node.guard.values) == 1:
                node.guard = check
            copy_locations(node.guard, pattern)
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        for name in node.kwd_attrs:
            if not is_plain(name) or refused_attribute(name) or name in _INTERPRETER:
                self.error(node, f"the attribute '{name}' is not allowed in a pattern in the sandbox")
        cls = node.cls
        node = self._contents(node)
        node.cls = cls  # the compiler wants a plain dotted name here; reading a class off a module is harmless
        return node

    visit_MatchSingleton = visit_MatchSequence = visit_MatchOr = _contents

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        for each in ast.walk(node.value):
            if isinstance(each, ast.Attribute) and (why := refused_attribute(each.attr)):
                self.error(node, why)
        return node

    def visit_MatchAs(self, node: Any) -> ast.AST:
        self.check_name(node, node.name)
        return self._contents(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.AST:
        self.check_name(node, node.rest)
        return self._contents(node)


_INTERPRETER = frozenset({"sys", "os", "modules", "inspect", "builtins", "codecs"})


def _captures(pattern: ast.pattern) -> set[str]:
    names = set()
    for node in ast.walk(pattern):
        name = getattr(node, "rest", None) if isinstance(node, ast.MatchMapping) else getattr(node, "name", None)
        if isinstance(name, str):
            names.add(name)
    return names


def restrict(tree: ast.Module | ast.Expression, imports: Imports) -> None:
    """Rewrite `tree` in place; PolicyError names the first refusal, its line and the way out."""
    language = Language(imports)
    language.visit(tree)
    if language.refusals:
        line, what = language.refusals[0]
        more = len(language.refusals) - 1
        error = PolicyError(what + (f"; {more} more refused" if more else ""))
        error.line = line
        raise error
    ast.fix_missing_locations(tree)
