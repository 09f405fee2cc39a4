"""A child that does what its job says; run by ``test_prepared``."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from ethiek.reports.confinement import confine

SEEN: list[str] = []


def said() -> dict[str, Any]:
    """What a child can tell about itself."""
    return {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "open": sorted(int(entry.name) for entry in Path("/proc/self/fd").iterdir())[:-1],
        "environment": sorted(os.environ),
        "seen": SEEN,
    }


def main() -> int:
    """Do it."""
    job = sys.stdin.read()
    if job == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if job == "fail":
        raise RuntimeError(job)
    if job == "sleep":
        time.sleep(60)
    if job == "grow":
        confine(memory_bytes=2**29, cpu_seconds=5)
        bytearray(2**30)
    SEEN.append(job)
    sys.stdout.write(json.dumps(said()))
    return 7 if job == "seven" else 0


if __name__ == "__main__":
    sys.exit(main())
