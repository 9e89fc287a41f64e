"""Defining functions and calling them, on literals and on variables.

Knows: a table of function bodies with what they return in words; predicates and expressions of the other tables as bodies too.
Leaves to others: sentences around a call's value (`frames`).
"""

from __future__ import annotations

from typing import NamedTuple

from mtchat.train.phrasing import slots_of
from mtchat.train.scene import Function, Scene, Turn, _keyword
from mtchat.train.skills import Make
from mtchat.train.skills.frames import code_of, print_turn, slots, store_turn
from mtchat.train.skills.ops import Op, modest, ops, parameter
from mtchat.train.skills.predicates import PREDS
from mtchat.train.values import Spelled, draw
from mtchat.train.words import FUNCTIONS


class Body(NamedTuple):
    """A function: its usual name, parameters as name:kind, lines, what it returns ("the square of {n}"), or what it checks or does."""

    name: str
    params: str
    body: str
    returns: tuple[str, ...]
    checks: tuple[str, ...] = ()
    does: tuple[str, ...] = ()


B = Body
BODIES = [
    B("square", "n:int", "return n ** 2", ("the square of {n}", "{n} squared", "the square of {n}"), does=("squares {n}",)),
    B("cube", "n:int", "return n ** 3", ("the cube of {n}", "{n} cubed"), does=("cubes {n}",)),
    B("double", "n:int", "return n * 2", ("twice {n}", "the double of {n}", "{n} times two"), does=("doubles {n}",)),
    B("triple", "n:int", "return n * 3", ("three times {n}", "the triple of {n}"), does=("triples {n}",)),
    B("half", "n:int", "return n / 2", ("half of {n}",), does=("halves {n}",)),
    B("increment", "n:int", "return n + 1", ("{n} plus one", "one more than {n}"), does=("adds one to {n}", "increments {n}")),
    B("add", "a:int b:int", "return a + b", ("the sum of {ab}", "the total of {ab}"), does=("adds {ab}", "adds {ab} together")),
    B("subtract", "a:int b:int", "return a - b", ("the difference of {ab}",), does=("subtracts the second number from the first",)),
    B("multiply", "a:int b:int", "return a * b", ("the product of {ab}",), does=("multiplies {ab}",)),
    B("divide", "a:int b:int", "return a / b", ("the quotient of {ab}",), does=("divides {ab}", "divides the first number by the second")),
    B("average", "a:int b:int", "return (a + b) / 2", ("the <average> of {ab}",), does=("averages {ab}",)),
    B("maximum", "a:int b:int", "return a if a > b else b", ("the larger of {ab}", "the <largest> of {ab}")),
    B("minimum", "a:int b:int", "return a if a < b else b", ("the smaller of {ab}", "the <smallest> of {ab}")),
    B("add_three", "a:int b:int c:int", "return a + b + c", ("the sum of three numbers",), does=("adds three numbers",)),
    B("power", "a:int b:small", "return a ** b", ("the first number to the power of the second", "a to the power of b")),
    B("factorial", "n:small", "result = 1\nfor i in range(2, n + 1):\n    result *= i\nreturn result", ("the factorial of {n}", "n factorial", "n!", "the factorial of {n}"), does=()),
    B("factorial", "n:small", "if n <= 1:\n    return 1\nreturn n * factorial(n - 1)", ("the factorial of {n} recursively", "the factorial of {n} with recursion", "the factorial of {n} using recursion")),
    B("gcd", "a:int b:int", "while b:\n    a, b = b, a % b\nreturn a", ("the greatest common divisor of {ab}", "the gcd of {ab}", "the largest common divisor of {ab}")),
    B("is_prime", "n:int", "if n < 2:\n    return False\nfor i in range(2, int(n ** 0.5) + 1):\n    if n % i == 0:\n        return False\nreturn True", ("True if {n} is prime", "whether {n} is [prime|a prime|a prime number]"), checks=("{n} is [prime|a prime number|a prime]",)),
    B("fibonacci", "n:small", "a, b = 0, 1\nfor _ in range(n):\n    a, b = b, a + b\nreturn a", ("the n-th Fibonacci number", "the nth fibonacci number", "the n-th number of the Fibonacci sequence", "fibonacci numbers")),
    B("fib_list", "n:small", "found = [0, 1]\nwhile len(found) < n:\n    found.append(found[-1] + found[-2])\nreturn found[:n]", ("the first n Fibonacci numbers", "a list of the first n fibonacci numbers", "the first n numbers of the fibonacci sequence")),
    B("is_even", "n:int", "return n % 2 == 0", ("True if {n} is even", "whether {n} is even"), checks=("{n} is even",)),
    B("is_odd", "n:int", "return n % 2 == 1", ("True if {n} is odd", "whether {n} is odd"), checks=("{n} is odd",)),
    B("is_positive", "n:int", "return n > 0", ("whether {n} is positive",), checks=("{n} is positive",)),
    B("sum_to", "n:small", "return sum(range(1, n + 1))", ("the sum of the numbers from 1 to n", "the sum of all numbers up to n", "the sum of 1 to n")),
    B("digit_sum", "n:int", "return sum(int(ch) for ch in str(n))", ("the sum of the digits of {n}", "the digit sum of {n}"), does=("adds up the digits of {n}",)),
    B("sign", "n:int", "if n > 0:\n    return 1\nif n < 0:\n    return -1\nreturn 0", ("the sign of {n}", "1, -1 or 0 depending on the sign of {n}")),
    B("absolute", "n:int", "return abs(n)", ("the absolute value of {n}",)),
    B("divisors", "n:int", "return [i for i in range(1, n + 1) if n % i == 0]", ("the divisors of {n}", "a list of the divisors of {n}", "the factors of {n}", "all divisors of {n}")),
    B("fahrenheit", "c:int", "return c * 9 / 5 + 32", ("the temperature in fahrenheit", "celsius in fahrenheit"), does=("converts celsius to fahrenheit", "converts a temperature from celsius to fahrenheit", "turns degrees celsius into fahrenheit")),
    B("celsius", "f:int", "return (f - 32) * 5 / 9", ("the temperature in celsius",), does=("converts fahrenheit to celsius", "converts a temperature from fahrenheit to celsius")),
    B("area", "width:int height:int", "return width * height", ("the area of a rectangle", "the area of a rectangle given its width and height", "the area of a rectangle with a width and a height")),
    B("perimeter", "width:int height:int", "return 2 * (width + height)", ("the perimeter of a rectangle", "the perimeter of a rectangle from its width and height")),
    B("circle_area", "r:int", "return 3.14159 * r ** 2", ("the area of a circle", "the area of a circle with radius r", "the area of a circle given its radius")),
    B("greet", "name:str", "return f\"Hello, {name}!\"", ("a greeting", "a greeting for a name", "a greeting for a person", "hello with the name"), does=("greets a person by name", "greets someone")),
    B("say_hello", "name:str", "print(f\"Hello, {name}!\")", (), does=("prints a greeting for a name", "prints hello and the name", "says hello to a person", "prints hello followed by a name")),
    B("shout", "text:str", "return text.upper() + \"!\"", ("{text} in upper case with an exclamation mark",), does=("shouts {text}",)),
    B("reverse", "text:str", "return text[::-1]", ("{text} reversed", "the reverse of {text}", "{text} backwards"), does=("reverses {text}",)),
    B("is_palindrome", "text:str", "return text == text[::-1]", ("True if {text} is a palindrome", "whether {text} is a palindrome"), checks=("{text} is a palindrome", "{text} reads the same backwards")),
    B("count_vowels", "text:str", "return sum(1 for ch in text.lower() if ch in \"aeiou\")", ("the <number> of vowels in {text}", "how many vowels {text} has", "how many vowels are in {text}"), does=("counts the vowels in {text}", "counts the vowels of {text}", "counts vowels", "counts vowels in {text}")),
    B("count_words", "text:str", "return len(text.split())", ("the <number> of words in {text}", "how many words {text} has"), does=("counts the words in {text}", "counts words", "counts the words of {text}")),
    B("longest_word", "text:str", "return max(text.split(), key=len)", ("the longest word in {text}", "the longest word of {text}"), does=("finds the longest word in {text}",)),
    B("initials", "text:str", "return \"\".join(w[0].upper() for w in text.split())", ("the initials of {text}", "the initials of a name")),
    B("remove_vowels", "text:str", "return \"\".join(ch for ch in text if ch.lower() not in \"aeiou\")", ("{text} without vowels", "{text} without its vowels"), does=("removes the vowels from {text}", "removes all vowels from {text}")),
    B("first_letter", "text:str", "return text[0]", ("the first letter of {text}",)),
    B("last_letter", "text:str", "return text[-1]", ("the last letter of {text}",)),
    B("length", "text:str", "return len(text)", ("the length of {text}", "the <number> of <letters> in {text}")),
    B("to_upper", "text:str", "return text.upper()", ("{text} in upper case", "{text} in capitals"), does=("converts {text} to upper case",)),
    B("capitalize_words", "text:str", "return text.title()", ("{text} with every word capitalized", "{text} in title case"), does=("capitalizes every word of {text}",)),
    B("reverse_words", "text:str", "return \" \".join(text.split()[::-1])", ("the words of {text} in reverse order",), does=("reverses the words in {text}", "reverses the order of the words in {text}")),
    B("repeat", "text:str n:small", "return text * n", ("a string repeated n times", "the text n times"), does=("repeats a string n times", "repeats a text a number of times")),
    B("join_words", "a:str b:str", "return a + \" \" + b", ("two strings joined with a space", "two words with a space between"), does=("joins two strings with a space",)),
    B("concat", "a:str b:str", "return a + b", ("two strings joined", "the concatenation of two strings"), does=("concatenates two strings", "joins two strings")),
    B("total", "numbers:ints", "return sum(numbers)", ("the <total> of {numbers}",), does=("adds up {numbers}", "sums {numbers}")),
    B("total", "numbers:ints", "result = 0\nfor n in numbers:\n    result += n\nreturn result", ("the <total> of {numbers} using a loop", "the <total> of {numbers} with a loop"), does=("adds up {numbers} with a loop",)),
    B("mean", "numbers:ints", "return sum(numbers) / len(numbers)", ("the <average> of {numbers}",), does=("averages {numbers}", "computes the average of {numbers}")),
    B("product", "numbers:ints", "result = 1\nfor n in numbers:\n    result *= n\nreturn result", ("the product of {numbers}", "the product of all {numbers}"), does=("multiplies all {numbers}", "multiplies all numbers in a list")),
    B("largest", "numbers:ints", "return max(numbers)", ("the <largest> number in {numbers}", "the <largest> of {numbers}"), does=("finds the largest number in {numbers}", "finds the maximum of {numbers}")),
    B("smallest", "numbers:ints", "return min(numbers)", ("the <smallest> number in {numbers}", "the <smallest> of {numbers}"), does=("finds the smallest number in {numbers}",)),
    B("second_largest", "numbers:ints", "return sorted(numbers)[-2]", ("the second <largest> number in {numbers}", "the second <largest> of {numbers}")),
    B("evens", "numbers:ints", "return [n for n in numbers if n % 2 == 0]", ("the even numbers in {numbers}", "only the even numbers of {numbers}"), does=("filters the even numbers", "keeps the even numbers of {numbers}")),
    B("odds", "numbers:ints", "return [n for n in numbers if n % 2 == 1]", ("the odd numbers in {numbers}", "only the odd numbers of {numbers}"), does=("filters the odd numbers",)),
    B("squares", "numbers:ints", "return [n ** 2 for n in numbers]", ("the squares of {numbers}", "a list of the squares of {numbers}"), does=("squares every number in {numbers}", "squares each number of {numbers}")),
    B("double_all", "numbers:ints", "return [n * 2 for n in numbers]", ("{numbers} with every number doubled",), does=("doubles every number in {numbers}", "doubles each number of {numbers}")),
    B("count_even", "numbers:ints", "return sum(1 for n in numbers if n % 2 == 0)", ("how many numbers in {numbers} are even", "the <number> of even numbers in {numbers}"), does=("counts the even numbers in {numbers}",)),
    B("unique", "items:ints", "return list(dict.fromkeys(items))", ("the unique items of a list", "a list without duplicates"), does=("removes duplicates from a list", "removes the duplicates from a list")),
    B("reverse_list", "items:ints", "return items[::-1]", ("a list in reverse", "a list reversed"), does=("reverses a list",)),
    B("first_last", "items:ints", "return items[0], items[-1]", ("the first and last element of a list", "the first and the last item of a list")),
    B("count_items", "items:strs", "counts = {}\nfor item in items:\n    counts[item] = counts.get(item, 0) + 1\nreturn counts", ("a <dictnoun> of counts", "a <dictnoun> with the count of each item"), does=("counts how often each item occurs", "counts the items of a list", "counts each item in a list")),
    B("longest", "words:strs", "return max(words, key=len)", ("the longest word in {words}", "the longest of {words}"), does=("finds the longest word in {words}",)),
    B("total_length", "words:strs", "return sum(len(w) for w in words)", ("the total length of {words}",)),
    B("join_all", "words:strs", "return \" \".join(words)", ("{words} joined with spaces",), does=("joins {words} with spaces",)),
    B("fizzbuzz", "n:int", "if n % 15 == 0:\n    return \"FizzBuzz\"\nif n % 3 == 0:\n    return \"Fizz\"\nif n % 5 == 0:\n    return \"Buzz\"\nreturn n", ("Fizz, Buzz or FizzBuzz for a number", "fizzbuzz of {n}", "the fizzbuzz of {n}"), does=("plays fizzbuzz", "does fizzbuzz for {n}")),
    B("countdown", "n:small", "for i in range(n, 0, -1):\n    print(i)", (), does=("counts down from n", "counts down from n to 1", "prints a countdown from n")),
    B("print_squares", "n:small", "for i in range(1, n + 1):\n    print(i ** 2)", (), does=("prints the squares from 1 to n", "prints the first n squares")),
    B("print_twice", "text:str", "print(text)\nprint(text)", (), does=("prints {text} twice",)),
    B("print_table", "n:small", "for i in range(1, 11):\n    print(n * i)", (), does=("prints the multiplication table of {n}", "prints the times table of {n}")),
    B("leap_year", "year:int", "return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)", ("whether a year is a leap year",), checks=("a year is a leap year", "a year is leap")),
    B("total_value", "d:dict", "return sum(d.values())", ("the sum of the values of a dictionary", "the sum of all values of a dictionary"), does=("adds up the values of a dictionary",)),
    B("best_key", "d:dict", "return max(d, key=d.get)", ("the key with the largest value in a dictionary", "the key with the highest value of a dictionary")),
    B("linear_search", "items:ints target:int", "for i, item in enumerate(items):\n    if item == target:\n        return i\nreturn -1", ("the index of a target in a list or -1",), does=("searches a list for a target", "does a linear search")),
    B("collatz", "n:small", "steps = 0\nwhile n != 1:\n    n = n // 2 if n % 2 == 0 else 3 * n + 1\n    steps += 1\nreturn steps", ("the number of collatz steps of {n}", "how many collatz steps {n} needs")),
    B("clamp", "n:int low:int high:int", "return max(low, min(n, high))", ("a number limited to a low and a high bound",), does=("clamps a number between low and high",)),
]  # fmt: skip

