"""Tables of function bodies and of ways to define and call them.

Knows: words and code. Leaves to others: what becomes of them (`functions`).
"""
# ruff: noqa: E501
# One entry a line, however long: these are tables.

from __future__ import annotations

from typing import NamedTuple


# fmt: off
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
]
GENERIC = {"int": ["a number", "a number", "its argument", "a given number", "the number", "an integer"], "small": ["a number", "a number", "a given number", "an integer"], "str": ["a string", "a string", "a text", "its argument", "a given string", "a word"], "ints": ["a list", "a list of numbers", "a list of numbers", "a list of integers", "the numbers in a list"], "strs": ["a list", "a list of words", "a list of strings"], "floats": ["a list of numbers"], "dict": ["a dictionary"], "sdict": ["a dictionary"], "set": ["a set"]}
CANON = {"int": "n", "float": "n", "str": "text", "ints": "numbers", "strs": "words", "dict": "d", "sdict": "d"}
WITH_NAME = [
    "<make> a <funcnoun> {f} that {d}", "<make> a <funcnoun> {f} that {d}", "<make> a <funcnoun> <named> {f} that {d}", "<make> a <funcnoun> <named> {f} that {d}", "write a <funcnoun> {f} that {d}", "write a <funcnoun> <named> {f} that {d}",
    "define {f}, a <funcnoun> that {d}", "<make> <funcnoun> {f} that {d}", "define a function {f} which {d}", "I need a <funcnoun> <named> {f} that {d}", "<make> a <funcnoun> {f} which {d}", "~give me a <funcnoun> by the name {f}: it {d}", "{f} should be a <funcnoun> that {d}", "def {f}: {d}", "define {f} as a function that {d}", "<make> a <funcnoun> that {d} and call it {f}", "a <funcnoun> {f} that {d}", "implement a <funcnoun> {f} that {d}",
]
WITH_PARAMS = ["<make> a <funcnoun> {f}({p}) that {d}", "<make> a <funcnoun> {f}({p}) that {d}", "define {f}({p}) that {d}", "write {f}({p}) which {d}", "<make> a <funcnoun> {f} that <takes> {q} and {d}", "<make> a <funcnoun> {f} with [the parameter|the parameters|parameter|parameters|argument] {q} that {d}", "<make> a <funcnoun> <named> {f} that <takes> {q} and {d}", "define {f}({p}): it {d}", "~have a <funcnoun> {f} taking {q} that {d}"]
NO_NAME = ["<make> a <funcnoun> that {d}", "<make> a <funcnoun> that {d}", "write a <funcnoun> that {d}", "write a <funcnoun> which {d}", "write a python function that {d}", "define a <funcnoun> that {d}", "I need a <funcnoun> that {d}", "implement a <funcnoun> that {d}", "make me a <funcnoun> that {d}", "write me a <funcnoun> that {d}", "give me a <funcnoun> that {d}"]
TO = ["<make> a <funcnoun> to {inf}", "write a <funcnoun> to {inf}", "define a <funcnoun> to {inf}", "write a <funcnoun> for {ing}", "<make> a <funcnoun> {f} to {inf}", "<make> a <funcnoun> <named> {f} to {inf}", "define {f} to {inf}", "I need a <funcnoun> to {inf}"]
FOR = ["<make> a <funcnoun> for {r}", "write a <funcnoun> for {r}", "<make> a <funcnoun> {f} for {r}", "write a <funcnoun> that gives {r}", "<make> a <funcnoun> {r}"]
CALL = ["<call> {f} <on> {a} and <print> <result>", "<call> {f} <on> {a} and <show> <result>", "<print> the result of {f} <on> {a}", "<print> the result of calling {f} <on> {a}", "<print> {f}({p})", "<call> {f}({p}) and <print> <result>", "<print> {f} of {a}", "what is {f} of {a}", "what is {f}({p})", "what does {f} [return|give] for {a}", "<call> {f} <on> {a}", "<call> {f} <on> {a}", "<call> {f}({p})", "{f}({p})", "try {f} on {a}", "test {f} with {a}", "apply {f} to {a} and <print> <result>", "~see what {f} makes of {a}", "<call> it <on> {a} and <print> <result>", "<call> it <on> {a}", "<call> the function <on> {a} and <print> <result>", "<call> the function <on> {a}", "use {f} to <print> the result for {a}", "show what {f} returns for {a}", "<call> {f} with the argument {a}"]
CALL_STORE = ["the result of {f} <on> {a}", "the result of calling {f} <on> {a}", "{f}({p})", "{f} of {a}", "the value of {f}({p})", "what {f} returns for {a}", "the output of {f} for {a}"]
CALL_PRINTS = ["<call> {f} <on> {a}", "<call> {f}({p})", "<call> {f} <on> {a}", "call {f} with {a}", "run {f}({p})", "{f}({p})", "<call> it <on> {a}", "<call> the function <on> {a}"]
MAP_CALL = ["apply {f} to <eachsg> [element|item|number] <in> {x} and <store> <result> in {y}", "<store> {f} of <eachsg> [element|item] <in> {x} in {y}", "<make> a <listnoun> {y} with {f} applied to <eachsg> [element|item] <in> {x}", "map {f} over {x} into {y}", "use {f} on <eachsg> [element|item] <in> {x}, call <result> {y}"]
MAP_PRINT = ["<print> {f} of <eachsg> [element|item|number] <in> {x}", "<loop> {x} and <print> {f} of <eachsg> [element|item]", "<call> {f} <on> <eachsg> [element|item] <in> {x} and <print> <result>", "for <eachsg> [element|item] in {x}, <print> {f} of it"]
