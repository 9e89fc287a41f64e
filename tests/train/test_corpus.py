# ruff: noqa: E501
from __future__ import annotations

import random
from itertools import islice
from typing import Any

import pytest

from mtchat.train import roles, skills
from mtchat.train.corpus import END, Conversation, Recipe, comment, conversations, held_pair, layout
from mtchat.train.judge import execute, namespace
from mtchat.train.phrasing import Speaker, misspell, tidy
from mtchat.train.rows import documents, pack, shard, tensors
from mtchat.train.scene import Turn
from mtchat.train.synonyms import CLASSES
from mtchat.train.tokenizer import words
from mtchat.train.values import Words, kind_of

TOKENS = ("zor", "bl", "que", "ith")


def take(n: int, **options: Any) -> list[Conversation]:
    return list(islice(conversations(Recipe(seed=3, tokens=TOKENS, **options), 0), n))


def test_same_seed_same_conversations() -> None:
    assert [(c.prefix, c.turns) for c in take(30)] == [(c.prefix, c.turns) for c in take(30)]


def test_other_seed_other_conversations() -> None:
    other = list(islice(conversations(Recipe(seed=4, tokens=TOKENS), 0), 5))
    assert [c.turns for c in other] != [c.turns for c in take(5)]


def test_every_conversation_runs() -> None:
    for conversation in take(80):
        if conversation.prefix.startswith("# (earlier"):
            continue  # what defined those names is left out, as when a session outgrows its context
        space = namespace()
        for code in (conversation.prefix, *(t.code for t in conversation.turns)):
            _, error = execute(code, space)
            assert not error, (error, code)


def test_layout_is_prefix_comment_code_blank_line() -> None:
    conversation = Conversation(
        "import math\n\n", (Turn("", "Set x\nto 1", "x = 1"), Turn("", "show x", "print(x)")), ("", ""), (False, False)
    )
    text = "".join(piece for piece, _ in layout(conversation))
    assert text == "import math\n\n# Set x\n# to 1\nx = 1\n\n# show x\nprint(x)\n\n"
    assert [learnt for _, learnt in layout(conversation)] == [False, False, True, False, True]


def test_code_has_no_blank_line_and_no_comment() -> None:
    for conversation in take(80):
        for turn in conversation.turns:
            assert "\n\n" not in turn.code
            assert not any(line.startswith("#") for line in turn.code.split("\n"))


def test_prefix_of_left_out_turns_names_what_is_used() -> None:
    found = [c.prefix for c in take(300) if c.prefix.startswith("# (")]
    assert found
    for prefix in found:
        assert prefix.startswith("# (earlier turns left out; they defined: ")
        assert prefix.endswith(")\n\n")


def test_imports_open_about_a_quarter() -> None:
    share = sum("import" in c.prefix for c in take(200)) / 200
    assert 0.15 < share < 0.35


def test_training_never_says_held_out_words() -> None:
    held = {o[1:] for options in CLASSES.values() for o in options if o.startswith("~")}
    heard = "\n".join(t.intent.lower() for c in take(200) for t in c.turns)
    assert len(held) > 20
    assert not [w for w in ("stash", "tiniest", "topmost", "eliminate", "lengthiest") if w in heard]


@pytest.mark.parametrize("hold", ["phrasings", "words", "pairs"])
def test_held_out_sets_mark_their_turns(hold: str) -> None:
    found = take(80, hold=hold)
    assert 0 < sum(sum(c.used_held) for c in found) < sum(len(c.turns) for c in found)


def test_training_keeps_held_out_pairs_apart() -> None:
    for conversation in take(200):
        for first, second in zip(conversation.turns, conversation.turns[1:], strict=False):
            assert not held_pair(first.skill, second.skill)


def test_every_skill_can_be_made() -> None:
    names = set(skills.table())
    assert len(names) > 250
    made = {t.skill for c in islice(conversations(Recipe(seed=8), 0), 300) for t in c.turns}
    assert len(made) > 250


