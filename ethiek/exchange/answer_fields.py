"""Which fields of an answers file a question has, and what the texts in them are called."""

from __future__ import annotations

from typing import Final

from ethiek.domain.answers import Slot
from ethiek.exchange.pieces import labels_of
from ethiek.questionnaires.answer_ids import AnswerIds, Task
from ethiek.questionnaires.model import Questionnaire

IN_NAME: Final = " / "
"""Between the two halves of a name: for which of several answers, and which part of it."""


class Fields:
    """A question set as this format sees it: which fields a question has, and what texts are called."""

    def __init__(self, questionnaire: Questionnaire, ids: AnswerIds) -> None:
        self.questions = {question.id: question for question in questionnaire.questions()}
        self.tasks: dict[str, list[Task]] = {}
        """By question."""
        self.fields: dict[str, list[Task]] = {}
        """By id of the field."""
        for task in ids.tasks:
            self.tasks.setdefault(task.question, []).append(task)
            self.fields.setdefault(task.id, []).append(task)
        self.items = {
            question.id: labels_of(self.questions[section.repeat_for])
            for _part, section in questionnaire.sections()
            if section.repeat_for
            for question in section.questions
        }
        self.repeated_for = {
            question.id: section.repeat_for
            for _part, section in questionnaire.sections()
            for question in section.questions
        }

    def heads(self, task: Task) -> dict[str, Slot]:
        """What comes before the name of a text in this field -> whose text it is."""
        if items := self.items.get(task.question):
            return {label: Slot(task.question, item) for item, label in items.items()}
        return {task.label: Slot(task.question)}
