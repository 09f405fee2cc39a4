"""Assessment definitions of the Invulhulpen (MinBZK/par-dpia-form, v1 and v2): a tree of groups and answer fields.

Our sets have parts, sections and questions. A task at the top is a part; every group that holds answer fields itself
is a section, under the titles of the groups around it; a group that can be repeated is a table. Texts without fields
become the introduction of what follows them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ethiek.questionnaires.exchange import assessment_rules, assessment_tree, frame
from ethiek.questionnaires.exchange.assessment_fields import Fields, Shape, note_unsupported
from ethiek.questionnaires.exchange.assessment_outcomes import conclusions
from ethiek.questionnaires.exchange.assessment_rules import Place
from ethiek.questionnaires.exchange.assessment_tree import TASK_FIELDS, Task
from ethiek.questionnaires.exchange.entries import Entry
from ethiek.questionnaires.exchange.frame import Facts, File
from ethiek.questionnaires.exchange.ids import Ids
from ethiek.questionnaires.exchange.imported import Imported, Losses, What, Wishes
from ethiek.questionnaires.exchange.texts import shortened
from ethiek.questionnaires.model import Check, Effect, Kind, Part, Question, Section, ShowWhen, StopRule
from ethiek.questionnaires.wording import LONGEST_TEXT

FORMAT: Final = "assessment-definition"

_URN: Final = re.compile(r"urn:nl:([A-Za-z0-9_-]+)(?::([0-9][0-9.]*))?")
_ROOT: Final = frozenset(
    {"name", "description", "urn", "version", "tasks", "assessments", "prefixQuestionIds", "language"}
)
_DEPENDENCY: Final = frozenset({"type", "condition", "source", "mapping_type", "action", "calculation"})
_DEPENDENCY_TYPES: Final = frozenset({"conditional", "source_options", "instance_mapping"})
_LONGEST_HEADING: Final = 120


def recognises(root: Entry) -> bool:
    """Tell whether a file is of this format."""
    return "tasks" in root.names and any("task" in task.names for task in root.entries("tasks")[:1])


def read(root: Entry, file: File, wishes: Wishes) -> Imported:
    """Read one definition.

    Raises:
        QuestionnaireError: the file is not what its format says; names the line.
    """
    losses = Losses()
    losses.unknown(root, _ROOT)
    facts = _facts(root, wishes, losses)
    tasks = assessment_tree.tasks_of(root)
    nodes = [one for top in tasks for one in top.walk()]
    for one in nodes:
        _note_unknown(one, losses)
        note_unsupported(one, losses)
    _note_unsaid(nodes, losses)
    writer = _Writer(facts, nodes, losses)
    for top in tasks:
        writer.add_part(top)
    writer.finish()
    parts = _Linker(writer, nodes, facts.id, losses).linked()
    outcomes = conclusions(root, writer.places, losses)
    made = frame.questionnaire(facts, parts, (), outcomes, file, wishes, losses)
    return Imported(FORMAT, made, losses.all(), assessment_tree.counts(tasks))


def _facts(root: Entry, wishes: Wishes, losses: Losses) -> Facts:
    urn = _URN.fullmatch(root.text("urn"))
    return Facts(
        id=urn[1] if urn else root.text("name"),
        version=root.text("version") or (urn[2] if urn else "") or "",
        name=root.text("name"),
        description=root.text("description"),
        language=frame.language_of(root.text("language"), wishes, losses),
    )


def _note_unknown(task: Task, losses: Losses) -> None:
    losses.unknown(task.entry, TASK_FIELDS, task.id)
    for dependency in task.dependencies:
        losses.unknown(dependency, _DEPENDENCY, task.id)
        if dependency.text("type") not in _DEPENDENCY_TYPES:
            losses.add(What.CONDITION, dependency, task.id, dependency.text("type"))


def _note_unsaid(nodes: Sequence[Task], losses: Losses) -> None:
    """Note once what the file does not say of its questions."""
    silent = sum("is_official_id" not in one.entry.names for one in nodes)
    if silent:
        losses.add(What.OFFICIAL_UNKNOWN, value=str(silent))
    if not any("required_status" in one.entry.names for one in nodes):
        losses.add(What.REQUIRED_UNKNOWN)


@dataclass(slots=True)
class _Field:
    task: Task
    question: Question


@dataclass(slots=True)
class _Section:
    id: str
    title: str
    number: str
    around: tuple[Task, ...]
    """The groups that it stands in, without the part."""
    intro: list[str] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)


@dataclass(slots=True)
class _Part:
    task: Task
    id: str
    title: str
    intro: list[str] = field(default_factory=list)
    sections: list[_Section] = field(default_factory=list)


class _Writer:
    """Walks through the tree and makes parts, sections and questions, not yet connected."""

    def __init__(self, facts: Facts, nodes: Sequence[Task], losses: Losses) -> None:
        self._losses = losses
        known = any("required_status" in one.entry.names for one in nodes)
        self._fields = Fields(facts.language, losses, {one.id: one for one in nodes}, required_known=known)
        self._part_ids, self._section_ids = Ids(), Ids()
        self._current: _Section | None = None
        self._waiting: list[str] = []
        self._before: list[str] = []
        self.parts: list[_Part] = []
        self.places: dict[str, Place] = {}
        self.notices: list[Task] = []

    def add_part(self, top: Task) -> None:
        """Add one task of the top; one without fields becomes the introduction of the next."""
        if top.is_text:
            self._before += [self._fields.notice(one) for one in top.walk()]
            self._losses.add(What.MOVED_TEXT, top.entry, top.id, top.entry.text("task"))
            for dependency in top.dependencies:
                self._losses.add(What.CONDITION, dependency, top.id, assessment_rules.described(dependency))
            return
        title = frame.title(top.entry, "task", top.id, self._losses) or top.id
        part = _Part(top, self._part_ids.give(top.id), title[:LONGEST_TEXT], self._before)
        self._before = []
        self.parts.append(part)
        self._current, self._waiting = None, []
        if top.is_group and not top.is_table:
            part.intro += self._described(top)
            self._add_all(top, ())
        else:
            self._add_field(top, top, ())
            if not top.is_table:
                self._add_all(top, ())
        part.sections[-1].intro += self._waiting

    def finish(self) -> None:
        """Put texts at the end of the file, after which no part follows, with the last section."""
        self.parts[-1].sections[-1].intro += self._before
        self._before = []

    def _described(self, task: Task) -> list[str]:
        return [
            frame.body(task.entry, "description", task.id, self._losses),
            self._fields.pictures(task),
        ]

    def _add_all(self, group: Task, around: tuple[Task, ...]) -> None:
        for task in group.tasks:
            if task.is_table or not task.is_group:
                self._add_field(task, group, around)
                if not task.is_group and task.tasks:
                    self._add_all(task, (*around, task))
            elif task.is_text:
                self._add_text(task)
            else:
                self._add_group(task, (*around, task))

    def _add_group(self, group: Task, around: tuple[Task, ...]) -> None:
        if group.repeatable:
            self._losses.add(What.REPEAT, group.entry, group.id)
        for dependency in group.dependencies:
            if dependency.text("type") == "instance_mapping":
                source = dependency.entry("source")
                self._losses.add(
                    What.INSTANCE_MAPPING, dependency, group.id, source.text("id") if source else ""
                )
        self._current = None
        self._waiting += self._described(group)
        self._add_all(group, around)
        self._current = None

    def _add_text(self, task: Task) -> None:
        """Put a text before what follows it; one that shows up after an answer is linked later."""
        if task.dependencies:
            self.notices.append(task)
            return
        texts = [self._fields.notice(one) for one in task.walk()]
        if self.parts[-1].sections:
            self._current = None
            self._waiting += texts
        else:
            self.parts[-1].intro += texts

    def _add_field(self, task: Task, group: Task, around: tuple[Task, ...]) -> None:
        if self._current is None:
            self._current = self._open(group, around)
        if task.is_table:
            question, shape = self._fields.table(task), Shape(Kind.TABLE)
        else:
            question, shape = self._fields.question(task, group)
        place = Place(question.id, len(self.places), shape)
        for one in task.walk() if task.is_table else (task,):
            self.places[one.id] = place
        self._current.fields.append(_Field(task, question))

    def _open(self, group: Task, around: tuple[Task, ...]) -> _Section:
        part = self.parts[-1]
        titles = [title for one in around if (title := frame.title(one.entry, "task", one.id, self._losses))]
        heading = " – ".join(titles) or part.title
        intro = []
        if len(heading) > _LONGEST_HEADING and len(titles) > 1:
            heading, intro = titles[0], [f"**{' – '.join(titles[1:])}**"]
        section = _Section(
            self._section_ids.give(group.id),
            heading[:LONGEST_TEXT],
            frame.number(group.id) if group.official and around else "",
            around,
            intro + self._waiting,
        )
        self._waiting = []
        part.sections.append(section)
        return section


class _Linker:
    """Connects what was made: conditions, warnings, and answers that are shown again."""

    def __init__(self, writer: _Writer, nodes: Sequence[Task], instrument: str, losses: Losses) -> None:
        self._writer = writer
        self._places = writer.places
        self._instrument = instrument.lower()
        self._losses = losses
        self._warnings: dict[str, list[StopRule]] = {}
        self._recalls = self._find_recalls(nodes)

    def linked(self) -> tuple[Part, ...]:
        """Return the parts as they will be asked."""
        for task in self._writer.notices:
            self._notice(task)
        return tuple(self._part(part) for part in self._writer.parts)

    def _part(self, part: _Part) -> Part:
        first = part.sections[0].fields[0].question.id
        grouped = part.task.is_group and not part.task.is_table
        return Part(
            id=part.id,
            title=part.title,
            sections=tuple(self._section(section) for section in part.sections),
            number=frame.number(part.task.id) if part.task.official else "",
            intro=frame.cut(frame.joined(*part.intro), part.task.entry, part.task.id, self._losses),
            show_when=self._condition([part.task] if grouped else [], first),
        )

    def _section(self, section: _Section) -> Section:
        return Section(
            id=section.id,
            title=section.title,
            questions=tuple(self._question(one) for one in section.fields),
            number=section.number,
            intro=frame.cut(frame.joined(*section.intro), None, section.id, self._losses),
            show_when=self._condition(section.around, section.fields[0].question.id),
        )

    def _question(self, one: _Field) -> Question:
        return replace(
            one.question,
            show_when=self._condition([one.task], one.question.id),
            recalls=tuple(dict.fromkeys(self._recalls.get(one.question.id, ()))),
            stops=tuple(self._warnings.get(one.question.id, ())),
        )

    def _condition(self, tasks: Sequence[Task], first: str) -> ShowWhen | None:
        """Return when something is shown of which ``first`` is the first question."""
        before = self._position(first)
        return assessment_rules.together(
            assessment_rules.condition(task.dependencies, self._places, before, task.id, self._losses)
            for task in tasks
        )

    def _position(self, question: str) -> int:
        return min(place.position for place in self._places.values() if place.question == question)

    def _notice(self, task: Task) -> None:
        """Make a text that shows up after one answer a warning there; otherwise it is noted and kept as a text."""
        entry, everything = task.entry, len(self._places) + 1
        when = assessment_rules.condition(task.dependencies, self._places, everything, task.id, self._losses)
        title = frame.title(entry, "task", task.id, self._losses)
        text = frame.joined(title, frame.body(entry, "description", task.id, self._losses))
        if isinstance(when, Check) and text:
            reason, rest = shortened(text, LONGEST_TEXT)
            if rest:
                self._losses.add(What.LONG_TEXT, entry, task.id, "reason")
            self._warnings.setdefault(when.question, []).append(StopRule(when, Effect.WARN, reason))
            self._losses.add(What.NOTICE, entry, task.id, when.question)
            return
        if when is not None:
            self._losses.add(What.CONDITION, entry, task.id, task.id)
        part = next(part for part in self._writer.parts if task in part.task.walk())
        (part.sections[-1].intro if part.sections else part.intro).append(text)

    def _find_recalls(self, nodes: Sequence[Task]) -> dict[str, list[str]]:
        """Return question -> earlier questions whose answers are shown there."""
        found: dict[str, list[str]] = {}
        for task in nodes:
            for system, target, type_ in assessment_tree.targets(task):
                if not self._recall(found, system, task.id, target):
                    self._losses.add(
                        What.REFERENCE, task.entry, task.id, f"{system} {target} {type_}".strip()
                    )
                elif type_ not in {"", "pre-view"}:
                    self._losses.add(What.PREFILL, task.entry, task.id, f"{target} {type_}")
            for dependency in task.dependencies:
                self._recall_source(found, task, dependency)
        return found

    def _recall(self, found: dict[str, list[str]], system: str, source: str, target: str) -> bool:
        here, there = self._places.get(source), self._places.get(target)
        if system.lower() != self._instrument or here is None or there is None:
            return False
        if here.question == there.question or here.position >= there.position:
            return False
        found.setdefault(there.question, []).append(here.question)
        return True

    def _recall_source(self, found: dict[str, list[str]], task: Task, dependency: Entry) -> None:
        """Show the answer that options or rows would have come from."""
        if dependency.text("type") not in {"source_options", "instance_mapping"}:
            return
        place = dependency.entry("condition") or dependency.entry("source")
        first = next((one.id for one in task.walk() if one.id in self._places), "")
        if place is not None and first:
            self._recall(found, self._instrument, place.text("id"), first)
