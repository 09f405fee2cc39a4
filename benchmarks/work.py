"""The worker as in production, for the reports: ``python -m benchmarks.work``."""

from __future__ import annotations

import logging
from threading import Event

from ethiek.app import create_app
from ethiek.reports.child_process import prepared
from ethiek.reports.isolated import CHILDREN
from ethiek.seal_job import handlers
from ethiek.worker import run_worker, stop_on_signals


def main() -> None:
    """Do jobs until told to stop."""
    logging.basicConfig(level=logging.WARNING)
    stop = Event()
    stop_on_signals(stop)
    app = create_app()
    with prepared(CHILDREN):
        run_worker(app, handlers(app), stop)


if __name__ == "__main__":
    main()
