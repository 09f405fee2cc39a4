"""What the pages of a question set show: a section with its answers, progress, and stop rules that hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.completeness import Progress, progress_of
from ethiek.domain.conclusions import Findings, findings_of
from ethiek.domain.permissions import Permission
from ethiek.domain.walk import ActiveStop, Asked, Walked, walk_through
from ethiek.domain.workflow import EDITABLE
from ethiek.errors import NotFoundError
from ethiek.questionnaires.model import Part, Questionnaire, Section
from ethiek.services import questionnaires
from ethiek.services.access import Access, open_dossier
from ethiek.services.answers import Present, present_answers


@dataclass(frozen=True)
class Sheet:
    """A dossier's question set as filled in so far."""

    access: Access
    questionnaire: Questionnaire
    present: Mapping[Slot, Present]

    @cached_property
    def _walked(self) -> Walked:
        return walk_through(self.questionnaire, self.answers)

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Every question that is asked now; found when first needed, because walking is what costs."""
        return self._walked.asked

    @property
    def stops(self) -> tuple[ActiveStop, ...]:
        """The stop rules that hold among them."""
        return self._walked.stops

    @cached_property
    def progress(self) -> Mapping[str, Progress]:
        """How far each section is that is asked now, by its id; a save looks at it only afterwards."""
        return progress_of(self.asked, self.answers)

    @property
    def findings(self) -> Findings | None:
        """What the question set concludes so far; None if it never does."""
        return findings_of(self.questionnaire, Walked(self.asked, self.stops), self.answers)

    @property
    def done(self) -> int:
        """How many mandatory questions have an answer."""
        return sum(section.answered for section in self.progress.values())

    @property
    def total(self) -> int:
        """How many mandatory questions are asked now."""
        return sum(section.asked for section in self.progress.values())

    @cached_property
    def answers(self) -> dict[Slot, Answer]:
        """The answers alone."""
        return {slot: present.answer for slot, present in self.present.items()}

    def section(self, section_id: str) -> tuple[Part, Section]:
        """Return a section with its part.

        Raises:
            NotFoundError: the question set has no such section.
        """
        found = next(
            ((part, section) for part, section in self.questionnaire.sections() if section.id == section_id),
            None,
        )
        if found is None:
            raise NotFoundError
        return found

    def asked_sections(self) -> list[str]:
        """Return the ids of the sections that are asked now, in order."""
        return list(dict.fromkeys(place.section.id for place in self.asked))


def open_sheet(
    session: Session,
    dossier_id: UUID,
    stamp: Stamp,
    permission: Permission = Permission.ANSWER_EDIT,
    *,
    lock: bool = False,
) -> Sheet:
    """Load the question set of a dossier with its answers, in two queries; ``lock`` as in ``open_dossier``."""
    access = open_dossier(session, dossier_id, stamp.actor, permission, lock=lock)
    return sheet_of(session, access)


def sheet_of(session: Session, access: Access) -> Sheet:
    """Load the answers of a dossier that is open already."""
    questionnaire = questionnaires.get(session, access.dossier.questionnaire_key, access.questionnaire_sha256)
    return Sheet(access, questionnaire, present_answers(session, access.dossier.id))


def sheet_with(sheet: Sheet, present: Mapping[Slot, Present]) -> Sheet:
    """Return the same question set with other answers."""
    known = {slot: one for slot, one in present.items() if one.revision}
    return Sheet(sheet.access, sheet.questionnaire, known)


def is_editable(sheet: Sheet) -> bool:
    """Tell whether answers can be changed now."""
    return sheet.access.dossier.status in EDITABLE
