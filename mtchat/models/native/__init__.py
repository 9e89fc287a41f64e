"""CodeGen's forward in C (`codegen.c`), built with the machine's own compiler when first it is wanted.

Knows how the library is built and kept (the user's cache folder, under a name made of the source, the compiler and the
CPU), what a model is to it, and how weights become what it reads: float32, bfloat16 or int8, a slab of rows at a time.
Leaves to others: the same in torch (`lean`), for machines without a C compiler and shapes that vectors do not divide.

Built at first use and not at install: the wheel stays one for every machine and cannot fail to install, a copy run from
its sources has it too, and the compiler sees the CPU that it will run on.
"""

import ctypes
import functools
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from ctypes import c_double, c_long, c_void_p
from pathlib import Path
from typing import Any

import platformdirs
import torch
from torch import Tensor

from mtchat.models.codegen import Shape, Source
from mtchat.models.lean import ALONE, BLOCK, CodeGen, LayerSource, Rooms, angles, slabs_of, spans_of

KINDS = {torch.float32: 0, torch.bfloat16: 1, torch.int8: 2}
"""Types of weights, as the C source numbers them."""
FLAGS = ("-O2", "-march=native", "-fopenmp", "-fPIC", "-shared")
LANES, PANEL, WIDEST = 16, 64, 256
"""Numbers in a vector, outputs in a panel, features of a head at most."""
_INPUTS = {torch.float32: 1, torch.bfloat16: 2, torch.int8: 4}
"""Inputs in four bytes."""


def runs(shape: Shape, dtype: torch.dtype) -> bool:
    """Whether this machine and the library do such a model."""
    even = shape.width % LANES == 0 and shape.inner % LANES == 0 and shape.width <= WIDEST
    return even and dtype in KINDS and library() is not None


@functools.cache
def library() -> ctypes.CDLL | None:
    """The library, built if it is not there yet; None without a compiler, or with MTCHAT_PLAIN set."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or os.environ.get("MTCHAT_PLAIN") or os.name != "posix":
        return None
    source = Path(__file__).with_name("codegen.c")
    about = "\0".join((source.read_text("utf-8"), *FLAGS, os.path.realpath(compiler), _cpu()))
    name = f"codegen-{hashlib.sha256(about.encode()).hexdigest()[:24]}.so"
    try:
        kept = _own_folder() / name
        return _load(kept if kept.is_file() else _built(compiler, source, kept))
    except OSError:  # no folder to keep it in, or a file there that is no library
        with tempfile.TemporaryDirectory() as folder:
            try:
                return _load(_built(compiler, source, Path(folder) / name))
            except OSError:
                return None


def _own_folder() -> Path:
    """The folder for built libraries. Raises OSError unless it can be had, and nobody else may write there."""
    folder = Path(platformdirs.user_cache_dir("mtchat", appauthor=False)) / "native"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    about = folder.stat()
    if about.st_uid != os.getuid() or about.st_mode & 0o022:
        raise PermissionError(f"{folder} can be written by others")
    return folder


def _cpu() -> str:
    """What `-march=native` goes by."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        return "\n".join(sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))}))
    except OSError:
        return platform.machine() + platform.processor()


def _built(compiler: str, source: Path, out: Path) -> Path:
    """Compile to `out`, which is whole or not there at all. Raises OSError."""
    handle, part = tempfile.mkstemp(suffix=".so", dir=out.parent)
    os.close(handle)
    try:
        for flags in (FLAGS, tuple(f for f in FLAGS if f != "-fopenmp")):
            command = [compiler, *flags, str(source), "-o", part, "-lm"]
            if subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL).returncode == 0:
                os.replace(part, out)
                return out
        raise OSError(f"{compiler} does not compile {source.name}")
    finally:
        Path(part).unlink(missing_ok=True)


def _load(path: Path) -> ctypes.CDLL:
    found = ctypes.CDLL(str(path))
    found.pack.argtypes = [c_long, c_void_p, c_long, c_long, c_long, c_void_p, c_void_p, c_void_p, c_long]
    found.pack.restype = None
    found.spread.argtypes, found.spread.restype = [c_void_p, c_long], None
    found.forward.argtypes = [c_void_p, c_long, c_void_p, c_void_p, c_void_p, c_void_p]
    found.scores.argtypes = [c_void_p, c_long, c_void_p, c_void_p]
    return found


class _Linear(ctypes.Structure):
    _fields_ = [
        ("weight", c_void_p),
        ("scale", c_void_p),
        ("sum", c_void_p),
        ("bias", c_void_p),
        ("n", c_long),
        ("k", c_long),
    ]


class _Layer(ctypes.Structure):
    _fields_ = [("gain", c_void_p), ("shift", c_void_p), ("wide", _Linear), ("out", _Linear), ("down", _Linear)]


class _Model(ctypes.Structure):
    _fields_ = [
        *((name, c_long) for name in ("kind", "layers", "heads", "width", "inner", "rotary", "half", "team")),
        ("epsilon", c_double),
        ("cos", c_void_p),
        ("sin", c_void_p),
        ("layer", ctypes.POINTER(_Layer)),
        ("gain", c_void_p),
        ("shift", c_void_p),
        ("head", _Linear),
    ]


