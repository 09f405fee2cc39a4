"""Filling in a dossier with answers from elsewhere (NL: voorinvullen): another dossier of the team, or a file.

Nothing is overwritten. What is filled in says where it came from, and waits to be confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answer_text import whole_text
from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.carried import CarriedState, Origin, ToCarry, slots_of, states
from ethiek.domain.moving import Move, Written, name_of, plan, route
from ethiek.domain.permissions import Permission
from ethiek.domain.versions import compare, places
from ethiek.domain.walk import UNANSWERED
from ethiek.errors import NotFoundError
from ethiek.exchange.answers_file import Loss, read_answers
from ethiek.exchange.characters import shown
from ethiek.models.dossiers import Dossier, TeamMember
from ethiek.questionnaires.answer_ids import answer_ids
from ethiek.questionnaires.correspondences import correspondence
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import carrying, questionnaires
from ethiek.services.access import Access, open_dossier
from ethiek.services.answers import Present, present_answers
from ethiek.services.dossiers import open_for_editing

LONGEST_NAME: Final = 120
"""Characters of a file's name that are kept."""

MOST_CANDIDATES: Final = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """From where a dossier can be filled in. ``takes_files``: there is an answers file for its question set."""

    access: Access
    questionnaire: Questionnaire
    candidates: tuple[Dossier, ...]
    takes_files: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """One answer on its way, and what would become of it. ``question``: where it goes, in words, or empty."""

    item: ToCarry
    state: CarriedState
    question: str
    text: str


@dataclass(frozen=True)
class Preview:
    """What filling in would do.

    ``source_language``: of the questions that were answered there. ``losses``: what a file holds that is no answer to
    any question here.
    """

    access: Access
    questionnaire: Questionnaire
    origin: Origin
    label: str
    source_language: str
    items: tuple[ToCarry, ...]
    taken: frozenset[Slot]
    """Where an answer stands already."""
    losses: tuple[Loss, ...] = ()

    @cached_property
    def arrivals(self) -> tuple[Arrival, ...]:
        """Every answer with what would become of it, in the order in which they come."""
        known, questions = places(self.questionnaire), slots_of(self.questionnaire)
        found = states(self.questionnaire, self.items, self.taken)
        return tuple(
            Arrival(
                item,
                state,
                name_of(known, item.slot) if item.slot else "",
                whole_text(questions[item.slot], item.answer) if item.slot else item.answer.text,
            )
            for item, state in zip(self.items, found, strict=True)
        )

    def of(self, state: CarriedState) -> tuple[Arrival, ...]:
        """Return the answers that would end so."""
        return tuple(one for one in self.arrivals if one.state is state)


def choice(session: Session, dossier_id: UUID, stamp: Stamp) -> Choice:
    """Return from where this dossier can be filled in.

    Raises:
        NotFoundError, PermissionDeniedError, TransitionNotAllowedError: as ``dossiers.open_for_editing``.
    """
    access, questionnaire = _open(session, dossier_id, stamp, lock=False)
    candidates = tuple(_candidates(session, access.dossier, stamp))
    return Choice(access, questionnaire, candidates, answer_ids(questionnaire) is not None)


def _open(session: Session, dossier_id: UUID, stamp: Stamp, *, lock: bool) -> tuple[Access, Questionnaire]:
    access = open_for_editing(session, dossier_id, Permission.ANSWER_EDIT, stamp, lock=lock)
    return access, _questionnaire_of(session, access)


def _questionnaire_of(session: Session, access: Access) -> Questionnaire:
    return questionnaires.get(session, access.dossier.questionnaire_key, access.questionnaire_sha256)


def _candidates(session: Session, dossier: Dossier, stamp: Stamp) -> Iterator[Dossier]:
    """The dossiers that the actor works on too, and whose answers can have a place here; the newest first."""
    own = select(TeamMember.dossier_id).where(
        TeamMember.user_id == stamp.actor.user_id, TeamMember.left_at.is_(None)
    )
    query = select(Dossier).where(Dossier.id.in_(own), Dossier.id != dossier.id).order_by(Dossier.id.desc())
    found = (
        one for one in session.scalars(query) if goes_with(one.questionnaire_key, dossier.questionnaire_key)
    )
    for _number, one in zip(range(MOST_CANDIDATES), found, strict=False):
        yield one


def goes_with(source: str, target: str) -> bool:
    """Tell whether answers under one key can have a place under another: one instrument, or a correspondence.

    >>> goes_with("iama/1.0", "iama/2.0"), goes_with("iama/2.0", "deda/nl-2025")
    (True, False)
    """
    same_instrument = source.partition("/")[0] == target.partition("/")[0]
    return same_instrument or correspondence(source, target) is not None