GENERIC = {"int": ["a number", "a number", "its argument", "a given number", "the number", "an integer"], "small": ["a number", "a number", "a given number", "an integer"], "str": ["a string", "a string", "a text", "its argument", "a given string", "a word"], "ints": ["a list", "a list of numbers", "a list of numbers", "a list of integers", "the numbers in a list"], "strs": ["a list", "a list of words", "a list of strings"], "floats": ["a list of numbers"], "dict": ["a dictionary"], "sdict": ["a dictionary"], "set": ["a set"]}  # fmt: skip
CANON = {"int": "n", "float": "n", "str": "text", "ints": "numbers", "strs": "words", "dict": "d", "sdict": "d"}

WITH_NAME = [
    "<make> a <funcnoun> {f} that {d}", "<make> a <funcnoun> {f} that {d}", "<make> a <funcnoun> <named> {f} that {d}", "<make> a <funcnoun> <named> {f} that {d}", "write a <funcnoun> {f} that {d}", "write a <funcnoun> <named> {f} that {d}",
    "define {f}, a <funcnoun> that {d}", "<make> <funcnoun> {f} that {d}", "define a function {f} which {d}", "I need a <funcnoun> <named> {f} that {d}", "<make> a <funcnoun> {f} which {d}", "~give me a <funcnoun> by the name {f}: it {d}", "{f} should be a <funcnoun> that {d}", "def {f}: {d}", "define {f} as a function that {d}", "<make> a <funcnoun> that {d} and call it {f}", "a <funcnoun> {f} that {d}", "implement a <funcnoun> {f} that {d}",
]  # fmt: skip
WITH_PARAMS = ["<make> a <funcnoun> {f}({p}) that {d}", "<make> a <funcnoun> {f}({p}) that {d}", "define {f}({p}) that {d}", "write {f}({p}) which {d}", "<make> a <funcnoun> {f} that <takes> {q} and {d}", "<make> a <funcnoun> {f} with [the parameter|the parameters|parameter|parameters|argument] {q} that {d}", "<make> a <funcnoun> <named> {f} that <takes> {q} and {d}", "define {f}({p}): it {d}", "~have a <funcnoun> {f} taking {q} that {d}"]
NO_NAME = ["<make> a <funcnoun> that {d}", "<make> a <funcnoun> that {d}", "write a <funcnoun> that {d}", "write a <funcnoun> which {d}", "write a python function that {d}", "define a <funcnoun> that {d}", "I need a <funcnoun> that {d}", "implement a <funcnoun> that {d}", "make me a <funcnoun> that {d}", "write me a <funcnoun> that {d}", "give me a <funcnoun> that {d}"]
TO = ["<make> a <funcnoun> to {inf}", "write a <funcnoun> to {inf}", "define a <funcnoun> to {inf}", "write a <funcnoun> for {ing}", "<make> a <funcnoun> {f} to {inf}", "<make> a <funcnoun> <named> {f} to {inf}", "define {f} to {inf}", "I need a <funcnoun> to {inf}"]
FOR = ["<make> a <funcnoun> for {r}", "write a <funcnoun> for {r}", "<make> a <funcnoun> {f} for {r}", "write a <funcnoun> that gives {r}", "<make> a <funcnoun> {r}"]


