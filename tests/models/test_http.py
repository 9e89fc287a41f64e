"""The HTTP backend against our own server, with a real model in it, and against servers that behave badly."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mtchat.errors import ModelError
from mtchat.models import Ask, Model, load_model, transport
from mtchat.models.http import HttpModel
from mtchat.models.scripted import ScriptedModel
from mtchat.models.transformers_backend import TransformersModel
from mtchat.serve import Server
from mtchat.turn import SamplingParams
from tests.models.serving import serving

TEXT = "# Import libraries.\n\n# Print a café 🙂.\n"
PARAMS = SamplingParams(temperature=1.0, top_p=0.9, max_new_tokens=24, seed=3)


@contextmanager
def served(model: Model, key: str | None = None) -> Iterator[str]:
    """The address of `model`, served in this process."""
    server = Server(0, key=key)
    thread = threading.Thread(target=server.run, args=(model,))
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join()


@pytest.fixture(scope="module")
def address(loaded: TransformersModel) -> Iterator[str]:
    with served(loaded) as address:
        yield address


@pytest.mark.parametrize(
    "params",
    [
        PARAMS,
        SamplingParams(temperature=0.8, n=3, max_new_tokens=16, seed=9),
        SamplingParams(greedy=True, n=2, max_new_tokens=9),
        SamplingParams(temperature=1.2, top_k=9, repetition_penalty=1.3, max_new_tokens=12, seed=2**63 - 1),
    ],
)
def test_completions_are_those_of_the_model_itself(address: str, loaded: TransformersModel, params: Any) -> None:
    """To the last bit, log-probabilities and ends of tokens too, also where a row is stopped from outside."""
    remote = load_model(address)
    assert remote.context_length == loaded.context_length
    assert remote.count(TEXT) == loaded.count(TEXT)
    for stop in (None, lambda said: len(said) > 6):
        assert remote.complete(TEXT, params, stop=stop) == loaded.complete(TEXT, params, stop=stop)


def test_scores_are_those_of_the_model_itself(address: str, loaded: TransformersModel) -> None:
    for text in (TEXT, "x", ""):
        assert load_model(address).score(text) == loaded.score(text)
    with pytest.raises(ModelError, match="no hidden states"):
        load_model(address).score(TEXT, hidden=True)


def test_requests_share_the_prefix_cache(address: str, loaded: TransformersModel) -> None:
    loaded.forget()
    server = transport.Server.at(address)
    asked = {"prompt": TEXT, "max_tokens": 4, "temperature": 0}
    told = [server.ask("/completions", asked)["usage"] for _ in range(2)]
    assert [each["prompt_tokens_details"]["cached_tokens"] for each in told] == [0, loaded.count(TEXT) - 1]


@pytest.mark.slow
def test_a_process_of_its_own_writes_the_same(
    checkpoint: Path, loaded: TransformersModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkpoint served by `mtchat serve`, asked from here and by `mtchat complete`."""
    with serving(str(checkpoint), MTCHAT_DEVICE="cpu", MTCHAT_API_KEY="sesame") as address:
        with pytest.raises(ModelError, match="refuses the key"):
            load_model(address)
        monkeypatch.setenv("MTCHAT_API_KEY", "sesame")
        right = loaded.complete(TEXT, PARAMS)
        assert load_model(address).complete(TEXT, PARAMS) == right
        assert load_model(address).info.sha256 == loaded.info.sha256
        flags = ["--temperature", "1", "--top-p", "0.9", "--max-new-tokens", "24", "--seed", "3", "--json"]
        command = [sys.executable, "-m", "mtchat", "complete", "--model", address, *flags]
        said = subprocess.run(command, input=TEXT, capture_output=True, text=True, check=True, timeout=60)
        assert json.loads(said.stdout)["text"] == right[0].text


