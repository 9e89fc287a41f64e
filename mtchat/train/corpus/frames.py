"""Sentences around an operation: storing, printing, asking, defining a function, calling it, giving inputs.

Knows: words. Slots: `{E}` a noun phrase, `{V}` a command, `{Vs}` the same as what a thing does, `{P}` a predicate, `{_y}`
a name that is given, `{f}` a function's name, `{args}` what it takes, `{v}` a value. Pure. Leaves to others: what fills
them (`forms`, `functions`, `inputs`).
"""

# ruff: noqa: E501
# One frame a line, however long: this is a table.

from __future__ import annotations

_TABLE = """
[store]
[store|save|keep|record] {E} [as|in|under] {_y}
[put|write|place] {E} [in|into] {_y}
<store> {E} in {_y}
<store> {E} in a <variable> <named> {_y}
<store> {E} in the variable {_y}
assign {E} to {_y}
assign {E} to a <variable> <named> {_y}
assign {E} to the variable {_y}
set {_y} to {E}
set {_y} equal to {E}
set the variable {_y} to {E}
let {_y} be {E}
let {_y} = {E}
{_y} = {E}
{_y} is {E}
{_y} should be {E}
<make> a <variable> <named> {_y} <with> {E}
<make> a <variable> <named> {_y} [that is|equal to|for|set to|to hold|to store|that stores|holding] {E}
<make> a <variable> {_y} [with|equal to|set to|for] {E}
<make> {_y} as {E}
define {_y} as {E}
define {_y} to be {E}
<compute> {E} and <storeit> in {_y}
<compute> {E} and <saveit> as {_y}
<compute> {E} and <storeit> in a <variable> <named> {_y}
<compute> {E} and <callit> {_y}
<compute> {E}, <callit> {_y}
<compute> {E}. <saveit> [in|as] {_y}
<compute> {E} as {_y}
<compute> {E} [to|and] get {_y}
<compute> {_y}, {E}
<compute> {_y} as {E}
<compute> {_y}, which is {E}
<compute> {E} ({_y})
in {_y}, [store|save|keep|put] {E}
use {_y} for {E}
call {E} {_y}
{E} should be [stored|saved|kept] in {_y}
{E} is [stored|saved|to be stored] in {_y}
{E} as {_y}
save {E} as {_y}
name {E} {_y}
I need {E} in a variable {_y}
the variable {_y} should [hold|contain|store|be] {E}
{_y}: {E}
[store-verb]
{V} and <storeit> in {_y}
{V} and <saveit> as {_y}
{V} and <storeit> in a <variable> <named> {_y}
{V} and <storeit> in the variable {_y}
{V} and <callit> {_y}
{V} and assign [the result|it] to {_y}
{V}, <storeit> in {_y}
{V}, <callit> {_y}
{V}. <saveit> [in|as] {_y}
{V} as {_y}
{V} into {_y}
{V} [to|and] get {_y}
{V} and set {_y} to the result
{V} and let {_y} be the result
{V} into a new [variable|list|value|name] {_y}
{V} and return the result as {_y}
{V} and put the output in {_y}
[store-check]
<check> {E} and <storeit> in {_y}
<check> {E} and <saveit> [as|in] {_y}
[store|save|keep|record] in {_y} {E}
set {_y} to True <if> {C}, <otherwise> False
let {_y} tell {E}
{_y} should be True <if> {C}[ and False otherwise|, False otherwise|]
<make> a boolean [variable|] {_y} that tells {E}
[print]
<print> {E}
<print> {E}
<print> {E}
<print> {E}
print {E}
<print> {E} [to the screen|on the screen|to the console|]
<compute> {E} and <printit>
<compute> {E} and <printit>
<compute> {E}, <and> <printit>
<compute> and <print> {E}
<compute> {E}. <printit>
<what> {E}
<what> {E}
{E}
i want to see {E}
let me see {E}
I'd like to know {E}
use print to show {E}
print the value of {E}
<print> the result: {E}
output {E} using print
return {E}
[print-verb]
{V} and <printit>
{V} and <printit>
{V}, <and> <printit>
{V}. <printit>
{V}, then <printit>
{V} and show me [the result|what you get|the outcome]
<printit> after you {V}
{V} and return [the result|it]
{V}
[print-check]
<check> {E}
<check> {E} and <printit>
print {E}
print True <if> {C}[ and False otherwise|, <otherwise> False|, else False|]
{Q}
{Q}
tell me {E}
is it true that {C}
[ask]
{Q}
{Q}
{Q}, <printit>
{Q}? <printit>
[store-print]
<store> {E} in {_y} and <print> [it|it|{_y}]
<compute> {E}, <storeit> in {_y} and <printit>
set {_y} to {E} and <print> [it|{_y}]
assign {E} to {_y} <and> <print> [it|{_y}|the value]
let {_y} be {E} and <print> [it|{_y}]
<compute> {E} as {_y} <and> <print> [it|{_y}]
<store> {E} in {_y}. <print> [it|{_y}]
<make> a <variable> <named> {_y} with {E} and <print> it
[store-print-verb]
{V}, <storeit> in {_y} and <print> [it|{_y}]
{V} and <storeit> in {_y}, then <print> [it|{_y}]
{V} as {_y} and <print> it
{V}, <callit> {_y} and <printit>
[nameless]
<compute> {E}
<compute> {E}
<compute> {E}
{E}
get {E}
I need {E}
now I need {E}
we need {E}
take {E}
[store|save|remember] {E}
<compute> {E} and [store|save|keep|put] it in a variable
<make> a variable [with|for] {E}
[nameless-verb]
{V}
{V}
{V}
{V} and [store|save|remember] the result
{V} and keep the result
[in-place]
{V}
{V}
{V}
{V}
{V} in place
{V}, in place
{V} and update it
{V} and store it back
{V} and keep the name
{V} and assign it back
[act]
{V}
[output]
<print> {x}
<print> {x}
<print> {x}
<print> {x} [to the screen|on the screen|to the console]
<print> the value of {x}
<print> the [final|resulting|final value of] {x}
print out {x}
what is {x}
what is the value of {x}
what does {x} look like [now|]
show me [what is in|the contents of|] {x}
let me see {x}
output {x} using print
return {x}
[output-it]
<printit>
<printit>
<printit>
print [the final result|the result|the output|the answer|it]
show me [the result|what we have|the outcome]
output the [final|] result
<print> the [above|previous|last] [result|value|variable]
what [is|was] the result
return the result
[define]
<write> a <function> [<named>|] {f} that <takes> {args} and <returns> {E}
<write> a <function> [<named>|] {f} that <takes> {args} and <returns> {E}
<write> a <function> <named> {f} which <takes> {args} and <returns> {E}
<write> a <function> <named> {f} [taking|that takes|with] {args} [to return|and returns|and return] {E}
<write> a <function> [<named>|] {f} that <returns> {I}
<write> a <function> [<named>|] {f} that <returns> {I}
<write> a <function> [<named>|] {f} to <compute> {I}
<write> a <function> [<named>|] {f} for [computing|calculating|finding|getting] {I}
<write> a <function> {sig} that <returns> {S}
<write> a <function> {sig} which <returns> {S}
<write> {sig} that <returns> {S}
<write> {sig}, <returns> {S}
<write> a <function> {f}. [It|The function] <takes> {args} and <returns> {E}
<write> a <function> {f}. [It|The function] [should return|returns|must return] {I}
<write> the <function> {f} to return {I}
<write> the <function> {f}: given {args}, [return|it returns] {E}
given {args}, return {E}. <write> this as a function <named> {f}
<write> {f}, a <function> that <takes> {args} and <returns> {E}
I need a <function> <named> {f} that <returns> {I}
[The function|function] {f} <takes> {args} and <returns> {E}
a <function> {f} that <returns> {I}
def {sig} that <returns> {S}
[define-verb]
<write> a <function> [<named>|] {f} that <takes> {args} and {Vs}
<write> a <function> [<named>|] {f} that {VsI}
<write> a <function> [<named>|] {f} that {VsI}
<write> a <function> [<named>|] {f} that {VsI} and returns the result
<write> a <function> [<named>|] {f} to {VI}
<write> a <function> [<named>|] {f} to {VI}
<write> a <function> [<named>|] {f} which can {VI}
<write> a <function> {sig} to {VS}
<write> a <function> {sig} that {VsS}
I need a <function> <named> {f} to {VI}
<write> {f}, a <function> that {VsI}
[define-check]
<write> a <function> [<named>|] {f} that <takes> {args} and [returns True|returns true|returns True] <if> it {P}[, <otherwise> False| and False otherwise|]
<write> a <function> [<named>|] {f} that [checks|tests|tells|determines|decides] <whether> {I1} {P}
<write> a <function> [<named>|] {f} that [checks|tests|tells|determines|decides] <whether> {I1} {P}
<write> a <function> [<named>|] {f} to check <whether> {I1} {P}
<write> a <function> {sig} that returns <whether> {x} {P}
<write> a <function> {sig} that returns True <if> {x} {P}[ and False otherwise|, else False|]
<write> a <function> [<named>|] {f} that returns True <if> {I1} {P}[ and False if not|, <otherwise> False|]
<write> a <function> [<named>|] {f} that <takes> {args} and [checks|tests|tells] <whether> it {P}
given {args}, check <whether> it {P}. <write> this as a <function> <named> {f}
[define-nameless]
<write> a <function> that <takes> {args} and <returns> {E}
<write> a <function> that <returns> {I}
<write> a <function> that <returns> {I}
<write> a <function> to <compute> {I}
<write> a <function> to <compute> {I}
<write> a <function> which, given {args}, <returns> {E}
<write> a <function> for {I}
I need a <function> that <returns> {I}
[lambda]
<write> a lambda [function|] <named> {f} that <returns> {I}
<store> a lambda that <takes> {args} and <returns> {E} in {f}
use a lambda to define {f}, which <returns> {I}
<write> a lambda {f} for {I}
{f} is a lambda that <returns> {I}
[example]
. For example, {f}({a}) [returns|should return|is|gives] {r}
. E.g. {f}({a}) returns {r}
, e.g. {f}({a}) returns {r}
, e.g. for {a} it returns {r}
. For {a} it should return {r}
. For instance, {f}({a}) -> {r}
, so {f}({a}) is {r}
. Example: {f}({a}) = {r}
 (for example, {a} gives {r})
, for example {a} becomes {r}
[call-store]
<call> {f} <on> {x} and <storeit> in {_y}
<call> {f} <on> {x} and <callit> {_y}
<call> {f} <on> {x} and assign the result to {_y}
<store> the result of {f} <on> {x} in {_y}
<store> {f}({x}) in {_y}
set {_y} to {f}({x})
set {_y} to the result of [calling|applying|running] {f} <on> {x}
{_y} = {f}({x})
assign {f}({x}) to {_y}
assign the [output|return value|result] of {f} for {x} to {_y}
apply {f} to {x} and <storeit> in {_y}
pass {x} to {f} and <storeit> in {_y}
let {_y} be {f} of {x}
let {_y} be the output of {f} <on> {x}
use {f} [on|with] {x} to get {_y}
feed {x} to {f} and <saveit> [as|in] {_y}
[call-print]
<call> {f} <on> {x} and <printit>
<call> {f} <on> {x} and <printit>
<call> {f} <on> {x}
<print> {f}({x})
<print> the result of {f}({x})
<print> the [result|output|return value] of {f} for {x}
<print> the result of [calling|applying|running] {f} <on> {x}
what is {f}({x})
what does {f} return for {x}
what does {f}({x}) return
apply {f} to {x} and <printit>
pass {x} to {f} and <printit>
test {f} [with|on] {x}
try {f} [with|on] {x}
use {f} [on|for|with] {x} and <printit>
<print> {f} of {x}
run {f} with {x} as [input|the argument] and <printit>
[call-them]
the function
the function
the function
this function
that function
it
the above function
the function above
our function
my function
[import]
import {m}
import {m}
<import> {m}
<import> the {m} [module|library|package]
we will need {m}
[use|load] {m}
import [the|] {m} [library|module|package] [for later use|]
import [the required|the necessary|all needed] [libraries|modules|packages]: {m}
"""


def _read(table: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in table.strip().splitlines():
        if line.startswith("[") and line.endswith("]") and " " not in line and "|" not in line:
            name = line[1:-1]
            found[name] = []
        elif line.strip():
            found[name].append(line.rstrip() if name == "example" else line.strip())
    return {key: tuple(lines) for key, lines in found.items()}


FRAMES = _read(_TABLE)
"""Every frame by what it does."""

NOT_COMMANDS = (
    "{_y}",
    "{E}",
    "<what>",
    "{Q}",
    "what",
    "in {_y}",
    "[The",
    "given",
    "a <",
    "i want",
    "I ",
    "we ",
    "is it",
    "{f}",
    "now",
    "the variable",
    "def ",
)
"""How frames begin that politeness ("please …") does not fit."""


def is_command(frame: str) -> bool:
    """Whether a frame begins with a verb in the imperative."""
    return not frame.startswith(NOT_COMMANDS)
