"""Remarks of the committee, and the team's replies. What is internal never reaches the team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from ethiek.domain.actors import COMMITTEE_ROLES, Stamp
from ethiek.domain.answer_rules import FORBIDDEN
from ethiek.domain.answers import Slot
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import EDITABLE, Status
from ethiek.errors import InputError, NotFoundError, TransitionNotAllowedError
from ethiek.models.dossiers import Snapshot
from ethiek.models.reviews import Remark, Reply
from ethiek.services import audit
from ethiek.services.access import Access, open_dossier

MAX_LENGTH: Final = 20_000
"""Characters in a remark or reply."""

OPEN_FOR_REMARKS: Final = frozenset({Status.SUBMITTED, Status.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class RemarkInput:
    """A remark at a slot, or with an empty question on the whole. ``token`` makes a repeated send one remark."""

    slot: Slot
    body: str
    token: str


def write(session: Session, dossier_id: UUID, given: RemarkInput, stamp: Stamp) -> Remark:
    """Put an internal remark on the present round; ``rounds.remark`` has checked that its question was asked.

    Raises:
        InputError: the text is empty or too long.
        TransitionNotAllowedError: the committee is not treating the dossier.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REMARK_WRITE, lock=True)
    if access.dossier.status not in OPEN_FOR_REMARKS:
        raise TransitionNotAllowedError(Permission.REMARK_WRITE, access.dossier.status)
    body = check_body(given.body)
    again = session.scalar(
        select(Remark).where(
            Remark.dossier_id == dossier_id,
            Remark.author_id == stamp.actor.user_id,
            Remark.token == given.token,
        )
    )
    if again is not None:
        return again
    remark = Remark(
        dossier_id=dossier_id,
        snapshot_id=_present_snapshot(session, access).id,
        question_id=given.slot.question,
        item=given.slot.item,
        body=body,
        token=given.token,
        author_id=stamp.actor.user_id,
        written_at=stamp.at,
    )
    session.add(remark)
    session.flush()
    audit.record(
        session,
        stamp,
        "write_remark",
        audit.Subject("dossier", str(dossier_id)),
        details={"remark": str(remark.id), "slot": str(given.slot)},
    )
    return remark


def check_body(text: str) -> str:
    """Return the text without blanks around it.

    Raises:
        InputError: it is empty, too long, or holds characters that are not text.
    """
    body = text.replace("\r\n", "\n").strip()
    if not body:
        raise InputError("body", "required")
    if len(body) > MAX_LENGTH:
        raise InputError("body", "too_long")
    if FORBIDDEN.search(body):
        raise InputError("body", "not_text")
    return body


def _present_snapshot(session: Session, access: Access) -> Snapshot:
    return session.scalars(
        select(Snapshot).where(
            Snapshot.dossier_id == access.dossier.id,
            Snapshot.round == access.dossier.round,
        )
    ).one()


def reply(session: Session, dossier_id: UUID, remark_id: UUID, body: str, token: str, stamp: Stamp) -> Reply:
    """Answer a released remark, while the dossier is with the team again.

    Raises:
        NotFoundError: there is no such remark, or it is internal.
        InputError: the text is empty or too long.
        TransitionNotAllowedError: the dossier is not with the team.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REMARK_REPLY, lock=True)
    remark = session.scalar(
        select(Remark).where(
            Remark.id == remark_id,
            Remark.dossier_id == dossier_id,
            Remark.released_at.is_not(None),
        )
    )
    if remark is None:
        raise NotFoundError
    if access.dossier.status not in EDITABLE:
        raise TransitionNotAllowedError(Permission.REMARK_REPLY, access.dossier.status)
    text = check_body(body)
    again = session.scalar(
        select(Reply).where(
            Reply.remark_id == remark_id,
            Reply.author_id == stamp.actor.user_id,
            Reply.token == token,
        )
    )
    if again is not None:
        return again
    answer = Reply(
        remark_id=remark_id, body=text, token=token, author_id=stamp.actor.user_id, written_at=stamp.at
    )
    session.add(answer)
    session.flush()
    audit.record(
        session,
        stamp,
        "reply_to_remark",
        audit.Subject("dossier", str(dossier_id)),
        details={"remark": str(remark_id), "reply": str(answer.id)},
    )
    return answer


def visible(session: Session, access: Access) -> Sequence[Remark]:
    """Return the remarks that somebody with this access may read, with their replies, in order of writing.

    The committee reads all; the team only what was released.
    """
    query = (
        select(Remark)
        .where(Remark.dossier_id == access.dossier.id)
        .order_by(Remark.id)
        .options(
            joinedload(Remark.author, innerjoin=True),
            joinedload(Remark.snapshot, innerjoin=True).load_only(Snapshot.round),
            selectinload(Remark.replies).joinedload(Reply.author, innerjoin=True),
        )
    )
    if not access.roles & COMMITTEE_ROLES:
        query = query.where(Remark.released_at.is_not(None))
    return session.scalars(query).all()
