"""A few dossiers brought to where something can be measured, step by step, through the services."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from benchmarks.organisation import IAMA, Organisation, stamp_of
from ethiek.domain.advice import AdviceInput, Verdict
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.walk import walk
from ethiek.questionnaires.model import Kind, Question, Questionnaire
from ethiek.services import advice, answering, answers, casework, dossiers, reviews, submission
from ethiek.services.answers import Sent
from ethiek.services.dossiers import Details, StartInput

TEXT: Final = "Wij hebben dit met bewoners, de jurist en de privacy officer besproken en vastgelegd. " * 6


@dataclass(frozen=True, slots=True)
class Stage:
    """Plays the people of one organisation in one session."""

    session: Session
    organisation: Organisation

    def started(self) -> UUID:
        """Start a dossier with every question answered."""
        noor = stamp_of(self.session, self.organisation.people["noor"])
        details = Details(
            "Bezoekers tellen",
            "Weten hoe druk het is.",
            self.organisation.units[0],
            ProjectKind.ALGORITHM,
            Phase.DESIGN,
        )
        chosen = StartInput(details, IAMA, self.organisation.committees[0], "projectleider")
        dossier_id = dossiers.start(self.session, chosen, noor).id
        sheet = answering.open_sheet(self.session, dossier_id, noor)
        filled = complete_answers(sheet.questionnaire)
        sent = [Sent(slot, answer, 0, uuid4().hex) for slot, answer in filled.items()]
        answers.save(self.session, dossier_id, sent, noor)
        return dossier_id

    def largest_section(self, dossier_id: UUID) -> str:
        """Return the section with the most questions on its page, repetitions included."""
        noor = stamp_of(self.session, self.organisation.people["noor"])
        sheet = answering.open_sheet(self.session, dossier_id, noor)
        return Counter(place.section.id for place in sheet.asked).most_common(1)[0][0]

    def in_review(self) -> UUID:
        """Hand in, take up, and assign Mila."""
        dossier_id = self.started()
        submission.submit(self.session, dossier_id, stamp_of(self.session, self.organisation.people["noor"]))
        sem = stamp_of(self.session, self.organisation.people["sem"])
        casework.take_up(self.session, dossier_id, sem)
        casework.plan(self.session, dossier_id, frozenset({self.organisation.people["mila"]}), None, sem)
        return dossier_id

    def approved(self) -> UUID:
        """Record a verdict, adopt a positive advice and approve it twice: its report is waiting to be made."""
        dossier_id = self.in_review()
        people = self.organisation.people
        mila, chris, sem = (
            stamp_of(self.session, people[name], seen)
            for name, seen in (("mila", 0), ("chris", None), ("sem", None))
        )
        reviews.record_verdict(self.session, dossier_id, Verdict.POSITIVE, TEXT, mila)
        positive = AdviceInput(Verdict.POSITIVE, TEXT)
        adopted = advice.adopt(self.session, dossier_id, positive, "Provincie Voorbeeld", chris)
        advice.approve(self.session, dossier_id, adopted.sha256, chris)
        advice.approve(self.session, dossier_id, adopted.sha256, sem)
        return dossier_id


def complete_answers(questionnaire: Questionnaire) -> dict[Slot, Answer]:
    """Answer everything that is asked, also what the answers themselves make appear."""
    filled: dict[Slot, Answer] = {}
    while opened := [one for one in walk(questionnaire, filled) if one.slot not in filled]:
        filled |= {one.slot: _answer(one.question) for one in opened}
    return filled


def _answer(question: Question) -> Answer:
    match question.kind:
        case Kind.TABLE:
            return Answer(rows=(_row(question),))
        case Kind.YES_NO | Kind.CHOICE:
            return Answer(choice=_harmless(question), text=TEXT)
        case Kind.MULTI_CHOICE:
            inclusive = tuple(option.id for option in question.options if not option.exclusive)
            return Answer(choices=inclusive[: question.max_items or 3], text=TEXT)
        case kind:
            return _PLAIN[kind]


_PLAIN: Final = {
    Kind.DATE: Answer(date="2027-03-01"),
    Kind.NUMBER: Answer(number="3"),
    Kind.SHORT_TEXT: Answer(text="Programmamanager mobiliteit"),
    Kind.OPEN_TEXT: Answer(text=TEXT, considerations="Afgewogen tegen een handmatige telling."),
}


def _harmless(question: Question) -> str:
    """Return the first option that stops nothing."""
    stopping = {value for rule in question.stops for value in rule.when.values}
    return next(option for option in question.option_ids if option not in stopping)


def _row(question: Question) -> dict[str, str]:
    return {
        column.id: _cell(column.kind, [option.id for option in column.options]) for column in question.columns
    }


def _cell(kind: Kind, options: list[str]) -> str:
    if kind is Kind.CHOICE:
        return options[0]
    return "2027-03-01" if kind is Kind.DATE else "Programmamanager mobiliteit"
