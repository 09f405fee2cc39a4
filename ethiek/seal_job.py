"""The job that ends the story: render, sign, check, archive. Doing it twice, or half, leaves one signed report.

Nothing becomes final before the last transaction, which records the report and the end of the job together. What an
interrupted run left in the archive folder is a file without a record, and harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from flask import Flask

from ethiek import db
from ethiek.config import Settings
from ethiek.errors import SigningError
from ethiek.reports.archive import Archive, ArchivedFile
from ethiek.reports.gate import breaches, in_words
from ethiek.reports.isolated import render_isolated
from ethiek.reports.languages import WORDS
from ethiek.reports.sign import PdfSigner
from ethiek.reports.source import ReportSource
from ethiek.reports.stamping import Stamping
from ethiek.reports.verify import verify
from ethiek.seals import signer_of, stamping_of, trusted_by
from ethiek.services import decision_editions, jobs, reporting
from ethiek.services.advice import SEAL_JOB
from ethiek.services.decisions import DECISION_JOB
from ethiek.worker import Handler, JobContext

Clock = Callable[[], datetime]

PROGRESS: Final = {"reading": 10, "rendering": 20, "signing": 75, "checking": 85, "storing": 95}
"""Label of a stage -> percentage at which it begins."""


def handlers(app: Flask) -> Mapping[str, Handler]:
    """Return what the worker can do: kind of job -> handler."""
    settings: Settings = app.extensions["settings"]
    sealing = Sealing(settings)
    return {SEAL_JOB: sealing.do, DECISION_JOB: sealing.do_decision}


class Edition(Protocol):
    """What is to be issued: where its contents come from, and how it is recorded. Nothing about how it is made."""

    def is_recorded(self, session: db.Session) -> bool:
        """Tell whether an earlier run recorded it; then only the job itself is left to end."""
        ...

    def source(self, session: db.Session, presentation: Mapping[str, Any]) -> ReportSource:
        """Gather what it is rendered from. ``presentation``: as in :func:`ethiek.services.reporting.source_of`."""
        ...

    def store(self, session: db.Session, file: ArchivedFile, at: datetime, *, test_seal: bool) -> None:
        """Record it, in the transaction that ends the job."""
        ...


@dataclass(frozen=True, slots=True)
class AdviceReport:
    """The report on an approved advice, which closes its dossier."""

    advice_id: UUID

    def is_recorded(self, session: db.Session) -> bool:
        """Tell whether the advice has its signed report."""
        return reporting.archived(session, self.advice_id) is not None

    def source(self, session: db.Session, presentation: Mapping[str, Any]) -> ReportSource:
        """Gather the four documents."""
        return reporting.source_of(session, self.advice_id, **presentation)

    def store(self, session: db.Session, file: ArchivedFile, at: datetime, *, test_seal: bool) -> None:
        """Record the report and close the dossier."""
        reporting.store(session, self.advice_id, file, at, test_seal=test_seal)


@dataclass(frozen=True, slots=True)
class DecidedReport:
    """The later edition of a report, with the decision of the official in it."""

    decision_id: UUID

    def is_recorded(self, session: db.Session) -> bool:
        """Tell whether the decision has its edition."""
        return decision_editions.archived(session, self.decision_id) is not None

    def source(self, session: db.Session, presentation: Mapping[str, Any]) -> ReportSource:
        """Gather the five documents."""
        return decision_editions.source_of(session, self.decision_id, presentation)

    def store(self, session: db.Session, file: ArchivedFile, at: datetime, *, test_seal: bool) -> None:
        """Record the edition."""
        decision_editions.store(session, self.decision_id, file, at, test_seal=test_seal)


class Sealing:
    """Makes signed reports for one installation. ``clock``: the time of signing."""

    def __init__(self, settings: Settings, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._settings = settings
        self._clock = clock

    def do(self, context: JobContext) -> None:
        """Bring one approved advice to its signed report."""
        self._issue(AdviceReport(UUID(context.payload["advice"])), context)

    def do_decision(self, context: JobContext) -> None:
        """Bring one decision to the edition of the report in which it stands."""
        self._issue(DecidedReport(UUID(context.payload["decision"])), context)

    def _issue(self, edition: Edition, context: JobContext) -> None:
        """Make, seal, check and archive one document, once.

        The seal is opened and checked first: without one, minutes of rendering would be for nothing.

        Raises:
            SigningError: no seal could be set, or the signed file does not pass our own check.
            RenderError: the report cannot be made.
        """
        _begin(context, "reading")
        if _is_done(edition, context):
            return
        signer = signer_of(self._settings)
        stamping = stamping_of(self._settings, signer)
        signer.check(self._clock(), stamping)
        source = _source(edition, signer, stamping, self._settings)
        pdf = _rendered(source, context)
        _begin(context, "signing")
        at = self._clock()
        sealed = signer.seal(pdf, reason=WORDS[source.language].seal_reason, at=at, stamping=stamping)
        _begin(context, "checking")
        _check(sealed, pdf, trusted_by(self._settings, signer))
        _begin(context, "storing")
        file = Archive(self._settings.archive_folder).put(sealed)
        with db.transaction() as session:
            jobs.finish(session, context.lease)
            edition.store(session, file, at, test_seal=signer.is_test)


def _is_done(edition: Edition, context: JobContext) -> bool:
    with db.transaction() as session:
        if not edition.is_recorded(session):
            return False
        jobs.finish(session, context.lease)
        return True


def _begin(context: JobContext, stage: str) -> None:
    context.tick(PROGRESS[stage], stage)


def _source(edition: Edition, signer: PdfSigner, stamping: Stamping, settings: Settings) -> ReportSource:
    presentation = {
        "test_seal": signer.is_test,
        "signatures": stamping.level.signatures,
        "level": stamping.level,
        "time_stamps": stamping.makes_room,
        "public_url": settings.public_url,
        "house": settings.house,
    }
    with db.reading() as session:
        return edition.source(session, presentation)


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
