"""Functions with a docstring as turns: what the docstring's first sentence says, asked for; the function without it.

Knows: which functions stand alone, how a method becomes a function, the ways to ask. Leaves to others: sentences
(`prose`), code (`code`), order and repeats (`streams`).
"""

from __future__ import annotations

import ast
import copy
import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from mtchat.train.realcode import prose
from mtchat.train.realcode.code import BUILTINS, File, bare, bodies, needs, parsed, shared, standing

LINES, CHARACTERS = 25, 720
_POOR = re.compile(
    r"(?i)^(return|get|set|initiali[sz]e|create|perform|do|run|process|handle)( the| a| an)? \w+( \w+)?$"
)


_DECORATORS = re.compile(
    r"staticmethod$|classmethod$|property$|(functools\.)?cached_property$|(functools\.)?(lru_)?cache\b|cacheit$|\w*\.?_dispatch|"
    r"array_function_dispatch|set_module|validate_params|doc\(|Substitution|Appender|_docstring\.|_copy_docstring|public$|"
    r"xp_capabilities|(nx\.\w+\.)?not_implemented_for|set_array_function"
)
"""What a function may lose without meaning something else."""
_PHRASE = re.compile(r"\b(of|for|from|between|to|with|in)\b")
_NO_PHRASE = re.compile(
    r"(?i)\b(is|are|was|were|be|been|has|have|will|can|may|must|used|called|when|that|which|this|these|if|does|do|class|helper|wrapper|function|method|"
    r"module|decorator|variant|version|like|same|equivalent|alias|shortcut|convenience|implementation|handler|callback|hook|entry|"
    r"constructor|object|instance|rule|default|main|base|factory|interface|support|dispatch\w*|utility|routine|command)\b"
)


class Found(NamedTuple):
    """A function or class: its name, parameters as written, sentence (no stop; a command, or a phrase where `phrase`),
    imports and other lines that it needs, code.
    """

    name: str
    parameters: tuple[str, ...]
    said: str
    phrase: bool
    imports: tuple[str, ...]
    before: tuple[str, ...]
    code: str


def functions(file: File) -> Iterator[Found]:
    """Every function and class of a file that describes itself and stands alone."""
    for holder, body in bodies(file.tree):
        if isinstance(holder, ast.Module | ast.ClassDef):
            for child in body:
                found = None
                if isinstance(child, ast.FunctionDef):
                    found = function(file, child, isinstance(holder, ast.ClassDef))
                elif isinstance(child, ast.ClassDef):
                    found = grown(file, child)
                if found:
                    yield found


def function(file: File, node: ast.FunctionDef, method: bool) -> Found | None:
    """One function; None where its words or its code will not do."""
    docstring = ast.get_docstring(node, clean=False)
    name = node.name.strip("_")
    if not docstring or len(node.body) < 2 or node.name.startswith(("__", "test", "visit_")) or not name:
        return None
    said, phrase = described(docstring)
    if not said or (node.end_lineno or 0) - node.body[1].lineno >= 2 * LINES:
        return None
    if not all(_DECORATORS.match(ast.unparse(d)) for d in node.decorator_list):
        return None
    arguments = copy.deepcopy(node.args)
    for argument in (n for n in ast.walk(arguments) if isinstance(n, ast.arg)):
        argument.annotation = None
    body = source(file, node)
    if method and not any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list):
        body = _without_self(node, arguments, body)
        if not body or _OWN.search(said):
            return None
    if not body:
        return None
    code = f"def {name}({ast.unparse(arguments)}):\n" + "\n".join("    " + line for line in body.split("\n"))
    tree = parsed(code)
    if tree is None or len(code) > CHARACTERS or code.count("\n") >= LINES:
        return None
    made = tree.body[0]
    if not isinstance(made, ast.FunctionDef) or trivial(made.body) or shared(said, code) < 1 + phrase:
        return None
    parameters = tuple(a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))
    return stood(file, tree, Found(name, parameters, said, phrase, (), (), code), node.name)


def stood(file: File, tree: ast.Module, found: Found, old: str) -> Found | None:
    """A function with what it needs; None where that cannot be given, or it calls itself by a name that it lost."""
    names = needs(tree)
    if len(names) > 6 or old in names or "from ." in found.code:
        return None
    imports, before, missing = standing(file, names)
    if missing or len(before) > 4 or sum(map(len, before)) > 320:
        return None
    made = tree.body[0]
    if before and isinstance(made, ast.FunctionDef) and len(made.body) == 1 and not isinstance(made.body[0], _COMPOUND):
        return None  # another does it
    return found._replace(imports=tuple(imports), before=tuple(before))


_COMPOUND = ast.For | ast.While | ast.If | ast.With | ast.Try
_OWN = re.compile(r"(?i)\b(self|this|object|instance|class|itself|own)\b")


