"""mtchat: build programs turn by turn, in plain words.

Knows the version, nothing else: importing it costs nothing. The rooms are listed in DESIGN's order in the README.
"""

__version__ = "0.1.0"
