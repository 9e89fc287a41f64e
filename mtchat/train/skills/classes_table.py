"""Tables of class shapes and of ways to use them.

Knows: words and code. Leaves to others: what becomes of them (`classes`).
"""
# ruff: noqa: E501
# One entry a line, however long: these are tables.

from __future__ import annotations

# fmt: off
ATTRIBUTES = {"name": "str", "age": "int", "color": "str", "price": "int", "title": "str", "weight": "int", "height": "int", "width": "int", "size": "int", "city": "str", "owner": "str", "balance": "int", "score": "int", "speed": "int", "kind": "str", "year": "int", "x": "int", "y": "int", "level": "int", "author": "str", "length": "int", "brand": "str", "salary": "int", "email": "str", "count": "int", "points": "int"}
DEFINE = ["<make> a class {C} with {at}", "<make> a class {C} with [the attributes|attributes|the fields|the attribute|fields] {at}", "<make> a class <named> {C} with {at}", "<make> a class <named> {C} that has {at}", "define class {C} with {at}", "write a class {C} that <takes> {at}", "I need a class {C} with {at}", "<make> class {C} with [attributes|fields|] {at}", "~model a {C} class holding {at}", "class {C} with {at}", "define a {C} class with {at}", "<make> a {C} class that stores {at}", "<make> a class {C} whose __init__ takes {at}", "define a class {C} having {at}"]
METHOD = [
    ("returns", "return self.{a}", "str int", ("a method {m} that returns the {a}", "a {m} method returning the {a}", "a method {m} which gives back {a}")),
    ("prints", "print(self.{a})", "str int", ("a method {m} that prints the {a}", "a {m} method that prints {a}")),
    ("hello", "print(f\"Hello, I am {self.{a}}\")", "str", ("a method {m} that prints Hello, I am and the {a}", "a {m} method that prints \"Hello, I am\" and the {a}")),
    ("double", "return self.{a} * 2", "int", ("a method {m} that returns twice the {a}", "a method {m} that returns the {a} doubled")),
    ("upper", "return self.{a}.upper()", "str", ("a method {m} that returns the {a} in upper case",)),
    ("inc", "self.{a} += 1", "int", ("a method {m} that adds one to the {a}", "a method {m} that increases {a} by one", "a {m} method that increments {a}")),
]
METHOD_NAMES = ["describe", "show", "info", "get", "speak", "greet", "display", "grow", "update", "report", "talk", "intro", "tell", "say_hi", "hello", "go", "run", "work"]
ADDING = [" and {me}", ", and {me}", " plus {me}", " that has {me}", ". It has {me}", ". Give it {me}", " and it should have {me}"]
MAKE = ["<make> a {C} <named> {y} with {v}", "<make> a {C} {y} with {v}", "<make> an instance of {C} <named> {y} with {v}", "<make> an instance {y} of {C} with {v}", "{y} = a {C} with {v}", "let {y} be a {C} with {v}", "<store> a {C} with {v} in {y}", "instantiate {C} as {y} with {v}", "<make> a new {C} with {v} and call it {y}", "set {y} to a {C} with {v}", "~make me a {C} with {v}, name it {y}", "<make> a {C} object {y} with {v}", "{y} = {C}({p})", "<make> {y}, a {C} with {v}"]
READ = ["<print> the {a} of {o}", "<print> {o}.{a}", "<print> {o}'s {a}", "what is the {a} of {o}", "what is {o}'s {a}", "<print> the {a} attribute of {o}", "show {o}.{a}", "<print> the {a} of the object {o}", "what {a} does {o} have"]
WRITE = ["set the {a} of {o} to {v}", "<change> the {a} of {o} to {v}", "set {o}.{a} to {v}", "{o}.{a} = {v}", "set {o}'s {a} to {v}", "make the {a} of {o} {v}", "update the {a} of {o} to {v}"]
CALL = ["<call> {o}.{m}()", "<call> the {m} method of {o}", "<call> {m} on {o}", "<call> the method {m} of {o}", "<call> {m} of {o}", "{o}.{m}()", "let {o} {m}", "<call> the {m} method on {o}", "make {o} {m}"]
CALL_RETURN = ["<call> {o}.{m}() and <print> <result>", "<print> the result of {o}.{m}()", "<print> {o}.{m}()", "<call> {m} on {o} and <print> <result>", "<call> the {m} method of {o} and <print> <result>", "what does {o}.{m}() return", "<call> {o}.{m}()", "<call> {m} on {o}"]
