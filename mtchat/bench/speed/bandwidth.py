"""How fast this machine reads memory, and how evenly it runs: what a figure of speed is worth depends on both.

Knows the two measurements. Leaves to others: what is held against them (`headline`).
"""

import statistics
import threading
import time
from dataclasses import dataclass

import torch

TIMES = 5
THREADS = 2
_ROUNDS = 40
_SIDE = 384


def bandwidth(size: int) -> float:
    """Bytes a second: the best of `TIMES` reads of `size` bytes, half of them by each of `THREADS` threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        parts = [torch.ones(size // 4 // THREADS) for _ in range(THREADS)]
        best = min(_read(parts) for _ in range(TIMES))
    finally:
        torch.set_num_threads(before)
    return sum(part.nbytes for part in parts) / best


def _read(parts: list[torch.Tensor]) -> float:
    """Seconds until each thread has read its part once."""
    threads = [threading.Thread(target=torch.dot, args=(part, part)) for part in parts]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


@dataclass(frozen=True)
class Noise:
    """The same short work on one thread, again and again: the slowest tenth and the fastest, against the median.

    `stolen` is the share of the time in which the work stood still, as other programs had the core.
    """

    slow: float
    fast: float
    stolen: float


def noise(rounds: int = _ROUNDS) -> Noise:
    """Measure for about a tenth of a second on a quiet machine."""
    a, wall, cpu = torch.ones(_SIDE, _SIDE), list[float](), list[float]()
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for _ in range(rounds):
            start, used = time.perf_counter(), time.thread_time()
            a @ a
            wall.append(time.perf_counter() - start)
            cpu.append(time.thread_time() - used)
    finally:
        torch.set_num_threads(before)
    usual, tenth = statistics.median(wall), sorted(wall)
    slow, fast = tenth[-1 - rounds // 10], tenth[rounds // 10]
    return Noise(round(slow / usual, 2), round(fast / usual, 2), round(max(0.0, 1 - sum(cpu) / sum(wall)), 3))
