"""Which answer field of the Invulhulpen (MinBZK/par-dpia-form) goes with which question of a set.

For IAMA 2.0 a data file says so: ``answer_ids/iama-2.0.yaml``, in the shape of ``answer_ids/schema.json``. A set
that was imported from an assessment definition kept the ids that it had there, so nothing needs saying.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import jsonschema

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires import strict_yaml
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import YES_AND_NO, Kind, Option, Question, Questionnaire

HOME: Final = Path(__file__).parent / "answer_ids"

_NAME: Final = re.compile(r"[a-z]+")
_VERSION: Final = re.compile(r"[0-9]+\.[0-9]+")
_NOT_IN_ID: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_ID: Final = 40
_BOOLEANS: Final = {"true": "yes", "false": "no"}


class Holds(StrEnum):
    """What of an answer stands in one field."""

    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    """Everything that no other field holds, as one text."""
    ROWS = "rows"
    """The rows with the value of ``where``, as one text."""
    ROW = "row"
    """One row as one text; the field is repeated."""
    GROUP = "group"
    """All rows: a group that is repeated, with a field per column."""


@dataclass(frozen=True, slots=True)
class Task:
    """One answer field. ``values``: value there -> option id here.

    ``column``: where a text goes that does not say which column it is. ``label``: names this question where one
    field holds the answers to several.
    """

    id: str
    question: str
    holds: Holds
    values: Mapping[str, str] = field(default_factory=dict)
    column: str = ""
    where: tuple[str, str] | None = None
    """Column and option id that all rows in this field have."""
    label: str = ""


@dataclass(frozen=True, slots=True)
class AnswerIds:
    """All answer fields of one set, in order. ``urn``: what an answers file calls the set."""

    urn: str
    tasks: tuple[Task, ...]


def answer_ids(questionnaire: Questionnaire) -> AnswerIds | None:
    """Return where the answers to a set stand in an answers file; None if the Invulhulpen have no such set."""
    shipped = load_answer_ids().get(questionnaire.key)
    if shipped or questionnaire.key in {one.key for one in load_catalogue()}:
        return shipped
    name, version = _NAME.match(questionnaire.id), _VERSION.match(questionnaire.version)
    if not name or not version:
        return None
    tasks = tuple(_own(question) for question in questionnaire.questions())
    return AnswerIds(f"urn:nl:{name[0]}:{version[0]}", tasks)


@functools.cache
def load_answer_ids() -> Mapping[str, AnswerIds]:
    """Return what comes with the application, by the key of the set."""
    found = (
        parse_answer_ids(path.read_text(encoding="utf-8"), path.name) for path in sorted(HOME.glob("*.yaml"))
    )
    return dict(found)


def parse_answer_ids(text: str, where: str) -> tuple[str, AnswerIds]:
    """Read one file; return the key of its set, and its fields.

    Raises:
        QuestionnaireError: the file is not valid; names the file and the place in it.
    """
    document = strict_yaml.read(text, where)
    for error in _validator().iter_errors(document.data):
        raise QuestionnaireError(document.place(error.path), error.message)
    data: Any = document.data
    lists = data.get("values", {})
    return data["questionnaire"], AnswerIds(
        data["urn"], tuple(_task(one, lists, where) for one in data["tasks"])
    )


def _task(one: Mapping[str, Any], lists: Mapping[str, Mapping[str, str]], where: str) -> Task:
    wanted = one.get("values", "")
    if wanted and wanted not in lists:
        raise QuestionnaireError(where, f"task {one['id']}: there is no list of values {wanted}")
    return Task(
        one["id"],
        one["question"],
        Holds(one["holds"]),
        lists.get(wanted, {}),
        one.get("column", ""),
        next(iter(one["where"].items()), None) if "where" in one else None,
        one.get("label", ""),
    )


def _own(question: Question) -> Task:
    """The field of a question that kept its id."""
    id_ = question.source or question.id
    match question.kind:
        case Kind.YES_NO:
            return Task(id_, question.id, Holds.CHOICE, _BOOLEANS)
        case Kind.CHOICE:
            return Task(id_, question.id, Holds.CHOICE, dict(own_values(question.options)))
        case Kind.MULTI_CHOICE:
            return Task(id_, question.id, Holds.CHOICES, dict(own_values(question.options)))
        case Kind.TABLE:
            alone = [column.id for column in question.columns] == [question.id]
            return Task(id_, question.id, Holds.ROW if alone else Holds.GROUP, column=question.columns[0].id)
        case _:
            return Task(id_, question.id, Holds.TEXT)


def own_values(options: tuple[Option, ...]) -> Iterator[tuple[str, str]]:
    """Value there -> option id, for options that were made from such values.

    A value that could not be an id was kept as the label.

    >>> list(own_values((Option("laag", "Laag risico"), Option("heel-hoog", "Heel hoog"), Option("yes", "Ja"))))
    [('laag', 'laag'), ('Heel hoog', 'heel-hoog'), ('yes', 'yes')]
    """
    for option in options:
        made_of_label = _NOT_IN_ID.sub("-", option.label.lower()).strip("._-")[:_LONGEST_ID]
        was_label = made_of_label.rstrip("._-") == option.id and _NOT_IN_ID.search(option.label)
        yield (option.label if was_label else option.id), option.id


def cell_values(options: tuple[Option, ...]) -> Mapping[str, str]:
    """Value there -> option id, for a column with these options."""
    return _BOOLEANS if tuple(option.id for option in options) == YES_AND_NO else dict(own_values(options))


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((HOME / "schema.json").read_text(encoding="utf-8")))
