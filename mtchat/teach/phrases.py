"""Expressions in plain English: what a piece of code stands for.

Knows the common calls, methods and forms by name; anything else is quoted as it is. Pure. Leaves statements to
`sentences`.
"""

import ast
from collections.abc import Callable, Sequence

LONGEST = 60
"""Characters of code quoted as it is."""

_COMPARES = {
    ast.Eq: "equals", ast.NotEq: "does not equal", ast.Lt: "is less than", ast.LtE: "is at most",
    ast.Gt: "is greater than", ast.GtE: "is at least", ast.Is: "is", ast.IsNot: "is not", ast.In: "is in",
    ast.NotIn: "is not in",
}  # fmt: skip
_CALLS: dict[str, str] = {
    "len": "the length of {0}", "sum": "the sum of {0}", "min": "the smallest of {*}", "max": "the largest of {*}",
    "abs": "{0} without its sign", "round": "{0} rounded", "int": "{0} as a whole number", "float": "{0} as a number",
    "str": "{0} as text", "list": "the items of {0} as a list", "tuple": "the items of {0} as a tuple",
    "set": "the different items of {0}", "dict": "{0} as a dictionary", "reversed": "{0} in reverse order",
    "enumerate": "the items of {0} with their numbers", "zip": "the items of {*} side by side",
    "any": "whether any of {0} is true", "all": "whether all of {0} are true", "input": "what the person types",
    "type": "the type of {0}", "open": "the file {0}", "iter": "the items of {0}, one at a time",
    "next": "the next item of {0}", "range": "the numbers from 0 up to, but not including, {0}",
}  # fmt: skip
_METHODS: dict[str, str] = {
    "upper": "{s} in capitals", "lower": "{s} in small letters", "strip": "{s} without spaces at its ends",
    "title": "{s} with capital first letters", "split": "the words of {s}", "splitlines": "the lines of {s}",
    "join": "{0} joined with {s}", "replace": "{s} with {0} replaced by {1}", "count": "how often {0} is in {s}",
    "index": "where {0} is in {s}", "find": "where {0} is in {s}", "keys": "the keys of {s}",
    "values": "the values of {s}", "items": "the keys and values of {s}", "get": "what {s} has for {0}",
    "copy": "a copy of {s}", "startswith": "whether {s} begins with {0}", "endswith": "whether {s} ends with {0}",
    "isdigit": "whether {s} has digits only", "mean": "the mean of {s}", "sum": "the sum of {s}",
    "min": "the smallest of {s}", "max": "the largest of {s}", "read": "all that {s} holds",
    "pop": "the last item of {s}, taken out", "format": "{s} with {*} put in", "union": "what is in {s} or in {0}",
    "intersection": "what is in both {s} and {0}", "difference": "what is in {s} but not in {0}",
}  # fmt: skip
_ENOUGH = {"split": 0, "get": 1, "pop": 0, "strip": 0, "count": 1, "index": 1, "find": 1}
"""Where more arguments would change the meaning: how many a method may have to be worded so."""
_KINDS = (("list", ast.List, "item"), ("tuple", ast.Tuple, "item"), ("set", ast.Set, "item"))


def quoted(node: ast.AST) -> str:
    """Code as it is, on one line, cut where it is long."""
    try:
        text = " ".join(ast.unparse(node).split())
    except (ValueError, RecursionError, AttributeError):
        return "this"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def phrase(node: ast.expr) -> str:
    """What an expression stands for; its code where no words are known or where they would be longer than it helps."""
    worded = _FORMS.get(type(node))
    try:
        said = worded(node) if worded is not None else None
    except RecursionError:
        said = None
    return said if said is not None and len(said) <= 3 * LONGEST else quoted(node)


def listed(parts: Sequence[str], word: str = "and") -> str:
    """`a, b and c`."""
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def condition(node: ast.expr) -> str:
    """A test, to be read after "if"."""
    match node:
        case ast.Compare(
            left=ast.BinOp(left=ast.Name(id=name), op=ast.Mod(), right=ast.Constant(value=2)),
            ops=[ast.Eq()],
            comparators=[ast.Constant(value=0 | 1 as rest)],
        ):
            return f"{name} is {'odd' if rest else 'even'}"
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=0)]) if _is_remainder(left):
            assert isinstance(left, ast.BinOp)
            return f"{phrase(left.left)} can be divided by {phrase(left.right)} without a rest"
        case ast.Compare(left=left, ops=ops, comparators=right):
            sides = [phrase(each) for each in right]
            return phrase(left) + " and".join(f" {_COMPARES[type(op)]} {s}" for op, s in zip(ops, sides, strict=True))
        case ast.BoolOp(op=op, values=values):
            return f" {'and' if isinstance(op, ast.And) else 'or'} ".join(condition(each) for each in values)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
            return f"{name} is empty, zero or false"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return f"it is not so that {condition(operand)}"
        case ast.Name(id=name):
            return f"{name} is true (not empty, not zero)"
        case ast.Constant(value=True):
            return "always"
        case ast.Call(func=ast.Attribute()) | ast.Call(func=ast.Name()):
            return phrase(node).removeprefix("whether ")
    return phrase(node)