def define(scene: Scene, body: Body) -> Turn | None:
    """One function of the table under its own name or another."""
    rng = scene.rng
    params = [tuple(p.split(":")) for p in body.params.split()]
    options = ["returns"] * 3 * bool(body.returns) + ["checks"] * 4 * bool(body.checks) + ["does"] * 3 * bool(body.does)
    how = rng.choice(options)
    generic = rng.random() < 0.7
    said = {name: rng.choice(GENERIC[kind]) if generic else name for name, kind in params}
    if len(params) == 2 and "{ab}" in " ".join(body.returns + body.does):
        said["ab"] = "two numbers" if generic else f"{params[0][0]} and {params[1][0]}"
    phrase = scene.speaker.say(scene.speaker.choose(getattr(body, how)), said)
    if how == "returns":
        what = scene.speaker.say("<returns> {r}", {"r": phrase})
    elif how == "checks":
        what = scene.speaker.say("[checks|tests|determines|tells|says|returns|~verifies] [whether|if] {r}", {"r": phrase})
    else:
        what = phrase
    return finish(scene, body.name, params, body.body, what, how, phrase, generic)


def finish(scene: Scene, usual: str, params: list[tuple[str, ...]], body: str, what: str, how: str, phrase: str, generic: bool) -> Turn | None:
    """The sentence and the code of a definition; the scene learns the function."""
    rng, name, roll = scene.rng, usual, scene.rng.random()
    if roll > 0.45:
        name = rng.choice(FUNCTIONS) if rng.random() < 0.4 else scene.new_name()
    if (name in scene.space and name not in scene.functions) or _keyword(name) and name != usual:
        return None
    names = ", ".join(p[0] for p in params)
    given = {"f": name if rng.random() < 0.9 else f"`{name}`", "d": what, "p": names, "q": " and ".join(p[0] for p in params), "r": phrase}
    if name == usual and rng.random() < 0.5:
        sentence = scene.speaker.choose(NO_NAME)
        if how == "does" and rng.random() < 0.4:
            sentence, given["inf"] = scene.speaker.choose([t for t in TO if "{f}" not in t and "{ing}" not in t]), infinitive(phrase)
        elif how == "returns" and generic and rng.random() < 0.2:
            sentence = scene.speaker.choose([t for t in FOR if "{f}" not in t])
        elif how == "checks" and rng.random() < 0.3:
            sentence, given["inf"] = scene.speaker.choose([t for t in TO if "{f}" not in t and "{ing}" not in t]), f"check {rng.choice(('whether', 'if'))} {phrase}"
    elif not generic:
        sentence = scene.speaker.choose(WITH_PARAMS)
    else:
        sentence = scene.speaker.choose(WITH_NAME)
        if how == "does" and rng.random() < 0.25:
            sentence, given["inf"] = scene.speaker.choose([t for t in TO if "{f}" in t]), infinitive(phrase)
    body = body.replace(f"{usual}(", f"{name}(") if f"{usual}(" in body else body
    code = f"def {name}({names}):\n" + "\n".join("    " + line for line in body.split("\n"))
    scene.functions[name] = Function(tuple(p[1] for p in params), "return" not in body)
    return Turn(f"def_{usual}", scene.speaker.intent(sentence, given), code)


