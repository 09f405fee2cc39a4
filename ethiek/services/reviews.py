"""The members' verdicts on a round."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import Stamp
from ethiek.domain.advice import Verdict
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.errors import ConcurrentEditError, TransitionNotAllowedError
from ethiek.models.dossiers import Snapshot
from ethiek.models.reviews import Review
from ethiek.services import audit
from ethiek.services.access import Access, open_dossier, recused
from ethiek.services.remarks import check_body


def record_verdict(
    session: Session,
    dossier_id: UUID,
    verdict: Verdict,
    motivation: str,
    stamp: Stamp,
) -> Review:
    """Record what a member finds of the present round; until the advice is adopted it may be revised.

    Args:
        stamp: ``seen`` is the revision of the member's earlier verdict on this round, 0 for none.

    Raises:
        InputError: the motivation is empty or too long.
        ConcurrentEditError: the member changed the verdict somewhere else in between.
        TransitionNotAllowedError: the dossier is not in review.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REVIEW_WRITE, lock=True)
    if access.dossier.status is not Status.IN_REVIEW:
        raise TransitionNotAllowedError(Permission.REVIEW_WRITE, access.dossier.status)
    text = check_body(motivation)
    review = own_review(session, dossier_id, access.dossier.round, stamp)
    if review is not None and (review.verdict, review.motivation) == (verdict, text):
        return review  # sent twice
    if (review.revision if review else 0) != (stamp.seen or 0):
        raise ConcurrentEditError(dossier_id)
    if review is None:
        review = Review(
            dossier_id=dossier_id,
            member_id=stamp.actor.user_id,
            snapshot_id=_snapshot_id(session, dossier_id, access.dossier.round),
        )
        session.add(review)
    review.verdict, review.motivation, review.recorded_at = verdict, text, stamp.at
    session.flush()
    audit.record(
        session,
        stamp,
        "record_verdict",
        audit.Subject("dossier", str(dossier_id)),
        details={"review": str(review.id), "revision": review.revision, "verdict": verdict},
    )
    return review


def _snapshot_id(session: Session, dossier_id: UUID, number: int) -> UUID:
    return session.scalars(
        select(Snapshot.id).where(Snapshot.dossier_id == dossier_id, Snapshot.round == number),
    ).one()


def to_write(session: Session, dossier_id: UUID, stamp: Stamp) -> tuple[Access, Review | None]:
    """Return the dossier for a member who is going to write a verdict, and the verdict that is there already."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REVIEW_WRITE)
    return access, own_review(session, dossier_id, access.dossier.round, stamp)


def own_review(session: Session, dossier_id: UUID, number: int, stamp: Stamp) -> Review | None:
    """Return the actor's verdict on a round, if there is one."""
    return session.scalar(
        select(Review)
        .join(Snapshot, Snapshot.id == Review.snapshot_id)
        .where(
            Review.dossier_id == dossier_id,
            Snapshot.round == number,
            Review.member_id == stamp.actor.user_id,
        ),
    )


def of_round(session: Session, dossier_id: UUID, number: int) -> Sequence[Review]:
    """Return the verdicts that count on a round, in order of first recording; not of who withdrew."""
    return session.scalars(
        select(Review)
        .join(Snapshot, Snapshot.id == Review.snapshot_id)
        .where(*_counting(dossier_id, number))
        .options(joinedload(Review.member, innerjoin=True))
        .order_by(Review.id),
    ).all()


def count(session: Session, dossier_id: UUID, number: int) -> int:
    """Count the verdicts that count on a round."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Review)
            .join(Snapshot, Snapshot.id == Review.snapshot_id)
            .where(*_counting(dossier_id, number)),
        )
        or 0
    )


def _counting(dossier_id: UUID, number: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Review.dossier_id == dossier_id,
        Snapshot.round == number,
        ~recused(Review.dossier_id, Review.member_id),
    )
