"""How many workers a node gets: models that write, judges that run what was written.

Knows the rules, as pure functions of what nodes have. Leaves to others: starting them (`crew`).
"""

from collections.abc import Iterable

import msgspec

from mtchat.errors import ConfigError


class Share(msgspec.Struct, frozen=True):
    """What of each node to use. None: what the node has decides. `threads` are each model's, on a CPU.

    More than one thread may change a probability in its last bit; with 1 every machine computes the same.
    """

    models: int | None = None
    judges: int | None = None
    threads: int = 1

    def check(self) -> None:
        """ConfigError for numbers that make no sense."""
        for name, least in (("models", 1), ("judges", 1), ("threads", 1)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise ConfigError(f"{value} {name} a node: at least {least}")


class Node(msgspec.Struct, frozen=True):
    """A living node: Ray's id, its host's name, and what it lends out."""

    id: str
    host: str
    cpus: float
    gpus: float


class Seats(msgspec.Struct, frozen=True):
    """Workers of one node. `cpus` is what each reserves with Ray; `gpu` whether a model has one to itself."""

    models: int
    judges: int
    gpu: bool
    model_cpus: int
    judge_cpus: int


def wants_gpus(device: str, nodes: Iterable[Node]) -> bool:
    """Whether models run on GPUs alone: not on some of each, because their results differ."""
    return device.startswith("cuda") or (device == "auto" and any(node.gpus >= 1 for node in nodes))


def seats(node: Node, share: Share, gpu: bool) -> Seats:
    """One model a GPU, and up to four judges for each; else a model for each `threads` CPUs, with a judge for eight.

    A node that lends no CPU gets nothing. Judges reserve a CPU where there are enough, and share them otherwise: they
    wait for a model most of the time.
    """
    cores = int(node.cpus)
    if cores < 1:
        return Seats(0, 0, gpu, 0, 0)
    if gpu:
        models = min(int(node.gpus), share.models or int(node.gpus))
        judges = share.judges or max(1, min(cores - models, 4 * max(1, models)))
        threads = 1
    else:
        judges = share.judges or max(1, cores // 8)
        models = share.models or max(1, (cores - judges) // share.threads)
        threads = share.threads
    model_cpus = threads if models * threads <= cores else 0
    return Seats(models, judges, gpu, model_cpus, int(models * threads + judges <= cores))
