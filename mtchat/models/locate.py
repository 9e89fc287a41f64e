"""From the name of a model to a folder on this disk that holds its files.

Knows local folders, the layout of the hub's cache (`models--ORG--NAME/refs`, `/snapshots`) and how to download what is
not there. What is in the cache is used without asking the network. Leaves to others: whether the files are sound
(`verify`), what they mean (`loading`, `tokenization`), and which names there are (`names`).
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from mtchat.errors import ModelError
from mtchat.models import names, verify
from mtchat.models.quiet import quiet_hub

TOKENIZER_FILES = (
    "tokenizer.json",
    "vocab.json",
    "merges.txt",
    "added_tokens.json",
    "special_tokens_map.json",
    "tokenizer_config.json",
    "tokenizer.model",
)
TIMEOUT = 10.0
"""Seconds to wait for the hub's first answer."""


@dataclass(frozen=True)
class Place:
    """Where a checkpoint lies. `revision` is the commit hash for one from the hub, else None."""

    folder: Path
    name: str
    revision: str | None = None


def find(name: str, *, revision: str | None = None, only_tokenizer: bool = False, with_code: bool = False) -> Place:
    """The folder of the checkpoint (or of its tokenizer alone) called `name`, downloaded if need be.

    `with_code` fetches its Python files too. Raises ModelError when there is none, or none can be had.
    """
    if name == "embedded":
        return _embedded()
    if Path(name).expanduser().is_dir() and name not in names.ALIASES:
        if revision is not None:
            raise ModelError(f"{name!r} is a folder here and has no revisions: leave --revision out")
        return Place(Path(name).expanduser(), name)
    hub_name = names.resolve(name)
    _refuse_paths(name, hub_name)
    folder = cached(hub_name, revision)
    if folder is None or not _complete(folder, only_tokenizer, with_code):
        folder = _download(hub_name, revision, only_tokenizer, with_code)
    return Place(folder, hub_name, folder.name)


def cached(hub_name: str, revision: str | None = None) -> Path | None:
    """The snapshot folder of that hub checkpoint in the local cache, None if there is none."""
    from huggingface_hub.constants import HF_HUB_CACHE

    home = Path(HF_HUB_CACHE) / f"models--{hub_name.replace('/', '--')}"
    ref = home / "refs" / (revision or "main")
    commit = ref.read_text("utf-8").strip() if ref.is_file() else revision
    folder = home / "snapshots" / commit if commit else home / "none"
    return folder if folder.is_dir() else None


def _embedded() -> Place:
    try:
        verify.weights_files(names.EMBEDDED)
    except ModelError as error:
        raise ModelError(
            f"the embedded model is missing from this installation ({error}): reinstall mtchat, or pass --model NAME"
        ) from None
    return Place(names.EMBEDDED, "embedded")


def _refuse_paths(name: str, hub_name: str) -> None:
    path = Path(name).expanduser()
    if path.is_file():
        raise ModelError(f"{name!r} is a file: --model takes the folder that holds config.json and the weights")
    looks_like_path = name.startswith((".", "~", "/", "\\")) or name.count("/") > 1 or os.path.isabs(name)
    if looks_like_path or not re.fullmatch(r"[\w.-]+(/[\w.-]+)?", hub_name):
        raise ModelError(f"no folder {name!r}: --model takes a folder, an alias or a hub name (see `mtchat models`)")


def _complete(folder: Path, only_tokenizer: bool, with_code: bool) -> bool:
    if only_tokenizer:
        return any((folder / f).is_file() for f in ("tokenizer.json", "vocab.json", "tokenizer.model"))
    try:
        verify.weights_files(folder)
        config = verify.read_json(folder / "config.json")
    except ModelError:
        return False
    return not with_code or "auto_map" not in config or any(folder.glob("*.py"))


def _download(hub_name: str, revision: str | None, only_tokenizer: bool, with_code: bool) -> Path:
    from huggingface_hub import HfApi, constants, snapshot_download

    if constants.HF_HUB_OFFLINE:
        raise ModelError(f"{hub_name!r} is not in the local cache and HF_HUB_OFFLINE is set: unset it to download")
    try:
        with quiet_hub():
            api = HfApi(endpoint=constants.ENDPOINT)
            info = api.model_info(hub_name, revision=revision, timeout=TIMEOUT)
            wanted = _wanted({s.rfilename for s in info.siblings or []}, only_tokenizer, with_code)
            return Path(
                snapshot_download(
                    hub_name,
                    revision=revision or "main",
                    allow_patterns=wanted,
                    endpoint=constants.ENDPOINT,
                    cache_dir=constants.HF_HUB_CACHE,
                    max_workers=4,
                )
            )
    except Exception as error:
        raise _hub_error(hub_name, revision, error) from error


def _wanted(files: set[str], only_tokenizer: bool, with_code: bool) -> list[str]:
    """Patterns of the files to fetch: never two forms of the same weights."""
    wanted = [f for f in (*TOKENIZER_FILES, "config.json") if f in files]
    if with_code:
        wanted.append("*.py")
    if not only_tokenizer:
        first = next((f for f in verify.WEIGHTS if f in files), None)
        beside = ("generation_config.json", "manifest.json", "calibration.json", first)
        wanted += [f for f in beside if f is not None and f in files]
        if first is not None and first.endswith(".index.json"):
            stem, suffix = first.removesuffix(".index.json").rsplit(".", 1)
            wanted.append(f"{stem}-*.{suffix}")
    return wanted


def _hub_error(hub_name: str, revision: str | None, error: Exception) -> ModelError:
    """What a failed download means, in one line."""
    from huggingface_hub import errors

    at = f" at revision {revision!r}" if revision else ""
    if isinstance(error, errors.GatedRepoError):
        return ModelError(f"{hub_name!r} is gated: accept its terms on huggingface.co and set HF_TOKEN")
    if isinstance(error, errors.RevisionNotFoundError):
        return ModelError(f"{hub_name!r} has no revision {revision!r}: leave --revision out for the newest")
    if isinstance(error, errors.RepositoryNotFoundError | errors.HFValidationError):
        return ModelError(
            f"no model {hub_name!r}{at}: not a folder here, not an alias, not public on the hub (see `mtchat models`)"
        )
    if isinstance(error, errors.HfHubHTTPError):
        return ModelError(f"the hub refused {hub_name!r}{at}: {first_line(error)}")
    if isinstance(error, OSError) and error.errno == 28:
        return ModelError(f"no space left on the disk for {hub_name!r}: free some, or set HF_HOME to a larger one")
    return ModelError(
        f"{hub_name!r} is not in the local cache and the hub cannot be reached ({first_line(error)}): "
        "connect, or pass a local folder"
    )


def first_line(error: BaseException) -> str:
    """The first line of an error's text with its type, at most 200 characters."""
    lines = str(error).strip().splitlines()
    text = " ".join(lines[0].split()) if lines else ""
    return f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__