def test_speaker_keeps_held_choices_for_its_set() -> None:
    pattern = "[say|~utter] it"
    assert {Speaker(random.Random(i)).say(pattern, {}) for i in range(40)} == {"say it"}
    assert "utter it" in {Speaker(random.Random(i), "phrasings").say(pattern, {}) for i in range(40)}


def test_tidy_and_misspell() -> None:
    assert tidy("make  a array , please ") == "make an array, please"
    assert misspell("a an of", random.Random(0)) == "a an of"
    assert misspell("sorting", random.Random(0)) != "sorting"


@pytest.mark.parametrize(
    ("value", "kind"),
    [(True, "bool"), (3, "int"), ([1, 2], "ints"), ([1, 2.5], "floats"), (["a"], "strs"), ([1, "a"], ""), ({"a": 1}, "dict"), ({"a": "b"}, "sdict"), ([[1]], "matrix"), ([], "")],
)  # fmt: skip
def test_kinds(value: object, kind: str) -> None:
    assert kind_of(value) == kind


def test_only_code_and_the_mark_that_ends_a_turn_are_learnt(tokenizer: Any) -> None:
    conversation = Conversation(
        "", (Turn("", "set x to 12", "x = 12"), Turn("", "show x", "print(x)")), ("", ""), (False, False)
    )
    (document,) = documents([conversation], tokenizer)
    learnt = "".join(tokenizer.id_to_token(i) for i, yes in zip(document.ids, document.learnt, strict=True) if yes)
    assert learnt.replace("Ġ", " ").replace("Ċ", "\n") == f"x = 12\n\n#print(x)\n\n{END}"


def test_rows_lose_nothing_and_keep_documents_apart(tokenizer: Any) -> None:
    found = [d for d in documents(take(60), tokenizer) if len(d.ids) <= 512]
    rows = pack(found, 512, random.Random(0))
    assert sorted(d.ids for row in rows for d in row) == sorted(d.ids for d in found)
    batch = tensors(rows, 512)
    assert int((batch.documents >= 0).sum()) == sum(len(d.ids) for d in found)
    assert int((batch.targets >= 0).sum()) == sum(sum(d.learnt[1:]) for d in found)
    row, first = batch.ids[0], rows[0][0]
    assert row[: len(first.ids)].tolist() == first.ids
    at = first.learnt.index(True)
    assert batch.targets[0, at - 1] == first.ids[at]


def test_shards_repeat(tokenizer: Any) -> None:
    one, two = (shard(Recipe(seed=5, tokens=TOKENS), tokenizer, 3, 9000) for _ in range(2))
    assert len(one) == len(two) > 0
    assert all(
        bool((a.ids == b.ids).all()) and bool((a.targets == b.targets).all()) for a, b in zip(one, two, strict=True)
    )


def test_comment_of_several_lines() -> None:
    assert comment("a\nb") == "# a\n# b\n"


def test_roles_are_told_apart(tokenizer: Any) -> None:
    conversation = Conversation("", (Turn("", "", 'zip_a = "zip"'),), ("",), (False,))
    names, strings = roles.count([conversation], tokenizer)
    assert names["_"] == 1
    assert '"' in strings
    assert sum(len(letters) * n for letters, n in names.items()) == len("zip_a")


def test_words_are_dealt_evenly_to_names_and_to_strings(tokenizer: Any) -> None:
    """In a sample of some 70,000 tokens nearly every token of letters has both roles; training sees a hundred such samples."""
    tokens = words(tokenizer)

    def short(**options: Any) -> int:
        sample = islice(conversations(Recipe(seed=6, tokens=tokens, **options), 0), 300)
        names, strings = roles.count(sample, tokenizer)
        return sum(names[t] < 2 or strings[t] < 2 for t in tokens)

    dealt = short(even=True, rare_names=0.8)
    assert dealt < len(tokens) * 0.15
    assert dealt < short() * 0.7


def test_a_token_that_no_intent_used_is_dealt_again() -> None:
    dealer = Words(random.Random(0), ["ab", "cd", "ef"], even=True)
    first, second = dealer.token("name"), dealer.token("name")
    dealer.settle(f"set {first} to 1")
    assert dealer.token("name") == second
