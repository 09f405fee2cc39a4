"""One answer field of an assessment definition as one question, or as one column of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ethiek.questionnaires.exchange import frame
from ethiek.questionnaires.exchange.assessment_tree import Task
from ethiek.questionnaires.exchange.frame import WORDS
from ethiek.questionnaires.exchange.ids import Ids
from ethiek.questionnaires.exchange.imported import Losses, What
from ethiek.questionnaires.exchange.texts import plain, shortened
from ethiek.questionnaires.model import YES_AND_NO, Column, Kind, Marker, Option, Question
from ethiek.questionnaires.wording import LONGEST_TEXT

_OPEN: Final = {"open_text": Kind.OPEN_TEXT, "text_input": Kind.SHORT_TEXT, "date": Kind.DATE}
_ONE: Final = frozenset({"radio_option", "select_option"})
_SEVERAL: Final = frozenset({"checkbox_option", "multiselect_option", "multiselect_scrollable"})
_NOT_BUILT: Final = frozenset({"image", "sign_task", "upload_document"})
_YES_LABELS: Final = frozenset({"ja", "yes", "true", ""})
_NO_LABELS: Final = frozenset({"nee", "no", "false", ""})
_OPTION: Final = frozenset({"value", "label"})
_FRIA: Final = Marker("AI-verordening", "27", "in_fria")


@dataclass(frozen=True, slots=True)
class Shape:
    """How something is answered; ``values``: value in the file -> option id."""

    kind: Kind
    options: tuple[Option, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def option_ids(self) -> tuple[str, ...]:
        """What may be chosen."""
        return YES_AND_NO if self.kind is Kind.YES_NO else tuple(option.id for option in self.options)


def normal(value: str) -> str:
    """Return a value as it is compared: without the quotes of an expression, and booleans in lower case.

    >>> normal("'Overig'"), normal("True")
    ('Overig', 'true')
    """
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    return value.lower() if value.lower() in {"true", "false", "null"} else value


class Fields:
    """Makes questions of the answer fields of one file."""

    def __init__(
        self, language: str, losses: Losses, tasks: Mapping[str, Task], *, required_known: bool
    ) -> None:
        self._words = WORDS[language]
        self._losses = losses
        self._tasks = tasks
        self._required_known = required_known
        self._ids = Ids()

    def question(self, task: Task, group: Task) -> tuple[Question, Shape]:
        """Make the question of one field; one that can be repeated becomes a table of one column."""
        shape = self._shape(task)
        text, help_ = self._texts(task, group)
        made = self._question(task, text, help_, shape)
        if not task.repeatable:
            return made, shape
        if shape.kind is Kind.MULTI_CHOICE:
            self._losses.add(What.REPEAT, task.entry, task.id)
            return made, shape
        column = self._column_of(task, Ids(), text)
        table = replace(made, kind=Kind.TABLE, options=(), columns=(column,))
        return replace(table, actions=bool(group.entry.flag("action_point_group"))), Shape(Kind.TABLE)

    def table(self, group: Task) -> Question:
        """Make one table of a group that can be repeated."""
        ids = Ids()
        fields = [task for task in group.tasks if not task.is_group]
        columns = tuple(self._column(task, group, ids) for task in fields)
        text, help_ = self._texts(group, group)
        explained = [
            f"**{column.label}**: {note}"
            for task, column in zip(fields, columns, strict=True)
            if (note := frame.body(task.entry, "description", task.id, self._losses))
        ]
        others = [self._whole(task) for task in group.tasks if task.is_group]
        made = self._question(group, text, frame.joined(help_, *others, *explained), Shape(Kind.TABLE))
        return replace(made, columns=columns, actions=bool(group.entry.flag("action_point_group")))

    def _question(self, task: Task, text: str, help_: str, shape: Shape) -> Question:
        id_ = self._ids.give(task.id)
        if id_ != task.id:
            self._losses.add(What.ID_CHANGED, task.entry, task.id, task.id)
        return Question(
            id=id_,
            text=text,
            kind=shape.kind,
            number=frame.number(task.id) if task.official else "",
            help=frame.cut(help_, task.entry, task.id, self._losses),
            options=shape.options,
            optional=self._is_optional(task),
            markers=(_FRIA,) if any(one.entry.flag("in_fria") for one in task.walk()) else (),
            source=task.id if id_ != task.id else "",
        )

    def _column(self, task: Task, group: Task, ids: Ids) -> Column:
        """Make one column of a group's table; what a column cannot do is noted."""
        if task.repeatable:
            self._losses.add(What.REPEAT, task.entry, task.id)
        for dependency in task.dependencies:
            if what := _NOT_IN_TABLE.get(dependency.text("type")):
                place = dependency.entry("condition") or dependency.entry("source")
                self._losses.add(what, dependency, task.id, place.text("id") if place else "")
        return self._column_of(task, ids, self._title(task, group))

    def _column_of(self, task: Task, ids: Ids, label: str) -> Column:
        shape = self._shape(task)
        if shape.kind in {Kind.MULTI_CHOICE, Kind.NUMBER}:
            self._losses.add(What.IN_TABLE, task.entry, task.id, "+".join(task.answer_types))
        kind, options = self._in_column(shape)
        return Column(ids.give(task.id), shortened(label, LONGEST_TEXT)[0], kind, options)

    def _in_column(self, shape: Shape) -> tuple[Kind, tuple[Option, ...]]:
        match shape.kind:
            case Kind.YES_NO:
                return Kind.CHOICE, tuple(Option(id_, self._words[id_]) for id_ in YES_AND_NO)
            case Kind.CHOICE:
                return Kind.CHOICE, shape.options
            case Kind.DATE | Kind.OPEN_TEXT:
                return shape.kind, ()
            case _:
                return Kind.SHORT_TEXT, ()

    def _texts(self, task: Task, group: Task) -> tuple[str, str]:
        text, rest = frame.fitted(self._title(task, group), task.entry, task.id, self._losses)
        pictures = self.pictures(task)
        image = self._words["no_image"] if "image" in task.types else ""
        return text, frame.joined(
            rest, frame.body(task.entry, "description", task.id, self._losses), image, pictures
        )

    def _title(self, task: Task, group: Task) -> str:
        if title := frame.title(task.entry, "task", task.id, self._losses):
            return title
        self._losses.add(What.TEXT_MISSING, task.entry, task.id)
        return plain(group.entry.text("task")) or task.id

    def pictures(self, task: Task) -> str:
        """Describe the pictures that the file shows here; they are not in it."""
        described = []
        for source in task.entry.entries("sources"):
            self._losses.add(What.NOT_BUILT, source, task.id, source.text("source"))
            if note := plain(source.text("description")):
                described.append(f"{self._words['image']}: {note}")
        return "\n\n".join(described)

    def _whole(self, task: Task) -> str:
        """Return a group without fields as one text."""
        parts = [self.notice(one) for one in task.walk()]
        return frame.joined(*parts)

    def notice(self, task: Task) -> str:
        """Return title and text of one group without fields."""
        title = frame.title(task.entry, "task", task.id, self._losses)
        text = frame.body(task.entry, "description", task.id, self._losses)
        return frame.joined(f"**{title}**" if title else "", text, self.pictures(task))

    def _is_optional(self, task: Task) -> bool:
        required = task.entry.flag("required_status")
        if required is None and self._required_known:
            self._losses.add(What.REQUIRED_UNKNOWN, task.entry, task.id)
        return required is False

    def _shape(self, task: Task) -> Shape:
        """Decide how a field is answered."""
        if source := self._source_of_options(task):
            return self._shape_from(task, source)
        kinds = [type_ for type_ in task.answer_types if type_ in _OPEN or type_ in _ONE or type_ in _SEVERAL]
        for type_ in task.answer_types:
            if type_ in _NOT_BUILT:
                self._losses.add(What.NOT_BUILT, task.entry, task.id, type_)
            elif type_ not in kinds:
                self._losses.add(What.UNKNOWN_TYPE, task.entry, task.id, type_)
        if not task.answer_types:
            self._losses.add(What.UNKNOWN_TYPE, task.entry, task.id)
        if not kinds:
            return Shape(Kind.OPEN_TEXT)
        if kinds[0] in _OPEN:
            if "options" in task.entry.names:
                self._losses.add(What.UNKNOWN_KEY, task.entry, task.id, "options")
            is_number = kinds[0] == "text_input" and task.entry.text("valueType") == "number"
            return Shape(Kind.NUMBER if is_number else _OPEN[kinds[0]])
        several = kinds[0] in _SEVERAL or task.entry.text("valueType") == "string[]"
        return self._closed(task, several=several)

    def _source_of_options(self, task: Task) -> str:
        for dependency in task.dependencies:
            if dependency.text("type") == "source_options":
                place = dependency.entry("condition") or dependency.entry("source")
                return place.text("id") if place else "?"
        return ""

    def _shape_from(self, task: Task, source: str) -> Shape:
        """Copy the options of another question, if it has any; otherwise the answer is typed."""
        self._losses.add(What.SOURCE_OPTIONS, task.entry, task.id, source)
        other = self._tasks.get(source)
        if other is None or "options" not in other.entry.names:
            return Shape(Kind.SHORT_TEXT)
        several = not _SEVERAL.isdisjoint(task.answer_types)
        return self._closed(other, several=several)

    def _closed(self, task: Task, *, several: bool) -> Shape:
        given = self._options(task)
        if len(given) < 2:  # noqa: PLR2004  # there is nothing to choose
            self._losses.add(What.NO_OPTIONS, task.entry, task.id, "+".join(task.answer_types))
            return Shape(Kind.OPEN_TEXT)
        if not several and _is_yes_no(given):
            return Shape(Kind.YES_NO, (), {"true": "yes", "false": "no"})
        ids = Ids()
        values = {value: ids.give(value) for value in given}
        for value, id_ in values.items():
            if id_ != value != given[value]:
                self._losses.add(What.OPTION_VALUE, task.entry, task.id, value)
        options = tuple(Option(values[value], label) for value, label in given.items())
        return Shape(Kind.MULTI_CHOICE if several else Kind.CHOICE, options, values)

    def _options(self, task: Task) -> dict[str, str]:
        """Return value -> label; a value that comes twice counts once."""
        if task.entry.is_list_of_texts("options"):
            return {normal(value): plain(value) or value for value in task.entry.texts("options") if value}
        given: dict[str, str] = {}
        for option in task.entry.entries("options"):
            self._losses.unknown(option, _OPTION, task.id)
            value = "null" if option.is_null("value") else normal(option.text("value"))
            label = frame.title(option, "label", task.id, self._losses) or plain(value) or value
            if value or label:
                given.setdefault(value or label, label[:LONGEST_TEXT])
        return given


