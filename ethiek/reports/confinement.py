"""What a child process gives up before it touches its input: memory, processor time and the network."""

from __future__ import annotations

import resource
import sys
from typing import Final

NETWORK_EVENTS: Final = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"})


def confine(*, memory_bytes: int, cpu_seconds: int) -> None:
    """Set the limits, and refuse every connection. Neither can be taken back."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse_network)


def _refuse_network(event: str, _: object) -> None:
    if event in NETWORK_EVENTS:
        raise PermissionError(event)
