"""From every question of both instruments to the JSON inside the PDF: nothing gets lost on the way."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from sqlalchemy.orm import Session

from ethiek.domain.actors import Role
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.walk import active_stops, walk
from ethiek.domain.workflow import Status
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Effect, Kind, Question, Questionnaire
from ethiek.reports.model import build
from ethiek.reports.render import render
from ethiek.services import reporting, submission
from tests import builders
from tests.conftest import only_sqlite
from tests.question_sets import an_answer

KEYS = [questionnaire.key for questionnaire in load_catalogue()]
NEVER_TOGETHER = {"iama/2.0": ("2.2A.1", "2.2A.2", "2.2A.3"), "deda/nl-2025": ()}
"""Questions of branches that exclude the widest way through each instrument."""


def candidates(question: Question) -> Iterator[Answer]:
    """Answers that may open branches."""
    text = f"Toelichting bij {question.id}."
    if question.kind is Kind.MULTI_CHOICE:
        every = tuple(option.id for option in question.options if not option.exclusive)
        alone = tuple(option.id for option in question.options if option.exclusive)
        for choices in (every[: question.max_items], alone[:1]):
            yield Answer(choices=choices, text=text, considerations="Afgewogen.")
    elif question.kind in {Kind.CHOICE, Kind.YES_NO}:
        yield from (Answer(choice=id_, text=text, considerations="Afgewogen.") for id_ in question.option_ids)
    else:
        yield an_answer(question)


def reach(questionnaire: Questionnaire, answers: dict[Slot, Answer]) -> tuple[bool, int]:
    stopped = any(stop.rule.effect is Effect.STOP for stop in active_stops(questionnaire, answers))
    return not stopped, len({one.question.id for one in walk(questionnaire, answers)})


def widest_answers(questionnaire: Questionnaire) -> dict[Slot, Answer]:
    """Answers on the way along the most questions."""
    answers: dict[Slot, Answer] = {}
    while True:
        one = next((one for one in walk(questionnaire, answers) if one.slot not in answers), None)
        if one is None:
            return answers
        slot = one.slot
        answers[slot] = max(
            candidates(one.question),
            key=lambda answer: reach(questionnaire, {**answers, slot: answer}),
        )


def embedded(pdf: bytes) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {name: json.loads(spec.get_file().read_bytes()) for name, spec in document.attachments.items()}


@only_sqlite
@pytest.mark.parametrize("key", KEYS)
def test_every_answer_reaches_the_file_inside_the_report(session: Session, key: str) -> None:
    questionnaire = load_catalogue().get(key)
    given = widest_answers(questionnaire)
    world = builders.a_world(session, questionnaire)
    dossier_id = builders.a_dossier(session, world, Status.AWAITING_SIGNATURE, given=given)
    found = builders.present_advice(session, dossier_id)
    source = reporting.source_of(session, found.id, test_seal=True)

    printed = {
        Slot(*entry.place)
        for part in build(source).parts
        for section in part.sections
        for group in section.groups
        for entry in group.entries
    }
    files = embedded(render(source))

    kept = {
        Slot(row["question"], row["item"]): Answer.from_json(row["answer"])
        for row in files["snapshot.json"]["answers"]
    }
    assert kept == given
    assert printed >= set(given)
    ids = {slot.question for slot in kept}
    assert tuple(files["snapshot.json"]["not_asked"]) == NEVER_TOGETHER[key]
    assert ids | set(NEVER_TOGETHER[key]) == {question.id for question in questionnaire.questions()}
    texts = json.dumps(files["questionnaire.json"])
    assert all(json.dumps(question.id) in texts for question in questionnaire.questions())
    approved = [(row["role"], row["by"]) for row in files["approvals.json"]["approvals"]]
    assert approved == [(Role.CHAIR, "Chris"), (Role.SECRETARY, "Sem")]
    assert files["snapshot.json"] == json.loads(submission.snapshot_of(session, dossier_id, 1).content)
