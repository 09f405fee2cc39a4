"""Instruments of the task registry (MinBZK/task-registry, schema 1.1.0): a flat list of tasks with numbers in urns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.exchange import frame
from ethiek.questionnaires.exchange.entries import Entry
from ethiek.questionnaires.exchange.frame import WORDS, Facts, File
from ethiek.questionnaires.exchange.ids import Ids
from ethiek.questionnaires.exchange.imported import Counts, Imported, Losses, What, Wishes
from ethiek.questionnaires.exchange.texts import is_safe_address, link, plain
from ethiek.questionnaires.model import Kind, Part, Question, Role, Section
from ethiek.questionnaires.wording import LONGEST_TEXT

FORMAT: Final = "task-registry"

_ROOT_URN: Final = re.compile(r"urn:nl:aivt:(?:tr|ir):([A-Za-z0-9_-]+):([0-9][0-9A-Za-z.]*)")
_LETTER: Final = re.compile(r"([0-9]+)\.([A-Z])(?:\.|$)")

_ROOT: Final = frozenset(
    {
        "systemcard_path",
        "schema_version",
        "name",
        "description",
        "urn",
        "language",
        "owners",
        "date",
        "url",
        "template",
        "tasks",
        "instrument",
    }
)
_TASK: Final = frozenset(
    {
        "question",
        "urn",
        "labels",
        "type",
        "suggested_roles",
        "lifecycle",
        "links",
        "required_status",
        "depends_on",
        "signature",
        "expiration_date",
        "template",
    }
)
_LINK: Final = frozenset({"text", "url", "urn", "systemcard_path", "version"})
_OPEN: Final = "open_question"
_NOT_BUILT: Final = frozenset(
    {"closed_question", "sign_task", "upload_document", "statement", "requirement", "measure"}
)


@dataclass(frozen=True, slots=True)
class _Task:
    entry: Entry
    number: str
    topic: str
    part: str = ""


def recognises(root: Entry) -> bool:
    """Tell whether a file is of this format."""
    about = root.entry("instrument") if "instrument" in root.names else root
    return about is not None and about.text("urn").startswith("urn:nl:aivt:")


def read(root: Entry, file: File, wishes: Wishes) -> Imported:
    """Read one instrument.

    Raises:
        QuestionnaireError: the file is not what its format says; names the line.
    """
    losses = Losses()
    about = (root.entry("instrument") or root) if "instrument" in root.names else root
    _refuse_version(root)
    losses.unknown(root, _ROOT)
    facts = _facts(about, wishes, losses)
    tasks = _in_parts(_tasks(root, losses), losses)
    roles = _roles(task.entry for task in tasks)
    parts = _Writer(facts, roles, _required_known(tasks, losses), losses).parts(tasks)
    made = frame.questionnaire(facts, parts, tuple(roles.values()), (), file, wishes, losses)
    return Imported(FORMAT, made, losses.all(), _counts(tasks))


def _refuse_version(root: Entry) -> None:
    version = root.text("schema_version")
    if version and not version.startswith("1."):
        raise QuestionnaireError(root.place, f"schema_version {version} is not known; 1.1.0 is")


def _facts(about: Entry, wishes: Wishes, losses: Losses) -> Facts:
    urn = _ROOT_URN.fullmatch(about.text("urn"))
    owners = [owner.text("organization") or owner.text("name") for owner in about.entries("owners")]
    return Facts(
        id=urn[1] if urn else about.text("name"),
        version=urn[2] if urn else "",
        name=about.text("name"),
        description=about.text("description"),
        language=frame.language_of(about.text("language"), wishes, losses),
        publisher=", ".join(filter(None, owners)),
        date=about.text("date"),
        url=about.text("url"),
    )


def _tasks(root: Entry, losses: Losses) -> list[_Task]:
    """Return the tasks of a file.

    Raises:
        QuestionnaireError: there is none, one has no urn, or two have the same.
    """
    seen: set[str] = set()
    found = []
    for entry in root.entries("tasks"):
        urn = entry.text("urn")
        if not urn:
            raise QuestionnaireError(entry.place, "the task has no urn")
        if urn in seen:
            raise QuestionnaireError(entry.place, f"urn {urn} appears twice")
        seen.add(urn)
        losses.unknown(entry, _TASK, _number(urn))
        found.append(_Task(entry, _number(urn), _topic(entry, _number(urn), losses)))
    if not found:
        raise QuestionnaireError(root.place, "there are no tasks")
    return found


def _number(urn: str) -> str:
    return urn.rpartition(":")[2]


def _topic(entry: Entry, at: str, losses: Losses) -> str:
    topic = ""
    for label in entry.entries("labels"):
        if label.text("key") == "topic" and not topic:
            topic = plain(label.text("value"))
        else:
            losses.add(What.LABEL, label, at, f"{label.text('key')}: {label.text('value')}")
    return topic


def _in_parts(tasks: Sequence[_Task], losses: Losses) -> list[_Task]:
    """Give each task its part, the first step of its number; ``2.A.2`` goes with the neighbours of ``2A.2``."""
    usual = {task.number.partition(".")[0] for task in tasks}
    found = []
    for task in tasks:
        part = task.number.partition(".")[0]
        if (odd := _LETTER.match(task.number)) and odd[1] + odd[2] in usual:
            part = odd[1] + odd[2]
            losses.add(What.ODD_NUMBER, task.entry, task.number, task.number)
        found.append(replace(task, part=part))
    order = list(dict.fromkeys(task.part for task in found))
    return sorted(found, key=lambda task: order.index(task.part))


def _roles(entries: Iterator[Entry]) -> dict[str, Role]:
    """Return label -> role, in the order in which the file names them."""
    ids = Ids()
    labels = dict.fromkeys(
        label for entry in entries for label in entry.texts("suggested_roles") if plain(label)
    )
    return {label: Role(ids.give(label), plain(label)) for label in labels}


def _required_known(tasks: Sequence[_Task], losses: Losses) -> bool:
    """Tell whether the file says of some tasks whether they are required; if of none, note that once."""
    known = any("required_status" in task.entry.names for task in tasks)
    if not known:
        losses.add(What.REQUIRED_UNKNOWN)
    return known


def _counts(tasks: Sequence[_Task]) -> Counts:
    kinds = Counter("+".join(sorted(task.entry.texts("type"))) for task in tasks)
    return Counts(len(tasks), 0, len(tasks), dict(kinds))


class _Writer:
    """Makes parts, sections and questions of the tasks."""

    def __init__(self, facts: Facts, roles: dict[str, Role], required_known: bool, losses: Losses) -> None:  # noqa: FBT001
        self._words = WORDS[facts.language]
        self._roles = roles
        self._required_known = required_known
        self._losses = losses
        self._part_ids, self._section_ids, self._ids = Ids(), Ids(), Ids()

    def parts(self, tasks: Sequence[_Task]) -> tuple[Part, ...]:
        self._losses.add(What.TITLES_MISSING)
        return tuple(
            self._part(part, list(members)) for part, members in groupby(tasks, lambda task: task.part)
        )

    def _part(self, part: str, tasks: list[_Task]) -> Part:
        title = self._words["part"].format(number=part)
        by_topic = groupby(tasks, lambda task: task.topic)
        sections = tuple(self._section(part, topic or title, list(members)) for topic, members in by_topic)
        return Part(self._part_ids.give(part), title, sections, number=frame.number(part))

    def _section(self, part: str, title: str, tasks: list[_Task]) -> Section:
        number = len(tasks[0].number.split("."))
        id_ = ".".join(tasks[0].number.split(".")[: number - 1]) or part
        return Section(
            self._section_ids.give(id_),
            title[:LONGEST_TEXT],
            tuple(self._question(task) for task in tasks),
        )

    def _question(self, task: _Task) -> Question:
        entry, at = task.entry, task.number
        text, rest = frame.fitted(frame.title(entry, "question", at, self._losses), entry, at, self._losses)
        if not text:
            self._losses.add(What.TEXT_MISSING, entry, at)
        self._note_others(entry, at)
        return Question(
            id=self._ids.give(at),
            text=text or at,
            kind=self._kind(entry, at),
            number=frame.number(at),
            help=frame.cut(frame.joined(rest, self._see_also(entry, at)), entry, at, self._losses),
            who=tuple(
                dict.fromkeys(
                    self._roles[label].id for label in entry.texts("suggested_roles") if label in self._roles
                )
            ),
            optional=self._is_optional(entry, at),
            source=entry.text("urn")[:LONGEST_TEXT],
        )

    def _kind(self, entry: Entry, at: str) -> Kind:
        for type_ in entry.texts("type"):
            if type_ in _NOT_BUILT:
                self._losses.add(
                    What.NO_OPTIONS if type_ == "closed_question" else What.NOT_BUILT, entry, at, type_
                )
            elif type_ != _OPEN:
                self._losses.add(What.UNKNOWN_TYPE, entry, at, type_)
        return Kind.OPEN_TEXT

    def _is_optional(self, entry: Entry, at: str) -> bool:
        required = entry.flag("required_status")
        if required is None and self._required_known:
            self._losses.add(What.REQUIRED_UNKNOWN, entry, at)
        return required is False

    def _see_also(self, entry: Entry, at: str) -> str:
        seen = [one for one in (self._link(item, at) for item in entry.entries("links")) if one]
        return f"{self._words['see']}: {'; '.join(seen)}" if seen else ""

    def _link(self, item: Entry, at: str) -> str:
        self._losses.unknown(item, _LINK, at)
        text, url, urn = plain(item.text("text")), item.text("url"), plain(item.text("urn"))
        if path := item.text("systemcard_path"):
            self._losses.add(What.LINK, item, at, path)
        if url and is_safe_address(url):
            return link(text, url)
        if url:
            self._losses.add(What.LINK, item, at, url)
        return f"{text} ({urn})" if text and urn else text or urn

    def _note_others(self, entry: Entry, at: str) -> None:
        if phases := entry.texts("lifecycle"):
            self._losses.add(What.LIFECYCLE, entry, at, ", ".join(phases))
        for one in entry.entries("depends_on"):
            self._losses.add(What.DEPENDS_ON, one, at, one.text("urn") or one.text("text"))
