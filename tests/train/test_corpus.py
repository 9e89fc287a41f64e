# ruff: noqa: E501
from __future__ import annotations

import json
import random
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from mtchat.errors import ConfigError
from mtchat.train import roles, sampling
from mtchat.train.check import check
from mtchat.train.corpus import END, Conversation, Recipe, Turn, comment, conversations, holdout, layout, library
from mtchat.train.corpus.code import fill, imports, renamed
from mtchat.train.corpus.combine import then
from mtchat.train.corpus.derive import derived
from mtchat.train.corpus.draws import about
from mtchat.train.corpus.functions import define
from mtchat.train.corpus.grammar import Voice, joined, negated, plural, question, third_person
from mtchat.train.corpus.kinds import kinds_of
from mtchat.train.corpus.noise import misspell
from mtchat.train.corpus.revise import extend
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.skill import FOLDER, Param, Skill, read
from mtchat.train.corpus.values import Words
from mtchat.train.judge import execute, namespace
from mtchat.train.mixture import plain, recipes, shard, shares, sources
from mtchat.train.rows import LONG, batched, documents, tensors
from mtchat.train.stats import code_skeleton, intent_skeleton
from mtchat.train.tokenizer import words

TOKENS = ("zor", "bl", "que", "ith")


@pytest.fixture(scope="module")
def some() -> list[Conversation]:
    """Training conversations that the tests share."""
    return take(100)


def take(n: int, **options: Any) -> list[Conversation]:
    return list(islice(conversations(Recipe(seed=3, tokens=TOKENS, **options), 0), n))


def test_same_seed_same_conversations(some: list[Conversation]) -> None:
    assert take(15) == some[:15]
    assert list(islice(conversations(Recipe(seed=4, tokens=TOKENS), 0), 5)) != some[:5]


def test_every_conversation_runs_as_the_model_will_see_it(some: list[Conversation]) -> None:
    for conversation in some[:40]:
        space = namespace()
        assert not execute(conversation.prefix, space)[1]
        for turn, output in zip(conversation.turns, conversation.outputs, strict=True):
            shown, error = execute(turn.code, space)
            assert not error, (error, turn)
            assert shown == output


def test_code_survives_the_benchmarks_truncation(some: list[Conversation]) -> None:
    from mtchat.conversation import truncate

    for conversation in some:
        for turn in conversation.turns:
            if turn.skill != "stack":
                assert truncate(turn.code + "\n\n", rule="paper").rstrip() == turn.code, turn


def test_layout_is_prefix_comment_code_blank_line() -> None:
    turns = (Turn("", "Set x\nto 1", "x = 1"), Turn("", "show x", "print(x)"))
    conversation = Conversation("import math\n\n", turns, ("", ""), (False, False))
    text = "".join(piece for piece, _ in layout(conversation))
    assert text == "import math\n\n# Set x\n# to 1\nx = 1\n\n# show x\nprint(x)\n\n"
    assert [learnt for _, learnt in layout(conversation)] == [False, False, True, False, True]


def test_most_conversations_show_something_and_forms_are_many(some: list[Conversation]) -> None:
    assert sum(any(o.strip() for o in c.outputs) for c in some) > 0.9 * len(some)
    forms = {t.form for c in some for t in c.turns}
    assert {"store", "print", "define", "call", "input", "output", "story", "nameless", "in place"} <= forms


def test_training_never_hears_what_is_held_out(some: list[Conversation]) -> None:
    turns = [t for c in some for t in c.turns]
    every = {s.name for s in library.everything()[0]}
    assert not {t.skill for t in turns if holdout.skill(t.skill)} & every
    assert not [t.base for t in turns if t.base and t.form != "story" and holdout.combination(t.base)]
    assert len(holdout.words()) > 10
    said = " ".join(t.intent.lower() for t in turns if '"' not in t.intent and "'" not in t.intent)
    assert not [w for w in holdout.words() if f" {w} the " in said]
    for conversation in some:
        for first, second in zip(conversation.turns, conversation.turns[1:], strict=False):
            assert not holdout.pair(first.skill, second.skill)


@pytest.mark.parametrize("hold", holdout.SETS)
def test_held_out_sets_mark_their_turns(hold: str) -> None:
    found = take(25, hold=hold)
    assert 0 < sum(sum(c.used_held) for c in found) < sum(len(c.turns) for c in found)


