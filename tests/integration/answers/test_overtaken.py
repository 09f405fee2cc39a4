"""Somebody else saves between our first look at a dossier and the moment it is ours to change."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.answers import Answer, Outcome
from ethiek.models.dossiers import StoredAnswer
from ethiek.services import answers
from ethiek.services.answers import Sent
from tests import builders
from tests.conftest import Database, only_postgresql
from tests.question_sets import FIRST


@only_postgresql
def test_answer_that_was_changed_meanwhile_is_a_conflict(database: Database) -> None:
    with Session(database.engine) as session, session.begin():
        world = builders.a_world(session)
        dossier_id = builders.a_dossier(session, world)
    with Session(database.engine) as ours, Session(database.engine) as theirs:
        seen = ours.scalars(select(StoredAnswer).where(StoredAnswer.dossier_id == dossier_id)).all()
        for session, text in ((theirs, "Van hen"), (ours, "Van ons")):
            sent = Sent(FIRST, Answer(text=text), 1, f"token-{text}")
            _access, (saved,) = answers.save(session, dossier_id, [sent], world.stamp(session, "Noor"))
            session.commit()
        assert seen
        assert (saved.outcome, saved.present.answer.text) == (Outcome.CONFLICT, "Van hen")
