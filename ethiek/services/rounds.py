"""A round as it is read: what was handed in, laid out as it was asked, with the remarks at each question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answers import Slot
from ethiek.domain.gatherings import Gathering
from ethiek.domain.moving import item_label
from ethiek.domain.permissions import Permission
from ethiek.domain.versions import Place as Standing
from ethiek.domain.versions import places as known_places
from ethiek.errors import ConcurrentEditError, InputError
from ethiek.models.dossiers import Snapshot
from ethiek.models.reviews import Remark
from ethiek.questionnaires.model import Level
from ethiek.reports.assessment import Part, assess
from ethiek.reports.source import Json, has_light_markdown
from ethiek.services import questionnaires, remarks
from ethiek.services.access import Access, open_dossier
from ethiek.services.remarks import RemarkInput
from ethiek.services.submission import snapshot_of
from ethiek.services.versions import Travel, travel_of

WHOLE: Final = Slot("")
"""Where a remark stands that is about no question in particular."""


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """One round of a dossier, in short."""

    number: int
    submitted_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Concluded:
    """What the question set concluded from the answers that were handed in."""

    level: Level
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One round, ready to be read. ``remarks``: at the slots on the page, and all others at :data:`WHOLE`."""

    access: Access
    snapshot: Snapshot
    handed_in: Json
    """The snapshot's content; see :mod:`ethiek.reports.source` for its formats."""
    parts: tuple[Part, ...]
    rounds: tuple[RoundFacts, ...]
    remarks: Mapping[Slot, Sequence[Remark]]
    places: Mapping[UUID, Place]
    """By the id of a remark: what the question is called that it was about."""
    files: Mapping[Slot, Sequence[tuple[int, Json]]]
    """What was handed in as files, with its place in the list: at the slots on the page, others at :data:`WHOLE`."""

    @property
    def conclusions(self) -> list[Concluded]:
        """What was concluded; empty too for a question set that concludes nothing."""
        rows = self.handed_in.get("conclusions", ())
        return [Concluded(Level(row["level"]), row["title"], row["reason"]) for row in rows]

    @property
    def gatherings(self) -> list[Gathering]:
        """The gatherings of the team that were handed in."""
        return [Gathering.from_json(row) for row in self.handed_in.get("sessions", ())]

    @property
    def light_markdown(self) -> bool:
        """Whether the answers are light Markdown; in older rounds they are plain text."""
        return has_light_markdown(self.handed_in)

    @property
    def is_present(self) -> bool:
        """This is the last round."""
        return self.snapshot.round == self.access.dossier.round


