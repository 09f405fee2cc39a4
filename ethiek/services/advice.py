"""Adopting the advice, taking it back, and the approval by chair and secretary."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ethiek.domain.actors import Role, Stamp
from ethiek.domain.advice import AdviceInput, check_advice
from ethiek.domain.answers import Slot
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Action, Facts, Status, approved_by_two, next_status
from ethiek.errors import ConcurrentEditError, NotFoundError, TransitionNotAllowedError
from ethiek.models.advice import Advice, AdviceCondition, Approval
from ethiek.models.base import canonical_moment
from ethiek.models.dossiers import Dossier, Snapshot
from ethiek.models.reviews import Remark
from ethiek.services import advised_rounds, audit, jobs, remarks, reviews
from ethiek.services.access import Access, open_dossier
from ethiek.services.advice_facts import optional_facts
from ethiek.services.submission import snapshot_of
from ethiek.services.transitions import check_seen, transition
from ethiek.services.versions import travel_of

SEAL_JOB: Final = "seal_report"


def adopt(session: Session, dossier_id: UUID, given: AdviceInput, organisation: str, stamp: Stamp) -> Advice:
    """Adopt the committee's advice on the present round (NL: vaststellen).

    Raises:
        InputError: verdict, motivation and conditions do not fit together.
        GuardFailedError: the quorum was not reached.
        ConcurrentEditError: the dossier is no longer the one on the chair's screen.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ADVICE_ADOPT, lock=True)
    dossier = access.dossier
    facts = Facts(
        reviews_received=reviews.count(session, dossier_id, dossier.round),
        quorum=dossier.committee.quorum,
    )
    next_status(dossier.status, Action.ADOPT_ADVICE, access.roles, facts)
    check_seen(dossier, stamp)
    check_advice(given)
    advice = _advice(session, access, given, organisation, stamp)
    session.add(advice)
    transition(
        session,
        dossier,
        Action.ADOPT_ADVICE,
        access.roles,
        facts,
        stamp,
        {"advice": advice.version, "verdict": given.verdict, "sha256": advice.sha256},
    )
    return advice


def _advice(
    session: Session,
    access: Access,
    given: AdviceInput,
    organisation: str,
    stamp: Stamp,
) -> Advice:
    dossier = access.dossier
    snapshot = snapshot_of(session, dossier.id, dossier.round)
    content = _content(session, access, snapshot, given, organisation, stamp)
    earlier = (
        session.scalar(
            select(func.max(Advice.version)).where(Advice.dossier_id == dossier.id),
        )
        or 0
    )
    return Advice(
        dossier_id=dossier.id,
        snapshot_id=snapshot.id,
        version=earlier + 1,
        verdict=given.verdict,
        motivation=given.motivation,
        content=content.decode(),
        sha256=hashlib.sha256(content).hexdigest(),
        adopted_by_id=stamp.actor.user_id,
        adopted_at=stamp.at,
        conditions=[
            AdviceCondition(
                position=number, text=condition.text, owner=condition.owner, due_on=condition.due_on
            )
            for number, condition in enumerate(given.conditions, 1)
        ],
    )


def _content(
    session: Session,
    access: Access,
    snapshot: Snapshot,
    given: AdviceInput,
    organisation: str,
    stamp: Stamp,
) -> bytes:
    """Put the advice in canonical JSON, format ``ethiek-advice/1``: all that chair and secretary approve."""
    dossier = access.dossier
    return rfc8785.dumps(
        {
            "format": "ethiek-advice/1",
            "organisation": organisation,
            "committee": dossier.committee.name,
            "dossier": {"id": str(dossier.id), "reference": dossier.reference, "title": dossier.title},
            "round": dossier.round,
            "snapshot_sha256": snapshot.sha256,
            "verdict": given.verdict.value,
            "motivation": given.motivation,
            "conditions": [
                {"text": condition.text, "owner": condition.owner, "due_on": condition.due_on.isoformat()}
                for condition in given.conditions
            ],
            "reviews": [
                {
                    "by": review.member.name,
                    "verdict": review.verdict.value,
                    "motivation": review.motivation,
                    "at": canonical_moment(review.recorded_at),
                }
                for review in reviews.of_round(session, dossier.id, dossier.round)
            ],
            "quorum": max(dossier.committee.quorum, 1),
            "remarks": released_remarks(session, access),
            "rounds": advised_rounds.rounds_of(session, access),
            "adopted": {"by": stamp.actor.name, "at": canonical_moment(stamp.at)},
            **optional_facts(session, dossier, given, stamp),
        }
    )


def released_remarks(session: Session, access: Access) -> list[dict[str, Any]]:
    """Internal remarks stay inside the committee, also on paper.

    Each stands where its question stands in the present round; without such a place, at the dossier as a whole.
    """
    travel = travel_of(session, access.dossier, access.questionnaire_sha256)
    rows = [row for row in remarks.visible(session, access) if row.released_at is not None]
    slots = [travel.follow(Slot(row.question_id, row.item), row.snapshot.round) or Slot("") for row in rows]
    return [remark_in_json(remark, *slot) for remark, slot in zip(rows, slots, strict=True)]


