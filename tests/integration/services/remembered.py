"""What dossiers and versions should hold after each step, by plain rules that share nothing with the application's."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from ethiek.domain.answer_text import whole_text
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import CarriedState
from ethiek.models.carried import CarriedAnswer, Migration
from ethiek.models.dossiers import AnswerRevision, Dossier, StoredAnswer
from ethiek.models.questionnaires import PublishedQuestionnaire
from ethiek.questionnaires.model import Kind, Question

EMPTY: Final = "{}"
NOWHERE: Final = Slot("")
FILLED_IN: Final = {CarriedState.PENDING, CarriedState.CONFIRMED, CarriedState.FITTED}


class Place(NamedTuple):
    """Where an answer stands."""

    dossier: UUID
    version: str
    slot: Slot


class Carried(NamedTuple):
    """An answer that came from elsewhere. ``source``: slot it came from."""

    into: Place
    source: str
    content: str
    state: CarriedState


def became(
    old: Question, new: Question | None, content: str, *, taken: bool, elsewhere: bool
) -> CarriedState:
    """Tell what becomes of an answer to one question at another.

    Args:
        taken: there is an answer already, which stays.
        elsewhere: it comes from another dossier, so that somebody has to look at it in any case.
    """
    answer = Answer.from_json(json.loads(content))
    if new is None:
        return CarriedState.UNPLACED
    if taken or (answer.choice and new.kind is not Kind.YES_NO) or set(answer.choices) - set(new.option_ids):
        return CarriedState.NOT_USED
    same = (old.text, old.kind, old.options) == (new.text, new.kind, new.options)
    return CarriedState.FITTED if content == EMPTY or (same and not elsewhere) else CarriedState.PENDING


def in_words(question: Question, content: str) -> str:
    """Return the content of an answer whose question will not be at hand to read it by."""
    return _json({"text": whole_text(question, Answer.from_json(json.loads(content)))})


@dataclass
class Memory:
    """Everything that counts, as the tables should hold it."""

    versions: dict[UUID, str] = field(default_factory=dict)
    """Dossier -> the version that it has now."""
    answers: dict[Place, tuple[str, int]] = field(default_factory=dict)
    """Content and revision."""
    sent: Counter[tuple[Place, str, int | None]] = field(default_factory=Counter)
    """Everything that was ever written, with the revision that it became."""
    carried: Counter[Carried] = field(default_factory=Counter)
    moves: Counter[tuple[UUID, str, str, bool]] = field(default_factory=Counter)
    """Dossier, from, to, and whether it was undone."""
    published: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Memory:
        return deepcopy(self)

    def place(self, dossier: UUID, slot: Slot) -> Place:
        """Return where the dossier has this slot now."""
        return Place(dossier, self.versions[dossier], slot)

    def present(self, dossier: UUID) -> dict[Slot, tuple[str, int]]:
        """Return what stands under the version that a dossier has now."""
        key = self.versions[dossier]
        return {
            at.slot: held for at, held in self.answers.items() if (at.dossier, at.version) == (dossier, key)
        }

    def sha256(self, dossier: UUID) -> str:
        """Return the hash of the canonical JSON of a dossier."""
        rows = [
            {"question": slot.question, "item": slot.item, "answer": json.loads(content), "revision": number}
            for slot, (content, number) in sorted(self.present(dossier).items())
        ]
        state = {"format": "ethiek-state/1", "questionnaire": self.versions[dossier], "answers": rows}
        return hashlib.sha256(_json(state).encode()).hexdigest()

    def write(self, place: Place, content: str) -> None:
        """An answer is written, if it is another than the one that stands."""
        present, revision = self.answers.get(place, (EMPTY, 0))
        if content != present:
            self.answers[place] = content, revision + 1
            self.sent[place, content, revision + 1] += 1
            self.settle(place)

    def waiting(self, dossier: UUID) -> list[Slot]:
        """Return where an answer under the present version is to be confirmed, in order."""
        places = {one.into for one in self.carried if one.state is CarriedState.PENDING}
        return sorted(
            at.slot for at in places if (at.dossier, at.version) == (dossier, self.versions[dossier])
        )

    def settle(self, place: Place) -> None:
        """Nothing is left to confirm at a place."""
        for one in [one for one in self.carried if one.into == place and one.state is CarriedState.PENDING]:
            self.carried[one._replace(state=CarriedState.CONFIRMED)] += self.carried.pop(one)

    def bring(
        self,
        dossier: UUID,
        given: Mapping[Slot, str],
        old: Mapping[Slot, Question],
        new: Mapping[Slot, Question],
        *,
        elsewhere: bool,
    ) -> None:
        """Answers to questions of an old version come into a dossier that has a new one."""
        present = self.present(dossier)
        for slot, content in given.items():
            taken = elsewhere and present.get(slot, (EMPTY, 0))[0] != EMPTY
            state = became(old[slot], new.get(slot), content, taken=taken, elsewhere=elsewhere)
            into = self.place(dossier, NOWHERE if state is CarriedState.UNPLACED else slot)
            if state in FILLED_IN:
                self.settle(into)
                self.write(into, content)
            if content != EMPTY:
                kept = in_words(old[slot], content) if elsewhere and into.slot == NOWHERE else content
                self.carried[Carried(into, str(slot), kept, state)] += 1

    def move(self, dossier: UUID, target: str) -> None:
        """A dossier has another version from now on."""
        self.moves[dossier, self.versions[dossier], target, False] += 1
        self.versions[dossier] = target

    def came_from(self, dossier: UUID) -> str | None:
        """Return the version that undoing the last move gives back."""
        key = self.versions[dossier]
        moves = (one for one in self.moves if (one[0], one[2], one[3]) == (dossier, key, False))
        return next((source for _dossier, source, _target, _undone in moves), None)

    def undo(self, dossier: UUID, source: str) -> None:
        """A dossier has the version again from which it came."""
        move = (dossier, source, self.versions[dossier])
        del self.moves[*move, False]
        self.moves[*move, True] += 1
        self.versions[dossier] = source


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(session: Session) -> Memory:
    """Return what the tables hold."""
    return Memory(
        versions={row.id: row.questionnaire_key for row in session.execute(_VERSIONS)},
        answers={_place(row): (row.content, row.revision) for row in session.execute(_ANSWERS)},
        sent=Counter((_place(row), row.content, row.revision) for row in session.execute(_SENT)),
        carried=Counter(
            Carried(_place(row), row.source_slot, _json(row.content), row.state)
            for row in session.execute(_CARRIED)
        ),
        moves=Counter(
            (row.dossier_id, row.source_key, row.target_key, row.undone_at is not None)
            for row in session.execute(_MOVES)
        ),
        published={row.key: row.content for row in session.execute(_PUBLISHED)},
    )


def _columns_of_place(table: type[StoredAnswer | AnswerRevision | CarriedAnswer]) -> tuple[Any, ...]:
    return table.dossier_id, table.questionnaire_key, table.question_id, table.item


_VERSIONS: Final = select(Dossier.id, Dossier.questionnaire_key)
_ANSWERS: Final = select(*_columns_of_place(StoredAnswer), StoredAnswer.content, StoredAnswer.revision)
_SENT: Final = select(*_columns_of_place(AnswerRevision), AnswerRevision.content, AnswerRevision.revision)
_CARRIED: Final = select(
    *_columns_of_place(CarriedAnswer), CarriedAnswer.source_slot, CarriedAnswer.content, CarriedAnswer.state
)
_MOVES: Final = select(Migration.dossier_id, Migration.source_key, Migration.target_key, Migration.undone_at)
_PUBLISHED: Final = select(PublishedQuestionnaire.key, PublishedQuestionnaire.content)


def _place(row: Row[*tuple[Any, ...]]) -> Place:
    return Place(row.dossier_id, row.questionnaire_key, Slot(row.question_id, row.item))
