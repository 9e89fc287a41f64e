"""Shared fixtures: where the public evaluation data lies, and a home of its own for every test."""

import os
import tempfile
from pathlib import Path

import platformdirs
import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
"""Two processes share the machine's cores: one thread each is faster than two that get in each other's way."""

ROOT = Path(__file__).parent.parent
BUILT = platformdirs.user_cache_path("mtchat", appauthor=False, ensure_exists=True)
"""Where the forward in C is kept: built once, not in every test's home."""
SHARED = Path(os.environ.get("MTCHAT_SHARED") or ROOT.parent / "shared")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of MTPB's development problems and HumanEval; skips where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(f"the public evaluation data is not here ({folder})")
    return folder


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, sessions and history of a test stay in a folder of its own; no hub is ever asked."""
    home = Path(tempfile.mkdtemp(prefix="home", dir=tmp_path_factory.getbasetemp()))
    for name in [name for name in os.environ if name.startswith("MTCHAT_") and name != "MTCHAT_SHARED"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    (home / ".cache").mkdir()
    (home / ".cache" / "mtchat").symlink_to(BUILT)
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return home