def infinitive(phrase: str) -> str:
    """"counts the words" -> "count the words"."""
    verb, _, rest = phrase.partition(" ")
    base = {"does": "do", "plays": "play", "says": "say"}.get(verb) or (verb[:-2] if verb.endswith(("ches", "shes", "sses")) else verb[:-1])
    return f"{base} {rest}"


def from_op(scene: Scene, op: Op) -> Turn | None:
    """An expression of the operations table as a function's body."""
    kind = scene.rng.choice([k for k in op.kinds if k in CANON] or [""])
    if not kind or not op.nouns or slots_of(op.code) - {"x", "i", "n", "m", "d", "j", "c", "w"}:
        return None
    generic = scene.rng.random() < 0.7
    param = CANON[kind] if generic or scene.rng.random() < 0.5 else scene.new_name()
    given = {slot: parameter_literal(scene, slot) for slot in sorted(slots_of(op.code) - {"x", "i"})}
    given["i"] = Spelled("", scene.loop_name("str" if kind == "strs" else "int", param))
    given["x"] = Spelled(scene.rng.choice(GENERIC["int" if kind == "float" else kind]) if generic else param, param)
    phrase = scene.speaker.say(scene.speaker.choose(op.nouns), slots(given))
    what = scene.speaker.say("<returns> {r}", {"r": phrase})
    usual = op.name if not op.name.startswith(("contains", "set_", "dict_")) else "check"
    params = [(param, "ints" if kind == "floats" else "int" if kind == "float" else kind)]
    return finish(scene, usual, params, "return " + code_of(op.code, given), what, "returns", phrase, generic)


