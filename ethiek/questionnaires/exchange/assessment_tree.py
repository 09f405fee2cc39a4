"""The tasks of an assessment definition as a tree: what is a group, what is an answer field, and what is a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.exchange.entries import Entry
from ethiek.questionnaires.exchange.imported import Counts

GROUP_TYPES: Final = frozenset({"task_group", "informational"})

TASK_FIELDS: Final = frozenset(
    {
        "task",
        "description",
        "category",
        "id",
        "is_official_id",
        "type",
        "options",
        "valueType",
        "defaultValue",
        "instance_label_template",
        "item_name",
        "references",
        "dependencies",
        "calculation",
        "sources",
        "required_status",
        "repeatable",
        "tasks",
        "in_fria",
        "action_point_group",
        "action_point_summary",
    }
)

_ID: Final = re.compile(r"\S{1,200}")


class Task:
    """One node of the tree."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.id = entry.text("id")
        self.types = entry.texts("type")
        self.tasks: tuple[Task, ...] = tuple(Task(child) for child in entry.entries("tasks"))
        self.repeatable = bool(entry.flag("repeatable"))
        self.official = bool(entry.flag("is_official_id"))
        self.dependencies = entry.entries("dependencies")
        self.answer_types = tuple(type_ for type_ in self.types if type_ not in GROUP_TYPES)
        """Its types without those of groups."""
        self.is_group: bool = not self.answer_types and (bool(self.tasks) or bool(self.types))
        """Whether it is a group or a text, and asks nothing by itself."""
        self.is_text: bool = self.is_group and all(task.is_text for task in self.tasks)
        """Whether there is nothing to answer in it."""
        fields = [task for task in self.tasks if not task.is_text]
        self.is_table = (
            self.is_group and self.repeatable and not any(task.is_group for task in fields or [self])
        )
        """Whether it is a group of answer fields that can be repeated, with no groups of fields in it."""

    def walk(self) -> Iterator[Task]:
        """Yield it and everything in it, in the order of the file."""
        yield self
        for task in self.tasks:
            yield from task.walk()


def tasks_of(root: Entry) -> tuple[Task, ...]:
    """Return the tasks of a file.

    Raises:
        QuestionnaireError: there is none, one has no usable id, or two have the same; names the line.
    """
    tasks = tuple(Task(entry) for entry in root.entries("tasks"))
    seen: set[str] = set()
    for task in (one for top in tasks for one in top.walk()):
        if not _ID.fullmatch(task.id):
            raise QuestionnaireError(task.entry.place, "the task has no id")
        if task.id in seen:
            raise QuestionnaireError(task.entry.place, f"id {task.id} appears twice")
        seen.add(task.id)
    if all(task.is_text for task in tasks):
        raise QuestionnaireError(root.place, "there is nothing to answer")
    return tasks


def counts(tasks: tuple[Task, ...]) -> Counts:
    """Count what is in the file itself."""
    nodes = [one for top in tasks for one in top.walk()]
    fields = [one for one in nodes if not one.is_group]
    return Counts(
        nodes=len(nodes),
        groups=len(nodes) - len(fields),
        questions=len(fields),
        kinds=dict(Counter("+".join(field.answer_types) for field in fields)),
        conditions=sum(one.text("type") == "conditional" for node in nodes for one in node.dependencies),
        references=sum(len(list(targets(node))) for node in nodes),
    )


def targets(task: Task) -> Iterator[tuple[str, str, str]]:
    """Yield system, id and type of everything that a task refers to; the type may be empty."""
    references = task.entry.entry("references")
    for system in references.names if references else ():
        assert references is not None
        if references.is_list_of_texts(system):
            for id_ in references.texts(system):
                yield system, id_, ""
            continue
        items = references.entries(system) if references.is_list(system) else (references.entry(system),)
        for item in items:
            if item is not None:
                yield system, item.text("id"), item.text("type")
