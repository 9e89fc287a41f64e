"""The server as any client of the API meets it: answers, streams, refusals, one queue. A scripted model answers."""

import http.client
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from mtchat.errors import CommandError
from mtchat.models.scripted import ScriptedModel
from mtchat.serve import Server
from mtchat.serve.line import Done, Line
from mtchat.serve.requests import Refusal, completion
from mtchat.turn import Completion

SCRIPT = {"long": "word " * 300, "*": ["total = 1\n# next\n", "print('é 🙂')\n"]}


class Slow(ScriptedModel):
    """One that waits for `go` before each call, and remembers how many asks came together."""

    def __init__(self) -> None:
        super().__init__(SCRIPT)
        self.go = threading.Semaphore(0)
        self.calls: list[int] = []

    def complete_many(self, asks: Any, *, cancel: Any = None) -> list[list[Completion]]:
        self.go.acquire(timeout=20)
        self.calls.append(len(asks))
        return super().complete_many(asks, cancel=cancel)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = Server(0)
    thread = threading.Thread(target=server.run, args=(ScriptedModel(SCRIPT),))
    thread.start()
    yield server.address
    server.stop()
    thread.join()


def ask(address: str, path: str, body: Any = None, method: str | None = None, **headers: str) -> tuple[int, Any]:
    """(status, answer): JSON, or the list of a stream's events."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        connection.request(method or ("GET" if data is None else "POST"), path, data, headers)
        response = connection.getresponse()
        said = response.read()
    finally:
        connection.close()
    if response.headers.get_content_type() == "text/event-stream":
        lines = [line[6:] for line in said.splitlines() if line.startswith(b"data: ")]
        assert lines[-1] == b"[DONE]"
        return response.status, [json.loads(line) for line in lines[:-1]]
    return response.status, json.loads(said)


def complete(address: str, **body: Any) -> tuple[int, Any]:
    return ask(address, "/v1/completions", {"prompt": "# go\n", "max_tokens": 50, **body})


def test_a_whole_answer(address: str) -> None:
    status, said = complete(address, n=2, logprobs=1, seed=1)
    assert status == 200
    assert [choice["text"] for choice in said["choices"]] == SCRIPT["*"]
    assert [choice["finish_reason"] for choice in said["choices"]] == ["stop", "stop"]
    told = said["choices"][0]["logprobs"]
    assert "".join(told["tokens"]) == SCRIPT["*"][0]
    assert told["text_offset"][:3] == [0, 5, 6]
    assert said["usage"]["prompt_tokens"] == 4
    assert said["object"] == "text_completion"


def test_a_stream_is_the_same_in_parts(address: str) -> None:
    _, events = complete(address, n=2, stream=True, logprobs=0, stream_options={"include_usage": True})
    for row in (0, 1):
        own = [choice for event in events for choice in event["choices"] if choice["index"] == row]
        assert "".join(choice["text"] for choice in own) == SCRIPT["*"][row]
        assert [choice["finish_reason"] for choice in own][-2:] == [None, "stop"]
        assert len(own) > 5
    assert events[-1]["usage"]["completion_tokens"] > 10


@pytest.mark.parametrize("stream", [False, True])
def test_stop_texts_are_not_said_nor_what_follows(address: str, stream: bool) -> None:
    for stop, left in (("\n# ", "total = 1"), (["next", "= 1\n#"], "total "), ("\n# never", "total = 1\n# next\n")):
        _, said = complete(address, stop=stop, stream=stream)
        choices = [event["choices"][0] for event in said] if stream else said["choices"]
        assert "".join(choice["text"] for choice in choices) == left
        assert choices[-1]["finish_reason"] == "stop"


def test_lengths_and_several_prompts(address: str) -> None:
    _, said = complete(address, prompt=["# long\n", "# go\n"], n=2, max_tokens=3)
    assert [choice["text"] for choice in said["choices"]] == ["word word", "word word", "total =", "print('"]
    assert {choice["finish_reason"] for choice in said["choices"]} == {"length"}


def test_echo(address: str) -> None:
    _, said = complete(address, echo=True)
    assert said["choices"][0]["text"] == "# go\n" + SCRIPT["*"][0]


def test_models_health_and_counts(address: str) -> None:
    _, said = ask(address, "/v1/models")
    assert [(each["id"], each["max_model_len"]) for each in said["data"]] == [("scripted", 2048)]
    assert ask(address, "/v1/models/scripted")[1] == said["data"][0]
    assert ask(address, "/health") == (200, {"status": "ok"})
    assert ask(address, "/tokenize", {"prompt": "a b"})[1]["count"] == 3


@pytest.mark.parametrize(
    ("status", "said", "body"),
    [
        (400, "no JSON", b"{"),
        (400, "no JSON", b'{"prompt": "\xff"}'),
        (400, "Expected `object`", b"[]"),
        (400, "prompt", {}),
        (400, "unknown field `promt`", {"promt": "x", "prompt": "x"}),
        (400, "n", {"prompt": "x", "n": "two"}),
        (400, ">= 1", {"prompt": "x", "n": 0}),
        (400, "temperature", {"prompt": "x", "temperature": -1}),
        (400, "top_p", {"prompt": "x", "top_p": 0}),
        (400, "token ids are not taken", {"prompt": [1, 2]}),
        (400, "1 to 64", {"prompt": []}),
        (400, "the most is 256", {"prompt": ["x", "y"], "n": 200}),
        (400, "none empty", {"prompt": "x", "stop": ""}),
        (400, "writes nothing", {"prompt": "x", "max_tokens": 0}),
        (400, "best_of is not had here", {"prompt": "x", "best_of": 3}),
        (400, "logit_bias", {"prompt": "x", "logit_bias": {"5": 1}}),
        (400, "logprobs 0 or 1", {"prompt": "x", "logprobs": 5}),
        (400, "neither stream nor suffix", {"prompt": "x", "echo": True, "stream": True}),
        (400, "cannot infill", {"prompt": "x", "suffix": "y"}),
        (400, "<mask_1>", {"prompt": "x<mask_1>", "suffix": "y"}),
        (400, "2048", {"prompt": "x " * 2000}),
        (404, "only 'scripted'", {"prompt": "x", "model": "gpt"}),
    ],
)
def test_bad_requests_are_told_what_is_wrong(address: str, status: int, said: str, body: Any) -> None:
    got, answer = ask(address, "/v1/completions", body)
    assert (got, set(answer)) == (status, {"error"})
    assert said in answer["error"]["message"]
    assert answer["error"]["type"] == "invalid_request_error"


def test_null_means_the_default_and_harmless_values_pass(address: str) -> None:
    fields = ("suffix", "top_p", "top_k", "n", "seed", "stop", "stream", "logprobs", "echo", "user", "logit_bias")
    assert complete(address, **dict.fromkeys(fields))[0] == 200
    assert complete(address, best_of=1, presence_penalty=0, logit_bias={}, top_k=-1, suffix="")[0] == 200


def test_callers_without_business_here(address: str) -> None:
    port = urlsplit(address).port
    for header, value in (("Host", f"evil.example:{port}"), ("Host", "127.0.0.1.evil.example"), ("Origin", "null")):
        assert ask(address, "/v1/models", **{header: value})[0] == 403
    for host in (f"localhost:{port}", "127.0.0.1", f"[::1]:{port}", "LOCALHOST"):
        assert ask(address, "/v1/models", Host=host)[0] == 200
    assert ask(address, "/v1/chat/completions", {})[0] == 404
    assert ask(address, "/v1/completions")[0] == 405
    assert ask(address, "/v1/models", method="DELETE")[0] == 501
    assert ask(address, "/v1/completions", b"x", **{"Content-Length": str(1 << 30)})[0] == 413
    assert ask(address, "/v1/completions", method="POST", **{"Content-Length": "many"})[0] == 411


def wanted(text: str = "# go\n", **more: Any) -> Any:
    return completion(json.dumps({"prompt": text, "max_tokens": 40, **more}).encode(), "scripted")


def heard(job: Any) -> list[Any]:
    said: list[Any] = []
    while not said or not isinstance(said[-1], Done | Refusal):
        said.append(job.said.get(timeout=20))
    return said


def test_who_waits_together_is_answered_together_and_who_left_is_not() -> None:
    model = Slow()
    line = Line(model, waiting=3)
    first = line.put(wanted())
    while line._waiting:
        threading.Event().wait(0.005)
    jobs = [line.put(wanted(n=2)), line.put(wanted(n=12)), line.put(wanted(n=9))]
    with pytest.raises(Refusal, match="3 requests wait already") as caught:
        line.put(wanted())
    assert (caught.value.status, caught.value.wait) == (503, 1)
    line.leave(jobs[0])
    for _ in range(3):
        model.go.release()
    assert isinstance(heard(first)[-1], Done)
    assert isinstance(heard(jobs[1])[-1], Done)
    assert {piece.index for piece in heard(jobs[2])[:-1]} == set(range(9))
    assert model.calls == [1, 1, 1]  # 12 and 9 are more than a batch takes
    jobs = [line.put(wanted())]
    while line._waiting:
        threading.Event().wait(0.005)
    jobs += [line.put(wanted(n=2)), line.put(wanted("# long\n", n=3))]
    model.go.release()
    model.go.release()
    assert all(isinstance(heard(job)[-1], Done) for job in jobs)
    assert model.calls[3:] == [1, 2]
    line.close()
    with pytest.raises(Refusal, match="going down"):
        line.put(wanted())


def test_a_model_that_fails_is_told_and_the_next_request_answered(capsys: pytest.CaptureFixture[str]) -> None:
    class Failing(ScriptedModel):
        def complete_many(self, asks: Any, *, cancel: Any = None) -> list[list[Completion]]:
            if "boom" in asks[0].text:
                raise ZeroDivisionError("secret")
            return super().complete_many(asks, cancel=cancel)

    line = Line(Failing({"go": "x"}))
    assert heard(line.put(wanted("# boom\n")))[-1].message == "the server met an error of its own"
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert "no completion for 'stop'" in heard(line.put(wanted("# stop\n")))[-1].message
    assert [piece.text for piece in heard(line.put(wanted()))[:-1]] == ["x", ""]
    line.close()


def test_a_port_that_is_taken(address: str) -> None:
    with pytest.raises(CommandError, match="--port"):
        Server(urlsplit(address).port or 0)
