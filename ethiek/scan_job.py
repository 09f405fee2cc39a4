"""The job that looks for viruses in one attachment. Until it says so, nobody gets the file."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask

from ethiek import db
from ethiek.config import Settings
from ethiek.errors import ArchiveError, ScanError
from ethiek.files.scanning import Scanner, Verdict
from ethiek.incoming import files_of, quarantine_of, scanner_of
from ethiek.services import attachment_files, jobs, scanning
from ethiek.services.attachments import SCAN_JOB
from ethiek.services.scanning import ToScan
from ethiek.worker import Handler, JobContext


def handlers(app: Flask) -> Mapping[str, Handler]:
    """Return what the worker can do: kind of job -> handler."""
    settings: Settings = app.extensions["settings"]
    return {SCAN_JOB: Scanning(settings, scanner_of(settings)).do}


def discard_unused(app: Flask) -> None:
    """Remove the files that nothing names any more; the space is given back."""
    settings: Settings = app.extensions["settings"]
    with app.app_context(), db.own_transaction() as session:
        stores = (files_of(settings), quarantine_of(settings))
        attachment_files.discard_unused(session, stores, time.time())


class Scanning:
    """Scans files for one installation. ``scanner``: None if there is none, and then nothing becomes clean."""

    def __init__(self, settings: Settings, scanner: Scanner | None) -> None:
        self._files = files_of(settings)
        self._quarantine = quarantine_of(settings)
        self._scanner = scanner

    def do(self, context: JobContext) -> None:
        """Scan one attachment, and write down what was found.

        Raises:
            ScanError: nothing is known about the file; the worker tries again.
            ArchiveError: the file is not there, or was changed.
        """
        attachment_id = UUID(context.payload["attachment"])
        with db.reading() as session:
            waiting = scanning.to_scan(session, attachment_id)
        if waiting is None:
            with db.transaction() as session:
                jobs.finish(session, context.lease)
            return
        try:
            verdict = self._verdict(waiting)
        except (ScanError, ArchiveError):
            with db.transaction() as session:
                scanning.note_not_scanned(session, attachment_id, _now())
            raise
        self._settle(context, waiting, verdict)

    def _verdict(self, waiting: ToScan) -> Verdict:
        if self._scanner is None:
            raise ScanError("no_scanner")
        return self._scanner.scan(self._bytes(waiting.sha256))

    def _bytes(self, sha256: str) -> bytes:
        """The file, also when an earlier run was interrupted just after it put it in quarantine."""
        try:
            return self._files.read(sha256)
        except ArchiveError as error:
            if error.reason != "missing":
                raise
            return self._quarantine.read(sha256)

    def _settle(self, context: JobContext, waiting: ToScan, verdict: Verdict) -> None:
        with db.transaction() as session:
            jobs.finish(session, context.lease)
            if verdict.virus:
                self._files.move_to(self._quarantine, waiting.sha256)
                scanning.note_infected(session, waiting.sha256, verdict.virus, _now())
            else:
                scanning.note_clean(session, waiting.attachment_id, _now())


def _now() -> datetime:
    return datetime.now(UTC)
