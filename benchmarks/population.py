"""Many dossiers at once, as years of work would leave them: every status, teams, assignments, answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.organisation import COLLEAGUES, EVERYWHERE, IAMA, Organisation
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.workflow import Status
from ethiek.models.base import Base, canonical_json
from ethiek.models.dossiers import Dossier, StoredAnswer, TeamMember
from ethiek.models.ids import uuid7
from ethiek.models.reviews import Assignment

STATUSES: Final = {
    Status.DRAFT: 25,
    Status.SUBMITTED: 8,
    Status.IN_REVIEW: 12,
    Status.CHANGES_REQUESTED: 5,
    Status.ADVISED: 5,
    Status.ARCHIVED: 40,
    Status.WITHDRAWN: 5,
}
"""Percentages."""

BATCH: Final = 10_000
FIRST_DAY: Final = datetime(2019, 1, 7, 9, 0, tzinfo=UTC)
ANSWERED: Final = ("1.1.1", "1.1.2", "1.2.2", "1.4.2", "1.4.3")
"""Questions that one in ten dossiers has an answer to."""

Row = dict[str, Any]
Rows = dict[type[Base], list[Row]]


class Population:
    """Adds dossiers; the same ones every time, apart from their ids."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._random = Random(2026)  # the same sample in every run
        self.count = 0
        self._handed_in = 0

    def grow(self, session: Session, target: int) -> None:
        """Add dossiers until there are ``target``."""
        while self.count < target:
            amount = min(BATCH, target - self.count)
            for table, rows in self._batch(amount).items():
                if rows:
                    session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]
            self.count += amount

    def _batch(self, amount: int) -> Rows:
        rows: Rows = {Dossier: [], TeamMember: [], Assignment: [], StoredAnswer: []}
        for number in range(self.count, self.count + amount):
            dossier = self._dossier(number)
            rows[Dossier].append(dossier)
            rows[TeamMember] += self._team(dossier)
            rows[Assignment] += self._assignments(dossier)
            rows[StoredAnswer] += self._answers(dossier, number)
        return rows

    def _dossier(self, number: int) -> Row:
        pick = self._random.choice
        status = self._random.choices(list(STATUSES), list(STATUSES.values()))[0]
        created = FIRST_DAY + timedelta(minutes=40 * number)
        submitted = None if status is Status.DRAFT else created + timedelta(days=self._random.randint(5, 90))
        return {
            "id": uuid7(),
            "reference": f"MET-{number:07d}",
            "title": f"Proef met tellingen in gebied {number}",
            "purpose": "Weten hoe druk het is, zodat bezoekers beter gespreid kunnen worden.",
            "unit_id": pick(self._organisation.units),
            "kind": pick(list(ProjectKind)),
            "phase": pick(list(Phase)),
            "questionnaire_key": IAMA,
            "committee_id": self._organisation.committees[number % 50 == 0],
            "status": status,
            "round": 0 if submitted is None else 1,
            "submitted_at": submitted,
            "due_on": None,
            "created_at": created,
            "revision": 1,
        }

    def _team(self, dossier: Mapping[str, Any]) -> Iterator[Row]:
        people = self._organisation.people
        for name in (EVERYWHERE, *self._random.sample(COLLEAGUES, 2)):
            yield {
                "dossier_id": dossier["id"],
                "user_id": people[name],
                "function": "projectleider",
                "leads": name == EVERYWHERE,
                "joined_at": dossier["created_at"],
                "left_at": None,
            }

    def _assignments(self, dossier: Mapping[str, Any]) -> Iterator[Row]:
        if dossier["submitted_at"] is None:
            return
        self._handed_in += 1
        for name in ("mila", "lot") if self._handed_in % 20 == 1 else ("mila",):
            yield {
                "dossier_id": dossier["id"],
                "user_id": self._organisation.people[name],
                "assigned_at": dossier["submitted_at"],
                "ended_at": None,
            }

    def _answers(self, dossier: Mapping[str, Any], number: int) -> Iterator[Row]:
        for question in ANSWERED if number % 10 == 0 else ():
            yield _answer(dossier, question, self._organisation.people[EVERYWHERE])


def _answer(dossier: Mapping[str, Any], question: str, author: UUID) -> Row:
    return {
        "id": uuid7(),
        "dossier_id": dossier["id"],
        "questionnaire_key": dossier["questionnaire_key"],
        "question_id": question,
        "item": "",
        "content": canonical_json({"text": "Dat bespreken we met bewoners en ondernemers. " * 8}),
        "revision": 1,
        "updated_by_id": author,
        "updated_at": dossier["created_at"],
    }
