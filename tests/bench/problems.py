"""Problems made up for the tests, in the public layouts."""

import json
from pathlib import Path
from typing import Any

DOUBLE: dict[str, Any] = {
    "id": "1",
    "name": "Doubling",
    "description": "Double a number.",
    "category": "math",
    "prompts": ["Let start be {n}.", "Let twice be start doubled.", "Show twice."],
    "inputs": [{"n": 4}, {"n": -3}],
    "outputs": [8, -6],
    "max_gen_length": 32,
}
SHOUT: dict[str, Any] = {
    "id": "2",
    "name": "Shouting",
    "description": "A word in capitals.",
    "category": "string",
    "prompts": ['Take the word "{w}" as word.', "Show word in capitals, as in {{this}}."],
    "inputs": [{"w": "tree"}, {"w": "a b"}, {"w": ""}],
    "outputs": ["TREE", "A B", ""],
}
TABLE: dict[str, Any] = {
    "id": "3",
    "name": "Table",
    "description": "Lines of a file.",
    "category": "data",
    "prompts": ['Read the file "./tables/few.csv" as lines.', "Show how many lines there are."],
    "inputs": [{}],
    "outputs": [3],
}

ANSWERS = {
    "Let start be 4.": "start = 4\n\n#",
    "Let start be -3.": "start = -3\n\n#",
    "Let twice be start doubled.": "twice = start * 2\n\n#",
    "Show twice.": "print(twice)\n\n#",
    'Take the word "tree" as word.': 'word = "tree"\n\n#',
    'Take the word "a b" as word.': 'word = "a b"\n\n#',
    'Take the word "" as word.': 'word = ""\n\n#',
    "Show word in capitals, as in {this}.": ["print(word.upper())\n\n#", "print(word)\n\n#"],
    'Read the file "./tables/few.csv" as lines.': 'lines = open("./tables/few.csv").read().split()\n\n#',
    "Show how many lines there are.": "len(lines)\n\n#",
}
"""What a scripted model says to each prompt, right but for every second candidate of the capitals."""


def problems_file(folder: Path, *problems: dict[str, Any]) -> Path:
    """A file of problems, all of the above if none are named."""
    path = folder / "problems.jsonl"
    path.write_text("".join(json.dumps(p) + "\n" for p in problems or (DOUBLE, SHOUT, TABLE)), "utf-8")
    return path


def script_file(folder: Path, **more: Any) -> str:
    """The name of a scripted model that knows the answers."""
    path = folder / "script.json"
    path.write_text(json.dumps({**ANSWERS, **more}), "utf-8")
    return f"scripted:{path}"
