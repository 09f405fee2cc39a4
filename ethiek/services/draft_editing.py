"""Changing a draft, one element at a time: who changes different elements never stands in another's way."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.drafts import DraftStatus
from ethiek.errors import ConcurrentEditError, GuardFailedError, InputError, NotFoundError
from ethiek.models.questionnaires import PublishedQuestionnaire, QuestionnaireDraft
from ethiek.questionnaires import editing
from ethiek.questionnaires.canonical import canonical, sha256
from ethiek.questionnaires.editing import Direction, Element, Target
from ethiek.questionnaires.model import Part, Question, Questionnaire, Section
from ethiek.questionnaires.problems import Scope
from ethiek.questionnaires.wording import ID
from ethiek.services import questionnaires
from ethiek.services.drafts import check_size, content_of, load, record, writer

EDITS: Final = ("start_draft", "change_draft", "add_to_draft", "remove_from_draft", "move_in_draft")
"""The events of somebody who wrote along."""


def change(session: Session, draft_id: UUID, target: Target, new: Element, seen: str, stamp: Stamp) -> None:
    """Change one element; those in it stay as they are.

    Args:
        seen: ``editing.fingerprint`` of the element as its writer saw it.

    Raises:
        NotFoundError: the draft, or the element in it, does not exist (any more).
        GuardFailedError: the draft is not being written.
        ConcurrentEditError: somebody changed this element in between.
        InputError: the id was changed, or the version is published or being written elsewhere.
    """
    draft = load_for_writing(session, draft_id, stamp)
    present = content_of(draft)
    after = editing.changed(present, target, new)
    if after == present:
        return
    if editing.fingerprint(present, target) != seen:
        raise ConcurrentEditError(draft.id)
    _check_key(session, draft, after)
    _keep(session, draft, after, "change_draft", target, stamp)


def add(
    session: Session, draft_id: UUID, parent: Target, new: Part | Section | Question, stamp: Stamp
) -> None:
    """Add an element at the end of what it is put in.

    Raises:
        NotFoundError, GuardFailedError: as ``change``.
        InputError: the id is no good id ("invalid"), is in use here ("taken"), or was used before for another
            question of this instrument ("used_before").
    """
    draft = load_for_writing(session, draft_id, stamp)
    if not ID.fullmatch(new.id):
        raise InputError("id", "invalid")
    after = editing.added(content_of(draft), parent, new)
    if isinstance(new, Question) and new.id in _used_before(session, after.id):
        raise InputError("id", "used_before")
    _keep(session, draft, after, "add_to_draft", _target_of(new), stamp)


def put_back(session: Session, draft_id: UUID, question_id: str, stamp: Stamp) -> None:
    """Put a removed question back as the version had it that the draft is based on.

    It comes at the end of its old section, or of the last one if that is gone.

    Raises:
        NotFoundError, GuardFailedError: as ``change``; also if it was never there.
        InputError: the question is there ("taken").
    """
    draft = load_for_writing(session, draft_id, stamp)
    base = questionnaires.some(session, {draft.based_on or ""}).get(draft.based_on or "")
    if base is None:
        raise NotFoundError
    target = Target(Scope.QUESTION, question_id)
    question = editing.element(base, target)
    present = content_of(draft)
    sections = [section.id for _, section in present.sections()]
    if not sections or not isinstance(question, Question):
        raise NotFoundError
    home = editing.parent_of(base, target)
    if home.id not in sections:
        home = Target(Scope.SECTION, sections[-1])
    _keep(session, draft, editing.added(present, home, question), "add_to_draft", target, stamp)


def remove(session: Session, draft_id: UUID, target: Target, seen: str, stamp: Stamp) -> None:
    """Remove an element with all that is in it.

    Args:
        seen: ``editing.whole_fingerprint`` of the element: who removes has read everything that goes.

    Raises:
        NotFoundError, GuardFailedError, ConcurrentEditError: as ``change``.
    """
    draft = load_for_writing(session, draft_id, stamp)
    present = content_of(draft)
    if target.scope is Scope.SET:
        raise NotFoundError
    if editing.whole_fingerprint(present, target) != seen:
        raise ConcurrentEditError(draft.id)
    _keep(session, draft, editing.removed(present, target), "remove_from_draft", target, stamp)


def move(
    session: Session, draft_id: UUID, target: Target, direction: Direction, seen: str, stamp: Stamp
) -> None:
    """Move an element one place up or down.

    Args:
        seen: ``editing.order_fingerprint`` of the element: the order in which its writer saw what is beside it.

    Raises:
        NotFoundError, GuardFailedError, ConcurrentEditError: as ``change``.
        InputError: it is the first or last of all already ("edge").
    """
    draft = load_for_writing(session, draft_id, stamp)
    present = content_of(draft)
    if target.scope is Scope.SET:
        raise NotFoundError
    if editing.order_fingerprint(present, target) != seen:
        raise ConcurrentEditError(draft.id)
    _keep(session, draft, editing.moved(present, target, direction), "move_in_draft", target, stamp)


def load_for_writing(
    session: Session, draft_id: UUID, stamp: Stamp, *, lock: bool = True
) -> QuestionnaireDraft:
    """Load a draft that can be changed now.

    Args:
        lock: False to show its forms; nothing is changed then.

    Raises:
        GuardFailedError: it was proposed, published or discarded.
    """
    draft = load(session, draft_id, stamp, lock=lock)
    if draft.status is not DraftStatus.WRITING:
        raise GuardFailedError("change_draft", "being_written")
    return draft


def _target_of(new: Part | Section | Question) -> Target:
    match new:
        case Part():
            return Target(Scope.PART, new.id)
        case Section():
            return Target(Scope.SECTION, new.id)
        case Question():
            return Target(Scope.QUESTION, new.id)


def _used_before(session: Session, instrument: str) -> frozenset[str]:
    """Return the ids of all questions that this instrument ever asked."""
    return frozenset(
        question.id for one in questionnaires.editions(session, instrument) for question in one.questions()
    )


def _check_key(session: Session, draft: QuestionnaireDraft, after: Questionnaire) -> None:
    """Pass if the draft keeps its name, or gets one that is free."""
    if after.key == draft.key:
        return
    if not ID.fullmatch(after.version):
        raise InputError("version", "invalid")
    if session.scalar(select(PublishedQuestionnaire.key).where(PublishedQuestionnaire.key == after.key)):
        raise InputError("version", "published")


def _keep(
    session: Session,
    draft: QuestionnaireDraft,
    after: Questionnaire,
    action: str,
    target: Target,
    stamp: Stamp,
) -> None:
    content = canonical(after).decode()
    check_size(after, content)
    draft.content, draft.key, draft.title = content, after.key, after.title
    draft.updated_by_id, draft.updated_at = writer(stamp), stamp.at
    try:
        session.flush()
    except IntegrityError as error:  # two drafts take one version at the same moment
        raise InputError("version", "taken") from error
    details = {"element": f"{target.scope} {target.id}".strip(), "sha256": sha256(after)}
    record(session, draft, action, stamp, details)
