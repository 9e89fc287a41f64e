"""The workers of a run on a Ray cluster: started on each node, given jobs, watched, replaced.

Knows actors, nodes that come and go, and what a lost worker was doing. Leaves to others: which job comes next
(`course`), what a worker does (`actors`), how many there are to be (`plan`).
"""

import functools
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mtchat.bench.cluster.actors import Failed, Greeting, JudgeActor, ModelActor, Work, code_here, probe
from mtchat.bench.cluster.course import Job, Kind
from mtchat.bench.cluster.plan import Node, Seats, Share, seats, wants_gpus
from mtchat.errors import CommandError, ModelError

_LOOK_SECONDS = 2.0
_STOP_SECONDS = 3.0
_FALLS = 5
"""Workers that die before they are ready, one after the other with growing pauses, until their node is left alone."""
DIED = "its worker's process died: killed, out of memory, or crashed"


@dataclass(frozen=True)
class Done:
    """A job that came back; `value` is what its worker answered, or a Failed."""

    job: Job
    value: Any


@dataclass(frozen=True)
class Lost:
    """A job whose worker died. `why` is None for one that only waited its turn, or that went down with its node."""

    job: Job
    why: str | None


Event = Done | Lost


class _Dead:
    """In place of an answer: the worker, or its node, is no more."""


@dataclass(eq=False)
class Site:
    """A node as we use it: `fit` once it was seen to run the same code; `out` when it is left alone."""

    node: Node
    first: bool
    fit: bool = False
    out: bool = False
    falls: int = 0
    not_before: float = 0.0

    def __str__(self) -> str:
        return f"{self.node.host} (node {self.node.id[:8]})"


@dataclass(eq=False)
class Worker:
    """An actor, and the jobs it was given, the oldest first: that one it works on."""

    kind: Kind
    site: Site
    actor: Any
    ready: bool = False
    jobs: deque[tuple[Any, Job]] = field(default_factory=deque)


