"""Settings: defaults, then config.toml, then MTCHAT_* variables, then flags.

The only reader of the environment and of TOML. Knows every setting's name, type and bounds, where each value came
from, and which paths are never granted to programs. Leaves what the settings do to the rooms that take them.
"""

import datetime
import difflib
import os
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from mtchat.errors import ConfigError
from mtchat.turn import SamplingParams

APP = "mtchat"


@dataclass(frozen=True)
class Settings:
    """What a person can set. `sources` says where each value that is no default came from.

    Of the prompt: `keys` are emacs' or vi's, `suggest` says who offers the rest of a line (history, model or off),
    `mouse` whether a click moves the cursor, `pager` whether what does not fit on the screen is leafed through.
    """

    model: str = "embedded"
    tokenizer: str | None = None
    draft_model: str | None = None
    device: str = "auto"
    dtype: str = "auto"
    revision: str | None = None
    trust_remote_code: bool = False
    seed: int = 0
    temperature: float = 0.2
    top_p: float = 0.95
    top_k: int = 0
    repetition_penalty: float = 1.0
    max_new_tokens: int = 256
    candidates: int = 1
    greedy: bool = False
    timeout: float = 10.0
    memory: int = 1 << 30
    allow_import: tuple[str, ...] = ()
    allow_read: tuple[str, ...] = ()
    allow_write: tuple[str, ...] = ()
    allow_reduced_isolation: bool = False
    trust: str | None = None
    clarify: str = "auto"
    say_doubt: bool = True
    keys: str = "emacs"
    suggest: str = "history"
    mouse: bool = False
    pager: str = "auto"
    figures: str = "auto"
    prefix: str = ""
    data_dir: Path = field(default_factory=lambda: Path(platformdirs.user_data_dir(APP, appauthor=False)))
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def sessions_dir(self) -> Path:
        return self.data_dir / "sessions"

    @property
    def history_file(self) -> Path:
        return self.data_dir / "history"

    def sampling(self) -> SamplingParams:
        """The sampling parameters that these settings ask for; `seed` is the session's base seed."""
        return SamplingParams(
            self.temperature,
            self.top_p,
            self.top_k,
            self.repetition_penalty,
            self.max_new_tokens,
            self.greedy,
            self.candidates,
            self.seed,
        )


NAMES: tuple[str, ...] = tuple(f.name for f in fields(Settings) if f.name != "sources")
_OPTIONAL = {"tokenizer", "draft_model", "revision", "trust"}
_LOW: dict[str, float] = {"temperature": 0, "top_p": 0, "top_k": 0, "seed": 0, "timeout": 0.1, "memory": 64 << 20}
_LOW |= {"max_new_tokens": 1, "candidates": 1, "repetition_penalty": 0.01}
_HIGH: dict[str, float] = {"top_p": 1, "candidates": 256, "temperature": 100, "timeout": 86400, "seed": 2**63 - 1}
_HIGH |= {"memory": 1 << 50}
ONE_OF: dict[str, tuple[str, ...]] = {
    "trust": ("auto", "review"),
    "clarify": ("auto", "on", "off"),
    "figures": ("auto", "kitty", "iterm", "sixel", "blocks", "off"),
    "keys": ("emacs", "vi"),
    "suggest": ("history", "model", "off"),
    "pager": ("auto", "off"),
}
"""Settings that are one of a few words."""
_PATHS = {"allow_read", "allow_write"}
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_MACHINE = (Path("/proc"), Path("/sys"), Path("/dev"))


def config_file() -> Path:
    """Where config.toml is looked for: MTCHAT_CONFIG, else the user's configuration folder."""
    given = os.environ.get("MTCHAT_CONFIG")
    return Path(given) if given else Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml"


def api_key() -> str | None:
    """The key that a model's server is given, and that `mtchat serve` asks for: MTCHAT_API_KEY, from nowhere else."""
    return os.environ.get("MTCHAT_API_KEY") or None


def load(flags: Mapping[str, Any] | None = None) -> Settings:
    """The settings in force. A flag that is None was not given. Raises ConfigError that names the value's source."""
    settings = Settings()
    path = config_file()
    for name, value in _read_toml(path).items():
        settings = with_value(settings, name, value, str(path))
    for name in NAMES:
        variable = f"MTCHAT_{name.upper()}"
        if (text := os.environ.get(variable)) is not None:
            settings = with_value(settings, name, text, variable)
    for name, value in (flags or {}).items():
        if value is not None and value != ():
            settings = with_value(settings, name, value, "--" + name.replace("_", "-"))
    if settings.sources.get("temperature") == "--temperature" and settings.sources.get("greedy") != "--greedy":
        settings = replace(settings, greedy=False)  # a temperature asked for by hand is meant
    _check_grants(settings)
    return settings


def with_value(settings: Settings, name: str, value: Any, source: str) -> Settings:
    """`settings` with one value changed; text is converted. Raises ConfigError naming `source` and what is valid."""
    if name not in NAMES:
        raise ConfigError(f"{source}: {_unknown(name, value)}")
    converted = _convert(name, value, source)
    low, high = _LOW.get(name), _HIGH.get(name)
    if low is not None and not low <= converted:
        raise ConfigError(f"{source}: {name} is {converted}, the least is {low}")
    if high is not None and not converted <= high:
        raise ConfigError(f"{source}: {name} is {converted}, the most is {high}")
    return replace(settings, **{name: converted}, sources={**settings.sources, name: source})


