"""The real worker with the real job, and a short lease; arguments: instance folder and seconds of a lease."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event

from ethiek.config import Settings
from ethiek.headless import headless
from ethiek.seal_job import handlers
from ethiek.worker import run_worker


def main(instance: Path, lease_seconds: float) -> None:
    with headless(Settings.from_env(instance)) as app:
        run_worker(app, handlers(app), Event(), poll=0.05, lease_seconds=lease_seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
