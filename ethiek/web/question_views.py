"""What a page of questions shows, as plain values for the template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import LazyString

from ethiek.domain.answer_text import whole_text
from ethiek.domain.answers import Slot
from ethiek.domain.walk import ActiveStop, Asked, ending, recalled
from ethiek.questionnaires.model import Marker, Part, Question, Section
from ethiek.services.answering import Sheet
from ethiek.services.answers import NOTHING, Present, Saved
from ethiek.services.earlier import Beside, Pieces, Source
from ethiek.services.submission import Draft
from ethiek.web.forms.answers import AnswerForm, filled_form
from ethiek.web.labels import CHANGED
from ethiek.web.texts import clock_time, moment
from ethiek.web.word_lists import WordsView, offer_words, words_at


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of one answer, as text."""

    by: str
    at: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question block; see ``macros/questions.html``."""

    key: str
    language: str
    number: str
    text: str
    why: str
    help: str
    note: str
    who: tuple[str, ...]
    markers: tuple[str, ...]
    recalls: tuple[tuple[str, str], ...]
    words: tuple[WordsView, ...]
    form: AnswerForm
    hidden: bool
    conflict: Conflict | None
    saved_at: str
    saved_by: str
    history_url: str
    carried: tuple[CarriedView, ...]
    attachments_url: str = ""


@dataclass(frozen=True, slots=True)
class CarriedView:
    """An answer from elsewhere at a question; see ``services.earlier.Beside``."""

    found: Beside
    at: str
    changed: tuple[tuple[LazyString, Pieces], ...]
    """What is asked otherwise now, with a heading for each."""
    history_url: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """Questions asked together; ``label`` names the item they are repeated for."""

    label: str
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A part or section in the side navigation."""

    title: str
    number: str
    url: str
    done: int
    total: int
    current: bool
    sections: tuple[NavItem, ...] = ()


def key_of(slot: Slot) -> str:
    """Return the prefix of a slot's field names, which is also the id of its block."""
    return f"q-{slot}"


BesideQuestions = Mapping[Slot, tuple[Beside, ...]]
"""What came from elsewhere, at the questions where it is shown."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What is shown beside or instead of the stored answers: what was sent and not saved, and what was carried in."""

    forms: Mapping[Slot, AnswerForm] = field(default_factory=dict)
    conflicts: Mapping[Slot, Saved] = field(default_factory=dict)
    beside: BesideQuestions = field(default_factory=dict)


def places(sheet: Sheet, section: Section) -> Iterator[tuple[Question, Slot, str]]:
    """Yield every question of a section with slot and item label, also those a condition hides."""
    labels = _items(sheet, section) if section.repeat_for else {"": ""}
    for item, label in labels.items():
        for question in section.questions:
            yield question, Slot(question.id, item), label


def _items(sheet: Sheet, section: Section) -> dict[str, str]:
    """Return what a repeated section is asked for now, with labels."""
    return {place.slot.item: place.item_label for place in sheet.asked if place.section.id == section.id}


def groups(sheet: Sheet, section: Section, sent: Sent | None = None) -> list[GroupView]:
    """Return the blocks of a section's page."""
    found: dict[str, list[QuestionView]] = {}
    views = _Views(sheet, section, sent or Sent())
    for question, slot, label in places(sheet, section):
        found.setdefault(label, []).append(views.of(question, slot))
    return [GroupView(label, tuple(questions)) for label, questions in found.items()]


def word_lists(shown: Iterable[GroupView]) -> list[WordsView]:
    """Return the lists of words on a page, each once."""
    return list(
        {words.key: words for group in shown for view in group.questions for words in view.words}.values()
    )


class _Views:
    """Makes the views of one page; what they share is looked up once."""

    def __init__(self, sheet: Sheet, section: Section, sent: Sent) -> None:
        self.sheet = sheet
        self.section = section
        self.sent = sent
        self.asked = {place.slot: place for place in sheet.asked}
        self.roles = {role.id: role.label for role in sheet.questionnaire.roles}

    def of(self, question: Question, slot: Slot) -> QuestionView:
        present = self.sheet.present.get(slot, NOTHING)
        key = key_of(slot)
        form = self.sent.forms.get(slot) or filled_form(question, key, present.answer, present.revision)
        words = words_at(question)
        offer_words(form, question, words)
        return QuestionView(
            key=key,
            language=self.sheet.questionnaire.language,
            number=question.number,
            text=question.text,
            why=question.why,
            help=question.help,
            note=question.note,
            who=tuple(self.roles[role] for role in question.who),
            markers=tuple(map(_marker, question.markers)),
            recalls=tuple(self._recalls(slot)),
            words=words,
            form=form,
            hidden=slot not in self.asked,
            conflict=self._conflict(question, slot),
            saved_at=clock_time(present.at),
            saved_by=present.by,
            history_url=self._history(slot) if present.revision else "",
            carried=tuple(self._carried(one) for one in self.sent.beside.get(slot, ())),
            attachments_url=url_for(
                "attachments.index", dossier_id=self.sheet.access.dossier.id, vraag=str(slot)
            ),
        )

    def _carried(self, found: Beside) -> CarriedView:
        changed = tuple((CHANGED[name], pieces) for name, pieces in found.changed)
        url = earlier_history_url(self.sheet.access.dossier.id, found.source) if found.source else ""
        return CarriedView(found, moment(found.at), changed, url)

    def _recalls(self, slot: Slot) -> Iterator[tuple[str, str]]:
        """Yield question and answer of what was answered before and is shown again here."""
        one = self.asked.get(slot)
        for place in recalled(self.sheet.asked, one) if one else ():
            if present := self.sheet.present.get(place.slot):
                yield label_of(place), whole_text(place.question, present.answer)

    def _conflict(self, question: Question, slot: Slot) -> Conflict | None:
        saved = self.sent.conflicts.get(slot)
        return conflict_of(question, saved) if saved else None

    def _history(self, slot: Slot) -> str:
        return url_for(
            "questions.history",
            dossier_id=self.sheet.access.dossier.id,
            section_id=self.section.id,
            question_id=slot.question,
            item=slot.item or None,
        )