def test_what_is_held_out_is_a_small_part() -> None:
    every, training = library.load("everything"), library.load("train")
    assert 0.9 < len(training.base) / len(every.base) < 0.98
    patterns = [sum(1 for s in part.base for _ in s.patterns()) for part in (every, training)]
    assert 0.8 < patterns[1] / patterns[0] < 0.97


def test_one_file_of_skills_passes_the_authors_check() -> None:
    reports = list(check(FOLDER / "library.skills", examples=0))
    assert [(r.name, r.faults) for r in reports if r.faults] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.skills")), ids=lambda p: p.stem)
def test_every_file_of_skills_passes_the_authors_check(path: Path) -> None:
    assert [(r.name, r.faults) for r in check(path, examples=0) if r.faults] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("f(x: ints) -> int\nN the <nothing> of {x} / the b {x}\nC sum({x})", "no synonym class"),
        ("f(x: ints) -> int\nN the a of {x} / the b of {y}\nC sum({x})", "no parameter"),
        ("f(x: ints) -> int\nN the a of {x} / the b of {x}\nC sum({x})\nC max({x}) + sum({x})", "variants differ"),
        ("f(x: ints) -> str\nN the a of {x} / the b of {x}\nC sum({x})", "declared -> str"),
        ("f(x: ints) -> int\nN the a of {x} / the b of {x}\nC sum({x})\nC {x}.nothing()", "raise"),
        ("f(x: lists_) -> int\nN the a of {x} / the b of {x}\nC sum({x})", "no kind"),
    ],
)
def test_the_check_finds_faults(text: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "mine.skills").write_text(text)
    (report,) = check(tmp_path / "mine.skills")
    assert any(fault in f for f in report.faults), report.faults


@pytest.mark.parametrize(
    "text",
    ["no heading", "f(x: ints) -> int\nZ what", "f(x: ints) -> int\nN the a of {x}", "story s(x: ints)\n> a / b"],
)
def test_a_file_that_cannot_be_read_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "mine.skills").write_text(text)
    with pytest.raises(ConfigError, match=r"mine\.skills.*line 1"):
        list(read(tmp_path / "mine.skills"))


def test_skills_derive_from_skills() -> None:
    every = {s.name: s for s in library.load("everything").base}
    of_even = {s.name: s for s in derived(every["is_even"])}
    assert of_even["filter_is_even"].codes[0] == "[n for n in {xs} if n % 2 == 0]"
    assert of_even["branch_is_even"].acts == ("if {n} % 2 == 0:\n    print({yes})\nelse:\n    print({no})",)
    of_vowels = {s.name: s for s in derived(every["count_vowels"])}
    assert "key=lambda" in of_vowels["sort_count_vowels"].codes[0]
    joined = then(every["square"], every["is_even"], random.Random(0))
    assert joined is not None
    assert (
        joined.codes == ("({n} ** 2) % 2 == 0",)
        or joined.codes == ("{n} ** 2 % 2 == 0",)
        or "** 2) % 2" in joined.codes[0]
    )


def test_grammar() -> None:
    assert (plural("is even"), plural("is a prime number"), plural("starts with a")) == (
        "are even",
        "are prime numbers",
        "start with a",
    )
    assert (question("is even", "n"), question("has 3 parts", "x")) == ("is n even", "does x have 3 parts")
    assert plural(negated("contains a")) == "do not contain a"
    assert (negated("is even"), negated("contains a")) == ("is not even", "does not contain a")
    assert (third_person("count the words"), third_person("multiply it"), third_person("reverse it")) == (
        "counts the words",
        "multiplies it",
        "reverses it",
    )
    pieces = [("make  a array", ""), (" , please take a ", ""), ("egg a egg", "text"), (" ", "")]
    assert joined(pieces) == "make an array, please take an egg a egg"
    assert misspell("a an of", random.Random(0)) == "a an of" != misspell("sorting", random.Random(0))
    said = {Voice(random.Random(i)).say("[take|get] {x}[0] [now|]", {"x": "nums"}) for i in range(60)}
    assert said == {"take nums[0] now", "get nums[0] now", "take nums[0]", "get nums[0]"}


