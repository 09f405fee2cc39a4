"""Random lives of dossiers under versions that come and go: nobody else's dossier changes, and nothing is lost.

After every step all tables hold what plain rules of the test's own say they should, in every dossier and under
every version.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.workflow import Status
from ethiek.errors import ConcurrentEditError, NotFoundError, QuestionnaireError, TransitionNotAllowedError
from ethiek.exchange.formats import FORMATS
from ethiek.models.dossiers import Dossier
from ethiek.questionnaires.canonical import canonical
from ethiek.questionnaires.model import Question
from ethiek.services import (
    answers,
    carrying,
    casework,
    dossiers,
    exporting,
    migration,
    prefill,
    questionnaires,
    rounds,
)
from ethiek.services.answers import Sent
from tests import builders
from tests.builders import AT
from tests.integration.services.growing_sets import edited, first_version, random_answer, slots
from tests.integration.services.remembered import EMPTY, Memory, read

SEQUENCES: Final = {"sqlite": 1000, "postgresql": 100}
"""How many lives are lived; the environment variable of this name says otherwise."""

REMARKS: Final = {"Waarom?": Slot("a"), "Hoe dan?": Slot("b"), "En dit?": Slot("r", "x")}
GIVEN: Final = {
    Slot("a"): Answer(text="Drukte."),
    Slot("b"): Answer(choice="yes"),
    Slot("c"): Answer(choices=("x", "z")),
    Slot("r", "x"): Answer(text="Erg."),
    Slot("r", "z"): Answer(text="Niet erg."),
    Slot("d"): Answer(text="Nee."),
}


@dataclass(frozen=True)
class Scene:
    """One dossier that is being written, one that came back with remarks, and one that was advised on."""

    session: Session
    noor: Stamp
    acting: tuple[UUID, UUID]
    at_rest: UUID
    memory: Memory

    def export(self) -> bytes:
        """Return the JSON of the dossier that was advised on."""
        access = exporting.access_to(self.session, self.at_rest, self.noor)
        return FORMATS["json"].render(exporting.gather(self.session, access, self.noor))


@pytest.fixture
def scene(session: Session) -> Scene:
    world = builders.a_world(session, first_version())
    details = dossiers.Details("Los", "Proef.", world.unit_id, ProjectKind.SENSOR, Phase.PILOT)
    start = dossiers.StartInput(details, world.questionnaire.key, world.committee_id, "Projectleider")
    draft = dossiers.start(session, start, world.stamp(session, "Noor")).id
    returned = builders.a_dossier(session, world, Status.IN_REVIEW, given=GIVEN)
    for body, slot in REMARKS.items():
        builders.a_remark(session, world, returned, body, slot=slot, released=True)
    casework.request_changes(session, returned, world.stamp(session, "Sem"))
    advised = builders.a_dossier(session, world, Status.ADVISED, given=GIVEN)
    return Scene(session, world.stamp(session, "Noor"), (draft, returned), advised, read(session))


class Life:
    """What happens to the dossiers of a scene, and what the test expects of it."""

    def __init__(self, scene: Scene) -> None:
        self.session, self.noor = scene.session, scene.noor
        self.memory = scene.memory.copy()
        self.published = [first_version()]

    def dossier(self, dossier_id: UUID) -> Dossier:
        return self.session.get_one(Dossier, dossier_id)

    def questions(self, dossier_id: UUID) -> dict[Slot, Question]:
        """Every place for an answer in the version that a dossier has now."""
        return self.slots[self.memory.versions[dossier_id]]

    @property
    def slots(self) -> dict[str, dict[Slot, Question]]:
        return {one.key: slots(one) for one in self.published}

    def publish(self, _dossier_id: UUID, seed: int) -> None:
        """A new version comes out; one that is there cannot come out again with other content."""
        new = edited(self.published[-1], len(self.published), seed)
        questionnaires.publish(self.session, [new], AT)
        self.memory.published[new.key] = canonical(new).decode()
        self.published.append(new)
        other = replace(self.published[seed % len(self.published)], title="Anders")
        with pytest.raises(QuestionnaireError):
            questionnaires.publish(self.session, [other], AT)

    def answer(self, dossier_id: UUID, seed: int) -> None:
        slot, question = list(self.questions(dossier_id).items())[seed % len(self.questions(dossier_id))]
        place = self.memory.place(dossier_id, slot)
        given = random_answer(question, seed // 7)
        _content, revision = self.memory.answers.get(place, (EMPTY, 0))
        sent = Sent(slot, given, revision, f"{place.version}-{slot}-{revision}")
        answers.save(self.session, dossier_id, [sent], self.noor)
        self.memory.write(place, answers.encode(given))

    def move(self, dossier_id: UUID, seed: int) -> None:
        """To any version there is; only a newer one will do."""
        present = [one.key for one in self.published].index(self.memory.versions[dossier_id])
        wanted = seed % len(self.published)
        target = self.published[wanted].key
        if wanted <= present:
            with pytest.raises(NotFoundError):
                migration.migrate(self.session, dossier_id, target, self.noor)
        else:
            self._go(dossier_id, target)

    def _go(self, dossier_id: UUID, target: str) -> None:
        row = migration.migrate(self.session, dossier_id, target, self.noor)
        assert row.before_sha256 == self.memory.sha256(dossier_id)
        old, held = self.questions(dossier_id), self.memory.present(dossier_id)
        self.memory.move(dossier_id, target)
        given = {slot: content for slot, (content, _revision) in held.items()}
        self.memory.bring(dossier_id, given, old, self.questions(dossier_id), elsewhere=False)

    def undo(self, dossier_id: UUID, _seed: int) -> None:
        source = self.memory.came_from(dossier_id)
        if source is None:
            with pytest.raises(TransitionNotAllowedError):
                migration.undo(self.session, dossier_id, self.noor)
            return
        migration.undo(self.session, dossier_id, self.noor)
        self.memory.undo(dossier_id, source)

    def once_more(self, dossier_id: UUID, seed: int) -> None:
        """Back, another answer, and to the same version again."""
        target = self.memory.versions[dossier_id]
        if self.memory.came_from(dossier_id) is not None:
            self.undo(dossier_id, seed)
            self.answer(dossier_id, seed)
            self._go(dossier_id, target)

    def old_page(self, dossier_id: UUID, _seed: int) -> None:
        """Somebody looks at a dossier as it was before another edit: nothing moves and nothing comes back."""
        stale = replace(self.noor, seen=self.dossier(dossier_id).revision - 1)
        with pytest.raises(ConcurrentEditError):
            migration.undo(self.session, dossier_id, stale)
        with pytest.raises(ConcurrentEditError):
            migration.migrate(self.session, dossier_id, self.published[-1].key, stale)

    def confirm(self, dossier_id: UUID, seed: int) -> None:
        """One of the answers that wait; of those that do not there is nothing to confirm."""
        waiting = self.memory.waiting(dossier_id)
        assert carrying.pending(self.session, self.dossier(dossier_id)) == set(waiting)
        asked = list(self.questions(dossier_id))
        slot = waiting[seed % len(waiting)] if waiting and seed % 4 else asked[seed % len(asked)]
        confirmed = carrying.confirm(self.session, dossier_id, {slot}, self.noor)
        assert confirmed == {slot} & set(waiting)
        self.memory.settle(self.memory.place(dossier_id, slot))

    def fill_in(self, dossier_id: UUID, seed: int) -> None:
        """From one of the others, whatever version that has."""
        source_id = [one for one in self.memory.versions if one != dossier_id][seed % 2]
        found = prefill.from_dossier(self.session, dossier_id, source_id, self.noor, lock=True)
        prefill.carry_out(self.session, found, self.noor)
        held = self.memory.present(source_id)
        given = {slot: content for slot, (content, _revision) in held.items() if content != EMPTY}
        old, new = self.questions(source_id), self.questions(dossier_id)
        self.memory.bring(dossier_id, given, old, new, elsewhere=True)

    def check(self) -> None:
        """Everything is as the test remembers it, and every dossier is read so."""
        assert read(self.session) == self.memory
        for dossier_id in self.memory.versions:
            digest = migration.state_sha256(self.session, self.dossier(dossier_id))
            assert digest == self.memory.sha256(dossier_id)

    def check_remarks(self, dossier_id: UUID) -> None:
        """Each stands at its question, or keeps the words that it had."""
        found = rounds.reply_list(self.session, dossier_id, self.noor)
        named = {one.body: found.places[one.id] for one in found.open}
        before, now = slots(first_version()), self.questions(dossier_id)
        assert {body: (one.slot, one.text) for body, one in named.items()} == {
            body: (slot, now[slot].text) if slot in now else (Slot(""), before[slot].text)
            for body, slot in REMARKS.items()
        }


STEPS: Final = [
    "publish",
    "answer",
    "answer",
    "answer",
    "move",
    "move",
    "undo",
    "confirm",
    "fill_in",
    "once_more",
    "old_page",
]
LIVES: Final = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.integers(0, 10_000)), min_size=4, max_size=12
)


def live(scene: Scene, steps: list[tuple[str, int, int]]) -> None:
    life = Life(scene)
    for name, which, seed in [("publish", 0, steps[0][2]), *steps]:
        step: Callable[[UUID, int], None] = getattr(life, name)
        step(scene.acting[which], seed)
        life.check()
    life.check_remarks(scene.acting[1])


def test_random_lives_change_nobody_elses_dossier_and_lose_nothing(scene: Scene) -> None:
    number = os.environ.get("SEQUENCES", SEQUENCES[scene.session.get_bind().dialect.name])
    exported = scene.export()

    @settings(max_examples=int(number), deadline=None)
    @given(LIVES)
    @example([("confirm", 1, 0), ("move", 1, 1), ("once_more", 1, 3), ("confirm", 1, 1)])
    def lives(steps: list[tuple[str, int, int]]) -> None:
        before = scene.session.begin_nested()
        try:
            live(scene, steps)
            assert scene.export() == exported
        finally:
            before.rollback()

    lives()
