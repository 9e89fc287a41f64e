"""The table of statements.

Knows: words and code. Leaves to others: what becomes of them (`statements`).
"""
# ruff: noqa: E501
# One entry a line, however long: these are tables.

from __future__ import annotations

from typing import NamedTuple


# fmt: off
class Statement(NamedTuple):
    """What x must be ("" for nothing), the code, the sentences; `show` adds "and print it" sometimes."""

    name: str
    kinds: str
    code: str
    says: tuple[str, ...]
    weight: float = 1.0
    show: bool = False


S = Statement
TABLE = [
    S("print_var", "int float str bool ints floats strs matrix tuple dict sdict", "print({x})", ("<print> {x}", "<print> {x}", "<print> {x}", "<print> {x}", "<print> {x}", "<print> the value of {x}", "<print> [the contents|the content] of {x}", "what is {x}", "what's {x}", "what is {x} now", "what is the value of {x}", "what does {x} [hold|contain|look like]", "let me see {x}", "print({x})", "{x}", "i want to see {x}", "show what is in {x}", "~could you let me look at {x}", "what is in {x}", "print the variable {x}"), 9),
    S("print_two", "int float str ints", "print({x}, {o})", ("<print> {x} and {o}", "<print> both {x} and {o}", "<print> {x} and {o} [on one line|on the same line|together]", "<print> {x}, {o}", "<print> {x} followed by {o}", "<print> {x} and then {o} on the same line"), 2),
    S("print_two_lines", "int str ints strs dict", "print({x})\nprint({o})", ("<print> {x} and {o} on separate lines", "<print> {x} and then {o} on [the next line|a new line]", "<print> {x} and {o} [each on its own line|on two lines]", "<print> {x}, then <print> {o}", "first <print> {x}, then {o} on [the next|a new] line"), 1.3),
    S("print_label", "int float str ints strs", "print({w}, {x})", ("<print> {w} followed by {x}", "<print> {w} and [then|] {x}", "<print> the [text|string|label] {w} and [then|] {x}", "<print> {x} with the label {w}", "<print> {w} before {x}", "<print> {w}, {x}"), 2),
    S("fstring", "int str float", "print(f\"{v}: {{x}}\")", ("<print> {v}: followed by {x} using an f-string", "<print> {v}: and {x} in one string", "use an f-string to <print> {v}: and {x}", "<print> {x} after \"{v}: \" with an f-string", "<print> \"{v}: \" and {x} in an f-string"), 1.2),
    S("greet", "str", "print(f\"Hello, {{x}}!\")", ("<print> a greeting for {x}", "greet {x}", "say hello to {x}", "<print> hello to {x}", "<print> Hello, followed by {x} and an exclamation mark", "<print> a greeting using {x}", "welcome {x} with hello"), 1.4),
    S("greet_store", "str", "{y} = f\"Hello, {{x}}!\"", ("<make> a greeting for {x} <named> {y}", "<store> a greeting for {x} in {y}", "set {y} to a greeting for {x}", "<store> Hello, {x}! in {y} using an f-string", "<make> a string {y} that greets {x}"), 0.7),
    S("print_items", "ints strs floats tuple matrix", "for {i} in {x}:\n    print({i})", ("<print> <eachsg> [item|element|value|entry] <in> {x} [on its own line|on a new line|on a separate line|]", "<print> the <itemsnoun> <in> {x} [one per line|one by one|on separate lines|line by line|each on its own line]", "<loop> {x} and <print> <eachsg> [item|element|value]", "<loop> {x} and <print> the <itemsnoun>", "for <eachsg> [item|element] <in> {x}, <print> it", "<print> {x} [one item per line|line by line|one per line]", "use a loop to <print> {x}", "~walk {x} and show every one"), 4),
    S("print_chars", "str", "for ch in {x}:\n    print(ch)", ("<print> <eachsg> [letter|character] <in> {x} [on its own line|on a new line|on a separate line|]", "<print> the [letters|characters] of {x} [one per line|one by one|on separate lines]", "<loop> {x} and <print> <eachsg> [letter|character]", "for <eachsg> [letter|character] in {x}, <print> it"), 1.3),
    S("print_words", "str", "for w in {x}.split():\n    print(w)", ("<print> <eachsg> word <in> {x} [on its own line|on a new line|on a separate line|]", "<print> the words of {x} [one per line|one by one|on separate lines]", "for <eachsg> word in {x}, <print> it"), 1),
    S("enumerate", "ints strs", "for i, {i} in enumerate({x}):\n    print(i, {i})", ("<print> <eachsg> [item|element] <in> {x} with its index", "<print> the index and [value|element|item] of <eachsg> [item|element] <in> {x}", "<loop> {x} and <print> [the|] index and [value|item|element]", "enumerate {x} and <print> <eachsg> index and [item|value]", "<print> {x} with indices", "<print> the <itemsnoun> of {x} with their [index|indices|positions]"), 1.8),
    S("enumerate1", "strs", "for i, {i} in enumerate({x}, 1):\n    print(i, {i})", ("<print> {x} numbered from 1", "<print> the <itemsnoun> of {x} numbered from 1", "<print> a numbered list of {x}", "number the <itemsnoun> of {x} starting at 1 and <print> them", "<print> {x} as a numbered list"), 1),
    S("zip_print", "ints strs", "for a, b in zip({x}, {z}):\n    print(a, b)", ("<print> the <itemsnoun> of {x} and {z} side by side", "<loop> {x} and {z} together and <print> <eachsg> pair", "<print> the pairs of {x} and {z} [line by line|one per line]", "<print> <eachsg> [item|element] of {x} with the [matching|corresponding] [item|element] of {z}"), 1),
    S("print_sets", "set sset", "print(sorted({x}))", ("<print> {x}", "<print> {x} sorted", "<print> the set {x} in order", "<print> the <itemsnoun> of {x}", "what is in {x}"), 1.2),
    S("dict_print", "dict sdict", "for k, v in {x}.items():\n    print(k, v)", ("<print> <eachsg> key and value <in> {x}", "<print> the keys and values <in> {x} [line by line|one per line|]", "<loop> {x} and <print> <eachsg> key and value", "<print> <eachsg> [pair|entry|item] <in> {x} [on its own line|on a new line]", "<print> {x} [line by line|one entry per line]", "for <eachsg> key <in> {x}, <print> the key and [the|its] value", "<print> all entries of {x} line by line"), 2.5),
    S("dict_print_f", "dict sdict", "for k, v in {x}.items():\n    print(k + \":\", v)", ("<print> <eachsg> key and value <in> {x} separated by a colon", "<print> <eachsg> [pair|entry] <in> {x} as key: value", "<print> {x} as key: value lines"), 1),
    S("dict_keys_print", "dict sdict", "for k in {x}:\n    print(k)", ("<print> <eachsg> key <in> {x} [on its own line|on a new line]", "<print> the keys of {x} [one per line|one by one|on separate lines]", "<loop> the keys of {x} and <print> them"), 0.9),
    S("append", "ints", "{x}.append({m})", ("append {m} to {x}", "<add> {m} to {x}", "<add> {m} to the end of {x}", "add {m} to {x}", "push {m} onto {x}", "put {m} at the end of {x}", "add the number {m} to {x}", "append the number {m} to {x}", "add another [number|element|value], {m}, to {x}", "{x} should also contain {m}", "~slip {m} in at the end of {x}", "include {m} in {x}", "append {m}", "add {m}"), 4, True),
    S("append_s", "strs", "{x}.append({w})", ("append {w} to {x}", "<add> {w} to {x}", "<add> {w} to the end of {x}", "add {w} to {x}", "push {w} onto {x}", "put {w} at the end of {x}", "add [the word|the string|the item] {w} to {x}", "add another [item|word|element], {w}, to {x}", "include {w} in {x}"), 3.5, True),
    S("append_var", "ints", "{x}.append({o1})", ("append {o1} to {x}", "<add> {o1} to {x}", "<add> the value of {o1} to [the end of|] {x}"), 0.8, True),
    S("extend", "ints strs", "{x}.extend({z})", ("extend {x} with {z}", "<add> all [the|] <itemsnoun> of {z} to {x}", "append all [the|] <itemsnoun> of {z} to {x}", "extend {x} by {z}", "add everything in {z} to {x}"), 1, True),
    S("extend_lit", "ints", "{x}.extend([{m}, {n}])", ("append {m} and {n} to {x}", "<add> {m} and {n} to {x}", "add [the numbers|the values|both] {m} and {n} to {x}", "extend {x} with {m} and {n}", "extend {x} with [the numbers|the values] {m} and {n}"), 1.2, True),
    S("insert0", "ints", "{x}.insert(0, {m})", ("insert {m} at the [beginning|start|front] of {x}", "<add> {m} to the [beginning|start|front] of {x}", "prepend {m} to {x}", "put {m} at the [beginning|start|front] of {x}", "insert {m} at index 0 <in> {x}", "put {m} first in {x}"), 1.3, True),
    S("insert0_s", "strs", "{x}.insert(0, {w})", ("insert {w} at the [beginning|start|front] of {x}", "<add> {w} to the [beginning|start|front] of {x}", "prepend {w} to {x}", "put {w} at the [beginning|start|front] of {x}"), 1, True),
    S("insert_at", "ints", "{x}.insert({d}, {m})", ("insert {m} at [index|position] {d} <in> {x}", "insert {m} into {x} at [index|position] {d}", "put {m} at index {d} <in> {x}"), 1, True),
    S("remove", "ints strs", "{x}.remove({e})", ("<remove> {e} from {x}", "<remove> {e} from {x}", "<remove> the [value|element|item] {e} from {x}", "<remove> the first {e} [from|in] {x}", "{x} should no longer contain {e}", "remove {e}", "~leave {e} out of {x}"), 3, True),
    S("pop", "ints strs floats", "{x}.pop()", ("<remove> the last [element|item|value|one|number] [from|of] {x}", "pop the last [element|item] [from|of] {x}", "pop from {x}", "<remove> the final [element|item] [from|of] {x}", "pop the last one off {x}"), 1.6, True),
    S("pop0", "ints strs floats", "{x}.pop(0)", ("<remove> the first [element|item|value|one|number] [from|of] {x}", "pop the first [element|item] [from|of] {x}", "<remove> the [element|item] at index 0 from {x}"), 1.4, True),
    S("pop_store", "ints strs", "{y} = {x}.pop()", ("pop the last [element|item] [from|of] {x} [and store it in|into] {y}", "<remove> the last [element|item|value] [from|of] {x} and <store> it in {y}", "pop {x} into {y}"), 0.8),
    S("del_at", "ints strs", "del {x}[{d}]", ("<remove> the [element|item|value] at index {d} [from|of] {x}", "delete index {d} of {x}", "<remove> the [element|item] at [index|position] {d} [from|in] {x}", "delete {x}⟦{d}⟧"), 1, True),
    S("set_at", "ints", "{x}[{d}] = {m}", ("set the [element|item|value] at index {d} of {x} to {m}", "<change> the [element|item|value] at index {d} of {x} [to|to] {m}", "set {x}⟦{d}⟧ to {m}", "{x}⟦{d}⟧ = {m}", "replace the [element|item] at index {d} of {x} [with|by] {m}"), 1.2, True),
    S("set_first", "ints", "{x}[0] = {m}", ("set the first [element|item|value|number] of {x} to {m}", "<change> the first [element|item|value|number] of {x} to {m}", "replace the first [element|item|value|number] of {x} [with|by] {m}", "make the first [element|item] of {x} {m}"), 1.2, True),
    S("set_last", "ints", "{x}[-1] = {m}", ("set the last [element|item|value|number] of {x} to {m}", "<change> the last [element|item|value|number] of {x} to {m}", "replace the last [element|item|value|number] of {x} [with|by] {m}"), 0.9, True),
    S("set_first_s", "strs", "{x}[0] = {w}", ("set the first [element|item|word] of {x} to {w}", "<change> the first [element|item|word] of {x} to {w}", "replace the first [element|item|word] of {x} [with|by] {w}"), 0.8, True),
    S("swap_ends", "ints strs", "{x}[0], {x}[-1] = {x}[-1], {x}[0]", ("swap the first and [the|] last [element|item|] of {x}", "swap the first and last <itemsnoun> <in> {x}", "exchange the first and [the|] last [element|item] of {x}"), 0.9, True),
    S("clear", "ints strs dict", "{x}.clear()", ("clear {x}", "empty {x}", "<remove> all <itemsnoun> from {x}", "<remove> everything from {x}", "make {x} empty"), 0.5),
    S("shuffle_sum", "ints", "{y} = {x}[:]", ("<make> a copy of {x} <named> {y}", "copy {x} [to|into|as] {y}", "<store> a copy of {x} in {y}", "copy {x} and call the copy {y}", "{y} is a copy of {x}"), 1),
    S("dict_add", "dict", "{x}[{w}] = {m}", ("add {w} with [the|] value {m} to {x}", "set {w} to {m} in {x}", "<add> {w}: {m} to {x}", "in {x}, set {w} to {m}", "add the key {w} with [the|] value {m} to {x}", "add {w} [to {x} with|to {x} with value|to {x} as] {m}", "put {w} in {x} with [the|] value {m}", "<store> {m} under {w} in {x}", "set {x}⟦{w}⟧ to {m}", "{x}⟦{w}⟧ = {m}", "<store> {m} under the key {w} in {x}", "add a [new|] key {w} with [the|] value {m} to {x}", "~register {w} with {m} in {x}", "insert {w} with {m} into {x}", "add an entry {w}: {m} to {x}", "add {w} {m} to {x}"), 4, True),
    S("sdict_add", "sdict", "{x}[{w}] = {u}", ("add {w} with [the|] value {u} to {x}", "set {w} to {u} in {x}", "<add> {w}: {u} to {x}", "add the key {w} with [the|] value {u} to {x}", "<store> {u} under {w} in {x}", "put {u} under {w} in {x}", "{x}⟦{w}⟧ = {u}"), 2, True),
    S("dict_set", "dict", "{x}[{k}] = {m}", ("<change> {k} to {m} in {x}", "set {k} to {m} in {x}", "set {k} in {x} to {m}", "update {k} in {x} to {m}", "<change> the value [of|for] {k} in {x} to {m}", "make {k} {m} in {x}", "in {x}, change {k} to {m}", "{x}⟦{k}⟧ = {m}", "update the value of {k} to {m} in {x}", "~let {k} count {m} in {x}"), 3, True),
    S("dict_inc", "dict", "{x}[{k}] += {n}", ("add {n} to {k} in {x}", "increase {k} in {x} by {n}", "increase the value [of|for] {k} in {x} by {n}", "raise {k} by {n} in {x}", "add {n} to the value of {k} in {x}", "increment {k} in {x} by {n}", "{x}⟦{k}⟧ += {n}"), 2, True),
    S("dict_dec", "dict", "{x}[{k}] -= {n}", ("subtract {n} from {k} in {x}", "decrease {k} in {x} by {n}", "reduce the value of {k} in {x} by {n}", "lower {k} by {n} in {x}", "take {n} from {k} in {x}"), 1, True),
    S("dict_double_key", "dict", "{x}[{k}] *= 2", ("double {k} in {x}", "double the value [of|for] {k} in {x}"), 0.6, True),
    S("dict_del", "dict sdict", "del {x}[{k}]", ("<remove> {k} from {x}", "<remove> [the key|the entry|the entry for] {k} from {x}", "delete {x}⟦{k}⟧", "{x} should no longer have {k}", "delete the key {k} of {x}", "delete {k} in {x}"), 2, True),
    S("set_add", "set", "{x}.add({m})", ("add {m} to {x}", "<add> {m} to [the set|] {x}", "put {m} in {x}", "insert {m} into {x}", "include {m} in {x}"), 1.5),
    S("sset_add", "sset", "{x}.add({w})", ("add {w} to {x}", "<add> {w} to [the set|] {x}", "put {w} in {x}", "insert {w} into {x}"), 1),
    S("set_del", "set sset", "{x}.discard({e})", ("<remove> {e} from {x}", "<remove> {e} from [the set|] {x}", "discard {e} from {x}"), 1.2),
    S("inc", "int", "{x} += 1", ("increment {x}", "increase {x} by one", "add one to {x}", "add 1 to {x}", "increment {x} by 1", "increase {x} by 1", "bump {x}", "{x} += 1"), 1.8, True),
    S("dec", "int", "{x} -= 1", ("decrement {x}", "decrease {x} by one", "subtract one from {x}", "subtract 1 from {x}", "decrease {x} by 1", "{x} -= 1"), 1.2, True),
    S("set_sum3", "int", "{y} = {x} + {o1}", ("<store> {x} + {o1} in {y}", "add {x} and {o1} and <store> <result> in {y}", "{y} = {x} + {o1}", "set {y} to the sum of {x} and {o1}", "let {y} be {x} plus {o1}"), 1.5),
    S("is_none", "int str", "print({x} is None)", ("<check> <whether> {x} is None", "is {x} None"), 0.3),
    S("sort_first", "ints", "{x} = sorted({x})\nprint({x}[:{j}])", ("sort {x} and <print> the first {j}", "sort {x} and <print> the first {j} <itemsnoun>", "sort {x}, then <print> the first {j} <itemsnoun>", "sort {x} and <print> its first {j} <itemsnoun>", "order {x} and <show> the first {j}"), 1.5),
    S("sort_first_d", "ints", "{x} = sorted({x}, reverse=True)\nprint({x}[:{j}])", ("sort {x} <desc> and <print> the first {j}", "sort {x} <desc> and <print> the first {j} <itemsnoun>", "sort {x} <desc>, then <print> the first {j}"), 1.2),
    S("append_len", "ints", "{x}.append({m})\nprint(len({x}))", ("append {m} to {x} and <print> [its|the] length", "add {m} to {x} and <print> its length", "append {m} to {x}, then <print> [the|its] [new|] length"), 1),
    S("append_sum", "ints", "{x}.append({m})\nprint(sum({x}))", ("append {m} to {x} and <print> the <total>", "add {m} to {x} and <print> the [new|] sum", "append {m} to {x}, then <print> the sum of it"), 0.8),
    S("rev_print0", "ints strs", "{x} = {x}[::-1]\nprint({x}[0])", ("reverse {x} and <print> the first [element|item]", "reverse {x}, then <print> its first [element|item]"), 0.7),
    S("sum_and_mean", "ints", "print(sum({x}))\nprint(sum({x}) / len({x}))", ("<print> the sum and the <average> of {x}", "<print> the sum and [the|] <average> of {x} [on separate lines|]", "<print> the sum of {x} and [also|then] the <average>"), 1),
    S("min_max", "ints floats", "print(min({x}), max({x}))", ("<print> the <smallest> and <largest> [number|value|element|] <in> {x}", "<print> the minimum and [the|] maximum of {x}", "<print> min and max of {x}", "what are the <smallest> and <largest> [values|numbers] in {x}"), 1.2),
    S("min_max_store", "ints floats", "{y} = min({x})\n{y2} = max({x})", ("<store> the minimum of {x} in {y} and the maximum in {y2}", "<store> the <smallest> [number|value] <in> {x} in {y} and the <largest> in {y2}", "set {y} to the min of {x} and {y2} to the max"), 0.8),
    S("unpack", "tuple", "{y}, {y2} = {x}[:2]", ("<store> the first two <itemsnoun> of {x} in {y} and {y2}", "unpack the first two <itemsnoun> of {x} into {y} and {y2}"), 0.7),
    S("first_last", "ints strs", "print({x}[0], {x}[-1])", ("<print> the first and [the|] last [element|item|] of {x}", "<print> the first and last <itemsnoun> of {x}", "what are the first and last <itemsnoun> of {x}"), 1),
    S("len_and_upper", "str", "print(len({x}))\nprint({x}.upper())", ("<print> the length of {x} and [then|] {x} in upper case", "<print> how long {x} is, then <print> it in upper case"), 0.7),
    S("concat_print", "str", "print({x} + {z})", ("<print> {x} and {z} [joined|] without a space [between them|]", "<print> {x} directly followed by {z}"), 0.5),
    S("repeat_print", "str", "for _ in range({n}):\n    print({x})", ("<print> {x} {n} times", "<print> {x} {n} times on separate lines", "repeat printing {x} {n} times", "<print> {x} {n} times in a loop"), 1.3),
    S("matrix_rows", "matrix", "for row in {x}:\n    print(row)", ("<print> <eachsg> row of {x}", "<print> the rows of {x} [one per line|line by line|on separate lines]", "<print> {x} row by row", "<loop> the rows of {x} and <print> them"), 1.3),
    S("matrix_row_sum", "matrix", "for row in {x}:\n    print(sum(row))", ("<print> the <total> of <eachsg> row <in> {x}", "for <eachsg> row in {x}, <print> its sum"), 0.8),
    S("matrix_cell", "matrix", "print({x}[0][1])", ("<print> the second [element|number] of the first row of {x}", "<print> {x}⟦0⟧⟦1⟧", "<print> row 0 column 1 of {x}"), 0.6),
    S("matrix_append", "matrix", "{x}.append([{m}, {n}])", ("append the row [⟦{m}, {n}⟧] to {x}", "add a row with {m} and {n} to {x}", "add the row ⟦{m}, {n}⟧ to {x}"), 0.5),
    S("swap_case", "str", "{x} = {x}.swapcase()", ("swap the case of {x}", "swap upper and lower case in {x}"), 0.4, True),
    S("zfill", "int", "print(f\"{{x}:.2f}\")", ("<print> {x} with two decimals", "<print> {x} with 2 decimal places", "<print> {x} formatted to two decimals", "format {x} with 2 decimals and <print> it"), 0.8),
    S("float_fmt", "float", "print(f\"{{x}:.2f}\")", ("<print> {x} with two decimals", "<print> {x} with 2 decimal places", "<print> {x} formatted to two decimals", "format {x} with 2 decimals and <print> it"), 1),
]
HELLO = ["print {t}", "print {t}", "<print> {t}", "<print> {t}", "<print> the [text|string|message|words] {t}", "<print> the [text|string|message] {t} [to the screen|]", "say {t}", "output {t}", "write {t}", "<print> the line {t}", "print({t})", "~have it say {t}", "i want to print {t}", "make it print {t}"]
TIMES = ["print {t} {n} times", "<print> {t} {n} times", "print the word {t} {n} times", "repeat {t} {n} times on separate lines", "<print> {t} {n} times using a loop", "say {t} {n} times", "output {t} {n} times"]
ARITH = ["<what> {e}", "<what> {e}", "what is {e}", "what is {e}", "<compute> {e}", "<print> {e}", "<print> the result of {e}", "how much is {e}", "{e}", "<compute> {e} and <print> it", "evaluate {e}", "calculate {e}", "what does {e} [equal|give]", "~solve {e}"]
WORDED = {"+": ["plus", "+", "+"], "-": ["minus", "-", "-"], "*": ["times", "*", "*", "x", "multiplied by"], "/": ["divided by", "/", "/"], "%": ["modulo", "%", "mod"], "**": ["to the power of", "**", "^"], "//": ["//"]}
COMPARE = ["is {a} {w} {b}", "<check> <whether> {a} is {w} {b}", "<print> <whether> {a} is {w} {b}", "is {a} {w} {b}"]