def test_code_templates() -> None:
    assert fill("{x} ** 2", {"x": "a + b"}) == "(a + b) ** 2"
    assert fill("sum({x})", {"x": "a + b"}) == "sum(a + b)"
    assert fill('f"{{x}}: {k}"', {"x": "nums", "k": "3"}) == 'f"{nums}: 3"'
    assert renamed("[n for n in {x}]", ["n"]) == "[num for num in {x}]"
    assert imports("math.sqrt(np.pi)", {"np"}) == ["import math"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [(True, "bool"), (3, "int"), ([1, 2], "ints"), ([1, 2.5], "floats"), (["a b"], "strs"), ({"a": 1}, "dict"), ({"a": "b"}, "sdict"), ([[1]], "matrix"), ("2024-01-02", "isodate"), ("a,b\nc,d", "csvtext"), ([{"a": 1}], "records")],
)  # fmt: skip
def test_kinds(value: object, kind: str) -> None:
    assert kind in kinds_of(value)


def test_skeletons_mask_names_and_values() -> None:
    one = intent_skeleton('Store the sum of nums in "total".', "total = sum(nums)")
    assert one == intent_skeleton("store the sum of xs in y", "y = sum(xs)") == "store the sum of v in v"
    assert code_skeleton("a = sum(b) + 1") == code_skeleton("xx = sum(y) + 250") != code_skeleton("a = max(b) + 1")


def test_only_code_and_the_mark_that_ends_a_turn_are_learnt(tokenizer: Any) -> None:
    turns = (Turn("", "set x to 12", "x = 12"), Turn("", "show x", "print(x)"))
    (document,) = documents([layout(Conversation("", turns, ("", ""), (False, False)))], tokenizer)
    learnt = "".join(tokenizer.id_to_token(i) for i, yes in zip(document.ids, document.learnt, strict=True) if yes)
    assert learnt.replace("Ġ", " ").replace("Ċ", "\n") == f"x = 12\n\n#print(x)\n\n{END}"


def test_rows_lose_nothing_and_pad_little(tokenizer: Any, some: list[Conversation]) -> None:
    found = documents([layout(c) for c in some[:60]], tokenizer)
    groups = batched(found, 4096)
    assert sorted(d.ids for group in groups for d in group) == sorted(d.ids for d in found)
    made = [tensors(group) for group in groups]
    assert all(b.ids.numel() <= max(4096, b.ids.shape[1]) for b in made)
    assert sum(int((b.targets >= 0).sum()) for b in made) == sum(sum(d.learnt[1:]) for d in found)
    batch, first = made[0], groups[0][0]
    assert batch.ids[0, : len(first.ids)].tolist() == first.ids
    at = first.learnt.index(True)
    assert batch.targets[0, at - 1] == first.ids[at]


def test_shards_repeat(run_folder: Path) -> None:
    one, two = (shard(5, run_folder, 3, tokens=9000, batch=2048, real=0.0) for _ in range(2))
    assert len(one) == len(two) > 0
    assert all(
        bool((a.ids == b.ids).all()) and bool((a.targets == b.targets).all()) for a, b in zip(one, two, strict=True)
    )


def test_first_shards_are_prose_and_plain_code(run_folder: Path) -> None:
    def learnt_from_the_start(early: int) -> int:
        found = shard(5, run_folder, 0, tokens=3000, batch=2048, early=early)
        return sum(int((batch.targets[:, :2] >= 0).all(1).sum()) for batch in found)

    assert learnt_from_the_start(1) > 0 == learnt_from_the_start(0)
    assert all(sum(shares(number, 2, 0.05, 0.2).values()) == pytest.approx(1) for number in (0, 2))


