"""Statements in plain English: one sentence for each line of code that does something.

Knows every statement of Python; what is inside of one comes after it, one step deeper. Pure; never raises, whatever
the code. Leaves expressions to `phrases`, what running it did to `watch`.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mtchat.languages import parsed
from mtchat.teach.phrases import condition, listed, order, phrase, quoted, target

MOST = 40
"""Steps of one explanation; more are folded."""

_OPERATORS: dict[type, str] = {
    ast.Add: "Adds {v} to {t}", ast.Sub: "Takes {v} away from {t}", ast.Mult: "Multiplies {t} by {v}",
    ast.Div: "Divides {t} by {v}", ast.FloorDiv: "Divides {t} by {v}, without the rest",
    ast.Mod: "Keeps of {t} the rest of dividing it by {v}", ast.Pow: "Raises {t} to the power {v}",
    ast.BitOr: "Joins {v} into {t}", ast.BitAnd: "Keeps of {t} what is also in {v}",
}  # fmt: skip
_DOES: dict[str, str] = {
    "append": "Adds {0} to the end of {s}", "extend": "Adds all items of {0} to the end of {s}",
    "insert": "Puts {1} into {s} at place {0}", "remove": "Takes {0} out of {s}", "reverse": "Turns {s} around",
    "clear": "Empties {s}", "update": "Puts all entries of {0} into {s}", "add": "Adds {0} to {s}",
    "discard": "Takes {0} out of {s}, if it is there", "write": "Writes {0} to {s}", "close": "Closes {s}",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """Lines `line` to `end` of the code (from 1) and what they do. `top` is the place of the outermost statement that
    they belong to (from 0), `depth` how many statements are around them. `folded` steps inside are left out.
    """

    line: int
    end: int
    depth: int
    top: int
    says: str
    folded: int = 0


def steps(code: str) -> list[Step]:
    """Every statement of `code` in the order of its lines; [] for code that does not parse or is too deep to read."""
    tree = parsed(code)
    try:
        return [] if tree is None else [step for n, node in enumerate(tree.body) for step in _of(node, 0, n)]
    except RecursionError:
        return []


def folded(all_steps: Sequence[Step], most: int = MOST) -> tuple[list[Step], int]:
    """At most `most` steps: the innermost folded into the one around them first, then the end; and how many statements
    at the end are left out.
    """
    shown = list(all_steps)
    for depth in range(max((step.depth for step in shown), default=0), 0, -1):
        if len(shown) <= most:
            break
        kept: list[Step] = []
        for step in shown:
            if step.depth < depth:
                kept.append(step)
            else:
                kept[-1] = replace(kept[-1], folded=kept[-1].folded + 1 + step.folded)
        shown = kept
    return shown[:most], len(shown[most:])


def _of(node: ast.stmt, depth: int, top: int) -> Iterator[Step]:
    """A statement, then what is inside of it."""
    decorators = getattr(node, "decorator_list", [])
    start = min([node.lineno, *(each.lineno for each in decorators)])
    inside = _blocks(node)
    first = min((block[0].lineno for _, _, block in inside if block), default=None)
    end = node.end_lineno or node.lineno
    end = end if first is None else max(start, min(end, first - 1))
    yield Step(start, max(end, node.lineno) if first is None else end, depth, top, sentence(node))
    for line, says, block in inside:
        if says:
            yield Step(line, line, depth, top, says)
        for each in block:
            yield from _of(each, depth + 1, top)


Block = tuple[int, str, Sequence[ast.stmt]]
"""The line of a part such as `else:`, what is said of it ("" for the first part), the statements inside."""


def _blocks(node: ast.stmt) -> list[Block]:
    match node:
        case ast.If(body=body, orelse=[ast.If() as other]) if other.col_offset == node.col_offset:
            more = _blocks(other)
            head: Block = (other.lineno, f"Otherwise, if {condition(other.test)}:", more[0][2])
            return [(0, "", body), head, *more[1:]]
        case ast.If(body=body, orelse=orelse):
            return [(0, "", body), *_else(orelse, "Otherwise:")]
        case ast.For() | ast.AsyncFor() | ast.While():
            return [(0, "", node.body), *_else(node.orelse, "When the loop ends without a break:")]
        case ast.Try() | ast.TryStar():
            handlers: list[Block] = [(each.lineno, _handler(each), each.body) for each in node.handlers]
            tail = [*_else(node.orelse, "If nothing went wrong:"), *_else(node.finalbody, "In any case, at the end:")]
            return [(0, "", node.body), *handlers, *tail]
        case ast.Match(cases=cases):
            return [(each.pattern.lineno, _case(each), each.body) for each in cases]
        case ast.With() | ast.AsyncWith() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [(0, "", node.body)]
    return []


def _else(block: Sequence[ast.stmt], says: str) -> list[Block]:
    """The line of an `else:` or `finally:` is the one above its first statement, as it is nearly always written."""
    return [(max(block[0].lineno - 1, 1), says, block)] if block else []


def _case(case: ast.match_case) -> str:
    guard = f" and {condition(case.guard)}" if case.guard is not None else ""
    if isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and not guard:
        return "Otherwise:" if case.pattern.name is None else f"Otherwise, called {case.pattern.name}:"
    return f"If it looks like {quoted(case.pattern)}{guard}:"


def _handler(handler: ast.ExceptHandler) -> str:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type] if handler.type else []
    kind = f"a {listed([quoted(each) for each in kinds], 'or')}" if kinds else "any error"
    return f"If {kind} comes up there{f', called {handler.name}' if handler.name else ''}:"


def sentence(node: ast.stmt) -> str:
    """What a statement does, in one sentence; a colon at its end where more is inside."""
    for worded in (_binding, _flow, _defining, _rest):
        if (said := worded(node)) is not None:
            return said
    return f"Runs {quoted(node)}."


def _binding(node: ast.stmt) -> str | None:
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
            both = [f"{quoted(n)} to {phrase(v)}" for n, v in zip(names, values, strict=True)]
            return f"Sets {listed(both)}, all at once."
        case ast.Assign(targets=[ast.Tuple() | ast.List() as names], value=value):
            return f"Takes {phrase(value)} apart into {listed([quoted(each) for each in names.elts])}."
        case ast.Assign(targets=[ast.Subscript(slice=ast.Slice()) as part], value=value):
            return f"Puts {phrase(value)} in place of {phrase(part)}."
        case ast.Assign(targets=[ast.Subscript(value=whole, slice=place)], value=value):
            return f"Puts {phrase(value)} into {quoted(whole)} at {_key(place)}."
        case ast.Assign(targets=[ast.Attribute(value=owner, attr=name)], value=value):
            return f"Sets {name} of {quoted(owner)} to {phrase(value)}."
        case ast.Assign(targets=targets, value=value):
            kind = (
                "the text " if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value else ""
            )
            return f"Sets {listed([quoted(each) for each in targets])} to {kind}{phrase(value)}."
        case ast.AnnAssign(target=target, value=None, annotation=kind):
            return f"Says that {quoted(target)} is meant to be {quoted(kind)}."
        case ast.AnnAssign(target=target, value=ast.expr() as value, annotation=kind):
            return f"Sets {quoted(target)} ({quoted(kind)}) to {phrase(value)}."
        case ast.AugAssign(target=target, op=op, value=value):
            form = _OPERATORS.get(type(op), "Changes {t} by {v}")
            return form.replace("{t}", quoted(target)).replace("{v}", phrase(value)) + "."
        case ast.Delete(targets=targets):
            return f"Removes {listed([quoted(each) for each in targets])}."
    return None


def _key(place: ast.expr) -> str:
    return f"place {place.value}" if isinstance(place, ast.Constant) and type(place.value) is int else phrase(place)


def _flow(node: ast.stmt) -> str | None:
    match node:
        case ast.For(target=names, iter=items) | ast.AsyncFor(target=names, iter=items):
            return f"For each {target(names)} of {phrase(items)}:"
        case ast.While(test=ast.Constant(value=value)) if value:
            return "Again and again, until a break:"
        case ast.While(test=test):
            return f"As long as {condition(test)}:"
        case ast.If(test=test):
            return f"If {condition(test)}:"
        case ast.Match(subject=subject):
            return f"Compares {phrase(subject)} with these forms, one after the other:"
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return f"{listed([_opened(each) for each in items])}, for what comes now:"
        case ast.Try() | ast.TryStar():
            return "Tries this:"
        case ast.Return(value=value):
            return f"Gives back {phrase(value)}." if value is not None else "Leaves the function."
        case ast.Raise(exc=exc):
            return f"Stops with the error {quoted(exc)}." if exc is not None else "Passes the error on."
        case ast.Assert(test=test):
            return f"Makes sure that {condition(test)}, and stops otherwise."
        case ast.Break():
            return "Leaves the loop."
        case ast.Continue():
            return "Goes on with the next round of the loop."
        case ast.Pass():
            return "Does nothing."
    return None


def _opened(item: ast.withitem) -> str:
    name = f" as {quoted(item.optional_vars)}" if item.optional_vars is not None else ""
    return f"Opens {phrase(item.context_expr)}{name}"


def _defining(node: ast.stmt) -> str | None:
    match node:
        case ast.FunctionDef(name=name, args=args) | ast.AsyncFunctionDef(name=name, args=args):
            return f"Defines a function {name} that takes {_parameters(args)}{_wrapped(node.decorator_list)}:"
        case ast.ClassDef(name=name, bases=bases, decorator_list=decorators):
            kind = f", a kind of {listed([quoted(each) for each in bases])}" if bases else ""
            return f"Defines a class {name}{kind}{_wrapped(decorators)}:"
        case ast.Import(names=names):
            return f"Loads {listed([_loaded(each) for each in names])}."
        case ast.ImportFrom(module=module, names=names):
            return f"Takes {listed([_loaded(each) for each in names])} from {module or 'here'}."
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return f"Says that {listed(names)} belongs outside of this function."
    return None


def _parameters(args: ast.arguments) -> str:
    plain = [*args.posonlyargs, *args.args]
    values: list[ast.expr | None] = [*[None] * (len(plain) - len(args.defaults)), *args.defaults]
    both = [*zip(plain, values, strict=True), *zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    said = [name.arg + (f" ({quoted(value)} unless given)" if value is not None else "") for name, value in both]
    said += [f"any number of {args.vararg.arg}"] if args.vararg else []
    said += [f"any named values as {args.kwarg.arg}"] if args.kwarg else []
    return listed(said) or "nothing"


def _wrapped(decorators: Sequence[ast.expr]) -> str:
    return f", through {listed([quoted(each) for each in decorators])}" if decorators else ""


def _loaded(name: ast.alias) -> str:
    word = "everything" if name.name == "*" else name.name
    return f"{word} (called {name.asname})" if name.asname else word


def _rest(node: ast.stmt) -> str | None:
    """A bare expression: done for what it does, or shown."""
    if not isinstance(node, ast.Expr):
        return None
    match node.value:
        case ast.Constant(value=str()):
            return "A text that says what this is for."
        case ast.Call(func=ast.Name(id="print"), args=[]):
            return "Prints an empty line."
        case ast.Call(func=ast.Name(id="print"), args=args):
            return f"Prints {listed([phrase(each) for each in args])}."
        case ast.Call(func=ast.Attribute(value=owner, attr="sort")) as call:
            return f"Sorts {quoted(owner)} in place{order(call)}."
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=args, keywords=[]) if name in _DOES:
            form = _DOES[name]
            if ("{1}" in form and len(args) < 2) or ("{0}" in form and not args):
                return f"Calls {quoted(node)}."
            for place, each in enumerate(args[:2]):
                form = form.replace(f"{{{place}}}", phrase(each))
            return form.replace("{s}", quoted(owner)) + "."
        case ast.Call() as call if not (said := phrase(call)).startswith(("what ", quoted(call)[:8])):
            return f"Shows {said}."
        case ast.Call(func=func, args=args) if not args:
            return f"Calls {quoted(func)}."
        case ast.Call(func=func, args=args):
            return f"Calls {quoted(func)} with {listed([phrase(each) for each in args])}."
        case ast.Yield(value=value):
            return f"Hands out {phrase(value) if value is not None else 'nothing'}, and waits until the next is wanted."
        case ast.YieldFrom(value=value):
            return f"Hands out each item of {phrase(value)}."
    return f"Shows {phrase(node.value)}."
