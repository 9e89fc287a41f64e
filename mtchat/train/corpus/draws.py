"""Random values of every kind that an intent can spell out, and parameters that depend on a value at hand.

Knows: what is drawn for each kind of `kinds` (lengths past the targets: lists to 20, texts to 10 words, dictionaries
to 10 entries, integers to 6 digits), and for `key(x)`, `item(x)`, `index(x)` and their like. Leaves to others: how
sequences are spelled (`values`), kinds of live values (`kinds`).
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from mtchat.train.corpus.values import (
    Spelled,
    Words,
    integer,
    join_said,
    length,
    mapping,
    phrase,
    quoted,
    real,
    say_str,
    sequence,
    strs,
)
from mtchat.train.corpus.words import NAMES, PEOPLE, THINGS

Draw = Callable[[Words, random.Random], Spelled]


def draw(kind: str, words: Words, rng: random.Random) -> Spelled:
    """A random value of `kind`, as said and as code; KeyError for a kind that no literal can be of."""
    return DRAWS[kind](words, rng)


def drawable(kind: str) -> bool:
    """Whether a literal of the kind can be drawn."""
    return kind in DRAWS


def same(code: str) -> Spelled:
    """Said as it is written."""
    return Spelled(code, code)


def text(value: str, rng: random.Random, bare: float = 0.15) -> Spelled:
    """A string's two spellings."""
    plain = value.replace(" ", "").isalnum()
    return Spelled(say_str(value, rng, bare if plain else 0.0), quoted(value))


def _ints(words: Words, rng: random.Random, marks: str = "[]", low: int = 0) -> Spelled:
    top = rng.choice((10, 10, 20, 50, 100, 100, 1000, 0))
    few = [rng.randrange(low, 8) for _ in range(3)] if rng.random() < 0.15 else None  # repeats
    bottom = -top if low == 0 and rng.random() < 0.12 else low
    codes = [str(rng.choice(few) if few else rng.randrange(bottom, top) if top else max(low, integer(rng)))
             for _ in range(length(rng))]  # fmt: skip
    return sequence(list(dict.fromkeys(codes)) if marks == "{}" else codes, codes, rng, marks)


def _floats(words: Words, rng: random.Random) -> Spelled:
    codes = [repr(real(rng)) for _ in range(length(rng, 12))]
    return sequence(codes, codes, rng)


def _wordy(words: Words, rng: random.Random) -> Spelled:
    found = [w for w in words.several(length(rng, 14)) if w.isalpha()] or ["tea", "cup"]
    if rng.random() < 0.15:
        found.append(rng.choice(found))
    if rng.random() < 0.12:
        found = [w.title() if rng.random() < 0.5 else w for w in found]
    return strs(words, rng, "[]", found)


def _matrix(words: Words, rng: random.Random, ragged: bool = False) -> Spelled:
    columns = rng.randint(1, 4) if ragged else rng.choice((2, 2, 3, 3, 3, 4))
    top = rng.choice((5, 10, 10, 20, 100))
    rows = [
        [rng.randrange(top) for _ in range(rng.randint(1, 5) if ragged else columns)] for _ in range(rng.randint(2, 4))
    ]
    if not ragged and rng.random() < 0.2:
        return Spelled(
            " and ".join(map(repr, rows)) if len(rows) == 2 else join_said([repr(r) for r in rows], rng), repr(rows)
        )
    return same(repr(rows))


def _sentence(words: Words, rng: random.Random) -> Spelled:
    n = rng.choice((3, 3, 4, 4, 5, 5, 6, 7, 8, 10))
    found = [words.word() for _ in range(n)]
    if rng.random() < 0.2:
        found[rng.randrange(n)] = rng.choice(found)
    line = " ".join(found)
    style = rng.random()
    line = line.capitalize() if style < 0.4 else line.title() if style < 0.5 else line
    return text(line + rng.choice(("", "", "", "", ".", "!", "?")), rng, 0.1)


def _date(rng: random.Random) -> str:
    return f"{rng.randint(1970, 2030)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"


def _rows(words: Words, rng: random.Random) -> tuple[list[str], list[list[Any]]]:
    first = rng.choice(("name", "name", "item", "product", "city", "student", "title"))
    pool = PEOPLE if first in ("name", "student") else THINGS
    others = rng.sample(
        ("age", "score", "price", "count", "year", "points", "quantity", "weight", "height"), rng.choice((1, 2, 2))
    )
    rows = [[who, *(rng.randrange(1, 100) for _ in others)] for who in rng.sample(pool, rng.randint(2, 5))]
    return [first, *others], rows


