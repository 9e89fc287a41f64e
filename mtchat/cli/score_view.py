"""How `mtchat score` shows a report: a table of turns, totals, tokens by how surprising they are, JSON.

Leaves what the figures are to `bench.scoring`.
"""

import itertools
import shutil
import sys
from collections.abc import Mapping
from typing import Any

from mtchat.repl.plain import echo


def write_json(report: Any, name: str, info: Any, by_token: bool) -> None:
    """One JSON object: what was scored, by which model, and every figure."""
    import msgspec

    from mtchat.bench.likelihood.scoring import record

    head: Mapping[str, Any] = {
        "source": name,
        "kind": "session" if report.turns else "text",
        "model": msgspec.to_builtins(info),
    }
    made = msgspec.json.encode({**head, **record(report, tokens=by_token)})
    echo(made.decode("utf-8", "replace"))


def write(report: Any, name: str, by_token: bool) -> None:
    """The figures for people, a word on windows to standard error."""
    if report.turns:
        _write_turns(report)
    lines = [("tokens", str(report.whole.tokens)), ("log-likelihood", f"{report.whole.logprob:.4f}")]
    lines.append(("perplexity", _number(report.whole.perplexity)))
    if report.turns:
        lines += [
            ("prompt perplexity", f"{_number(report.prompts.perplexity)} over {report.prompts.tokens} tokens"),
            ("  in a single turn", f"{_number(report.single.perplexity)}"),
            ("code perplexity", f"{_number(report.codes.perplexity)} over {report.codes.tokens} tokens"),
        ]
    for label, value in lines:
        echo(f"{label.ljust(20)}{value}")
    if by_token:
        echo()
        _write_tokens(report.reading)
    if report.reading.short:
        echo(
            f"{name} is longer than the model's context: {report.reading.short} of {report.whole.tokens} "
            "tokens were scored in windows, given from half a context to a whole one of what comes before",
            err=True,
        )


def _write_turns(report: Any) -> None:
    """A line a turn: its tokens, the perplexity of its intent and of its code, mean log-probability of its tokens."""
    rows = [("turn", "tokens", "ppl intent", "ppl code", "log p/token")]
    for number, turn in enumerate(report.turns, 1):
        figures = (_number(turn.prompt.perplexity), _number(turn.code.perplexity), f"{turn.whole.mean or 0:.4f}")
        rows.append((str(number), str(turn.whole.tokens), *figures))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    room = max(shutil.get_terminal_size().columns - sum(widths) - 10, 10) if sys.stdout.isatty() else None
    words = ["", *(_short(turn.intent, room) for turn in report.turns)]
    for row, intent in zip(rows, words, strict=True):
        cells = "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        echo(f"{cells}  {intent}".rstrip())
    echo()


def _write_tokens(reading: Any) -> None:
    """A line a token; on a terminal with colour, the less likely it was the louder."""
    from mtchat.repl.screen import Screen, terminal_output

    screen = Screen(terminal_output() if sys.stdout.isatty() else None)
    lines = zip(reading.tokens, reading.logprobs, strict=True)
    while some := list(itertools.islice(lines, 500)):
        screen.show([part for text, p in some for part in (("", f"{p:10.4f}  "), (_loudness(p), f"{text!r}\n"))])


def _loudness(logprob: float) -> str:
    """The style of a token: expected (one in two or likelier), open (one in twenty), surprising, very surprising."""
    for floor, style in ((-0.7, "class:dim"), (-3.0, ""), (-6.9, "class:stderr")):
        if logprob > floor:
            return style
    return "class:error"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}" if value >= 1000 else f"{value:.3f}"


def _short(intent: str, room: int | None) -> str:
    line = " ".join(intent.split()) or "(by hand)"
    return line if room is None or len(line) <= room else line[: room - 1] + "…"
