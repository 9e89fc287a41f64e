"""Results shown with words around them: "print 'Total:' followed by total", two decimals, one element a line.

Knows: what is printed beside a value, how that is asked and written. Leaves to others: what is computed (`forms`), plain
output (`forms.output`).
"""

# ruff: noqa: E501
# Tables with a row a line, however long.

from __future__ import annotations

from typing import NamedTuple

from mtchat.train.corpus.forms import Turn, speak
from mtchat.train.corpus.scene import Scene


class Way(NamedTuple):
    """Phrasings, the code, and what it is for: kinds of the value, whether a second value stands beside it."""

    says: tuple[str, ...]
    code: str
    kinds: tuple[str, ...] = ()
    two: bool = False
    weight: float = 1.0


SCALARS = ("int", "num", "float", "str", "bool", "word", "npnum")
LISTS = ("ints", "strs", "floats", "nums", "wordlist")
WAYS = {
    "label": Way(
        ("<print> {L} followed by {x}", "<print> the text {L} and then {x}", "<print> {L} and {x}", "<print> {x} after the text {L}", "<print> {x} with {L} [in front of it|before it]",
         "<print> the words {L} and the value of {x}", "first {L}, then {x}: print both on one line", "print {x} with the label {L}", "<print> {L} and after that the value of {x}",
         "output a line with {L} and {x}"),
        'print("{t}", {x})', weight=3),
    "fstring": Way(
        ("use an f-string to print {L} and {x}", "<print> {L} followed by {x} using an f-string", "with an f-string, <print> {L} and then {x}", "<print> an f-string with {L} and {x}",
         "format {L} and {x} into one string and print it"),
        'print(f"{t} {{x}}")', SCALARS, weight=1.5),
    "sentence": Way(
        ("<print> {M}, where X is {x}", "<print> the sentence {M} with {x} [in place of X|for X|instead of X]", "<print> {M}. X stands for {x}", "<print> {M} and put {x} [where X is|in for X]",
         "<print> {M}, replacing X by {x}", "<print> a sentence like {M}, in which X is the value of {x}"),
        'print(f"{s}")', SCALARS, weight=2.5),
    "message": Way(
        ("<store> the text {M} in {_y}, where X is {x}", "<make> a string {_y} that says {M}, with {x} for X", "let {_y} be {M} with X replaced by {x}", "<make> a message {_y}: {M}, where X is {x}",
         "write {M} with {x} in place of X into {_y}"),
        '{_y} = f"{s}"', SCALARS),
    "decimals": Way(
        ("<print> {x} with [two|2] decimals", "<print> {x} with [two|2] decimal places", "<print> {x}, formatted [to|with] [two|2] [decimals|decimal places]", "show {x} with exactly two digits after the point"),
        'print(f"{{x}:.2f}")', ("float",), weight=2),
    "one decimal": Way(("<print> {x} with [one|a single] decimal", "<print> {x}, formatted with one decimal place", "<print> {x} with one digit after the point"), 'print(f"{{x}:.1f}")', ("float",)),
    "rounded": Way(("<print> {x} rounded to [two|2] decimals", "<print> {x}, rounded to [two|2] [decimals|decimal places]", "round {x} to [two|2] decimals and <print> it"), "print(round({x}, 2))", ("float",)),
    "label decimals": Way(("<print> {L} followed by {x} with [two|2] decimals", "<print> {L} and {x}, the latter with [two|2] decimals", "<print> {L} and {x} formatted to [two|2] decimal places"), 'print(f"{t} {{x}:.2f}")', ("float",)),
    "whole percent": Way(("<print> {x} with a percent sign after it", "<print> {x} and a percent sign right after it", "<print> {x} followed by %, without a space"), 'print(f"{{x}}%")', ("int", "float"), weight=0.5),
    "two": Way(("<print> {x} and {y}", "<print> both {x} and {y} on one line", "<print> {x} and {y} [side by side|next to each other|in one line]", "<print> {x} followed by {y}"), "print({x}, {y})", two=True),
    "two lines": Way(
        ("<print> {x} and {y} on separate lines", "<print> {x} and {y}, each on a line of its own", "<print> {x} and then {y} on the next line", "<print> {x}, and below it {y}", "<print> both {x} and {y}, one per line"),
        'print({x}, {y}, sep="\\n")', two=True),
    "two sep": Way(("<print> {x} and {y} with a comma between them", "<print> {x} and {y}, separated by a comma and a space"), 'print({x}, {y}, sep=", ")', SCALARS, True, 0.5),
    "two sentence": Way(
        ("<print> {L} followed by {x} and {y}", "<print> {L} and then {x} and {y}", "<print> the text {L} and after it both {x} and {y}"), 'print("{t}", {x}, {y})', SCALARS, True, 0.7),
    "lines": Way(
        ("<print> the [elements|items] of {x} one per line", "<print> every [element|item] of {x} on its own line", "<print> each [element|item] of {x} on a separate line", "<loop> {x} and print each [element|item]", "for each item in {x}[,|] print it"),
        "for item in {x}:\n    print(item)", LISTS, weight=1.5),
    "line": Way(("<print> the [elements|items] of {x} on one line[, separated by spaces|]", "<print> everything in {x} on a single line with spaces between", "<print> {x} without brackets and commas"), "print(*{x})", LISTS),
    "commas": Way(("<print> the [elements|items] of {x} separated by commas", "<print> {x} as one line with commas between the [elements|items]"), 'print(*{x}, sep=", ")', LISTS),
    "indices": Way(
        ("<print> every [element|item] of {x} with its index", "<print> the index and the [element|item] for each [element|item] of {x}", "for each item of {x} print its position and the item", "<loop> {x} with an index and print both"),
        "for i, item in enumerate({x}):\n    print(i, item)", LISTS),
    "numbered": Way(
        ("<print> {x} as a numbered list, starting with 1", "number the [elements|items] of {x} from 1 and print them like \"1. first\"", "<print> the items of {x}, each with its number and a dot in front"),
        'for i, item in enumerate({x}, 1):\n    print(f"{i}. {item}")', LISTS, weight=0.7),
    "backwards": Way(("<print> the [elements|items] of {x} from last to first, one per line", "<print> {x} backwards, one item per line"), "for item in reversed({x}):\n    print(item)", LISTS, weight=0.6),
    "entries": Way(
        ("<print> every key and value of {x} on a line", "<print> each key of {x} with its value", "<loop> {x} and print every key with its value", "for each key in {x}[,|] print the key and its value"),
        "for key, value in {x}.items():\n    print(key, value)", ("anydict",), weight=2),
    "colons": Way(
        ("<print> the entries of {x} as key: value, one per line", "for each entry of {x}[,|] print the key, a colon and the value", "<print> {x} line by line in the form key: value"),
        'for key, value in {x}.items():\n    print(f"{key}: {value}")', ("anydict",), weight=2),
    "rows": Way(("<print> each row of {x} on its own line", "<print> {x} row by row", "<loop> the rows of {x} and print them"), "for row in {x}:\n    print(row)", ("matrix", "lists", "records"), weight=1.5),
    "plain rows": Way(("<print> {x} row by row, the numbers separated by spaces", "<print> each row of {x} on a line without brackets"), "for row in {x}:\n    print(*row)", ("matrix", "lists")),
}  # fmt: skip
LABELS = (
    "Result:",
    "The result is",
    "Answer:",
    "The answer is",
    "Here it is:",
    "Value:",
    "Done:",
    "Output:",
    "We get",
    "That makes",
    "So far:",
    "Finally:",
    "In total:",
    "Found:",
)
MESSAGES = (
    "The result is X",
    "The answer is X.",
    "We got X",
    "X is the result",
    "It is X now",
    "I found X!",
    "The value X was computed",
    "There is X",
    "Result: X",
    "X!",
    "Here you are: X",
    "This gives X.",
    "Hello X",
)


