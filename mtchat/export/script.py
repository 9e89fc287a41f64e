"""A session as a Python script: the code of its turns, each below its intent as a comment.

Knows the order: the prefix, then the path to the head. Leaves the comment's form to `conversation`.
"""

from typing import TYPE_CHECKING

from mtchat import conversation
from mtchat.languages import LANGUAGES

if TYPE_CHECKING:
    from mtchat.export import Subject


def script(subject: "Subject") -> str:
    """The program that the turns up to the head make, ending in a newline."""
    session = subject.session
    told = [(turn.intent, turn.code) for turn in session.path()]
    language = LANGUAGES[session.header.language]
    return conversation.render(told, None, language=language, prefix=session.header.prefix).rstrip("\n") + "\n"
