"""From a folder of verified files to weights on a device.

Knows devices, dtypes, our own forwards for a CPU and when they run, transformers' loader for all else, and refuses any
checkpoint whose tensors do not fit the architecture exactly: layers with random weights never run. Leaves to others:
finding and verifying files (`locate`, `verify`), reading tensors (`checkpoint`), and running the model
(`transformers_backend`).
"""

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from mtchat.errors import ModelError, MtchatError
from mtchat.models import codegen, native
from mtchat.models.checkpoint import Checkpoint
from mtchat.models.lean import CodeGen, LeanCodeGen
from mtchat.models.locate import first_line
from mtchat.models.quiet import quiet

DTYPES = {
    "float32": torch.float32,
    "fp32": torch.float32,
    "bfloat16": torch.bfloat16,
    "bf16": torch.bfloat16,
    "float16": torch.float16,
    "fp16": torch.float16,
    "int8": torch.int8,
}
_BUFFERS = re.compile(r"\.(causal_mask|masked_bias|attn\.bias|embed_positions|inv_freq)$")
"""Tables that older transformers saved with the weights and newer ones compute: fine to leave unread."""
LARGE = 100_000_000
"""Weights above which a CodeGen on a CPU runs in int8 unless asked otherwise."""
_NO_MEMORY = re.compile(r"can't allocate memory|out of memory|not enough memory|alloc_cpu|DefaultCPUAllocator", re.I)


def pick_device(name: str) -> torch.device:
    """auto takes cuda, then mps, then cpu. Raises ModelError for a device that is unknown or not there."""
    mps = torch.backends.mps.is_available()
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "mps" if mps else "cpu")
    if not re.fullmatch(r"cpu|mps|cuda(:\d+)?", name):
        raise ModelError(f"unknown device {name!r}: auto, cpu, cuda, cuda:N or mps")
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise ModelError(f"--device {name}: no CUDA here (no GPU, driver or CUDA build of torch); use --device cpu")
    device = torch.device(name)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ModelError(f"--device {name}: there are only {torch.cuda.device_count()} GPUs, counted from 0")
    if name == "mps" and not mps:
        raise ModelError("--device mps: this machine or torch build has none; use --device cpu")
    return device


def pick_dtype(name: str, device: torch.device, saved: str | None, shape: codegen.Shape | None = None) -> torch.dtype:
    """auto: on a CPU int8 for a large CodeGen, else float32; on a GPU the half precision the checkpoint was saved in,
    else bfloat16 or float16.

    int8 reads a quarter of float32's bytes, and reading is what a large model's token waits for; it needs the C forward
    (`native`), as in torch it is no faster. A model of up to `LARGE` weights, the embedded one among them, stays in
    float32: it fits a CPU's caches, answers faster than it is read, and its calibration was measured so. Elsewhere on a
    CPU float32 too, because reuse of the prefix cache then changes scores by rounding of 1e-6 and not of 1e-2;
    `--dtype bfloat16` is there for who wants its speed. Raises ModelError for an unknown name.
    """
    if name != "auto":
        if name not in DTYPES:
            raise ModelError(f"unknown dtype {name!r}: auto, float32, bfloat16, float16 or int8")
        return DTYPES[name]
    if device.type == "cpu":
        large = shape is not None and shape.parameters > LARGE and native.runs(shape, torch.int8)
        return torch.int8 if large else torch.float32
    if saved in ("float16", "bfloat16"):
        return DTYPES[saved]
    return torch.bfloat16 if device.type == "cuda" and torch.cuda.is_bf16_supported() else torch.float16


def runs_lean(shape: codegen.Shape | None, device: torch.device, dtype: torch.dtype) -> bool:
    """Whether our own forward computes such a model there, in that type."""
    if shape is None or device.type != "cpu":
        return False
    return dtype in (torch.float32, torch.int8) or native.runs(shape, dtype)


def lean_model(shape: codegen.Shape, source: codegen.Source, dtype: torch.dtype) -> CodeGen:
    """Our own forward of a shape that `runs_lean`: in C where this machine builds it, else in torch."""
    if native.runs(shape, dtype):
        return native.NativeCodeGen(shape, source, dtype)
    return LeanCodeGen(shape, source, dtype)


def load_lean(folder: Path, files: Sequence[Path], shape: codegen.Shape, dtype: torch.dtype) -> CodeGen:
    """The CodeGen whose weights are in `files` of `folder`, read a tensor at a time. Needs no transformers.

    Raises ModelError unless every tensor fits.
    """
    checkpoint = Checkpoint(files)
    try:
        missing, extra, other = codegen.differences(shape, checkpoint.shapes)
        _refuse(folder, {"missing": missing, "unexpected": extra, "of another shape": other})
        return lean_model(shape, checkpoint, dtype)
    finally:
        checkpoint.close()


def load_weights(folder: Path, device: torch.device, dtype: torch.dtype, trust_remote_code: bool) -> Any:
    """The causal language model in `folder`, ready for inference. Raises ModelError unless every tensor fits."""
    from transformers import AutoModelForCausalLM

    if dtype == torch.int8:
        raise ModelError(f"{folder} does not run in int8 here (only CodeGen on a CPU does): leave --dtype int8 out")
    try:
        with quiet():
            model, report = AutoModelForCausalLM.from_pretrained(
                str(folder),
                dtype=dtype,
                local_files_only=True,
                trust_remote_code=trust_remote_code,
                output_loading_info=True,
                ignore_mismatched_sizes=True,  # they are reported, and refused below with their names
            )
    except MtchatError:
        raise
    except Exception as error:
        if no_memory(error):
            raise
        raise ModelError(f"{folder} cannot be loaded ({first_line(error)})") from error
    _check_fit(folder, report)
    return model.to(device).eval().requires_grad_(False)


def _check_fit(folder: Path, report: dict[str, Any]) -> None:
    problems = {
        "missing": sorted(report.get("missing_keys") or ()),
        "unexpected": sorted(report.get("unexpected_keys") or ()),
        "of another shape": sorted(str(k[0]) for k in report.get("mismatched_keys") or ()),
        "broken": [str(m) for m in report.get("error_msgs") or ()],
    }
    _refuse(folder, problems)


def _refuse(folder: Path, problems: dict[str, list[str]]) -> None:
    """Raise ModelError if there are any `problems`: tensors' names by what is wrong with them."""
    told = {**problems, "unexpected": [key for key in problems["unexpected"] if not _BUFFERS.search(key)]}
    found = [f"{len(keys)} {kind} (such as {keys[0]})" for kind, keys in told.items() if keys]
    if found:
        raise ModelError(f"the weights in {folder} do not fit its config.json: tensors {', '.join(found)}")


def no_memory(error: BaseException) -> bool:
    """Whether an error means that memory ran out."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and bool(_NO_MEMORY.search(str(error)))


@contextmanager
def threads(count: int | None) -> Iterator[None]:
    """Compute with `count` threads inside the block; None leaves torch its own number."""
    before = torch.get_num_threads()
    if count is None or count >= before:
        yield
        return
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def memory_guard(doing: str, way_out: str) -> Iterator[None]:
    """Turn an allocation that fails inside the block into a ModelError, with what can be freed freed."""
    try:
        yield
    except Exception as error:
        if not no_memory(error):
            raise
        error.__traceback__ = None  # its frames hold the tensors
        failed = ModelError(f"memory ran out {doing}: {way_out}")
    else:
        return
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    raise failed
