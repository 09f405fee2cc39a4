"""Saving answers: every save names the revision it is based on, and nothing that was typed is thrown away."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import Stamp
from ethiek.domain.answers import Answer, Outcome, Slot
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import EDITABLE
from ethiek.errors import NotFoundError
from ethiek.models.base import canonical_json
from ethiek.models.dossiers import AnswerRevision, Dossier, StoredAnswer
from ethiek.models.users import User
from ethiek.services import audit, carrying
from ethiek.services.access import Access, open_dossier

EMPTY: Final = "{}"


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends for one slot.

    ``based_on``: the revision that was on the screen, 0 for none. ``token``: made by the sender per content.
    """

    slot: Slot
    answer: Answer
    based_on: int
    token: str


@dataclass(frozen=True, slots=True)
class Present:
    """The answer that is in the dossier now. ``waits``: it was carried in, and nobody confirmed it yet."""

    answer: Answer
    revision: int
    by: str
    at: datetime | None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of what was sent. ``present`` is what the dossier holds after it."""

    slot: Slot
    outcome: Outcome
    sent: Answer
    present: Present
    changed: bool = False


NOTHING: Final = Present(Answer(), 0, "", None)


def encode(answer: Answer) -> str:
    """Return the canonical text of an answer."""
    return canonical_json(answer.to_json())


def decode(content: str) -> Answer:
    """Read the canonical text back."""
    return Answer.from_json(json.loads(content))


_PRESENT: Final = (
    select(
        StoredAnswer.question_id,
        StoredAnswer.item,
        StoredAnswer.content,
        StoredAnswer.revision,
        User.name,
        StoredAnswer.updated_at,
        carrying.WAITS,
    )
    .join(User, User.id == StoredAnswer.updated_by_id)
    .join(Dossier, Dossier.id == StoredAnswer.dossier_id)
    .where(
        StoredAnswer.dossier_id == bindparam("dossier_id"),
        StoredAnswer.questionnaire_key == Dossier.questionnaire_key,
    )
)


def present_answers(session: Session, dossier_id: UUID) -> dict[Slot, Present]:
    """Return all answers of a dossier to its present version, in one query; plain values, because they are many."""
    rows = session.execute(_PRESENT, {"dossier_id": dossier_id})
    return {
        Slot(question, item): Present(decode(content), revision, by, at, waits)
        for question, item, content, revision, by, at, waits in rows
    }


def save(
    session: Session,
    dossier_id: UUID,
    sent: Sequence[Sent],
    stamp: Stamp,
) -> tuple[Access, tuple[Saved, ...]]:
    """Save answers to a dossier that is being filled in.

    Per slot: the same save again (same token) is the save it was; content that did not change is no save; content
    that is based on an older revision is kept as a revision and reported as CONFLICT, unless its author did not touch
    it. After the hand-in everything is kept as TOO_LATE.

    Raises:
        NotFoundError, PermissionDeniedError: as ``open_dossier``.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ANSWER_EDIT, lock=True)
    return access, save_in(session, access, present_answers(session, dossier_id), sent, stamp)


def save_in(
    session: Session, access: Access, present: Mapping[Slot, Present], sent: Sequence[Sent], stamp: Stamp
) -> tuple[Saved, ...]:
    """Save answers as :func:`save` does, to a dossier that was opened for ANSWER_EDIT with ``lock``.

    Args:
        present: the answers of the dossier, read after it was locked.
    """
    saved = _Saver(session, access.dossier, present, stamp).save_all(sent)
    settled = {one.slot for one in saved if one.changed and present.get(one.slot, NOTHING).waits}
    if settled:
        carrying.confirm_changed(session, access.dossier, settled, stamp)
    return saved


class _Earlier(NamedTuple):
    """Something that its sender sent before, by its token."""

    slot: Slot
    content: str
    outcome: Outcome
    revision: int | None
    at: datetime

    def is_same(self, sent: Sent, content: str) -> bool:
        return self.slot == sent.slot and self.content == content