def _convert(name: str, value: Any, source: str) -> Any:
    _check_kind(name, value, source)
    if name in ONE_OF and value not in (*([""] if name in _OPTIONAL else []), *ONE_OF[name]):
        raise ConfigError(f"{source}: {name} is {value!r}, but it must be {_either(ONE_OF[name])}")
    if name in _OPTIONAL:
        return str(value) or None
    if name in _PATHS:
        return _granted(name, value, source)
    default = getattr(Settings(), name)
    try:
        if name == "memory":
            return _bytes(value)
        if isinstance(default, bool):
            return _truth(value)
        if isinstance(default, tuple):
            return tuple(value.replace(",", " ").split()) if isinstance(value, str) else tuple(map(str, value))
        if isinstance(default, int) and isinstance(value, float):
            raise ValueError(value)
        if isinstance(default, int | float) and isinstance(value, bool):
            raise ValueError(value)
        if isinstance(default, Path):
            return _folder(value)
        return type(default)(value)
    except (TypeError, ValueError, RuntimeError):
        raise ConfigError(f"{source}: {name} is {value!r}, but it must be {_kind(name)}") from None


def _unknown(name: str, value: Any) -> str:
    """What is said of a name that is no setting, with the one that is most like it."""
    near = difflib.get_close_matches(name.lower().replace("-", "_"), NAMES, 1)
    if isinstance(value, Mapping):
        inside = next((key for key in value if key in NAMES), None)
        way = f"write {inside} without a table" if inside else "settings stand at the top of the file, in no table"
        return f"there is no table [{name}]; {way}"
    return f"there is no setting {name!r}; " + (f"did you mean {near[0]}?" if near else f"there are {', '.join(NAMES)}")


def _check_kind(name: str, value: Any, source: str) -> None:
    """ConfigError for what TOML can say and no setting takes: a table, a date, a list or a number in place of text."""
    default = getattr(Settings(), name)
    many, said = isinstance(default, tuple), ""
    if isinstance(value, Mapping):
        said = "a table"
    elif isinstance(value, datetime.date | datetime.time):
        said = "a date or time"
    elif isinstance(value, list | tuple):
        said = "a list" if not many else "" if all(isinstance(each, str) for each in value) else "no list of texts"
    elif many or isinstance(default, str | Path | None):
        said = "" if isinstance(value, str | Path) else repr(value)
    if said:
        raise ConfigError(f"{source}: {name} is {said}, but it must be {_kind(name)}")


def _kind(name: str) -> str:
    """What a setting must be, in words."""
    default = getattr(Settings(), name)
    if name == "memory":
        return "a number of bytes such as 512M or 2G"
    if name in ONE_OF:
        return _either(ONE_OF[name])
    if isinstance(default, tuple):
        return "a list of paths" if name in _PATHS else "a list of texts"
    kinds = {bool: "true or false", int: "a whole number", float: "a number"}
    return "a folder" if isinstance(default, Path) else kinds.get(type(default), "text")


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _bytes(value: Any) -> int:
    match = re.fullmatch(r"(\d+)\s*([KMGT]?)(?:i?B)?", str(value).strip(), re.IGNORECASE)
    if match is None:
        raise ValueError(value)
    return int(match[1]) * _UNITS[match[2].upper()]


def _granted(name: str, value: Any, source: str) -> tuple[str, ...]:
    """The real paths that `value` names. Raises ConfigError for what is not there, or would mean another place soon."""
    given = value.split(os.pathsep) if isinstance(value, str) else list(map(str, value))
    return tuple(dict.fromkeys(_real(path, name, source) for path in given if path))


def _real(given: str, name: str, source: str) -> str:
    try:
        path = Path(given).expanduser()
        if not path.is_absolute() and not source.startswith(("--", "MTCHAT_")):
            raise ConfigError(f"{source}: {name} names {given!r}: write it in full, from / or ~")
        path = path.resolve(strict=True)
        path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"{source}: {given!r} cannot be granted: {said}; name a file or folder that is there"
        ) from None
    if path == Path("/") or any(_within(path, place) for place in _MACHINE):
        raise ConfigError(
            f"{source}: {path} is the machine itself and is never granted: name the folder with your data"
        )
    return str(path)


def _check_grants(settings: Settings) -> None:
    """ConfigError for a path that programs could write to and thereby be granted everything."""
    for given in settings.allow_write:
        path, source = Path(given), settings.sources.get("allow_write", "allow_write")
        for place, what in _never_written(settings):
            if _within(place, path) or (place != Path.home().resolve() and _within(path, place)):
                what = what if path == place else f"part of {what}" if _within(path, place) else f"around {what}"
                raise ConfigError(f"{source}: {path} is {what}: programs may not write there; name a folder for them")


def _never_written(settings: Settings) -> list[tuple[Path, str]]:
    places = [
        (Path.home(), "your home directory"),
        (settings.data_dir, "mtchat's own data directory"),
        (config_file(), "mtchat's settings"),
        (Path(__file__).parent, "mtchat itself"),
        (Path(sys.prefix), "the Python that runs mtchat"),
    ]
    return [(place.resolve(), what) for place, what in places]


def _within(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _folder(value: Any) -> Path:
    if value == "":
        raise ValueError("an empty name would mean the working folder")
    return Path(value).expanduser()


def _truth(value: Any) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() not in words:
        raise ValueError(value)
    return words[str(value).lower()]


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}; mend it or move it away") from None
