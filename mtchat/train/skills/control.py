"""Loops over numbers, imports and what they are for, small classic programs.

Knows: a table of self-contained statements. Leaves to others: conditions on lists (`predicates`), functions
(`functions`).
"""

from __future__ import annotations

from functools import partial

from mtchat.train.scene import Scene, Turn
from mtchat.train.skills import Make
from mtchat.train.skills.control_table import IMPORT, LOOPS, MODULES, SEED, VALUES, Loop
from mtchat.train.skills.frames import code_of, print_turn, say_name, slots, store_turn
from mtchat.train.skills.ops import parameter
from mtchat.train.values import Spelled


def numbers(scene: Scene) -> dict[str, Spelled]:
    """Numbers for loops: a..b and a count n, j."""
    rng = scene.rng
    a = rng.choice((1, 1, 1, 1, 0, 2, rng.randint(2, 20)))
    b = a + rng.randint(2, 25) if rng.random() < 0.8 else rng.choice((10, 20, 50, 100)) + a // 20
    n, j = rng.randint(2, 12), rng.randint(2, 9)
    values = {
        "a": a,
        "b": b,
        "b1": b + 1,
        "a0": a - 1,
        "n": n,
        "n1": n + 1,
        "j": j,
        "j1": j + 1,
        "m1": rng.choice((6, 10, 100, rng.randint(5, 60))),
        "year": rng.randint(1950, 2030),
        "month": rng.randint(1, 12),
        "day": rng.randint(1, 28),
    }
    return {k: Spelled(str(v), str(v)) for k, v in values.items()}


def loop(scene: Scene, entry: Loop) -> Turn:
    """One loop of the table."""
    given = numbers(scene)
    word = parameter(scene, "w", Spelled("", ""))
    assert word is not None
    given["w"] = word
    return Turn(
        entry.name, scene.speaker.intent(scene.speaker.choose(entry.says), slots(given)), code_of(entry.code, given)
    )


def value(scene: Scene) -> Turn:
    """A computed value of the table, printed or stored."""
    name, code, says = scene.rng.choice(VALUES)
    given = numbers(scene)
    word = parameter(scene, "w", Spelled("", ""))
    assert word is not None
    given["w"] = word
    phrase = scene.speaker.say(scene.speaker.choose(says), slots(given))
    return (print_turn if scene.rng.random() < 0.4 else store_turn)(scene, name, phrase, code_of(code, given))


def imports(scene: Scene) -> Turn | None:
    """Import a module, or use one that is there (or import it on the way)."""
    rng = scene.rng
    have = [m for m in MODULES if m in scene.space]
    if have and rng.random() < 0.75:
        return module_use(scene, rng.choice(have), "")
    if ("random" in have and rng.random() < 0.3) or rng.random() < 0.08:
        n, head = str(rng.randrange(1, 1000)), "" if "random" in have else "import random\n"
        sentence = scene.speaker.choose([s for s in SEED if ("import" in s) == bool(head)])
        return Turn("seed", scene.speaker.intent(sentence, {"n": n}), f"{head}random.seed({n})")
    module = rng.choice(list(MODULES))
    if rng.random() < 0.3:
        return module_use(scene, module, f"import {module}\n" if module not in have else "")
    two = rng.random() < 0.12
    other = rng.choice([m for m in MODULES if m != module])
    said, code = (f"{module} and {other}", f"import {module}\nimport {other}") if two else (module, f"import {module}")
    return Turn("import", scene.speaker.intent(scene.speaker.choose(IMPORT[:2] if two else IMPORT), {"m": said}), code)


def module_use(scene: Scene, module: str, head: str) -> Turn | None:
    """A value that a module gives; `head` imports it first where the intent says so."""
    code, says, kinds = scene.rng.choice(MODULES[module])
    given = numbers(scene)
    if module == "random" and head:
        return None
    for slot in ("x", "z", "c", "d"):
        if "{" + slot + "}" not in code:
            continue
        found = (
            scene.operand(kinds.split(), 0.0)
            if slot == "x"
            else parameter(scene, slot, given.get("x", Spelled("", "")))
        )
        if found is None or ("permutations" in code and len(scene.space.get(found.code, "123456")) > 4):
            return None
        given[slot] = found
    phrase, full = scene.speaker.say(scene.speaker.choose(says), slots(given)), code_of(code, given)
    if head:
        if scene.rng.random() < 0.5:
            return Turn(
                module,
                scene.speaker.intent("<import> {m} <and> <print> {E}", {"m": module, "E": phrase}),
                f"{head}print({full})",
            )
        return Turn(
            module, scene.speaker.intent("use {m} to <print> {E}", {"m": module, "E": phrase}), f"{head}print({full})"
        )
    return (print_turn if scene.rng.random() < 0.5 and module != "random" else store_turn)(scene, module, phrase, full)


def skills() -> list[tuple[str, float, Make]]:
    """Loops, values, imports."""
    found: list[tuple[str, float, Make]] = [(f"loop_{e.name}", e.weight, partial(loop, entry=e)) for e in LOOPS]
    return [*found, ("made_values", 2.5, value), ("imports", 4, imports)]


__all__ = ["say_name", "skills"]
