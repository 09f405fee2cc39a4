"""Signatures of persons: a sealed report waits for chair and secretary, each signs in turn, and the last one closes it.

The file so far is in the database: a signature replaces it together with the row that says whose it is, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer

from ethiek.domain.actors import Role, Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.errors import ConcurrentEditError, NotFoundError, TransitionNotAllowedError
from ethiek.models.advice import Advice, Approval
from ethiek.models.signing import PendingReport, PersonalSignature, SignatureWaiver
from ethiek.reports import continuation
from ethiek.reports.fields import APPROVALS, SEAL
from ethiek.reports.source import digest
from ethiek.services import audit, jobs
from ethiek.services.access import Access, open_dossier
from ethiek.services.advice import present_advice, seal_key

Details = Mapping[str, str | int | None]

PATIENCE: Final = timedelta(days=14)
"""After so long the pages say that a signature is late."""


def signing_roles(session: Session, advice_id: UUID) -> tuple[str, ...]:
    """Return who will sign the report on an advice, in order; empty when only the organisation seals it."""
    signing = select(Approval.role).where(Approval.advice_id == advice_id, Approval.signs)
    waived = select(SignatureWaiver.role).where(SignatureWaiver.advice_id == advice_id)
    roles = {role.value for role in session.scalars(signing)} - {
        role.value for role in session.scalars(waived)
    }
    return tuple(role for role in APPROVALS if role in roles)


def pending_of(session: Session, advice_id: UUID, *, file: bool = False) -> PendingReport | None:
    """Return the report that waits for persons now, with its signatures.

    Args:
        file: with its bytes.
    """
    query = (
        select(PendingReport)
        .where(PendingReport.advice_id == advice_id, PendingReport.ended_at.is_(None))
        .options(selectinload(PendingReport.signatures).joinedload(PersonalSignature.user, innerjoin=True))
        .execution_options(populate_existing=True)
    )
    return session.scalar(query.options(undefer(PendingReport.content)) if file else query)


def file_of(session: Session, pending_id: UUID) -> bytes:
    """Return the file so far of a report that waits.

    Raises:
        NotFoundError: it waits no more.
    """
    content = session.scalar(select(PendingReport.content).where(PendingReport.id == pending_id))
    if content is None:
        raise NotFoundError
    return content


def awaited(pending: PendingReport) -> Role | None:
    """Return the role whose turn it is; None when all have signed."""
    return next(iter(_missing(pending)), None)


def fields_until(pending: PendingReport, role: Role) -> tuple[str, ...]:
    """Return the fields that are filled once this role has signed."""
    until = pending.roles.index(role.value) + 1
    return (SEAL.name, *(APPROVALS[one].name for one in pending.roles[:until]))


def begin(session: Session, advice_id: UUID, roles: Sequence[str], pdf: bytes, at: datetime) -> None:
    """Let a sealed report wait for persons; called in the transaction that ends the job."""
    pending = PendingReport(
        advice_id=advice_id,
        roles=list(roles),
        content=pdf,
        sha256=digest(pdf),
        size=len(pdf),
        sealed_at=at,
        due_at=at + PATIENCE,
    )
    session.add(pending)


def end(session: Session, pending_id: UUID, at: datetime) -> None:
    """The file is in the archive, or counts no more: it is not kept here.

    Raises:
        NotFoundError: somebody else ended it.
    """
    pending = session.scalar(
        select(PendingReport)
        .where(PendingReport.id == pending_id, PendingReport.ended_at.is_(None))
        .with_for_update()
    )
    if pending is None:
        raise NotFoundError
    pending.content, pending.ended_at = None, at
    session.flush()


@dataclass(frozen=True, slots=True)
class SigningSheet:
    """How a report stands that waits for persons, as chair or secretary sees it.

    ``mine``: the role in which this actor signs; None when nothing is asked. ``turn``: whose turn it is; None when
    nobody's. ``pending`` is None while there is nothing to sign.
    """

    access: Access
    advice: Advice | None
    pending: PendingReport | None
    mine: Role | None
    turn: Role | None
    may_go_on: bool
    """The secretary may go on without who has not signed yet."""

    @property
    def field(self) -> str:
        """The name of the field for this actor; empty when nothing is asked."""
        return APPROVALS[self.mine].name if self.mine else ""


def sheet(session: Session, dossier_id: UUID, stamp: Stamp) -> SigningSheet:
    """Return what chair or secretary sees about the signing."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ADVICE_APPROVE)
    advice = present_advice(session, dossier_id)
    if advice is None or access.dossier.status is not Status.AWAITING_SIGNATURE:
        return SigningSheet(access, advice, None, None, None, may_go_on=False)
    pending = pending_of(session, advice.id)
    if pending is None:
        return SigningSheet(access, advice, None, None, None, may_go_on=False)
    turn = awaited(pending)
    may_go_on = access.may(Permission.REPORT_RETRY) and _may_be_left_out(access, pending)
    return SigningSheet(access, advice, pending, _mine(advice, pending, stamp), turn, may_go_on=may_go_on)