def _is_remainder(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and not isinstance(node.left, ast.Constant)


def _constant(node: ast.Constant) -> str:
    if isinstance(node.value, str) and node.value:
        text = repr(node.value)
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    names = {"''": "an empty text", "None": "nothing (None)", "Ellipsis": "..."}
    return names.get(repr(node.value), quoted(node))


def _container(node: ast.expr) -> str | None:
    for name, kind, word in _KINDS:
        if isinstance(node, kind):
            count = len(node.elts)
            if count == 0:
                return f"an empty {name}"
            short = quoted(node)
            fits = len(short) <= 30
            return (short if name == "tuple" else f"the {name} {short}") if fits else f"a {name} of {count} {word}s"
    if isinstance(node, ast.Dict):
        if not node.keys:
            return "an empty dictionary"
        short = quoted(node)
        many = f"{len(node.keys)} {'entry' if len(node.keys) == 1 else 'entries'}"
        return f"the dictionary {short}" if len(short) <= 30 else f"a dictionary of {many}"
    return None


def target(node: ast.expr) -> str:
    """What a loop sets: one name, or several."""
    return ", ".join(target(each) for each in node.elts) if isinstance(node, ast.Tuple) else quoted(node)


def _each(generators: Sequence[ast.comprehension]) -> str:
    parts = []
    for made in generators:
        kept = "".join(f", only where {condition(test)}" for test in made.ifs)
        parts.append(f" for each {target(made.target)} of {phrase(made.iter)}{kept}")
    return "".join(parts)


def _comprehension(node: ast.expr) -> str | None:
    match node:
        case ast.ListComp(elt=made, generators=each):
            return f"a list of {phrase(made)}{_each(each)}"
        case ast.SetComp(elt=made, generators=each):
            return f"a set of {phrase(made)}{_each(each)}"
        case ast.GeneratorExp(elt=made, generators=each):
            return f"{phrase(made)}{_each(each)}"
        case ast.DictComp(key=key, value=value, generators=each):
            return f"a dictionary from {phrase(key)} to {phrase(value)}{_each(each)}"
    return None


def _subscript(node: ast.expr) -> str | None:
    assert isinstance(node, ast.Subscript)
    whole = phrase(node.value)
    match node.slice:
        case ast.Constant(value=0):
            return f"the first item of {whole}"
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            return f"the last item of {whole}"
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(back))):
            return f"item {back} from the end of {whole}"
        case ast.Constant(value=int(place)) if not isinstance(place, bool):
            return f"what {whole} has at {place}"
        case ast.Slice():
            return _slice(node.slice, whole)
        case ast.Tuple():
            return None
    return f"what {whole} has for {phrase(node.slice)}"


def _slice(cut: ast.Slice, whole: str) -> str:
    lower, upper, step = (phrase(each) if each is not None else "" for each in (cut.lower, cut.upper, cut.step))
    if step == "-1" and not lower and not upper:
        return f"{whole} in reverse order"
    every = f", every {step}th of them" if step and step != "1" else ""
    if not lower and not upper:
        return f"all of {whole}{every}"
    if not lower and upper.startswith("-"):
        return f"{whole} without its last {upper[1:]}{every}"
    if not lower:
        return f"the first {upper} of {whole}{every}"
    if not upper:
        return f"the last {lower[1:]} of {whole}{every}" if lower[0] == "-" else f"{whole} from place {lower} on{every}"
    return f"{whole} from place {lower} up to, but not including, {upper}{every}"


def by(call: ast.Call) -> str:
    """What a `key=` compares: `, by their length`."""
    match next((each.value for each in call.keywords if each.arg == "key"), None):
        case ast.Lambda(body=body, args=ast.arguments(args=[ast.arg(arg=name)])):
            return f", by {quoted(body)} for each {name}"
        case ast.Name(id="len"):
            return ", by their length"
        case ast.expr() as key:
            return f", by {quoted(key)} of each"
    return ""


def order(call: ast.Call) -> str:
    """How a `sort` or `sorted` orders: `, by their length, largest first`."""
    down = next((each.value for each in call.keywords if each.arg == "reverse"), None)
    falls = isinstance(down, ast.Constant) and bool(down.value)
    return f"{by(call)}, {'largest' if falls else 'smallest'} first"


