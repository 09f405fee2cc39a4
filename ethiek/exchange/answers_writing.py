"""From answers to the fields of an answers file; what has no place in one is left over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ethiek.domain.answer_text import DISSENT
from ethiek.domain.answers import Answer, Slot
from ethiek.exchange.answer_fields import IN_NAME, Fields
from ethiek.exchange.pieces import CONSIDERATIONS, texts_of
from ethiek.exchange.written import MAIN, Texts, join
from ethiek.questionnaires.answer_ids import AnswerIds, Holds, Task, cell_values
from ethiek.questionnaires.model import Column, Question, Questionnaire


@dataclass(frozen=True, slots=True)
class Meta:
    """What a file says beside the answers. ``edited``: when each answer was changed last."""

    created_at: datetime
    edited: Mapping[Slot, datetime]


def moment_text(moment: datetime) -> str:
    """A moment as the format writes it: UTC, in milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Writer:
    """Puts every part of every answer in the field that holds it."""

    def __init__(self, questionnaire: Questionnaire, ids: AnswerIds, meta: Meta | None) -> None:
        self._fields = Fields(questionnaire, ids)
        self._ids = ids
        self._meta = meta
        self._values: dict[str, str | list[str]] = {}
        self._texts: dict[str, Texts] = {}
        self._rows: dict[str, dict[int, Any]] = {}
        self._edited: dict[str, datetime] = {}
        self.without_place: dict[Slot, Answer] = {}
        self._put = {
            Holds.CHOICE: self._put_choice,
            Holds.CHOICES: self._put_choices,
            Holds.TEXT: self._put_text,
            Holds.ROWS: self._put_rows,
            Holds.ROW: self._put_row,
            Holds.GROUP: self._put_group,
        }

    def add(self, slot: Slot, answer: Answer) -> None:
        """Write one answer; what is left after the last field has no place."""
        question = self._fields.questions[slot.question]
        for task in self._fields.tasks.get(slot.question, ()):
            before = answer
            answer = self._put[task.holds](task, slot, question, answer)
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
        return {"value": value, **({"lastEditedAt": moment_text(at)} if at else {})}

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

    def _put_choice(self, task: Task, _slot: Slot, _question: Question, answer: Answer) -> Answer:
        values = {ours: theirs for theirs, ours in task.values.items()}
        if answer.choice not in values:
            return answer
        self._values[task.id] = values[answer.choice]
        return replace(answer, choice="")

    def _put_choices(self, task: Task, _slot: Slot, _question: Question, answer: Answer) -> Answer:
        values = {ours: theirs for theirs, ours in task.values.items()}
        chosen = [choice for choice in answer.choices if choice in values]
        if chosen:
            self._values[task.id] = [values[choice] for choice in chosen]
        return replace(answer, choices=tuple(choice for choice in answer.choices if choice not in values))

    def _put_text(self, task: Task, slot: Slot, question: Question, answer: Answer) -> Answer:
        head = next(head for head, whose in self._fields.heads(task).items() if whose == slot)
        names = (
            (f"{head}{IN_NAME}{name}" if head and name else head or name)
            for name, _ in texts_of(question, answer)
        )
        texts = zip(names, (text for _, text in texts_of(question, answer)), strict=True)
        self._texts.setdefault(task.id, []).extend(texts)
        return Answer()

    def _put_rows(self, task: Task, slot: Slot, question: Question, answer: Answer) -> Answer:
        """Write the rows of this field; the first field also holds what is of no field."""
        first = self._fields.tasks[slot.question][0] is task
        wheres = [one.where for one in self._fields.tasks[slot.question]]
        here = [_is_here(row, task.where, first=first, others=wheres) for row in answer.rows]
        kept = tuple(row if mine else {} for row, mine in zip(answer.rows, here, strict=True))
        part = replace(answer, rows=kept) if first else Answer(rows=kept)
        if texts := texts_of(question, part, task.where):
            self._texts[task.id] = texts
        left = tuple({} if mine else row for row, mine in zip(answer.rows, here, strict=True))
        return Answer(rows=left if any(left) else ())

    def _put_row(self, task: Task, _slot: Slot, question: Question, answer: Answer) -> Answer:
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

    def _put_group(self, task: Task, _slot: Slot, question: Question, answer: Answer) -> Answer:
        columns = {column.id: column for column in question.columns}
        if answer.rows:
            self._rows[task.id] = {
                index: {id_: _cell_there(columns[id_], cell) for id_, cell in row.items()}
                for index, row in enumerate(answer.rows)
            }
        return replace(answer, rows=())


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