_EARLIER: Final = select(
    AnswerRevision.token,
    AnswerRevision.question_id,
    AnswerRevision.item,
    AnswerRevision.content,
    AnswerRevision.outcome,
    AnswerRevision.revision,
    AnswerRevision.at,
).where(
    AnswerRevision.dossier_id == bindparam("dossier_id"),
    AnswerRevision.author_id == bindparam("author_id"),
    AnswerRevision.token.in_(bindparam("tokens", expanding=True)),
)
_ADD_REVISION: Final = insert(AnswerRevision)
_ADD_ANSWER: Final = insert(StoredAnswer)
_CHANGE_ANSWER: Final = update(StoredAnswer).where(
    StoredAnswer.dossier_id == bindparam("of_dossier"),
    StoredAnswer.questionnaire_key == bindparam("of_version"),
    StoredAnswer.question_id == bindparam("of_question"),
    StoredAnswer.item == bindparam("of_item"),
)
_NEW_PLACE: Final = ("dossier_id", "questionnaire_key", "question_id", "item")
_OLD_PLACE: Final = ("of_dossier", "of_version", "of_question", "of_item")


class _Saver:
    """One save of one person in one dossier; the dossier row is locked."""

    def __init__(
        self, session: Session, dossier: Dossier, present: Mapping[Slot, Present], stamp: Stamp
    ) -> None:
        self.session = session
        self.dossier = dossier
        self.present = present
        self.stamp = stamp
        self.editable = dossier.status in EDITABLE
        self.earlier: dict[str, _Earlier] = {}

    def save_all(self, sent: Sequence[Sent]) -> tuple[Saved, ...]:
        """Save each; reads stay one query however many there are."""
        self.earlier = self._earlier([item.token for item in sent])
        return tuple(self._one(item, self.present.get(item.slot, NOTHING)) for item in sent)

    def _earlier(self, tokens: Sequence[str]) -> dict[str, _Earlier]:
        sender = {"dossier_id": self.dossier.id, "author_id": self.stamp.actor.user_id, "tokens": tokens}
        rows = self.session.execute(_EARLIER, sender)
        return {
            row.token: _Earlier(
                Slot(row.question_id, row.item), row.content, row.outcome, row.revision, row.at
            )
            for row in rows
        }

    def _one(self, sent: Sent, present: Present) -> Saved:
        earlier = self.earlier.get(sent.token)
        content = encode(sent.answer)
        if earlier is not None and earlier.is_same(sent, content):
            return self._again(sent, earlier, present)
        if self._nothing_new(sent, content, present):
            return Saved(sent.slot, Outcome.SAVED, sent.answer, present)
        if not self.editable:
            return self._keep(sent, content, Outcome.TOO_LATE, present)
        if sent.based_on != present.revision or (earlier is not None and earlier.slot == sent.slot):
            return self._keep(
                sent, content, Outcome.CONFLICT, present
            )  # or a page from before an earlier save
        return self._write(sent, content)

    def _nothing_new(self, sent: Sent, content: str, present: Present) -> bool:
        """Tell whether the text is what is stored, or what its sender was shown and did not touch."""
        if content == encode(present.answer):
            return True
        return sent.based_on != present.revision and self._untouched(sent, content)

    def _again(self, sent: Sent, earlier: _Earlier, present: Present) -> Saved:
        """The answer to the first try never arrived: give it again."""
        if earlier.outcome is Outcome.SAVED and earlier.revision is not None:
            author = Present(sent.answer, earlier.revision, self.stamp.actor.name, earlier.at)
            return Saved(sent.slot, Outcome.SAVED, sent.answer, author)
        return Saved(sent.slot, earlier.outcome, sent.answer, present)

    def _untouched(self, sent: Sent, content: str) -> bool:
        """Tell whether the sender's text is the one he was shown, so that there is nothing of his to lose."""
        if sent.based_on == 0:
            return content == EMPTY
        shown = self.session.scalar(
            select(AnswerRevision.content).where(
                AnswerRevision.dossier_id == self.dossier.id,
                AnswerRevision.questionnaire_key == self.dossier.questionnaire_key,
                AnswerRevision.question_id == sent.slot.question,
                AnswerRevision.item == sent.slot.item,
                AnswerRevision.revision == sent.based_on,
            ),
        )
        return shown == content

    def _keep(self, sent: Sent, content: str, outcome: Outcome, present: Present) -> Saved:
        self._add_revision(sent, content, outcome, None)
        audit.record(
            self.session,
            self.stamp,
            "save_answer",
            audit.Subject("dossier", str(self.dossier.id)),
            result=audit.Result.REFUSED,
            details={"slot": str(sent.slot), "outcome": outcome},
        )
        return Saved(sent.slot, outcome, sent.answer, present)

    def _write(self, sent: Sent, content: str) -> Saved:
        revision = sent.based_on + 1
        self._put(sent, content, revision)
        self._add_revision(sent, content, Outcome.SAVED, revision)
        audit.record(
            self.session,
            self.stamp,
            "save_answer",
            audit.Subject("dossier", str(self.dossier.id)),
            details={
                "slot": str(sent.slot),
                "revision": revision,
                "sha256": hashlib.sha256(content.encode()).hexdigest(),
            },
        )
        present = Present(sent.answer, revision, self.stamp.actor.name, self.stamp.at)
        return Saved(sent.slot, Outcome.SAVED, sent.answer, present, changed=True)

    def _put(self, sent: Sent, content: str, revision: int) -> None:
        """Make this the answer of its slot."""
        place = (self.dossier.id, self.dossier.questionnaire_key, *sent.slot)
        values = {
            "content": content,
            "revision": revision,
            "updated_by_id": self._author_id(),
            "updated_at": self.stamp.at,
        }
        first = sent.based_on == 0
        statement, names = (_ADD_ANSWER, _NEW_PLACE) if first else (_CHANGE_ANSWER, _OLD_PLACE)
        self.session.connection().execute(statement, {**dict(zip(names, place, strict=True)), **values})

    def _add_revision(self, sent: Sent, content: str, outcome: Outcome, revision: int | None) -> None:
        """Write down what was sent; a token that was used for something else is replaced by a fresh one."""
        token = secrets.token_hex(16) if sent.token in self.earlier else sent.token
        row = {
            "dossier_id": self.dossier.id,
            "questionnaire_key": self.dossier.questionnaire_key,
            "question_id": sent.slot.question,
            "item": sent.slot.item,
            "token": token,
            "based_on": sent.based_on,
            "revision": revision,
            "outcome": outcome,
            "content": content,
            "author_id": self._author_id(),
            "at": self.stamp.at,
        }
        self.session.connection().execute(_ADD_REVISION, row)
        self.earlier[token] = _Earlier(sent.slot, content, outcome, revision, self.stamp.at)

    def _author_id(self) -> UUID:
        if self.stamp.actor.user_id is None:
            raise NotFoundError
        return self.stamp.actor.user_id


def history(session: Session, dossier_id: UUID, slot: Slot, key: str | None = None) -> list[AnswerRevision]:
    """Return every text ever sent for a slot of a version (None: the present one), also the refused ones.

    The newest first; at most 200.
    """
    return list(
        session.scalars(
            select(AnswerRevision)
            .join(Dossier, Dossier.id == AnswerRevision.dossier_id)
            .where(
                AnswerRevision.dossier_id == dossier_id,
                AnswerRevision.questionnaire_key == (key or Dossier.questionnaire_key),
                AnswerRevision.question_id == slot.question,
                AnswerRevision.item == slot.item,
            )
            .order_by(AnswerRevision.id.desc())
            .limit(200)
            .options(joinedload(AnswerRevision.author, innerjoin=True)),
        )
    )