def give(scene: Scene, last: bool = False) -> Turn | None:
    """A turn that shows a value of an earlier turn with something around it."""
    rng = scene.rng
    if not scene.order:
        return None
    name = scene.order[-1] if rng.random() < 0.75 else rng.choice(scene.order)
    kinds = scene.entities[name].kinds
    if not kinds.isdisjoint(("frame", "series", "array2")):
        return None  # several lines, which no label fits
    others = [n for n in scene.order if n != name]
    fitting = {
        k: w for k, w in WAYS.items() if (not w.kinds or not kinds.isdisjoint(w.kinds)) and (others or not w.two)
    }
    key = rng.choices(list(fitting), [w.weight for w in fitting.values()])[0]
    way = fitting[key]
    other = rng.choice(others) if way.two else ""
    label, message = _words(scene, name)
    mark = rng.choice(("'", '"', '"'))
    slots = {"x": scene.refer(name), "L": f"{mark}{label}{mark}", "M": f"{mark}{message}{mark}"}
    target = scene.new_name(("message", "text", "line", "sentence")) if "{_y}" in way.code else ""
    if target:
        slots["_y"] = scene.given(target)
    if other:
        slots |= {"x": name, "y": other}
    code = way.code.replace("{{x}", "{" + name).replace("{x}", name).replace("{y}", other).replace("{_y}", target)
    code = code.replace("{t}", label).replace("{s}", message.replace("X", "{" + name + "}", 1))
    intent = speak(scene, "{V}", {"V": scene.voice.pick(way.says)}, slots, last=last)
    return Turn(
        f"show_{key.replace(' ', '_')}", intent, code, "store" if target else "show", (target,) if target else ()
    )


def _words(scene: Scene, name: str) -> tuple[str, str]:
    """(a label, a sentence with an X in it) for a value: general ones, or of its name."""
    rng, plain = scene.rng, name.replace("_", " ")
    if rng.random() < 0.4 or "X" in plain:
        return rng.choice(LABELS), rng.choice(MESSAGES)
    many = plain.endswith("s") and not plain.endswith("ss")
    it = ("" if plain.startswith(("my ", "is ", "has ")) else "The ") + plain
    it, be = it[:1].upper() + it[1:], "are" if many else "is"
    label = rng.choice((f"{plain.capitalize()}:", f"{plain}:", f"{it} {be}", f"{plain} =", f"{it}:"))
    says = (
        f"{it} {be} X",
        f"{it} {be} X.",
        f"{plain.capitalize()}: X",
        f"{plain} = X",
        f"X {be} the {plain}" if it[:4] == "The " else f"{it}: X",
    )
    return label, rng.choice(says)
