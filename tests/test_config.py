"""Settings: where a value comes from, which one counts, and what a bad one says."""

import re
import sys
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
        ("colour = 1", "no setting 'colour'; there are model, "),
        ("temprature = 1", "no setting 'temprature'; did you mean temperature\\?"),
        ("Top-P = 1", "no setting 'Top-P'; did you mean top_p\\?"),
        ("[sampling]\ntop_p = 1", r"no table \[sampling\]; write top_p without a table"),
        ("[colours]\nred = 1", r"no table \[colours\]; settings stand at the top"),
        ("[model]\nname = 1", "model is a table, but it must be text"),
        ("model = 3", "model is 3, but it must be text"),
        ("model = ['embedded']", "model is a list, but it must be text"),
        ("seed = 2026-11-21", "seed is a date or time, but it must be a whole number"),
        ("temperature = [1]", "temperature is a list, but it must be a number"),
        ("allow_import = [1]", "allow_import is no list of texts, but it must be a list of texts"),
        ("keys = 'nano'", "keys is 'nano', but it must be emacs or vi"),
        ("suggest = ''", "suggest is '', but it must be history, model or off"),
        ("data_dir = 1", "data_dir is 1, but it must be a folder"),
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


def test_paths_are_granted_as_real_ones(
    toml: Path, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (own_home / "notes").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    assert config.load({"allow_read": ("link", "data")}).allow_read == (str((tmp_path / "data").resolve()),)
    toml.write_text('allow_read = ["~/notes"]')
    assert config.load().allow_read == (str((own_home / "notes").resolve()),)
    monkeypatch.setenv("MTCHAT_ALLOW_WRITE", f"{tmp_path / 'data'}:{own_home / 'notes'}")
    assert len(config.load().allow_write) == 2
    toml.write_text('allow_read = ["data"]')
    with pytest.raises(ConfigError, match=r"config\.toml: allow_read names 'data': write it in full"):
        config.load()
    toml.write_text("allow_read = 3")
    with pytest.raises(ConfigError, match="a list of paths"):
        config.load()


@pytest.mark.parametrize(
    ("name", "path", "says"),
    [
        ("allow_read", "nowhere", "--allow-read: 'nowhere' cannot be granted: No such file"),
        ("allow_read", "/", "never granted"),
        ("allow_read", "/proc/self/mem", "never granted"),
        ("allow_write", "/dev/null", "never granted"),
        ("allow_write", "~", "your home directory: programs may not write there"),
        ("allow_write", "~/..", "around your home directory"),
        ("allow_write", "~/data/mtchat", "mtchat's own data directory"),
        ("allow_write", "~/data/mtchat/sessions", "part of mtchat's own data directory"),
        ("allow_write", "~/data", "around mtchat's own data directory"),
        ("allow_write", "~/config/mtchat", "around mtchat's settings"),
        ("allow_write", str(Path(config.__file__).parent), "mtchat itself"),
        ("allow_write", str(Path(config.__file__).parent / "sandbox"), "part of mtchat itself"),
        ("allow_write", sys.prefix, "the Python that runs mtchat"),
    ],
)
def test_paths_that_would_give_everything_away_are_refused(own_home: Path, name: str, path: str, says: str) -> None:
    for folder in ("data/mtchat/sessions", "config/mtchat"):
        (own_home / folder).mkdir(parents=True)
    with pytest.raises(ConfigError, match=re.escape(says)):
        config.load({name: (path,)})


@pytest.mark.parametrize(
    ("text", "size"), [("512M", 512 << 20), ("2g", 2 << 30), ("1 GiB", 1 << 30), (1 << 30, 1 << 30)]
)
def test_memory_has_units(text: object, size: int) -> None:
    assert config.load({"memory": text}).memory == size


@pytest.mark.parametrize("text", ["1.5G", "-1", "much", "3 apples", "12M"])
def test_memory_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match=r"--memory: memory is .*(such as 512M or 2G|the least is)"):
        config.load({"memory": text})


def test_trust_is_auto_or_review(monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.load().trust is None
    assert config.load({"trust": "review"}).trust == "review"
    monkeypatch.setenv("MTCHAT_TRUST", "blindly")
    with pytest.raises(ConfigError, match="MTCHAT_TRUST: trust is 'blindly', but it must be auto or review"):
        config.load()
