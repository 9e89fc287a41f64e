"""The figures of `mtchat bench latency`: this program beside its peers, in one run, on the same weights and texts.

Knows which figures there are, how each is measured and what it means. All are ratios A_vs_B = A / B of medians over
interleaved repeats, of tokens a second (more is better) for decoding and batches, of seconds (less is better) for
`ttft_…` and `candidates8_vs_1`. What was not measured is None. Leaves to others: the programs (`writers`), weights
(`made`), the machine (`bandwidth`), and how figures are shown (`mtchat.cli.bench_speed`).
"""

import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtchat import conversation
from mtchat.bench.speed import writers
from mtchat.bench.speed.bandwidth import bandwidth, noise
from mtchat.bench.speed.writers import CTranslate2, Ours, Transformers, Written, in_turn, ratio
from mtchat.models import locate, verify
from mtchat.models.ahead import Ahead
from mtchat.session import SUFFIX, read

PROMPT, NEW = 256, 64
"""Tokens of the text that is read before decoding is timed, and tokens decoded."""
TURNS, ADDED, ANSWERED = 10, 20, 60
"""Turns of the conversation, tokens that the person adds in each, and that the model answers with."""
ROWS = 8
READ = 1 << 30
"""Bytes whose reading tells the bandwidth."""
PARTS = ("decode", "conversation", "candidates", "embedded", "speculation", "memory")
FIGURES = (
    "decode_vs_transformers_fp32",
    "decode_vs_ctranslate2_int8",
    "bandwidth_fraction",
    "ttft_turn10_vs_full",
    "ttft_turn10_vs_turn2",
    "conversation_vs_full",
    "candidates8_vs_1",
    "batch8_vs_ctranslate2_int8",
    "embedded_vs_transformers",
    "embedded_batch8_vs_transformers",
    "speculation_vs_plain",
    "speculation_accepted",
    "peak_rss_gb",
)
_SIZES = {"float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
_INTENT = "# Take the list and print the {} largest of its numbers\n"
_CHILD = """if True:
    import sys
    from mtchat.models import load_model
    from mtchat.turn import SamplingParams
    model = load_model(sys.argv[1], dtype=sys.argv[2], device="cpu")
    model.complete(sys.argv[3], SamplingParams(greedy=True, max_new_tokens=int(sys.argv[4])))
    print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


@dataclass
class Headline:
    """The figures, and the measurements they are made of (name -> values, one a repeat)."""

    figures: dict[str, float | None] = field(default_factory=lambda: dict.fromkeys(FIGURES))
    raw: dict[str, list[float]] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def put(self, name: str, value: float, **raw: Sequence[float]) -> None:
        """Add a figure and what it is made of."""
        self.figures[name] = round(value, 4)
        self.raw |= {key: [round(v, 5) for v in values] for key, values in raw.items()}


@dataclass(frozen=True)
class Plan:
    """What to measure: a checkpoint's folder, how to load it, how often, in a folder `work` to write to."""

    folder: str
    dtype: str
    repeats: int
    seed: int
    work: Path
    sessions: Path | None = None
    words: bool = False

    def text(self, stream: random.Random, tokens: int) -> str:
        """About `tokens` tokens that nobody has seen: numbers for random weights, else intents."""
        if self.words:
            return "".join(_INTENT.format(stream.randrange(2, 100)) for _ in range(max(1, tokens // 14)))
        return "".join(f" {stream.randrange(500)}" for _ in range(tokens))


def measure(plan: Plan, parts: Sequence[str] = PARTS, say: Callable[[str], None] = lambda text: None) -> Headline:
    """The figures of `parts`; `say` hears which one is being measured, and what is missing."""
    found = Headline()
    found.machine = {"bandwidth_gb_s": round(bandwidth(READ) / 1e9, 2), "noise": vars(noise())}
    if not writers.has_ctranslate2():
        found.notes.append("CTranslate2 is not installed, so it is not compared with: pip install 'mtchat[bench]'")
        say(found.notes[-1])
    for part in (p for p in PARTS if p in parts):
        say(f"measuring: {part}")
        _MEASURES[part](plan, found)
    found.machine["noise_after"] = vars(noise())
    return found


def _decode(plan: Plan, found: Headline) -> None:
    """One row, greedy, after `PROMPT` tokens; just before, how fast memory is read: on some machines that moves."""
    stream = random.Random(plan.seed)
    texts = [plan.text(stream, PROMPT) for _ in range(plan.repeats)]
    ours = Ours(plan.folder, plan.dtype, "cpu")
    runs = _beside(
        plan, ours, [Transformers], texts, lambda w, t: (bandwidth(READ) if w is ours else 0.0, w.write(t, NEW))
    )
    rates = {name: [written.rate for _, written in each] for name, each in runs.items()}
    reads = [read for read, _ in runs[ours.name]]
    mine = rates.pop(ours.name)
    shares = [rate * _bytes_read(plan, ours, found) / read for rate, read in zip(mine, reads, strict=True)]
    found.put("bandwidth_fraction", statistics.median(shares), decode_ours=mine, bandwidth=reads)
    for name, theirs in rates.items():
        figure = "decode_vs_transformers_fp32" if name == Transformers.name else "decode_vs_ctranslate2_int8"
        found.put(figure, ratio(mine, theirs), **{figure.replace("_vs_", "_of_"): theirs})


def _bytes_read(plan: Plan, ours: Ours, found: Headline) -> int:
    """Bytes of weights that a token reads."""
    config = verify.read_json(Path(plan.folder) / "config.json")
    width, inner = config["n_embd"], config.get("n_inner") or 4 * config["n_embd"]
    weights = config["n_layer"] * (4 * width * width + 2 * width * inner) + config["vocab_size"] * width
    size: int = weights * _SIZES[ours.dtype]
    found.machine["bytes_per_token"] = size
    return size


def _conversation(plan: Plan, found: Headline) -> None:
    """Ten turns with what is kept of the turns before, and by transformers with everything read again."""
    ours, full = Ours(plan.folder, plan.dtype, "cpu"), Transformers(plan.folder)
    talks: dict[str, list[list[Written]]] = {"ours": [], "full": []}
    try:
        ours.write(plan.text(random.Random(-1), ADDED), 4)
        full.write(plan.text(random.Random(-1), ADDED), 4)
        for number in range(plan.repeats):
            ours.model.forget()
            talks["ours"].append(_talk(plan, number, ours.go_on))
            talks["full"].append(_talk(plan, number, full.write))
    finally:
        ours.close()
        full.close()
    second, last = ([talk[turn].first for talk in talks["ours"]] for turn in (1, TURNS - 1))
    again = [talk[-1].first for talk in talks["full"]]
    whole = {name: [sum(turn.total for turn in talk) for talk in each] for name, each in talks.items()}
    found.put("ttft_turn10_vs_full", ratio(last, again), ttft_turn10=last, ttft_turn10_full=again)
    found.put("ttft_turn10_vs_turn2", ratio(last, second), ttft_turn2=second)
    found.put("conversation_vs_full", 1 / ratio(whole["ours"], whole["full"]), **{f"talk_{k}": whole[k] for k in whole})


def _talk(plan: Plan, number: int, write: Callable[[str, int], Written]) -> list[Written]:
    stream, text, turns = random.Random(1000 + plan.seed + number), "", list[Written]()
    for _ in range(TURNS):
        text += plan.text(stream, ADDED)
        turns.append(write(text, ANSWERED))
        text += turns[-1].text
    return turns


def _candidates(plan: Plan, found: Headline) -> None:
    """`ROWS` candidates of one text, sampled; the peers read it once, too."""
    stream = random.Random(plan.seed + 1)
    texts = [plan.text(stream, PROMPT) for _ in range(plan.repeats)]
    ours = Ours(plan.folder, plan.dtype, "cpu")
    runs = _beside(plan, ours, [], texts, lambda w, t: (w.write(t, NEW), w.write(t, NEW, ROWS)))
    mine = runs.pop(ours.name)
    one, eight = [a.total for a, _ in mine], [b.total for _, b in mine]
    speed = [b.aggregate for _, b in mine]
    found.put("candidates8_vs_1", ratio(eight, one), seconds_1=one, seconds_8=eight, batch8_ours=speed)
    for theirs in runs.values():
        rates = [b.aggregate for _, b in theirs]
        found.put("batch8_vs_ctranslate2_int8", ratio(speed, rates), batch8_of_ctranslate2_int8=rates)


def _embedded(plan: Plan, found: Headline) -> None:
    """The model that mtchat comes with, as it is loaded by default, one row and eight."""
    folder = str(locate.find("embedded").folder)
    stream = random.Random(plan.seed + 2)
    texts = [_INTENT.format(stream.randrange(2, 100)) * 8 for _ in range(plan.repeats)]
    ours, peer = Ours("embedded", device="cpu", endless=True), Transformers(folder)
    try:
        runs = in_turn([ours, peer], texts, lambda w, t: (w.write(t, NEW), w.write(t, NEW, ROWS)))
    finally:
        ours.close()
        peer.close()
    mine, theirs = runs[ours.name], runs[peer.name]
    for name, rows in (("embedded_vs_transformers", 0), ("embedded_batch8_vs_transformers", 1)):
        rates = [[run[rows].rate for run in each] for each in (mine, theirs)]
        found.put(name, ratio(*rates), **{f"{name}_ours": rates[0], f"{name}_theirs": rates[1]})


def _speculation(plan: Plan, found: Headline) -> None:
    """Turns of recorded sessions written again, greedily, with guessing ahead and without, in turn."""
    paths = sorted(plan.sessions.glob(f"*{SUFFIX}")) if plan.sessions else []
    if not paths:
        found.notes.append("no recorded sessions were given, so guessing ahead was not measured: --sessions FOLDER")
        return
    ours, ahead = Ours("embedded", device="cpu"), Ahead()
    times: dict[bool, list[float]] = {False: [], True: []}
    same = turns = 0
    try:
        if not ours.model.exact:
            found.notes.append("the model's scores depend on how many tokens are computed at once: nothing is guessed")
            return
        for path in paths:
            texts, told = _asked(path, ours.model), dict[bool, list[str]]()
            for guess in (False, True):
                ours.model.forget()
                ours.model.ahead = ahead if guess else None
                runs = [ours.go_on(text, NEW) for text in texts]
                times[guess].append(sum(run.total for run in runs))
                told[guess] = [run.text for run in runs]
            turns += len(texts)
            same += sum(a == b for a, b in zip(told[False], told[True], strict=True))
    finally:
        ours.close()
    if same < turns:
        found.notes.append(f"WRONG: guessing ahead changed {turns - same} of {turns} texts")
    found.put("speculation_accepted", ahead.accepted)
    found.put("speculation_vs_plain", sum(times[False]) / sum(times[True]), plain=times[False], ahead=times[True])


def _asked(path: Path, model: Any) -> list[str]:
    """The texts that the model was given in the turns of a session."""
    turns = read(path).path()
    return [
        conversation.fit(
            turns[:i], turn.intent, count=model.count, context=model.context_length, room=model.context_length // 4
        ).text
        for i, turn in enumerate(turns)
        if turn.completion is not None
    ]


def _memory(plan: Plan, found: Headline) -> None:
    """The most memory that a fresh process held which loads the model and writes a few tokens (Linux)."""
    if not Path("/proc/self/status").exists():
        found.notes.append("peak memory is measured on Linux alone")
        return
    text = plan.text(random.Random(plan.seed), PROMPT)
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, plan.folder, plan.dtype, text, "8"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        found.notes.append(f"peak memory was not measured: {done.stderr.strip().splitlines()[-1:]}")
        return
    found.put("peak_rss_gb", int(done.stdout.split()[-1]) * 1024 / 1e9)


def _beside(
    plan: Plan, ours: Ours, peers: Sequence[Callable[[str], Any]], texts: list[str], run: Callable[[Any, str], Any]
) -> dict[str, list[Any]]:
    """`run` of ours, of `peers`, and of CTranslate2 where it is installed, in turn."""
    all_: list[Any] = [ours]
    try:
        all_ += [peer(plan.folder) for peer in peers]
        if writers.has_ctranslate2():
            all_.append(CTranslate2(plan.folder, plan.work))
        return in_turn(all_, texts, run)
    finally:
        for writer in all_:
            writer.close()


_MEASURES: dict[str, Callable[[Plan, Headline], None]] = {
    "decode": _decode,
    "conversation": _conversation,
    "candidates": _candidates,
    "embedded": _embedded,
    "speculation": _speculation,
    "memory": _memory,
}