def _records(words: Words, rng: random.Random) -> Spelled:
    fields, rows = _rows(words, rng)
    return same(json.dumps([dict(zip(fields, row, strict=True)) for row in rows]))


def _csv(words: Words, rng: random.Random) -> Spelled:
    fields, rows = _rows(words, rng)
    code = quoted("\n".join(",".join(map(str, row)) for row in [fields, *rows])).replace("\n", "\\n")
    return same(code)


def _json(words: Words, rng: random.Random) -> Spelled:
    fields, rows = _rows(words, rng)
    return same("'" + json.dumps(dict(zip(fields, rows[0], strict=True))) + "'")


def _pairs(words: Words, rng: random.Random) -> Spelled:
    found = [(w, rng.randrange(1, 100)) for w in words.several(rng.randint(2, 6))]
    return same("[" + ", ".join(f"({quoted(w)}, {n})" for w, n in found) + "]")


def _dict(words: Words, rng: random.Random) -> Spelled:
    n = rng.randint(2, 5) if rng.random() < 0.75 else rng.randint(2, 10)
    decimals = rng.random() < 0.15
    values = [repr(abs(real(rng))) if decimals else str(abs(integer(rng)) % 10000) for _ in range(n)]
    keys = rng.sample(PEOPLE if rng.random() < 0.5 else THINGS, n) if rng.random() < 0.5 else words.several(n)
    return mapping([(k, v, v) for k, v in zip(keys, values, strict=True)], rng)


def _sdict(words: Words, rng: random.Random) -> Spelled:
    n = rng.randint(2, 5) if rng.random() < 0.8 else rng.randint(2, 8)
    return mapping([(k, v, quoted(v)) for k, v in zip(words.several(n), words.several(n), strict=True)], rng)


def _nested(words: Words, rng: random.Random, lists: bool) -> Spelled:
    keys = words.several(rng.randint(2, 4))
    fields = rng.sample(("age", "score", "price", "count", "size"), 2)
    values: list[Any] = [
        [rng.randrange(1, 100) for _ in range(rng.randint(2, 4))]
        if lists
        else {f: rng.randrange(1, 100) for f in fields}
        for _ in keys
    ]
    return same(json.dumps(dict(zip(keys, values, strict=True))))


def _tuple(words: Words, rng: random.Random) -> Spelled:
    if rng.random() < 0.25:
        return strs(words, rng, "()")
    codes = [str(integer(rng)) for _ in range(rng.randint(2, 6))]
    return sequence(codes, codes, rng, "()")


def _mixed(words: Words, rng: random.Random) -> Spelled:
    found = "".join(words.word()[:4] + str(rng.randrange(100)) for _ in range(rng.randint(1, 3)))
    return text(found, rng, 0.1)


def _email(words: Words, rng: random.Random) -> Spelled:
    who, where = words.word().lower(), words.word().lower()
    return text(f"{who}@{where}.{rng.choice(('com', 'org', 'net'))}", rng, 0.0)


def _url(words: Words, rng: random.Random) -> Spelled:
    path = "/".join(words.word().lower() for _ in range(rng.randint(0, 2)))
    return text(f"https://{words.word().lower()}.{rng.choice(('com', 'org'))}/{path}", rng, 0.0)


def _digits(rng: random.Random) -> str:
    return "".join(rng.choice("0123456789") for _ in range(rng.randint(2, 8)))


def _lines(words: Words, rng: random.Random) -> Spelled:
    found = [" ".join(words.word() for _ in range(rng.randint(1, 3))) for _ in range(rng.randint(2, 4))]
    return same(quoted("\\n".join(found)).replace("\\\\", "\\"))


def _commas(words: Words, rng: random.Random) -> Spelled:
    glue = rng.choice((",", ","))
    return text(glue.join(words.several(rng.randint(3, 6))), rng, 0.0)


def _array(words: Words, rng: random.Random) -> Spelled:
    made = _ints(words, rng) if rng.random() < 0.75 else _floats(words, rng)
    return Spelled(made.said, f"np.array({made.code})")


def _array2(words: Words, rng: random.Random) -> Spelled:
    made = _matrix(words, rng)
    return Spelled(made.said, f"np.array({made.code})")


