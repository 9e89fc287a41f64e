"""Keys for code that is being typed: Enter that opens the next line of it, and one that has the model go on.

Knows what happens in the buffer. Leaves marks to `byhand`, what the model writes to whoever gives `More`.
"""

import asyncio
import threading
from collections.abc import Callable

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.validation import ValidationError

from mtchat.errors import MtchatError
from mtchat.repl import byhand

More = Callable[[str, threading.Event], str]
"""What the model goes on with after code that was begun; the event stops it. Raises MtchatError."""


@Condition
def in_marked() -> bool:
    """Whether what is typed is code behind `>>>`."""
    return byhand.is_code(get_app().current_buffer.text)


def marked_keys() -> KeyBindings:
    """Enter at the end of code behind `>>>` opens a further line while the code is not whole."""
    bindings = KeyBindings()

    @bindings.add("enter", filter=in_marked)
    def enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if not buffer.document.text_after_cursor.strip() and byhand.goes_on(buffer.text):
            buffer.insert_text(byhand.next_line(buffer.text))
        else:
            buffer.validate_and_handle()

    return bindings


def more_keys(more: More | None, marked: bool) -> KeyBindings:
    """F4 and Ctrl-Space have the model go on at the cursor; `marked`: in code behind `>>>` only."""
    bindings = KeyBindings()
    if more is None:
        return bindings

    @bindings.add("f4", filter=in_marked if marked else True)
    @bindings.add("c-space", filter=in_marked if marked else True)
    async def go_on(event: KeyPressEvent) -> None:
        await _go_on(event.current_buffer, more, marked)

    return bindings


async def _go_on(buffer: Buffer, more: More, marked: bool) -> None:
    before, stop = buffer.document, threading.Event()
    begun = byhand.bare(before.text_before_cursor)[0] if marked else before.text_before_cursor
    _say(buffer, "the model writes…")
    asking = asyncio.get_running_loop().run_in_executor(None, more, begun, stop)
    try:
        text = await asyncio.shield(asking)
    except MtchatError as error:
        _say(buffer, str(error))
        return
    except asyncio.CancelledError:  # the prompt is left: the model is free again before anything else asks it
        stop.set()
        await asyncio.wait([asking])
        raise
    if buffer.document != before:
        return
    _say(buffer, "" if text else "the model has nothing to add")
    buffer.insert_text(text.replace("\n", f"\n{byhand.MORE} ") if marked else text)


def _say(buffer: Buffer, text: str) -> None:
    """A word below what is typed, until it changes."""
    buffer.validation_error = ValidationError(buffer.cursor_position, text) if text else None
    get_app().invalidate()
