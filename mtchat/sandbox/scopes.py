"""Which names a piece of syntax binds.

Knows syntax trees as Python writes them. Leaves to others: what follows from it (`policy`).
"""

import ast


def parameters(args: ast.arguments) -> set[str]:
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    return {each.arg for each in every if each is not None}


def binds(body: list[ast.stmt], name: str) -> bool:
    """Whether anything in a function's body might bind `name` again, in whatever scope."""
    bindings: list[str | None]
    for node in (each for statement in body for each in ast.walk(statement)):
        match node:
            case ast.Name(ctx=ast.Store() | ast.Del(), id=bound):
                bindings = [bound]
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                bindings = list(names)
            case ast.alias(name=bound, asname=other):
                bindings = [other or bound.partition(".")[0], "*" if bound == "*" else ""]
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.ExceptHandler():
                bindings = [node.name]
            case ast.MatchAs() | ast.MatchStar():
                bindings = [node.name]
            case ast.MatchMapping(rest=bound):
                bindings = [bound]
            case _:
                continue
        if name in bindings or "*" in bindings:
            return True
    return False


def captures(pattern: ast.pattern) -> set[str]:
    names = set()
    for node in ast.walk(pattern):
        name = getattr(node, "rest", None) if isinstance(node, ast.MatchMapping) else getattr(node, "name", None)
        if isinstance(name, str):
            names.add(name)
    return names
