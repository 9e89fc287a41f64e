"""Conditions and mappings, as tables.

Knows: words and code. Leaves to others: what becomes of them (`predicates`).
"""
# ruff: noqa: E501
# One entry a line, however long: these are tables.

from __future__ import annotations

from typing import NamedTuple


# fmt: off
class Pred(NamedTuple):
    """A condition on `{i}`: code, its negation, an adjective for before the noun, phrases for after it ("greater than 3"), and for a subject ("is even")."""

    name: str
    kind: str
    code: str
    opposite: str
    before: str
    after: tuple[str, ...]
    single: tuple[str, ...]
    slot: str = ""


PREDS = [
    Pred("even", "ints", "{i} % 2 == 0", "{i} % 2 != 0", "even", ("that are even", "which are even", "divisible by two"), ("is even", "is an even number", "is divisible by two")),
    Pred("odd", "ints", "{i} % 2 == 1", "{i} % 2 == 0", "odd", ("that are odd", "which are odd"), ("is odd", "is an odd number")),
    Pred("positive", "ints", "{i} > 0", "{i} <= 0", "positive", ("that are positive", "above zero", "greater than zero"), ("is positive", "is above zero")),
    Pred("negative", "ints", "{i} < 0", "{i} >= 0", "negative", ("that are negative", "below zero", "less than zero"), ("is negative", "is below zero")),
    Pred("gt", "ints", "{i} > {m}", "{i} <= {m}", "", ("<gt> {m}", "<gt> {m}", "that are <gt> {m}", "which are <gt> {m}", "> {m}"), ("is <gt> {m}", "is <gt> {m}", "exceeds {m}", "> {m}"), "m"),
    Pred("lt", "ints", "{i} < {m}", "{i} >= {m}", "", ("<lt> {m}", "<lt> {m}", "that are <lt> {m}", "which are <lt> {m}", "< {m}"), ("is <lt> {m}", "is <lt> {m}", "< {m}"), "m"),
    Pred("ge", "ints", "{i} >= {m}", "{i} < {m}", "", ("of at least {m}", "that are at least {m}", "greater than or equal to {m}", "not below {m}", ">= {m}"), ("is at least {m}", "is greater than or equal to {m}", "is {m} or more"), "m"),
    Pred("le", "ints", "{i} <= {m}", "{i} > {m}", "", ("of at most {m}", "that are at most {m}", "less than or equal to {m}", "not above {m}", "<= {m}"), ("is at most {m}", "is less than or equal to {m}", "is {m} or less"), "m"),
    Pred("eq", "ints", "{i} == {m}", "{i} != {m}", "", ("equal to {m}", "that are equal to {m}", "that equal {m}"), ("is equal to {m}", "equals {m}", "is exactly {m}", "is {m}"), "m"),
    Pred("div", "ints", "{i} % {n} == 0", "{i} % {n} != 0", "", ("divisible by {n}", "that are divisible by {n}", "that are multiples of {n}", "which {n} divides", "~evenly divisible by {n}"), ("is divisible by {n}", "is a multiple of {n}", "can be divided by {n}"), "n"),
    Pred("fgt", "floats", "{i} > {m}", "{i} <= {m}", "", ("<gt> {m}", "that are <gt> {m}"), ("is <gt> {m}",), "m"),
    Pred("flt", "floats", "{i} < {m}", "{i} >= {m}", "", ("<lt> {m}", "that are <lt> {m}"), ("is <lt> {m}",), "m"),
    Pred("longer", "strs", "len({i}) > {n}", "len({i}) <= {n}", "", ("<longer> {n} <letters>", "<longer> {n} <letters>", "longer than {n}", "that are longer than {n} [<letters>|]", "with length <gt> {n}"), ("is longer than {n} [<letters>|]", "has more than {n} <letters>"), "n"),
    Pred("shorter", "strs", "len({i}) < {n}", "len({i}) >= {n}", "", ("shorter than {n} [<letters>|]", "with fewer than {n} <letters>", "that are shorter than {n} [<letters>|]", "with length <lt> {n}"), ("is shorter than {n} [<letters>|]", "has fewer than {n} <letters>"), "n"),
    Pred("long_eq", "strs", "len({i}) == {n}", "len({i}) != {n}", "", ("with [exactly|] {n} <letters>", "of length {n}", "that have [exactly|] {n} <letters>", "that are {n} <letters> long"), ("has [exactly|] {n} <letters>", "is {n} <letters> long"), "n"),
    Pred("starts", "strs", "{i}.startswith({c})", "not {i}.startswith({c})", "", ("starting with {c}", "that start with {c}", "that begin with {c}", "beginning with {c}", "which start with [the letter|] {c}", "whose first letter is {c}"), ("starts with {c}", "begins with {c}"), "c"),
    Pred("ends", "strs", "{i}.endswith({c})", "not {i}.endswith({c})", "", ("ending with {c}", "that end with {c}", "ending in {c}", "that end in {c}", "whose last letter is {c}"), ("ends with {c}", "ends in {c}"), "c"),
    Pred("has", "strs", "{c} in {i}", "{c} not in {i}", "", ("containing [the letter|] {c}", "that contain [the letter|] {c}", "with [the letter|an|a] {c}", "that have [the letter|an|a] {c} in them", "which contain {c}", "~having {c} somewhere"), ("contains [the letter|] {c}", "has [the letter|] {c} in it", "includes {c}"), "c"),
    Pred("upper", "strs", "{i}[0].isupper()", "not {i}[0].isupper()", "capitalized", ("starting with a capital letter", "that start with a capital letter", "that are capitalized"), ("starts with a capital letter", "is capitalized")),
    Pred("pal", "strs", "{i} == {i}[::-1]", "{i} != {i}[::-1]", "", ("that are palindromes", "that read the same backwards"), ("is a palindrome", "reads the same backwards")),
]