def test_plain_text_ends_only_where_it_ends(tokenizer: Any) -> None:
    end = tokenizer.token_to_id(END)
    short, long = plain("one two", tokenizer), plain("one two " * LONG, tokenizer)
    assert short.ids[-1] == end
    assert (len(long.ids), end in long.ids) == (LONG // 2, False)
    assert all(short.learnt + long.learnt)


def test_a_function_gives_another_kind_only_where_that_was_asked() -> None:
    number, word = Param("n", ("int",)), Param("k", ("int",))
    sums = Skill("sums", (number, word), "int", ("total",), nouns=("the sum of {n} and {k}",), codes=("{n} + {k}",))
    text = Skill("text", (number,), "str", ("digits",), nouns=("the digits of {n}",), codes=("str({n})",))
    kinds = set()
    for seed in range(40):
        rng = random.Random(seed)
        scene = Scene(rng, Voice(rng), Words(rng, list(TOKENS)))
        first = define(scene, sums)
        if first is None or first.code.count("\n") > 1:
            continue
        turn = extend(scene, [first], [text])
        if turn is not None:
            assert scene.functions[first.targets[0]].result == ("str" if "str(" in turn.code else "int"), turn
            kinds.add("str(" in turn.code)
    assert kinds == {True, False}


def test_what_the_model_wrote_is_learnt_and_the_text_before_it_is_not(run_folder: Path, tokenizer: Any) -> None:
    (run_folder / sampling.FOLDER).mkdir()
    line = {"text": "# set x to 1\nx = 1\n\n# show x\n", "code": "print(x)"}
    (run_folder / sampling.FOLDER / "0000.jsonl").write_text(json.dumps(line) + "\n")
    document = next(sources(0, run_folder, 0)["sampled"])
    assert tokenizer.decode([i for i, learnt in zip(document.ids, document.learnt, strict=True) if learnt]) == (
        "print(x)\n\n"
    )
    assert next(sources(0, run_folder, 0)["sampled"]).ids == document.ids


def test_every_other_shard_deals_words_evenly() -> None:
    usual = [recipes(0, TOKENS, number)[0].even for number in range(8)]
    assert usual == [False] * 5 + [True, False, True]
    assert recipes(0, TOKENS, 4)[1].most_turns > 10


def test_an_item_of_a_set_hangs_on_the_seed_and_not_on_the_order_in_memory() -> None:
    one, other = set(range(0, 24, 8)), set(range(16, -8, -8))
    assert list(one) != list(other), "the same set, kept in another order"
    for seed in range(20):
        found = [about("item", s, Words(random.Random(seed), []), random.Random(seed)) for s in (one, other)]
        assert found[0] == found[1]


def test_a_number_too_long_to_print_is_nothing_to_talk_about() -> None:
    scene = Scene(random.Random(1), Voice(random.Random(1)), Words(random.Random(1), []))
    scene.space["found"] = [10**5000]
    assert not scene.small("found")


def test_comment_of_several_lines() -> None:
    assert comment("a\nb") == "# a\n# b\n"


def test_roles_are_told_apart(tokenizer: Any) -> None:
    conversation = Conversation("", (Turn("", "", 'zip_a = "zip"'),), ("",), (False,))
    names, strings = roles.count([conversation], tokenizer)
    assert names["_"] == 1
    assert '"' in strings
    assert sum(len(letters) * n for letters, n in names.items()) == len("zip_a")


def test_words_are_dealt_evenly_to_names_and_to_strings(tokenizer: Any) -> None:
    """Dealt evenly, more tokens of letters have both roles in a small sample; training sees hundreds of such samples."""
    tokens = words(tokenizer)

    def short(**options: Any) -> int:
        sample = islice(conversations(Recipe(seed=6, tokens=tokens, **options), 0), 100)
        names, strings = roles.count(sample, tokenizer)
        return sum(names[t] < 1 or strings[t] < 1 for t in tokens)

    assert short(even=True, rare_names=0.8) < short() * 0.9


def test_a_token_that_no_intent_used_is_dealt_again() -> None:
    dealer = Words(random.Random(0), ["ab", "cd", "ef"], even=True)
    first, second = dealer.token("name"), dealer.token("name")
    dealer.settle(f"set {first} to 1")
    assert dealer.token("name") == second


@pytest.mark.slow
def test_a_sample_prints_the_same_in_the_sandbox() -> None:
    from mtchat.sandbox import Sandbox

    with Sandbox(allow_reduced=True) as sandbox:
        for conversation in islice(conversations(Recipe(seed=21), 7), 100):
            at = sandbox.run(conversation.prefix)[1]
            for turn, output in zip(conversation.turns, conversation.outputs, strict=True):
                before, (execution, at) = at, sandbox.run(turn.code, at=at)
                sandbox.release(before)
                assert (execution.status, execution.stdout) == ("ok", output), turn
