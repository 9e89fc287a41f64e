"""The languages that turns are written in: one `Language` value each.

Knows what a conversation needs of a language: how an intent becomes a comment, what cannot hide a comment, which
lexer colours it, which names a piece of code defines. Leaves running it to `sandbox` and rendering to `conversation`.
"""

from mtchat.languages.base import Language
from mtchat.languages.python import PYTHON, parsed

LANGUAGES: dict[str, Language] = {PYTHON.name: PYTHON}

__all__ = ["LANGUAGES", "PYTHON", "Language", "parsed"]
