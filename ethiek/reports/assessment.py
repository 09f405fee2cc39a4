"""The assessment as it was submitted: parts, sections, questions, answers, and the remarks at each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ethiek.errors import RenderError
from ethiek.reports.attachments import Attachment, attachments_in, files_by_place
from ethiek.reports.source import Json
from ethiek.reports.values import Value, moment_words, value_of
from ethiek.reports.words import Words
from ethiek.reports.words_nl import NL


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a remark."""

    by: str
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark of the committee, with what was said in return."""

    round: int
    by: str
    text: str
    at: str
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One question as answered. ``number`` is the official number, or empty."""

    number: str
    text: str
    value: Value
    considerations: str
    remarks: tuple[Remark, ...]
    warnings: tuple[str, ...]
    place: tuple[str, str] = ("", "")
    """Question id and item, by which a page links to it."""
    attachments: tuple[Attachment, ...] = ()
    dissent: str = ""
    """How others in the team see it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions asked together. ``label`` names what they were repeated for, and is empty otherwise."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A theme. ``not_asked``: numbers (or texts) of questions that earlier answers made superfluous."""

    number: str
    title: str
    groups: tuple[Group, ...]
    not_asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A main part of the question set."""

    number: str
    title: str
    sections: tuple[Section, ...]


Place = tuple[str, str]
"""Question id and item ("" where the section is not repeated)."""


@dataclass(slots=True)
class _Submitted:
    """The submitted answers, remarks and warnings by place, from which every part takes its own."""

    answers: dict[Place, Json]
    not_asked: frozenset[str]
    warnings: dict[Place, list[str]]
    remarks: dict[Place, list[Json]]
    words: Words
    attachments: dict[Place, tuple[Attachment, ...]]
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    """Question id -> option id -> label."""

    def items_of(self, section: Json) -> list[str]:
        """What a section was repeated for, in the order asked; one nameless item for a plain section."""
        if not section["repeat_for"]:
            return [""]
        ids = {question["id"] for question in section["questions"]}
        return list(dict.fromkeys(item for question, item in self.answers if question in ids))

    def was_asked(self, place: Place) -> bool:
        return place in self.answers or place[0] not in self.not_asked


def remark_of(remark: Json, words: Words = NL) -> Remark:
    """A remark in printable form."""
    replies = tuple(
        Reply(reply["by"], reply["text"], moment_words(reply["at"], words)) for reply in remark["replies"]
    )
    return Remark(remark["round"], remark["by"], remark["text"], moment_words(remark["at"], words), replies)


def assess(
    questionnaire: Json, snapshot: Json, remarks: list[Json], words: Words = NL
) -> tuple[tuple[Part, ...], list[Json]]:
    """Lay out the assessment in the order of the question set.

    Returns:
        The parts, and the remarks that belong to no question on paper.

    Raises:
        RenderError: an answer belongs to no question, so it would silently be left out.
    """
    submitted = _submitted(questionnaire, snapshot, remarks, words)
    parts = tuple(_part(part, submitted) for part in questionnaire["parts"])
    if submitted.answers:
        question, item = next(iter(submitted.answers))
        raise RenderError(f"answer to a question that is not asked: {question} {item}".strip(), (question,))
    loose = [id(remark) for rows in submitted.remarks.values() for remark in rows]
    return parts, [remark for remark in remarks if id(remark) in loose]


def _submitted(questionnaire: Json, snapshot: Json, remarks: Iterable[Json], words: Words) -> _Submitted:
    warnings: dict[Place, list[str]] = {}
    for warning in snapshot["warnings"]:
        warnings.setdefault((warning["question"], warning["item"]), []).append(warning["reason"])
    by_place: dict[Place, list[Json]] = {}
    for remark in remarks:
        by_place.setdefault((remark["question"], remark["item"]), []).append(remark)
    return _Submitted(
        answers={(row["question"], row["item"]): row["answer"] for row in snapshot["answers"]},
        not_asked=frozenset(snapshot["not_asked"]),
        warnings=warnings,
        remarks=by_place,
        words=words,
        attachments=files_by_place(attachments_in(snapshot, questionnaire, words)),
        labels={question["id"]: _option_labels(question) for question in _questions(questionnaire)},
    )


def _questions(questionnaire: Json) -> Iterator[Json]:
    for part in questionnaire["parts"]:
        for section in part["sections"]:
            yield from section["questions"]


def _option_labels(question: Json) -> dict[str, str]:
    return {option["id"]: option["label"] for option in question["options"]}


def _part(part: Json, submitted: _Submitted) -> Part:
    sections = (_section(section, submitted) for section in part["sections"])
    return Part(part["number"], part["title"], tuple(sections))


def _section(section: Json, submitted: _Submitted) -> Section:
    labels = submitted.labels.get(section["repeat_for"], {})
    asked: set[str] = set()
    groups = []
    for item in submitted.items_of(section):
        questions = [
            question for question in section["questions"] if submitted.was_asked((question["id"], item))
        ]
        asked.update(question["id"] for question in questions)
        entries = tuple(_entry(question, item, submitted) for question in questions)
        if entries:
            groups.append(Group(labels.get(item, item), entries))
    skipped = [
        question["number"] or question["text"]
        for question in section["questions"]
        if question["id"] not in asked
    ]
    return Section(section["number"], section["title"], tuple(groups), tuple(skipped))


def _entry(question: Json, item: str, submitted: _Submitted) -> Entry:
    """Take one question's answer and remarks out of what was submitted."""
    place = (question["id"], item)
    answer = submitted.answers.pop(place, {})
    remarks = [*submitted.remarks.pop(place, ()), *submitted.remarks.pop((question["id"], ""), ())]
    return Entry(
        number=question["number"],
        text=question["text"],
        value=value_of(question, answer, submitted.words),
        considerations=answer.get("considerations", ""),
        remarks=tuple(remark_of(remark, submitted.words) for remark in remarks),
        warnings=tuple(submitted.warnings.get(place, ())),
        place=place,
        attachments=submitted.attachments.get(place, ()),
        dissent=answer.get("dissent", ""),
    )
