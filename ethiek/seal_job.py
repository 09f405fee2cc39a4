"""The job that ends the story: render, sign, check, archive. Doing it twice, or half, leaves one signed report.

Nothing becomes final before the last transaction, which records the report and the end of the job together. What an
interrupted run left in the archive folder is a file without a record, and harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from flask import Flask

from ethiek import db
from ethiek.config import Settings
from ethiek.errors import SigningError
from ethiek.reports.archive import Archive, ArchivedFile
from ethiek.reports.continuation import check_unfinished
from ethiek.reports.gate import breaches, in_words
from ethiek.reports.isolated import render_isolated
from ethiek.reports.languages import WORDS
from ethiek.reports.sign import PdfSigner
from ethiek.reports.source import ReportSource
from ethiek.reports.stamping import Stamping
from ethiek.reports.verify import verify
from ethiek.seals import closing_of, signer_of, stamping_of, trusted_by
from ethiek.services import decision_editions, jobs, personal, reporting
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
        """Bring one approved advice to its signed report, or to the persons who sign behind the seal."""
        report = AdviceReport(UUID(context.payload["advice"]))
        with db.reading() as session:
            pending = personal.pending_of(session, report.advice_id)
            roles = personal.signing_roles(session, report.advice_id)
        if pending is not None:
            self._close(report, pending.id, context, waits=personal.awaited(pending) is not None)
        elif roles:
            self._open(report, roles, context)
        else:
            self._issue(report, context)

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
        pdf, sealed, at = self._sealed(edition, signer, stamping, stamping.level.signatures, context)
        _begin(context, "checking")
        _check(sealed, pdf, trusted_by(self._settings, signer))
        self._store(edition, sealed, at, signer, context)

    def _sealed(
        self,
        edition: Edition,
        signer: PdfSigner,
        stamping: Stamping,
        signatures: Sequence[str],
        context: JobContext,
    ) -> tuple[bytes, bytes, datetime]:
        """Render and seal; returns the file before and after, and the moment of sealing."""
        signer.check(self._clock(), stamping)
        source = _source(edition, signer, stamping, signatures, self._settings)
        pdf = _rendered(source, context)
        _begin(context, "signing")
        at = self._clock()
        sealed = signer.seal(pdf, reason=WORDS[source.language].seal_reason, at=at, stamping=stamping)
        return pdf, sealed, at

    def _store(
        self,
        edition: Edition,
        sealed: bytes,
        at: datetime,
        signer: PdfSigner,
        context: JobContext,
        pending_id: UUID | None = None,
    ) -> None:
        """Archive and record a finished report; ``pending_id``: what waited for persons, and ends with it."""
        _begin(context, "storing")
        file = Archive(self._settings.archive_folder).put(sealed)
        with db.transaction() as session:
            jobs.finish(session, context.lease)
            if pending_id is not None:
                personal.end(session, pending_id, at)
            edition.store(session, file, at, test_seal=signer.is_test)

    def _open(self, report: AdviceReport, roles: Sequence[str], context: JobContext) -> None:
        """Seal a report for persons to sign behind it; it waits for them, and is not final.

        Raises:
            SigningError, RenderError: as at issuing.
        """
        _begin(context, "reading")
        if _is_done(report, context):
            return
        signer = signer_of(self._settings)
        stamping = replace(stamping_of(self._settings, signer), persons=True)
        signatures = stamping.level.signatures_with(roles)
        pdf, sealed, at = self._sealed(report, signer, stamping, signatures, context)
        _begin(context, "checking")
        _check_gate(sealed, pdf)
        check_unfinished(sealed, signatures[:1], trusted_by(self._settings, signer))
        _begin(context, "storing")
        with db.transaction() as session:
            jobs.finish(session, context.lease)
            personal.begin(session, report.advice_id, roles, sealed, at)

    def _close(self, report: AdviceReport, pending_id: UUID, context: JobContext, *, waits: bool) -> None:
        """Finish a report that all persons have signed: time stamp, check, archive.

        Raises:
            SigningError: a certificate may not be used any more, or there is no time stamp.
        """
        _begin(context, "reading")
        if waits:
            with db.transaction() as session:
                jobs.finish(session, context.lease)
            return
        signer = signer_of(self._settings)
        with db.reading() as session:
            signed = personal.file_of(session, pending_id)
        _begin(context, "signing")
        closed = closing_of(self._settings, signer).close(signed)
        _begin(context, "checking")
        _check(closed, signed, trusted_by(self._settings, signer))
        self._store(report, closed, self._clock(), signer, context, pending_id)


def _is_done(edition: Edition, context: JobContext) -> bool:
    with db.transaction() as session:
        if not edition.is_recorded(session):
            return False
        jobs.finish(session, context.lease)
        return True


def _begin(context: JobContext, stage: str) -> None:
    context.tick(PROGRESS[stage], stage)


def _source(
    edition: Edition,
    signer: PdfSigner,
    stamping: Stamping,
    signatures: Sequence[str],
    settings: Settings,
) -> ReportSource:
    presentation = {
        "test_seal": signer.is_test,
        "signatures": signatures,
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
    _check_gate(sealed, pdf)
    failures = verify(sealed, trusted, language="en").failures()
    if failures:
        raise SigningError(
            "the signed report does not pass its own check: "
            + " ".join(finding.sentence for finding in failures),
            "self_check",
        )


def _check_gate(sealed: bytes, pdf: bytes) -> None:
    if found := breaches(sealed, passed=pdf):
        raise SigningError(f"sealing made a file that does not conform any more: {in_words(found)}")
