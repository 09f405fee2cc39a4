"""Answers that came from elsewhere, as they are shown: beside their question, or together where they found no place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answer_text import whole_text
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import CarriedState
from ethiek.domain.diffs import word_diff
from ethiek.domain.moving import name_of
from ethiek.domain.permissions import Permission
from ethiek.domain.versions import Place, places
from ethiek.models.base import canonical_json
from ethiek.models.carried import CarriedAnswer, Migration
from ethiek.models.dossiers import StoredAnswer
from ethiek.questionnaires.model import Column, Kind, Question, Questionnaire
from ethiek.services import carrying, questionnaires
from ethiek.services.access import Access, open_dossier
from ethiek.services.answers import EMPTY, decode
from ethiek.services.versions import keys_ever, label_of, moves_of

Pieces = tuple[tuple[str, str], ...]
"""Pairs of "same", "added" or "removed" and a text."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer came from: a question of a version that is known here, and the section it stood in."""

    key: str
    place: Place
    slot: Slot


@dataclass(frozen=True, slots=True)
class Beside:
    """An answer from elsewhere at one question.

    ``language``: of ``question``; empty if it is not known. ``changed``: what is asked otherwise than there, word by
    word, as pairs of a name (``text``, ``why``, ``help``, ``options``) and the pieces.
    """

    waits: bool
    origin: str
    at: datetime
    question: str
    language: str
    text: str
    changed: tuple[tuple[str, Pieces], ...]
    source: Source | None


def beside(session: Session, access: Access, questionnaire: Questionnaire) -> dict[Slot, tuple[Beside, ...]]:
    """Return what is shown at the questions of a dossier; three queries at most."""
    rows = carrying.beside_questions(session, access.dossier)
    sources = _sources(session, rows)
    present = {id_: place.question for id_, place in places(questionnaire).items()}
    found: dict[Slot, tuple[Beside, ...]] = {}
    for row in rows:
        slot = Slot(row.question_id, row.item)
        if slot.question in present:
            shown = _beside(row, sources.get(row.id), present[slot.question], questionnaire)
            found[slot] = (*found.get(slot, ()), shown)
    return found


def _sources(session: Session, rows: Iterable[CarriedAnswer]) -> dict[UUID, Source]:
    """Return the question that each answer was given to, by the row's id, where it came from another version."""
    moved = [row for row in rows if row.migration_id is not None]
    if not moved:
        return {}
    query = select(Migration.id, Migration.source_key).where(
        Migration.id.in_({row.migration_id for row in moved})
    )
    keys: dict[UUID, str] = {id_: key for id_, key in session.execute(query)}  # noqa: C416  # a row is no pair
    known = {key: places(one) for key, one in questionnaires.some(session, keys.values()).items()}
    found = {}
    for row in moved:
        key = keys[row.migration_id] if row.migration_id else ""
        slot = _slot_of(row.source_slot)
        if slot.question in known[key]:
            found[row.id] = Source(key, known[key][slot.question], slot)
    return found


def _slot_of(text: str) -> Slot:
    question, _at, item = text.partition("@")
    return Slot(question, item)


def _beside(
    row: CarriedAnswer, source: Source | None, question: Question, questionnaire: Questionnaire
) -> Beside:
    return Beside(
        row.state is CarriedState.PENDING,
        row.origin_label,
        row.origin_at,
        row.source_question,
        _language(row, questionnaire),
        _text(row, source, question),
        tuple(changed_texts(source.place.question, question)) if source else (),
        source,
    )


def _language(row: CarriedAnswer, present: Questionnaire) -> str:
    """Return in which language was asked: a move keeps it; of another dossier or a file nobody knows."""
    return present.language if row.migration_id is not None else ""


def _text(row: CarriedAnswer, source: Source | None, question: Question | None = None) -> str:
    answer = Answer.from_json(row.content)
    return whole_text(source.place.question if source else question or _bare(answer), answer)


def _bare(answer: Answer) -> Question:
    """A question that shows an answer as it is, where nobody knows any more what was asked."""
    columns = dict.fromkeys(column for row in answer.rows for column in row)
    return Question("", "", Kind.TABLE, columns=tuple(Column(id_, id_) for id_ in columns))