def parameter_literal(scene: Scene, slot: str) -> Spelled:
    """A literal for an operation's slot."""
    for _ in range(50):
        value = parameter(scene, slot, Spelled("", ""))
        if value and not value.code.isidentifier():
            return value
    return Spelled("3", "3")


def from_pred(scene: Scene) -> Turn | None:
    """A predicate as a function: of one element, or counting or filtering a list."""
    rng = scene.rng
    pred = rng.choice([p for p in PREDS if p.kind != "floats"])
    given = {pred.slot: parameter_literal(scene, pred.slot)} if pred.slot else {}
    text = pred.kind == "strs"
    if rng.random() < 0.5:
        param = "text" if text else "n"
        given["i"] = Spelled(param, param)
        single = scene.speaker.say(scene.speaker.choose(pred.single), slots(given))
        phrase = f"{rng.choice(GENERIC['str' if text else 'int'])} {single}"
        what = scene.speaker.say("[checks|tests|determines|tells|returns] [whether|if] {r}", {"r": phrase})
        return finish(scene, f"is_{pred.name}", [(param, "str" if text else "int")], "return " + code_of(pred.code, given), what, "checks", phrase, True)
    param, loop = ("words", "w") if text else ("numbers", "n")
    given["i"] = Spelled(loop, loop)
    after = scene.speaker.say(scene.speaker.choose(pred.after), slots(given))
    noun, test = ("words" if text else "numbers"), code_of(pred.code, given)
    if rng.random() < 0.5:
        phrase, body = f"the {noun} in a list {after}", f"return [{loop} for {loop} in {param} if {test}]"
    else:
        phrase, body = f"how many {noun} in a list are there {after}".replace("are there ", ""), f"return sum(1 for {loop} in {param} if {test})"
    what = scene.speaker.say("<returns> {r}", {"r": phrase})
    return finish(scene, f"filter_{pred.name}", [(param, pred.kind)], body, what, "returns", phrase, True)


