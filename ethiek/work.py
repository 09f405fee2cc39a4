"""Everything that a worker does: the jobs by their kind, and tidying up."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Flask

from ethiek import scan_job, seal_job, worker
from ethiek.errors import ServiceUnavailableError
from ethiek.worker import Handler

_log = logging.getLogger(__name__)


def handlers(app: Flask) -> Mapping[str, Handler]:
    """Return what the worker can do: kind of job -> handler."""
    return {**seal_job.handlers(app), **scan_job.handlers(app)}


def tidy_up(app: Flask) -> None:
    """Remove what nobody can use any more; next time will do if the database is away."""
    worker.tidy_up(app)
    try:
        scan_job.discard_unused(app)
    except ServiceUnavailableError as error:
        _log.warning("files not tidied up: %s", error.reason)
