"""Functions with a docstring as turns: what the docstring's first sentence says, asked for; the function without it.

Knows: which functions stand alone, how a method becomes a function, the ways to ask. Leaves to others: sentences
(`prose`), code (`code`), order and repeats (`streams`).
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from mtchat.train.realcode import prose
from mtchat.train.realcode.code import File, bare, needs, parsed, shared

LINES, CHARACTERS = 25, 720
_POOR = re.compile(
    r"(?i)^(return|get|set|initiali[sz]e|create|perform|do|run|process|handle)( the| a| an)? \w+( \w+)?$"
)


class Found(NamedTuple):
    """A function: its name, parameters as written, sentence (imperative, no stop), imports that it needs, code."""

    name: str
    parameters: tuple[str, ...]
    said: str
    imports: tuple[str, ...]
    code: str


def functions(file: File) -> Iterator[Found]:
    """Every function of a file that describes itself and stands alone."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Module | ast.ClassDef):
            for child in node.body:
                if isinstance(child, ast.FunctionDef):
                    found = function(file, child, isinstance(node, ast.ClassDef))
                    if found:
                        yield found


def function(file: File, node: ast.FunctionDef, method: bool) -> Found | None:
    """One function; None where its words or its code will not do."""
    docstring = ast.get_docstring(node, clean=False)
    name = node.name.lstrip("_")
    if (
        not docstring
        or len(node.body) < 2
        or node.name.startswith("__")
        or not name
        or name.startswith(("test", "visit_"))
    ):
        return None
    said = described(docstring)
    if not said:
        return None
    decorators = {ast.unparse(d) for d in node.decorator_list}
    if decorators - {"staticmethod", "classmethod"}:
        return None
    length = (node.end_lineno or 0) - node.body[1].lineno + 1
    if length > 2 * LINES:
        return None
    arguments = node.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if argument is not None:
            argument.annotation = None
    if method and "staticmethod" not in decorators:
        own = (arguments.posonlyargs or arguments.args)[:1]
        if not own or any(
            isinstance(n, ast.Name) and n.id in (own[0].arg, "super") for s in node.body for n in ast.walk(s)
        ):
            return None
        (arguments.posonlyargs or arguments.args).pop(0)
    code = source(file, node, name)
    tree = parsed(code)
    if tree is None or len(code) > CHARACTERS or code.count("\n") >= LINES or trivial(node.body[1:]):
        return None
    imports = []
    for need in needs(tree):
        if need == node.name:
            return None  # renamed, and calls itself by its old name
        if need not in file.imports:
            return None
        imports.append(file.imports[need])
    parameters = tuple(a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))
    if not shared(said, code):
        return None
    return Found(name, parameters, said, tuple(dict.fromkeys(imports)), code)


def described(docstring: str) -> str:
    """The docstring's first sentence as a command, without its stop; "" where it is none that can be one."""
    first = prose.paragraphs(docstring)[:1]
    if not first:
        return ""
    words = prose.sentence(prose.clean(first[0]))
    if words.startswith(("True if", "Whether")):
        words = "Return " + words[0].replace("W", "w") + words[1:]
    said = prose.imperative(words)
    if not 3 <= len(said.split()) <= 32 or not prose.plain(said) or _POOR.search(said):
        return ""
    return said


def source(file: File, node: ast.FunctionDef, name: str) -> str:
    """The function under a new name, without docstring, decorators and annotations; its body as it was written, where
    that can be.
    """
    body = bare(file.span(node.body[1], node.body[-1]))
    if not body:
        return ""
    if re.search(r"^\s*\w+: \w", body, re.MULTILINE) and any(
        isinstance(n, ast.AnnAssign) for s in node.body for n in ast.walk(s)
    ):
        body = "\n".join(ast.unparse(_Plain().visit(s)) for s in node.body[1:])
    head = f"def {name}({ast.unparse(node.args)}):\n"
    return head + "\n".join("    " + line for line in body.split("\n"))


class _Plain(ast.NodeTransformer):
    """Assignments without annotations."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)


def trivial(body: list[ast.stmt]) -> bool:
    """A body that does nothing of what is said: passes, raises, only hands on."""
    if len(body) > 1:
        return all(isinstance(s, ast.Raise | ast.Pass | ast.Import | ast.ImportFrom) for s in body)
    only = body[0]
    if isinstance(only, ast.Return):
        return only.value is None or isinstance(only.value, ast.Constant | ast.Name)
    return isinstance(only, ast.Raise | ast.Pass | ast.Expr | ast.Global)


def asked(found: Found, rng: random.Random) -> str:
    """One way to ask for the function."""
    said, name = found.said, found.name
    low = said[0].lower() + said[1:]
    call = f"{name}({', '.join(found.parameters)})"
    told = prose.third(said)
    takes = (
        " and ".join([", ".join(found.parameters[:-1]), found.parameters[-1]]).removeprefix(" and ")
        if found.parameters
        else ""
    )
    takes = takes and rng.choice([f" that takes {takes} and", f" taking {takes} that"])
    return rng.choice(
        [
            f"Write a function {call} that {told}.",
            f"Write a function {call} to {low}.",
            f"Write a function named {name}{takes or ' that'} {told}.",
            f"Define a function {name} that {told}.",
            f"Define a function called {name}{takes or ' that'} {told}",
            f"Define {call}: {low}.",
            f"define {name}, which {told}",
            f"Create a function {call} that {told}",
            f"Create the function {name} that {told}.",
            f"Implement {call}, which {told}.",
            f"{name}({', '.join(found.parameters)}): {said}",
            f"a function {name} that {told}",
            f"{said} in a function {call}.",
            f"{said}.",
        ]
    )
