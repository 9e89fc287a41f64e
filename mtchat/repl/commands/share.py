"""Taking things out: a turn's code to the clipboard, the session to a file of another form.

Knows which turn and which form are meant. Leaves clipboards to `clipboard`, forms to `mtchat.export`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from mtchat.errors import CommandError
from mtchat.export import Subject, exporter, form_of
from mtchat.repl import clipboard
from mtchat.repl.commands.registry import command, number
from mtchat.session import SUFFIX, Store

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


@command
def copy(repl: "Repl", words: list[str]) -> None:
    """/copy [N]: the code of the last turn, or of turn N, to the clipboard

    By wl-copy, xclip, xsel, pbcopy or clip.exe where one is there; else the terminal is asked to (OSC 52), which
    most do, also over ssh. Whether it did, a terminal does not say.
    """
    path = repl.engine.session.path()
    if not words:
        code = repl.engine.last_turn().code
    else:
        wanted = number(words, 0)
        if not 1 <= wanted <= len(path):
            raise CommandError(f"there is no turn {wanted}: there are {len(path)}")
        code = path[wanted - 1].code
    by = clipboard.put(code, repl.screen.output)
    repl.screen.line(f"copied {len(code)} characters by {by}", "dim")


@command
def export(repl: "Repl", words: list[str]) -> None:
    """/export PATH: the turns up to here in another form, by the suffix of PATH: .py a script, .jsonl a problem

    What `mtchat export` does with a saved session. A file that is there is not written over.
    """
    if len(words) != 1:
        raise CommandError(
            '/export takes one path, such as work.py; put one with spaces in quotes: /export "my work.py"'
        )
    target = Path(words[0]).expanduser()
    form = form_of(target)
    if not repl.engine.session.path():
        raise CommandError("there is nothing to export yet: type what you want first")
    if target.exists():
        raise CommandError(f"{target} exists already: choose another name")
    journal = repl.engine.journal
    name = journal.path.name.removesuffix(SUFFIX) if isinstance(journal, Store) else target.stem
    text = exporter(form)(Subject(name, repl.engine.session))
    try:
        target.write_text(text, "utf-8", errors="replace")
    except OSError as error:
        raise CommandError(f"cannot write {target}: {error.strerror or error}") from None
    repl.screen.line(f"wrote {target}", "dim")
