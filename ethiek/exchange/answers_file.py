"""Answers to a question set as an answers file of the Invulhulpen (assessment-output v2), and back.

What has no place in that format is not left out: it stands in a member of our own, ``ethiek``, and is listed to who
takes the file along. What a file holds that has no place here is listed to who brings it in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import jsonschema

from ethiek.domain.answer_rules import normalise, problems
from ethiek.domain.answer_text import DISSENT
from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.carried import slots_of
from ethiek.errors import InputError, NotFoundError
from ethiek.exchange.answers_json import FIELD, SCHEMA_URL, AnswersJson, Given, parse
from ethiek.exchange.characters import shown
from ethiek.exchange.dossier_json import SCHEMA
from ethiek.exchange.pieces import CONSIDERATIONS, Reader, labels_of, names_of, texts_of
from ethiek.exchange.written import MAIN, Texts, join, split
from ethiek.questionnaires.answer_ids import AnswerIds, Holds, Task, answer_ids, cell_values
from ethiek.questionnaires.model import Column, Question, Questionnaire

OWN_FORMAT: Final = "ethiek-answers/1"
_ANSWER: Final = jsonschema.Draft202012Validator(
    {"$ref": "#/$defs/answer", "$defs": json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]}
)
IN_NAME: Final = " / "
"""Between the two halves of a name: for which of several answers, and which part of it."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What a file says beside the answers. ``edited``: when each answer was changed last."""

    created_at: datetime
    edited: Mapping[Slot, datetime]


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


