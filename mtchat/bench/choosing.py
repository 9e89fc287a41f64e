"""Which problems of a file a run takes: `--ids`, `--limit`.

Pure.
"""

from collections.abc import Sequence

from mtchat.bench.values import Problem
from mtchat.errors import CommandError


def chosen(problems: Sequence[Problem], ids: str | None, limit: int | None) -> list[Problem]:
    """Those named in `ids` (a list with commas, in the file's order), the first `limit` of them.

    Raises CommandError for an id that no problem has, and for a list of none.
    """
    wanted = [part.strip() for part in (ids or "").split(",") if part.strip()]
    if ids is not None and not wanted:
        raise CommandError("--ids names no problem: give ids such as 3,7, or leave it out for all")
    there = [problem.id for problem in problems]
    if unknown := [id for id in wanted if id not in there]:
        some = ", ".join(there[:10])
        raise CommandError(f"--ids: there is no problem {unknown[0]!r}; there are {some}{' …' * (len(there) > 10)}")
    return [problem for problem in problems if not wanted or problem.id in wanted][:limit]