def changed_texts(old: Question, new: Question) -> Iterable[tuple[str, Pieces]]:
    """Yield what is asked otherwise, word by word, as ``Beside.changed``."""
    for name, before, after in (
        ("text", old.text, new.text),
        ("why", old.why, new.why),
        ("help", old.help, new.help),
        ("options", _options(old), _options(new)),
    ):
        if before != after:
            yield name, tuple((piece.kind.value, piece.text) for piece in word_diff(before, after))


def _options(question: Question) -> str:
    labels = [option.label for option in question.options] + [column.label for column in question.columns]
    return "\n".join(labels)


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """An answer that was not filled in.

    ``language``: of the question; empty if it is not known. ``beside``: the question of the present version at which
    it is shown too.
    """

    question: str
    language: str
    text: str
    at: datetime
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Everything that was not filled in, by where it came from. ``language``: of the present version."""

    access: Access
    language: str
    groups: Mapping[str, tuple[EarlierAnswer, ...]]


def earlier(session: Session, dossier_id: UUID, stamp: Stamp) -> Earlier:
    """Return all answers of a dossier that no question of its present version holds (NL: eerdere antwoorden).

    Those that found no place when they came in, and those that were written under a version that was left again.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ANSWER_EDIT)
    dossier = access.dossier
    moves = moves_of(session, dossier)
    chain = {dossier.questionnaire_key, *(row.source_key for row in moves)}
    rows = carrying.without_place(session, dossier, chain)
    present = questionnaires.some(session, {dossier.questionnaire_key})[dossier.questionnaire_key]
    names, sources = places(present), _sources(session, rows)
    groups: dict[str, tuple[EarlierAnswer, ...]] = {}
    for row in rows:
        slot = Slot(row.question_id, row.item)
        question = names[slot.question].question if slot.question in names else None
        here = question is not None and row.questionnaire_key == dossier.questionnaire_key
        shown = EarlierAnswer(
            row.source_question,
            _language(row, present),
            _text(row, sources.get(row.id), question),
            row.origin_at,
            name_of(names, slot) if here else "",
        )
        groups[row.origin_label] = (*groups.get(row.origin_label, ()), shown)
    return Earlier(access, present.language, groups | _left(session, access, chain))


def _left(session: Session, access: Access, chain: set[str]) -> dict[str, tuple[EarlierAnswer, ...]]:
    """Return what the team wrote under versions from which the dossier came back."""
    keys = keys_ever(session, access.dossier) - chain
    if not keys:
        return {}
    known = questionnaires.some(session, keys)
    brought = _brought(session, access, keys)
    rows = session.scalars(
        select(StoredAnswer)
        .where(
            StoredAnswer.dossier_id == access.dossier.id,
            StoredAnswer.questionnaire_key.in_(keys),
            StoredAnswer.content != EMPTY,
        )
        .order_by(StoredAnswer.questionnaire_key, StoredAnswer.id)
    )
    found: dict[str, tuple[EarlierAnswer, ...]] = {}
    for row in rows:
        slot, names = Slot(row.question_id, row.item), places(known[row.questionnaire_key])
        if (row.questionnaire_key, slot, row.content) not in brought and slot.question in names:
            text = whole_text(names[slot.question].question, decode(row.content))
            version = known[row.questionnaire_key]
            label = label_of(version)
            shown = EarlierAnswer(name_of(names, slot), version.language, text, row.updated_at)
            found[label] = (*found.get(label, ()), shown)
    return found


def _brought(session: Session, access: Access, keys: set[str]) -> set[tuple[str, Slot, str]]:
    """What a move brought along, and was not changed after it, stands under the version that it came from."""
    rows = session.scalars(
        select(CarriedAnswer).where(
            CarriedAnswer.dossier_id == access.dossier.id, CarriedAnswer.questionnaire_key.in_(keys)
        )
    )
    return {
        (row.questionnaire_key, Slot(row.question_id, row.item), canonical_json(row.content)) for row in rows
    }
