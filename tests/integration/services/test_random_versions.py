"""Random lives of dossiers under versions that come and go: nobody else's dossier changes, and nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import PLACED, slots_of
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.walk import UNANSWERED
from ethiek.errors import NotFoundError, TransitionNotAllowedError
from ethiek.models.base import canonical_json
from ethiek.models.carried import CarriedAnswer
from ethiek.models.dossiers import AnswerRevision, Dossier, StoredAnswer
from ethiek.questionnaires.model import Kind, Option, Part, Question, Questionnaire, Section
from ethiek.services import answers, carrying, dossiers, migration, questionnaires, versions
from ethiek.services.answers import Sent
from tests.builders import AT, World
from tests.conftest import only_sqlite
from tests.question_sets import a_questionnaire

pytestmark = only_sqlite

SEQUENCES: Final = int(os.environ.get("SEQUENCES", "100"))
"""How many lives are lived; a thousand of them is what the release was tested with."""


def first_version() -> Questionnaire:
    options = tuple(Option(id_, id_.upper()) for id_ in ("x", "y", "z"))
    plain = (
        Question("a", "Wat?", Kind.OPEN_TEXT),
        Question("b", "Mag het?", Kind.YES_NO),
        Question("c", "Welke?", Kind.MULTI_CHOICE, options=options),
    )
    per_choice = Section("2", "Per keuze", (Question("r", "Hoe erg?", Kind.OPEN_TEXT),), repeat_for="c")
    sections = (Section("1", "Begin", plain), per_choice, Section("3", "Eind", (EXTRA,)))
    return replace(a_questionnaire(), id="los", version="1.0", parts=(Part("1", "", sections),))


EXTRA = Question("d", "Nog iets?", Kind.SHORT_TEXT)


def edited(old: Questionnaire, number: int, seed: int) -> Questionnaire:
    """The next version, with one edit that the seed chooses."""
    begin, per_choice, end = old.parts[0].sections
    kind, seed = seed % 6, seed // 6
    where = begin if seed % 2 else end
    ids = [one.id for one in where.questions]
    picked = where.questions[seed % len(ids)] if ids else None
    rest = tuple(one for one in where.questions if one is not picked)
    changed = where.questions
    if kind == 0 and picked:
        changed = tuple(
            replace(one, text=f"{one.text} {number}") if one is picked else one for one in changed
        )
    elif kind == 1 and picked and picked.id != "c":
        changed = rest
    elif kind == 2:
        changed = (*changed, Question(f"n{number}", f"Nieuw {number}?", Kind.OPEN_TEXT))
    elif kind == 3 and picked and picked.kind in (Kind.OPEN_TEXT, Kind.YES_NO):
        changed = tuple(replace(one, kind=Kind.SHORT_TEXT) if one is picked else one for one in changed)
    elif kind == 4 and picked and picked.id == "c":
        kept = (*picked.options[1:], Option(f"o{number}", "Extra"))
        changed = tuple(replace(one, options=kept) if one is picked else one for one in changed)
    elif kind == 5 and picked:
        changed = (*rest, picked)
    where = replace(where, questions=changed)
    sections = (where, per_choice, end) if seed % 2 else (begin, per_choice, where)
    return replace(old, version=f"1.{number}", parts=(replace(old.parts[0], sections=sections),))


@dataclass
class Life:
    """Some dossiers and everything that happened to them, as the test remembers it."""

    session: Session
    world: World
    latest: Questionnaire
    ids: list[UUID]
    number: int = 0
    before: dict[UUID, list[tuple[str, str]]] = field(default_factory=dict)
    written: dict[UUID, set[str]] = field(default_factory=dict)

    def dossier(self, dossier_id: UUID) -> Dossier:
        return self.session.get_one(Dossier, dossier_id)

    def state(self, dossier_id: UUID) -> str:
        """What counts now, as canonical JSON."""
        present = answers.present_answers(self.session, dossier_id)
        return migration.canonical_state(self.dossier(dossier_id).questionnaire_key, present)

    def elsewhere(self, dossier_id: UUID) -> list[tuple[object, ...]]:
        """Every row under another version than the present one."""
        key = self.dossier(dossier_id).questionnaire_key
        return [
            tuple(row)
            for table in (StoredAnswer.__table__, AnswerRevision.__table__)
            for row in self.session.execute(
                select(table)
                .where(table.c.dossier_id == dossier_id, table.c.questionnaire_key != key)
                .order_by(table.c.id)
            )
        ]

    def publish(self, _dossier_id: UUID, seed: int) -> None:
        self.number += 1
        self.latest = edited(self.latest, self.number, seed)
        questionnaires.publish(self.session, [self.latest], AT)

    def answer(self, dossier_id: UUID, seed: int) -> None:
        key = self.dossier(dossier_id).questionnaire_key
        known = slots_of(versions.versions_of(self.session, {key})[key])
        slot, question = list(known.items())[seed % len(known)]
        given = an_answer(question, seed // 7)
        present = answers.present_answers(self.session, dossier_id).get(slot, answers.NOTHING)
        sent = Sent(slot, given, present.revision, f"{key}-{slot}-{present.revision}")
        others = self.elsewhere(dossier_id)
        answers.save(self.session, dossier_id, [sent], self.world.stamp(self.session, "Noor"))
        self.written[dossier_id].add(canonical_json(given.to_json()))
        assert self.elsewhere(dossier_id) == others

    def move(self, dossier_id: UUID, _seed: int) -> None:
        old, rows = self.state(dossier_id), set(self.all_answers(dossier_id))
        present = answers.present_answers(self.session, dossier_id)
        try:
            row = migration.migrate(
                self.session, dossier_id, self.latest.key, self.world.stamp(self.session, "Noor")
            )
        except NotFoundError:
            assert self.state(dossier_id) == old
            return
        self.before[dossier_id].append((old, row.before_sha256))
        carried = self.session.scalars(
            select(CarriedAnswer).where(CarriedAnswer.migration_id == row.id)
        ).all()
        filled = {str(slot) for slot, one in present.items() if one.answer != UNANSWERED}
        assert {one.source_slot for one in carried} == filled
        assert {content for _slot, content in rows} <= self.everything(dossier_id)
        now = answers.present_answers(self.session, dossier_id)
        placed = {Slot(one.question_id, one.item): one.content for one in carried if one.state in PLACED}
        assert {slot: now[slot].answer.to_json() for slot in placed if slot in now} == placed

    def undo(self, dossier_id: UUID, _seed: int) -> None:
        stamp = self.world.stamp(self.session, "Noor")
        if not self.before[dossier_id]:
            try:
                migration.undo(self.session, dossier_id, stamp)
            except TransitionNotAllowedError:
                return
            raise AssertionError("undid what was never done")
        state, digest = self.before[dossier_id].pop()
        migration.undo(self.session, dossier_id, stamp)
        dossier = self.dossier(dossier_id)
        assert (self.state(dossier_id), migration.state_sha256(self.session, dossier)) == (state, digest)

    def confirm(self, dossier_id: UUID, _seed: int) -> None:
        before = self.state(dossier_id)
        waiting = carrying.pending(self.session, self.dossier(dossier_id))
        stamp = self.world.stamp(self.session, "Noor")
        assert carrying.confirm(self.session, dossier_id, waiting, stamp) == waiting
        assert self.state(dossier_id) == before

    def all_answers(self, dossier_id: UUID) -> list[tuple[str, str]]:
        rows = self.session.execute(
            select(StoredAnswer.question_id, StoredAnswer.content).where(
                StoredAnswer.dossier_id == dossier_id
            )
        )
        return [(question, content) for question, content in rows]

    def everything(self, dossier_id: UUID) -> set[str]:
        """Every content that can still be read somewhere."""
        sent = self.session.scalars(
            select(AnswerRevision.content).where(AnswerRevision.dossier_id == dossier_id)
        )
        return {*sent, *(content for _slot, content in self.all_answers(dossier_id))}


def an_answer(question: Question, seed: int) -> Answer:
    if question.kind is Kind.YES_NO:
        return Answer(choice=("yes", "no")[seed % 2])
    if question.kind is Kind.MULTI_CHOICE:
        return Answer(
            choices=tuple(one for index, one in enumerate(question.option_ids) if seed >> index & 1)
        )
    return Answer(text=f"Tekst {seed % 50}." if seed % 9 else "")


STEPS: Final = ("publish", "answer", "answer", "answer", "move", "undo", "confirm")
LIVES = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.integers(0, 10_000)), min_size=4, max_size=12
)


def a_life(session: Session, world: World) -> Life:
    latest = first_version()
    questionnaires.publish(session, [latest], AT)
    details = dossiers.Details("Los", "Proef.", world.unit_id, ProjectKind.SENSOR, Phase.PILOT)
    start = dossiers.StartInput(details, latest.key, world.committee_id, "Projectleider")
    ids = [dossiers.start(session, start, world.stamp(session, "Noor")).id for _ in range(2)]
    return Life(
        session, world, latest, ids, before={id_: [] for id_ in ids}, written={id_: set() for id_ in ids}
    )


@settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LIVES)
def test_random_lives_change_nobody_elses_dossier_and_lose_nothing(
    session: Session, world: World, steps: list[tuple[str, int, int]]
) -> None:
    savepoint = session.begin_nested()
    life = a_life(session, world)
    for name, which, seed in steps:
        acted, other = life.ids[which], life.ids[1 - which]
        before, published = life.state(other), life.elsewhere(other)
        step: Callable[[], None] = partial(getattr(life, name), acted, seed)
        step()
        assert (life.state(other), life.elsewhere(other)) == (before, published)
    for dossier_id in life.ids:
        assert life.written[dossier_id] <= life.everything(dossier_id) | {"{}"}
    savepoint.rollback()