def test_several_clients_at_once_get_what_each_would_alone(address: str, loaded: TransformersModel) -> None:
    asks = [Ask(TEXT + "x = 1\n" * i, PARAMS) for i in range(6)]
    right = loaded.complete_many(asks)
    got: dict[int, Any] = {}

    def talk(i: int) -> None:
        got[i] = load_model(address).complete(asks[i].text, PARAMS)

    threads = [threading.Thread(target=talk, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [got[i] for i in range(6)] == right
    assert load_model(address).complete_many(asks) == right


def test_hanging_up_ends_the_work() -> None:
    """A row that nobody wants any more is not written to its end: the next request need not wait for it."""
    model = ScriptedModel(["a " * 2000], delay=0.01)
    with served(model) as address:
        start = time.monotonic()
        cancel = threading.Event()
        threading.Timer(0.3, cancel.set).start()
        long = SamplingParams(max_new_tokens=1900)
        assert load_model(address).complete(TEXT, long, cancel=cancel)[0].finish == "cancelled"
        assert load_model(address).complete(TEXT, long, stop=lambda said: True)[0].finish == "stop"
        assert time.monotonic() - start < 15  # 40 s if all were written


def test_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(ScriptedModel(["x = 1"]), key="sesame") as address:
        with pytest.raises(ModelError, match=r"refuses the key.*MTCHAT_API_KEY"):
            load_model(address)
        monkeypatch.setenv("MTCHAT_API_KEY", "sesame")
        model = load_model(address)
        assert model.complete(TEXT, PARAMS)[0].text == "x = 1"
        assert "sesame" not in repr(vars(model))
        with pytest.raises(ModelError, match="unencrypted: use https"):
            load_model("http://example.org/v1#m")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("http://", "no address"),
        ("httpd", "no address.*./NAME"),
        ("http://a:b@localhost/v1", "MTCHAT_API_KEY"),
        ("http://localhost:99999/v1", "no address"),
        ("http://no such host/v1", "no address"),
        ("http://127.0.0.1:9/v1", "cannot be reached.*mtchat serve"),
    ],
)
def test_addresses_that_lead_nowhere(name: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_FIRST_WAIT", 0.01)
    with pytest.raises(ModelError, match=said) as caught:
        load_model(name)
    assert "\n" not in str(caught.value)


def test_another_model_than_is_served() -> None:
    with served(ScriptedModel(["x"])) as address, pytest.raises(ModelError, match="no model 'big'; it has: scripted"):
        load_model(f"{address}#big")


Answer = Callable[["Bad"], None]


class Bad(BaseHTTPRequestHandler):
    """A server that answers completions from a list, the last one again and again."""

    answers: list[Answer]
    bodies: list[Any]

    def do_GET(self) -> None:
        self.json(200, {"data": [{"id": "m", "max_model_len": 64}, {"id": "other"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/tokenize":
            self.json(404, {"detail": "Not Found"})
            return
        self.bodies.append(body)
        self.answers.pop(0)(self) if len(self.answers) > 1 else self.answers[0](self)

    def json(self, status: int, value: Any, **headers: str) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(data)

    def stream(self, *events: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for event in events:
            self.wfile.write(f"data: {event}\n\n".encode())

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def bad(*answers: Answer) -> Iterator[tuple[HttpModel, list[Any]]]:
    kind = type("Kind", (Bad,), {"answers": list(answers), "bodies": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, args=(0.02,)).start()
    try:
        yield load_model(f"http://127.0.0.1:{server.server_address[1]}/v1#m"), kind.bodies
    finally:
        server.shutdown()
        server.server_close()


def says(text: str, finish: str | None = "stop", **more: Any) -> str:
    return json.dumps({"choices": [{"index": 0, "text": text, "finish_reason": finish, **more}]})


def test_failures_that_pass_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_FIRST_WAIT", 0.01)
    passing: list[Answer] = [
        lambda bad: bad.json(503, {"error": {"message": "busy"}}),
        lambda bad: bad.json(429, {"message": "slowly"}, Retry_After="0"),
        lambda bad: bad.connection.close(),
    ]
    with bad(*passing, lambda bad: bad.stream(says("x = 1\n"), "[DONE]")) as (model, bodies):
        out = model.complete(TEXT, PARAMS)[0]
        assert (out.text, out.finish, out.tokens, out.logprobs) == ("x = 1\n", "eos", 1, ())
        assert len(bodies) == 4
    with bad(passing[0]) as (model, bodies), pytest.raises(ModelError, match="says 503: busy"):
        model.complete(TEXT, PARAMS)
    assert len(bodies) == transport.TRIES


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda bad: bad.stream(says("x", None)), "broke off"),
        (
            lambda bad: bad.stream(says("x", None), '{"error": {"message": "out of\\nmemory\\u001b[2J"}}'),
            "out of memory",
        ),
        (lambda bad: bad.stream("<html>"), "no JSON"),
        (lambda bad: bad.json(200, {"choices": [7]}), "form of its own"),
        (lambda bad: bad.json(400, {"error": "n is too large"}), "400: n is too large"),
        (lambda bad: bad.json(302, {}, Location="http://elsewhere/"), "sends on to http://elsewhere/"),
        (lambda bad: time.sleep(1.5), "said nothing for"),
    ],
)
def test_failures_that_do_not_are_one_line(answer: Answer, said: str) -> None:
    with bad(answer) as (model, bodies):
        object.__setattr__(model._server, "silence", 0.5)
        with pytest.raises(ModelError, match=said) as caught:
            model.complete(TEXT, PARAMS)
    assert str(caught.value).isprintable()
    assert len(bodies) == 1


def test_servers_that_know_only_openais_own_fields() -> None:
    """Nothing is sent that is off; greedy rows are asked for once; a server without streams or counts will do."""
    with bad(lambda bad: bad.json(200, json.loads(says("y", "length")))) as (model, bodies):
        outs = model.complete(TEXT, SamplingParams(greedy=True, n=2, max_new_tokens=5))
        assert [(out.text, out.finish) for out in outs] == [("y", "length")] * 2
        assert set(bodies[0]) == {"model", "prompt", "max_tokens", "stream", "logprobs", "temperature"}
        assert 0 < model.count("print") < model.count(TEXT)
        model.complete(TEXT, PARAMS)
        assert set(bodies[1]) == {*bodies[0], "top_p", "n", "seed"}
        assert model.context_length == 64
        model.close()
        with pytest.raises(ModelError, match="closed"):
            model.complete(TEXT, PARAMS)
