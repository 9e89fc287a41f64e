"""Torch's largest library brought in while other threads go on: what is typed meanwhile is not held up.

Knows that `import torch` maps and links hundreds of megabytes with the interpreter's lock held, and that the same done
through the C library beforehand holds no lock. An optimisation alone: wherever it does not fit, nothing happens.
"""

import ctypes
import importlib.util
import os
import sys
from contextlib import suppress
from pathlib import Path


def preload() -> None:
    """Load torch's CPU library, unless torch is here already, or is a build for other devices."""
    if "torch" in sys.modules or sys.platform != "linux":
        return
    with suppress(ImportError, OSError, AttributeError, ValueError):
        found = importlib.util.find_spec("torch")
        folder = Path(found.origin or "").parent / "lib" if found is not None else Path("nowhere")
        library = folder / "libtorch_cpu.so"
        if library.exists() and not (folder / "libtorch_cuda.so").exists():
            opened = ctypes.CDLL(None).dlopen  # a foreign call: the lock is let go
            opened.restype, opened.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
            opened(os.fsencode(library), os.RTLD_NOW)