def _call(node: ast.expr) -> str | None:
    assert isinstance(node, ast.Call)
    plain = not any(isinstance(each, ast.Starred) for each in node.args)
    match node.func:
        case ast.Name(id="sorted") if node.args and plain:
            return f"the items of {phrase(node.args[0])} sorted{order(node)}"
        case ast.Name(id="min" | "max" as name) if len(node.args) == 1 and [k.arg for k in node.keywords] == ["key"]:
            return f"the {'smallest' if name == 'min' else 'largest'} of {phrase(node.args[0])}{by(node)}"
        case ast.Name(id="any" | "all" as name) if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            every = " for every" if name == "all" else " for any"
            return (
                f"whether {condition(node.args[0].elt)}{_each(node.args[0].generators).replace(' for each', every, 1)}"
            )
        case ast.Name(id="range") if len(node.args) >= 2 and plain and not node.keywords:
            start, end, *step = (phrase(each) for each in node.args)
            return f"the numbers from {start} up to, but not including, {end}" + "".join(
                f", in steps of {s}" for s in step
            )
        case ast.Name(id=name) if name in _CALLS and node.args and plain and not node.keywords:
            return _filled(_CALLS[name], node.args, "")
        case ast.Name(id="input"):
            return _CALLS["input"]
        case ast.Attribute(value=value, attr=name) if name in _METHODS and plain and not node.keywords:
            if len(node.args) <= _ENOUGH.get(name, 2) and not _is_module(value):
                return _filled(_METHODS[name], node.args, phrase(value))
    if isinstance(node.func, ast.Name) and node.func.id[:1].isupper():
        return f"a new {node.func.id}" + (f" from {_arguments(node)}" if node.args or node.keywords else "")
    return f"what {quoted(node.func)} gives for {_arguments(node)}" if node.args or node.keywords else None


def _is_module(node: ast.expr) -> bool:
    """Whether a method's owner is rather a library, by the names that these have by custom."""
    return isinstance(node, ast.Name) and node.id in {"np", "pd", "math", "random", "statistics", "os", "plt", "re"}


def _arguments(node: ast.Call) -> str:
    named = [f"{each.arg} = {phrase(each.value)}" if each.arg else quoted(each.value) for each in node.keywords]
    return listed([phrase(each) for each in node.args] + named)


def _filled(form: str, args: Sequence[ast.expr], owner: str) -> str | None:
    words = [phrase(each) for each in args]
    if ("{0}" in form and not words) or ("{1}" in form and len(words) < 2):
        return None
    said = form.replace("{s}", owner).replace("{*}", listed(words))
    for place, word in enumerate(words[:2]):
        said = said.replace(f"{{{place}}}", word)
    return said


def _text(node: ast.expr) -> str | None:
    assert isinstance(node, ast.JoinedStr)
    holes = [quoted(each.value) for each in node.values if isinstance(each, ast.FormattedValue)]
    return f"a text with {listed(holes)} put in" if holes else "a text"


_ARITHMETIC: dict[type, str] = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divided by"}


def _arithmetic(node: ast.expr) -> str | None:
    """Two sides, of which at least one is worded itself; a formula reads better as it is."""
    assert isinstance(node, ast.BinOp)
    sides, simple = (node.left, node.right), ast.Call | ast.Name | ast.Constant
    if not any(isinstance(each, ast.Call) for each in sides) or not all(isinstance(each, simple) for each in sides):
        return None
    said = [phrase(each) for each in sides]
    word = _ARITHMETIC.get(type(node.op))
    return None if word is None or any(each.startswith("what ") for each in said) else f"{said[0]} {word} {said[1]}"


def _choice(node: ast.expr) -> str | None:
    assert isinstance(node, ast.IfExp)
    return f"{phrase(node.body)} if {condition(node.test)}, else {phrase(node.orelse)}"


def _lambda(node: ast.expr) -> str | None:
    assert isinstance(node, ast.Lambda)
    names = [each.arg for each in node.args.args]
    return f"a small function that takes {listed(names) or 'nothing'} and gives back {phrase(node.body)}"


_FORMS: dict[type, Callable[..., str | None]] = {
    ast.Constant: _constant, ast.List: _container, ast.Tuple: _container, ast.Set: _container, ast.Dict: _container,
    ast.ListComp: _comprehension, ast.SetComp: _comprehension, ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension, ast.Subscript: _subscript, ast.Call: _call, ast.JoinedStr: _text,
    ast.IfExp: _choice,
    ast.BinOp: _arithmetic,
    ast.Lambda: _lambda,
    ast.Compare: lambda node: f"whether {condition(node)}",
    ast.Await: lambda node: f"what {phrase(node.value)} gives once it is ready",
    ast.Yield: lambda node: quoted(node),
}  # fmt: skip
