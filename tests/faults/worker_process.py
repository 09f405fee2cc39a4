"""A worker of its own, for tests that kill, freeze and stop it; arguments: address and seconds of a lease.

It says ``started <job>`` when it begins a job. The effect of a job is a row in the table ``effect``.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from threading import Event

from flask import Flask
from sqlalchemy import text

from ethiek import db
from ethiek.services import jobs
from ethiek.worker import JobContext, run_worker, stop_on_signals


def effect(context: JobContext) -> None:
    """Take a while, and then have an effect."""
    print(f"started {context.lease.job_id}", flush=True)  # noqa: T201
    time.sleep(context.payload["seconds"])
    with db.transaction() as session:
        session.execute(text("INSERT INTO effect VALUES (:job)"), {"job": str(context.lease.job_id)})
        jobs.finish(session, context.lease)


def ticking(context: JobContext) -> None:
    """Tell progress for as long as it may."""
    context.tick(50, "Half")
    print(f"started {context.lease.job_id}", flush=True)  # noqa: T201
    while True:
        time.sleep(0.05)
        context.tick(50, "Half")


def deadly(_context: JobContext) -> None:
    """Take the worker along."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, lease_seconds: float) -> None:
    app = Flask("ethiek")
    db.init_app(app, url)
    stop = Event()
    stop_on_signals(stop)
    handlers = {"effect": effect, "ticking": ticking, "deadly": deadly}
    run_worker(app, handlers, stop, poll=0.05, lease_seconds=lease_seconds)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