class Crew:
    """All workers there are. `queue` jobs at most are with one worker: one it does, the others to go on with.

    `say` is told in a line what happens to nodes and workers.
    """

    def __init__(self, ray: Any, work: Work, share: Share, queue: int, say: Callable[[str], None]) -> None:
        self.told: Greeting | None = None
        self.most_queued = 0
        self.workers: list[Worker] = []
        self._ray, self._work, self._share, self._queue, self._say = ray, work, share, queue, say
        self._work_ref = ray.put(work)
        self._sites: dict[str, Site] = {}
        self._waiting: dict[Any, Callable[[Any], Iterator[Event]]] = {}
        self._code, self._looked = code_here(), float("-inf")

    # Nodes

    def look(self) -> None:
        """Take in nodes that joined, forget those that left, and fill empty seats."""
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        alive, began = self._alive(), bool(self._sites)
        self._looked = now
        for id in self._sites.keys() - alive.keys():
            self._say(f"{self._sites.pop(id)} left the cluster")
        for id in alive.keys() - self._sites.keys():
            self._sites[id] = site = Site(alive[id], not began)
            here = self._ray.remote(probe()).options(num_cpus=0, scheduling_strategy=self._on(site), max_retries=0)
            self._waiting[here.remote()] = functools.partial(self._probed, site)
        gpu = wants_gpus(self._work.device, alive.values())
        for site in self._sites.values():
            if site.fit and not site.out and now >= site.not_before:
                self._fill(site, seats(site.node, self._share, gpu))

    def _alive(self) -> dict[str, Node]:
        nodes = [node for node in self._ray.nodes() if node["Alive"]]
        return {
            node["NodeID"]: Node(
                node["NodeID"],
                node["NodeManagerHostname"],
                node["Resources"].get("CPU", 0.0),
                node["Resources"].get("GPU", 0.0),
            )
            for node in nodes
        }

    def _on(self, site: Site) -> Any:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        return NodeAffinitySchedulingStrategy(site.node.id, soft=False)

    def _probed(self, site: Site, value: Any) -> Iterator[Event]:
        if isinstance(value, _Dead):
            self._fall(site, "nothing can be started there")
            self._sites.pop(site.node.id, None)  # asked again at the next look, if it still lives
        elif value == self._code:
            site.fit = True
            self._looked = float("-inf")
        elif isinstance(value, Failed) or not value[0]:
            said = value.says if isinstance(value, Failed) else value[1]
            self._refuse(site, f"cannot use mtchat ({said}): install there what is installed here")
        else:
            ours, theirs = (f"{version}, source {digest}" for version, digest in (self._code, value))
            self._refuse(site, f"runs other code than this machine (mtchat {theirs}; here {ours}): install the same")
        yield from ()

    def _refuse(self, site: Site, why: str, kind: type[Exception] = CommandError) -> None:
        """A node that cannot take part ends a run that it was there to begin; a later one is left alone."""
        if site.first:
            raise kind(f"{site} {why}")
        site.out = True
        self._say(f"{site} {why}; it is left alone")

    def _fall(self, site: Site, what: str) -> None:
        site.falls += 1
        site.not_before = time.monotonic() + 2.0**site.falls
        if site.falls >= _FALLS:
            self._refuse(site, f"is of no use: {what} ({_FALLS} tries)")

    # Workers

    def _fill(self, site: Site, wanted: Seats) -> None:
        there = Counter(worker.kind for worker in self.workers if worker.site is site)
        gpus = {"num_gpus": 1} if wanted.gpu else {}
        for _ in range(wanted.models - there["model"]):
            self._start("model", site, {"num_cpus": wanted.model_cpus, **gpus}, self._share.threads)
        for _ in range(wanted.judges - there["judge"]):
            self._start("judge", site, {"num_cpus": wanted.judge_cpus})

    def _start(self, kind: Kind, site: Site, needs: dict[str, Any], *more: Any) -> None:
        made = self._ray.remote(concurrency_groups={"stop": 1})(ModelActor if kind == "model" else JudgeActor)
        made = made.options(**needs, scheduling_strategy=self._on(site), max_restarts=0, max_task_retries=0)
        worker = Worker(kind, site, made.remote(self._work_ref, *more))
        self.workers.append(worker)
        self._waiting[worker.actor.hello.remote()] = lambda value: self._greeted(worker, value)

    def _greeted(self, worker: Worker, value: Any) -> Iterator[Event]:
        site = worker.site
        if isinstance(value, _Dead):
            self._dismiss(worker)
            if self._sites.get(site.node.id) is site:
                self._fall(site, f"a {worker.kind}'s process died while it started, perhaps for want of memory")
        elif isinstance(value, Failed):
            self._dismiss(worker)
            self._refuse(site, f"cannot load the model: {value.says}", ModelError)
        elif worker.kind == "model" and self.told and (value.model, value.dtype) != (self.told.model, self.told.dtype):
            self._dismiss(worker)
            said = f"{_name(value)}, others {_name(self.told)}"
            self._refuse(site, f"has another model ({said}): give every node the same weights and kind of device")
        else:
            worker.ready, site.falls = True, 0
            self.told = self.told or (value if worker.kind == "model" else None)
        yield from ()

    def ready(self, kind: Kind) -> int:
        """How many workers of that kind can work."""
        return sum(worker.ready for worker in self.workers if worker.kind == kind)

    def free(self, kind: Kind) -> Worker | None:
        """The worker of that kind with the least to do, if it can take one more job."""
        able = [w for w in self.workers if w.kind == kind and w.ready and len(w.jobs) < self._queue]
        return min(able, key=lambda worker: len(worker.jobs), default=None)

    def give(self, worker: Worker, job: Job, *what: Any) -> None:
        """Let the worker do the job; an event will say what came of it."""
        ref = worker.actor.do.remote(*what)
        worker.jobs.append((ref, job))
        self.most_queued = max(self.most_queued, len(worker.jobs))
        self._waiting[ref] = lambda value: self._answered(worker, ref, job, value)

    # What happens

    def events(self, seconds: float) -> Iterator[Event]:
        """What came back by now; waits up to `seconds` for the first. Raises CommandError or ModelError for a node
        that cannot take part."""
        if not self._waiting:
            time.sleep(min(seconds, 0.1))
            return
        some, _ = self._ray.wait(list(self._waiting), num_returns=1, timeout=seconds)
        if some:
            some, _ = self._ray.wait(list(self._waiting), num_returns=len(self._waiting), timeout=0)
        for ref in some:
            if ref in self._waiting:
                yield from self._waiting.pop(ref)(self._value(ref))

    def _value(self, ref: Any, seconds: float | None = None) -> Any:
        errors = self._ray.exceptions
        try:
            return self._ray.get(ref, timeout=seconds)
        except errors.RayTaskError as error:
            return Failed.of(error.cause if isinstance(error.cause, Exception) else error)
        except errors.RayError:
            return _Dead()

    def _answered(self, worker: Worker, ref: Any, job: Job, value: Any) -> Iterator[Event]:
        if isinstance(value, _Dead):
            yield from self._mourn(worker)
            return
        worker.jobs.remove((ref, job))
        yield Done(job, value)

    def _mourn(self, worker: Worker) -> Iterator[Event]:
        """What a dead worker leaves: answers it gave before, the job that may have killed it, and those that waited."""
        self._dismiss(worker)
        self._looked = float("-inf")
        with_node = worker.site.node.id not in self._alive()
        self._say(f"a {worker.kind} on {worker.site} was lost; its {len(worker.jobs)} jobs are done again")
        why = None if with_node else DIED
        for ref, job in worker.jobs:
            self._waiting.pop(ref, None)
            value = self._value(ref, 1.0)
            if not isinstance(value, _Dead):
                yield Done(job, value)
            else:
                yield Lost(job, why)
                why = None

    def _dismiss(self, worker: Worker) -> None:
        self.workers.remove(worker)
        self._ray.kill(worker.actor)

    def end(self) -> None:
        """Stop every worker and its sandbox; no error of a cluster that is falling apart comes through."""
        stops = [w.actor.stop.options(concurrency_group="stop").remote() for w in self.workers if w.ready]
        if stops:
            self._ray.wait(stops, num_returns=len(stops), timeout=_STOP_SECONDS)
        for worker in list(self.workers):
            self._dismiss(worker)
        self._waiting.clear()


def _name(greeting: Greeting) -> str:
    info = greeting.model
    known = f"{info.name} {info.sha256 or info.revision or ''}".strip() if info else "none"
    return f"{known} in {greeting.dtype}" if greeting.dtype else known
