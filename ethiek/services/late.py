"""What was typed on a page of a version that the dossier does not have any more: kept, and never filled in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import insert, select, tuple_
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answers import Outcome, Slot
from ethiek.models.dossiers import AnswerRevision, StoredAnswer
from ethiek.models.ids import uuid7
from ethiek.services import audit
from ethiek.services.access import Access
from ethiek.services.answers import EMPTY, Sent, encode


def keep(session: Session, access: Access, key: str, sent: Sequence[Sent], stamp: Stamp) -> None:
    """Keep texts in the history of an earlier version, as TOO_LATE; what stands there already is not kept twice.

    The caller has opened the dossier for ANSWER_EDIT with ``lock``, and knows that it had the version ``key``.
    """
    stored = _stored(session, access, key, [one.slot for one in sent])
    earlier = _earlier(session, access, [one.token for one in sent], stamp)
    fresh = [
        one for one in sent if encode(one.answer) not in (stored.get(one.slot, EMPTY), earlier.get(one.token))
    ]
    if not fresh:
        return
    rows = [_row(access, key, one, stamp, known=one.token in earlier) for one in fresh]
    session.connection().execute(insert(AnswerRevision), rows)
    audit.record(
        session,
        stamp,
        "save_answer",
        audit.Subject("dossier", str(access.dossier.id)),
        result=audit.Result.REFUSED,
        details={"outcome": Outcome.TOO_LATE, "questionnaire": key, "slots": len(rows)},
    )


def _stored(session: Session, access: Access, key: str, slots: Sequence[Slot]) -> dict[Slot, str]:
    rows = session.execute(
        select(StoredAnswer.question_id, StoredAnswer.item, StoredAnswer.content).where(
            StoredAnswer.dossier_id == access.dossier.id,
            StoredAnswer.questionnaire_key == key,
            tuple_(StoredAnswer.question_id, StoredAnswer.item).in_([tuple(slot) for slot in slots]),
        )
    )
    return {Slot(question, item): content for question, item, content in rows}


def _earlier(session: Session, access: Access, tokens: Sequence[str], stamp: Stamp) -> dict[str, str]:
    """Return what this author sent before with the same tokens."""
    rows = session.execute(
        select(AnswerRevision.token, AnswerRevision.content).where(
            AnswerRevision.dossier_id == access.dossier.id,
            AnswerRevision.author_id == stamp.actor.user_id,
            AnswerRevision.token.in_(tokens),
        )
    )
    return {token: content for token, content in rows}  # noqa: C416  # a row is no pair to dict()


def _row(access: Access, key: str, sent: Sent, stamp: Stamp, *, known: bool) -> dict[str, object]:
    """Make a row; a token that stands for something else is replaced by a fresh one."""
    return {
        "id": uuid7(),
        "dossier_id": access.dossier.id,
        "questionnaire_key": key,
        "question_id": sent.slot.question,
        "item": sent.slot.item,
        "token": secrets.token_hex(16) if known else sent.token,
        "based_on": sent.based_on,
        "revision": None,
        "outcome": Outcome.TOO_LATE,
        "content": encode(sent.answer),
        "author_id": stamp.actor.user_id,
        "at": stamp.at,
    }