_NOT_IN_TABLE: Final = {"conditional": What.CONDITION, "instance_mapping": What.INSTANCE_MAPPING}
_SCALARS: Final = {
    "defaultValue": What.DEFAULT,
    "category": What.CATEGORY,
    "item_name": What.INSTANCE_LABEL,
    "instance_label_template": What.INSTANCE_LABEL,
}


def _is_yes_no(given: Mapping[str, str]) -> bool:
    if given.keys() != {"true", "false"}:
        return False
    return given["true"].lower() in _YES_LABELS and given["false"].lower() in _NO_LABELS


def note_unsupported(task: Task, losses: Losses) -> None:
    """Note what a task has that nothing here has."""
    for name, what in _SCALARS.items():
        if name in task.entry.names:
            value = task.entry.text(name) if task.entry.is_scalar(name) else ""
            losses.add(what, task.entry, task.id, value)
    if calculation := task.entry.entry("calculation"):
        losses.add(What.CALCULATION, calculation, task.id, calculation.text("scoreKey"))
    for dependency in task.dependencies:
        if "calculation" in dependency.names:
            losses.add(What.CALCULATION, dependency, task.id)
    if task.entry.flag("action_point_summary"):
        losses.add(What.SUMMARY, task.entry, task.id, "action_point_summary")
