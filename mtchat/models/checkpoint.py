"""A checkpoint's tensors, one at a time: what is not asked for is never in memory.

Knows safetensors (its header, and that a tensor's rows lie together) and PyTorch's .bin files, whole or in shards. A
safetensors file is read, not mapped: pages of a mapped file count as the process's own. Leaves to others: whether the
files are sound (`verify`), and what the tensors are for (`codegen`).
"""

import ctypes
import json
import math
import mmap
import sys
from collections.abc import Callable, Sequence
from io import FileIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mtchat.errors import ModelError
from mtchat.models.locate import first_line

_DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
_PAGE = mmap.PAGESIZE
_DONTNEED = 4
"""To madvise on Linux: pages of a mapped file leave memory, and are read again when next they are wanted."""


class Checkpoint:
    """The tensors of weights `files`: `shapes` by name; `rows` and `whole` read them, in the type they were saved in.

    Raises ModelError for a file that cannot be read.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._open: list[FileIO] = []
        self._read: dict[str, Callable[[int, int], Tensor]] = {}
        self.shapes: dict[str, tuple[int, ...]] = {}
        for path in files:
            try:
                self._add_safetensors(path) if path.suffix == ".safetensors" else self._add_pickled(path)
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                raise ModelError(f"{path} cannot be read ({first_line(error)}): fetch it again") from error

    def rows(self, name: str, first: int, last: int) -> Tensor:
        """Rows `first` up to `last` of a tensor."""
        return self._read[name](first, last)

    def whole(self, name: str) -> Tensor:
        """A tensor."""
        return self._read[name](0, self.shapes[name][0])

    def close(self) -> None:
        """Let go of the files."""
        for file in self._open:
            file.close()
        self._read = {}

    def _add_safetensors(self, path: Path) -> None:
        file = FileIO(path)
        self._open.append(file)
        length = int.from_bytes(file.read(8), "little")
        for name, about in json.loads(file.read(length)).items():
            if name == "__metadata__":
                continue
            shape = tuple(about["shape"])
            self.shapes[name] = shape
            self._read[name] = _rows_of(file, 8 + length + about["data_offsets"][0], shape, _DTYPES[about["dtype"]])

    def _add_pickled(self, path: Path) -> None:
        tensors, mapped = _unpickled(path)
        for name, tensor in tensors.items():
            if isinstance(tensor, Tensor):
                self.shapes[name] = tuple(tensor.shape)
                self._read[name] = _copier(tensor, mapped)


def _rows_of(file: FileIO, start: int, shape: tuple[int, ...], dtype: torch.dtype) -> Callable[[int, int], Tensor]:
    across = math.prod(shape[1:])
    size = across * dtype.itemsize

    def read(first: int, last: int) -> Tensor:
        tensor = torch.empty((last - first, *shape[1:]) if shape else (), dtype=dtype)
        if not tensor.numel():
            return tensor
        memory = (ctypes.c_char * tensor.nbytes).from_address(tensor.data_ptr())
        done, view = 0, memoryview(memory).cast("B")
        file.seek(start + first * size)
        while done < len(view):
            got = file.readinto(view[done:])
            if not got:
                raise ModelError(f"{file.name} ends early: fetch it again")
            done += got
        return tensor

    return read


def _unpickled(path: Path) -> tuple[dict[str, Any], bool]:
    """What a .bin holds, and whether it is mapped (as its format allows) or in memory. Never runs code from it."""
    try:
        return dict(torch.load(path, map_location="cpu", weights_only=True, mmap=True)), True
    except RuntimeError as error:
        if "mmap can only be used" not in str(error):
            raise ModelError(f"{path} cannot be read ({first_line(error)}): fetch it again") from error
    except Exception as error:  # pickle's own, and zip's
        raise ModelError(f"{path} cannot be read ({first_line(error)}): fetch it again") from error
    try:  # written by torch before 1.6
        return dict(torch.load(path, map_location="cpu", weights_only=True)), False
    except Exception as error:
        raise ModelError(f"{path} cannot be read ({first_line(error)}): fetch it again") from error


def _copier(tensor: Tensor, mapped: bool) -> Callable[[int, int], Tensor]:
    def read(first: int, last: int) -> Tensor:
        part = tensor[first:last] if tensor.dim() else tensor
        copy = part.clone()
        if mapped and sys.platform == "linux" and part.is_contiguous():
            _let_go(part)
        return copy

    return read


def _let_go(tensor: Tensor) -> None:
    """Give mapped numbers' pages back. Those at its ends may hold its neighbours' numbers, and are left."""
    first = -(-tensor.data_ptr() // _PAGE) * _PAGE
    last = (tensor.data_ptr() + tensor.nbytes) // _PAGE * _PAGE
    if last > first:
        ctypes.CDLL(None).madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), _DONTNEED)
