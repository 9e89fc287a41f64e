"""Slash commands: one decorated function each; its docstring is its help.

Knows what each command does to the REPL. Leaves reading and showing to `reader` and `screen`.
"""

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mtchat import config, conversation, render
from mtchat.engine import States, sandbox_of
from mtchat.errors import CommandError, SessionError
from mtchat.models import stats as model_stats
from mtchat.repl.reader import clean
from mtchat.session import SUFFIX, HeadMove, Store, copy, listing, read, resolve
from mtchat.turn import Turn

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

Command = Callable[["Repl", list[str]], bool | None]
COMMANDS: dict[str, Command] = {}


def command(run: Command) -> Command:
    """Register `run` under its own name; the first line of its docstring is `usage: what it does`."""
    COMMANDS["/" + run.__name__.rstrip("_")] = run
    return run


def is_command(text: str) -> bool:
    """Whether an entry is a command: a slash and a letter first, on one line."""
    head = text.lstrip()[:2]
    return head[:1] == "/" and head[1:].isalpha() and "\n" not in text.strip()


def obey(repl: "Repl", text: str) -> bool:
    """Run a command; False to leave the REPL. Raises CommandError for an unknown one or bad arguments."""
    try:
        name, *words = shlex.split(text)
    except ValueError:
        name, *words = text.split()
    known = [full for full in COMMANDS if full == name] or [full for full in COMMANDS if full.startswith(name)]
    if len(known) != 1:
        also = f": {', '.join(known)}" if known else "; /help lists the commands"
        raise CommandError(f"{name} is {'ambiguous' if known else 'no command'}{also}")
    return COMMANDS[known[0]](repl, words) is not False


def _number(words: list[str], default: int) -> int:
    try:
        return int(words[0]) if words else default
    except ValueError:
        raise CommandError(f"{words[0]!r} is not a number of turns") from None


def _usage(run: Command) -> str:
    return (run.__doc__ or "").strip().splitlines()[0]


@command
def help_(repl: "Repl", words: list[str]) -> None:
    """/help: this list"""
    repl.screen.line("Type what the program should do, one step at a time. Commands:")
    for run in COMMANDS.values():
        usage, _, says = _usage(run).partition(": ")
        repl.screen.show([("class:number", f"  {usage:<22}"), ("", f"{says}\n")])
    repl.screen.line(
        "Ctrl-C stops the model or the program, Ctrl-D leaves; Alt+Enter or Ctrl+J opens a new line", "dim"
    )


@command
def undo(repl: "Repl", words: list[str]) -> None:
    """/undo [N]: take back the last turn or N turns, variables too"""
    steps = _number(words, 1)
    repl.engine.undo(steps, repl.cancel)
    _stand(repl, "undone")


@command
def redo(repl: "Repl", words: list[str]) -> None:
    """/redo: one turn forth again, after /undo"""
    repl.engine.redo(repl.cancel)
    _stand(repl, "redone")


def _stand(repl: "Repl", word: str) -> None:
    path = repl.engine.session.path()
    at = f"after turn {len(path)}: {path[-1].intent or '(by hand)'}" if path else "at the start, with nothing defined"
    repl.screen.line(f"{word}; you are {at}", "dim")


@command
def retry(repl: "Repl", words: list[str]) -> None:
    """/retry: other code for the last intent, in place of the last turn"""
    repl.make(repl.engine.retry)


@command
def edit(repl: "Repl", words: list[str]) -> None:
    """/edit: change the last turn's code and run it in place of the last turn"""
    last = repl.engine.last_turn()
    code = clean(repl.reader.edit(last.code))
    repl.make(lambda hooks: repl.engine.edit(code, hooks), needs_model=False)


@command
def vars_(repl: "Repl", words: list[str]) -> None:
    """/vars: the variables there are"""
    variables = repl.engine.sandbox.variables(repl.engine.restore(repl.cancel))
    if not variables:
        repl.screen.line("nothing is defined yet", "dim")
    width = max((len(v.name) for v in variables), default=0)
    for v in variables:
        repl.screen.show([("class:number", f"{v.name:<{width}}  "), ("class:dim", f"{v.type}  "), ("", f"{v.repr}\n")])


@command
def show(repl: "Repl", words: list[str]) -> None:
    """/show [N]: all turns up to here, or turn N"""
    path = repl.engine.session.path()
    chosen = list(enumerate(path, 1))
    if words:
        number = _number(words, 0)
        if not 1 <= number <= len(path):
            raise CommandError(f"there is no turn {number}: there are {len(path)}")
        chosen = [(number, path[number - 1])]
    for number, turn in chosen:
        repl.screen.show(render.turn(turn, number, repl.engine.language, repl.engine.settings.timeout))
    if not chosen:
        repl.screen.line("no turn yet", "dim")


