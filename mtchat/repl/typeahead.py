"""What is typed while no prompt is there: kept whole for the next prompt, and never the answer to a question.

Knows prompt_toolkit's store of keys and bracketed paste. Leaves echo and Ctrl-C meanwhile to `reader.typing_ahead`.
"""

import select
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import clear_typeahead, get_typeahead, store_typeahead
from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import Output
from prompt_toolkit.utils import is_dumb_terminal


@contextmanager
def set_aside(source: Input) -> Iterator[None]:
    """While a question is asked: what was typed before it is no answer to it, and is there again afterwards."""
    typed = [*get_typeahead(source), *_pending(source)]
    try:
        yield
    finally:
        store_typeahead(source, [*typed, *get_typeahead(source)])


def _pending(source: Input) -> list[KeyPress]:
    keys: list[KeyPress] = []
    while not source.closed and select.select([source.fileno()], [], [], 0)[0]:
        keys += source.read_keys()
    return [*keys, *source.flush_keys()]


def stops(source: Input) -> bool:
    """Whether Ctrl-C is among what was typed since the last prompt; what was typed before it is dropped."""
    typed = [*get_typeahead(source), *source.read_keys()]
    at = [place for place, key in enumerate(typed, 1) if key.key == Keys.ControlC]
    store_typeahead(source, typed[max(at, default=0) :])
    return bool(at)


def forget(source: Input) -> None:
    """Drop what was typed ahead and read already, as a terminal drops at Ctrl-C what nothing has read yet."""
    clear_typeahead(source)


@contextmanager
def pasting(output: Output, held: AbstractContextManager[None]) -> Iterator[None]:
    """Inside `held`, a paste of several lines comes as one between prompts, too, from the first one on."""
    with held:
        marked(output)
        try:
            yield
        finally:
            marked(output, False)


def marked(output: Output, on: bool = True) -> None:
    """Have the terminal mark what is pasted, or no longer; nothing is asked of a dumb one."""
    if not is_dumb_terminal():
        (output.enable_bracketed_paste if on else output.disable_bracketed_paste)()
        output.flush()