CALL = ["<call> {f} <on> {a} and <print> <result>", "<call> {f} <on> {a} and <show> <result>", "<print> the result of {f} <on> {a}", "<print> the result of calling {f} <on> {a}", "<print> {f}({p})", "<call> {f}({p}) and <print> <result>", "<print> {f} of {a}", "what is {f} of {a}", "what is {f}({p})", "what does {f} [return|give] for {a}", "<call> {f} <on> {a}", "<call> {f} <on> {a}", "<call> {f}({p})", "{f}({p})", "try {f} on {a}", "test {f} with {a}", "apply {f} to {a} and <print> <result>", "~see what {f} makes of {a}", "<call> it <on> {a} and <print> <result>", "<call> it <on> {a}", "<call> the function <on> {a} and <print> <result>", "<call> the function <on> {a}", "use {f} to <print> the result for {a}", "show what {f} returns for {a}", "<call> {f} with the argument {a}"]  # fmt: skip
CALL_STORE = ["the result of {f} <on> {a}", "the result of calling {f} <on> {a}", "{f}({p})", "{f} of {a}", "the value of {f}({p})", "what {f} returns for {a}", "the output of {f} for {a}"]
CALL_PRINTS = ["<call> {f} <on> {a}", "<call> {f}({p})", "<call> {f} <on> {a}", "call {f} with {a}", "run {f}({p})", "{f}({p})", "<call> it <on> {a}", "<call> the function <on> {a}"]


