"""What Tab offers: slash commands, and the names that the session defines.

Knows the words; leaves drawing the menu to prompt_toolkit.
"""

from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from mtchat.repl.commands import COMMANDS
from mtchat.session import Session


class SlashCompleter(Completer):
    """Commands at the start of an entry, elsewhere the names defined by the turns up to here."""

    def __init__(self, session: Callable[[], Session]) -> None:
        self.session = session

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        text = document.text_before_cursor
        if text.startswith("/") and " " not in text:
            words, typed = list(COMMANDS), text
        else:
            typed = document.get_word_before_cursor()
            words = list(
                dict.fromkeys(name for turn in self.session().path() for name in turn.defined if name.isidentifier())
            )
        return [Completion(word, -len(typed)) for word in words if typed and word.startswith(typed)]
