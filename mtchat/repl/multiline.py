"""Whether Enter sends what is typed or opens another line.

Knows that a plain intent is sent, and that code (an entry that begins with `>>> `) goes on while a bracket or a string
is open, after a colon, and inside a block until an empty line. Pure; leaves keys to `keys`.
"""

import codeop
import re
import warnings

CODE = ">>> "
INDENT = "    "
_PROMPT = re.compile(r"^(?:>>>|\.\.\.) ?", re.MULTILINE)


def is_code(text: str) -> bool:
    """Whether an entry is code by hand."""
    return text.startswith(CODE)


def code_of(text: str) -> str:
    """The code of such an entry, Python's prompts taken off its lines."""
    return _PROMPT.sub("", text)


def goes_on(text: str) -> bool:
    """Whether Enter at the end of `text` should open another line instead of sending."""
    if not is_code(text):
        return False
    code = code_of(text)
    last = code.rpartition("\n")[2]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            whole = codeop.compile_command(code, "<typed>", "exec") is not None
    except (SyntaxError, ValueError, OverflowError):
        return False  # what is wrong is said when it runs
    return not whole or (bool(last.strip()) and last[0] in " \t" and "\n" in code)


def indent(text: str) -> str:
    """What a new line below `text` begins with: as deep as the last one, deeper after a colon."""
    if not is_code(text):
        return ""
    last = code_of(text).rpartition("\n")[2]
    depth = last[: len(last) - len(last.lstrip())]
    bare = last.partition("#")[0].rstrip()
    if bare.endswith(":"):
        return depth + INDENT
    leaves = bare.lstrip().split(" ")[0] in ("return", "raise", "break", "continue", "pass")
    return depth.removesuffix(INDENT) if leaves else depth
