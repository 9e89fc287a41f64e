"""The language: which Python constructs a program may use, and how they are rewritten so that guards see them.

Knows syntax trees: RestrictedPython's transformer, opened for what ordinary programs need. Attribute access and
imports become calls of guards; everything else stays as written, so that it means what Python means by it. Guards are
found in the builtins under names no program can spell or guess. What is unknown is refused. Leaves to others: what
the guards allow at run time (`guards`) and which modules there are (`allowlist`).

Two modes. *Strict*: every attribute is read through a guard, which sees the object and the answer; only for types
known to be the program's own, or plain data, the guard is left out. *Fast*, for where the kernel holds (isolation
level `full`): a plain name is read natively unless it is SENSITIVE, and so are private names of a method's own first
parameter, read and written, and the data model's names that say nothing. Ordinary programs are refused the same things
in the same words, since modules come as façades (`facade`) that look at each name themselves, and the names that lead
into the interpreter are refused or guarded in both. What fast gives up: the look at an object that is a module, or an
answer that is one, where a library keeps it under a name that says nothing, a method's look at who its first argument
is, and what the positional parts of a class pattern read. What is got that way leads at worst to native calls of the
process itself, and what those may do (files, processes, network, other memory) is the kernel layer's to refuse, not
the language's. Subscripts and calls need no guard in either mode: what comes out of one is looked at when it is used.
"""

import ast
import os
from typing import Any

from RestrictedPython import RestrictingNodeTransformer
from RestrictedPython.transformer import copy_locations

from mtchat.sandbox.allowlist import Imports
from mtchat.sandbox.names import (
    DATA_MODEL,
    UNSAFE_DUNDERS,
    PolicyError,
    is_dunder,
    is_native,
    is_plain,
    refused_attribute,
)
from mtchat.sandbox.scopes import binds, captures, parameters

_SECRET = os.urandom(8).hex()
"""Part of the guards' names, so that no mapping of a program's own can answer for them."""
ATTR, PRIVATE, SPECIAL = (f"${name}-{_SECRET}" for name in ("attr", "private", "special"))
WRITE, AUGMENT = (f"${name}-{_SECRET}" for name in ("write", "augment"))
IMPORT, FROM, STAR = (f"${name}-{_SECRET}" for name in ("import", "from", "star"))
LAST, SUBJECT, CAPTURED = (f"${name}-{_SECRET}" for name in ("last", "subject", "captured"))
BOX, PRIVATE_BOX = (f"${name}-{_SECRET}" for name in ("box", "private-box"))
TYPE, SAFE, OWN = (f"${name}-{_SECRET}" for name in ("type", "safe", "own"))
"""`type`, and the sets of types whose plain attributes, and whose private ones too, strict mode need not look at."""
PATTERNS = f"$patterns-{_SECRET}"
"""Where strict mode finds the classes of patterns with positional parts (`patterns`)."""
GUARDS = (
    ATTR,
    PRIVATE,
    SPECIAL,
    WRITE,
    AUGMENT,
    BOX,
    PRIVATE_BOX,
    IMPORT,
    FROM,
    STAR,
    LAST,
    SUBJECT,
    CAPTURED,
    TYPE,
    SAFE,
    OWN,
    PATTERNS,
)


def _reader(name: str) -> str:
    if is_plain(name) or (is_dunder(name) and name not in UNSAFE_DUNDERS):
        return ATTR
    return PRIVATE if name.startswith("_") and not is_dunder(name) else SPECIAL


def _name(id: str) -> ast.Name:
    return ast.Name(id, ast.Load())


def _call(guard: str, *args: ast.expr) -> ast.expr:
    return ast.Call(func=_name(guard), args=list(args), keywords=[])


