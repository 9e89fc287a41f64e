"""What was typed before, in every session: one file, its end read at the start.

Knows that the file may be long, shared by several mtchats, or refused. Leaves its form to prompt_toolkit.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

MOST_READ = 1 << 20
"""Bytes of the file's end that are read: some ten thousand entries, in some hundredths of a second."""


class _Kept(FileHistory):
    """A history whose file may be refused later, too: a full disk costs the history, not the entry."""

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)

    def load_history_strings(self) -> Iterable[str]:
        """The entries of the file's end, the newest first, each once."""
        try:
            with open(self.filename, "rb") as file:
                size = file.seek(0, 2)
                file.seek(max(size - MOST_READ, 0))
                data = file.read()
        except OSError:
            return []
        text = data.decode("utf-8", "replace")
        entries = [_entry(part) for part in text.split("\n# ")[1:]]
        return list(dict.fromkeys(entry for entry in reversed(entries) if entry))


def _entry(part: str) -> str:
    return "\n".join(line[1:] for line in part.split("\n") if line.startswith("+"))


def history(path: Path | None) -> History:
    """The history that is kept in `path`; one that lasts as long as this mtchat where there is none, or none may be."""
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return _Kept(str(path))