def give_back() -> None:
    """Let glibc give freed memory back, also between what is in use: left alone it now and then keeps 300 MB of it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


class Block:
    """Memory for all weights of a model, in one piece: it has large pages, and no gaps from what loading freed."""

    def __init__(self, size: int) -> None:
        self._free = torch.empty(size, dtype=torch.int8)
        lib = library()
        assert lib is not None
        lib.spread(self._free.data_ptr(), size)

    def take(self, size: int) -> Tensor:
        """The next `size` bytes."""
        found, self._free = self._free[:size], self._free[size:]
        return found


def packed_size(n: int, k: int, dtype: torch.dtype) -> int:
    """Bytes of a weight (n, k) in panels: whole cache lines."""
    return -(-n // PANEL) * -(-k // _INPUTS[dtype]) * PANEL * 4


class Packed:
    """A weight (n, k) and bias (n,) in panels in `block`. `slabs` are the weight's rows, some at a time, in order."""

    def __init__(
        self, slabs: Iterable[Tensor], n: int, k: int, bias: Tensor | None, dtype: torch.dtype, team: int, block: Block
    ) -> None:
        lib = library()
        assert lib is not None
        outputs = -(-n // PANEL) * PANEL
        self._weight = block.take(packed_size(n, k, dtype))
        self._weight[packed_size(n - n % PANEL, k, dtype) :] = 0
        self._scale, self._sum = torch.zeros(outputs), torch.zeros(outputs, dtype=torch.int32)
        self._padded = torch.zeros(outputs)
        if bias is not None:
            self._padded[:n] = bias
        self._bias = self._padded[:n]
        places = (self._weight.data_ptr(), self._scale.data_ptr(), self._sum.data_ptr())
        first = 0
        for slab in slabs:
            numbers = slab.float().contiguous()
            lib.pack(KINDS[dtype], numbers.data_ptr(), first, len(numbers), k, *places, team)
            first += len(numbers)
        has = None if bias is None else self._padded.data_ptr()
        self.told = _Linear(*places, has, n, k)


class NativeCodeGen(CodeGen):
    """The forward in C. `team` threads compute; None for one, or for a large model as many as torch takes."""

    _blank = False  # it reads no keys and values but those that were written

    def __init__(self, shape: Shape, source: Source, dtype: torch.dtype, team: int | None = None) -> None:
        lib = library()
        assert lib is not None
        self._lib = lib
        self._team = team or (1 if shape.parameters <= ALONE else torch.get_num_threads())
        self._half = dtype != torch.float32 and bool(lib.halves())
        super().__init__(shape, source, dtype)
        self._kept: list[Any] = []
        """What the C side points into."""
        size, wide = shape.size, 3 * shape.size + shape.inner
        sizes = [(wide, size), (size, size), (size, shape.inner)] * shape.layers + [(shape.vocabulary, size)]
        self._block = Block(sum(packed_size(n, k, dtype) for n, k in sizes))
        layers = (_Layer * shape.layers)(*(self._layer(LayerSource(shape, source, i)) for i in range(shape.layers)))
        head = slabs_of(source, shape.head, shape.vocabulary)
        self._head = self._packed(head, shape.vocabulary, size, source.whole("lm_head.bias"))
        cos, sin, gain, shift = (
            self._pointer(t)
            for t in (*angles(shape), *(source.whole(f"transformer.ln_f.{n}") for n in ("weight", "bias")))
        )
        self._model = _Model(
            KINDS[dtype], shape.layers, shape.heads, shape.width, shape.inner, shape.rotary, self._half, self._team,
            shape.epsilon, cos, sin, layers, gain, shift, self._head.told,
        )  # fmt: skip

    def states(self, ids: Sequence[Sequence[int]], rows: Sequence[Rooms]) -> Tensor:
        """See `CodeGen.states`."""
        spans = spans_of(ids, rows)
        for row, (_, _, _, length) in zip(rows, spans, strict=True):
            row.reserve(-(-length // BLOCK) * BLOCK)
        x = self._embed[[i for row in ids for i in row]].float()
        counts = [len(row) for row in ids]
        places = [p for _, _, had, length in spans for p in range(had, length)]
        memory = [row.kept.data_ptr() for row, count in zip(rows, counts, strict=True) for _ in range(count)]
        room = [row.kept.shape[3] for row, count in zip(rows, counts, strict=True) for _ in range(count)]
        total = len(places)
        longs = c_long * total
        pointers = (c_void_p * total)(*memory)
        self._call(self._lib.forward, total, x.data_ptr(), longs(*places), pointers, longs(*room))
        for row, (_, _, _, length) in zip(rows, spans, strict=True):
            row.length = length
        return x

    def scores(self, states: Tensor) -> Tensor:
        """See `CodeGen.scores`."""
        states, out = states.contiguous(), torch.empty(len(states), self.vocabulary)
        self._call(self._lib.scores, len(states), states.data_ptr(), out.data_ptr())
        return out

    def _call(self, function: Any, *arguments: Any) -> None:
        if function(ctypes.byref(self._model), *arguments):
            raise MemoryError

    def _layer(self, take: LayerSource) -> _Layer:
        size, inner = self.shape.size, self.shape.inner
        give_back()  # what reading the layer before freed
        return _Layer(
            self._pointer(take("ln_1.weight")),
            self._pointer(take("ln_1.bias")),
            self._packed(take.wide(), 3 * size + inner, size, take.inner_bias()).told,
            self._packed(take.slabs("attn.out_proj.weight", size), size, size, None).told,
            self._packed(take.slabs("mlp.fc_out.weight", size), size, inner, take("mlp.fc_out.bias")).told,
        )

    def _packed(self, slabs: Iterable[Tensor], n: int, k: int, bias: Tensor | None) -> Packed:
        packed = Packed(slabs, n, k, bias, self.dtype, self._team, self._block)
        self._kept.append(packed)
        return packed

    def _pointer(self, numbers: Tensor) -> int:
        numbers = numbers.float().contiguous()
        self._kept.append(numbers)
        return numbers.data_ptr()
