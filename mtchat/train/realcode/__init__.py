"""Breadth from real code: permissively licensed Python on this machine, as prose, as turns, as plain code.

Knows: the three streams, their order, what counts as a repeat. Leaves to others: which files (`sources`), what becomes
of a file (`functions`, `comments`, `prose`), and training on it (`mtchat.train.rows`).

Nothing is run, and nothing is kept outside memory. A stream depends on its seed, its number and the machine's packages.
"""

from mtchat.train.realcode.sources import licences
from mtchat.train.realcode.streams import pieces, texts, whole

__all__ = ["licences", "pieces", "texts", "whole"]
