"""The bench's own work, as the workers of a cluster do it.

Knows which model settings name, and that data files have to be the same on every node. Leaves to others: writing
(`sampler`), judging (`judging`), where programs run (`desk`), and who does it (`workers`).
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from mtchat.bench.cluster.actors import Work
from mtchat.bench.cluster.plan import Share
from mtchat.bench.cluster.workers import Ray
from mtchat.bench.desk import Desk, data_file
from mtchat.bench.judging import judge
from mtchat.bench.sampler import sample_unit
from mtchat.bench.values import Conversation, Setup, Unit
from mtchat.config import Settings
from mtchat.errors import CommandError
from mtchat.models import Model, load_for


class Cluster(Ray):
    """`runner.Workers` on the Ray cluster at `address`, with the model and sandboxes that `settings` ask for.

    `datasets` is the folder of the problems' data files, at the same path on every node. See `Ray` for the rest.
    """

    def __init__(
        self,
        address: str,
        settings: Settings,
        *,
        datasets: Path | None = None,
        cancel: threading.Event | None = None,
        share: Share | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(address, work_of(settings, datasets), share=share, say=say, cancel=cancel)


def work_of(settings: Settings, datasets: Path | None = None) -> Work:
    """What workers do under these settings."""
    where = datasets.resolve() if datasets else None
    desk = partial(_desk, datasets=where, allow_reduced=settings.allow_reduced_isolation)
    return Work(partial(load_for, settings), desk, _sample, judge, settings.device)


def _sample(unit: Unit, model: Model, desk: Desk | None) -> Sequence[Conversation]:
    return sample_unit(unit, model, desk)


def _desk(setup: Setup, datasets: Path | None, allow_reduced: bool) -> Desk:
    """A desk, if this node has the data files that the setup counts on."""
    for name, digest in setup.judge.get("datasets", {}).items():
        data = data_file(datasets, name)
        if (None if data is None else hashlib.sha256(data).hexdigest()) != digest:
            raise CommandError(f"{datasets}/{name} is not the same on every node: --datasets names one that is")
    return Desk(setup, datasets, allow_reduced=allow_reduced)
