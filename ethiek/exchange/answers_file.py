"""Answers to a question set as an answers file of the Invulhulpen (assessment-output v2), and back.

What has no place in that format is not left out: it stands in a member of our own, ``ethiek``, and is listed to who
takes the file along. What a file holds that has no place here is listed to who brings it in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.carried import slots_of
from ethiek.errors import InputError, NotFoundError
from ethiek.exchange.answers_json import FIELD, SCHEMA_URL, parse
from ethiek.exchange.answers_reading import FileReader, Loss, ReadAnswers, Why
from ethiek.exchange.answers_writing import Meta, Writer, moment_text
from ethiek.questionnaires.answer_ids import AnswerIds, answer_ids
from ethiek.questionnaires.model import Questionnaire

__all__ = ["Loss", "Meta", "ReadAnswers", "Why", "export_answers", "read_answers", "without_place"]

OWN_FORMAT: Final = "ethiek-answers/1"


def export_answers(questionnaire: Questionnaire, answers: Answers, meta: Meta) -> bytes:
    """Write an answers file; indented, as the Invulhulpen do.

    Raises:
        NotFoundError: the Invulhulpen have no such set.
    """
    ids = _ids(questionnaire)
    written = Writer(questionnaire, ids, meta)
    for slot, answer in _in_order(questionnaire, answers):
        written.add(slot, answer)
    document = {
        "$schema": SCHEMA_URL,
        "metadata": {"urn": ids.urn, "createdAt": moment_text(meta.created_at)},
        "answers": written.answers(),
    }
    if written.without_place:
        document["ethiek"] = {
            "format": OWN_FORMAT,
            "questionnaire": questionnaire.key,
            "without_place": [
                {"question": slot.question, "item": slot.item, "answer": answer.to_json()}
                for slot, answer in written.without_place.items()
            ],
        }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def without_place(questionnaire: Questionnaire, answers: Answers) -> dict[Slot, Answer]:
    """What of these answers has no place in an answers file.

    Raises:
        NotFoundError: the Invulhulpen have no such set.
    """
    written = Writer(questionnaire, _ids(questionnaire), None)
    for slot, answer in _in_order(questionnaire, answers):
        written.add(slot, answer)
    return written.without_place


def read_answers(data: bytes, questionnaire: Questionnaire) -> ReadAnswers:
    """Read an answers file.

    Raises:
        InputError: the file cannot be read, or is about another set; at the field ``file``.
        NotFoundError: the Invulhulpen have no such set.
    """
    ids, file = _ids(questionnaire), parse(data)
    if file.urn != ids.urn:
        raise InputError(FIELD, "other_instrument")
    return FileReader(questionnaire, ids, file).read()


def _ids(questionnaire: Questionnaire) -> AnswerIds:
    ids = answer_ids(questionnaire)
    if ids is None:
        raise NotFoundError(questionnaire.key)
    return ids


def _in_order(questionnaire: Questionnaire, answers: Answers) -> Iterator[tuple[Slot, Answer]]:
    for slot in slots_of(questionnaire):
        if answers.get(slot, Answer()) != Answer():
            yield slot, answers[slot]