@command
def context(repl: "Repl", words: list[str]) -> None:
    """/context: the exact text that the model sees before your next intent"""
    model = repl.await_model()
    room = repl.engine.settings.max_new_tokens
    rendered = repl.engine.context("", repl.engine.session.head, room)
    repl.screen.fresh_line()
    repl.screen.show(render.code(rendered.text, repl.engine.language))
    repl.screen.line(f"{model.count(rendered.text)} of {model.context_length} tokens, {room} kept for the code", "dim")
    if rendered.evicted:
        repl.screen.line(f"turns 1–{len(rendered.evicted)} are left out", "notice")


@command
def raw(repl: "Repl", words: list[str]) -> None:
    """/raw: the last completion uncut, and what truncation took away"""
    last: Turn = repl.engine.last_turn()
    if last.completion is None:
        raise CommandError("the last turn was written by hand: there is no completion")
    text = last.completion.text
    end = conversation.turn_end(text, repl.engine.language)
    repl.screen.fresh_line()
    repl.screen.show(render.code(text[:end], repl.engine.language))
    if end is not None and text[end:]:
        repl.screen.show([("class:dim", text[end:])])
    kept = (
        f"{len(text) - len(last.code)} of {len(text)} characters were cut" if last.code != text else "nothing was cut"
    )
    done = last.completion
    repl.screen.line(f"{kept}; {done.tokens} tokens, log-probability {done.logprob:.2f}, ended by {done.finish}", "dim")


@command
def stats(repl: "Repl", words: list[str]) -> None:
    """/stats: what the model reused, and how many of the tokens that were guessed ahead were right"""
    for line in model_stats(repl.await_model()) or ["this model tells nothing about itself"]:
        repl.screen.line(line, "dim")


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
    _stand(repl, f"loaded {words[0]}")


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
    """/sessions: the saved sessions, newest first"""
    found = listing(repl.engine.settings.sessions_dir)
    for path in found[:20]:
        turns, says = _summary(path)
        name = path.name.removesuffix(SUFFIX)
        repl.screen.show([("class:number", f"{name}  "), ("class:dim", f"{turns}  "), ("", f"{says}\n")])
    if not found:
        repl.screen.line("no saved session yet", "dim")


def _summary(path: Path) -> tuple[str, str]:
    try:
        session = read(path)
    except SessionError:
        return "cannot be read", ""
    turns = session.path()
    first = next((line for turn in turns for line in turn.intent.splitlines()), "")
    return render.counted(len(turns), "turn"), session.title or first


@command
def reset(repl: "Repl", words: list[str]) -> None:
    """/reset: back to the start, with nothing defined (/redo comes back)"""
    repl.engine.states.at(repl.engine.session, None)
    if repl.engine.session.head is not None:
        repl.engine.journal.append(HeadMove(None))
    _stand(repl, "reset")


@command
def model(repl: "Repl", words: list[str]) -> None:
    """/model [NAME]: which model writes the code, or another one from now on"""
    if not words:
        info = repl.await_model().info
        repl.screen.line(
            f"{info.name}, revision {info.revision or 'unknown'}, sha256 {info.sha256 or 'unknown'}", "dim"
        )
        return
    own = replace(repl.engine.settings, tokenizer=None, revision=None, draft_model=None)  # those were the other one's
    settings = config.with_value(own, "model", words[0], "/model")
    use_model(repl, settings)
    repl.screen.line(f"{repl.loading().info.name} writes the code from now on", "dim")


def use_model(repl: "Repl", settings: config.Settings) -> None:
    """Load the model that `settings` name and use it from now on; the old one stays if that fails."""
    from mtchat.repl.loading import Loading

    loading = Loading(lambda: repl.load(settings))
    loading.wait(repl.cancel)
    repl.loading, repl.engine.model, repl.engine.settings = loading, loading, settings


_LIVE = {
    "temperature",
    "top_p",
    "top_k",
    "repetition_penalty",
    "max_new_tokens",
    "candidates",
    "greedy",
    "seed",
    "timeout",
    "trust",
}


@command
def set_(repl: "Repl", words: list[str]) -> None:
    """/set [NAME VALUE]: the settings that can change as you go, or one of them"""
    settings = repl.engine.settings
    if not words:
        for name in sorted(_LIVE):
            repl.screen.line(f"  {name:<20}{getattr(settings, name)}")
        return
    if len(words) != 2 or words[0] not in _LIVE:
        raise CommandError(f"/set NAME VALUE, where NAME is one of {', '.join(sorted(_LIVE))}")
    repl.engine.settings = config.with_value(settings, words[0], words[1], "/set")
    repl.screen.line(f"{words[0]} = {getattr(repl.engine.settings, words[0])}", "dim")


@command
def quit_(repl: "Repl", words: list[str]) -> bool:
    """/quit: leave; the session stays saved"""
    return False