def export_answers(questionnaire: Questionnaire, answers: Answers, meta: Meta) -> bytes:
    """Write an answers file; indented, as the Invulhulpen do.

    Raises:
        NotFoundError: the Invulhulpen have no such set.
    """
    ids = _ids(questionnaire)
    written = _Writer(questionnaire, ids, meta)
    for slot, answer in _in_order(questionnaire, answers):
        written.add(slot, answer)
    document = {
        "$schema": SCHEMA_URL,
        "metadata": {"urn": ids.urn, "createdAt": _moment(meta.created_at)},
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
    written = _Writer(questionnaire, _ids(questionnaire), None)
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
    return _FileReader(questionnaire, ids, file).read()


def _ids(questionnaire: Questionnaire) -> AnswerIds:
    ids = answer_ids(questionnaire)
    if ids is None:
        raise NotFoundError(questionnaire.key)
    return ids


def _in_order(questionnaire: Questionnaire, answers: Answers) -> Iterator[tuple[Slot, Answer]]:
    for slot in slots_of(questionnaire):
        if answers.get(slot, Answer()) != Answer():
            yield slot, answers[slot]


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Set:
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


class _Writer:
    """Puts every part of every answer in the field that holds it."""

    def __init__(self, questionnaire: Questionnaire, ids: AnswerIds, meta: Meta | None) -> None:
        self._set = _Set(questionnaire, ids)
        self._ids = ids
        self._meta = meta
        self._values: dict[str, str | list[str]] = {}
        self._texts: dict[str, Texts] = {}
        self._rows: dict[str, dict[int, Any]] = {}
        self._edited: dict[str, datetime] = {}
        self.without_place: dict[Slot, Answer] = {}

    def add(self, slot: Slot, answer: Answer) -> None:
        """Write one answer; what is left after the last field has no place."""
        question = self._set.questions[slot.question]
        for task in self._set.tasks.get(slot.question, ()):
            before = answer
            answer = _WRITERS[task.holds](self, task, slot, question, answer)
            if answer != before and self._meta and slot in self._meta.edited:
                at = self._meta.edited[slot]
                self._edited[task.id] = max(at, self._edited.get(task.id, at))
        if answer != Answer():
            self.without_place[slot] = answer

    def answers(self) -> dict[str, Any]:
        """The member ``answers``, in the order of the fields."""
        values = {**self._values, **{id_: join(texts) for id_, texts in self._texts.items()}}
        found: dict[str, Any] = {}
        for id_ in dict.fromkeys(task.id for task in self._ids.tasks):
            if id_ in values:
                found[id_] = self._answer(id_, values[id_])
            elif id_ in self._rows:
                found.update(self._repeated(id_, self._rows[id_]))
        return found

    def _answer(self, id_: str, value: str | list[str]) -> dict[str, Any]:
        at = self._edited.get(id_) or (self._meta.created_at if self._meta else None)
        return {"value": value, **({"lastEditedAt": _moment(at)} if at else {})}

    def _repeated(self, id_: str, rows: Mapping[int, Any]) -> dict[str, Any]:
        """A repeated group; of a repeated field the answers stand beside it, each under its own number."""
        elements, beside = [], {}
        for index, row in sorted(rows.items()):
            cells = row if isinstance(row, dict) else {}
            elements.append(
                {"_index": index, **{key: self._answer(id_, value) for key, value in cells.items()}}
            )
            if isinstance(row, str):
                beside[f"{id_}[{index}]"] = self._answer(id_, row)
        return {id_: elements, **beside}

    def choice(self, task: Task, _slot: Slot, _question: Question, answer: Answer) -> Answer:
        values = {ours: theirs for theirs, ours in task.values.items()}
        if answer.choice not in values:
            return answer
        self._values[task.id] = values[answer.choice]
        return replace(answer, choice="")

    def choices(self, task: Task, _slot: Slot, _question: Question, answer: Answer) -> Answer:
        values = {ours: theirs for theirs, ours in task.values.items()}
        chosen = [choice for choice in answer.choices if choice in values]
        if chosen:
            self._values[task.id] = [values[choice] for choice in chosen]
        return replace(answer, choices=tuple(choice for choice in answer.choices if choice not in values))

    def text(self, task: Task, slot: Slot, question: Question, answer: Answer) -> Answer:
        head = next(head for head, whose in self._set.heads(task).items() if whose == slot)
        names = (
            (f"{head}{IN_NAME}{name}" if head and name else head or name)
            for name, _ in texts_of(question, answer)
        )
        texts = zip(names, (text for _, text in texts_of(question, answer)), strict=True)
        self._texts.setdefault(task.id, []).extend(texts)
        return Answer()

    def rows(self, task: Task, slot: Slot, question: Question, answer: Answer) -> Answer:
        """Write the rows of this field; the first field also holds what is of no field."""
        first = self._set.tasks[slot.question][0] is task
        wheres = [one.where for one in self._set.tasks[slot.question]]
        here = [_is_here(row, task.where, first=first, others=wheres) for row in answer.rows]
        kept = tuple(row if mine else {} for row, mine in zip(answer.rows, here, strict=True))
        part = replace(answer, rows=kept) if first else Answer(rows=kept)
        if texts := texts_of(question, part, task.where):
            self._texts[task.id] = texts
        left = tuple({} if mine else row for row, mine in zip(answer.rows, here, strict=True))
        return Answer(rows=left if any(left) else ())

    def row(self, task: Task, _slot: Slot, question: Question, answer: Answer) -> Answer:
        """Write every row in a field of its own; considerations and dissent stand in the first."""
        rows: dict[int, Any] = {}
        for index, row in enumerate(answer.rows):
            others = {id_: cell for id_, cell in row.items() if id_ != task.column}
            numbered = Answer(rows=(*({} for _ in range(index)), others))
            main = [(MAIN, row[task.column])] if row.get(task.column) else []
            rows[index] = [*main, *texts_of(question, numbered)]
        beside = ((CONSIDERATIONS, answer.considerations), (DISSENT, answer.dissent))
        if texts := [(name, text) for name, text in beside if text]:
            rows.setdefault(0, []).extend(texts)
        if rows:
            self._rows[task.id] = {index: join(texts) for index, texts in rows.items()}
        return replace(answer, rows=(), considerations="", dissent="")

    def group(self, task: Task, _slot: Slot, question: Question, answer: Answer) -> Answer:
        columns = {column.id: column for column in question.columns}
        if answer.rows:
            self._rows[task.id] = {
                index: {id_: _cell_there(columns[id_], cell) for id_, cell in row.items()}
                for index, row in enumerate(answer.rows)
            }
        return replace(answer, rows=())


_WRITERS: Final = {
    Holds.CHOICE: _Writer.choice,
    Holds.CHOICES: _Writer.choices,
    Holds.TEXT: _Writer.text,
    Holds.ROWS: _Writer.rows,
    Holds.ROW: _Writer.row,
    Holds.GROUP: _Writer.group,
}


def _is_here(
    row: Mapping[str, str],
    where: tuple[str, str] | None,
    *,
    first: bool,
    others: Iterable[tuple[str, str] | None],
) -> bool:
    if not row or where is None:
        return bool(row)
    nowhere = all(one is None or row.get(one[0]) != one[1] for one in others)
    return row.get(where[0]) == where[1] or (first and nowhere)


def _cell_there(column: Column, cell: str) -> str:
    return {ours: theirs for theirs, ours in cell_values(column.options).items()}.get(cell, cell)


class _FileReader:
    """Gives every field of a file to the answer that it belongs to."""

    def __init__(self, questionnaire: Questionnaire, ids: AnswerIds, file: AnswersJson) -> None:
        self._set = _Set(questionnaire, ids)
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
        groups = self._set.fields.get(given.group, [])
        tasks = self._set.fields.get(given.task, [])
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
        question = self._set.questions[task.question]
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
            elif tasks[0].question in self._set.items:
                self._waiting.append((tasks[0], text, given))
            else:
                self._read_part(tasks, Slot(tasks[0].question), (MAIN, text), given)

    def _names(self, tasks: list[Task]) -> Iterator[tuple[str, tuple[Slot, str]]]:
        """Every name that a text in this field can have -> whose it is, and which part of the answer."""
        for task in tasks:
            for head, slot in self._set.heads(task).items():
                if head:
                    yield head, (slot, MAIN)
                for part in names_of(self._set.questions[task.question]):
                    yield (f"{head}{IN_NAME}{part}" if head else part), (slot, part)

    def _read_part(self, tasks: list[Task], slot: Slot, text: tuple[str, str], given: Given) -> None:
        task = next(one for one in tasks if one.question == slot.question)
        row = given.index + 1 if given.index is not None else None
        self._reader(slot, given).read([text], task.column, task.where, row)

    def _read_for_some_item(self, task: Task, text: str, given: Given) -> None:
        """Give a text to the only item that there is, if there is only one."""
        chooser = self._readers.get(Slot(self._set.repeated_for[task.question]))
        exclusive = {
            option.id
            for option in self._set.questions[self._set.repeated_for[task.question]].options
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
