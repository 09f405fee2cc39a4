"""Question sets that are being written: begin one, open one, put one aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.drafts import DraftStatus
from ethiek.domain.permissions import Permission, require
from ethiek.errors import InputError
from ethiek.models.base import upsert
from ethiek.models.ids import uuid7
from ethiek.models.questionnaires import PublishedQuestionnaire, QuestionnaireDraft
from ethiek.questionnaires.canonical import canonical, sha256
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import audit

MAX_KEY: Final = 80
MAX_TITLE: Final = 200
MAX_CONTENT: Final = 2 * 1024 * 1024
"""Characters of canonical content; the largest known set has some 300,000."""


def create(
    session: Session,
    questionnaire: Questionnaire,
    stamp: Stamp,
    *,
    based_on: str | None = None,
    origin: Mapping[str, Any] | None = None,
) -> QuestionnaireDraft:
    """Begin a draft with this content; it may still break the rules of ``questionnaires.checks``.

    Args:
        based_on: key of the published version that it is compared with.
        origin: where the content came from, for example a file; see ``QuestionnaireDraft.origin``.

    Raises:
        PermissionDeniedError: the actor is no content owner.
        InputError: ``version`` is published already or being written ("published", "taken"), ``based_on`` does not
            exist ("unknown"), or the set, its name or its title is too long ("too_long").
    """
    require(stamp.actor.all_roles, Permission.QUESTIONNAIRE_MANAGE)
    content = canonical(questionnaire).decode()
    check_size(questionnaire, content)
    _check_keys(session, questionnaire.key, based_on)
    draft_id = session.scalar(
        upsert(session, QuestionnaireDraft)
        .values(
            id=uuid7(),
            key=questionnaire.key,
            title=questionnaire.title,
            content=content,
            based_on=based_on,
            origin=dict(origin or {}),
            status=DraftStatus.WRITING,
            created_by_id=stamp.actor.user_id,
            created_at=stamp.at,
            updated_by_id=stamp.actor.user_id,
            updated_at=stamp.at,
            revision=1,
        )
        .on_conflict_do_nothing()
        .returning(QuestionnaireDraft.id)
    )
    if draft_id is None:
        raise InputError("version", "taken")
    draft = session.get_one(QuestionnaireDraft, draft_id)
    record(
        session, draft, "start_draft", stamp, {"based_on": based_on or "", "sha256": sha256(questionnaire)}
    )
    return draft


def check_size(questionnaire: Questionnaire, content: str) -> None:
    """Pass if a set fits in its row.

    Raises:
        InputError: name, title or the whole is too long.
    """
    for field, length, limit in (
        ("version", len(questionnaire.key), MAX_KEY),
        ("title", len(questionnaire.title), MAX_TITLE),
        ("content", len(content), MAX_CONTENT),
    ):
        if length > limit:
            raise InputError(field, "too_long")


def _check_keys(session: Session, key: str, based_on: str | None) -> None:
    known = set(
        session.scalars(
            select(PublishedQuestionnaire.key).where(PublishedQuestionnaire.key.in_({key, based_on or key}))
        )
    )
    if key in known:
        raise InputError("version", "published")
    if based_on is not None and based_on not in known:
        raise InputError("based_on", "unknown")


def record(
    session: Session,
    draft: QuestionnaireDraft,
    action: str,
    stamp: Stamp,
    details: Mapping[str, str | int | None] | None = None,
) -> None:
    """Write an event about a draft; call this last."""
    audit.record(
        session,
        stamp,
        action,
        audit.Subject("draft", str(draft.id)),
        details={"key": draft.key, "revision": draft.revision, **(details or {})},
    )
