"""Sessions: a tree of turns with a head, kept as an append-only file.

`tree` is the value, `schema` the lines of the file, `store` the file itself. Knows nothing of models or sandboxes.
"""

from mtchat.session.schema import FORMAT, VERSION, Header, HeadMove, Note, Record, Title, TurnRecord, slim
from mtchat.session.store import SUFFIX, Store, blob, copy, latest, listing, read, read_with_word, resolve
from mtchat.session.tree import Session

__all__ = [
    "FORMAT",
    "SUFFIX",
    "VERSION",
    "HeadMove",
    "Header",
    "Note",
    "Record",
    "Session",
    "Store",
    "Title",
    "TurnRecord",
    "blob",
    "copy",
    "latest",
    "listing",
    "read",
    "read_with_word",
    "resolve",
    "slim",
]
