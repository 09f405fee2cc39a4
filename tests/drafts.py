"""Drafts of question sets for tests, made by the same services that the pages call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.drafts import Reason, Weight
from ethiek.models.questionnaires import QuestionnaireDraft
from ethiek.questionnaires import editing
from ethiek.questionnaires.editing import Target
from ethiek.questionnaires.model import Question
from ethiek.questionnaires.problems import Scope
from ethiek.services import draft_editing, drafts, proposals
from tests.builders import AT, World

FIRST: Final = Target(Scope.QUESTION, "1.1.1")
TODAY: Final = AT.date()
LATER: Final = date(2026, 4, 1)


def a_draft(session: Session, world: World, *, by: str = "Vera", version: str = "2.0") -> UUID:
    """Begin a draft on the set of the world."""
    return drafts.begin(session, world.questionnaire.key, version, world.stamp(session, by)).id


def question(session: Session, world: World, draft_id: UUID, target: Target = FIRST) -> Question:
    """Return a question as it is in a draft now."""
    found = editing.element(drafts.content_of(load(session, world, draft_id)), target)
    assert isinstance(found, Question)
    return found


def load(session: Session, world: World, draft_id: UUID) -> QuestionnaireDraft:
    """Load a draft, as Vera."""
    return drafts.load(session, draft_id, world.stamp(session, "Vera"))


def rewrite(
    session: Session,
    world: World,
    draft_id: UUID,
    change: Callable[[Question], Question] = lambda one: replace(one, text="Waarom nu?"),
    *,
    target: Target = FIRST,
    by: str = "Vera",
) -> None:
    """Change one question."""
    present = drafts.content_of(load(session, world, draft_id))
    seen = editing.fingerprint(present, target)
    new = change(question(session, world, draft_id, target))
    draft_editing.change(session, draft_id, target, new, seen, world.stamp(session, by))


def explain(session: Session, world: World, draft_id: UUID, *, by: str = "Vera") -> None:
    """Give every change the least weight it has, and a reason."""
    found = drafts.view(session, load(session, world, draft_id))
    given = {line.question_id: Reason(line.least, "Zo is het duidelijker.") for line in found.changed}
    proposals.classify(session, draft_id, given, world.stamp(session, by))


def a_proposal(session: Session, world: World, *, editor: str = "Vera", by: str = "Vera") -> UUID:
    """Make a draft with one other wording, and propose it."""
    draft_id = a_draft(session, world, by=editor)
    rewrite(session, world, draft_id, by=editor)
    explain(session, world, draft_id, by=editor)
    proposals.propose(session, draft_id, world.stamp(session, by))
    return draft_id


def publish(session: Session, world: World, draft_id: UUID, *, by: str = "Wout", on: date = TODAY) -> str:
    return proposals.approve(session, draft_id, on, world.stamp(session, by))


EDITORIAL: Final = Reason(Weight.EDITORIAL, "Alleen de woorden.")
