"""Phrasings of assignments.

Knows: words and code. Leaves to others: what becomes of them (`assign`).
"""
# ruff: noqa: E501
# One entry a line, however long: these are tables.

from __future__ import annotations

# fmt: off
PLAIN = ["{v}"]
LITERAL = {
    "int": ["{v}", "{v}", "{v}", "the number {v}", "the value {v}", "the integer {v}"],
    "float": ["{v}", "{v}", "{v}", "the number {v}", "the value {v}", "the float {v}", "the decimal number {v}"],
    "str": ["{v}", "{v}", "the <strnoun> {v}", "the <strnoun> {v}", "the value {v}"],
    "bool": ["{v}", "{v}", "the value {v}", "the boolean {v}"],
    "ints": ["{v}", "{v}", "the list {v}", "the <listnoun> {v}", "a <listnoun> [of|with|containing] {v}", "a <listnoun> of the numbers {v}", "the numbers {v}", "a <listnoun> [of|with|containing|holding] the [numbers|integers|values] {v}", "~these numbers: {v}", "a <listnoun>: {v}", "a <listnoun> of [numbers|integers]: {v}"],
    "floats": ["{v}", "the list {v}", "the <listnoun> {v}", "a <listnoun> [of|with|containing] {v}", "a <listnoun> of [floats|the numbers|the values|decimals] {v}"],
    "strs": ["{v}", "{v}", "the list {v}", "the <listnoun> {v}", "a <listnoun> [of|with|containing] {v}", "a <listnoun> [of|with|containing] the <wordsnoun> {v}", "the <wordsnoun> {v}", "a <listnoun> of <wordsnoun>: {v}", "a <listnoun>: {v}", "~these words: {v}"],
    "matrix": ["{v}", "the [matrix|nested list|grid|list of lists|2d list] {v}", "a [matrix|nested list|grid|list of lists] {v}", "a [matrix|nested list|2d list] [with|of] {v}"],
    "tuple": ["the tuple {v}", "a tuple {v}", "a tuple [of|with|containing] {v}", "a tuple with the [values|elements] {v}"],
    "dict": ["the <dictnoun> {v}", "a <dictnoun> {v}", "a <dictnoun> [with|of|containing|where] {v}", "a <dictnoun>: {v}", "a <dictnoun> with the [entries|pairs] {v}"],
    "set": ["the set {v}", "a set {v}", "a set [of|with|containing] {v}", "a set of [the numbers|numbers] {v}"],
    "sset": ["the set {v}", "a set {v}", "a set [of|with|containing] {v}", "a set of [the words|words|strings] {v}"],
}
WEIGHT = {"int": 4, "float": 1.5, "str": 5, "bool": 0.8, "ints": 7, "floats": 1.3, "strs": 4.5, "matrix": 1.3, "tuple": 1.2, "dict": 4, "sdict": 2, "set": 1.3, "sset": 0.9}
TOPIC = ["<make> [a|the|] <container> of {t}: {v}", "<make> [a|the|] <container> [of|for|with] {t}: {v}", "<make> [a|the|] {t} <container>: {v}", "<make> [a|] <container> of {t} with {v}", "here are some {t}: {v}", "{t}: {v}", "<store> {t}: {v}", "the {t} are {v}", "~note these {t}: {v}", "<store> the {t} {v}", "<make> {t}: {v}"]
EMPTY = {"[]": ["an empty list", "an empty list", "[]", "an empty array", "a new empty list", "a list with nothing in it"], "{}": ["an empty dictionary", "an empty dict", "{}", "a new empty dictionary"], '""': ["an empty string", '""'], "set()": ["an empty set", "a new empty set"], "0": ["0", "zero"], "None": ["None", "nothing", "none"]}
RANGE = ["the numbers from {a} to {b}", "the numbers from {a} to {b}", "numbers {a} to {b}", "[all|] the [integers|numbers] from {a} [to|through|up to] {b}", "[all|] the [integers|numbers] between {a} and {b}", "a <listnoun> of [the|all the|] [numbers|integers] from {a} to {b}", "a <listnoun> of [the|] numbers {a} to {b}", "a <listnoun> [from|of] {a} to {b}", "a <listnoun> with the numbers {a} to {b}", "a <listnoun> with numbers from {a} to {b}", "range {a} to {b} as a list", "the integers {a} through {b}", "{a} to {b}", "~whole numbers running from {a} to {b}", "a <listnoun> [of|with|containing] [the|] [integers|numbers] from {a} [to|through] {b}"]
KINDS = [
    ("list(range({a}, {b1}))", RANGE),
    ("[n for n in range({a}, {b1}) if n % 2 == 0]", ["the even numbers from {a} to {b}", "[all|] [the|] even numbers [from|between] {a} [to|and] {b}", "a <listnoun> of [the|] even numbers from {a} to {b}", "[all|] the evens from {a} to {b}"]),
    ("[n for n in range({a}, {b1}) if n % 2 == 1]", ["the odd numbers from {a} to {b}", "[all|] [the|] odd numbers from {a} to {b}", "a <listnoun> of [the|] odd numbers from {a} to {b}", "[all|] the odds from {a} to {b}"]),
    ("[n for n in range({a}, {b1}) if n % {n} == 0]", ["the numbers from {a} to {b} divisible by {n}", "[all|] the multiples of {n} from {a} to {b}", "[all|] [the|] numbers from {a} to {b} that are divisible by {n}", "a <listnoun> of [the|] multiples of {n} from {a} to {b}"]),
    ("[n ** 2 for n in range({a}, {b1})]", ["the squares of the numbers from {a} to {b}", "the squares from {a} to {b}", "the squares of {a} to {b}", "a <listnoun> of [the|] squares from {a} to {b}", "a <listnoun> of the squares of the numbers from {a} to {b}", "the square numbers of {a} to {b}", "a list of squares of the numbers {a} to {b}"]),
    ("[n ** 3 for n in range({a}, {b1})]", ["the cubes of the numbers from {a} to {b}", "the cubes from {a} to {b}", "a <listnoun> of [the|] cubes from {a} to {b}"]),
    ("list(range({b}, {a0}, -1))", ["the numbers from {b} down to {a}", "a countdown from {b} to {a}", "a <listnoun> of [the|] numbers from {b} down to {a}", "a <listnoun> counting down from {b} to {a}"]),
    ("sum(range({a}, {b1}))", ["the <total> of the numbers from {a} to {b}", "the <total> of [all|the|all the] [integers|numbers] from {a} to {b}", "the <total> of {a} to {b}"]),
    ("list(range({a}, {b1}, {n}))", ["every {n}th number from {a} to {b}", "the numbers from {a} to {b} in steps of {n}", "the numbers from {a} to {b} with step {n}"]),
    ("{n: n ** 2 for n in range({a}, {b1})}", ["a <dictnoun> of [the|] numbers from {a} to {b} and their squares", "a <dictnoun> [from|of] the numbers {a} to {b} to their squares", "a <dictnoun> that maps the numbers from {a} to {b} to their squares", "a <dictnoun> with the squares of {a} to {b}", "a <dictnoun> of squares from {a} to {b}"]),
]
COPY = ["<store> [a copy of|] {x} in {y}", "copy {x} [to|into] {y}", "<make> a copy of {x} <named> {y}", "{y} = {x}", "set {y} to {x}", "set {y} to the value of {x}", "let {y} be {x}", "assign {x} to {y}", "~duplicate {x} as {y}", "<make> {y} the same as {x}", "set {y} equal to {x}", "<store> the value of {x} in {y}"]
SWAP = ["swap {x} and {z}", "swap [the values of|] {x} and {z}", "exchange {x} and {z}", "exchange the values of {x} and {z}", "swap {x} with {z}", "switch {x} and {z}", "interchange {x} and {z}", "~trade the values of {x} and {z}", "<make> {x} and {z} swap [values|places]"]
RENAME = ["rename {x} to {y}", "rename {x} as {y}", "rename the variable {x} to {y}", "change the name of {x} to {y}", "give {x} the name {y} instead", "{x} should be called {y} instead"]
DELETE = ["delete {x}", "delete the variable {x}", "del {x}", "remove the variable {x}", "get rid of the variable {x}", "forget the variable {x}", "delete {x} from memory", "unset {x}"]
UPDATE = ["change {x} to {v}", "set {x} to {v}", "update {x} to {v}", "<change> {x} to {v}", "{x} is now {v}", "make {x} {v}", "{x} = {v}", "now {x} should be {v}", "<change> the value of {x} to {v}", "reassign {x} to {v}", "redefine {x} as {v}", "replace {x} with {v}", "~from now on {x} is {v}", "set {x} to {v} instead", "let {x} be {v} instead"]
PAIR = ["set {y} to {v} and {z} to {u}", "let {y} be {v} and {z} be {u}", "<make> {y} = {v} and {z} = {u}", "{y} = {v} and {z} = {u}", "{y} = {v}, {z} = {u}", "assign {v} to {y} and {u} to {z}", "<store> {v} in {y} and {u} in {z}", "<make> [two|] variables {y} = {v} and {z} = {u}", "<make> two variables, {y} with {v} and {z} with {u}", "set {y} = {v} and {z} = {u}", "{y} is {v} and {z} is {u}", "define {y} as {v} and {z} as {u}"]
