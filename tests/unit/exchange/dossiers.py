"""A dossier to take along: the small question set of all tests, half filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.walk import not_asked, walk
from ethiek.exchange.dossier import DossierExport, Earlier, State, ToConfirm, Why
from ethiek.exchange.layout import Source, lay_out
from ethiek.questionnaires.canonical import canonical, sha256
from ethiek.questionnaires.model import Questionnaire
from tests.question_sets import FIRST, a_questionnaire

EXPORTED: Final = "2026-03-02T09:30:00Z"
REMARK: Final = {
    "round": 1,
    "question": "1.1.1",
    "item": "",
    "by": "Mila",
    "text": "Waarom deze camera?",
    "at": "2026-02-01T10:00:00Z",
    "replies": [{"by": "Noor", "text": "Om te tellen.", "at": "2026-02-02T10:00:00Z"}],
}
ELSEWHERE: Final = {**REMARK, "question": "1.1.3", "text": "Hoe lang dan?", "replies": []}
EARLIER: Final = Earlier(
    "3 Oude vraag",
    "Oud antwoord.",
    Why.NO_PLACE,
    "IAMA 1.0",
    "2026-01-01T08:00:00Z",
    {"text": "Oud antwoord."},
)
TO_CONFIRM: Final = ToConfirm("IAMA 1.0", "1 Waarom?", "2026-01-01T08:00:00Z")
SOME_ANSWERS: Final = {
    FIRST: Answer(
        text="Drukte.\n\nEn onrust.",
        considerations="Ook gekeken naar lussen.",
        dissent="Yara ziet meer in lussen.",
    ),
    Slot("1.1.2"): Answer(choice="no"),
    Slot("1.1.4"): Answer(choices=("privacy", "equality")),
    Slot("2.1.1", "privacy"): Answer(text="Licht."),
    Slot("2.2.1"): Answer(rows=({"what": "Bord plaatsen", "when": "2026-04-01"},)),
}


def content(answers: Mapping[Slot, Answer], questionnaire: Questionnaire) -> dict[str, Any]:
    """What a dossier with these answers holds, in the shape of a snapshot, with every question that is asked."""
    return {
        "format": "ethiek-snapshot/2",
        "dossier": {
            "reference": "ETH-2026-0007",
            "title": "Slimme camera",
            "purpose": "Weten hoe druk het is.",
            "unit": "Mobiliteit",
            "kind": "Sensor",
            "phase": "Proef",
            "committee": "Ethische commissie",
        },
        "round": 1,
        "questionnaire": {"sha256": sha256(questionnaire)},
        "team": [{"name": "Noor", "role": "Projectleider"}],
        "submitted": {"at": "2026-02-03T08:00:00Z", "by": "Noor"},
        "answers": [
            {
                "question": one.slot.question,
                "item": one.slot.item,
                "answer": answers.get(one.slot, Answer()).to_json(),
            }
            for one in walk(questionnaire, answers)
        ],
        "warnings": [],
        "conclusions": [{"title": "DPIA", "level": "required", "reason": "Er zijn persoonsgegevens."}],
        "not_asked": list(not_asked(questionnaire, answers)),
    }


def a_dossier(
    state: State = State.DRAFT,
    answers: Mapping[Slot, Answer] = SOME_ANSWERS,
    **changed: str,
) -> DossierExport:
    """A dossier with a remark at a question, one elsewhere, and an earlier answer; ``changed``: other facts.

    In a draft the second answer waits to be confirmed.
    """
    questionnaire = a_questionnaire()
    found = content(answers, questionnaire)
    found["dossier"] |= changed
    plain = json.loads(canonical(questionnaire))
    waits = {("1.1.2", ""): TO_CONFIRM} if state is State.DRAFT else {}
    return lay_out(Source(state, EXPORTED, plain, found, [REMARK, ELSEWHERE], (EARLIER,), waits))