def from_dossier(
    session: Session, dossier_id: UUID, source_id: UUID, stamp: Stamp, *, lock: bool = False
) -> Preview:
    """Return what filling in from another dossier of the team would do; nothing is changed.

    Args:
        lock: it is going to be carried out in this transaction.

    Raises:
        NotFoundError: the actor is not in the team of one of them, or their question sets have nothing in common.
        TransitionNotAllowedError: the dossier is not with the team.
        ConcurrentEditError: the dossier is no longer the one on the actor's screen.
    """
    access, target = _open(session, dossier_id, stamp, lock=lock)
    other = open_dossier(session, source_id, stamp.actor, Permission.ANSWER_EDIT)
    if source_id == dossier_id or not goes_with(other.dossier.questionnaire_key, target.key):
        raise NotFoundError
    source = _questionnaire_of(session, other)
    items = _mapped(source, target, present_answers(session, source_id), stamp.at)
    label = f"{other.dossier.reference} ({source.short_title})"
    taken = _taken(session, dossier_id)
    return Preview(access, target, Origin.DOSSIER, label, source.language, tuple(items), taken)


def _mapped(
    source: Questionnaire, target: Questionnaire, present: Mapping[Slot, Present], now: datetime
) -> Iterator[ToCarry]:
    """Every answer with its place; one without keeps its words, because its question is not at hand there."""
    differences = compare(source, target, correspondence(source.key, target.key))
    move = Move(source, target, route(differences))
    written = {
        slot: Written(one.answer, one.at or now) for slot, one in present.items() if one.answer != UNANSWERED
    }
    questions = slots_of(source)
    for item in plan(move, differences, written):
        in_words = Answer(text=whole_text(questions[item.source_slot], item.answer))
        yield replace(item, needs_confirmation=True, answer=item.answer if item.slot else in_words)


def from_file(
    session: Session, dossier_id: UUID, name: str, data: bytes, stamp: Stamp, *, lock: bool = False
) -> Preview:
    """Return what filling in from an answers file would do; nothing is changed.

    Args:
        lock: it is going to be carried out in this transaction.
        name: of the file, as its sender calls it.

    Raises:
        InputError: the file cannot be read, or is about another question set; at the field ``file``.
        NotFoundError: as :func:`from_dossier`, or there is no answers file for this question set.
        TransitionNotAllowedError, ConcurrentEditError: as :func:`from_dossier`.
    """
    access, questionnaire = _open(session, dossier_id, stamp, lock=lock)
    found = read_answers(data, questionnaire)
    written = found.created_at or stamp.at
    items = (
        *_answers(questionnaire, found.answers, found.edited, written),
        *_leftovers(found.losses, written),
    )
    taken = _taken(session, dossier_id)
    label, language = file_name(name), questionnaire.language
    return Preview(access, questionnaire, Origin.FILE, label, language, items, taken, found.losses)


def _answers(
    questionnaire: Questionnaire, answers: Answers, edited: Mapping[Slot, datetime], written: datetime
) -> Iterator[ToCarry]:
    known = places(questionnaire)
    for slot, answer in answers.items():
        name = name_of(known, slot)
        yield ToCarry(slot, answer, True, slot, name, edited.get(slot, written))  # noqa: FBT003


def _leftovers(losses: Iterable[Loss], written: datetime) -> Iterator[ToCarry]:
    """What has no place but does say something stays readable under the earlier answers."""
    for loss in losses:
        if loss.text:
            place, at = Slot(loss.field), loss.at or written
            yield ToCarry(None, Answer(text=loss.text), False, place, loss.field, at)  # noqa: FBT003


def file_name(name: str) -> str:
    r"""Return a name of a file to show: its last part, without what cannot be printed.

    >>> file_name("C:\\map\\antwoorden\x07.json"), file_name("../../etc/passwd"), file_name("")
    ('antwoorden⟨U+0007⟩.json', 'passwd', 'bestand')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return " ".join(shown(last).split())[:LONGEST_NAME] or "bestand"


def _taken(session: Session, dossier_id: UUID) -> frozenset[Slot]:
    present = present_answers(session, dossier_id)
    return frozenset(slot for slot, one in present.items() if one.answer != UNANSWERED)


def carry_out(session: Session, preview: Preview, stamp: Stamp) -> tuple[CarriedState, ...]:
    """Fill in what a preview says; it was made in this transaction, with ``lock``."""
    dossier = preview.access.dossier
    found = carrying.carry(session, dossier, preview.items, preview.origin, preview.label, stamp)
    dossier.revision += 1  # the same page sent again is a stale one
    session.flush()
    return found
