"""Problem files: JSON lines, plain or gzipped.

Knows how a line is read and how a broken one is told. Leaves what the fields mean to each benchmark.
"""

import gzip
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mtchat.bench.values import Problem
from mtchat.errors import CommandError


def unfit(where: str, what: str) -> CommandError:
    """The error for a problem that cannot be used."""
    return CommandError(f"{where}: {what}; the layout is described in docs/bench.md")


def json_lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """(line number, object) of each line that is not blank. Raises CommandError for what is none, or an empty file."""
    found = []
    for number, line in enumerate(content(path).decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            raise unfit(f"{path}, line {number}", f"no JSON ({error})") from None
        if not isinstance(value, dict):
            raise unfit(f"{path}, line {number}", "a line must be a JSON object")
        found.append((number, value))
    if not found:
        raise unfit(str(path), "there is no problem in it")
    return found


def once(path: Path, problems: Sequence[Problem]) -> None:
    """Raises CommandError if two of the problems of a file have one id: results are kept by it."""
    told = Counter(problem.id for problem in problems)
    if twice := [id for id, number in told.items() if number > 1]:
        raise unfit(str(path), f"the id {twice[0]!r} is there twice")


def content(path: Path) -> bytes:
    """The bytes of a file, unpacked. Raises CommandError if it cannot be read."""
    if path.exists() and not path.is_file():  # a pipe would be empty when it is read the second time
        raise CommandError(f"{path} is no file that can be read twice: save the problems in one")
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError, zlib.error) as error:
        said = getattr(error, "strerror", None) or error
        raise CommandError(f"{path} cannot be read ({said}): pass the file with the problems") from None


def digest(*paths: Path) -> str:
    """sha256 (hex) of the files' contents, in order."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(content(path)).digest())
    return whole.hexdigest()