def remark_in_json(remark: Remark, question: str, item: str) -> dict[str, Any]:
    """Return a remark with its replies as documents hold it, at a question (empty: at the whole)."""
    return {
        "round": remark.snapshot.round,
        "question": question,
        "item": item,
        "by": remark.author.name,
        "text": remark.body,
        "at": canonical_moment(remark.written_at),
        "replies": [
            {"by": reply.author.name, "text": reply.body, "at": canonical_moment(reply.written_at)}
            for reply in remark.replies
        ],
    }


def present_advice(session: Session, dossier_id: UUID) -> Advice | None:
    """Return the advice that counts now, with conditions and approvals; None before adoption."""
    return session.scalar(
        select(Advice)
        .where(Advice.dossier_id == dossier_id, Advice.revoked_at.is_(None))
        .options(
            joinedload(Advice.adopted_by, innerjoin=True),
            selectinload(Advice.conditions),
            selectinload(Advice.approvals).joinedload(Approval.user, innerjoin=True),
        ),
    )


def revoke(session: Session, dossier_id: UUID, stamp: Stamp) -> None:
    """Take an adopted advice back before it is signed; it stays on record, with its approvals."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ADVICE_ADOPT, lock=True)
    next_status(access.dossier.status, Action.REVOKE_ADVICE, access.roles, Facts())
    advice = _present(session, dossier_id)
    advice.revoked_at = stamp.at
    transition(
        session,
        access.dossier,
        Action.REVOKE_ADVICE,
        access.roles,
        Facts(),
        stamp,
        {"advice": advice.version},
    )


def approve(
    session: Session, dossier_id: UUID, sha256: str, stamp: Stamp, *, wants_to_sign: bool = False
) -> Advice:
    """Approve exactly this advice as chair or as secretary; the second approval sends it to be signed.

    The caller has just had the actor's password entered again.

    Args:
        sha256: of the advice that was on the screen.
        wants_to_sign: the actor will sign the report too, with an own certificate; the rule of the committee decides.

    Raises:
        ConcurrentEditError: that is not the present advice.
        TransitionNotAllowedError: it is not waiting for approval, or this actor cannot be the one it waits for.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ADVICE_APPROVE, lock=True)
    dossier = access.dossier
    if dossier.status is not Status.ADVISED:
        raise TransitionNotAllowedError(Permission.ADVICE_APPROVE, dossier.status)
    advice = _present(session, dossier_id)
    if advice.sha256 != sha256:
        raise ConcurrentEditError(dossier_id)
    role = next(iter(approvable_roles(access.roles, advice.approvals, stamp.actor.user_id)), None)
    if role is None:
        raise TransitionNotAllowedError(Permission.ADVICE_APPROVE, dossier.status)
    advice.approvals.append(
        Approval(
            role=role,
            user_id=stamp.actor.user_id,
            approved_at=stamp.at,
            advice_sha256=advice.sha256,
            signs=dossier.committee.personal_signing.signs(role, wants=wants_to_sign),
        )
    )
    session.flush()
    audit.record(
        session,
        stamp,
        "approve_advice",
        audit.Subject("dossier", str(dossier_id)),
        details={"advice": advice.version, "role": role, "sha256": advice.sha256},
    )
    facts = Facts(approvals=frozenset((row.role, row.user_id) for row in advice.approvals))
    if approved_by_two(facts):
        _send_to_sign(session, access, advice, facts, stamp)
    return advice


def approvable_roles(
    roles: frozenset[Role],
    approvals: Sequence[Approval],
    user_id: UUID | None,
) -> tuple[Role, ...]:
    """Return in which roles somebody can still approve: one person approves once."""
    if any(row.user_id == user_id for row in approvals):
        return ()
    taken = {row.role for row in approvals}
    return tuple(role for role in (Role.CHAIR, Role.SECRETARY) if role in roles and role not in taken)


def seal_key(advice_id: UUID) -> str:
    """Return the key of the one job that seals an advice."""
    return f"{SEAL_JOB}:{advice_id}"


def _send_to_sign(session: Session, access: Access, advice: Advice, facts: Facts, stamp: Stamp) -> None:
    dossier: Dossier = access.dossier
    jobs.enqueue(session, SEAL_JOB, {"advice": str(advice.id)}, seal_key(advice.id), stamp.at)
    seen = Stamp(stamp.actor, stamp.at, None, stamp.origin)
    transition(session, dossier, Action.SEND_TO_SIGN, access.roles, facts, seen, {"advice": advice.version})


def _present(session: Session, dossier_id: UUID) -> Advice:
    advice = present_advice(session, dossier_id)
    if advice is None:
        raise NotFoundError
    return advice
