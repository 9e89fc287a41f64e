"""Finding checkpoints: in the local cache without the network, on the hub, or not at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from mtchat.errors import ModelError
from mtchat.models import known_models, load_model, locate, names, verify
from mtchat.models.names import ALIASES, HTML, HTML_TOKENIZER
from tests.models.fake_hub import COMMIT, FakeHub

NAME = "Salesforce/codegen-350M-mono"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache and no hub."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    return tmp_path / "hub"


@pytest.fixture
def hub(cache: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub that has the test checkpoint under the names of CodeGen 350M mono and of the HTML one and its tokenizer."""
    hub = FakeHub({NAME: checkpoint, HTML: checkpoint, HTML_TOKENIZER: checkpoint})
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    template = hub.url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)  # made from ENDPOINT at import
    yield hub
    hub.close()


def fails(*words: str, name: str = NAME, **options: object) -> None:
    with pytest.raises(ModelError) as caught:
        locate.find(name, **options)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_download_then_no_network(hub: FakeHub, checkpoint: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model = load_model("350M-mono", device="cpu")
    assert (model.info.name, model.info.revision) == (NAME, COMMIT)
    assert model.info.sha256 == verify.sha256(checkpoint / "model.safetensors")
    assert capfd.readouterr() == ("", "")
    asked = len(hub.asked)
    assert asked
    assert load_model(NAME, device="cpu").info == model.info
    assert load_model(NAME, device="cpu", revision=COMMIT).info == model.info
    assert len(hub.asked) == asked


def test_weights_are_fetched_in_one_form(hub: FakeHub, checkpoint: Path, tmp_path: Path) -> None:
    files = {"config.json", "pytorch_model.bin", "model.safetensors", "tokenizer.json", "flax_model.msgpack", "x.py"}
    assert set(locate._wanted(files, False, False)) == {"config.json", "model.safetensors", "tokenizer.json"}
    assert "*.py" in locate._wanted(files, False, True)
    assert set(locate._wanted(files, True, False)) == {"config.json", "tokenizer.json"}
    old = {"config.json", "pytorch_model.bin.index.json", "pytorch_model-00001-of-00002.bin"}
    assert "pytorch_model-*.bin" in locate._wanted(old, False, False)


def test_html_takes_its_tokenizer_from_the_multi_model(hub: FakeHub) -> None:
    assert load_model("html", device="cpu").info.name == HTML
    assert any(HTML_TOKENIZER in line and "tokenizer.json" in line for line in hub.asked)
    assert not any(HTML_TOKENIZER in line and "safetensors" in line for line in hub.asked)


def test_a_tokenizer_in_the_cache_is_not_the_whole_model(hub: FakeHub) -> None:
    locate.find(HTML_TOKENIZER, only_tokenizer=True)
    assert (locate.find(HTML_TOKENIZER).folder / "model.safetensors").is_file()


def test_a_download_that_broke_off_is_taken_up(hub: FakeHub, cache: Path) -> None:
    (locate.find(NAME).folder / "model.safetensors").unlink()
    assert (locate.find(NAME).folder / "model.safetensors").is_file()
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    folder = locate.find(NAME).folder
    (folder / "model.safetensors").rename(folder / shards["a"])
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}), "utf-8")
    assert not locate._complete(folder, False, False)


def test_what_the_hub_does_not_have(hub: FakeHub) -> None:
    fails("no model 'Salesforce/codegen-9B'", "mtchat models", name="Salesforce/codegen-9B")
    fails("no revision 'v9'", "--revision", revision="v9")


def test_no_hub(cache: Path) -> None:
    fails(NAME, "not in the local cache", "hub cannot be reached", "local folder")


def test_offline(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    fails(NAME, "not in the local cache", "HF_HUB_OFFLINE is set")


def test_known_models(hub: FakeHub) -> None:
    before = {m.name: m for m in known_models()}
    assert before["350M-mono"].bytes is None
    assert set(ALIASES) < set(before)
    assert before["html"].source == HTML
    locate.find("350M-mono")
    after = {m.name: m for m in known_models()}
    assert (after["350M-mono"].bytes or 0) > 100_000
    assert NAME not in after  # it is there under its alias
    locate.find(HTML_TOKENIZER, only_tokenizer=True)
    assert {m.name: m.bytes for m in known_models()}["350M-multi"] is None


def test_other_cached_models_are_listed(cache: Path) -> None:
    snapshot = cache / "models--someone--tuned" / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (snapshot / "model.safetensors").write_bytes(b"x")
    (cache / "models--someone--tokenizer-only" / "snapshots" / COMMIT).mkdir(parents=True)
    assert [m.name for m in known_models() if m.kind == "cached"] == ["someone/tuned"]


def test_the_embedded_model_is_counted_from_its_header(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch, network
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(names, "EMBEDDED", checkpoint)
    first = known_models()[0]
    assert (first.name, first.context) == ("embedded", 256)
    assert first.parameters == sum(p.numel() for p in network.parameters())