class Language(RestrictingNodeTransformer):
    """Rewrites one tree. `refusals` holds (line, what) afterwards; when it is not empty nothing may be run."""

    def __init__(self, imports: Imports, fast: bool = False) -> None:
        super().__init__()
        self._imports = imports
        self._fast = fast
        self._classes: list[str] = []
        self._in_class = False
        self._first: str | None = None
        """In fast mode: the first parameter of the method around this place, where that name means it for sure."""
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
        native = self._is_native(node, name)
        node = self._contents(node)
        if native:
            return node
        constant = ast.Constant(name)
        if isinstance(node.ctx, ast.Load):
            reader = _reader(name)
            new = _call(reader, node.value, constant)
            if not is_dunder(name):
                new = self._unless(SAFE if reader == ATTR else OWN, node.value, node, new)
            copy_locations(new, node)
            return new
        target = node.value
        node.value = self._unless(OWN, target, target, _call(WRITE, target, constant))
        copy_locations(node.value, target)
        return node

    def _unless(self, known: str, asked: ast.expr, native: ast.expr, guarded: ast.expr) -> ast.expr:
        """`native if type(asked) in known else guarded`, where `asked` is a name that means the same both times."""
        if not isinstance(asked, ast.Name) or self._in_class:
            return guarded
        test = ast.Compare(_call(TYPE, _name(asked.id)), [ast.In()], [_name(known)])
        return ast.IfExp(test, native, guarded)

    def _is_native(self, node: ast.Attribute, name: str) -> bool:
        if not self._fast:
            return False
        if is_dunder(name):
            return name not in UNSAFE_DUNDERS and isinstance(node.ctx, ast.Load)
        first = isinstance(node.value, ast.Name) and node.value.id == self._first
        private = first and name.startswith("_")
        return private or (is_native(name) and (first or isinstance(node.ctx, ast.Load)))

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """`a.b += c` becomes `$augment(a, "b").b += c`: the guard looks at both the read and the write."""
        target = node.target
        native = isinstance(target, ast.Attribute) and self._is_native(target, self._mangled(target.attr))
        node = self._contents(node)
        if isinstance(target, ast.Attribute) and not native:
            call = target.value.orelse if isinstance(target.value, ast.IfExp) else target.value
            assert isinstance(call, ast.Call)
            call.func = ast.copy_location(_name(AUGMENT), target)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """In strict mode `a.b()` looks at `a`, not at `a.b`: the interpreter's short way to methods stays open."""
        node = self._contents(node)
        match node.func:
            case ast.IfExp(body=ast.Attribute() as method, orelse=ast.Call(func=ast.Name(id=reader)) as guarded):
                guarded.func = ast.copy_location(_name(BOX if reader == ATTR else PRIVATE_BOX), method)
                node.func.body = method.value
                method.value = node.func
                node.func = method
        return node

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
        if (why := self._imports.name_refusal(module, alias.name)) is not None:
            self.error(node, why)
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
        """Decorators, defaults and annotations belong to the outside; the rest knows a method's first parameter."""
        self.check_name(node, node.name)
        self.check_function_argument_names(node)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.args = self.visit(node.args)
        if node.returns is not None:
            node.returns = self.visit(node.returns)
        for each in getattr(node, "type_params", []):
            self.visit(each)
        outside = self._in_class, self._first
        self._in_class, self._first = False, self._inner_first(node)
        node.body = self._block(node.body)
        self._in_class, self._first = outside
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.check_function_argument_names(node)
        node.args = self.visit(node.args)
        outside = self._in_class, self._first
        self._in_class = False
        if self._first in parameters(node.args):
            self._first = None
        node.body = self.visit(node.body)
        self._in_class, self._first = outside
        return node

    def _inner_first(self, node: Any) -> str | None:
        """What `self._first` is inside of the function `node`."""
        if not self._fast:
            return None
        if not self._in_class:
            return None if self._first in parameters(node.args) else self._first
        ordinary = [*node.args.posonlyargs, *node.args.args]
        static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)
        if not ordinary or static or binds(node.body, ordinary[0].arg):
            return None
        return str(ordinary[0].arg)

    def _block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        body: list[ast.stmt] = []
        for statement in statements:
            new = self.visit(statement)
            body.extend(new if isinstance(new, list) else [new])
        return body

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Decorators, bases and keywords belong to the outside: private names there are not mangled with this class."""
        self.check_name(node, node.name)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.bases = [self.visit(each) for each in node.bases]
        node.keywords = [self.visit(each) for each in node.keywords]
        for each in getattr(node, "type_params", []):
            self.visit(each)
        outside = self._in_class, self._first
        self._in_class, self._first = True, None
        self._classes.append(node.name)
        body: list[ast.stmt] = [ast.Global(list(GUARDS))]  # not to be looked up in what a metaclass prepared
        ast.copy_location(body[0], node)
        if ast.get_docstring(node, clean=False) is not None:
            body.insert(0, node.body.pop(0))
        node.body = body + self._block(node.body)
        self._classes.pop()
        self._in_class, self._first = outside
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
        names = sorted(captures(pattern) | self._classes_named(pattern))
        node = self._contents(node)
        if names and any(isinstance(each, ast.MatchClass) for each in ast.walk(pattern)):
            check: ast.expr = _call(CAPTURED, *map(_name, names))
            node.guard = ast.BoolOp(ast.And(), [check, node.guard] if node.guard else [check])
            if len(node.guard.values) == 1:
                node.guard = check
            copy_locations(node.guard, pattern)
        return node

    def _classes_named(self, pattern: ast.pattern) -> set[str]:
        """The names that lead to classes which strict mode looks up by itself: Python must know that they are used."""
        classes = [each.cls for each in ast.walk(pattern) if isinstance(each, ast.MatchClass) and each.patterns]
        roots = {each.id for cls in classes for each in ast.walk(cls) if isinstance(each, ast.Name)}
        return set() if self._fast else roots

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        for name in node.kwd_attrs:
            if not is_plain(name) or refused_attribute(name) or name in _INTERPRETER:
                self.error(node, f"the attribute '{name}' is not allowed in a pattern in the sandbox")
        cls = node.cls
        self._check_dotted(cls)
        node.cls = _name(PATTERNS)
        node = self._contents(node)
        node.cls = cls  # the compiler wants a plain dotted name here; reading a class off a module is harmless
        if node.patterns and not self._fast:
            node.cls = ast.Attribute(_name(PATTERNS), ast.unparse(cls), ast.Load())
            copy_locations(node.cls, cls)
        return node

    def _check_dotted(self, value: ast.expr) -> None:
        for each in ast.walk(value):
            if isinstance(each, ast.Name):
                self.check_name(each, each.id)
            if isinstance(each, ast.Attribute) and (why := refused_attribute(self._mangled(each.attr))):
                self.error(each, why)

    visit_MatchSingleton = visit_MatchSequence = visit_MatchOr = _contents

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        self._check_dotted(node.value)
        return node

    def visit_MatchAs(self, node: Any) -> ast.AST:
        self.check_name(node, node.name)
        return self._contents(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.AST:
        self.check_name(node, node.rest)
        return self._contents(node)


_INTERPRETER = frozenset({"sys", "os", "modules", "inspect", "builtins", "codecs"})


def restrict(tree: ast.Module | ast.Expression, imports: Imports, fast: bool = False) -> None:
    """Rewrite `tree` in place; PolicyError names the first refusal, its line and the way out."""
    language = Language(imports, fast)
    language.visit(tree)
    if language.refusals:
        line, what = language.refusals[0]
        more = len(language.refusals) - 1
        error = PolicyError(what + (f"; {more} more refused" if more else ""))
        error.line = line
        raise error
    ast.fix_missing_locations(tree)
