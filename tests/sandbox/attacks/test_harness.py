"""The corpus' own harness: what it would notice, and that the corpus is as large and as serious as it should be."""

import base64
import binascii
import socket
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandbox.attacks.payloads import corpus, parse
from tests.sandbox.attacks.support import Arena, proves
from tests.sandbox.attacks.warden import find_secrets

SECRET = "3f9a0c" * 10 + "beef"

AT_LEAST = {
    "dunders": 30, "frames": 25, "shadowing": 30, "format": 20, "indirect": 25, "modules": 60, "strings": 20,
    "leaks": 15, "published": 12,
}  # fmt: skip

SHOWN: dict[str, Callable[[str], str]] = {
    "as it is": lambda s: f"found: {s}\n",
    "in part": lambda s: s[20:40],
    "reversed": lambda s: s[::-1],
    "letter by letter": lambda s: repr(list(s)),
    "in lines": lambda s: "\n".join(s),
    "as bytes": lambda s: repr(s.encode("utf-16")),
    "in hex": lambda s: s.encode().hex(),
    "in base64": lambda s: base64.b64encode(s.encode()).decode(),
    "as raw bytes in base64": lambda s: base64.b64encode(binascii.unhexlify(s)).decode(),
    "in base32": lambda s: base64.b32encode(s.encode()).decode(),
    "in base85": lambda s: base64.b85encode(s.encode()).decode(),
    "as numbers": lambda s: repr([ord(each) for each in s]),
    "as an array": lambda s: repr(tuple(binascii.unhexlify(s))),
}


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN.keys())
def test_the_judge_knows_the_secret_however_it_is_shown(tmp_path: Path, shown: Callable[[str], str]) -> None:
    canary = tmp_path / "canary"
    canary.write_text(SECRET)
    assert find_secrets("before " + shown(SECRET) + " after", str(canary), "")
    assert not find_secrets("before " + shown("4" * 64) + " after", str(canary), "")


def test_the_judge_hears_connections_and_datagrams_and_sees_files(arena: Arena) -> None:
    judge = arena._warden.ask
    with socket.create_connection(("127.0.0.1", int(arena.places["PORT"]))) as line:
        line.send(b"hello")
    Path(arena.places["OUTSIDE"], "new").touch()
    found = " ".join(judge("")["found"])
    assert "a connection (tcp)" in found
    assert "outside/new" in found
    subprocess.run(["kill", "-USR1", arena.places["PID"]], check=True)
    while not (found := judge("")["found"]):
        continue
    assert "signals" in found[0]
    arena.places = judge("")["places"]


def test_a_proof_must_show_something_of_the_interpreters() -> None:
    assert proves("frame <frame at 0x7f, file 'x', line 1, code f>", None)
    assert proves("module <module 'posix' (built-in)>", None)
    assert not proves("module <module 'os'>", None), "a façade"
    assert not proves("int 3", None)
    assert proves("int 3", "int 3")


def test_a_misspelt_option_or_a_title_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="there is no option 'tiemout'"):
        parse("x", "### a\n#: tiemout 3\n1\n")
    with pytest.raises(ValueError, match="the same title"):
        parse("x", "### a\n1\n### a\n2\n")


def test_turns_say_which_state_they_run_at() -> None:
    (payload,) = parse("x", "### a\none('@CANARY@')\n--- undo\ntwo\n--- other session\nthree\n")
    turns = [(how, code.splitlines()[-1]) for how, code in payload.turns({"CANARY": "/c"})]
    assert turns == [("at root", "one('/c')"), ("undo", "two"), ("other session", "three")]


def test_the_corpus_is_as_large_as_it_should_be_and_nearly_all_of_it_can_succeed() -> None:
    counts = Counter(each.group for each in corpus())
    assert {name: counts[name] for name, least in AT_LEAST.items() if counts[name] < least} == {}
    controlled = sum(each.controlled or each.goal == "end" for each in corpus())
    assert controlled > 0.85 * len(corpus())
