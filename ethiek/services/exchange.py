"""Question sets from files of others as drafts, and published ones as files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.permissions import Permission, require
from ethiek.errors import NotFoundError
from ethiek.models.questionnaires import QuestionnaireDraft
from ethiek.questionnaires.catalogue import from_canonical
from ethiek.questionnaires.exchange.exporting import to_json, to_yaml
from ethiek.questionnaires.exchange.imported import Imported, Loss, What, Wishes
from ethiek.questionnaires.exchange.importing import file_name, import_file
from ethiek.services import drafts, questionnaires

WRITERS = {"yaml": to_yaml, "json": to_json}
"""Format -> how a set is written in it."""


@dataclass(frozen=True, slots=True)
class ImportedDraft:
    """A draft that came from a file, with what got lost on the way."""

    id: UUID
    key: str
    title: str
    file: str
    format: str
    losses: tuple[Loss, ...]


def import_draft(
    session: Session, data: bytes, name: str, stamp: Stamp, wishes: Wishes | None = None
) -> tuple[UUID, Imported]:
    """Read a file and begin a draft with it; return the draft's id and what was read.

    Args:
        name: of the file, as its sender calls it; kept with the draft.

    Raises:
        PermissionDeniedError: the actor is no content owner.
        QuestionnaireError: the file cannot be read; names file and line.
        InputError: there is such a version already; see ``drafts.create``.
    """
    require(stamp.actor.all_roles, Permission.QUESTIONNAIRE_MANAGE)
    found = import_file(data, name, replace(wishes or Wishes(), this_year=stamp.at.year))
    draft = drafts.create(session, found.questionnaire, stamp, origin=_origin(data, name, found))
    return draft.id, found


def _origin(data: bytes, name: str, found: Imported) -> Mapping[str, Any]:
    return {
        "file": file_name(name),
        "format": found.format,
        "sha256": hashlib.sha256(data).hexdigest(),
        "losses": [{**asdict(loss), "what": loss.what.value} for loss in found.losses],
    }


def imported_draft(session: Session, draft_id: UUID, stamp: Stamp) -> ImportedDraft:
    """Return where a draft came from.

    Raises:
        PermissionDeniedError: the actor is no content owner.
        NotFoundError: there is no such draft, or it came from no file.
    """
    require(stamp.actor.all_roles, Permission.QUESTIONNAIRE_MANAGE)
    draft = session.get(QuestionnaireDraft, draft_id)
    if draft is None or "file" not in draft.origin:
        raise NotFoundError
    origin = draft.origin
    losses = tuple(Loss(**{**loss, "what": What(loss["what"])}) for loss in origin["losses"])
    return ImportedDraft(draft.id, draft.key, draft.title, origin["file"], origin["format"], losses)


def export(session: Session, key: str, format_: str) -> bytes:
    """Return a published question set as a file that can be imported again.

    Raises:
        NotFoundError: there is no such version, or no such format.
    """
    if format_ not in WRITERS:
        raise NotFoundError
    return WRITERS[format_](from_canonical(questionnaires.content_of(session, key)))
