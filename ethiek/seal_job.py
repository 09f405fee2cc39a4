"""The job that ends the story: render, sign, check, archive. Doing it twice, or half, leaves one signed report.

Nothing becomes final before the last transaction, which records the report and the end of the job together. What an
interrupted run left in the archive folder is a file without a record, and harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from flask import Flask

from ethiek import db
from ethiek.config import Settings
from ethiek.errors import SigningError
from ethiek.reports.archive import Archive
from ethiek.reports.gate import breaches, in_words
from ethiek.reports.isolated import render_isolated
from ethiek.reports.sign import PdfSigner
from ethiek.reports.source import ReportSource
from ethiek.reports.stamping import Stamping
from ethiek.reports.verify import verify
from ethiek.seals import signer_of, stamping_of, trusted_by
from ethiek.services import jobs, reporting
from ethiek.services.advice import SEAL_JOB
from ethiek.worker import Handler, JobContext

Clock = Callable[[], datetime]

REASON: Final = "Advies van de ethische commissie"
"""Stands in the signature itself."""

PROGRESS: Final = {"reading": 10, "rendering": 20, "signing": 75, "checking": 85, "storing": 95}
"""Label of a stage -> percentage at which it begins."""


def handlers(app: Flask) -> Mapping[str, Handler]:
    """Return what the worker can do: kind of job -> handler."""
    settings: Settings = app.extensions["settings"]
    return {SEAL_JOB: Sealing(settings).do}


class Sealing:
    """Makes signed reports for one installation. ``clock``: the time of signing."""

    def __init__(self, settings: Settings, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._settings = settings
        self._clock = clock

    def do(self, context: JobContext) -> None:
        """Bring one approved advice to its signed report.

        The seal is opened and checked first: without one, minutes of rendering would be for nothing.

        Raises:
            SigningError: no seal could be set, or the signed file does not pass our own check.
            RenderError: the report cannot be made.
        """
        advice_id = UUID(context.payload["advice"])
        _begin(context, "reading")
        if self._is_done(advice_id, context):
            return
        signer = signer_of(self._settings)
        stamping = stamping_of(self._settings, signer)
        signer.check(self._clock(), stamping)
        source = _source(advice_id, signer, stamping, self._settings)
        pdf = _rendered(source, context)
        _begin(context, "signing")
        at = self._clock()
        sealed = signer.seal(pdf, reason=REASON, at=at, stamping=stamping)
        _begin(context, "checking")
        _check(sealed, pdf, trusted_by(self._settings, signer))
        _begin(context, "storing")
        file = Archive(self._settings.archive_folder).put(sealed)
        with db.transaction() as session:
            jobs.finish(session, context.lease)
            reporting.store(session, advice_id, file, at, test_seal=signer.is_test)

    def _is_done(self, advice_id: UUID, context: JobContext) -> bool:
        """Tell whether an earlier run recorded the report; then only the job itself was left to end."""
        with db.transaction() as session:
            if reporting.archived(session, advice_id) is None:
                return False
            jobs.finish(session, context.lease)
            return True


def _begin(context: JobContext, stage: str) -> None:
    context.tick(PROGRESS[stage], stage)


def _source(advice_id: UUID, signer: PdfSigner, stamping: Stamping, settings: Settings) -> ReportSource:
    with db.reading() as session:
        return reporting.source_of(
            session,
            advice_id,
            test_seal=signer.is_test,
            signatures=stamping.level.signatures,
            time_stamps=stamping.makes_room,
            public_url=settings.public_url,
            house=settings.house,
        )


def _rendered(source: ReportSource, context: JobContext) -> bytes:
    """Render in a child process; its heartbeat keeps our turn, and lets us stop when we are asked to."""
    progress = PROGRESS["rendering"]

    def tick() -> None:
        nonlocal progress
        context.tick(progress, "rendering")
        progress = min(progress + 2, PROGRESS["signing"])

    tick()
    return render_isolated(source, tick=tick)


def _check(sealed: bytes, pdf: bytes, trusted: tuple[bytes, ...]) -> None:
    """Pass if the report still conforms, and everybody who trusts these issuers will find it in order.

    Args:
        pdf: the report as it came through the gate before sealing.

    Raises:
        SigningError: names the rules or checks that failed.
    """
    if found := breaches(sealed, passed=pdf):
        raise SigningError(f"sealing made a file that does not conform any more: {in_words(found)}")
    failures = verify(sealed, trusted, language="en").failures()
    if failures:
        raise SigningError(
            "the signed report does not pass its own check: "
            + " ".join(finding.sentence for finding in failures),
            "self_check",
        )
