"""A summary as Markdown that also reads well as it is, in a terminal.

Knows the tables and how figures are written; nothing is computed here. Without times or machine: the same summary gives
the same report. Leaves the figures to `summary`, the picture to `plot`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mtchat.render import counted

Figures = Mapping[str, Any]
FEW = 6
_NARROW = f"An interval of fewer than {FEW} problems is narrower than it should be: no resample leaves their range."
_SHOWN_K = (1, 2, 5, 10, 20, 40, 50, 100, 200)


def report(summary: Figures, *, command: str = "", about: str = "", whole: bool = True) -> str:
    """The report; without each problem and the settings if not `whole`.

    `command` is the one that made it; `about` a line on time and machine, put at the end.
    """
    parts = [
        f"# {summary['benchmark']}: {cell(summary['model'])}",
        _headline(summary),
        _overall(summary),
        _section("pass@k", _pass_at(summary)),
        _section("By category", _groups(summary, "categories", "category")),
        _section("By number of turns", _groups(summary, "turn_counts", "turns")),
        _section("Prompt perplexity", _perplexity(summary)),
        _section("By problem", _problems(summary)) if whole else "",
        _section("Settings", _settings(summary, command)) if whole else "",
        about,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def percent(rate: float | None) -> str:
    return "–" if rate is None else f"{100 * rate:.1f} %"


def with_ci(figures: Figures | None) -> str:
    """`17.5 % (12.0–23.1)`: a rate with its 95 % interval."""
    if not figures or figures["pass_rate"] is None:
        return "–"
    low, high = figures["ci95"]
    return f"{percent(figures['pass_rate'])} ({100 * low:.1f}–{100 * high:.1f})"


def number(value: float | None, decimals: int = 2) -> str:
    return "–" if value is None else f"{value:.{decimals}f}"


def cell(text: object) -> str:
    """Text that cannot end a table's cell or its line."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[object]], left: int = 1) -> str:
    """A Markdown table, columns aligned in the text too; all but the first `left` columns to the right."""
    lines = [[cell(c) for c in row] for row in (head, *rows)]
    widths = [max(3, *(len(line[i]) for line in lines)) for i in range(len(head))]
    ruled = ["-" * w if i < left else "-" * (w - 1) + ":" for i, w in enumerate(widths)]
    put = [str.ljust if i < left else str.rjust for i in range(len(head))]
    padded = [[to(c, w) for to, c, w in zip(put, line, widths, strict=True)] for line in (lines[0], ruled, *lines[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _headline(summary: Figures) -> str:
    parts = (counted(summary["problems"], "problem"), counted(summary["cases"], "case"))
    each = f"{', '.join(parts)}, {counted(summary['samples'], 'sample')} a case"
    if summary["n"] == summary["expected_n"]:
        return f"{each}. In brackets: 95 % intervals."
    return f"{each}. In brackets: 95 % intervals. **Not complete: {summary['n']} of {summary['expected_n']} samples.**"


def _overall(summary: Figures) -> str:
    single = summary["single"]
    rows: list[tuple[Any, ...]] = [("pass rate", *(with_ci(run) for run in (summary, single)))]
    rows += [
        (name, *(run and run[key] for run in (summary, single)))
        for name, key in (
            ("samples", "n"), ("passed", "passed"), ("failed", "failed"), ("refused by the policy", "refusals"),
            ("data missing", "missing"), ("outgrew the context", "overflows"),
        )
    ]  # fmt: skip
    if summary["turn_by_turn"]:
        rows.insert(1, ("judged turn by turn", *(with_ci(run and run["turn_by_turn"]) for run in (summary, single))))
    made = table(*_columns(("", "multi-turn", "single-turn"), rows, single, "all"))
    return "\n\n".join(part for part in (made, _statuses(summary), _difference(single)) if part)


def _columns(
    head: Sequence[str], rows: Sequence[Sequence[Any]], single: object, alone: str = "pass rate"
) -> tuple[Sequence[str], list[Any]]:
    """Without the last column where there is no single-turn run; the one before is then called `alone`."""
    return (head, list(rows)) if single else ([*head[:-2], alone], [row[:-1] for row in rows])


def _statuses(summary: Figures) -> str:
    found = ", ".join(f"{status} {count}" for status, count in summary["failed_by_status"].items())
    return f"The failed ones by how they ran: {found}." if found else ""


def _difference(single: Figures | None) -> str:
    found = single and single["multi_minus_single"]
    if not found:
        return ""
    sure = [] if found["ci95"] is None else [" to ".join(f"{100 * bound:+.1f}" for bound in found["ci95"])]
    sure += [] if found["p"] is None else [f"p {number(found['p'], 3)}"]
    said = f"Multi-turn minus single-turn, paired by problem: {100 * found['difference']:+.1f} points"
    return f"{said} ({', '.join(sure)})." if sure else f"{said}."


def _pass_at(summary: Figures) -> str:
    single = summary["single"]
    alone = single["pass_at"] if single else {}
    most = max(map(int, summary["pass_at"]), default=0)
    rows = [
        (k, with_ci(found), with_ci(alone.get(k)), found.get("temperature"))
        for k, found in summary["pass_at"].items()
        if "temperature" in found or int(k) in (*_SHOWN_K, most)
    ]
    if not rows or most == 1:
        return ""
    if any(row[3] is not None for row in rows):
        return table(("k", "pass@k", "temperature"), [(row[0], row[1], row[3]) for row in rows])
    return table(*_columns(("k", "multi-turn", "single-turn"), [row[:3] for row in rows], single))


def _groups(summary: Figures, key: str, name: str) -> str:
    rows = [
        (group, found["problems"], found["n"], with_ci(found), with_ci(found["single"]))
        for group, found in summary[key].items()
    ]
    if len(rows) < 2:
        return ""
    made = table(*_columns((name, "problems", "samples", "multi-turn", "single-turn"), rows, summary["single"]))
    few = any(1 < found["problems"] < FEW for found in summary[key].values())
    return f"{made}\n\n{_NARROW}" if few else made


def _perplexity(summary: Figures) -> str:
    blocks = [summary["perplexity"], (summary["single"] or {}).get("perplexity")]
    if not any(blocks):
        return ""
    names = (
        ("mean over problems", "mean"),
        ("mean of passing samples", "passing"),
        ("mean of the others", "failing"),
        ("rank correlation with the pass rate", "spearman"),
        ("correlation with passing, sample by sample", "point_biserial"),
    )
    rows = [(name, *(number(block and block[key]) for block in blocks)) for name, key in names]
    parts = [table(*_columns(("figure", "multi-turn", "single-turn"), rows, summary["single"], "value"))]
    if summary["perplexity"]:
        quarters = [
            (f"{number(q['from'])}–{number(q['to'])}", q["problems"], percent(q["pass_rate"]))
            for q in summary["perplexity"]["quartiles"]
        ]
        parts.append(table(("perplexity", "problems", "pass rate"), quarters))
    return "\n\n".join(parts)


def _problems(summary: Figures) -> str:
    perplexity = (summary["perplexity"] or {}).get("by_problem", {})
    rows = [
        (p["id"], p["name"], p["category"], p["turns"], number(perplexity.get(p["id"])), percent(p["pass_rate"]),
         percent(p["single_turn"]))
        for p in summary["per_problem"]
    ]  # fmt: skip
    head = ("id", "problem", "category", "turns", "perplexity", "multi-turn", "single-turn")
    return table(*_columns(head, rows, summary["single"]), left=3)


def _settings(summary: Figures, command: str) -> str:
    rows = [(name, value) for name, value in flat(summary["settings"]).items() if value not in (None, "", [])]
    rows += [
        ("setup", summary["setup"]),
        ("single-turn setup", summary["single_setup"]),
        ("results", summary["digest"]),
    ]
    made = table(("setting", "value"), [row for row in rows if row[1] is not None], left=2)
    return f"    {command}\n\n{made}" if command else made


def flat(values: Figures, before: str = "") -> dict[str, Any]:
    """Nested settings with dotted names: `{"a": {"b": 1}}` as `{"a.b": 1}`."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        found.update(flat(value, f"{before}{name}.") if isinstance(value, Mapping) else {before + name: value})
    return found
