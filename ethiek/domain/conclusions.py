"""What a question set concludes from its answers, for example which other instruments a project needs."""

from __future__ import annotations

from dataclasses import dataclass

from ethiek.domain.answers import Answers
from ethiek.domain.completeness import missing_of
from ethiek.domain.walk import ActiveStop, Walked, ending, holds, lookup, walk_through
from ethiek.questionnaires.model import Conclusion, Questionnaire


@dataclass(frozen=True, slots=True)
class Findings:
    """How far the conclusions of a set are. There are none before ``left`` is 0, and none while it is stopped."""

    conclusions: tuple[Conclusion, ...]
    left: int
    """How many mandatory questions have no answer yet."""
    stops: tuple[ActiveStop, ...]
    """What ended the questions early; then nothing else is concluded."""


def conclusions_of(questionnaire: Questionnaire, answers: Answers) -> tuple[Conclusion, ...]:
    """Return what follows from the answers, in the order of the file; of several with one id the first that holds.

    What is not asked counts as unanswered. After a stop nothing but the stop is concluded.
    """
    return _conclusions(questionnaire, walk_through(questionnaire, answers), answers)


def findings_of(questionnaire: Questionnaire, walked: Walked, answers: Answers) -> Findings | None:
    """Return what can be said now; None for a set that concludes nothing."""
    if not questionnaire.conclusions:
        return None
    left = len(missing_of(walked.asked, answers))
    conclusions = () if left else _conclusions(questionnaire, walked, answers)
    return Findings(conclusions, left, ending(walked.stops))


def _conclusions(questionnaire: Questionnaire, walked: Walked, answers: Answers) -> tuple[Conclusion, ...]:
    if ending(walked.stops):
        return ()
    answer_to = lookup({one.slot: answers[one.slot] for one in walked.asked if one.slot in answers})
    found: dict[str, Conclusion] = {}
    for conclusion in questionnaire.conclusions:
        if conclusion.id not in found and holds(conclusion.when, answer_to):
            found[conclusion.id] = conclusion
    return tuple(found.values())
