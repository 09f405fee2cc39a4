"""Question sets that are being written: begin one, open one, look at it, put it aside."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from ethiek.domain.actors import Stamp
from ethiek.domain.drafts import OPEN, DraftStatus, Line, Reason, Renamed, lines, renamed
from ethiek.domain.permissions import Permission, require
from ethiek.domain.versions import compare
from ethiek.errors import (
    ConcurrentEditError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    TransitionNotAllowedError,
)
from ethiek.models.base import upsert
from ethiek.models.ids import uuid7
from ethiek.models.questionnaires import DraftReason, PublishedQuestionnaire, QuestionnaireDraft
from ethiek.questionnaires.canonical import canonical, from_canonical, sha256
from ethiek.questionnaires.checks import problems
from ethiek.questionnaires.correspondences import correspondence
from ethiek.questionnaires.model import Questionnaire
from ethiek.questionnaires.problems import Problem
from ethiek.questionnaires.wording import ID
from ethiek.services import audit, questionnaires

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
    writer_id = writer(stamp)
    content = canonical(questionnaire).decode()
    check_size(questionnaire, content)
    _check_keys(session, questionnaire.key, based_on)
    draft_id: UUID | None = session.scalar(
        upsert(session, QuestionnaireDraft)
        .values(
            id=uuid7(),
            key=questionnaire.key,
            title=questionnaire.title,
            content=content,
            based_on=based_on,
            origin=dict(origin or {}),
            status=DraftStatus.WRITING,
            created_by_id=writer_id,
            created_at=stamp.at,
            updated_by_id=writer_id,
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


def writer(stamp: Stamp) -> UUID:
    """Return the id of a content owner.

    Raises:
        PermissionDeniedError: the actor is none.
    """
    require(stamp.actor.all_roles, Permission.QUESTIONNAIRE_MANAGE)
    if stamp.actor.user_id is None:
        raise PermissionDeniedError(Permission.QUESTIONNAIRE_MANAGE)
    return stamp.actor.user_id


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


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with what is wrong with it, and how it differs from the version that it is based on."""

    draft: QuestionnaireDraft
    questionnaire: Questionnaire
    base: Questionnaire | None
    problems: tuple[Problem, ...]
    renamed: tuple[Renamed, ...]
    lines: tuple[Line, ...]

    @property
    def changed(self) -> tuple[Line, ...]:
        """The lines of questions that differ."""
        return tuple(line for line in self.lines if line.difference.changes)

    @property
    def unexplained(self) -> tuple[Line, ...]:
        """The lines that need a reason yet."""
        return tuple(line for line in self.lines if not line.explained)

    @property
    def ready(self) -> bool:
        """Nothing stands in the way of proposing or publishing it."""
        return not (self.problems or self.renamed or self.unexplained)


def load(session: Session, draft_id: UUID, stamp: Stamp, *, lock: bool = False) -> QuestionnaireDraft:
    """Load a draft for a content owner.

    Args:
        lock: the caller is going to change it: later changes wait for this transaction.

    Raises:
        PermissionDeniedError: the actor is no content owner.
        NotFoundError: there is no such draft.
        ConcurrentEditError: it is no longer the one on the actor's screen.
    """
    writer(stamp)
    query = (
        select(QuestionnaireDraft)
        .where(QuestionnaireDraft.id == draft_id)
        .options(
            joinedload(QuestionnaireDraft.created_by, innerjoin=True),
            joinedload(QuestionnaireDraft.updated_by, innerjoin=True),
            joinedload(QuestionnaireDraft.proposed_by),
            joinedload(QuestionnaireDraft.approved_by),
        )
        .execution_options(populate_existing=True)
    )
    draft = session.scalar(query.with_for_update(of=QuestionnaireDraft) if lock else query)
    if draft is None:
        raise NotFoundError
    if stamp.seen is not None and draft.revision != stamp.seen:
        raise ConcurrentEditError(draft.id)
    return draft


def view(session: Session, draft: QuestionnaireDraft) -> DraftView:
    """Look at a draft as a whole."""
    questionnaire = content_of(draft)
    published = questionnaires.some(session, {draft.based_on or "", questionnaire.translates})
    base = published.get(draft.based_on or "")
    found = compare(base, questionnaire, correspondence(base.key, draft.key)) if base else ()
    return DraftView(
        draft,
        questionnaire,
        base,
        problems(questionnaire, published),
        renamed(base, questionnaire) if base else (),
        lines(found, _reasons(session, draft)),
    )


def content_of(draft: QuestionnaireDraft) -> Questionnaire:
    """Return the question set in a draft."""
    return _read(draft.content)


@functools.lru_cache(maxsize=32)
def _read(content: str) -> Questionnaire:
    questionnaire: Questionnaire = from_canonical(content.encode())
    return questionnaire


def _reasons(session: Session, draft: QuestionnaireDraft) -> dict[str, Reason]:
    rows = session.scalars(select(DraftReason).where(DraftReason.draft_id == draft.id))
    return {row.question_id: Reason(row.weight, row.reason) for row in rows}


def unfinished(session: Session, stamp: Stamp) -> Sequence[QuestionnaireDraft]:
    """Return the drafts that are being written or were proposed, the last changed first, without their content."""
    require(stamp.actor.all_roles, Permission.QUESTIONNAIRE_MANAGE)
    query = (
        select(QuestionnaireDraft)
        .where(QuestionnaireDraft.status.in_(OPEN))
        .options(
            defer(QuestionnaireDraft.content, raiseload=True),
            joinedload(QuestionnaireDraft.updated_by, innerjoin=True),
        )
        .order_by(QuestionnaireDraft.updated_at.desc(), QuestionnaireDraft.id)
    )
    return session.scalars(query).all()


def begin(session: Session, key: str, version: str, stamp: Stamp) -> QuestionnaireDraft:
    """Begin a draft of a new version with the content of a published one.

    Raises:
        NotFoundError: there is no such published version.
        InputError: as ``create``; also ``version`` is no good id ("invalid").
    """
    base = questionnaires.some(session, {key}).get(key)
    if base is None:
        raise NotFoundError
    if not ID.fullmatch(version):
        raise InputError("version", "invalid")
    return create(session, replace(base, version=version), stamp, based_on=key)


def discard(session: Session, draft_id: UUID, stamp: Stamp) -> None:
    """Put a draft aside for good; it stays on record."""
    draft = load(session, draft_id, stamp, lock=True)
    if draft.status not in OPEN:
        raise TransitionNotAllowedError("discard_draft", draft.status)
    draft.status = DraftStatus.DISCARDED
    draft.proposed_by_id = draft.proposed_at = None
    session.flush()
    record(session, draft, "discard_draft", stamp)


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
