"""Files: where the session is kept, other sessions, what is attached.

Knows when one session gives way to another. Leaves formats to `session`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from mtchat import render
from mtchat.engine import States, sandbox_of
from mtchat.errors import CommandError, SessionError
from mtchat.repl.commands.registry import command
from mtchat.repl.commands.travel import stand
from mtchat.session import SUFFIX, Store, copy, listing, read, resolve

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


@command
def save(repl: "Repl", words: list[str]) -> None:
    """/save [PATH]: where the session is kept, or a copy of it at PATH"""
    journal = repl.engine.journal
    if not isinstance(journal, Store) or not journal.begun:
        raise CommandError("there is nothing to save yet: a session is kept from its first turn on")
    if not words:
        repl.screen.line(f"every turn is saved in {journal.path}", "dim")
        return
    target = resolve(str(Path.cwd() / Path(words[0]).expanduser()), Path.cwd())
    copy(repl.engine.session, journal.path, target)
    repl.screen.line(f"saved a copy as {target}", "dim")


@command
def load(repl: "Repl", words: list[str]) -> None:
    """/load NAME: go to another saved session"""
    if not words:
        raise CommandError("/load needs a session's name or path; /sessions lists them")
    here, path = repl.engine.journal, resolve(words[0], repl.engine.settings.sessions_dir)
    if isinstance(here, Store) and here.begun and path.exists() and path.samefile(here.path):
        raise CommandError(f"{words[0]} is the session you are in")
    _switch(repl, repl.reopen(words[0], repl.engine.settings))
    stand(repl, f"loaded {words[0]}")


def _switch(repl: "Repl", journal: Store) -> None:
    engine, sandbox = repl.engine, None
    try:
        repl.check_rebuild(journal.session, journal.path)
        sandbox = sandbox_of(journal.session.header, engine.settings, engine.states.on_notice)
        states = States(sandbox, journal.attached, engine.states.on_notice)
        states.at(journal.session, journal.session.head, repl.cancel)
    except BaseException:
        if sandbox is not None:
            sandbox.close()
        journal.close()
        raise
    engine.sandbox.close()
    if isinstance(engine.journal, Store):
        engine.journal.close()
    engine.journal, engine.sandbox, engine.states = journal, sandbox, states
    if journal.dropped:
        repl.screen.line(journal.dropped, "notice")


@command
def attach(repl: "Repl", words: list[str]) -> None:
    """/attach [FILE]: copy a file to where programs find it by its name, or list those that are there"""
    if not words:
        _list_attached(repl)
        return
    if len(words) > 1:
        raise CommandError('/attach takes one file; put a name with spaces in quotes: /attach "my data.csv"')
    record = repl.engine.attach(Path(words[0]).expanduser(), repl.cancel)
    repl.screen.line(f"attached: programs find it as {record.name!r} ({record.size} bytes)", "dim")


def _list_attached(repl: "Repl") -> None:
    session = repl.engine.session
    states = [None, *(turn.id for turn in session.path())]
    found = [(number, record) for number, id in enumerate(states) for record in session.files(id)]
    for number, record in found:
        since = f"after turn {number}" if number else "from the start"
        repl.screen.show(
            [("class:number", f"{record.name}  "), ("class:dim", f"{record.size} bytes, {since}, from {record.path}\n")]
        )
    if not found:
        repl.screen.line("nothing is attached yet: /attach FILE", "dim")


@command
def sessions(repl: "Repl", words: list[str]) -> None:
    """/sessions: the saved sessions, newest first; on a terminal Enter opens the one that the arrows mark

    Typing filters the list by name and by what a session is about, Esc leaves it. In a pipe: the newest twenty.
    """
    found = listing(repl.engine.settings.sessions_dir)
    if not found:
        repl.screen.line("no saved session yet", "dim")
        return
    picks = repl.asks and repl.reader.picks
    rows = [(path.name.removesuffix(SUFFIX), *_summary(path)) for path in found[: 200 if picks else 20]]
    if not picks:
        for name, turns, says in rows:
            repl.screen.show([("class:number", f"{name}  "), ("class:dim", f"{turns}  "), ("", f"{says}\n")])
        return
    chosen = repl.reader.pick("open which session?", [(name, f"{turns}  {says}") for name, turns, says in rows])
    if chosen is not None:
        load(repl, [str(found[chosen])])


def _summary(path: Path) -> tuple[str, str]:
    try:
        session = read(path)
    except SessionError:
        return "cannot be read", ""
    turns = session.path()
    first = next((line for turn in turns for line in turn.intent.splitlines()), "")
    return render.counted(len(turns), "turn"), session.title or first