def _frame(words: Words, rng: random.Random) -> Spelled:
    fields, rows = _rows(words, rng)
    columns = {f: [row[i] for row in rows] for i, f in enumerate(fields)}
    listed = json.dumps(columns)
    if rng.random() < 0.5:
        return Spelled(listed, f"pd.DataFrame({listed})")
    said = " and ".join(f"a column {q}{f}{q} with {join_said([str(v) for v in vs], rng, words=True)}"
                        for f, vs in columns.items() for q in (rng.choice(('"', "", "'")),))  # fmt: skip
    return Spelled(said, f"pd.DataFrame({listed})")


def _series(words: Words, rng: random.Random) -> Spelled:
    made = _ints(words, rng)
    return Spelled(made.said, f"pd.Series({made.code})")


def _whole(low: int, high: int) -> Draw:
    return lambda words, rng: same(str(rng.randint(low, high)))


def _isodates(words: Words, rng: random.Random) -> Spelled:
    return strs(words, rng, "[]", [_date(rng) for _ in range(rng.randint(2, 5))])


YES = ("yes", "Yes", "true", "valid", "ok", "OK", "match", "pass", "high", "big", "long", "found", "correct", "good")
NO = ("no", "No", "false", "invalid", "error", "fail", "low", "small", "short", "missing", "wrong", "bad", "other")
FIELDS = ("bonus", "rank", "level", "total", "rating", "status", "group", "limit", "extra", "result", "amount", "size")
DRAWS: dict[str, Draw] = {
    "int": lambda w, r: same(str(integer(r))),
    "nat": lambda w, r: same(str(abs(integer(r)))),
    "pos": lambda w, r: same(str(r.randint(1, r.choice((10, 20, 50, 100, 100, 1000, 5000))))),
    "small": _whole(1, 12),
    "tiny": _whole(2, 5),
    "percent": _whole(1, 99),
    "deque": lambda w, r: (lambda made: Spelled(made.said, f"deque({made.code})"))(
        _ints(w, r) if r.random() < 0.5 else _wordy(w, r)
    ),
    "big": lambda w, r: same(str(r.randrange(100, 10 ** r.choice((3, 4, 5, 6))))),
    "year": _whole(1800, 2100),
    "float": lambda w, r: same(repr(real(r))),
    "num": lambda w, r: same(str(integer(r)) if r.random() < 0.7 else repr(real(r))),
    "bool": lambda w, r: Spelled(
        *r.choice((("True", "True"), ("False", "False"), ("true", "True"), ("false", "False")))
    ),
    "str": lambda w, r: text(phrase(w, r), r),
    "word": lambda w, r: text(next(x for x in iter(w.word, None) if x.isalpha() and len(x) > 1), r, 0.3),
    "char": lambda w, r: text(r.choice("aaeeiioouubcdfghklmnprstwyxz"), r, 0.25),
    "yesword": lambda w, r: text(r.choice(YES), r, 0.35) if r.random() < 0.6 else text(w.word(), r, 0.0),
    "noword": lambda w, r: text(r.choice(NO), r, 0.35) if r.random() < 0.6 else text(w.word(), r, 0.0),
    "phrase": lambda w, r: text(" ".join(w.several(r.randint(2, 4))), r),
    "sentence": _sentence,
    "digits": lambda w, r: text(_digits(r), r, 0.2),
    "binary": lambda w, r: text("1" + "".join(r.choice("01") for _ in range(r.randint(2, 8))), r, 0.3),
    "lines": _lines,
    "commas": _commas,
    "csvtext": _csv,
    "jsontext": _json,
    "isodate": lambda w, r: text(_date(r), r, 0.3),
    "clock": lambda w, r: text(f"{r.randrange(24):02d}:{r.randrange(60):02d}", r, 0.3),
    "email": _email,
    "url": _url,
    "mixed": _mixed,
    "ints": _ints,
    "posints": lambda w, r: _ints(w, r, low=1),
    "nums": lambda w, r: _ints(w, r) if r.random() < 0.8 else _floats(w, r),
    "floats": _floats,
    "list": lambda w, r: _ints(w, r) if r.random() < 0.5 else _wordy(w, r),
    "strs": _wordy,
    "wordlist": _wordy,
    "digitstrs": lambda w, r: strs(w, r, "[]", [_digits(r)[:4] for _ in range(r.randint(2, 7))]),
    "isodates": _isodates,
    "matrix": _matrix,
    "lists": lambda w, r: _matrix(w, r, ragged=True),
    "pairs": _pairs,
    "records": _records,
    "tuple": _tuple,
    "ntuple": lambda w, r: (lambda c: sequence(c, c, r, "()"))([str(integer(r)) for _ in range(r.randint(2, 6))]),
    "dict": _dict,
    "anydict": lambda w, r: _dict(w, r) if r.random() < 0.6 else _sdict(w, r),
    "sdict": _sdict,
    "ldict": lambda w, r: _nested(w, r, True),
    "ndict": lambda w, r: _nested(w, r, False),
    "set": lambda w, r: _ints(w, r, "{}"),
    "sset": lambda w, r: strs(w, r, "{}"),
    "array": _array,
    "array2": _array2,
    "anyarray": lambda w, r: _array(w, r) if r.random() < 0.5 else _array2(w, r),
    "frame": _frame,
    "series": _series,
    "newname": lambda w, r: (lambda n: Spelled(f'"{n}"' if r.random() < 0.4 else n, quoted(n)))(r.choice(NAMES)),
}


