"""Playing: what each person does in the demonstration, through the same services as the pages."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from threading import Event
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from flask import Flask

from ethiek import db
from ethiek.config import Settings
from ethiek.demo.cases import Case, advice_of, answer_of, answers_for
from ethiek.demo.organisation import NAME, Organisation
from ethiek.domain.actors import Stamp
from ethiek.domain.advice import MeetingInput, Verdict
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.decisions import DecisionInput
from ethiek.domain.gatherings import Gathering, participants_in
from ethiek.domain.permissions import Permission
from ethiek.domain.redactions import Redaction
from ethiek.domain.walk import walk
from ethiek.errors import NotFoundError
from ethiek.incoming import files_of
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.reports.archive import Archive
from ethiek.reports.isolated import render_isolated
from ethiek.services import (
    advice,
    answers,
    attachments,
    casework,
    decision_requests,
    decisions,
    dossiers,
    gatherings,
    jobs,
    public_copies,
    publishing,
    recusals,
    remarks,
    report_status,
    reviews,
    submission,
    users,
)
from ethiek.services.answers import Sent
from ethiek.services.attachments import Given
from ethiek.services.dossiers import Details, StartInput
from ethiek.services.publishing import Presented
from ethiek.services.remarks import RemarkInput
from ethiek.work import handlers
from ethiek.worker import work_once

Tale = Iterator[datetime]
"""What happens to one dossier: it yields the moment of the next scene, and plays it when it is called again."""

NETHERLANDS: Final = ZoneInfo("Europe/Amsterdam")
WORKDAYS: Final = 5
TREATMENT: Final = timedelta(days=28)
"""How long the committee takes for an advice."""


class Player:
    """Does things as the people of the organisation. ``moment`` is the time in the story."""

    def __init__(self, app: Flask, organisation: Organisation, today: datetime) -> None:
        self._app = app
        self._organisation = organisation
        self._today = today
        self.moment = today

    def ago(self, workdays: int, hour: int = 10, minute: int = 0) -> datetime:
        """Return a moment so many working days ago, by the clock on the wall; 0 is now."""
        if workdays == 0:
            return self._today
        day = self._today.astimezone(NETHERLANDS).date()
        while workdays:
            day -= timedelta(days=1)
            workdays -= day.weekday() < WORKDAYS
        return datetime.combine(day, time(hour, minute), NETHERLANDS).astimezone(UTC)

    def play(self, tales: Iterable[Tale]) -> None:
        """Play all tales together, in the order of time."""
        queue = [(next(tale), number, tale) for number, tale in enumerate(tales)]
        heapq.heapify(queue)
        while queue:
            self.moment, number, tale = heapq.heappop(queue)
            if (following := next(tale, None)) is not None:
                heapq.heappush(queue, (following, number, tale))

    def as_(self, person: str) -> Stamp:
        """Return the stamp of somebody, with the rights of this moment."""
        with db.reading() as session:
            account = users.account(session, self._organisation.people[person])
        if account is None:
            raise NotFoundError(person)
        return Stamp(account.actor, self.moment, origin="demo")

    def name_of(self, person: str) -> str:
        """Return how somebody is called in documents."""
        return self.as_(person).actor.name

    def start(self, case: Case) -> UUID:
        """Start a dossier and bring its team together."""
        details = Details(
            case.title, case.purpose, self._organisation.units[case.unit], case.kind, case.phase
        )
        chosen = StartInput(details, case.questionnaire, self._organisation.committee, case.team[case.lead])
        lead = self.as_(case.lead)
        with db.transaction() as session:
            dossier = dossiers.start(session, chosen, lead).id
        for person, function in list(case.team.items())[1:]:
            email = next(
                one.email for one in self._organisation.accounts if one.email.startswith(f"{person}@")
            )
            with db.transaction() as session:
                dossiers.add_team_member(session, dossier, email, function, lead)
        return dossier

    def fill_in(self, dossier: UUID, case: Case, parts: int | None = None) -> None:
        """Answer all questions of the first ``parts`` (None: all), part by part, the team taking turns."""
        questionnaire = load_catalogue().get(case.questionnaire)
        given = answers_for(case, questionnaire)
        asked = [one for one in walk(questionnaire, given) if one.slot in given]
        by_part = [list(group) for _, group in groupby(asked, key=lambda one: one.part.id)]
        writers = list(case.team)
        for number, group in enumerate(by_part[:parts]):
            self.answer(dossier, writers[number % len(writers)], {one.slot: given[one.slot] for one in group})

    def answer(self, dossier: UUID, person: str, given: Mapping[Slot, Answer]) -> None:
        """Save answers on top of what is there."""
        writer = self.as_(person)
        with db.transaction() as session:
            present = answers.present_answers(session, dossier)
            sent = [
                Sent(slot, answer, present[slot].revision if slot in present else 0, uuid4().hex)
                for slot, answer in given.items()
            ]
            answers.save(session, dossier, sent, writer)

    def attach(
        self, dossier: UUID, person: str, question: str, name: str, data: bytes, description: str
    ) -> None:
        """Add a file to a question, and let the worker look for viruses."""
        settings: Settings = self._app.extensions["settings"]
        writer, files = self.as_(person), files_of(settings)
        kind = attachments.checked_kind(data, name)
        given = Given(Slot(question), name, kind, description, uuid4().hex)
        with files.staged(data) as staged, db.transaction() as session:
            attachments.add(session, dossier, given, staged, files, writer)
        self.do_what_waits()

    def revise(self, dossier: UUID, case: Case, person: str, slot: str) -> None:
        """Change one answer, after a remark."""
        question, _, item = slot.partition("@")
        self.answer(dossier, person, {Slot(question, item): answer_of(case.committee["revised"][slot])})

    def gather(self, dossier: UUID, case: Case) -> None:
        """Record the gatherings of the case, as the project lead."""
        lead = self.as_(case.lead)
        for one in case.gatherings:
            on = self.moment.date() - timedelta(days=one["days"])
            given = Gathering(on, one["title"], participants_in(one["participants"]), one["note"])
            with db.transaction() as session:
                gatherings.add(session, dossier, given, uuid4().hex, lead)

    def submit(self, dossier: UUID, case: Case) -> None:
        """Hand in, as the project lead."""
        lead = self.as_(case.lead)
        with db.transaction() as session:
            submission.submit(session, dossier, lead)

    def withdraw(self, dossier: UUID, case: Case) -> None:
        """Take the dossier back for good, as the project lead."""
        lead = self.as_(case.lead)
        with db.transaction() as session:
            dossiers.withdraw(session, dossier, lead)

    def take_up(self, dossier: UUID, members: Iterable[str]) -> None:
        """Take up as secretary, ask members to review, and set the date of the advice."""
        secretary = self.as_("sem")
        asked = frozenset(self._organisation.people[member] for member in members)
        with db.transaction() as session:
            casework.take_up(session, dossier, secretary)
        with db.transaction() as session:
            casework.plan(session, dossier, asked, (self.moment + TREATMENT).date(), secretary)

    def remark(self, dossier: UUID, case: Case, name: str) -> UUID:
        """Put a remark of the case at its question; it is internal."""
        told = case.committee["remarks"][name]
        given = RemarkInput(Slot(told["question"]), told["text"], uuid4().hex)
        member = self.as_(told["by"])
        with db.transaction() as session:
            return remarks.write(session, dossier, given, member).id

    def ask_for_changes(self, dossier: UUID, released: Iterable[UUID]) -> None:
        """Release these remarks as secretary and give the dossier back to the team."""
        secretary = self.as_("sem")
        with db.transaction() as session:
            casework.release_remarks(session, dossier, frozenset(released), secretary)
        with db.transaction() as session:
            casework.request_changes(session, dossier, secretary)

    def reply(self, dossier: UUID, case: Case, person: str, name: str, remark: UUID) -> None:
        """Answer a remark for the team."""
        writer = self.as_(person)
        with db.transaction() as session:
            remarks.reply(session, dossier, remark, case.committee["replies"][name], uuid4().hex, writer)

    def judge(self, dossier: UUID, case: Case, *members: str) -> None:
        """Record the verdicts of members."""
        for name in members:
            told, member = case.committee["verdicts"][name], self.as_(name)
            with db.transaction() as session:
                reviews.record_verdict(session, dossier, Verdict(told["verdict"]), told["motivation"], member)

    def recuse(self, dossier: UUID, case: Case, person: str) -> None:
        """Let somebody of the committee withdraw, with the reason of the case."""
        stamp = self.as_(person)
        with db.transaction() as session:
            recusals.recuse(session, dossier, case.committee["recusals"][person], stamp)

    def adopt(self, dossier: UUID, case: Case, *present: str) -> None:
        """Adopt the advice of the case as chair, in a meeting if somebody was present."""
        chair = self.as_("chris")
        given = advice_of(case, self._today.date())
        if present:
            people = frozenset(self._organisation.people[person] for person in present)
            given = replace(given, meeting=MeetingInput(self.moment.date(), people))
        with db.transaction() as session:
            advice.adopt(session, dossier, given, NAME, chair)

    def approve(self, dossier: UUID, *people: str) -> None:
        """Approve the advice; the second approval sends it to be signed."""
        for person in people:
            stamp = self.as_(person)
            with db.transaction() as session:
                adopted = advice.present_advice(session, dossier)
                if adopted is None:
                    raise NotFoundError(str(dossier))
                advice.approve(session, dossier, adopted.sha256, stamp)

    def put_before(self, dossier: UUID, official: str) -> None:
        """Put the signed advice before an official, as secretary."""
        secretary = self.as_("sem")
        with db.transaction() as session:
            decision_requests.put_before(session, dossier, self._organisation.people[official], secretary)

    def decide(self, dossier: UUID, official: str, given: DecisionInput) -> None:
        """Decide after reading the signed report."""
        stamp = replace(self.as_(official), seen=0)
        with db.transaction() as session:
            report = report_status.last_record(session, dossier)
            if report is None:
                raise NotFoundError(str(dossier))
            decisions.decide(session, dossier, given, report.newest_sha256, uuid4().hex, stamp)

    def publish(self, dossier: UUID, *left_out: Redaction) -> None:
        """Make a public copy: marked and proposed by the secretary, adopted by the chair."""
        secretary, chair = self.as_("sem"), self.as_("chris")
        with db.transaction() as session:
            found = publishing.publication(session, dossier, secretary, Permission.REPORT_PUBLISH)
            for one in left_out:
                publishing.add(session, dossier, one, found.record.advice_sha256, secretary)
        settings: Settings = self._app.extensions["settings"]
        presented = Presented(settings.public_url, settings.house)
        with db.transaction() as session:
            found = publishing.publication(session, dossier, secretary, Permission.REPORT_PUBLISH)
            publishing.propose(session, dossier, found.sha256, secretary)
        with db.reading() as session:
            source = public_copies.to_adopt(session, dossier, found.sha256, presented, chair)
        file = Archive(settings.archive_folder).put(render_isolated(source))
        with db.transaction() as session:
            public_copies.adopt(session, dossier, source, file, chair)

    def lose_the_key(self, reason: str) -> None:
        """Let the job that waits fail for good, as when the key of the seal is away."""
        with db.own_transaction() as session:
            lease = jobs.claim(session, "demo")
            if lease is None:
                raise NotFoundError("job")
            jobs.fail(session, lease, reason, retry=False)

    def do_what_waits(self) -> None:
        """Let the worker do what there is to do."""
        while work_once(self._app, handlers(self._app), Event()):
            pass