def argument(scene: Scene, kind: str) -> Spelled | None:
    """A value for a parameter: a variable of the scene, or a literal."""
    if kind == "small":
        n = str(scene.rng.randint(1, 12))
        return Spelled(n, n)
    kinds = {"int": ("int",), "ints": ("ints",), "strs": ("strs",), "str": ("str",), "dict": ("dict",), "sdict": ("sdict",)}[kind]
    if scene.rng.random() < 0.5:
        name = scene.pick(kinds)
        if name and (kind != "int" or modest(scene, name, 100_000)):
            return Spelled(name, name)
    if kind == "int":
        n = str(scene.rng.randrange(2, 10 ** scene.rng.choice((1, 2, 2, 3))))
        return Spelled(n, n)
    for _ in range(10):
        value = draw(kind, scene.words, scene.rng)
        if len(value.code) < 50 and (value.said[:1] in "[{(\"'" or " " not in value.said):
            return value
    return None


def call(scene: Scene) -> Turn | None:
    """Call a function of an earlier turn: print, store, or (where it prints itself) just call."""
    rng, names = scene.rng, [n for n in scene.functions if n in scene.space]
    if not names:
        return None
    name = names[-1] if rng.random() < 0.65 else rng.choice(names)
    f = scene.functions[name]
    args = [argument(scene, kind) for kind in f.params]
    if any(a is None for a in args):
        return None
    values = [a for a in args if a is not None]
    code = f"{name}({', '.join(a.code for a in values)})"
    given = {"f": name, "a": " and ".join(a.said for a in values), "p": ", ".join(a.code for a in values)}
    latest = bool(scene.order) and name == names[-1] and scene.order[-1] == name
    if f.prints:
        options = [c for c in CALL_PRINTS if latest or " it " not in c and "the function" not in c]
        return Turn("call", scene.speaker.intent(scene.speaker.choose(options), given), code)
    if rng.random() < 0.3:
        phrase = scene.speaker.say(scene.speaker.choose(CALL_STORE), given)
        return (store_turn if rng.random() < 0.8 else print_turn)(scene, "call_store", phrase, code)
    options = [c for c in CALL if latest or " it " not in c and "the function" not in c]
    return Turn("call", scene.speaker.intent(scene.speaker.choose(options), given), f"print({code})")


