"""The bench on a Ray cluster: `Ray` is a `Workers` like the one of a single machine, and yields the same samples.

Knows the room's public names. Needs the extra `cluster`; importing this does not import Ray. docs/cluster.md says how
to use it.
"""

from mtchat.bench.cluster.actors import Greeting, Work
from mtchat.bench.cluster.address import check_address
from mtchat.bench.cluster.plan import Share
from mtchat.bench.cluster.workers import Ray

__all__ = ["Greeting", "Ray", "Share", "Work", "check_address"]
