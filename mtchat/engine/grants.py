"""What a session's programs may touch: what the person grants now, never what a file asks for.

Knows that a session file may come from a stranger: modules, paths and limits in its header are told, and granted only
by settings and flags of this start. Leaves holding programs to it to `sandbox`.
"""

import shlex
from collections.abc import Callable

import msgspec

from mtchat.config import Settings
from mtchat.errors import SessionError
from mtchat.languages import LANGUAGES
from mtchat.sandbox import Limits, Policy, Sandbox
from mtchat.sandbox.allowlist import LIBRARIES, STANDARD
from mtchat.session import Header

_SETTABLE = ("timeout", "memory")


def policy_of(settings: Settings) -> Policy:
    """What the settings grant."""
    return Policy(allow_imports=settings.allow_import, read=settings.allow_read, write=settings.allow_write)


def limits_of(settings: Settings) -> Limits:
    """The limits that the settings name."""
    return Limits(timeout=settings.timeout, memory=settings.memory)


def sandbox_of(header: Header, settings: Settings, notice: Callable[[str], None] = lambda text: None) -> Sandbox:
    """A sandbox for a session, with what the settings grant; `notice` hears what the session had beyond that.

    Raises SessionError for an unfit header.
    """
    try:
        asked = msgspec.convert(header.policy, Policy)
        limits = msgspec.convert(header.limits, Limits)
    except msgspec.ValidationError as error:
        raise SessionError(f"the session's policy or limits do not fit: {error}") from None
    if header.language not in LANGUAGES:
        raise SessionError(f"the session is in {header.language!r}; here there is {', '.join(LANGUAGES)}")
    if asked.name != Policy().name:
        raise SessionError(f"the session asks for the policy {asked.name!r}: here programs run under {Policy().name!r}")
    if said := _beyond(asked, settings):
        notice(f"the session was made with {said}: not granted, pass it again if you trust the session's code")
    reduced = settings.allow_reduced_isolation
    return Sandbox(policy_of(settings), held(limits, settings, notice), header.seed, allow_reduced=reduced)


def _beyond(asked: Policy, settings: Settings) -> str:
    """The flags that a session was made with and that are not given now, "" for none."""
    builtin = STANDARD | LIBRARIES
    wanted = [("import", n) for n in asked.allow_imports if n not in builtin and n not in settings.allow_import]
    wanted += [("read", path) for path in asked.read if path not in settings.allow_read]
    wanted += [("write", path) for path in asked.write if path not in settings.allow_write]
    said = " ".join(f"--allow-{what} {shlex.quote(value)}" for what, value in wanted)
    return said if len(said) <= 400 else f"{said[:400]}…"


def held(asked: Limits, settings: Settings, notice: Callable[[str], None]) -> Limits:
    """The session's limits, none above the person's own; where the person set one by hand, that one."""
    ours = limits_of(settings)
    values = {}
    for name in Limits.__struct_fields__:
        theirs, mine = getattr(asked, name), getattr(ours, name)
        if theirs <= 0:
            raise SessionError(f"the session's limit {name} is {theirs}: it must be above 0")
        values[name] = mine if name in settings.sources else min(theirs, mine)
        if theirs > values[name] and name not in settings.sources:
            way = f"; --{name} {theirs} gives it that" if name in _SETTABLE else ""
            notice(f"the session was made with {name} {theirs}: here it has {values[name]}{way}")
    return Limits(**values)
