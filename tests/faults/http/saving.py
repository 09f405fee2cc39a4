"""People who save without pause, what they were told, and what the database says of it."""

from __future__ import annotations

import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from ethiek.domain.answers import Outcome, Slot
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import AnswerRevision, StoredAnswer
from ethiek.models.users import User
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Kind
from ethiek.services import answers, audit
from tests.faults.http.person import Answer, NoAnswerError, Person
from tests.faults.http.site import Site
from tests.question_sets import complete_answers

SCRIPT: Final = {"Accept": "application/json"}
PATIENCE_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Place:
    """Where an answer is filled in."""

    section: str
    slot: Slot

    @property
    def key(self) -> str:
        return f"q-{self.slot}"


IAMA: Final = load_catalogue().get("iama/2.0")
PLACES: Final = tuple(
    Place(section.id, Slot(question.id))
    for _part, section in IAMA.sections()
    for question in section.questions
    if question.kind is Kind.OPEN_TEXT and Slot(question.id) in complete_answers(IAMA)
)[:5]
"""Five open questions of a real question set."""


@dataclass(frozen=True, order=True)
class Told:
    """What became of one text. ``revision`` 0: it was refused, because somebody else was first."""

    slot: Slot
    text: str
    revision: int


@dataclass
class Load:
    """What a number of people met while they were saving."""

    told: list[Told] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    broken: int = 0

    def add(self, other: Load) -> None:
        self.told += other.told
        self.statuses += other.statuses
        self.seconds += other.seconds
        self.broken += other.broken

    def percentile(self, percent: int) -> float:
        """Milliseconds of the exchanges that were answered."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]

    def __str__(self) -> str:
        times = ", ".join(f"p{percent} {self.percentile(percent):.0f} ms" for percent in (50, 95, 100))
        return f"{len(self.told)} texts, statuses {dict(self.statuses)}, {self.broken} broken off, {times}"


class Editor:
    """Somebody who saves one text after the other, each on the newest revision he knows of."""

    def __init__(self, person: Person, dossier_id: UUID) -> None:
        self.person = person
        self.dossier_id = dossier_id
        self.known = dict.fromkeys(PLACES, 1)
        self.load = Load()

    def save_until(self, deadline: float) -> Load:
        chance = random.Random(self.person.name)
        number, place = 0, chance.choice(PLACES)
        while time.monotonic() < deadline:
            number += 1
            told = self.save(place, f"{self.person.name} schrijft tekst {number}.")
            place = chance.choice(PLACES) if told.revision else place
        return self.load

    def save(self, place: Place, text: str) -> Told:
        """Send one text, again and again until it is answered, as the page does."""
        fields = save_fields(place, text, self.known[place])
        patience = time.monotonic() + PATIENCE_SECONDS
        while (answer := self._try(place, fields)) is None or answer.status == 503:
            assert time.monotonic() < patience, f"{self.person.name} waits for ever: {answer}"
            time.sleep(0.05)
        assert answer.status in {200, 409}, answer
        saved = answer.json["saved" if answer.status == 200 else "conflict"][place.key]
        self.known[place] = saved["revision"]
        told = Told(place.slot, text, saved["revision"] if answer.status == 200 else 0)
        self.load.told.append(told)
        return told

    def _try(self, place: Place, fields: dict[str, str]) -> Answer | None:
        try:
            answer = self.person.post(url_of(self.dossier_id, place), fields, SCRIPT)
        except NoAnswerError:
            self.load.broken += 1
            return None
        self.load.statuses[answer.status] += 1
        self.load.seconds.append(answer.seconds)
        return answer


def url_of(dossier_id: UUID, place: Place) -> str:
    return f"/dossiers/{dossier_id}/vragen/{place.section}"


def save_fields(place: Place, text: str, based_on: int, token: str = "") -> dict[str, str]:
    """The fields of a form with one question."""
    return {
        f"{place.key}-text": text,
        f"{place.key}-considerations": "",
        f"{place.key}-revision": str(based_on),
        f"{place.key}-token": token or secrets.token_urlsafe(16),
    }


def save_together(
    people: Sequence[Person],
    dossier_id: UUID,
    seconds: float,
    meanwhile: Callable[[float], None] = lambda _deadline: None,
) -> Load:
    """Let people save for some seconds; ``meanwhile`` gets the moment at which they end."""
    deadline = time.monotonic() + seconds
    load = Load()
    with ThreadPoolExecutor(len(people)) as pool:
        running = [pool.submit(Editor(person, dossier_id).save_until, deadline) for person in people]
        meanwhile(deadline)
        for one in running:
            load.add(one.result())
    return load


def check_kept(site: Site, dossier_id: UUID, load: Load) -> None:
    """Compare what people were told with what is in the database, in both directions."""
    with site.reading() as session:
        rows = session.execute(
            select(AnswerRevision, User.name)
            .join(User, User.id == AnswerRevision.author_id)
            .where(AnswerRevision.dossier_id == dossier_id)
        ).all()
        stored = session.scalars(select(StoredAnswer).where(StoredAnswer.dossier_id == dossier_id)).all()
        events = session.scalar(
            select(func.count()).where(
                AuditEvent.action == "save_answer", AuditEvent.object_id == str(dossier_id)
            )
        )
        chain = audit.verify_chain(session)
    assert chain.broken is None
    assert events == len(rows)
    kept = [_told(row) for row, name in rows if name != "Noor"]
    assert sorted(kept) == sorted(load.told)
    saved = [row for row, _name in rows if row.outcome is Outcome.SAVED]
    for answer in stored:
        numbered = {row.revision: row for row in saved if row.question_id == answer.question_id}
        assert sorted(numbered) == list(range(1, answer.revision + 1))
        assert numbered[answer.revision].content == answer.content
    assert len(saved) == sum(answer.revision for answer in stored)


def _told(row: AnswerRevision) -> Told:
    return Told(Slot(row.question_id, row.item), answers.decode(row.content).text, row.revision or 0)
