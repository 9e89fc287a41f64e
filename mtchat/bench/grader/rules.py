"""What the reference grader does, as options, and what a grading comes to.

Knows the names, the defaults (the reference's own behaviour) and why each stands. Leaves to others: acting on them
(`source` before a program runs, `inside` in the sandbox, `compare` after it).
"""

from collections.abc import Iterable

import msgspec

from mtchat.errors import CommandError


class Rules(msgspec.Struct, frozen=True):
    """The reference's quirks by name. The defaults are the reference; each line says what speaks for and against.

    - `trailing_assignment`: the value of a last assignment is printed. Published figures count it; nobody saw it.
    - `first_argument_only`: of `print(a, b)` only `a` is judged, so that words after the answer do no harm; off,
      several arguments are judged as the text they make, which is what a reader sees.
    - `by_reference`: what was printed is judged as it is when the program has ended; off, as it was when printed.
    - `errors_after_print`: a program that printed and then failed, or ran out of time or memory, is judged by its last
      print. Off, it fails, as a person running it would say.
    - `open_record`: the record of prints is the program's global `print_stack`, which it can spoil by accident. Off, it
      has a name that no program uses.
    - `process_guard`: `os.getcwd` and `joblib` are not there, as under the reference's guard. They do no harm in a
      sandbox: off, they work.
    - `lenient_numbers`: `int(x)` and `float(x)` before comparing with a number, so 2.9 passes for 2 and "2" for 2. Off,
      only numbers pass, whole ones exactly.
    - `lenient_lists`: `list(x)` before comparing with a list: "ab" passes for ["a", "b"], a dict for its keys. Off,
      only lists, tuples and arrays.
    - `lenient_text`: `str(x)` before comparing with text: 5 passes for "5". Off, only text.
    - `booleans_as_text`: True and "True" pass for true, 1 does not. Off, only booleans do.
    - `close_series`: a pandas Series passes for any expected output that numpy's `allclose` finds near after
      broadcasting, so an empty one passes for every number (with pandas below 3, as the
      figures were made). Off, it is a list.
    - `tolerance`: how far a number may be from an expected float. Absolute, and not for floats inside lists.
    """

    trailing_assignment: bool = True
    first_argument_only: bool = True
    by_reference: bool = True
    errors_after_print: bool = True
    open_record: bool = True
    process_guard: bool = True
    lenient_numbers: bool = True
    lenient_lists: bool = True
    lenient_text: bool = True
    booleans_as_text: bool = True
    close_series: bool = True
    tolerance: float = 1e-6

    @property
    def record(self) -> str:
        """The global that keeps what was printed."""
        return "print_stack" if self.open_record else "mtchat_record_of_prints"


REFERENCE = Rules()
STRICT = Rules(
    trailing_assignment=False,
    first_argument_only=False,
    by_reference=False,
    errors_after_print=False,
    open_record=False,
    process_guard=False,
    lenient_numbers=False,
    lenient_lists=False,
    lenient_text=False,
    booleans_as_text=False,
    close_series=False,
)
"""What a careful person would call right: the value that was shown, of the type that was asked for, by a program that
ended well."""


def changed(rules: Rules, pairs: Iterable[str]) -> Rules:
    """`rules` with those that `pairs` name ("tolerance=0.01", "by_reference=off") as they say.

    Raises CommandError for a name that is no rule and for a value that is none of its.
    """
    told = {}
    for pair in pairs:
        name, _, text = pair.partition("=")
        if name not in rules.__struct_fields__:
            raise CommandError(f"--rule: there is no rule {name!r}; there are {', '.join(rules.__struct_fields__)}")
        told[name] = _value(name, text.strip().lower())
    return msgspec.structs.replace(rules, **told)


_WORDS = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}


def _value(name: str, text: str) -> bool | float:
    if name != "tolerance":
        if text in _WORDS:
            return _WORDS[text]
        raise CommandError(f"--rule: {name} is on or off, not {text!r}")
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise CommandError(f"--rule: tolerance is a number of at least 0, not {text!r}")
    return number


class Graded(msgspec.Struct, frozen=True):
    """A verdict. `status` is the execution's (`denied`: the policy refused it); `message` says in a line why not."""

    passed: bool
    status: str
    message: str
