"""What figures were measured on.

Knows the machine and this interpreter. Leaves to others: libraries and devices (`latency`).
"""

import os
import platform
from pathlib import Path
from typing import Any

_TOLD_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile")


def machine() -> dict[str, Any]:
    """CPU, cores, load at the moment, kernel and Python."""
    flags = _cpu_line("flags").split()
    return {
        "cpu": _cpu_line("model name") or platform.processor() or platform.machine(),
        "flags": [flag for flag in _TOLD_FLAGS if flag in flags],
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


def _cpu_line(key: str) -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")