def _mine(advice: Advice, pending: PendingReport, stamp: Stamp) -> Role | None:
    """The role in which the actor approved, if that one signs: nobody signs for somebody else."""
    approved = [row.role for row in advice.approvals if row.user_id == stamp.actor.user_id]
    return next((role for role in approved if role.value in pending.roles), None)


def _missing(pending: PendingReport) -> list[Role]:
    signed = {row.role for row in pending.signatures}
    return [Role(role) for role in pending.roles if role not in signed]


def _may_be_left_out(access: Access, pending: PendingReport) -> bool:
    rule = access.dossier.committee.personal_signing
    missing = _missing(pending)
    return bool(missing) and not any(rule.must(role) for role in missing)


@dataclass(frozen=True, slots=True)
class ToSign:
    """The file that somebody is about to sign, the field for it, and all that must be filled then."""

    pdf: bytes
    role: Role
    fields: tuple[str, ...]

    @property
    def field(self) -> str:
        """The field of this person."""
        return self.fields[-1]


def to_sign(session: Session, dossier_id: UUID, sha256: str, stamp: Stamp) -> ToSign:
    """Return the file that was on the screen, for who signs it now.

    Raises:
        TransitionNotAllowedError: nothing is asked of this actor (now).
        ConcurrentEditError: the file is no longer the one on the screen.
    """
    found = sheet(session, dossier_id, stamp)
    if not (found.advice and found.pending and found.mine) or found.mine is not found.turn:
        raise TransitionNotAllowedError(Permission.ADVICE_APPROVE, found.access.dossier.status)
    if found.pending.sha256 != sha256:
        raise ConcurrentEditError(dossier_id)
    pending = pending_of(session, found.advice.id, file=True)
    if pending is None or pending.content is None:
        raise ConcurrentEditError(dossier_id)
    return ToSign(pending.content, found.mine, fields_until(pending, found.mine))


def read(session: Session, dossier_id: UUID, stamp: Stamp) -> tuple[str, bytes]:
    """Return the reference and the file so far, for who approves; the reading is an event.

    Raises:
        NotFoundError: nothing waits for persons.
    """
    found = sheet(session, dossier_id, stamp)
    pending = found.pending and found.advice and pending_of(session, found.advice.id, file=True)
    if not pending or pending.content is None:
        raise NotFoundError
    details = {"sha256": pending.sha256}
    audit.record(
        session, stamp, "read_pending_report", audit.Subject("dossier", str(dossier_id)), details=details
    )
    return found.access.dossier.reference, pending.content


