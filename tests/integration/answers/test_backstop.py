"""What the saving rules promise, the database refuses to break."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek.domain.answers import Outcome
from ethiek.models.dossiers import AnswerRevision
from tests import builders
from tests.builders import AT


def test_second_text_under_a_saved_revision_is_refused(session: Session) -> None:
    world = builders.a_world(session)
    dossier_id = builders.a_dossier(session, world)
    first = session.scalars(select(AnswerRevision).where(AnswerRevision.dossier_id == dossier_id)).first()
    assert first is not None
    second = AnswerRevision(
        dossier_id=dossier_id,
        questionnaire_key=first.questionnaire_key,
        question_id=first.question_id,
        item=first.item,
        token="another-token",
        based_on=0,
        revision=first.revision,
        outcome=Outcome.SAVED,
        content="{}",
        author_id=first.author_id,
        at=AT,
    )

    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(second)
        session.flush()