def about(kind: str, value: Any, words: Words, rng: random.Random) -> Spelled | None:
    """A parameter that depends on a live value: `key item index upto char wordof column numcolumn newkey`; None where
    the value has none.
    """
    try:
        return ABOUT[kind](value, words, rng)
    except (IndexError, ValueError, TypeError, KeyError, AttributeError, StopIteration):
        return None


def spell(value: Any, rng: random.Random) -> Spelled:
    """A live scalar spelled out."""
    return text(value, rng, 0.25) if isinstance(value, str) else same(repr(value))


def _one(values: Any, rng: random.Random) -> Any:
    """One of `values`; of a set, whose order differs between processes, the same in each."""
    return rng.choice(sorted(values, key=repr) if isinstance(values, set | frozenset) else list(values))


def _numcolumn(frame: Any, words: Words, rng: random.Random) -> Spelled:
    numeric = [c for c in frame.columns if frame[c].dtype.kind in "if"]
    return text(rng.choice(numeric), rng, 0.45)


ABOUT: dict[str, Callable[[Any, Words, random.Random], Spelled]] = {
    "key": lambda v, w, r: spell(r.choice(list(v)), r),
    "item": lambda v, w, r: spell(_one(v, r), r) if r.random() < 0.85 else spell(type(_one(v, r))(), r),
    "value": lambda v, w, r: spell(r.choice(list(v.values())), r),
    "index": lambda v, w, r: same(str(r.randrange(len(v)))),
    "upto": lambda v, w, r: same(str(r.randint(1, max(1, min(len(v), 6))))),
    "below": lambda v, w, r: same(str(r.randint(2, max(2, min(len(v) - 1, 6))))),
    "letter": lambda v, w, r: text(r.choice([ch for ch in v if ch.isalpha()]), r, 0.3),
    "wordof": lambda v, w, r: text(r.choice(v.split()).strip(".,!?"), r, 0.3),
    "column": lambda v, w, r: text(r.choice(list(v.columns)), r, 0.45),
    "textcolumn": lambda v, w, r: text(r.choice([c for c in v.columns if v[c].dtype.kind not in "iufb"]), r, 0.45),
    "numcolumn": _numcolumn,
    "field": lambda v, w, r: text(r.choice([k for k in v[0] if isinstance(v[0][k], int | float)]), r, 0.4),
    "namefield": lambda v, w, r: text(r.choice([k for k in v[0] if isinstance(v[0][k], str)]), r, 0.4),
    "middle": lambda v, w, r: same(str(sorted(v)[len(v) // 2])),
    "newkey": lambda v, w, r: text(next(x for x in iter(w.word, None) if x not in v), r, 0.35),
    "like": lambda v, w, r: (
        text(w.word(), r, 0.3)
        if isinstance(next(iter(v)), str)
        else same(repr(real(r)) if isinstance(next(iter(v)), float) else str(abs(integer(r))))
    ),
    "row": lambda v, w, r: same(str(r.randrange(len(v)))),
    "col": lambda v, w, r: same(str(r.randrange(len(v[0])))),
    "innerkey": lambda v, w, r: text(r.choice(list(next(iter(v.values())))), r, 0.4),
    "firstkey": lambda v, w, r: spell(r.choice(list(v)[: len(v) // 2]), r),  # never the lastkey
    "lastkey": lambda v, w, r: spell(r.choice(list(v)[len(v) // 2 :]), r),
    "newfield": lambda v, w, r: text(r.choice([f for f in FIELDS if f not in v[0]]), r, 0.4),
    "nameof": lambda v, w, r: text(r.choice([x for x in r.choice(v).values() if isinstance(x, str)]), r, 0.35),
}
