"""A question set as its users will see it, with answers that nobody keeps."""

from __future__ import annotations

from uuid import UUID

from ethiek.domain.answers import Answers
from ethiek.models.dossiers import Dossier
from ethiek.questionnaires.model import Questionnaire
from ethiek.services.access import Access
from ethiek.services.answering import Sheet
from ethiek.services.answers import Present

NOWHERE = UUID(int=0)


def trial_sheet(questionnaire: Questionnaire, answers: Answers) -> Sheet:
    """Return the sheet of a dossier that does not exist, filled in so far; nothing of it touches the database."""
    access = Access(Dossier(id=NOWHERE, questionnaire_key=questionnaire.key), frozenset(), "")
    present = {slot: Present(answer, 0, "", None) for slot, answer in answers.items()}
    return Sheet(access, questionnaire, present)
