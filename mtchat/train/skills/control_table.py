"""Tables of loops, values and modules.

Knows: words and code. Leaves to others: what becomes of them (`control`).
"""
# ruff: noqa: E501
# One entry a line, however long: these are tables.

from __future__ import annotations

from typing import NamedTuple


# fmt: off
class Loop(NamedTuple):
    """Code and sentences over numbers a..b ({b1} is b + 1), a step n and a word w."""

    name: str
    code: str
    says: tuple[str, ...]
    weight: float = 1.0


L = Loop
LOOPS = [
    L("count_up", "for i in range({a}, {b1}):\n    print(i)", ("<print> the numbers from {a} to {b}", "<print> the numbers from {a} to {b} [one per line|on separate lines|line by line|each on its own line]", "count from {a} to {b}", "count from {a} to {b} and <print> <eachsg> number", "<print> numbers {a} to {b}", "<print> [all|every|] [the|] [integers|numbers] from {a} [to|through] {b}", "use a for loop to <print> [the|] numbers [from|] {a} to {b}", "<print> {a} to {b} [one per line|in a loop]", "loop from {a} to {b} and <print> <eachsg> number", "for i from {a} to {b}, <print> i", "count up from {a} to {b}", "<print> <eachsg> number from {a} to {b}", "write a loop that prints the numbers from {a} to {b}", "~run through {a} to {b} printing as you go"), 3),
    L("count_down", "for i in range({b}, {a0}, -1):\n    print(i)", ("count down from {b} to {a}", "<print> a countdown from {b} to {a}", "<print> the numbers from {b} down to {a}", "count backwards from {b} to {a}", "<print> the numbers from {b} to {a} in a loop", "loop from {b} down to {a} and <print> <eachsg> number", "count down from {b} to {a} and <print> <eachsg> number"), 1.5),
    L("evens", "for i in range({a}, {b1}):\n    if i % 2 == 0:\n        print(i)", ("<print> the even numbers from {a} to {b} [one per line|on separate lines|in a loop]", "<print> <eachsg> even number from {a} to {b}", "use a loop to <print> the even numbers from {a} to {b}", "loop from {a} to {b} and <print> the even numbers", "loop from {a} to {b} and <print> only even numbers"), 1.2),
    L("odds", "for i in range({a}, {b1}):\n    if i % 2 == 1:\n        print(i)", ("<print> the odd numbers from {a} to {b} [one per line|on separate lines|in a loop]", "<print> <eachsg> odd number from {a} to {b}", "use a loop to <print> the odd numbers from {a} to {b}", "loop from {a} to {b} and <print> the odd numbers"), 1),
    L("multiples", "for i in range({a}, {b1}):\n    if i % {n} == 0:\n        print(i)", ("<print> <eachsg> multiple of {n} from {a} to {b}", "loop from {a} to {b} and <print> the numbers divisible by {n}", "<print> <eachsg> number from {a} to {b} that is divisible by {n}", "<print> the numbers from {a} to {b} divisible by {n} [one per line|on separate lines]"), 1.2),
    L("squares", "for i in range({a}, {b1}):\n    print(i ** 2)", ("<print> the squares from {a} to {b} [one per line|]", "<print> the square of <eachsg> number from {a} to {b}", "<print> the squares of the numbers from {a} to {b} [one per line|on separate lines|in a loop]", "loop from {a} to {b} and <print> <eachsg> square", "for <eachsg> number from {a} to {b}, <print> its square", "for numbers {a} to {b} <print> the square"), 1.5),
    L("cubes", "for i in range({a}, {b1}):\n    print(i ** 3)", ("<print> the cube of <eachsg> number from {a} to {b}", "for <eachsg> number from {a} to {b}, <print> its cube", "loop from {a} to {b} and <print> <eachsg> cube"), 0.8),
    L("number_square", "for i in range({a}, {b1}):\n    print(i, i ** 2)", ("<print> <eachsg> number from {a} to {b} with its square", "<print> the numbers from {a} to {b} and their squares", "for <eachsg> number from {a} to {b}, <print> it and its square", "<print> a table of squares from {a} to {b}"), 1),
    L("times_table", "for i in range(1, 11):\n    print({n} * i)", ("<print> the multiplication table of {n}", "<print> the times table of {n}", "<print> the {n} times table", "<print> the first ten multiples of {n}", "show the multiplication table for {n}", "<print> the first 10 multiples of {n}"), 1.5),
    L("times_table_eq", "for i in range(1, 11):\n    print({n}, \"*\", i, \"=\", {n} * i)", ("<print> the multiplication table of {n} with [the|] factors", "<print> the multiplication table of {n} [with equations|as equations]", "<print> the {n} times table as equations"), 0.6),
    L("fizzbuzz", "for i in range(1, {b1}):\n    if i % 15 == 0:\n        print(\"FizzBuzz\")\n    elif i % 3 == 0:\n        print(\"Fizz\")\n    elif i % 5 == 0:\n        print(\"Buzz\")\n    else:\n        print(i)", ("<print> fizzbuzz from 1 to {b}", "play fizzbuzz up to {b}", "<print> fizzbuzz for the numbers 1 to {b}", "do fizzbuzz up to {b}", "fizzbuzz to {b}", "<print> the numbers from 1 to {b}, but Fizz for multiples of 3, Buzz for multiples of 5 and FizzBuzz for both", "for the numbers 1 to {b} <print> Fizz if divisible by 3, Buzz if divisible by 5, FizzBuzz if both, else the number", "write fizzbuzz for 1 to {b}", "<print> fizz buzz up to {b}", "run fizzbuzz from 1 to {b}", "fizzbuzz from 1 to {b}", "write a fizzbuzz loop from 1 to {b}"), 2.2),
    L("even_odd", "for i in range({a}, {b1}):\n    if i % 2 == 0:\n        print(i, \"even\")\n    else:\n        print(i, \"odd\")", ("<print> whether <eachsg> number from {a} to {b} is even or odd", "for the numbers {a} to {b}, <print> the number and even or odd", "loop from {a} to {b} and <print> <eachsg> number and whether it is even or odd", "for <eachsg> number from {a} to {b}, <print> if it is even or odd"), 1.2),
    L("sum_loop", "total = 0\nfor i in range({a}, {b1}):\n    total += i\nprint(total)", ("add up the numbers from {a} to {b} [with|in|using] a loop and <print> <result>", "use a loop to add up the numbers from {a} to {b} and <print> the <total>", "sum the numbers from {a} to {b} [with|using] a for loop and <print> it", "sum {a} to {b} with a loop and <print> it"), 1.2),
    L("while_up", "i = {a}\nwhile i <= {b}:\n    print(i)\n    i += 1", ("use a while loop to <print> the numbers from {a} to {b}", "<print> the numbers from {a} to {b} [with|using] a while loop", "count from {a} to {b} [with|using] a while loop", "write a while loop that prints {a} to {b}", "with a while loop, <print> {a} to {b}"), 1.5),
    L("while_down", "i = {b}\nwhile i >= {a}:\n    print(i)\n    i -= 1", ("count down from {b} to {a} [with|using] a while loop", "use a while loop to count down from {b} to {a}", "use a while loop to <print> the numbers from {b} down to {a}"), 1),
    L("while_double", "i = 1\nwhile i < {b}:\n    print(i)\n    i *= 2", ("<print> the powers of two below {b}", "start at 1 and double until {b}, <print> <eachsg> number", "<print> all powers of two less than {b}", "<print> powers of 2 under {b}"), 0.9),
    L("stars", "for i in range(1, {n1}):\n    print(\"*\" * i)", ("<print> a triangle of stars with {n} rows", "<print> a triangle of {n} rows of stars", "draw a triangle of stars with {n} rows", "<print> a star triangle of height {n}", "draw a triangle of height {n} with stars"), 1.3),
    L("star_square", "for _ in range({n}):\n    print(\"*\" * {n})", ("<print> a square of stars of size {n}", "draw a {n} by {n} square of stars", "<print> a {n} by {n} block of stars", "<print> a {n}x{n} square of stars"), 0.9),
    L("star_line", "print(\"*\" * {n})", ("<print> {n} stars", "<print> a line of {n} stars", "<print> {n} stars in a row", "draw a line of {n} stars"), 0.9),
    L("dash_line", "print(\"-\" * {n})", ("<print> a line of {n} dashes", "<print> {n} dashes", "draw a line of {n} dashes"), 0.8),
    L("word_times", "for _ in range({n}):\n    print({w})", ("<print> {w} {n} times", "<print> {w} {n} times [on separate lines|in a loop|using a loop]", "repeat {n} times: <print> {w}", "{n} times, <print> {w}", "use a for loop to <print> {w} {n} times", "loop {n} times and <print> {w}", "write a loop that prints {w} {n} times"), 2),
    L("word_row", "print({w} * {n})", ("<print> {w} {n} times in a row", "<print> {w} {n} times on one line", "<print> {w} repeated {n} times", "<print> {w} multiplied by {n}", "<print> {w} {n} times on the same line"), 1.2),
    L("grid", "for i in range(1, {j1}):\n    for k in range(1, {n1}):\n        print(i, k)", ("<print> all pairs of numbers from 1 to {j} and 1 to {n}", "use nested loops to <print> i and k for i from 1 to {j} and k from 1 to {n}"), 0.6),
    L("fibs", "a, b = 0, 1\nfor _ in range({n}):\n    print(a)\n    a, b = b, a + b", ("<print> the first {n} fibonacci numbers", "<print> the first {n} Fibonacci numbers [one per line|with a loop|]", "<print> {n} numbers of the fibonacci sequence", "loop and <print> the first {n} fibonacci numbers"), 1.3),
    L("primes", "for n in range(2, {b1}):\n    if all(n % i != 0 for i in range(2, n)):\n        print(n)", ("<print> the [primes|prime numbers] up to {b}", "<print> all [primes|prime numbers] up to {b}", "<print> the [primes|prime numbers] below {b1}", "<print> <eachsg> prime number up to {b}"), 1.2),
    L("alphabet", "for ch in \"abcdefghijklmnopqrstuvwxyz\":\n    print(ch)", ("<print> the letters of the alphabet", "<print> <eachsg> letter of the alphabet", "<print> the alphabet, one letter per line"), 0.5),
]
VALUES = [
    ("primes_list", "[n for n in range(2, {b1}) if all(n % i != 0 for i in range(2, n))]", ("the [primes|prime numbers] up to {b}", "a <listnoun> of [the|all|] [primes|prime numbers] up to {b}", "the prime numbers from 2 to {b}")),
    ("pairs", "[(i, i ** 2) for i in range(1, {n1})]", ("a <listnoun> of [pairs|tuples] of the numbers 1 to {n} and their squares", "pairs of the numbers from 1 to {n} and their squares")),
    ("zeros", "[0] * {n}", ("a <listnoun> of {n} zeros", "{n} zeros in a list", "a <listnoun> with {n} zeros")),
    ("ones", "[1] * {n}", ("a <listnoun> of {n} ones", "a <listnoun> with {n} ones")),
    ("word_list", "[{w}] * {n}", ("a <listnoun> with {w} {n} times", "a <listnoun> of {n} times {w}", "a <listnoun> that holds {w} {n} times")),
    ("grid0", "[[0] * {n} for _ in range({j})]", ("a {j} by {n} grid of zeros", "a {j} by {n} matrix of zeros", "a matrix of zeros with {j} rows and {n} columns")),
    ("powers2", "[2 ** i for i in range({n})]", ("the first {n} powers of two", "a <listnoun> of the first {n} powers of 2", "the first {n} powers of 2")),
    ("multiples", "[{n} * i for i in range(1, {j1})]", ("the first {j} multiples of {n}", "a <listnoun> of the first {j} multiples of {n}")),
]
MODULES: dict[str, list[tuple[str, tuple[str, ...], str]]] = {
    "math": [
        ("math.pi", ("pi", "the value of pi", "the number pi", "math.pi"), ""), ("math.e", ("e from math", "the number e", "math.e"), ""), ("math.sqrt({x})", ("the square root of {x} using math", "math.sqrt of {x}", "math.sqrt({x})", "the square root of {x} with math"), "int float"),
        ("math.factorial({j})", ("the factorial of {j}", "{j} factorial", "{j}!", "math.factorial({j})"), ""), ("math.floor({x})", ("the floor of {x}", "{x} rounded down", "math.floor({x})"), "float"), ("math.ceil({x})", ("the ceiling of {x}", "{x} rounded up", "math.ceil({x})"), "float"),
        ("math.gcd({x}, {z})", ("the greatest common divisor of {x} and {z}", "the gcd of {x} and {z}"), "int"), ("math.prod({x})", ("the product of {x}", "the product of [all|the|] <numbersnoun> in {x}", "all <numbersnoun> in {x} multiplied [together|]"), "ints"), ("math.pi * {n} ** 2", ("the area of a circle with radius {n}", "the area of a circle of radius {n}"), ""), ("2 * math.pi * {n}", ("the circumference of a circle with radius {n}",), ""), ("math.log({n})", ("the natural logarithm of {n}", "the log of {n}", "math.log({n})"), ""),
        ("math.sin({n})", ("the sine of {n}", "sin of {n}"), ""), ("math.cos({n})", ("the cosine of {n}", "cos of {n}"), ""),
    ],
    "string": [("string.ascii_lowercase", ("the lowercase letters", "the lower case alphabet", "all lowercase letters", "the alphabet in lower case"), ""), ("string.ascii_uppercase", ("the uppercase letters", "the upper case alphabet", "all uppercase letters"), ""), ("string.digits", ("the digits", "all digits as a string"), "")],
    "json": [("json.dumps({x})", ("{x} as json", "{x} converted to json", "the json of {x}", "{x} as a json string", "{x} serialized to json"), "dict sdict ints strs")],
    "collections": [("collections.Counter({x})", ("a counter of {x}", "the counts of {x} with a Counter", "a Counter of the <itemsnoun> in {x}", "a Counter from {x}"), "strs ints str"), ("collections.Counter({x}).most_common(1)[0][0]", ("the most common [element|item] <in> {x}", "the most frequent [element|item] <in> {x}"), "strs ints"), ("collections.Counter({x}).most_common({d})", ("the {d} most common <itemsnoun> <in> {x}",), "strs ints")],
    "itertools": [("list(itertools.permutations({x}))", ("the permutations of {x}", "all permutations of {x}"), "tuple"), ("list(itertools.combinations({x}, 2))", ("all pairs from {x}", "the combinations of two <itemsnoun> from {x}", "all combinations of 2 <itemsnoun> of {x}"), "tuple ints strs"), ("list(itertools.accumulate({x}))", ("the running totals of {x} using itertools", "the accumulated sums of {x}"), "ints")],
    "re": [("re.findall(r\"\\d+\", {x})", ("all numbers in {x} [using|with] a regular expression", "the numbers in {x} [using|with] regex"), "str"), ("re.findall(r\"\\w+\", {x})", ("all words in {x} [using|with] a regular expression", "the words in {x} [using|with] regex"), "str"), ("re.sub(r\"[aeiou]\", {c}, {x})", ("{x} with [the|all|] vowels replaced by {c} [using|with] regex",), "str")],
    "random": [("random.randint(1, {n})", ("a random number from 1 to {n}", "a random [integer|number] between 1 and {n}", "a random integer from 1 to {n}", "a dice roll from 1 to {n}"), ""), ("random.choice({x})", ("a random [element|item|choice] [of|from] {x}", "a random pick from {x}", "one random [element|item] of {x}"), "ints strs"), ("random.random()", ("a random [float|number] between 0 and 1", "a random float"), ""), ("[random.randint(1, {m1}) for _ in range({n})]", ("{n} random numbers from 1 to {m1}", "a <listnoun> of {n} random [integers|numbers] [from|between] 1 [to|and] {m1}"), ""), ("random.sample({x}, 2)", ("two random <itemsnoun> [of|from] {x}", "a sample of two <itemsnoun> from {x}"), "ints strs")],
    "datetime": [("datetime.date({year}, {month}, {day})", ("the date {year}-{month}-{day}", "a date for {year}-{month}-{day}", "a date object for year {year}, month {month}, day {day}"), ""), ("datetime.timedelta(days={n})", ("a timedelta of {n} days", "a duration of {n} days"), ""), ("datetime.date({year}, {month}, {day}).year", ("the year of the date {year}-{month}-{day}",), ""), ("datetime.date({year}, {month}, {day}).strftime(\"%d.%m.%Y\")", ("the date {year}-{month}-{day} formatted as day.month.year",), "")],
}
IMPORT = ["<import> {m}", "<import> {m}", "<import> the {m} module", "<import> the module {m}", "import {m}", "import the {m} library", "import the {m} package", "I need the {m} module", "we will need {m}", "load {m}", "~make {m} available", "import module {m}"]
SEED = ["seed random with {n}", "set the random seed to {n}", "seed the random [generator|number generator] with {n}", "use {n} as [the|] random seed", "import random and seed it with {n}", "import random and set the seed to {n}", "set the seed to {n}"]
