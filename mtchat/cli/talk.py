"""`mtchat`: the REPL on a terminal, or line by line where there is none.

Knows which input and output there are. Leaves the rest to `repl`.
"""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mtchat.cli.common import engine_on, open_store, settings_of, to_attach
from mtchat.config import Settings
from mtchat.errors import SessionError
from mtchat.models import load_for
from mtchat.session import Store, resolve

if TYPE_CHECKING:
    from mtchat.repl.app import Repl
    from mtchat.teach import Tutor


def talk(flags: Mapping[str, Any]) -> None:
    """The REPL until it is left. A piped run exits with 1 if a turn failed."""
    from mtchat.repl.app import Repl
    from mtchat.repl.interrupt import terminated
    from mtchat.repl.leaving import end
    from mtchat.repl.loading import Loading
    from mtchat.repl.reader import LineReader
    from mtchat.repl.screen import Screen, terminal_output
    from mtchat.repl.trust import check_unasked

    settings = settings_of(flags)
    tutor = tutor_of(flags, settings)
    store = open_store(flags, settings)
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if not terminal:
        check_unasked(settings)
    screen = Screen(terminal_output() if terminal else None)
    loading = Loading(lambda: load_for(settings), at_once=not terminal)
    with engine_on(store, settings, loading, lambda text: screen.line(text, "notice")) as engine:
        engine.sandbox.start()
        repl = Repl(engine, loading, screen, LineReader(sys.stdin), load_for, reopen)
        if store.dropped:
            screen.line(store.dropped, "notice")
        repl.attach, repl.tutor = to_attach(flags), tutor
        if tutor is not None:
            screen.line(tutor.welcome(), "dim")
        if not terminal:
            with terminated():
                repl.pipe()
            sys.exit(1 if repl.failed else 0)
        code = at_terminal(repl)
    if repl.loading.under_way:
        end(code)
    sys.exit(code)


def at_terminal(repl: "Repl") -> int:
    """The REPL on a terminal, until it is left; the exit code."""
    from mtchat.repl import byhand, keys
    from mtchat.repl.behind import Behind
    from mtchat.repl.completer import EntryCompleter
    from mtchat.repl.leaving import leaving
    from mtchat.repl.reader import PromptReader
    from mtchat.repl.suggest import Suggester
    from mtchat.repl.toolbar import Toolbar

    engine, screen, behind = repl.engine, repl.screen, Behind(repl)
    with leaving(repl.cancel) as left:

        def before() -> None:
            left.check()
            behind.flush()

        reader = PromptReader(
            screen.style,
            history=engine.settings.history_file,
            completer=EntryCompleter(lambda: engine),
            suggester=Suggester(lambda: engine, lambda: repl.loading),
            settings=lambda: engine.settings,
            tell_keys=lambda: screen.show(keys.told(engine.settings.keys)),
            before=before,
            toolbar=Toolbar(repl),
            output=screen.output,
            more=lambda begun, cancel: byhand.more(repl, begun, cancel),
            cancel=repl.cancel,
        )
        reader.when_shown(behind.start)
        repl.reader = reader
        repl.talk()
        if isinstance(engine.journal, Store) and engine.journal.begun:
            screen.line("saved; mtchat --continue takes it up again", "dim")
        return 128 + left.number if left.number else 0


def tutor_of(flags: Mapping[str, Any], settings: Settings) -> "Tutor | None":
    """Who gives hints for the lesson that --lesson names, if it names one. Raises SessionError for what is none."""
    if not (name := flags.get("lesson")):
        return None
    from mtchat.teach import Tutor, lesson_of

    return Tutor(lesson_of(resolve(name, settings.sessions_dir)))


def reopen(name: str, settings: Settings) -> Store:
    """Another session for /load. Raises SessionError if there is none of that name."""
    path = resolve(name, settings.sessions_dir)
    if not path.exists():
        raise SessionError(f"there is no session {path}; /sessions lists those there are")
    return Store.open(path)