MAP_CALL = ["apply {f} to <eachsg> [element|item|number] <in> {x} and <store> <result> in {y}", "<store> {f} of <eachsg> [element|item] <in> {x} in {y}", "<make> a <listnoun> {y} with {f} applied to <eachsg> [element|item] <in> {x}", "map {f} over {x} into {y}", "use {f} on <eachsg> [element|item] <in> {x}, call <result> {y}"]
MAP_PRINT = ["<print> {f} of <eachsg> [element|item|number] <in> {x}", "<loop> {x} and <print> {f} of <eachsg> [element|item]", "<call> {f} <on> <eachsg> [element|item] <in> {x} and <print> <result>", "for <eachsg> [element|item] in {x}, <print> {f} of it"]


def map_call(scene: Scene) -> Turn | None:
    """A function of an earlier turn over a list."""
    found = [(n, f) for n, f in scene.functions.items() if f.params in (("int",), ("str",)) and not f.prints and n in scene.space]
    if not found:
        return None
    name, f = found[-1]
    x = scene.pick(("ints",) if f.params[0] == "int" else ("strs",))
    if x is None or any(isinstance(v, int) and v > 10_000 for v in scene.space[x]):
        return None
    loop, y = "n" if f.params[0] == "int" else "w", scene.new_name()
    given = {"f": name, "x": scene.refer(x), "y": y}
    if scene.rng.random() < 0.5:
        return Turn("map_call", scene.speaker.intent(scene.speaker.choose(MAP_PRINT), given), f"for {loop} in {x}:\n    print({name}({loop}))")
    return Turn("map_call", scene.speaker.intent(scene.speaker.choose(MAP_CALL), given), f"{y} = [{name}({loop}) for {loop} in {x}]")


def skills() -> list[tuple[str, float, Make]]:
    """Definitions and calls."""
    usable = [op for op in ops() if op.nouns]
    found: list[tuple[str, float, Make]] = [("define", 13, lambda scene: define(scene, scene.rng.choice(BODIES)))]
    found += [("define_op", 4, lambda scene: from_op(scene, scene.rng.choice(usable))), ("define_pred", 2, from_pred)]
    return [*found, ("call", 16, call), ("map_call", 2, map_call)]