class Map(NamedTuple):
    """A mapping of `{i}`: code, noun phrases for all of `{x}` mapped, commands, and "the square of" for one element."""

    name: str
    kind: str
    code: str
    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    one: tuple[str, ...]
    slot: str = ""


MAPS = [
    Map("square", "ints floats", "{i} ** 2", ("the squares of {x}", "the squares of [the|all|] <numbersnoun> in {x}", "{x} squared", "<each> <numbersnoun> in {x} squared", "the square of <eachsg> [number|element|value] <in> {x}", "a <listnoun> of the squares of {x}", "squares of {x}"), ("square <eachsg> [number|element|value] <in> {x}", "square all [the|] <numbersnoun> <in> {x}", "square {x}", "square the <numbersnoun> <in> {x}"), ("its square", "the square of it", "it squared")),
    Map("cube", "ints", "{i} ** 3", ("the cubes of {x}", "the cubes of [the|] <numbersnoun> in {x}", "{x} cubed", "the cube of <eachsg> [number|element] <in> {x}"), ("cube <eachsg> [number|element|value] <in> {x}", "cube all [the|] <numbersnoun> <in> {x}"), ("its cube", "it cubed")),
    Map("double", "ints floats", "{i} * 2", ("the doubles of [the <numbersnoun> in|] {x}", "{x} doubled", "<eachsg> [number|element] in {x} doubled", "twice <eachsg> [number|element] <in> {x}", "{x} with every [number|element] doubled"), ("double <eachsg> [number|element|value] <in> {x}", "double all [the|] <numbersnoun> <in> {x}", "double {x}", "double the <numbersnoun> <in> {x}", "multiply <eachsg> [number|element] in {x} by two"), ("its double", "twice its value", "it doubled")),
    Map("triple", "ints", "{i} * 3", ("{x} tripled", "three times <eachsg> [number|element] <in> {x}"), ("triple <eachsg> [number|element|value] <in> {x}", "triple all [the|] <numbersnoun> <in> {x}"), ("its triple", "three times its value")),
    Map("half", "ints floats", "{i} / 2", ("the halves of {x}", "half of <eachsg> [number|element] <in> {x}", "{x} halved"), ("halve <eachsg> [number|element|value] <in> {x}", "halve all [the|] <numbersnoun> <in> {x}"), ("half of it", "its half")),
    Map("add", "ints floats", "{i} + {n}", ("{x} with {n} added to <eachsg> [number|element|value]", "<eachsg> [number|element] of {x} plus {n}", "the <numbersnoun> of {x} increased by {n}"), ("add {n} to <eachsg> [number|element|value|item] <in> {x}", "add {n} to all [the|] <numbersnoun> <in> {x}", "increase <eachsg> [number|element] <in> {x} by {n}", "increase all <numbersnoun> in {x} by {n}"), ("it plus {n}",), "n"),
    Map("sub", "ints", "{i} - {n}", ("{x} with {n} subtracted from <eachsg> [number|element]", "<eachsg> [number|element] of {x} minus {n}"), ("subtract {n} from <eachsg> [number|element|value] <in> {x}", "decrease <eachsg> [number|element] <in> {x} by {n}", "subtract {n} from all <numbersnoun> in {x}"), ("it minus {n}",), "n"),
    Map("mul", "ints floats", "{i} * {n}", ("{x} with <eachsg> [number|element] multiplied by {n}", "<eachsg> [number|element] of {x} times {n}", "<eachsg> [number|element] <in> {x} multiplied by {n}"), ("multiply <eachsg> [number|element|value|item] <in> {x} by {n}", "multiply all [the|] <numbersnoun> <in> {x} by {n}", "multiply the <numbersnoun> <in> {x} by {n}", "scale {x} by {n}"), ("it times {n}", "it multiplied by {n}"), "n"),
    Map("neg", "ints", "-{i}", ("the negatives of {x}", "{x} with all signs flipped", "{x} negated"), ("negate <eachsg> [number|element] <in> {x}", "flip the sign of <eachsg> [number|element] in {x}", "negate all <numbersnoun> in {x}"), ("its negative",)),
    Map("abs", "ints", "abs({i})", ("the absolute values of {x}", "the absolute value of <eachsg> [number|element] <in> {x}"), ("take the absolute value of <eachsg> [number|element] <in> {x}",), ("its absolute value",)),
    Map("str", "ints", "str({i})", ("{x} as strings", "the <numbersnoun> of {x} as strings", "{x} with all <numbersnoun> as strings"), ("convert <eachsg> [number|element] <in> {x} to a string", "convert all <numbersnoun> in {x} to strings", "turn the <numbersnoun> in {x} into strings"), ("it as a string",)),
    Map("round", "floats", "round({i})", ("{x} rounded", "the rounded <numbersnoun> of {x}"), ("round <eachsg> [number|element] <in> {x}", "round all [the|] <numbersnoun> <in> {x}", "round the <numbersnoun> in {x}"), ("it rounded",)),
    Map("upper", "strs", "{i}.upper()", ("{x} in upper case", "the <wordsnoun> <in> {x} in upper case", "{x} in capital letters", "{x} uppercased", "the upper case versions of {x}", "<each> <wordsnoun> in {x} in uppercase"), ("convert <eachsg> [word|string|name|element|item] <in> {x} to upper case", "make all [the|] <wordsnoun> in {x} upper case", "uppercase {x}", "uppercase <eachsg> [word|string|element] <in> {x}", "convert {x} to upper case", "make <eachsg> [word|string] <in> {x} uppercase", "make {x} uppercase"), ("it in upper case", "it in capitals")),
    Map("lower", "strs", "{i}.lower()", ("{x} in lower case", "the <wordsnoun> <in> {x} in lower case", "{x} lowercased"), ("convert <eachsg> [word|string|name|element] <in> {x} to lower case", "make all [the|] <wordsnoun> in {x} lower case", "lowercase <eachsg> [word|string] <in> {x}", "lowercase {x}"), ("it in lower case",)),
    Map("cap", "strs", "{i}.capitalize()", ("{x} capitalized", "the <wordsnoun> <in> {x} capitalized", "{x} with capital first letters"), ("capitalize <eachsg> [word|string|name|element] <in> {x}", "capitalize all [the|] <wordsnoun> in {x}", "capitalize {x}", "capitalize the <wordsnoun> <in> {x}"), ("it capitalized",)),
    Map("rev", "strs", "{i}[::-1]", ("the <wordsnoun> <in> {x} spelled backwards", "<eachsg> [word|string] <in> {x} reversed", "{x} with <eachsg> [word|string] reversed"), ("reverse <eachsg> [word|string|name] <in> {x}", "spell <eachsg> [word|string] <in> {x} backwards"), ("it reversed", "it backwards")),
    Map("len", "strs", "len({i})", (), (), ("its length", "how long it is", "the number of letters in it")),
    Map("excl", "strs", "{i} + \"!\"", ("{x} with an exclamation mark after <eachsg> [word|string]",), ("add an exclamation mark to <eachsg> [word|string|element] <in> {x}", "append \"!\" to <eachsg> [word|string|element] <in> {x}"), ("it with an exclamation mark",)),
    Map("suffix", "strs", "{i} + {w}", ("{x} with {w} appended to <eachsg> [word|string|element]",), ("append {w} to <eachsg> [word|string|element|item] <in> {x}", "add {w} to the end of <eachsg> [word|string|element] <in> {x}"), ("it followed by {w}",), "w"),
    Map("prefix", "strs", "{w} + {i}", ("{x} with {w} in front of <eachsg> [word|string|element]",), ("put {w} in front of <eachsg> [word|string|element|item] <in> {x}", "prefix <eachsg> [word|string] <in> {x} with {w}", "prepend {w} to <eachsg> [word|string] <in> {x}"), ("{w} and it",), "w"),
    Map("int", "digits", "int({i})", (), (), ()),
]
CONSUMERS = {
    "list": ["the {b} {noun} <in> {x} {a}", "the {b} {noun} <in> {x} {a}", "all [the|] {b} {noun} <in> {x} {a}", "a <listnoun> of the {b} {noun} <in> {x} {a}", "every {b} {one} <in> {x} {a}", "only the {b} {noun} <in> {x} {a}", "the {b} {noun} {a} <in> {x}"],
    "count": ["the <number> of {b} {noun} <in> {x} {a}", "the <number> of {b} {noun} <in> {x} {a}", "how many {b} {noun} <in> {x} [there are|] {a}", "how many {b} {noun} {x} has {a}"],
    "howmany": ["how many {b} {noun} [are there|are] in {x} {a}", "how many {b} {noun} <in> {x} {a}", "how many {b} {noun} does {x} have {a}"],
    "sum": ["the <total> of the {b} {noun} <in> {x} {a}", "the <total> of all [the|] {b} {noun} <in> {x} {a}"],
    "keep": ["<keep> the {b} {noun} <in> {x} {a}", "<keep> {b} {noun} <in> {x} {a}", "filter {x} to [the|] {b} {noun} {a}", "filter {x} to keep [only|] the {b} {noun} {a}", "<remove> everything from {x} except the {b} {noun} {a}"],
    "drop": ["<remove> [all|] [the|] {b} {noun} [from|in] {x} {a}", "<remove> the {b} {noun} [from|in] {x} {a}", "filter out the {b} {noun} [from|in] {x} {a}", "<remove> every {b} {one} [from|in] {x} {a}"],
    "loop": ["<print> <eachsg> {b} {one} <in> {x} {a} [on its own line|on a separate line|on a new line]", "<print> all [the|] {b} {noun} <in> {x} {a} [one per line|one by one|on separate lines|line by line|each on its own line]", "<loop> {x} and <print> [only|] the {b} {noun} {a}", "for <eachsg> {b} {one} <in> {x} {a}, <print> it"],
}
ANY = ["whether any {one} <in> {x} {s}", "if any {one} <in> {x} {s}", "whether at least one {one} <in> {x} {s}", "whether there is a {one} in {x} that {s}"]
ALL = ["whether every {one} <in> {x} {s}", "if every {one} <in> {x} {s}", "whether each {one} <in> {x} {s}"]
BRANCH = ["if {x} {s}, <print> {w}, <otherwise> [<show>|] {u}", "if {x} {s} <print> {w} <otherwise> <show> {u}", "<print> {w} if {x} {s}, <otherwise> [<show>|] {u}", "<print> {w} if {x} {s} <otherwise> {u}", "<check> <whether> {x} {s}: <show> {w} if so, <otherwise> {u}", "when {x} {s}, <print> {w}, <otherwise> {u}", "if {x} {s} then <show> {w} else {u}", "~depending on whether {x} {s}, <print> {w} or {u}"]
ONLY_IF = ["if {x} {s}, <print> {w}", "<print> {w} if {x} {s}", "if {x} {s} <print> {w}", "when {x} {s}, <print> {w}", "<print> {w} only if {x} {s}", "<print> {w} when {x} {s}"]
TEST = ["<check> <whether> {x} {s}", "<check> <whether> {x} {s}", "<check> <whether> {x} {s}"]
SET_IF = ["set {y} to {w} if {x} {s}, <otherwise> [to|] {u}", "if {x} {s}, set {y} to {w}, <otherwise> [set it|] to {u}", "<store> {w} in {y} if {x} {s}, <otherwise> {u}", "let {y} be {w} if {x} {s} <otherwise> {u}"]
EACH = ["for <eachsg> {one} <in> {x}, <print> {o}", "<loop> {x} and <print> {o} [for <eachsg> {one}|]", "for <eachsg> {one} <in> {x} <print> {o}", "<print> {o} for <eachsg> {one} <in> {x}"]
BOTH = ["the {m} of the {b} {noun} <in> {x} {a}", "the {m} of all [the|] {b} {noun} <in> {x} {a}", "the {m} of <eachsg> {b} {one} <in> {x} {a}"]
