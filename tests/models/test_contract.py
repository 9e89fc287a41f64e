"""What every backend must do alike. A new backend adds one line to `make`."""

import json
import threading
from collections.abc import Callable, Iterator

import pytest

from mtchat.errors import ModelError
from mtchat.models import Ask, Model, load_model
from mtchat.models.base import BACKENDS
from mtchat.models.scripted import ScriptedModel
from mtchat.turn import SamplingParams
from tests.models.serving import serving

TEXT = "# Import libraries.\n\n# Print hello world.\n"
PARAMS = SamplingParams(temperature=1.0, top_p=1.0, max_new_tokens=24, seed=3)
SCRIPT = {"Print hello world.": ["print('hello', 'wörld 🙂')\n" * 3, "total = 1\nprint(total)\n" * 3]}


def with_(**changes: object) -> SamplingParams:
    return SamplingParams(**{**{f: getattr(PARAMS, f) for f in PARAMS.__struct_fields__}, **changes})


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server in a process of its own."""
    script = tmp_path_factory.mktemp("script") / "script.json"
    script.write_text(json.dumps(SCRIPT), "utf-8")
    with serving(f"scripted:{script}") as address:
        yield address


@pytest.fixture(params=["transformers", "scripted", "http"])
def make(request: pytest.FixtureRequest) -> Callable[[], Model]:
    if request.param == "scripted":
        return lambda: ScriptedModel(SCRIPT)
    if request.param == "http":
        address = request.getfixturevalue("address")
        return lambda: load_model(address)
    checkpoint = request.getfixturevalue("checkpoint")
    return lambda: load_model(str(checkpoint), device="cpu")


def test_every_backend_of_the_table_is_under_contract() -> None:
    names = {"mtchat.models.scripted", "mtchat.models.transformers_backend", "mtchat.models.http"}
    assert set(BACKENDS.values()) == names


def test_one_completion_a_row_in_order(make: Callable[[], Model]) -> None:
    outs = make().complete(TEXT, with_(n=3))
    assert len(outs) == 3
    assert len({o.text for o in outs}) > 1


def test_the_same_call_writes_the_same(make: Callable[[], Model]) -> None:
    outs = make().complete(TEXT, with_(n=2))
    assert [(o.text, o.finish, o.tokens) for o in make().complete(TEXT, with_(n=2))] == [
        (o.text, o.finish, o.tokens) for o in outs
    ]


def test_deltas_join_to_the_texts(make: Callable[[], Model]) -> None:
    heard: dict[int, str] = {}
    outs = make().complete(TEXT, with_(n=2), on_text=lambda row, d: heard.update({row: heard.get(row, "") + d}))
    assert heard == {i: o.text for i, o in enumerate(outs) if o.text}


def test_stop_leaves_the_text_uncut(make: Callable[[], Model]) -> None:
    whole = make().complete(TEXT, PARAMS)[0].text
    asked: list[str] = []
    out = make().complete(TEXT, PARAMS, stop=lambda text: asked.append(text) or len(text) >= 5)[0]
    assert out.finish == "stop"
    assert out.text == asked[-1]
    assert whole.startswith(out.text)
    assert len(out.text) >= 5 > len(["", *asked][-2])


def test_length_is_honoured(make: Callable[[], Model]) -> None:
    out = make().complete(TEXT, with_(max_new_tokens=4))[0]
    assert (out.finish, out.tokens, len(out.logprobs)) == ("length", 4, 4)


def test_cancel_keeps_what_came_and_the_next_call_is_right(make: Callable[[], Model]) -> None:
    model, cancel, heard = make(), threading.Event(), []

    def on_text(row: int, delta: str) -> None:
        heard.append(delta)
        if len(heard) == 3:
            cancel.set()

    out = model.complete(TEXT, PARAMS, on_text=on_text, cancel=cancel)[0]
    assert (out.finish, out.text) == ("cancelled", "".join(heard))
    assert out.tokens >= 3
    assert model.complete(TEXT, PARAMS)[0].text == make().complete(TEXT, PARAMS)[0].text


def test_cancelled_beforehand_writes_nothing(make: Callable[[], Model]) -> None:
    cancel = threading.Event()
    cancel.set()
    outs = make().complete(TEXT, with_(n=2), cancel=cancel)
    assert [(o.finish, o.text, o.tokens) for o in outs] == [("cancelled", "", 0)] * 2


def test_text_longer_than_the_context_is_one_line(make: Callable[[], Model]) -> None:
    model = make()
    text = "x = 1\n" * model.context_length
    assert model.count(text) > model.context_length
    with pytest.raises(ModelError) as caught:
        model.complete(text + TEXT, PARAMS)
    assert "\n" not in str(caught.value)
    assert str(model.context_length) in str(caught.value)
    assert model.complete(TEXT, PARAMS)[0].tokens > 0


def test_count_grows_with_text_and_info_names_the_weights(make: Callable[[], Model]) -> None:
    model = make()
    assert 0 < model.count("print") < model.count(TEXT)
    assert model.info.name
    model.close()


def test_many_asks_are_answered_as_one_by_one(make: Callable[[], Model]) -> None:
    heard: dict[tuple[int, int], str] = {}

    def listen(which: int) -> Callable[[int, str], None]:
        return lambda row, delta: heard.update({(which, row): heard.get((which, row), "") + delta})

    texts = [TEXT, "# Sum them.\n\n" + TEXT, TEXT]
    params = [with_(n=2), with_(seed=8, max_new_tokens=5), with_(temperature=0.0)]
    stops = [None, None, lambda said: len(said) >= 4]
    asks = [Ask(t, p, s, listen(i)) for i, (t, p, s) in enumerate(zip(texts, params, stops, strict=True))]
    outs = make().complete_many(asks)
    assert outs == [make().complete(ask.text, ask.params, stop=ask.stop) for ask in asks]
    assert heard == {(i, j): o.text for i, each in enumerate(outs) for j, o in enumerate(each) if o.text}
    assert [o.finish for o in outs[2]] == ["stop"]


def test_each_token_is_told_as_the_completion_counts_it(make: Callable[[], Model]) -> None:
    told: dict[int, list[tuple[float, int]]] = {0: [], 1: []}
    asks = [Ask(TEXT, with_(n=2, max_new_tokens=40), on_token=lambda row, cost, end: told[row].append((cost, end)))]
    outs = make().complete_many(asks)[0]
    assert told == {i: list(zip(out.logprobs, out.ends, strict=True)) for i, out in enumerate(outs)}
    assert all(told.values())


def test_no_asks_no_completions(make: Callable[[], Model]) -> None:
    assert make().complete_many([]) == []


def test_which_of_many_asks_is_too_long_is_said_first(make: Callable[[], Model]) -> None:
    model, heard = make(), []
    asks = [Ask(TEXT, PARAMS, on_text=lambda *a: heard.append(a)), Ask("x = 1\n" * model.context_length, PARAMS)]
    with pytest.raises(ModelError, match=r"^ask 2 of 2: "):
        model.complete_many(asks)
    assert heard == []


def test_cancelling_many_ends_all(make: Callable[[], Model]) -> None:
    cancel = threading.Event()
    cancel.set()
    outs = make().complete_many([Ask(TEXT, with_(n=2)), Ask(TEXT, PARAMS)], cancel=cancel)
    assert [[o.finish for o in each] for each in outs] == [["cancelled"] * 2, ["cancelled"]]
