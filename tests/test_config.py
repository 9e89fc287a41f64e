"""Settings: where a value comes from, which one counts, and what a bad one says."""

from pathlib import Path

import pytest

from mtchat import config
from mtchat.errors import ConfigError


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MTCHAT_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


def test_flags_count_before_variables_before_the_file(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.load().temperature == config.Settings().temperature
    toml.write_text('temperature = 0.3\nmodel = "2B-mono"\nallow_import = ["requests"]\ngreedy = true\n')
    assert (config.load().temperature, config.load().model, config.load().greedy) == (0.3, "2B-mono", True)
    monkeypatch.setenv("MTCHAT_TEMPERATURE", "0.4")
    assert config.load().temperature == 0.4
    settings = config.load({"temperature": 0.5, "model": None})
    assert (settings.temperature, settings.model, settings.allow_import) == (0.5, "2B-mono", ("requests",))
    assert settings.sources["temperature"] == "--temperature"
    assert settings.sources["model"] == str(toml)


def test_a_temperature_by_flag_puts_greedy_off(toml: Path) -> None:
    toml.write_text("greedy = true")
    assert config.load({"temperature": 0.5}).greedy is False
    assert config.load({"temperature": 0.5, "greedy": True}).greedy is True
    assert config.load({"top_k": 5}).greedy is True


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("temperature = -1", "temperature is -1.0, the least is 0"),
        ('temperature = "warm"', "'warm'.*a number"),
        ("top_p = 2", "the most is 1"),
        ("max_new_tokens = 0", "the least is 1"),
        ("max_new_tokens = 1.5", "a whole number"),
        ("max_new_tokens = true", "a whole number"),
        ('greedy = "perhaps"', "true or false"),
        ("colour = 1", "no setting 'colour'"),
        ("not toml", "config.toml"),
    ],
)
def test_a_bad_line_names_the_file_and_what_is_valid(toml: Path, line: str, says: str) -> None:
    toml.write_text(line)
    with pytest.raises(ConfigError, match=says) as caught:
        config.load()
    assert str(toml) in str(caught.value)


def test_a_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTCHAT_CANDIDATES", "many")
    with pytest.raises(ConfigError, match=r"MTCHAT_CANDIDATES: candidates is 'many'.*whole number"):
        config.load()


def test_sessions_lie_in_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert config.load().sessions_dir == tmp_path / "mtchat" / "sessions"
    monkeypatch.setenv("MTCHAT_DATA_DIR", str(tmp_path / "mine"))
    assert config.load().sessions_dir == tmp_path / "mine" / "sessions"


@pytest.mark.parametrize("folder", ["", "~nobody-of-this-name/x"])
def test_a_data_folder_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.setenv("MTCHAT_DATA_DIR", folder)
    with pytest.raises(ConfigError, match=r"MTCHAT_DATA_DIR: data_dir is .* but it must be a folder"):
        config.load()
