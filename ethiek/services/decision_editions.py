"""From a decision to the edition of the report in which it stands; the earlier edition stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import SYSTEM_ACTOR, Stamp
from ethiek.errors import NotFoundError
from ethiek.models.archive import ArchiveRecord
from ethiek.models.decisions import Decision
from ethiek.reports.archive import ArchivedFile
from ethiek.reports.source import ReportSource
from ethiek.services import audit, reporting


def source_of(session: Session, decision_id: UUID, presentation: Mapping[str, Any]) -> ReportSource:
    """Gather what the edition is rendered from: the four documents of the advice, and the decision.

    Args:
        presentation: as in :func:`ethiek.services.reporting.source_of`.

    Raises:
        NotFoundError: there is no such decision.
    """
    decision = _decision(session, decision_id)
    source = reporting.source_of(session, decision.advice_id, **presentation)
    return replace(source, decision=decision.content.encode())


def _decision(session: Session, decision_id: UUID) -> Decision:
    decision = session.get(Decision, decision_id)
    if decision is None:
        raise NotFoundError
    return decision


def archived(session: Session, decision_id: UUID) -> ArchiveRecord | None:
    """Return the record of the edition with this decision, if there is one."""
    return session.scalar(select(ArchiveRecord).where(ArchiveRecord.decision_id == decision_id))


def store(
    session: Session, decision_id: UUID, file: ArchivedFile, at: datetime, *, test_seal: bool
) -> ArchiveRecord:
    """Record the edition with a decision; a second time gives the first record."""
    if (present := archived(session, decision_id)) is not None:
        return present
    decision = _decision(session, decision_id)
    record = reporting.new_record(session, decision.advice_id, file, at, test_seal=test_seal)
    record.decision_id, record.outcome = decision.id, decision.outcome
    session.add(record)
    session.flush()
    audit.record(
        session,
        Stamp(SYSTEM_ACTOR, at, origin="worker"),
        "archive_decision",
        audit.Subject("dossier", str(decision.dossier_id)),
        details={"number": decision.number, "decision": decision.sha256, "sha256": file.sha256},
    )
    return record
