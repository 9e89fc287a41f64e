"""The `Language` value itself.

Knows the fields; leaves their contents to one file per language.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """What a conversation needs to know of a language.

    `comment` opens a comment line; `opaque` matches what may hold the comment mark without being a comment (strings)
    and, last, a comment itself; `paper_cuts` are the benchmark's stop patterns, multiline regexes; `lexer` is a
    Pygments name; `suffix` a file ending; `defines` lists the top-level names a piece of code binds, in order, and ()
    for code that does not parse. `weight` orders codes that do the same: less is simpler.
    """

    name: str
    comment: str
    opaque: re.Pattern[str]
    paper_cuts: tuple[str, ...]
    lexer: str
    suffix: str
    defines: Callable[[str], tuple[str, ...]]
    weight: Callable[[str], tuple[float, ...]]
