"""Generated payloads: for each allowed module, the ways through its public attributes to what is denied."""

from tests.sandbox.attacks.payloads import Payload


def payloads() -> tuple[Payload, ...]:
    return ()
