"""The error tree: what can go wrong with our own machinery, never with a person's program.

    MtchatError
    ├── ConfigError      a flag, an environment variable or a line of config.toml
    ├── ModelError       a checkpoint that is missing, broken, unfit or out of memory
    ├── SandboxError     the worker cannot be started or kept isolated
    ├── SessionError     a session file that is missing, locked, broken or from the future
    ├── BenchError       problems or results of a benchmark that cannot be read, locked, written or compared
    └── CommandError     a REPL or shell command that cannot be carried out as asked

A program that fails is an `Execution`, a value (see `mtchat.turn`). Each error's text names the input and the way
out, in one line. Exit codes and how errors are shown are left to `mtchat.cli`.
"""


class MtchatError(Exception):
    """Base of all our errors; `str(error)` is one line fit to show a person."""


class ConfigError(MtchatError):
    """A setting that cannot be used: names where it came from and what would be valid."""


class ModelError(MtchatError):
    """A model that cannot be found, read, trusted or run."""


class SandboxError(MtchatError):
    """The sandbox itself failed (not the program inside it)."""


class SessionError(MtchatError):
    """A session file that cannot be opened, locked, read or written."""


class BenchError(MtchatError):
    """Problems or results of a benchmark that cannot be read, locked, written or compared."""


class CommandError(MtchatError):
    """A command that cannot be carried out as asked."""


def unexpected(error: BaseException) -> str:
    """One line for what should never happen; its traceback goes to the log that `mtchat --debug` keeps."""
    import logging

    log = logging.getLogger("mtchat")
    log.error("unexpected", exc_info=error)
    way = "" if log.handlers else "; mtchat --debug writes down what led to it"
    said = " ".join(str(error).split())[:300]
    return f"this should not have happened: {type(error).__name__}: {said}{way}"
