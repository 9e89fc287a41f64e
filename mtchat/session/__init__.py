"""Sessions: a tree of turns with a head, kept as an append-only file.

`tree` is the value, `branches` names its lines, `schema` the lines of the file, `store` the file itself, `blobs` what
lies beside it. Knows nothing of models or sandboxes.
"""

from mtchat.session.blobs import SUFFIX, attached, attachment, blob
from mtchat.session.branches import MAIN, check_name
from mtchat.session.schema import FORMAT, VERSION, Attach, Header, HeadMove, Note, Record, Title, TurnRecord, slim
from mtchat.session.store import Store, copy, latest, listing, read, read_with_word, resolve
from mtchat.session.tree import Session, branch_name

__all__ = [
    "FORMAT",
    "MAIN",
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
    "branch_name",
    "check_name",
    "copy",
    "latest",
    "listing",
    "read",
    "read_with_word",
    "resolve",
    "slim",
]
