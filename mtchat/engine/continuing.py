"""Code that a person began, continued by the model as if it had begun it itself.

Knows what of the model's text belongs to the code. Leaves running it to whoever asked: nothing runs, nothing is kept.
"""

import re
import threading

import msgspec

from mtchat import conversation
from mtchat.engine.engine import Engine
from mtchat.languages import Language


def continued(engine: Engine, intent: str, begun: str, cancel: threading.Event | None = None) -> str:
    """What the model writes after `begun`, the beginning of the code for `intent` at the head; "" for nothing.

    Blanks at the end of `begun` are its own: they are not written twice. Raises MtchatError as a turn would.
    """
    sampling = msgspec.structs.replace(engine.settings.sampling(), n=1)
    head = _whole(begun)
    text = engine.context(intent, engine.session.head, sampling.max_new_tokens).text + head
    done = engine.model().complete(
        text, sampling, stop=lambda said: _end(head, said, engine.language) is not None, cancel=cancel
    )[0]
    more = done.text[: _end(head, done.text, engine.language)].rstrip()
    return more[len(begun) - len(head) :] if more.startswith(begun[len(head) :]) else more.lstrip(" ")


def _whole(begun: str) -> str:
    """`begun` without the blanks after its last word, which a model's tokens open with; indentation stays."""
    last = begun.rpartition("\n")[2]
    return begun.rstrip(" ") if last.strip() else begun


def _end(begun: str, said: str, language: Language) -> int | None:
    """Where in `said` the code ends; comments of the person's own in `begun` end nothing."""
    mark = re.escape(language.comment.strip())
    blind = re.sub(rf"^{mark}[^\n]*", lambda found: " " * len(found[0]), begun, flags=re.MULTILINE)
    end = conversation.turn_end(blind + said, language)
    return None if end is None else max(end - len(begun), 0)
