"""Sessions: a tree of turns with a head, kept as an append-only file.

`tree` is the value, `schema` the lines of the file, `store` the file itself, `blobs` what lies beside it. Knows
nothing of models or sandboxes.
"""

from mtchat.session.blobs import SUFFIX, attached, attachment, blob
from mtchat.session.schema import FORMAT, VERSION, Attach, Header, HeadMove, Note, Record, Title, TurnRecord, slim
from mtchat.session.store import Store, copy, latest, listing, read, read_with_word, resolve
from mtchat.session.tree import Session

__all__ = [
    "FORMAT",
    "SUFFIX",
    "VERSION",
    "Attach",
    "HeadMove",
    "Header",
    "Note",
    "Record",
    "Session",
    "Store",
    "Title",
    "TurnRecord",
    "attached",
    "attachment",
    "blob",
    "copy",
    "latest",
    "listing",
    "read",
    "read_with_word",
    "resolve",
    "slim",
]