def read(session: Session, dossier_id: UUID, number: int, stamp: Stamp) -> Reading:
    """Return a round with the remarks made up to and in it, as far as this actor may read them.

    Raises:
        NotFoundError: there is no such dossier or round for this actor.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ROUND_READ)
    snapshot = snapshot_of(session, dossier_id, number)
    handed_in = json.loads(snapshot.content)
    parts = layout(session, handed_in)
    rows = [row for row in remarks.visible(session, access) if row.snapshot.round <= number]
    travel = travel_of(session, access.dossier, access.questionnaire_sha256)
    known = slots(parts)
    placed = _by_slot(known, rows, travel, number)
    return Reading(
        access,
        snapshot,
        handed_in,
        parts,
        rounds_of(session, dossier_id),
        placed,
        places_of(travel, placed.get(WHOLE, ())),
        _files(handed_in, known),
    )


def _files(handed_in: Json, known: frozenset[Slot]) -> dict[Slot, list[tuple[int, Json]]]:
    placed: dict[Slot, list[tuple[int, Json]]] = {}
    for number, row in enumerate(handed_in.get("attachments", ()), start=1):
        slot = Slot(row["question"], row["item"])
        placed.setdefault(slot if slot in known else WHOLE, []).append((number, row))
    return placed


def layout(session: Session, handed_in: Json) -> tuple[Part, ...]:
    """Lay out what was handed in exactly as the report does, as it was asked then; remarks are not in it."""
    return assess(_published(session, handed_in["questionnaire"]), handed_in, [])[0]


def _published(session: Session, pinned: Json) -> Json:
    """Return the question set of a snapshot as published, without reading it anew for every page."""
    digest = pinned["sha256"]
    if digest not in _PUBLISHED:
        _PUBLISHED[digest] = json.loads(questionnaires.content_of(session, pinned["key"]))
    return _PUBLISHED[digest]


_PUBLISHED: Final[dict[str, Json]] = {}
"""SHA-256 -> content; published content never changes, so this never goes stale."""


def slots(parts: Iterable[Part]) -> frozenset[Slot]:
    """Return the slots of all questions in a layout."""
    return frozenset(
        Slot(*entry.place)
        for part in parts
        for section in part.sections
        for group in section.groups
        for entry in group.entries
    )


def _by_slot(
    known: frozenset[Slot], rows: Iterable[Remark], travel: Travel, number: int
) -> dict[Slot, list[Remark]]:
    """Put every remark where its question stands in round ``number``, or at :data:`WHOLE`."""
    placed: dict[Slot, list[Remark]] = {}
    for row in rows:
        slot = travel.follow(Slot(row.question_id, row.item), row.snapshot.round, number)
        placed.setdefault(slot if slot in known else WHOLE, []).append(row)
    return placed


def rounds_of(session: Session, dossier_id: UUID) -> tuple[RoundFacts, ...]:
    """Return all rounds of a dossier, the first first."""
    rows = session.execute(
        select(Snapshot.round, Snapshot.submitted_at, Snapshot.sha256)
        .where(Snapshot.dossier_id == dossier_id)
        .order_by(Snapshot.round),
    )
    return tuple(RoundFacts(*row) for row in rows)


def remark(session: Session, dossier_id: UUID, number: int, given: RemarkInput, stamp: Stamp) -> Remark:
    """Put an internal remark on the round that was on the screen.

    Raises:
        ConcurrentEditError: the dossier was handed in again in the meantime.
        InputError: the question was not handed in, or the text cannot be accepted.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REMARK_WRITE, lock=True)
    handed_in = json.loads(snapshot_of(session, dossier_id, number).content)
    if number != access.dossier.round:
        raise ConcurrentEditError(dossier_id)
    if given.slot != WHOLE and given.slot not in slots(layout(session, handed_in)):
        raise InputError("at", "unknown")
    return remarks.write(session, dossier_id, given, stamp)


@dataclass(frozen=True, slots=True)
class Place:
    """A question as a list of remarks names it; all empty for the dossier as a whole.

    ``section_id`` is empty, and ``slot`` :data:`WHOLE`, where the present version has no such question any more.
    """

    number: str = ""
    text: str = ""
    item: str = ""
    section_id: str = ""
    slot: Slot = WHOLE
    language: str = ""


def places_of(travel: Travel, rows: Iterable[Remark]) -> dict[UUID, Place]:
    """Return what the questions of remarks are called, by the id of the remark.

    Where the question stands now, or where it stood when the remark was made, if it has no place any more.
    """
    known = {one.key: known_places(one) for one in travel.versions}
    return {row.id: _place_of(travel, known, row) for row in rows}


def _place_of(travel: Travel, known: Mapping[str, Mapping[str, Standing]], row: Remark) -> Place:
    made_at = Slot(row.question_id, row.item)
    now = travel.follow(made_at, row.snapshot.round)
    language = travel.present.language  # a dossier never changes its language
    present = known[travel.present.key]
    if now and now.question in present:
        named = _named(present, now, language)
        return replace(named, section_id=present[now.question].section.id, slot=now)
    before = known[travel.version_at(row.snapshot.round).key]
    return _named(before, made_at, language) if made_at.question in before else Place()


def _named(known: Mapping[str, Standing], slot: Slot, language: str) -> Place:
    question = known[slot.question].question
    return Place(question.number, question.text, item_label(known, slot), language=language)


@dataclass(frozen=True, slots=True)
class ReplyList:
    """The released remarks of a dossier, the unanswered first, and the questions they are about."""

    access: Access
    open: tuple[Remark, ...]
    answered: tuple[Remark, ...]
    places: Mapping[UUID, Place]


def reply_list(session: Session, dossier_id: UUID, stamp: Stamp) -> ReplyList:
    """Return what the committee asks of the team.

    Raises:
        PermissionDeniedError: the actor is not in the team.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REMARK_REPLY)
    rows = remarks.visible(session, access)
    return ReplyList(
        access,
        tuple(row for row in rows if not row.replies),
        tuple(row for row in rows if row.replies),
        places_of(travel_of(session, access.dossier, access.questionnaire_sha256), rows),
    )
