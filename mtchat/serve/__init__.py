"""The loaded model as an OpenAI-compatible completion server on loopback: one model in memory, several who use it.

`requests` reads what is asked, `line` is the one queue in front of the model, `answers` writes what is said, `server`
speaks HTTP. Described in docs/serve.md.
"""

from mtchat.serve.server import Server

__all__ = ["Server"]
