from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.answers import Answer, Outcome, Slot
from ethiek.domain.carried import Origin, ToCarry
from ethiek.domain.permissions import Permission
from ethiek.errors import NotFoundError, PermissionDeniedError
from ethiek.models.dossiers import AnswerRevision, Dossier
from ethiek.services import answers, carrying, earlier, late
from ethiek.services.access import Access, open_dossier
from ethiek.services.answers import Sent
from tests import builders
from tests.builders import World
from tests.integration.services.conftest import By, Events
from tests.question_sets import RIGHTS

THEN = datetime(2025, 5, 1, 12, tzinfo=UTC)
WHY, PICKED = Slot("1.1.1"), Slot("1.1.4")


@pytest.fixture
def dossier(session: Session, world: World) -> Dossier:
    return session.get_one(Dossier, builders.a_dossier(session, world))


@pytest.fixture
def access(session: Session, dossier: Dossier, by: By) -> Access:
    return open_dossier(session, dossier.id, by("Noor").actor, Permission.ANSWER_EDIT, lock=True)


def bring(session: Session, dossier: Dossier, by: By, *given: tuple[Slot | None, Answer]) -> None:
    items = [
        ToCarry(slot, answer, True, Slot("9", "x"), "9 Wat was het?", THEN)  # noqa: FBT003
        for slot, answer in given
    ]
    carrying.carry(session, dossier, items, Origin.DOSSIER, "ETH-2025-0001 (DEDA)", by("Noor"))


def test_answers_from_another_dossier_are_shown_with_where_they_came_from(
    session: Session, dossier: Dossier, access: Access, world: World, by: By
) -> None:
    row = {"wat": "Een bord", "wie": "Noor"}
    bring(
        session,
        dossier,
        by,
        (PICKED, Answer(choices=("equality",))),
        (None, Answer(text="Los.", considerations="Omdat.")),
        (None, Answer(rows=(row,))),
    )
    found = earlier.earlier(session, dossier.id, by("Noor"))
    (group,) = found.groups.values()
    assert list(found.groups) == ["ETH-2025-0001 (DEDA)"]
    assert [(one.question, one.beside, one.at) for one in group] == [
        ("9 Wat was het?", "1.1.4 Welke rechten raakt het?", THEN),
        ("9 Wat was het?", "", THEN),
        ("9 Wat was het?", "", THEN),
    ]
    assert group[0].text == f"• {RIGHTS[1].label}"
    assert group[1].text == "Los.\n\nOmdat."
    assert all(cell in group[2].text for cell in row.values())
    beside = earlier.beside(session, access, world.questionnaire)
    assert list(beside) == [PICKED]
    (shown,) = beside[PICKED]
    assert (shown.waits, shown.changed, shown.source) == (False, (), None)


def test_earlier_answers_are_the_teams_alone(
    session: Session, world: World, dossier: Dossier, by: By
) -> None:
    with pytest.raises(NotFoundError):
        earlier.earlier(session, dossier.id, by("Omar"))
    builders.hand_in(session, world, dossier.id)
    with pytest.raises(PermissionDeniedError):
        earlier.earlier(session, dossier.id, by("Sem"))
    assert earlier.earlier(session, dossier.id, by("Noor")).groups == {}


def kept(session: Session, dossier_id: UUID) -> list[tuple[str, str]]:
    rows = session.scalars(
        select(AnswerRevision)
        .where(AnswerRevision.dossier_id == dossier_id, AnswerRevision.outcome == Outcome.TOO_LATE)
        .order_by(AnswerRevision.id)
    )
    return [(row.question_id, answers.decode(row.content).text) for row in rows]


def test_late_texts_are_kept_once_and_what_stands_there_is_not_kept_again(
    session: Session, dossier: Dossier, access: Access, by: By, new_events: Events
) -> None:
    key = dossier.questionnaire_key
    same = answers.present_answers(session, dossier.id)[WHY].answer
    first, second = Answer(text="Eerste."), Answer(text="Tweede.")
    new_events()
    for sent in (
        [Sent(WHY, same, 1, "a")],
        [Sent(WHY, first, 1, "b"), Sent(PICKED, Answer(text="Ook."), 0, "c")],
        [Sent(WHY, first, 1, "b")],
        [Sent(WHY, second, 1, "b")],
        [],
    ):
        late.keep(session, access, key, sent, by("Noor"))
    assert sorted(kept(session, dossier.id)) == [
        ("1.1.1", "Eerste."),
        ("1.1.1", "Tweede."),
        ("1.1.4", "Ook."),
    ]
    assert new_events() == [("save_answer", "refused"), ("save_answer", "refused")]
