"""Where a Ray cluster is, and joining it: `--ray local|auto|HOST:PORT|ray://HOST:PORT`.

Knows which addresses there are, how to find out quickly that nobody answers (Ray itself tries for minutes), and how to
keep Ray quiet. Leaves to others: what then runs there (`crew`, `ray`). Importing this module does not import Ray.
"""

import contextlib
import logging
import os
import re
import shutil
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mtchat.errors import CommandError, ConfigError, MtchatError

FORMS = "local (start one here for this run), auto (the one that runs here), HOST:PORT or ray://HOST:PORT"
_ADDRESS = re.compile(r"(?:ray://)?(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")
_SECONDS = 5.0
_OBJECTS = 100 << 20
"""Bytes of Ray's object store for a cluster of our own: units and samples are small and do not go through it."""
_SETTINGS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
"""No reports to Ray's makers; no warning about the second, which changes nothing for actors without a GPU."""
_PRINTER = "print_to_stdstream"
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))


def check_address(address: str) -> str:
    """The address as given. ConfigError for what is none."""
    match = _ADDRESS.fullmatch(address)
    if address in ("local", "auto") or (match and 0 < int(match["port"]) < 65536):
        return address
    raise ConfigError(f"--ray {address}: no address of a Ray cluster; give {FORMS}")


def import_ray() -> Any:
    """The module `ray`. ConfigError where it is not installed."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError as error:
        raise ConfigError(
            f"--ray needs Ray, which cannot be imported ({error}): pip install 'mtchat[cluster]'"
        ) from None
    return ray


@contextlib.contextmanager
def joined(address: str, cpus: int | None = None) -> Iterator[Any]:
    """`ray`, connected to that cluster inside the block; a cluster of our own ends with it and leaves nothing.

    `cpus` is how many a `local` cluster has (default: the machine's). Raises ConfigError, or CommandError in seconds
    where no cluster answers.
    """
    check_address(address)
    ray = import_ray()
    if ray.is_initialized():
        raise CommandError(f"--ray {address}: this process is connected to a Ray cluster already")
    _reach(address)
    with contextlib.ExitStack() as stack:
        more: dict[str, Any] = {}
        if address == "local":
            folder = tempfile.mkdtemp(prefix="mtchat-ray-", dir="/tmp")  # short: sockets are made below it
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            more = {"num_cpus": cpus, "_temp_dir": folder, "object_store_memory": _OBJECTS, "include_dashboard": False}
        stack.enter_context(_hushed())
        stack.callback(ray.shutdown)
        _init(ray, address, more)
        yield ray


def _init(ray: Any, address: str, more: dict[str, Any]) -> None:
    if not address.startswith("ray://"):
        more = {**more, "log_to_driver": False, "logging_level": logging.CRITICAL}
    try:
        ray.init(address=address, **more)
    except MtchatError:
        raise
    except Exception as error:
        raise CommandError(f"--ray {address}: {_line(error)}") from error


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Ray's log lines and its own warnings do not reach the person's terminal.

    It prints what befalls other nodes on our standard output, where a summary belongs, and has no setting against it:
    hence the function of its own that is put aside.
    """
    logger, inside = logging.getLogger("ray"), sys.modules.get("ray._private.worker")
    level, printer = logger.level, getattr(inside, _PRINTER, None)
    logger.setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"ray(\.|$)")
        try:
            if printer:
                setattr(inside, _PRINTER, lambda *args, **named: None)
            yield
        finally:
            logger.setLevel(level)
            if printer:
                setattr(inside, _PRINTER, printer)


def _reach(address: str) -> None:
    """CommandError unless something that may be a Ray cluster listens there."""
    if address == "local":
        return
    where = address
    if address == "auto":
        where = os.environ.get("RAY_ADDRESS") or _current()
    match = _ADDRESS.fullmatch(where)
    if match is None:
        raise CommandError(
            f"--ray {address}: no Ray cluster runs here; start one with `ray start --head`, or --ray local"
        )
    said = _knock(match["host"].strip("[]"), int(match["port"]))
    if said:
        at = "" if where == address else f" ({where})"
        raise CommandError(f"--ray {address}{at}: {said}; `ray status` there says whether one runs")


def _current() -> str:
    """The address that `ray start` wrote down for `auto`; empty where it wrote none."""
    file = Path(os.environ.get("RAY_TMPDIR") or os.environ.get("TMPDIR") or "/tmp") / "ray" / "ray_current_cluster"
    return file.read_text("utf-8").strip() if file.is_file() else ""


def _knock(host: str, port: int) -> str:
    """What is wrong with the server at that port; nothing if it speaks HTTP/2, as Ray's gRPC does.

    Ray answers the opening of a connection (RFC 9113, 3.4) with a SETTINGS frame: its fourth byte is 4.
    """
    try:
        with socket.create_connection((host, port), timeout=_SECONDS) as line:
            if os.environ.get("RAY_USE_TLS", "0") not in ("", "0"):
                return ""
            line.sendall(_PREFACE)
            answer = line.recv(9)
    except OSError as error:
        return f"no Ray cluster answers ({error.strerror or error})"
    return "" if answer[3:4] == b"\x04" else "what answers there is no Ray cluster"
