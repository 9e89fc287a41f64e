"""Modes of trust, set as one goes.

Knows the two words. Leaves what they mean to `trust`.
"""

from typing import TYPE_CHECKING

from mtchat.repl.commands.registry import command
from mtchat.repl.trust import trusting

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


@command
def auto(repl: "Repl", words: list[str]) -> None:
    """/auto: run code at once from now on"""
    trusting(repl, "auto", "/auto")
    repl.screen.line("trust = auto: code runs at once", "dim")


@command
def review(repl: "Repl", words: list[str]) -> None:
    """/review: show code before it runs from now on; one key runs it, changes it, asks for another or skips it"""
    trusting(repl, "review", "/review")
    repl.screen.line("trust = review: code is shown before it runs", "dim")
