"""From the fields of an answers file to answers; what has no place here is listed, with its text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import jsonschema

from ethiek.domain.answer_rules import normalise, problems
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import slots_of
from ethiek.exchange.answer_fields import IN_NAME, Fields
from ethiek.exchange.answers_json import AnswersJson, Given
from ethiek.exchange.characters import shown
from ethiek.exchange.dossier_json import SCHEMA
from ethiek.exchange.pieces import Reader, names_of, texts_of
from ethiek.exchange.written import MAIN, join, split
from ethiek.questionnaires.answer_ids import AnswerIds, Holds, Task, cell_values
from ethiek.questionnaires.model import Questionnaire

_ANSWER: Final = jsonschema.Draft202012Validator(
    {"$ref": "#/$defs/answer", "$defs": json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]}
)


class Why(StrEnum):
    """Why something in a file has no place here."""

    UNKNOWN_FIELD = "unknown_field"
    IMAGE = "image"
    NO_VALUE = "no_value"
    """It is no text and no list of texts."""
    NO_OPTION = "no_option"
    """It cannot be chosen here."""
    FOR_WHICH = "for_which"
    """The question is asked several times here, and the file does not say for which this is the answer."""
    TWICE = "twice"
    """The field has an answer already."""
    NOT_STORABLE = "not_storable"
    """Too long, or no date or number where one is asked."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something without a place. ``field``: its id in the file; ``text``: what it says, as far as it is text."""

    field: str
    why: Why
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """What a file holds. ``edited``: when each answer was changed last, where the file says so."""

    answers: Mapping[Slot, Answer]
    losses: tuple[Loss, ...]
    edited: Mapping[Slot, datetime]
    created_at: datetime | None