def record(
    session: Session,
    dossier_id: UUID,
    seen: str,
    signed: continuation.PersonalSignature,
    stamp: Stamp,
) -> bool:
    """Put the signature of the actor in the place of the file that it continues; the last one sends it to be closed.

    Args:
        seen: SHA-256 of the file that was signed.

    Returns:
        Whether all have signed now.

    Raises:
        TransitionNotAllowedError, ConcurrentEditError: meanwhile it is not the actor's turn, or another file.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ADVICE_APPROVE, lock=True)
    given = to_sign(session, dossier_id, seen, stamp)
    advice = _advice(session, dossier_id)
    pending = _pending(session, advice)
    pending.signatures.append(_row(given.role, signed, stamp))
    pending.content, pending.sha256, pending.size = signed.content, signed.sha256, len(signed.content)
    session.flush()
    complete = not awaited(pending)
    if complete:
        jobs.again(session, seal_key(advice.id))
    audit.record(
        session,
        stamp,
        "sign_approval",
        audit.Subject("dossier", str(access.dossier.id)),
        details={
            "advice": advice.version,
            "role": given.role,
            "certificate": signed.certificate,
            "serial": signed.serial,
            "before": seen,
            "sha256": signed.sha256,
        },
    )
    return complete


def _row(role: Role, signed: continuation.PersonalSignature, stamp: Stamp) -> PersonalSignature:
    return PersonalSignature(
        role=role,
        user_id=stamp.actor.user_id,
        at=stamp.at,
        name=signed.name,
        certificate_sha256=signed.certificate,
        serial=signed.serial,
        sha256=signed.sha256,
    )


def go_on_without(session: Session, dossier_id: UUID, seen: str, stamp: Stamp) -> None:
    """Leave out who has not signed, where the rule allows that; who had signed is asked again, for the new file.

    Args:
        seen: SHA-256 of the file that was on the screen.

    Raises:
        TransitionNotAllowedError: nothing waits, or a signature that is missing is required.
        ConcurrentEditError: meanwhile somebody signed.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REPORT_RETRY, lock=True)
    advice, pending = _waiting(session, access, seen)
    if not _may_be_left_out(access, pending):
        raise TransitionNotAllowedError(Permission.REPORT_RETRY, access.dossier.status)
    missing = _missing(pending)
    for role in missing:
        session.add(SignatureWaiver(advice_id=advice.id, role=role, by_id=stamp.actor.user_id, at=stamp.at))
    end(session, pending.id, stamp.at)
    jobs.again(session, seal_key(advice.id))
    details: Details = {"advice": advice.version, "without": " ".join(missing), "sha256": seen}
    audit.record(
        session, stamp, "go_on_without_signature", audit.Subject("dossier", str(dossier_id)), details=details
    )


def begin_anew(session: Session, dossier_id: UUID, seen: str, stamp: Stamp) -> None:
    """Throw away what waits, and make and seal the report again: all who sign, sign again.

    For a seal or a certificate that ended while others were awaited.

    Raises:
        TransitionNotAllowedError: nothing waits, or it is being closed at this moment.
        ConcurrentEditError: meanwhile somebody signed.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REPORT_RETRY, lock=True)
    advice, pending = _waiting(session, access, seen)
    end(session, pending.id, stamp.at)
    jobs.again(session, seal_key(advice.id))
    details: Details = {"advice": advice.version, "sha256": seen}
    audit.record(
        session, stamp, "begin_signing_anew", audit.Subject("dossier", str(dossier_id)), details=details
    )


def _waiting(session: Session, access: Access, seen: str) -> tuple[Advice, PendingReport]:
    if access.dossier.status is not Status.AWAITING_SIGNATURE:
        raise TransitionNotAllowedError(Permission.REPORT_RETRY, access.dossier.status)
    advice = _advice(session, access.dossier.id)
    pending = pending_of(session, advice.id)
    if pending is None:
        raise TransitionNotAllowedError(Permission.REPORT_RETRY, access.dossier.status)
    if pending.sha256 != seen:
        raise ConcurrentEditError(access.dossier.id)
    return advice, pending


def _advice(session: Session, dossier_id: UUID) -> Advice:
    advice = present_advice(session, dossier_id)
    if advice is None:
        raise NotFoundError
    return advice


def _pending(session: Session, advice: Advice) -> PendingReport:
    pending = pending_of(session, advice.id)
    if pending is None:
        raise NotFoundError
    return pending
