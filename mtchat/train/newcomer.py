"""What a newcomer types in the first minutes: small conversations with a check after each turn.

Knows: intents written by hand, apart from the generator's tables, and Python expressions over the state (`out` is the turn's standard output).
Leaves to others: running them (`evaluate`).
"""
# ruff: noqa: E501
# One turn a line, however long: this is a table.

from __future__ import annotations

# fmt: off
CONVERSATIONS: list[list[tuple[str, str]]] = [
    [("Assign the list [3, 1, 2] to a variable named nums.", "nums == [3, 1, 2]"), ("Sort nums in descending order.", "nums == [3, 2, 1]"), ("Print the sum of nums.", "out == '6\\n'")],
    [("print hello world", "out.lower() == 'hello world\\n'"), ("what is 12 * 7", "'84' in out")],
    [("make a list of the numbers from 1 to 10 called xs", "list(xs) == list(range(1, 11))"), ("print the even numbers in xs", "out.split() == ['2','4','6','8','10'] or out == '[2, 4, 6, 8, 10]\\n'"), ("what is the average of xs?", "'5.5' in out")],
    [("define a function square that returns the square of a number", "square(7) == 49"), ("call square on 9 and print it", "out == '81\\n'"), ("store square of 12 in y", "y == 144"), ("print y", "out == '144\\n'")],
    [("create a dictionary of fruit prices: apple 3, pear 5", "any(v == {'apple': 3, 'pear': 5} for v in list(env.values()))"), ("print it", "'apple' in out and '5' in out")],
    [('s = "programming is fun"', "s == 'programming is fun'"), ("count the vowels in s", "out.strip() == '5' or any(v == 5 for v in env.values() if type(v) is int)"), ("reverse s and print it", "'nuf si gnimmargorp' in out")],
    [("write a function that checks whether a number is prime", "any(callable(v) and not isinstance(v, type) and v(7) and not v(9) and not v(1) for k, v in env.items() if not k.startswith('_'))")],
    [("print hi 3 times", "out.count('hi') == 3")],
    [("fizzbuzz from 1 to 15", "'FizzBuzz' in out and out.split()[2].lower() == 'fizz'")],
    [("x = 5", "x == 5"), ("add 10 to x", "x == 15"), ("double x", "x == 30"), ("show x", "'30' in out")],
    [('Store "Ada" in name.', "name == 'Ada'"), ("Say hello to name.", "'Ada' in out"), ("Print name in upper case.", "out == 'ADA\\n'"), ("How many letters does name have?", "out.strip() == '3'")],
    [("let a be 7 and b be 3", "a == 7 and b == 3"), ("what is a plus b", "'10' in out"), ("swap a and b", "a == 3 and b == 7"), ("print the larger of a and b", "'7' in out")],
    [('make a list called words with "tree", "apple", "sky"', "words == ['tree', 'apple', 'sky']"), ("sort it alphabetically", "words == ['apple', 'sky', 'tree']"), ("add \"moon\" to words", "'moon' in words"), ("print the longest word", "out.strip() == 'apple'"), ("how many words are in the list?", "out.strip() == '4'")],
    [("Create an empty list called todo.", "todo == []"), ("Append \"buy milk\" to todo.", "todo == ['buy milk']"), ("Append \"call mom\" to todo.", "todo == ['buy milk', 'call mom']"), ("Print each item in todo.", "out == 'buy milk\\ncall mom\\n'"), ("Remove the first item from todo.", "todo == ['call mom']")],
    [('ages = {"Tom": 31, "Ann": 28}', "ages == {'Tom': 31, 'Ann': 28}"), ("what is Ann's age?", "'28' in out"), ("add Bob with 45 to ages", "ages.get('Bob') == 45"), ("who is the oldest?", "'Bob' in out"), ("print the keys of ages", "'Tom' in out and 'Ann' in out and 'Bob' in out")],
    [("import math", "'math' in env"), ("print pi", "'3.14' in out"), ("print the square root of 144", "'12' in out")],
    [("define a function add that takes a and b and returns their sum", "add(2, 3) == 5"), ("print add(20, 22)", "'42' in out")],
    [("write a function called factorial that computes the factorial of n", "factorial(5) == 120"), ("call it with 6", "'720' in out")],
    [("count down from 5 to 1", "out.split() == ['5', '4', '3', '2', '1']")],
    [("numbers = [4, 8, 15, 16, 23, 42]", "numbers == [4, 8, 15, 16, 23, 42]"), ("print the maximum", "out.strip() == '42'"), ("keep only the numbers greater than 10", "numbers == [15, 16, 23, 42] or '[15, 16, 23, 42]' in out"), ("reverse the list", "numbers == [42, 23, 16, 15]"), ("print the first two elements", "'42' in out and '23' in out")],
    [("Create a class Dog with a name and an age.", "Dog('Rex', 3).name == 'Rex'"), ("Make a Dog named rex with name \"Rex\" and age 3.", "rex.age == 3"), ("Print the name of rex.", "out == 'Rex\\n'")],
    [("set total to 0", "total == 0"), ("add 5 to total", "total == 5"), ("print total", "'5' in out")],
    [("Set temperature to 30.", "temperature == 30"), ('If temperature is greater than 25, print "hot", otherwise print "cold".', "out == 'hot\\n'")],
    [("squares of the numbers 1 to 5 in a list called sq", "list(sq) == [1, 4, 9, 16, 25]"), ("sum them up and print", "'55' in out")],
    [("text = 'the cat sat on the mat'", "text == 'the cat sat on the mat'"), ("split text into words and store in w", "w == ['the','cat','sat','on','the','mat']"), ("how many times does \"the\" appear in w?", "out.strip() == '2'"), ("replace cat with dog in text", "text == 'the dog sat on the mat' or 'the dog sat' in out")],
]
# fmt: on
