"""From the documents of a dossier to what is taken along: every question that is asked, answered or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ethiek.domain.gatherings import Gathering
from ethiek.exchange.dossier import (
    Actions,
    DossierExport,
    Earlier,
    Entry,
    Facts,
    Group,
    Part,
    Remark,
    Reply,
    Section,
    State,
    ToConfirm,
)
from ethiek.reports import assessment
from ethiek.reports.annexes import numbered
from ethiek.reports.assessment import Place, assess
from ethiek.reports.conclusions import conclusions_in
from ethiek.reports.model import instrument_of
from ethiek.reports.source import Json, has_light_markdown
from ethiek.reports.values import table_of


@dataclass(frozen=True, slots=True)
class Source:
    """What an export is made from.

    ``content`` has the shape of a snapshot; in a draft, questions without an answer are in it with an empty one.
    ``remarks`` have the shape of those in ``ethiek-advice/1``, and are released without exception.
    ``to_confirm``: the answers of a draft that came from elsewhere and were not confirmed yet.
    """

    state: State
    exported_at: str
    questionnaire: Json
    content: Json
    remarks: Sequence[Json]
    earlier: tuple[Earlier, ...]
    to_confirm: Mapping[Place, ToConfirm] = field(default_factory=dict)


def lay_out(source: Source) -> DossierExport:
    """Put everything in the order of the question set.

    Raises:
        RenderError: an answer belongs to no question, so it would silently be left out.
    """
    laid_out, _none = assess(source.questionnaire, source.content, [])
    more = _More(source)
    parts = tuple(map(more.part, laid_out, source.questionnaire["parts"]))
    return DossierExport(
        state=source.state,
        light_markdown=has_light_markdown(source.content),
        exported_at=source.exported_at,
        language=source.questionnaire["language"],
        questionnaire_sha256=source.content["questionnaire"]["sha256"],
        facts=_facts(source),
        instrument=instrument_of(source.questionnaire),
        parts=parts,
        conclusions=conclusions_in(source.content) or (),
        actions=tuple(_actions(source)),
        earlier=source.earlier,
        remarks=more.loose_remarks(),
        attachments=tuple(source.content.get("attachments", ())),
        gatherings=tuple(Gathering.from_json(row) for row in source.content.get("sessions", ())),
    )


def _facts(source: Source) -> Facts:
    facts, submitted = source.content["dossier"], source.content["submitted"]
    handed_in = source.state is State.SUBMITTED
    names = ("reference", "title", "purpose", "unit", "committee", "kind", "phase")
    return Facts(
        **{name: facts[name] for name in names},
        team=tuple((member["name"], member["role"]) for member in source.content["team"]),
        round=source.content["round"],
        submitted_at=submitted["at"] if handed_in else "",
        submitted_by=submitted["by"] if handed_in else "",
    )


class _More:
    """Adds to a laid-out question what a report leaves out: for whom it is, its help, and the answer as stored."""

    def __init__(self, source: Source) -> None:
        self._answers = {(row["question"], row["item"]): row["answer"] for row in source.content["answers"]}
        self._questions = {question["id"]: question for question in _questions(source.questionnaire)}
        self._roles = {role["id"]: role["label"] for role in source.questionnaire["roles"]}
        self._to_confirm = source.to_confirm
        self._remarks: dict[Place, list[Json]] = {}
        for remark in source.remarks:
            self._remarks.setdefault((remark["question"], remark["item"]), []).append(remark)

    def part(self, part: assessment.Part, of_set: Json) -> Part:
        sections = tuple(map(self._section, part.sections, of_set["sections"]))
        return Part(part.number, part.title, of_set["intro"], sections)

    def _section(self, section: assessment.Section, of_set: Json) -> Section:
        groups = (Group(group.label, tuple(map(self._entry, group.entries))) for group in section.groups)
        return Section(section.number, section.title, of_set["intro"], tuple(groups), section.not_asked)

    def _entry(self, entry: assessment.Entry) -> Entry:
        question = self._questions[entry.place[0]]
        return Entry(
            *entry.place,
            number=entry.number,
            text=entry.text,
            kind=question["kind"],
            who=tuple(self._roles.get(role, role) for role in question["who"]),
            help=question["help"],
            optional=question["optional"],
            answer=self._answers.get(entry.place, {}),
            value=entry.value,
            warnings=entry.warnings,
            remarks=tuple(_remark(remark) for remark in self._remarks.pop(entry.place, ())),
            to_confirm=self._to_confirm.get(entry.place),
        )

    def loose_remarks(self) -> tuple[Remark, ...]:
        """What no question took, in the order of writing."""
        rows = [(self._name(place), remark) for place, all_ in self._remarks.items() for remark in all_]
        return tuple(_remark(remark, about) for about, remark in sorted(rows, key=lambda row: row[1]["at"]))

    def _name(self, place: Place) -> str:
        question = self._questions.get(place[0])
        return f"{question['number']} {question['text']}".strip() if question else place[0]


def _remark(remark: Json, about: str = "") -> Remark:
    replies = (Reply(reply["by"], reply["text"], reply["at"]) for reply in remark["replies"])
    return Remark(remark["round"], about, remark["by"], remark["text"], remark["at"], tuple(replies))


def _questions(questionnaire: Json) -> Iterator[Json]:
    for part in questionnaire["parts"]:
        for section in part["sections"]:
            yield from section["questions"]


def _actions(source: Source) -> Iterator[Actions]:
    """The action points of every part that has any."""
    rows = {row["question"]: row["answer"].get("rows") for row in source.content["answers"]}
    for part in source.questionnaire["parts"]:
        for section in part["sections"]:
            for question in section["questions"]:
                if question["actions"] and (filled := rows.get(question["id"])):
                    yield Actions(numbered(part), question["id"], table_of(question, filled))