class FileReader:
    """Gives every field of a file to the answer that it belongs to."""

    def __init__(self, questionnaire: Questionnaire, ids: AnswerIds, file: AnswersJson) -> None:
        self._fields = Fields(questionnaire, ids)
        self._slots = slots_of(questionnaire)
        self._file = file
        self._readers: dict[Slot, Reader] = {}
        self._edited: dict[Slot, datetime] = {}
        self._losses: list[Loss] = []
        self._waiting: list[tuple[Task, str, Given]] = []
        self._seen: set[tuple[str, int | None]] = set()

    def read(self) -> ReadAnswers:
        """Read all fields; texts that do not say for which item they are wait for the items."""
        for given in self._file.given:
            self._read(given)
        self._read_own()
        for task, text, given in self._waiting:
            self._read_for_some_item(task, text, given)
        answers = dict(self._checked())
        edited = {slot: at for slot, at in self._edited.items() if slot in answers}
        return ReadAnswers(answers, tuple(self._losses), edited, self._file.created_at)

    def _read(self, given: Given) -> None:
        groups = self._fields.fields.get(given.group, [])
        tasks = self._fields.fields.get(given.task, [])
        place = (given.task, given.index)
        if given.value is None:
            self._lose(given, Why.IMAGE if given.is_image else Why.NO_VALUE)
        elif place in self._seen:
            self._lose(given, Why.TWICE)
        elif groups and groups[0].holds is Holds.GROUP:
            self._read_cell(groups[0], given)
        elif not tasks or (given.index is not None and tasks[0].holds is not Holds.ROW):
            self._lose(given, Why.UNKNOWN_FIELD)
        elif tasks[0].holds in {Holds.CHOICE, Holds.CHOICES}:
            self._read_choices(tasks[0], given)
        else:
            self._read_text(tasks, given)
        self._seen.add(place)

    def _read_choices(self, task: Task, given: Given) -> None:
        values = given.value if isinstance(given.value, tuple) else (str(given.value),)
        known = [task.values[value] for value in values if value in task.values]
        for value in values:
            if value not in task.values:
                self._lose(given, Why.NO_OPTION, value)
        if known:
            self._reader(Slot(task.question), given).choose(
                known if task.holds is Holds.CHOICES else known[:1]
            )

    def _read_cell(self, task: Task, given: Given) -> None:
        question = self._fields.questions[task.question]
        column = next((one for one in question.columns if one.id == given.task), None)
        if column is None:
            self._lose(given, Why.UNKNOWN_FIELD)
        else:
            text = _as_text(given)
            cell = cell_values(column.options).get(text, text) if column.options else text
            self._reader(Slot(task.question), given).put((given.index or 0) + 1, column.id, cell)

    def _read_text(self, tasks: list[Task], given: Given) -> None:
        names = dict(self._names(tasks))
        texts = split(_as_text(given), names.keys())
        for name, text in texts:
            if name in names:
                slot, part = names[name]
                self._read_part(tasks, slot, (part, text), given)
            elif tasks[0].question in self._fields.items:
                self._waiting.append((tasks[0], text, given))
            else:
                self._read_part(tasks, Slot(tasks[0].question), (MAIN, text), given)

    def _names(self, tasks: list[Task]) -> Iterator[tuple[str, tuple[Slot, str]]]:
        """Every name that a text in this field can have -> whose it is, and which part of the answer."""
        for task in tasks:
            for head, slot in self._fields.heads(task).items():
                if head:
                    yield head, (slot, MAIN)
                for part in names_of(self._fields.questions[task.question]):
                    yield (f"{head}{IN_NAME}{part}" if head else part), (slot, part)

    def _read_part(self, tasks: list[Task], slot: Slot, text: tuple[str, str], given: Given) -> None:
        task = next(one for one in tasks if one.question == slot.question)
        row = given.index + 1 if given.index is not None else None
        self._reader(slot, given).read([text], task.column, task.where, row)

    def _read_for_some_item(self, task: Task, text: str, given: Given) -> None:
        """Give a text to the only item that there is, if there is only one."""
        chooser = self._readers.get(Slot(self._fields.repeated_for[task.question]))
        exclusive = {
            option.id
            for option in self._fields.questions[self._fields.repeated_for[task.question]].options
            if option.exclusive
        }
        items = [one for one in (chooser.answer().choices if chooser else ()) if one not in exclusive]
        if len(items) == 1:
            self._read_part([task], Slot(task.question, items[0]), (MAIN, text), given)
        else:
            self._lose(given, Why.FOR_WHICH, text)

    def _read_own(self) -> None:
        """Read what we once wrote beside the fields."""
        rows = self._file.own.get("without_place")
        for row in rows if isinstance(rows, list) else ():
            slot = _slot_of(row)
            if slot in self._slots and _ANSWER.is_valid(row.get("answer")):
                self._readers.setdefault(slot, Reader(self._slots[slot])).add(Answer.from_json(row["answer"]))
            else:
                text = shown(json.dumps(row, ensure_ascii=False))
                self._losses.append(Loss("ethiek", Why.UNKNOWN_FIELD, text))

    def _checked(self) -> Iterator[tuple[Slot, Answer]]:
        """The answers that can be stored; the others become losses, with their text."""
        for slot, reader in self._readers.items():
            question = self._slots[slot]
            answer = normalise(question, reader.answer())
            self._losses += [Loss(str(slot), Why.NO_OPTION, shown(one.text)) for one in reader.unread]
            if problems(question, answer):
                text = join(texts_of(question, answer))
                self._losses.append(Loss(str(slot), Why.NOT_STORABLE, shown(text), self._edited.get(slot)))
            elif answer != Answer():
                yield slot, answer

    def _reader(self, slot: Slot, given: Given) -> Reader:
        if given.at:
            self._edited[slot] = max(given.at, self._edited.get(slot, given.at))
        return self._readers.setdefault(slot, Reader(self._slots[slot]))

    def _lose(self, given: Given, why: Why, text: str | None = None) -> None:
        field = given.task if given.index is None else f"{given.task}[{given.index}]"
        said = _as_text(given) if text is None else text
        self._losses.append(Loss(shown(field)[:80], why, shown(said), given.at))


def _slot_of(row: object) -> Slot | None:
    place = (row.get("question"), row.get("item")) if isinstance(row, dict) else (None, None)
    return Slot(*place) if all(isinstance(one, str) for one in place) else None  # type: ignore[arg-type]  # just seen


def _as_text(given: Given) -> str:
    return (
        "\n".join(given.value)
        if isinstance(given.value, tuple)
        else (given.value or "").replace("\r\n", "\n")
    )
