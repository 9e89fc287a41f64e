"""The screens in docs/repl.md and README.md: real ones, captured from mtchat in a terminal that pyte keeps.

Knows the scenes and how a screen becomes a block of text. Leaves the words around the blocks to the documents.

After a change to what the REPL shows:

    python -m tests.repl.captures            # capture every scene again and write the documents
    python -m tests.repl.captures undo help  # only these

`tests/repl/test_captures.py` captures them too and says which are out of date. To add a screen, write a scene below (a
function that plays on a `Stage`; its name is the screen's), put `<!-- screen: NAME -->` on a line of its own in a
document, then run the command. What differs from run to run (times, rates, the version, folders) is not compared.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.repl.conftest import Terminal

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = (ROOT / "docs" / "repl.md", ROOT / "README.md")
BLOCK = re.compile(r"^<!-- screen: ([\w-]+) -->\n(?:```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
SCRIPT = {
    "Assign the list [3, 1, 2] to a variable named nums.": "nums = [3, 1, 2]",
    "Sort nums in descending order.": "nums.sort(reverse=True)",
    "Print the sum of nums.": "print(sum(nums))",
    "Print the mean of nums.": ["print(sum(nums) / len(nums))", "import statistics\nprint(statistics.mean(nums))"],
    "Print the ratio of 6 and 0.": "print('dividing')\n\ndef ratio(a, b):\n    return a / b\n\nratio(6, 0)",
    "Keep the words of two lines.\n  to be\n  or not": "words = ['to', 'be', 'or', 'not']",
    "Count up for ever.": "n = 0\nprint('counting', flush=True)\nwhile True:\n    n += 1",
    "Ask for a name and greet.": "name = input('your name? ')\nprint('hello', name)",
    "Take the middle of nums.": ["mid = nums[1]", "mid = sorted(nums)[1]", "mid = sorted(nums)[len(nums) // 2]"],
    "Print the numbers from 1 to 3.": "for n in range(1, 4):\n    print(n)",
}


class Stage:
    """mtchat in a terminal, in a home of its own, with a model that knows `SCRIPT`."""

    def __init__(self, home: Path, rows: int, columns: int) -> None:
        self.home, self.size = home, {"rows": rows, "columns": columns}
        (home / "tour.json").write_text(json.dumps({"script": SCRIPT, "delay": 0.005}))
        self.start()

    def start(self, *flags: str) -> None:
        """Start mtchat, or start it again."""
        model = ("--model", "scripted:tour.json", "--session", "tour", "--trust", "auto")
        where = {"HOME": str(self.home), "XDG_DATA_HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home)}
        within = ("env", "-C", str(self.home), "-u", "NO_COLOR", f"PYTHONPATH={ROOT}")
        self.terminal = Terminal([*model, *flags], before=within, **self.size, **where)  # type: ignore[arg-type]
        self.terminal.settle()

    def enter(self, *texts: str) -> None:
        """Type each text and Enter, and wait until the prompt is there again."""
        for text in texts:
            self.type(text)
            while self.terminal.empty:  # an Enter that is not there yet would leave the old prompt in place
                self.terminal.pump()
            self.type("\r")
            self.terminal.settle()

    def type(self, text: str) -> None:
        """Type keys as they are: `\\r` is Enter, `\\x1b\\r` Alt+Enter, `\\x03` Ctrl-C."""
        self.terminal.type(text)

    def until(self, pattern: str) -> None:
        """Wait for `pattern` (a regular expression, line by line) on the screen."""
        self.terminal.until(pattern)

    def clear(self) -> None:
        """An empty screen with the prompt on top (Ctrl-L): what came before is no part of the capture."""
        self.type("\x0c")
        self.until(r"\A\[\d+\]")
        self.terminal.settle()


Scene = Callable[[Stage], None]


@dataclass(frozen=True)
class Shot:
    """A scene and the size of the window in which it plays."""

    play: Scene
    rows: int = 24
    columns: int = 80


SCENES: dict[str, Shot] = {}


def scene(rows: int = 24, columns: int = 80) -> Callable[[Scene], Scene]:
    """Make a function a scene; the screen is captured where it returns."""

    def add(play: Scene) -> Scene:
        SCENES[play.__name__.rstrip("_").replace("_", "-")] = Shot(play, rows, columns)
        return play

    return add


@scene()
def turns(stage: Stage) -> None:
    stage.enter("Assign the list [3, 1, 2] to a variable named nums.")
    stage.enter("Sort nums in descending order.", "Print the sum of nums.", "/vars")


@scene(rows=12, columns=40)
def narrow(stage: Stage) -> None:
    stage.enter("Assign the list [3, 1, 2] to a variable named nums.", "Print the sum of nums.")


@scene()
def error(stage: Stage) -> None:
    stage.enter("Print the ratio of 6 and 0.")


@scene()
def undo(stage: Stage) -> None:
    stage.enter("Assign the list [3, 1, 2] to a variable named nums.", "Sort nums in descending order.")
    stage.clear()
    stage.enter("/vars", "/undo", "/vars", "/redo")


@scene()
def retry(stage: Stage) -> None:
    stage.enter("Assign the list [3, 1, 2] to a variable named nums.", "Print the mean of nums.", "/retry")


@scene()
def candidates(stage: Stage) -> None:
    stage.enter("Assign the list [3, 1, 2] to a variable named nums.", "/set candidates 3", "/set clarify off")
    stage.clear()
    stage.type("Take the middle of nums.\r")
    stage.until(r"Enter\s+takes\s+it")


@scene()
def question(stage: Stage) -> None:
    stage.enter("Assign the list [3, 1, 2] to a variable named nums.", "/set candidates 2")
    stage.clear()
    stage.type("Take the middle of nums.\r")
    stage.until(r"which of these|should")


@scene()
def tree(stage: Stage) -> None:
    stage.enter("Assign the list [3, 1, 2] to a variable named nums.", "Sort nums in descending order.")
    stage.enter("/undo", "/branch other", "Print the sum of nums.")
    stage.clear()
    stage.enter("/tree", "/diff main")


@scene()
def explained(stage: Stage) -> None:
    stage.enter("Assign the list [3, 1, 2] to a variable named nums.", "Print the mean of nums.")
    stage.enter("Print the numbers from 1 to 3.")
    stage.clear()
    stage.enter("/explain", "?nums")


@scene()
def by_hand(stage: Stage) -> None:
    stage.enter(">>> nums = [3, 1, 2]", "Print the sum of nums.")


@scene()
def review(stage: Stage) -> None:
    stage.enter("/set trust review")
    stage.type("Print the numbers from 1 to 3.\r")
    stage.until(r"run it\?")


@scene()
def interrupted(stage: Stage) -> None:
    stage.type("Count up for ever.\r")
    stage.until("^counting")
    stage.type("\x03")
    stage.terminal.settle()


@scene()
def asking(stage: Stage) -> None:
    stage.type("Ask for a name and greet.\r")
    stage.until("the program asks")
    stage.type("Ada")
    stage.until("Ada")


@scene()
def lines(stage: Stage) -> None:
    stage.type("\x1b[200~Keep the words of two lines.\n  to be\n  or not\x1b[201~")
    stage.until("or not")


@scene()
def resumed(stage: Stage) -> None:
    stage.enter("Assign the list [3, 1, 2] to a variable named nums.", "Sort nums in descending order.")
    stage.type("/quit\r")
    assert stage.terminal.ended() == 0
    stage.start()


@scene()
def wrong(stage: Stage) -> None:
    stage.enter("/udno", "/set temperature hot", "/retry", "/undo 3")


def capture(name: str) -> str:
    """The screen at the end of a scene, as text: runs of empty lines as one, the last ones left out."""
    shot = SCENES[name]
    with tempfile.TemporaryDirectory(prefix="tour") as home:
        stage = Stage(Path(home), shot.rows, shot.columns)
        try:
            shot.play(stage)
            stage.terminal.pump()
            return re.sub(r"\n{3,}", "\n\n", stage.terminal.text.strip("\n")) + "\n"
        finally:
            stage.terminal.child.close(force=True)


def masked(text: str) -> str:
    """`text` without what differs from run to run."""
    text = re.sub(r"mtchat \d[\w.+-]*", "mtchat VERSION", text)
    text = re.sub(r"/tmp/\S+", "PATH", text)
    text = re.sub(r"^ *│? *[~^]+\n", "", text, flags=re.MULTILINE)  # Python's marks differ between its versions
    text = re.sub(r" *[\d.]+ ?(s|ms|µs|min|tokens/s|tok/s)\b", " TIME", text)
    return re.sub(r"^ +(?=.* TIME$)", "", text, flags=re.MULTILINE)


def screens(document: Path) -> dict[str, str]:
    """name -> screen, as a document has them."""
    return dict(BLOCK.findall(document.read_text("utf-8")))


def write(document: Path, captured: dict[str, str]) -> None:
    """Put the captured screens where the document names them; one that differs by its times alone stays."""

    def block(found: re.Match[str]) -> str:
        old, new = found[2] or "", captured.get(found[1], found[2] or "")
        return f"<!-- screen: {found[1]} -->\n```text\n{old if masked(old) == masked(new) else new}```\n"

    text = document.read_text("utf-8")
    document.write_text(BLOCK.sub(block, text), "utf-8")


def main(names: list[str]) -> None:
    """Capture scenes (all, if none is named) and write the documents."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    captured = {}
    for name in names or SCENES:
        captured[name] = capture(name)
        sys.stdout.write(f"--- {name}\n{captured[name]}")
    for document in DOCUMENTS:
        write(document, captured)


if __name__ == "__main__":
    main(sys.argv[1:])