def earlier_history_url(dossier_id: UUID, source: Source) -> str:
    """Return where everything stands that was ever written at a question of an earlier version."""
    return url_for(
        "questions.history",
        dossier_id=dossier_id,
        section_id=source.place.section.id,
        question_id=source.slot.question,
        item=source.slot.item or None,
        versie=source.key,
    )


def conflict_of(question: Question, saved: Saved) -> Conflict:
    """Return both versions as text."""
    return Conflict(
        saved.present.by,
        moment(saved.present.at),
        whole_text(question, saved.present.answer),
        whole_text(question, saved.sent),
    )


def field_values(question: Question, key: str, present: Present) -> dict[str, Any]:
    """Return the values of a question's controls, by their names, for a script that takes them over."""
    answer = present.answer
    values: dict[str, Any] = {
        f"{key}-text": answer.text,
        f"{key}-choice": answer.choice,
        f"{key}-choices": list(answer.choices),
        f"{key}-date": answer.date,
        f"{key}-number": answer.number.replace(".", ","),
        f"{key}-considerations": answer.considerations,
        f"{key}-dissent": answer.dissent,
    }
    for index, row in enumerate(answer.rows):
        values |= {f"{key}-rows-{index}-{column.id}": row.get(column.id, "") for column in question.columns}
    return values


def _marker(marker: Marker) -> str:
    return f"{marker.law}, art. {marker.article}"


def navigation(sheet: Sheet, current: Section | None) -> list[NavItem]:
    """Return the parts with their progress; the current part shows its sections."""
    return [_part_item(sheet, part, current) for part in sheet.questionnaire.parts]


def _part_item(sheet: Sheet, part: Part, current: Section | None) -> NavItem:
    sections = tuple(
        _section_item(sheet, section, current) for section in part.sections if section.id in sheet.progress
    )
    here = any(section.current for section in sections)
    first = sections[0].url if sections else section_url(sheet.access.dossier.id, part.sections[0].id)
    return NavItem(
        part.title,
        part.number,
        first,
        sum(item.done for item in sections),
        sum(item.total for item in sections),
        here,
        sections if here else (),
    )


def _section_item(sheet: Sheet, section: Section, current: Section | None) -> NavItem:
    progress = sheet.progress[section.id]
    url = section_url(sheet.access.dossier.id, section.id)
    here = current is not None and section.id == current.id
    return NavItem(section.title, section.number, url, progress.answered, progress.asked, here)


def section_url(dossier_id: UUID, section_id: str) -> str:
    """Return the address of a section's page."""
    return url_for("questions.section", dossier_id=dossier_id, section_id=section_id)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question without an answer, and where to give it."""

    label: str
    url: str


def to_confirm(draft: Draft) -> list[OpenQuestion]:
    """Return the carried answers that nobody confirmed yet, in order."""
    dossier_id = draft.access.dossier.id
    return [
        _open_question(dossier_id, place) for place in draft.walked.asked if place.slot in draft.unconfirmed
    ]


def open_questions(draft: Draft) -> list[tuple[str, list[OpenQuestion]]]:
    """Return the questions that still need an answer, per part, in order."""
    missing = set(draft.completeness.missing)
    found: dict[str, list[OpenQuestion]] = {}
    for place in draft.walked.asked:
        if place.slot in missing:
            found.setdefault(f"{place.part.number} {place.part.title}".strip(), []).append(
                _open_question(draft.access.dossier.id, place)
            )
    return list(found.items())


@dataclass(frozen=True, slots=True)
class EndingView:
    """What ended the questions early, and the question whose answer did that."""

    effect: str
    reason: str
    question: OpenQuestion


def endings(dossier_id: UUID, asked: Iterable[Asked], stops: Iterable[ActiveStop]) -> list[EndingView]:
    """Return what keeps a dossier from going on by the rules of its instrument, in order."""
    places = {place.slot: place for place in asked}
    return [
        EndingView(stop.rule.effect, stop.rule.reason, _open_question(dossier_id, places[stop.slot]))
        for stop in ending(stops)
    ]


def _open_question(dossier_id: UUID, place: Asked) -> OpenQuestion:
    url = section_url(dossier_id, place.section.id)
    return OpenQuestion(label_of(place), f"{url}#{key_of(place.slot)}")


def label_of(place: Asked) -> str:
    """Return number and text of a question, and what it is asked for in a repeated section."""
    words = f"{place.question.number} {place.question.text}".strip()
    return f"{words} ({place.item_label})" if place.item_label else words
