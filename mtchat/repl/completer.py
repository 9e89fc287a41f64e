"""What Tab offers: commands, their arguments, and the variables there are with their attributes.

Knows what is typed where. Runs in a thread of its own (`complete_in_thread`), looks at the program's state for no
longer than a moment, and remembers what it saw for as long as the head stays. Leaves lists to `words`, drawing the menu
to prompt_toolkit.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from mtchat.engine import Engine
from mtchat.errors import MtchatError
from mtchat.repl import words
from mtchat.repl.commands import COMMANDS
from mtchat.repl.commands.registry import usage
from mtchat.sandbox import Variable

PATIENCE = 0.3
"""Seconds for one look at the program's state."""
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\.?$")
_LAST = re.compile(r"""("(?:[^"\\]|\\.)*|'[^']*|(?:\\.|[^\s"'])*)$""")
_PLAIN = re.compile(r"[\w@%+=:,./~-]*")


class EntryCompleter(Completer):
    """Completes an entry from the engine that works now (/load puts another journal and sandbox into it)."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self.engine = engine
        self._head: tuple[object, ...] = ()
        self._seen: dict[str, list[Variable]] = {}

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        text = document.text_before_cursor
        command, space, rest = text.lstrip().partition(" ")
        if re.match(r"/[^\W\d]*$", command) and "\n" not in text:
            return self._arguments(command, rest) if space else _commands(command)
        found = _NAME.search(text)
        return self._names(found[0]) if found else []

    def _arguments(self, command: str, rest: str) -> Iterable[Completion]:
        lister = words.ARGUMENTS.get(command)
        last = _LAST.search(rest)
        if lister is None or last is None:
            return
        raw, settings, before = last[0], self.engine().settings, rest[: last.start()].split()
        typed = re.sub(r"\\(.)", r"\1", raw.lstrip("\"'"))
        offered = lister(typed, settings)
        if command == "/set" and before:
            offered = words.values(before[0], typed, settings)
        with suppress(OSError):
            for word, meta in offered:
                if word.startswith(typed):
                    yield Completion(quoted(word), -len(raw), display=word, display_meta=meta)

    def _names(self, typed: str) -> Iterable[Completion]:
        path, _, start = typed.rpartition(".")
        for each in self._look(path):
            if each.name.startswith(start):
                meta = f"{each.type}  {each.repr}" if path else f"{each.type} {each.size or ''}"
                yield Completion(each.name, -len(start), display_meta=" ".join(meta.split()))

    def _look(self, path: str) -> list[Variable]:
        """The variables ("" for `path`), or the attributes of one, as they are at the head."""
        engine = self.engine()
        head = (engine.session.head, engine.sandbox)
        if head != self._head:
            self._head, self._seen = head, {}
        if path not in self._seen:
            self._seen[path] = self._ask(engine, path)
        return self._seen[path]

    def _ask(self, engine: Engine, path: str) -> list[Variable]:
        state = engine.states.parked(engine.session.head)
        try:
            if state is not None:
                sandbox = engine.sandbox
                return sandbox.attributes(path, state, PATIENCE) if path else sandbox.variables(state, PATIENCE)
        except (MtchatError, OSError):
            pass
        defined = (name for turn in engine.session.path() for name in turn.defined if name.isidentifier())
        return [] if path else [Variable(name, "", "") for name in dict.fromkeys(defined)]


def _commands(typed: str) -> Iterable[Completion]:
    for name, run in COMMANDS.items():
        if name.startswith(typed):
            yield Completion(name, -len(typed), display_meta=usage(run).partition(": ")[2])


def quoted(word: str) -> str:
    """`word` as a command takes it: in quotes where it has to be, left open behind a folder to go on in it."""
    if _PLAIN.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}' + '"' * (not word.endswith("/"))
