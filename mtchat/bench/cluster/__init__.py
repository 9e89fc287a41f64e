"""The bench on a Ray cluster: `Cluster` is a `Workers` like `runner.Local`, and yields the same samples; `Ray` the same
with other work.

Knows the room's public names. Needs the extra `cluster`; importing this does not import Ray. docs/cluster.md says how
to use it.
"""

from mtchat.bench.cluster.actors import Greeting, Work
from mtchat.bench.cluster.address import check_address
from mtchat.bench.cluster.bench import Cluster
from mtchat.bench.cluster.plan import Share
from mtchat.bench.cluster.workers import Ray

__all__ = ["Cluster", "Greeting", "Ray", "Share", "Work", "check_address"]
