"""From every question of every instrument to the JSON inside the PDF: nothing gets lost on the way."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
import pytest
from sqlalchemy.orm import Session

from ethiek.domain.actors import Role
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.walk import active_stops, walk
from ethiek.domain.workflow import Status
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import ENDING, Kind, Question, Questionnaire
from ethiek.reports.model import build
from ethiek.reports.render import render
from ethiek.services import reporting, submission
from tests import builders
from tests.conftest import only_sqlite
from tests.question_sets import an_answer

SELF_LEARNING = ("2.2B.1", "2.2B.2", "2.2B.3", "2.2B.4")
RULES = ("2.2A.1", "2.2A.2", "2.2A.3")
WAYS = [
    ("iama/2.0", {}, RULES),
    ("iama/2.0", {"2.1.1": "rule-based"}, SELF_LEARNING),
    ("deda/nl-2025", {}, ()),
    ("deda/en-2023", {}, ()),
    ("moreel-beraad/ofl-2021", {}, ()),
    ("quickscan/1.0", {}, ()),
    ("iama/1.0", {}, ()),
    ("fraia/1.0", {}, ()),
]
"""Instrument, choices made beforehand, and the questions that this way does not come past."""


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
    stopped = any(stop.rule.effect in ENDING for stop in active_stops(questionnaire, answers))
    return not stopped, len({one.question.id for one in walk(questionnaire, answers)})


def widest_answers(questionnaire: Questionnaire, chosen: Mapping[str, str]) -> dict[Slot, Answer]:
    """Answers on the way along the most questions, with these choices made beforehand."""
    answers: dict[Slot, Answer] = {}
    while True:
        one = next((one for one in walk(questionnaire, answers) if one.slot not in answers), None)
        if one is None:
            return answers
        slot = one.slot
        answers[slot] = max(
            (
                answer
                for answer in candidates(one.question)
                if answer.choice == chosen.get(one.question.id, answer.choice)
            ),
            key=lambda answer: reach(questionnaire, {**answers, slot: answer}),
        )


def embedded(pdf: bytes) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {name: json.loads(spec.get_file().read_bytes()) for name, spec in document.attachments.items()}


@only_sqlite
@pytest.mark.parametrize(("key", "chosen", "never"), WAYS)
def test_every_answer_reaches_the_file_inside_the_report(
    session: Session, key: str, chosen: dict[str, str], never: tuple[str, ...]
) -> None:
    questionnaire = load_catalogue().get(key)
    given = widest_answers(questionnaire, chosen)
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
    assert tuple(files["snapshot.json"]["not_asked"]) == never
    assert ids | set(never) == {question.id for question in questionnaire.questions()}
    texts = json.dumps(files["questionnaire.json"])
    assert all(json.dumps(question.id) in texts for question in questionnaire.questions())
    approved = [(row["role"], row["by"]) for row in files["approvals.json"]["approvals"]]
    assert approved == [(Role.CHAIR, "Chris"), (Role.SECRETARY, "Sem")]
    assert files["snapshot.json"] == json.loads(submission.snapshot_of(session, dossier_id, 1).content)


def test_ways_together_come_past_every_question_of_every_instrument() -> None:
    missed = {
        questionnaire.key: set.intersection(
            *(set(never) for key, _, never in WAYS if key == questionnaire.key)
        )
        for questionnaire in load_catalogue()
    }
    assert missed == {questionnaire.key: set() for questionnaire in load_catalogue()}