def _without_self(node: ast.FunctionDef, arguments: ast.arguments, body: str) -> str:
    """A method's body with the attributes that it reads as parameters, which are put first in `arguments`; "" where it
    does more with its object.
    """
    first = arguments.posonlyargs or arguments.args
    if not first or not body:
        return ""
    own = first.pop(0).arg
    read: dict[str, None] = {}
    inner = [n for s in node.body[1:] for n in ast.walk(s)]
    for call in inner:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is(call.func.value, own):
            return ""
    for attribute in inner:
        if isinstance(attribute, ast.Attribute) and _is(attribute.value, own):
            if not isinstance(attribute.ctx, ast.Load):
                return ""
            read[attribute.attr] = None
    uses = sum(_is(n, own) for n in inner)
    names = {n.id for n in inner if isinstance(n, ast.Name)} | {
        n.arg for n in ast.walk(arguments) if isinstance(n, ast.arg)
    }
    if uses != len(re.findall(rf"\b{own}\.[A-Za-z_]", body)) or "super" in names or len(read) > 4:
        return ""
    fresh = {attribute: attribute.strip("_") for attribute in read}
    if any(not f or f in names or f in BUILTINS for f in fresh.values()) or len(set(fresh.values())) < len(fresh):
        return ""
    for had, name in fresh.items():
        body = re.sub(rf"\b{own}\.{had}\b", name, body)
    first[:0] = [ast.arg(name) for name in fresh.values()]
    return body if not re.search(rf"\b{own}\b", body) else ""


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def grown(file: File, node: ast.ClassDef) -> Found | None:
    """A class without its docstrings; None where its words or its code will not do."""
    docstring = ast.get_docstring(node, clean=False)
    if not docstring or node.decorator_list or (node.end_lineno or 0) - node.lineno > 3 * LINES:
        return None
    words = prose.sentence(prose.clean((prose.paragraphs(docstring) or [""])[0]))
    if not 4 <= len(words.split()) <= 24 or not prose.plain(words) or not words[0].isupper() or _PART.match(words):
        return None
    made = _Plain().visit(copy.deepcopy(node))
    if not any(isinstance(n, ast.FunctionDef) for n in made.body):
        return None
    code = bare(ast.unparse(ast.fix_missing_locations(made)))
    tree = parsed(code)
    if tree is None or len(code) > CHARACTERS or not 5 <= code.count("\n") < LINES or shared(words, code) < 2:
        return None
    return stood(file, tree, Found(node.name, (), words, True, (), (), code), "")


_PART = re.compile(r"(?i)(an? |the )?(abstract|base|mix-?in|helper|internal|common|generic|private|stub|dummy)\b")


def described(docstring: str) -> tuple[str, bool]:
    """The docstring's first sentence without its stop, and whether it is a phrase ("the sum of x"), no command; ""
    where it is neither.
    """
    first = prose.paragraphs(docstring)[:1]
    if not first:
        return "", False
    words = prose.sentence(prose.clean(first[0]))
    if words.startswith(("True if", "Whether")):
        words = "Return " + words[0].replace("W", "w") + words[1:]
    said = prose.imperative(words)
    if said:
        good = 3 <= len(said.split()) <= 32 and prose.plain(said) and not _POOR.search(said)
        return (said, False) if good else ("", False)
    if not 4 <= len(words.split()) <= 20 or not words[0].isupper() or not _PHRASE.search(words):
        return "", False
    if (
        _NO_PHRASE.search(words)
        or not prose.plain(words)
        or re.search(r"[,;:]", words)
        or words.split()[0].endswith("ing")
    ):
        return "", False
    return words, True


def source(file: File, node: ast.FunctionDef) -> str:
    """The function's body without docstring and annotations; as it was written, where that can be."""
    if any(isinstance(n, ast.AnnAssign) for s in node.body for n in ast.walk(s)):
        plain = (_Plain().visit(copy.deepcopy(statement)) for statement in node.body[1:])
        return "\n".join(ast.unparse(statement) for statement in plain if statement is not None)
    return bare(file.span(node.body[1], node.body[-1]))


class _Plain(ast.NodeTransformer):
    """Code without annotations and docstrings."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._shorter(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._shorter(node)

    def _shorter(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node


def trivial(body: list[ast.stmt]) -> bool:
    """A body that does nothing of what is said: passes, raises, only hands on."""
    if len(body) > 1:
        return all(isinstance(s, ast.Raise | ast.Pass | ast.Import | ast.ImportFrom) for s in body)
    only = body[0]
    if isinstance(only, ast.Return):
        value = only.value
        if isinstance(value, ast.Call) and not value.args and not value.keywords:
            value = value.func
        return value is None or isinstance(value, ast.Constant | ast.Name | ast.Attribute)
    return isinstance(only, ast.Raise | ast.Pass | ast.Expr | ast.Global)


def asked(found: Found, rng: random.Random) -> str:
    """One way to ask for the function or class."""
    said, name = found.said, found.name
    call = f"{name}({', '.join(found.parameters)})"
    if found.code.startswith("class "):
        ways = [
            f"Define a class {name}: {said}.",
            f"Write a class {name}. {said}.",
            f"class {name}: {said}",
            f"Create a class named {name}. {said}",
        ]
        return rng.choice(ways)
    low = said[0].lower() + said[1:] if said[1:2].islower() or said[1:2] == " " else said
    last = found.parameters[-1:]
    takes = ", ".join(found.parameters[:-1]) + (" and " if len(found.parameters) > 1 else "") + "".join(last)
    if found.phrase:
        the = low if low.startswith(("the ", "a ", "an ")) else f"the {low}"
        ways = [
            f"Write a function {call} for {the}.",
            f"Write a function {call} that gives {the}.",
            f"Define {call}: {low}.",
            f"Define a function {name} that computes {the}",
            f"{call}: {said}",
            f"a function {name}{takes and ' of ' + takes} for {the}",
        ]
        return rng.choice(ways)
    told = prose.third(said)
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
            f"{call}: {said}",
            f"a function {name} that {told}",
            f"{said} in a function {call}.",
            f"{said}.",
        ]
    )
